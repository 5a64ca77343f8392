//! The colour of links, buttons and the focus, chosen by the operator.

use crate::colour::Colour;

/// The least contrast of text with its ground (WCAG 2.2, 1.4.3).
const LEAST: f64 = 4.5;
/// What a colour for dark screens is lightened to: at night, saturated colours need more than the least.
const COMFORTABLE: f64 = 7.0;
/// What stands behind accented text: `--paper` and `--ground` of `style/tokens.css`, on light and on dark screens.
const LIGHT_GROUNDS: [Colour; 2] = [Colour::WHITE, Colour::new(0xf4_f6f9)];
const DARK_GROUNDS: [Colour; 2] = [Colour::new(0x18_212d), Colour::new(0x10_161f)];
/// Text on the accent: `--on-accent` of `style/tokens.css`.
const ON_LIGHT: Colour = Colour::WHITE;
const ON_DARK: Colour = Colour::new(0x0d_1b33);

/// The accent on light and on dark screens. Text in it and text on it can be read on every ground of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    light: Colour,
    dark: Colour,
}

/// A colour that text cannot have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LowContrast {
    /// Its contrast, rounded down to hundredths.
    pub ratio: f64,
    /// With this colour.
    pub with: Colour,
}

impl Accent {
    /// The accent `light`, with a lighter one of the same hue for dark screens.
    ///
    /// # Errors
    /// It is too light.
    pub fn new(light: Colour) -> Result<Self, LowContrast> {
        check(light, LIGHT_GROUNDS, ON_LIGHT)?;
        let steps = (0..=100).map(|step| light.mixed(Colour::WHITE, f64::from(step) / 100.0));
        let is_comfortable =
            |colour: &Colour| DARK_GROUNDS.iter().all(|ground| colour.contrast(*ground) >= COMFORTABLE);
        let dark = steps.into_iter().find(is_comfortable).unwrap_or(Colour::WHITE);
        Ok(Self { light, dark })
    }

    /// The same accent with `dark` on dark screens.
    ///
    /// # Errors
    /// It is too dark.
    pub fn with_dark(self, dark: Colour) -> Result<Self, LowContrast> {
        check(dark, DARK_GROUNDS, ON_DARK)?;
        Ok(Self { dark, ..self })
    }

    /// The custom properties that replace those of `style/tokens.css`.
    pub(crate) fn style(&self) -> String {
        // Under the pointer, the contrast is higher still.
        let strong = (self.light.mixed(Colour::BLACK, 0.25), self.dark.mixed(Colour::WHITE, 0.4));
        let properties = |accent: Colour, strong: Colour, on: Colour, ground: Colour| {
            let ground = tinted(ground, accent);
            format!(":root{{--accent:{accent};--accent-strong:{strong};--on-accent:{on};--accent-ground:{ground}}}")
        };
        let light = properties(self.light, strong.0, ON_LIGHT, LIGHT_GROUNDS[0]);
        let dark = properties(self.dark, strong.1, ON_DARK, DARK_GROUNDS[1]);
        // On paper, everything is black.
        format!("@media screen{{{light}}}@media screen and (prefers-color-scheme:dark){{{dark}}}")
    }
}

/// `ground` with as much of `accent` as leaves text in it readable, at most an eighth.
fn tinted(ground: Colour, accent: Colour) -> Colour {
    let shares = (0..=12).rev().map(|share| ground.mixed(accent, f64::from(share) / 100.0));
    shares.into_iter().find(|tint| accent.contrast(*tint) >= LEAST).unwrap_or(ground)
}

fn check(colour: Colour, grounds: [Colour; 2], on: Colour) -> Result<(), LowContrast> {
    let with = grounds.into_iter().chain([on]);
    let lowest = with.map(|with| (colour.contrast(with), with)).min_by(|one, other| one.0.total_cmp(&other.0));
    match lowest {
        // Rounded down, so that 4.499 does not read as 4.5.
        Some((ratio, with)) if ratio < LEAST => Err(LowContrast { ratio: (ratio * 100.0).floor() / 100.0, with }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    /// The values of a custom property in a style sheet: on light screens, then on dark ones.
    fn values(css: &str, name: &str) -> Vec<Colour> {
        let property = format!("{name}:");
        css.split(&property)
            .skip(1)
            .map(|rest| colour(rest.trim_start().split([';', '}']).next().unwrap().trim()))
            .collect()
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let tokens = include_str!("../../../style/tokens.css");
        for (name, light, dark) in [
            ("--paper", LIGHT_GROUNDS[0], DARK_GROUNDS[0]),
            ("--ground", LIGHT_GROUNDS[1], DARK_GROUNDS[1]),
            ("--on-accent", ON_LIGHT, ON_DARK),
        ] {
            assert_eq!(values(tokens, name)[..2], [light, dark], "{name}");
        }
    }

    #[test]
    fn every_accepted_accent_can_be_read_on_light_and_on_dark_screens() {
        let channel = || (0..=255).step_by(17);
        let mut accepted = 0;
        for (red, green, blue) in channel().flat_map(|r| channel().flat_map(move |g| channel().map(move |b| (r, g, b))))
        {
            let text = format!("#{red:02x}{green:02x}{blue:02x}");
            let Ok(accent) = Accent::new(colour(&text)) else { continue };
            accepted += 1;
            let css = accent.style();
            for name in ["--accent", "--accent-strong"] {
                let [light, dark] = values(&css, name)[..] else { panic!("{name} is not there twice: {css}") };
                let grounds = [(light, LIGHT_GROUNDS, ON_LIGHT), (dark, DARK_GROUNDS, ON_DARK)];
                for (shade, grounds, on) in grounds {
                    for with in grounds.into_iter().chain([on]) {
                        assert!(shade.contrast(with) >= LEAST, "{text}: {name} {shade} with {with}");
                    }
                }
            }
            assert_eq!(values(&css, "--accent")[0], colour(&text));
            for (tint, accent) in values(&css, "--accent-ground").into_iter().zip(values(&css, "--accent")) {
                assert!(tint.contrast(accent) >= LEAST, "{text}: {accent} on {tint}");
            }
        }
        assert!(accepted > 1000, "{accepted}");
    }

    #[test]
    fn a_colour_that_text_cannot_have_is_refused_with_its_contrast() {
        for (text, ratio, with) in
            [("#777777", 4.13, "#f4f6f9"), ("#ffff00", 1.0, "#f4f6f9"), ("#ffffff", 1.0, "#ffffff")]
        {
            let low = Accent::new(colour(text)).unwrap_err();
            assert_eq!((low.with.to_string().as_str(), low.ratio), (with, ratio), "{text}");
        }
        let accent = Accent::new(colour("#1246a6")).unwrap();
        let low = accent.with_dark(colour("#1246a6")).unwrap_err();
        assert!(low.ratio < 2.5, "{low:?}");
        let dark = accent.with_dark(colour("#9cc0ff")).unwrap();
        assert_eq!(values(&dark.style(), "--accent"), [colour("#1246a6"), colour("#9cc0ff")]);
    }
}
