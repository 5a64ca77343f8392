//! Checks of the site's own keys.

use super::{Line, line};
use crate::{
    config::{Config, Fault, SessionKey},
    site_keys::{self, KeyFaults, SiteKeys},
};

/// One line for the pseudonym keys, and one for the session keys.
pub(super) async fn check(config: &Config, settings: &aws_config::SdkConfig) -> Vec<Line> {
    let loaded = site_keys::load(config, settings).await;
    let [pseudonyms, sessions] = match loaded {
        Ok(keys) => [Ok(pseudonym_keys(config)), Ok(session_keys(config, &keys))],
        Err(KeyFaults(faults)) => {
            let (pseudonyms, sessions): (Vec<_>, Vec<_>) =
                faults.into_iter().partition(|fault| fault.key.starts_with("pseudonym."));
            [pseudonyms, sessions].map(|faults: Vec<Fault>| {
                if faults.is_empty() { Ok("loaded".to_owned()) } else { Err(KeyFaults(faults).to_string()) }
            })
        }
    };
    vec![line("pseudonym key", pseudonyms), line("session keys", sessions)]
}

fn pseudonym_keys(config: &Config) -> String {
    let pseudonym = &config.pseudonym;
    let previous = match (&pseudonym.previous_key, pseudonym.move_records) {
        (None, _) => "",
        (Some(_), true) => "; records under the previous key are found, and move with the next save",
        (Some(_), false) => "; records under the previous key are found, and stay there (pseudonym.move_records)",
    };
    format!("loaded, generation {}{previous}", pseudonym.generation)
}

fn session_keys(config: &Config, keys: &SiteKeys) -> String {
    match config.keys.session[..] {
        [SessionKey::Derived] => "derived from the pseudonym key".to_owned(),
        _ => format!("{} loaded, the first one seals", keys.session_keys),
    }
}
