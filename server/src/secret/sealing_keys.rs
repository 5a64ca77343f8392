use std::fmt;

use aws_lc_rs::hkdf;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use super::{SealingKey, ServerKey, random};

/// The length of the random context of a sealed text, which gives each text a key of its own.
const TAG_BYTES: usize = 16;

/// The site's session keys. The first one seals, and all of them open.
///
/// Each sealed thing has a key of its own, derived (HKDF-SHA-256, RFC 5869) from a session key, a purpose and a
/// context: the id of a session or of a kept text, the tag of a sign-in in progress, or the random context of a sealed text, such
/// as a failure page, the owner of a form or a sign-in that starts over. AES-GCM with random nonces is safe for 2^32 uses of one
/// key (NIST SP 800-38D, 8.3). A derived key seals one session about ten times in each idle time, and everything else once.
pub struct SealingKeys {
    first: hkdf::Prk,
    others: Vec<hkdf::Prk>,
}

impl SealingKeys {
    /// `first` seals.
    pub fn new<'a>(first: &ServerKey, others: impl IntoIterator<Item = &'a ServerKey>) -> Self {
        Self { first: extract(first), others: others.into_iter().map(extract).collect() }
    }

    /// Encrypts and authenticates `plain`. `context` is not stored; opening needs the same `purpose` and `context`.
    pub fn seal(&self, purpose: &str, context: &[u8], plain: Vec<u8>) -> Vec<u8> {
        own_key(&self.first, purpose, context).seal(context, plain)
    }

    /// Opens the output of [`seal`](Self::seal) of a server with any of these keys. `None` if it
    /// was changed, if no key matches, or if the purpose or the context differs.
    pub fn open(&self, purpose: &str, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.all().find_map(|key| own_key(key, purpose, context).open(context, sealed))
    }

    /// `value` as JSON, sealed, for a cookie or a hidden field. It brings its random context along.
    pub fn seal_text(&self, purpose: &str, value: &impl Serialize) -> String {
        let tag = random::<TAG_BYTES>();
        let sealed = self.seal(purpose, &tag, serde_json::to_vec(value).unwrap_or_default());
        URL_SAFE_NO_PAD.encode([&tag[..], &sealed].concat())
    }

    /// Opens the output of [`seal_text`](Self::seal_text), as [`open`](Self::open) does.
    pub fn open_text<T: DeserializeOwned>(&self, purpose: &str, text: &str) -> Option<T> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (tag, sealed) = bytes.split_at_checked(TAG_BYTES)?;
        serde_json::from_slice(&self.open(purpose, tag, sealed)?).ok()
    }

    /// The keys for another algorithm, derived for `purpose`: the one that signs, and the others that also verify.
    pub fn derive(&self, purpose: &str) -> ([u8; 32], Vec<[u8; 32]>) {
        let derived = |key| expand(key, &[purpose.as_bytes()]);
        (derived(&self.first), self.others.iter().map(derived).collect())
    }

    fn all(&self) -> impl Iterator<Item = &hkdf::Prk> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl fmt::Debug for SealingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKeys(…)")
    }
}

fn extract(key: &ServerKey) -> hkdf::Prk {
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"mydata").extract(key.expose())
}

/// No purpose contains a zero byte, so two pairs of purpose and context never give one key.
fn own_key(key: &hkdf::Prk, purpose: &str, context: &[u8]) -> SealingKey {
    SealingKey::new(&expand(key, &[purpose.as_bytes(), &[0], context]))
}

#[expect(clippy::expect_used, reason = "32 bytes are within HKDF's limit")]
fn expand(key: &hkdf::Prk, info: &[&[u8]]) -> [u8; 32] {
    let mut bytes = [0; 32];
    key.expand(info, hkdf::HKDF_SHA256).and_then(|output| output.fill(&mut bytes)).expect("HKDF output of one block");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> ServerKey {
        ServerKey::new([byte; 32]).unwrap()
    }

    #[test]
    fn the_first_key_seals_and_all_open() {
        let [old, new] = [key(1), key(2)];
        let before = SealingKeys::new(&old, []);
        let during = SealingKeys::new(&new, [&old]);
        let after = SealingKeys::new(&new, []);
        let sealed = before.seal("test", b"one", b"plain".to_vec());
        assert_eq!(during.open("test", b"one", &sealed).as_deref(), Some(&b"plain"[..]));
        assert_eq!(after.open("test", b"one", &sealed), None);
        let sealed = during.seal("test", b"one", b"plain".to_vec());
        assert_eq!(after.open("test", b"one", &sealed).as_deref(), Some(&b"plain"[..]));
        assert_eq!(before.open("test", b"one", &sealed), None);
        assert_eq!(during.derive("test"), (after.derive("test").0, vec![before.derive("test").0]));
    }

    #[test]
    fn another_purpose_or_context_opens_nothing() {
        let keys = SealingKeys::new(&key(1), []);
        let sealed = keys.seal("test", b"one", b"plain".to_vec());
        for (purpose, context) in [("test", &b"two"[..]), ("other", b"one"), ("test\0on", b"e"), ("tes", b"t\0one")] {
            assert_eq!(keys.open(purpose, context, &sealed), None, "{purpose:?}");
        }
        assert_ne!(keys.derive("test"), keys.derive("other"));
    }

    #[test]
    fn a_sealed_text_opens_only_unchanged_and_for_its_purpose() {
        let keys = SealingKeys::new(&key(1), []);
        let text = keys.seal_text("test", &("plain", 7));
        assert_eq!(keys.open_text("test", &text), Some(("plain".to_owned(), 7)));
        assert_ne!(text, keys.seal_text("test", &("plain", 7)), "each has a context of its own");
        assert_eq!(keys.open_text::<(String, u8)>("other", &text), None);
        for index in 0..text.len() {
            let mut changed = text.clone();
            let byte = if &text[index..=index] == "A" { "B" } else { "A" };
            changed.replace_range(index..=index, byte);
            // The last character may have bits that decode to nothing.
            if URL_SAFE_NO_PAD.decode(&changed).ok() != URL_SAFE_NO_PAD.decode(&text).ok() {
                assert_eq!(keys.open_text::<(String, u8)>("test", &changed), None, "character {index}");
            }
            assert_eq!(keys.open_text::<(String, u8)>("test", &text[..index]), None, "{index} characters");
        }
    }

    #[test]
    fn each_context_has_a_key_of_its_own() {
        let keys = SealingKeys::new(&key(1), []);
        let one_key = own_key(&keys.first, "test", b"one");
        let sealed = keys.seal("test", b"two", b"plain".to_vec());
        assert_eq!(one_key.open(b"two", &sealed), None, "the key of one opens two");
    }
}
