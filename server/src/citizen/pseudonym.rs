use std::fmt;

use aws_lc_rs::hmac;

use super::Eid;
use crate::secret::ServerKey;

/// The key of a citizen's items: `v`, the generation of the pseudonym key, `#`, and the hex of HMAC-SHA-256(key,
/// namespace, 0x00, eid).
#[derive(Clone, PartialEq, Eq)]
pub struct Pseudonym(String);

impl Pseudonym {
    /// The partition key in the tables.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pseudonym that a table holds as `text`.
    pub(crate) fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonym(…)")
    }
}

/// The pseudonyms of one citizen: where a record is, and where it may still be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordKeys {
    /// With the key of this generation.
    pub current: Pseudonym,
    /// With the key of the generation before, if it is configured.
    pub previous: Option<Previous>,
}

/// A pseudonym with the previous key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// The pseudonym.
    pub pseudonym: Pseudonym,
    /// Whether a save moves a record from here to the current pseudonym (`pseudonym.move_records`).
    pub moves: bool,
}

impl RecordKeys {
    /// Every place where items of the citizen may be, in the order in which they move: what moves while they are read is found twice,
    /// and not missed.
    pub fn places_by_age(&self) -> impl Iterator<Item = &Pseudonym> {
        self.previous.as_ref().map(|previous| &previous.pseudonym).into_iter().chain([&self.current])
    }

    /// Every place where items of the citizen may be. The one for new items comes first.
    pub fn places(&self) -> impl Iterator<Item = &Pseudonym> {
        let mut places = [Some(&self.current), self.previous.as_ref().map(|previous| &previous.pseudonym)];
        if self.for_new() != &self.current {
            places.reverse();
        }
        places.into_iter().flatten()
    }

    /// Where new items are stored.
    pub fn for_new(&self) -> &Pseudonym {
        match &self.previous {
            Some(previous) if !previous.moves => &previous.pseudonym,
            _ => &self.current,
        }
    }
}

/// Computes pseudonyms with the key `pseudonym.key`, and with the previous one.
pub struct Pseudonyms {
    generation: u32,
    key: hmac::Key,
    /// The previous key, and whether records move away from it.
    previous: Option<(hmac::Key, bool)>,
}

impl Pseudonyms {
    /// `generation` counts the keys that the site has had, from 1.
    pub fn new(generation: u32, key: &ServerKey) -> Self {
        Self { generation, key: hmac_key(key), previous: None }
    }

    /// Adds the key of the generation before. `moves` says whether a save moves a record away from it.
    #[must_use]
    pub fn with_previous(self, key: &ServerKey, moves: bool) -> Self {
        Self { previous: Some((hmac_key(key), moves)), ..self }
    }

    /// The pseudonyms of `eid` in `namespace`. The same number in two namespaces belongs to two citizens.
    pub fn of(&self, namespace: &str, eid: &Eid) -> RecordKeys {
        let with = |generation, key| pseudonym(generation, key, namespace, eid);
        let previous = self
            .previous
            .as_ref()
            .map(|(key, moves)| Previous { pseudonym: with(self.generation.saturating_sub(1), key), moves: *moves });
        RecordKeys { current: with(self.generation, &self.key), previous }
    }
}

fn hmac_key(key: &ServerKey) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.expose())
}

fn pseudonym(generation: u32, key: &hmac::Key, namespace: &str, eid: &Eid) -> Pseudonym {
    let mut context = hmac::Context::with_key(key);
    context.update(namespace.as_bytes());
    context.update(&[0]);
    context.update(eid.0.as_bytes());
    Pseudonym(format!("v{generation}#{}", hex::encode(context.sign())))
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> ServerKey {
        ServerKey::new([byte; 32]).unwrap()
    }

    #[test]
    fn the_pseudonym_is_the_documented_hmac() {
        // printf 'BE\x0085073003328' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '00%.0s' {1..32})
        let keys = Pseudonyms::new(1, &key(0)).of("BE", &Eid("85073003328".to_owned()));
        assert_eq!(keys.current.as_str(), "v1#4513870f8a47d04c0428f4482c91b7f7b6278dc1d356b2a560b5733b38cbdd76");
        assert_eq!(keys.previous, None);
        assert_eq!(keys.for_new(), &keys.current);
    }

    #[test]
    fn the_previous_pseudonym_is_that_of_the_generation_before() {
        let eid = Eid("85073003328".to_owned());
        let before = Pseudonyms::new(1, &key(0)).of("BE", &eid).current;
        for moves in [true, false] {
            let keys = Pseudonyms::new(2, &key(1)).with_previous(&key(0), moves).of("BE", &eid);
            assert!(keys.current.as_str().starts_with("v2#"));
            assert_eq!(keys.current, Pseudonyms::new(2, &key(1)).of("BE", &eid).current);
            assert_eq!(keys.previous.as_ref().unwrap().pseudonym, before);
            assert_eq!(keys.for_new() == &keys.current, moves);
            let places: Vec<_> = keys.places().collect();
            assert_eq!((places.len(), places[0]), (2, keys.for_new()));
            assert!(places.contains(&&keys.current) && places.contains(&&before));
        }
    }

    #[test]
    fn the_same_number_in_two_namespaces_has_two_pseudonyms() {
        let pseudonyms = Pseudonyms::new(1, &key(1));
        let of = |namespace, eid: &str| pseudonyms.of(namespace, &Eid(eid.to_owned()));
        assert_ne!(of("BE", "123"), of("NL", "123"));
        // The separator marks the boundary: "B" + "E1" is not "BE" + "1".
        assert_ne!(of("B", "E1"), of("BE", "1"));
    }

    #[test]
    fn pseudonyms_and_their_keys_are_not_printed() {
        let pseudonyms = Pseudonyms::new(2, &key(1)).with_previous(&key(0), true);
        let shown = format!("{pseudonyms:?} {:?}", pseudonyms.of("BE", &Eid("1".to_owned())));
        assert_eq!(
            shown,
            "Pseudonyms(…) RecordKeys { current: Pseudonym(…), previous: Some(Previous { pseudonym: Pseudonym(…), moves: \
             true }) }"
        );
    }
}
