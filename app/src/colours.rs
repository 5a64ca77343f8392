//! Tests of the contrast of every pair of colours that the style sheet uses (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

use crate::{colour::Colour, look};

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
    (CONTROL, &["line-strong", "accent", "alert"], &["paper", "ground"]),
    // Two such tones next to each other stand out on any ground (WCAG technique C40).
    (9.0, &["focus"], &["focus-ring"]),
];

/// The colours of `block`, by name.
fn tokens(block: &str) -> BTreeMap<&str, Colour> {
    let token = |line| {
        let (name, value): (&str, &str) = str::split_once(line, ": ")?;
        Some((name.trim().strip_prefix("--")?, Colour::parse(value.trim_end_matches(';'))?))
    };
    block.lines().filter_map(token).collect()
}

#[test]
fn every_pair_of_colours_has_enough_contrast() {
    let (light, dark) = TOKENS.split_once("@media (prefers-color-scheme: dark)").unwrap();
    for (scheme, colours) in [("light", tokens(light)), ("dark", tokens(dark))] {
        for (least, fronts, grounds) in PAIRS {
            for (front, ground) in fronts.iter().flat_map(|front| grounds.iter().map(move |ground| (front, ground))) {
                let ratio = colours[front].contrast(colours[ground]);
                assert!(ratio >= *least, "{scheme}: {front} on {ground} has {ratio:.2}, and needs {least}");
            }
        }
    }
}

#[test]
fn white_is_readable_on_the_buttons_of_providers() {
    for look in look::ALL {
        for ground in look.grounds() {
            let ratio = Colour::WHITE.contrast(Colour::parse(ground).unwrap());
            assert!(ratio >= TEXT, "{look:?}: white on {ground} has {ratio:.2}");
        }
    }
}
