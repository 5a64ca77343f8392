//! Secrets: never printed, and sealed where they are stored.

mod sealing_keys;
mod server_key;

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    constant_time::verify_slices_are_equal,
    digest,
};
use serde::{Deserialize, Serialize};

pub use self::{sealing_keys::SealingKeys, server_key::ServerKey};

/// A secret text, such as a token, a code, a client secret, a citizen's number or text. `Debug` prints nothing of it,
/// and it has no `Display`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for the code that sends or checks it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value, for the page that shows it to its owner.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An AES-256-GCM key.
pub struct SealingKey(RandomizedNonceKey);

impl SealingKey {
    /// The key with these bytes, which must be random or derived.
    #[expect(clippy::expect_used, reason = "32 bytes are the length of an AES-256 key")]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(RandomizedNonceKey::new(&AES_256_GCM, bytes).expect("a key of 32 bytes"))
    }

    /// Encrypts and authenticates `plain`. `context` is not stored; opening needs the same `context`.
    #[expect(clippy::expect_used, reason = "AES-GCM refuses only inputs of 64 GiB")]
    pub fn seal(&self, context: &[u8], plain: Vec<u8>) -> Vec<u8> {
        let mut sealed = plain;
        let nonce =
            self.0.seal_in_place_append_tag(Aad::from(context), &mut sealed).expect("an input within AES-GCM's limit");
        sealed.extend_from_slice(nonce.as_ref());
        sealed
    }

    /// Opens the output of [`seal`](Self::seal). `None` if it, the key or the context differs.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (body, nonce) = sealed.split_at_checked(sealed.len().checked_sub(NONCE_LEN)?)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut body = body.to_vec();
        let length = self.0.open_in_place(nonce, Aad::from(context), &mut body).ok()?.len();
        body.truncate(length);
        Some(body)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

/// Whether two secrets are equal. The time taken reveals neither their contents nor where they differ.
pub fn constant_time_eq(one: &str, other: &str) -> bool {
    let digest = |text: &str| digest::digest(&digest::SHA256, text.as_bytes());
    verify_slices_are_equal(digest(one).as_ref(), digest(other).as_ref()).is_ok()
}

/// The lower-case hex of SHA-256 of `value`.
pub fn sha256_hex(value: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, value))
}

/// `N` random bytes.
#[expect(clippy::expect_used, reason = "a machine without randomness can do nothing safely")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system's random numbers");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn sealed_data_opens_only_unchanged_and_with_its_context() {
        let key = SealingKey::new(&[7; 32]);
        let sealed = key.seal(b"one", b"plain".to_vec());
        assert!(!sealed.windows(5).any(|window| window == b"plain"));
        assert_eq!(key.open(b"one", &sealed).as_deref(), Some(&b"plain"[..]));
        assert_eq!(key.open(b"two", &sealed), None);
        assert_eq!(SealingKey::new(&[8; 32]).open(b"one", &sealed), None);
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(key.open(b"one", &changed), None, "byte {index}");
            assert_eq!(key.open(b"one", &sealed[..index]), None, "{index} bytes");
        }
    }
}
