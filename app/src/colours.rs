//! Tests of the contrast of every pair of colours that the style sheet uses (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

use crate::look;

const TOKENS: &str = include_str!("../../style/tokens.css");

/// For text.
const TEXT: f64 = 4.5;
/// For the borders of controls.
const CONTROL: f64 = 3.0;

/// Colours in front of others, and how much they must stand out.
const PAIRS: &[(f64, &[&str], &[&str])] = &[
    (TEXT, &["ink"], &["paper", "ground", "accent-ground", "good-ground", "alert-ground"]),
    (TEXT, &["ink-soft", "accent-strong", "good"], &["paper", "ground"]),
    (TEXT, &["accent"], &["paper", "ground", "accent-ground"]),
    (TEXT, &["alert"], &["paper", "ground", "alert-ground"]),
    (TEXT, &["good"], &["good-ground"]),
    (TEXT, &["on-accent"], &["accent", "accent-strong"]),
    (TEXT, &["on-warning"], &["warning", "warning-strong"]),
    (CONTROL, &["line-strong", "accent", "warning", "alert"], &["paper", "ground"]),
    // Two such tones next to each other stand out on any ground (WCAG technique C40).
    (9.0, &["focus"], &["focus-ring"]),
];

/// The colours of `block`, by name.
fn tokens(block: &str) -> BTreeMap<&str, &str> {
    let token = |line| {
        let (name, value): (&str, &str) = str::split_once(line, ": ")?;
        Some((name.trim().strip_prefix("--")?, value.trim_end_matches(';')))
    };
    block.lines().filter_map(token).filter(|(_, value)| value.starts_with('#')).collect()
}

/// The relative luminance of `#rrggbb` (WCAG 2.2, "relative luminance").
fn luminance(colour: &str) -> f64 {
    let part = |start: usize| {
        let value = u8::from_str_radix(&colour[start..start + 2], 16).map_or(f64::NAN, f64::from) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

/// The contrast ratio of two colours (WCAG 2.2, "contrast ratio").
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn contrast_is_as_in_the_examples() {
    // https://www.w3.org/WAI/WCAG22/Understanding/contrast-minimum
    for (one, other, expected) in
        [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)]
    {
        assert!((contrast(one, other) - expected).abs() < 0.01, "{one} {other}: {}", contrast(one, other));
        assert!((contrast(one, other) - contrast(other, one)).abs() < f64::EPSILON);
    }
}

#[test]
fn every_pair_of_colours_has_enough_contrast() {
    let (light, dark) = TOKENS.split_once("@media (prefers-color-scheme: dark)").unwrap();
    for (scheme, colours) in [("light", tokens(light)), ("dark", tokens(dark))] {
        for (least, fronts, grounds) in PAIRS {
            for (front, ground) in fronts.iter().flat_map(|front| grounds.iter().map(move |ground| (front, ground))) {
                let ratio = contrast(colours[front], colours[ground]);
                assert!(ratio >= *least, "{scheme}: {front} on {ground} has {ratio:.2}, and needs {least}");
            }
        }
    }
}

#[test]
fn white_is_readable_on_the_buttons_of_providers() {
    for look in look::ALL {
        for ground in look.grounds() {
            let ratio = contrast("#ffffff", ground);
            assert!(ratio >= TEXT, "{look:?}: white on {ground} has {ratio:.2}");
        }
    }
}
