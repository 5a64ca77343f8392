//! The keys of the site, loaded once at the start: from the configuration, or from Secrets Manager.

use std::fmt;

use aws_config::SdkConfig;
use aws_lc_rs::hmac;

use crate::{
    aws,
    citizen::Pseudonyms,
    config::{Config, Fault, NamedKey, Role, SessionKey, faults_of, named_keys},
    secret::{SealingKeys, ServerKey},
};

/// The keys of the site, ready for use.
#[derive(Debug)]
pub struct SiteKeys {
    /// Computes the keys of citizens' records.
    pub pseudonyms: Pseudonyms,
    /// Seals sessions and sign-ins in progress, and signs the bridges' nonces.
    pub sealing: SealingKeys,
    /// The name and the id of each session key, in their order. The first one seals.
    pub session_keys: Vec<(String, String)>,
    /// Makes the hashes of citizens in the security log. It changes with the pseudonym key.
    pub actors: hmac::Key,
    /// The name and the id of each key, for the security log.
    pub ids: Vec<(String, String)>,
}

/// Keys that cannot be loaded or used.
#[derive(Debug)]
pub struct KeyFaults(pub Vec<Fault>);

impl fmt::Display for KeyFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Fault { key, problem }) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{key}: {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for KeyFaults {}

/// Loads every key of `config`.
///
/// # Errors
/// A secret cannot be read, or a key is invalid, weak, or there twice. All faults are reported together.
pub async fn load(config: &Config, settings: &SdkConfig) -> Result<SiteKeys, KeyFaults> {
    let (mut loaded, mut faults) = (Vec::new(), Vec::new());
    for NamedKey { path, role, key } in named_keys(&config.pseudonym, &config.keys) {
        match aws::server_key(key, settings).await {
            Ok(key) => loaded.push(NamedKey { path, role, key }),
            Err(error) => faults.push(Fault { key: path, problem: error.to_string() }),
        }
    }
    faults.extend(faults_of(&loaded));
    if faults.is_empty() { Ok(site_keys(config, &loaded)) } else { Err(KeyFaults(faults)) }
}

/// `loaded` has every key of `config`.
#[expect(clippy::expect_used, reason = "a configuration has a pseudonym key, and at least one session key")]
fn site_keys(config: &Config, loaded: &[NamedKey<ServerKey>]) -> SiteKeys {
    let of = |role| loaded.iter().filter(move |named| named.role == role);
    let current = of(Role::Pseudonym).next().expect("a pseudonym key");
    let previous = of(Role::PreviousPseudonym).next();
    let mut pseudonyms = Pseudonyms::new(config.pseudonym.generation, &current.key);
    if let Some(previous) = previous {
        pseudonyms = pseudonyms.with_previous(&previous.key, config.pseudonym.move_records);
    }
    let mut own = of(Role::Session);
    let mut session = Vec::new();
    for key in &config.keys.session {
        match key {
            SessionKey::Own(_) => session.extend(own.next().map(|own| (own.path.clone(), &own.key))),
            SessionKey::Derived => session.extend(
                derived(current, previous, config.pseudonym.move_records)
                    .map(|from| (format!("derived from {}", from.path), &from.key)),
            ),
        }
    }
    let ((_, first), others) = session.split_first().expect("a session key");
    let sealing = SealingKeys::new(first, others.iter().map(|(_, key)| *key));
    let (actors, _) = SealingKeys::new(&current.key, []).derive("security log actor v1");
    SiteKeys {
        pseudonyms,
        sealing,
        session_keys: session.iter().map(|(name, key)| (name.clone(), id(key))).collect(),
        actors: hmac::Key::new(hmac::HMAC_SHA256, &actors),
        ids: loaded.iter().map(|named| (named.path.clone(), id(&named.key))).collect(),
    }
}

/// An id that distinguishes keys, and reveals nothing else about them.
fn id(key: &ServerKey) -> String {
    hex::encode(&SealingKeys::new(key, []).derive("key id v1").0[..4])
}

/// The session keys of a configuration without `[keys]`, which are derived from these two.
///
/// A server that does not move records yet runs next to servers that only know the previous key. So the previous key
/// seals.
/// A weak previous key opens nothing: a session could be forged with it.
fn derived<'a>(
    current: &'a NamedKey<ServerKey>,
    previous: Option<&'a NamedKey<ServerKey>>,
    move_records: bool,
) -> impl Iterator<Item = &'a NamedKey<ServerKey>> {
    let previous = previous.filter(|previous| !previous.key.is_weak());
    let keys = if move_records { [Some(current), previous] } else { [previous, Some(current)] };
    keys.into_iter().flatten()
}
