use base64::{Engine as _, engine::general_purpose};

use super::{Source, cognito::non_empty};

/// `[pseudonym]`: the key that turns national numbers into pseudonyms, so that the tables hold no numbers.
///
/// Environment: `MYDATA_PSEUDONYM__KEY`, `__KEY_SECRET_ARN`.
#[derive(Clone)]
pub enum PseudonymKey {
    /// `key`: at least 32 random bytes in base64.
    Bytes(Vec<u8>),
    /// `key_secret_arn`: the secret in AWS Secrets Manager that holds the same text.
    SecretArn(String),
}

impl PseudonymKey {
    const EXPECTED: &str = "at least 32 random bytes in base64 (openssl rand -base64 32)";

    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let arn = source.optional("pseudonym.key_secret_arn", "arn:aws:secretsmanager:…", |text| {
            non_empty(text).filter(|arn| arn.starts_with("arn:"))
        });
        if let Some(arn) = arn {
            if source.has("pseudonym.key") {
                source.optional("pseudonym.key", Self::EXPECTED, Self::decode);
                source.fault("pseudonym.key", "set key or key_secret_arn, not both");
            }
            return Some(Self::SecretArn(arn));
        }
        source.required("pseudonym.key", Self::EXPECTED, Self::decode).map(Self::Bytes)
    }

    /// Decodes a key from standard or URL-safe base64, with or without padding. `None` below 32 bytes.
    pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
        let text = text.trim().trim_end_matches('=').replace('-', "+").replace('_', "/");
        general_purpose::STANDARD_NO_PAD.decode(text).ok().filter(|key| key.len() >= 32)
    }
}

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(_) => f.write_str("Bytes(…)"),
            Self::SecretArn(arn) => f.debug_tuple("SecretArn").field(arn).finish(),
        }
    }
}
