//! Colours and their contrast, as WCAG 2.2 measures it.

use std::fmt;

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    pub(crate) const WHITE: Self = Self([255; 3]);
    pub(crate) const BLACK: Self = Self([0; 3]);

    /// The colour written as `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let is_hex = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    pub(crate) const fn new(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self([red, green, blue])
    }

    /// The contrast ratio with `other`, from 1 to 21.
    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The colour that has `share` of `other` (0 to 1) and the rest of `self`.
    pub(crate) fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |index: usize| {
            let (own, added) = (f64::from(self.0[index]), f64::from(other.0[index]));
            // Between two bytes, so it is one itself.
            (added - own).mul_add(share, own).round() as u8
        };
        Self([mix(0), mix(1), mix(2)])
    }

    /// The relative luminance (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.0722f64.mul_add(blue, 0.2126f64.mul_add(red, 0.7152 * green))
    }
}

/// As in a style sheet.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    #[test]
    fn a_colour_is_six_hexadecimal_digits() {
        assert_eq!(colour("#1246A6").to_string(), "#1246a6");
        for bad in ["", "1246a6", "#1246a", "#1246a6f", "#fff", "#+246a6", "#12 6a6", "red", "#1246g6", "#é246a"] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }

    /// The values are those of WebAIM's contrast checker.
    #[test]
    fn the_contrast_is_that_of_wcag() {
        for (one, other, expected) in [
            ("#000000", "#ffffff", "21.00"),
            ("#ffffff", "#ffffff", "1.00"),
            ("#777777", "#ffffff", "4.48"),
            ("#767676", "#ffffff", "4.54"),
            ("#ff0000", "#ffffff", "4.00"),
            ("#0000ff", "#ffffff", "8.59"),
            ("#00ff00", "#000000", "15.30"),
        ] {
            let ratio = colour(one).contrast(colour(other));
            assert_eq!(format!("{ratio:.2}"), expected, "{one} {other}");
            assert!((ratio - colour(other).contrast(colour(one))).abs() < 1e-12);
        }
    }

    #[test]
    fn a_mixed_colour_is_between_the_two() {
        let blue = colour("#1246a6");
        for (share, expected) in [(0.0, "#1246a6"), (1.0, "#ffffff"), (0.5, "#89a3d3")] {
            assert_eq!(blue.mixed(Colour::WHITE, share).to_string(), expected, "{share}");
        }
    }
}
