//! The nonce of an authorization request. Any server can verify that one of our servers made it, and when.

use std::fmt;

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use time::{Duration, OffsetDateTime};

use crate::secret::{SealingKeys, random};

/// How long a citizen may take at the provider. Signing up there can include photographing documents.
const LIFETIME: Duration = Duration::hours(2);

const RANDOM_BYTES: usize = 16;
const TIME_BYTES: usize = 8;
const TAG_BYTES: usize = 16;

/// Makes and verifies the nonces of one provider: random bytes, the time, and an HMAC over both. The first key makes
/// nonces, and all verify them.
pub(super) struct Nonces {
    first: hmac::Key,
    others: Vec<hmac::Key>,
}

impl Nonces {
    /// Uses keys derived from `keys` for the provider `id`.
    pub(super) fn new(keys: &SealingKeys, id: &str) -> Self {
        let (first, others) = keys.derive(&format!("federation nonce v1 {id}"));
        let key = |bytes: [u8; 32]| hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        Self { first: key(first), others: others.into_iter().map(key).collect() }
    }

    /// A new nonce of 54 characters.
    pub(super) fn make(&self) -> String {
        self.make_at(OffsetDateTime::now_utc())
    }

    fn make_at(&self, now: OffsetDateTime) -> String {
        let mut nonce = random::<RANDOM_BYTES>().to_vec();
        nonce.extend_from_slice(&now.unix_timestamp().to_be_bytes());
        let tag = hmac::sign(&self.first, &nonce);
        nonce.extend_from_slice(&tag.as_ref()[..TAG_BYTES]);
        URL_SAFE_NO_PAD.encode(nonce)
    }

    /// Whether one of our servers made `nonce` within the last two hours.
    pub(super) fn is_ours(&self, nonce: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(nonce) else { return false };
        let Some((made, tag)) = bytes.split_at_checked(RANDOM_BYTES + TIME_BYTES) else { return false };
        let made_with = |key| verify_slices_are_equal(tag, &hmac::sign(key, made).as_ref()[..TAG_BYTES]).is_ok();
        if !std::iter::once(&self.first).chain(&self.others).any(made_with) {
            return false;
        }
        let Ok(seconds) = <[u8; TIME_BYTES]>::try_from(&made[RANDOM_BYTES..]).map(i64::from_be_bytes) else {
            return false;
        };
        let age = OffsetDateTime::now_utc().unix_timestamp() - seconds;
        (-60..LIFETIME.whole_seconds()).contains(&age)
    }
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonces(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::ServerKey;

    /// Nonces with these session keys.
    fn with_keys<const N: usize>(keys: [u8; N], id: &str) -> Nonces {
        let keys = keys.map(|byte| ServerKey::new([byte; 32]).unwrap());
        Nonces::new(&SealingKeys::new(&keys[0], &keys[1..]), id)
    }

    #[test]
    fn a_nonce_of_any_session_key_is_valid_and_the_first_one_makes_it() {
        let [before, during, after] = [with_keys([1], "a"), with_keys([2, 1], "a"), with_keys([2], "a")];
        let nonce = before.make();
        assert!(during.is_ours(&nonce) && !after.is_ours(&nonce));
        let nonce = during.make();
        assert!(after.is_ours(&nonce) && !before.is_ours(&nonce));
    }

    #[test]
    fn a_nonce_is_long_enough_and_valid_on_every_server() {
        let nonce = with_keys([1], "login_gov").make();
        assert!(nonce.len() >= 22, "{nonce}");
        assert!(with_keys([1], "login_gov").is_ours(&nonce));
        assert_ne!(nonce, with_keys([1], "login_gov").make());
    }

    #[test]
    fn a_foreign_or_changed_nonce_is_invalid() {
        let nonces = with_keys([1], "login_gov");
        let nonce = nonces.make();
        assert!(!with_keys([2], "login_gov").is_ours(&nonce), "another key");
        assert!(!with_keys([1], "second").is_ours(&nonce), "another provider");
        let bytes = URL_SAFE_NO_PAD.decode(&nonce).unwrap();
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            assert!(!nonces.is_ours(&URL_SAFE_NO_PAD.encode(&changed)), "byte {index}");
            assert!(!nonces.is_ours(&URL_SAFE_NO_PAD.encode(&bytes[..index])), "{index} bytes");
        }
        assert!(!nonces.is_ours("") && !nonces.is_ours("é"));
    }

    #[test]
    fn a_nonce_expires() {
        let nonces = with_keys([1], "login_gov");
        let now = OffsetDateTime::now_utc();
        assert!(nonces.is_ours(&nonces.make_at(now - Duration::minutes(110))));
        assert!(!nonces.is_ours(&nonces.make_at(now - LIFETIME)));
        assert!(!nonces.is_ours(&nonces.make_at(now + Duration::minutes(5))));
    }
}
