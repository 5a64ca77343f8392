use super::{KeySource, Source};

/// `[pseudonym]`: the keys that turn national numbers into pseudonyms, so that the tables hold no numbers.
///
/// Environment: `MYDATA_PSEUDONYM__KEY`, `__KEY_SECRET_ARN`, `__GENERATION`, `__PREVIOUS_KEY`,
/// `__PREVIOUS_KEY_SECRET_ARN`, `__MOVE_RECORDS`.
#[derive(Clone, Debug)]
pub struct Pseudonym {
    /// `generation`: which key of this site `key` is. Records are stored under `v{generation}#`. Default: 1.
    pub generation: u32,
    /// `key`, or `key_secret_arn`.
    pub key: KeySource,
    /// `previous_key`, or `previous_key_secret_arn`: the key of the generation before. Records under it are found too.
    pub previous_key: Option<KeySource>,
    /// `move_records`: whether a save moves a record from the previous key to the new one. If not, records stay where
    /// they are, and new ones are stored under the previous key. Default: true.
    pub move_records: bool,
}

impl Pseudonym {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let generation = source.with_default("pseudonym.generation", "a whole number from 1 to 999999", "1", |text| {
            text.parse().ok().filter(|generation| (1..1_000_000).contains(generation))
        });
        let is_set = source.has("pseudonym.key") || source.has("pseudonym.key_secret_arn");
        let key = KeySource::read(source, "pseudonym", "key");
        if !is_set {
            source.fault("pseudonym.key", format!("is missing; expected {}", KeySource::EXPECTED));
        }
        let previous_key = KeySource::read(source, "pseudonym", "previous_key");
        if previous_key.is_some() && generation == Some(1) {
            source.fault(
                "pseudonym.generation",
                "expected 2 or more with a previous key: one more than the generation of the previous key, which is 1 \
                 if it was not set",
            );
        }
        let move_records =
            source.with_default("pseudonym.move_records", "true or false", "true", |text| text.parse().ok());
        if move_records == Some(false) && previous_key.is_none() {
            source.fault("pseudonym.move_records", "false is only possible with a previous key");
        }
        Some(Self { generation: generation?, key: key?, previous_key, move_records: move_records? })
    }
}
