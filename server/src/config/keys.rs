use std::{borrow::Borrow, fmt};

use super::{Fault, Pseudonym, Source, client::secret_arn};
use crate::secret::ServerKey;

/// `[keys]`: the keys that seal sessions and sign-ins in progress, and sign a bridge's nonces. The first one seals, and
/// all of them open.
///
/// Environment: `MYDATA_KEYS__SESSION`, `__SESSION_SECRET_ARNS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// `session`, or `session_secret_arns`. Default: only [`SessionKey::Derived`].
    pub session: Vec<SessionKey>,
}

/// One entry of the list of session keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionKey {
    /// A key of its own.
    Own(KeySource),
    /// `derived`: the keys that a configuration without `[keys]` has. They are derived from the pseudonym keys.
    Derived,
}

/// Where a key is stored.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// In the configuration: at least 32 random bytes in base64.
    Bytes(ServerKey),
    /// The secret in AWS Secrets Manager that holds the same text.
    SecretArn(String),
}

impl KeySource {
    pub(super) const EXPECTED: &str = "at least 32 random bytes in base64 (openssl rand -base64 32)";
    pub(super) const EXPECTED_ARN: &str = "arn:aws:secretsmanager:…";

    /// The key of the table `path` under `name`, or its secret under `{name}_secret_arn`.
    pub(super) fn read(source: &mut Source, path: &str, name: &str) -> Option<Self> {
        let (key, arn) = (format!("{path}.{name}"), format!("{path}.{name}_secret_arn"));
        let from_secret = source.optional(&arn, Self::EXPECTED_ARN, Self::arn);
        let bytes = source.optional(&key, Self::EXPECTED, ServerKey::decode).map(Self::Bytes);
        if bytes.is_some() && from_secret.is_some() {
            source.fault(&key, format!("set {name} or {name}_secret_arn, not both"));
        }
        from_secret.or(bytes)
    }

    fn arn(text: &str) -> Option<Self> {
        secret_arn(text).map(Self::SecretArn)
    }
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(_) => f.write_str("Bytes(…)"),
            Self::SecretArn(arn) => f.debug_tuple("SecretArn").field(arn).finish(),
        }
    }
}

impl Keys {
    const DERIVED: &str = "derived";

    pub(super) fn read(source: &mut Source) -> Self {
        type Parse = fn(&str) -> Option<KeySource>;
        let lists: [(&str, &str, Parse); 2] = [
            ("keys.session", KeySource::EXPECTED, |text| ServerKey::decode(text).map(KeySource::Bytes)),
            ("keys.session_secret_arns", KeySource::EXPECTED_ARN, KeySource::arn),
        ];
        let mut session = Vec::new();
        for (key, expected, parse) in lists {
            let Some(items) = source.list_or_empty(key) else { continue };
            if items.is_empty() {
                source.fault(key, "is empty; expected at least one key or derived");
            } else if !session.is_empty() {
                source.fault(key, "set session or session_secret_arns, not both");
            }
            for (index, item) in items.iter().enumerate() {
                match item.trim() {
                    Self::DERIVED if session.contains(&SessionKey::Derived) => {
                        source.fault(&format!("{key}.{index}"), "derived is in the list twice");
                    }
                    Self::DERIVED => session.push(SessionKey::Derived),
                    text => match parse(text) {
                        Some(own) => session.push(SessionKey::Own(own)),
                        None => source.fault(&format!("{key}.{index}"), format!("expected {expected}, or derived")),
                    },
                }
            }
        }
        if session.is_empty() {
            session.push(SessionKey::Derived);
        }
        Self { session }
    }
}

/// One key of the site, under the path of its setting.
#[derive(Clone, Debug)]
pub struct NamedKey<T> {
    /// The setting, such as `keys.session.0`.
    pub path: String,
    /// What it is used for.
    pub role: Role,
    /// The key, or where it is stored.
    pub key: T,
}

/// What a key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Records are stored under it.
    Pseudonym,
    /// Records are only looked up under it.
    PreviousPseudonym,
    /// A session key.
    Session,
}

/// Every key of the configuration, in the order of the settings.
pub fn named_keys<'a>(pseudonym: &'a Pseudonym, keys: &'a Keys) -> Vec<NamedKey<&'a KeySource>> {
    let single = |name: &str, role, key: &'a KeySource| {
        let end = if matches!(key, KeySource::SecretArn(_)) { "_secret_arn" } else { "" };
        NamedKey { path: format!("pseudonym.{name}{end}"), role, key }
    };
    let mut all = vec![single("key", Role::Pseudonym, &pseudonym.key)];
    all.extend(pseudonym.previous_key.as_ref().map(|key| single("previous_key", Role::PreviousPseudonym, key)));
    let session = keys.session.iter().enumerate();
    all.extend(session.filter_map(|(index, key)| match key {
        SessionKey::Derived => None,
        SessionKey::Own(key @ KeySource::Bytes(_)) => {
            Some(NamedKey { path: format!("keys.session.{index}"), role: Role::Session, key })
        }
        SessionKey::Own(key @ KeySource::SecretArn(_)) => {
            Some(NamedKey { path: format!("keys.session_secret_arns.{index}"), role: Role::Session, key })
        }
    }));
    all
}

/// Reports what is wrong with the keys in the configuration itself. Those in Secrets Manager are not known yet.
pub(super) fn check(source: &mut Source, pseudonym: &Pseudonym, keys: &Keys) {
    let all = named_keys(pseudonym, keys);
    let known: Vec<_> = all
        .into_iter()
        .filter_map(|NamedKey { path, role, key }| match key {
            KeySource::Bytes(key) => Some(NamedKey { path, role, key }),
            KeySource::SecretArn(_) => None,
        })
        .collect();
    for Fault { key, problem } in faults_of(&known) {
        source.fault(&key, problem);
    }
}

/// What is wrong with `keys`: weak ones, and ones that are the same.
pub fn faults_of(keys: &[NamedKey<impl Borrow<ServerKey>>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (index, NamedKey { path, role, key }) in keys.iter().enumerate() {
        let key = key.borrow();
        if let Some(same) = keys[..index].iter().find(|earlier| earlier.key.borrow() == key) {
            faults.push(Fault::new(
                path,
                format!("is the same key as {}; create another one with openssl rand -base64 32", same.path),
            ));
        } else if key.is_weak() {
            match role {
                Role::Pseudonym => faults.push(Fault::new(
                    path,
                    "has too little entropy to keep numbers secret. Create a key with openssl rand -base64 32. To find \
                     the records under the weak key, set it as pseudonym.previous_key (or previous_key_secret_arn) and \
                     add 1 to pseudonym.generation, which is 1 if it is not set (docs/KEYS.md)",
                )),
                Role::Session => faults.push(Fault::new(
                    path,
                    "has too little entropy; replace it with the output of openssl rand -base64 32",
                )),
                // A weak key must be accepted here, or the records under it could no longer be found.
                Role::PreviousPseudonym => (),
            }
        }
    }
    faults
}
