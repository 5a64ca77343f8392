use std::{collections::HashSet, fmt};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

/// A key of the site: a pseudonym key or a session key. `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerKey(Vec<u8>);

impl ServerKey {
    const MIN_BYTES: usize = 32;
    /// 32 random bytes measure about 156 bits here, and 64 hexadecimal digits about 250.
    const MIN_BITS: f64 = 100.0;

    /// A key of these bytes; `None` if there are fewer than 32.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (bytes.len() >= Self::MIN_BYTES).then_some(Self(bytes))
    }

    /// Decodes a key from standard or URL-safe base64, with or without padding. `None` below 32 bytes.
    pub fn decode(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('=').replace('-', "+").replace('_', "/");
        Self::new(STANDARD_NO_PAD.decode(text).ok()?)
    }

    /// Whether the key was clearly not made at random: equal bytes, a repeated pattern, few different bytes.
    ///
    /// It measures Shannon's entropy of the bytes, times the number of places that do not repeat an earlier group of
    /// three bytes. A text that somebody made up can still pass.
    pub fn is_weak(&self) -> bool {
        let mut counts = [0_u32; 256];
        self.0.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
        #[expect(clippy::cast_precision_loss, reason = "keys have far fewer than 2^52 bytes")]
        let (length, groups) =
            (self.0.len() as f64, self.0.windows(3).collect::<HashSet<_>>().len().saturating_add(2) as f64);
        let share = |count: u32| f64::from(count) / length;
        let bits_per_byte: f64 =
            counts.into_iter().filter(|count| *count > 0).map(|count| -share(count) * share(count).log2()).sum();
        bits_per_byte * groups < Self::MIN_BITS
    }

    /// The bytes, for the code that derives from them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::{array, collection::vec, prelude::*};

    use super::*;
    use crate::properties::cases;

    fn is_weak(bytes: &[u8]) -> bool {
        ServerKey::new(bytes).unwrap().is_weak()
    }

    #[test]
    fn a_key_with_too_little_entropy_is_weak() {
        let binary: Vec<u8> = (0..200_u32).map(|index| u8::from((index * index + index / 7) % 3 == 0)).collect();
        let nearly_repeated = [&b"changeme".repeat(12)[..], b"1"].concat();
        for weak in [
            &[0; 32][..],
            &[0xff; 64],
            &b"ab".repeat(16),
            &b"changeme".repeat(4),
            &b"changeme".repeat(40),
            &nearly_repeated,
            &b"0123456789abcdef".repeat(2),
            &b"0123456789abcdef".repeat(16),
            b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
            b"secretsecretsecretsecretsecret!!",
            &binary,
        ] {
            assert!(is_weak(weak), "{}", String::from_utf8_lossy(weak));
        }
    }

    #[test]
    fn the_example_key_is_not_weak() {
        let bytes: Vec<u8> = (0..32).collect();
        assert!(!is_weak(&bytes));
    }

    #[test]
    fn a_key_has_at_least_32_bytes_in_any_spelling_of_base64() {
        let bytes: Vec<u8> = (224..=255).collect();
        let padded = "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8=";
        for text in [padded, &padded.replace('+', "-").replace('/', "_"), &format!(" {} ", padded.replace('=', ""))] {
            assert_eq!(ServerKey::decode(text).unwrap().expose(), bytes, "{text}");
        }
        for text in
            ["", "c2VjcmV0", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg", "not base64, and longer than 32 bytes"]
        {
            assert!(ServerKey::decode(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_key_is_not_printed() {
        assert_eq!(format!("{:?}", ServerKey::new([7; 32])), "Some(ServerKey(…))");
    }

    proptest! {
        #![proptest_config(cases(20_000))]

        #[test]
        fn random_bytes_are_not_weak(bytes in array::uniform32(any::<u8>())) {
            prop_assert!(!is_weak(&bytes));
        }

        #[test]
        fn random_hexadecimal_digits_are_not_weak(digits in "[0-9a-f]{64}") {
            // As bytes, and as the base64 that they also are.
            prop_assert!(!is_weak(digits.as_bytes()));
            prop_assert!(!ServerKey::decode(&digits).unwrap().is_weak());
        }

        #[test]
        fn a_short_pattern_is_weak_however_often_it_is_repeated(pattern in vec(any::<u8>(), 1..17), times in 32..60_usize) {
            prop_assert!(is_weak(&pattern.repeat(times)));
        }
    }
}
