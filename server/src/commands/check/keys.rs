//! Checks of the site's own keys.

use super::{Line, line};
use crate::{
    config::{Config, Fault},
    site_keys::{self, KeyFaults, SiteKeys},
};

/// One line for the pseudonym keys, and one for the session keys.
pub(super) async fn check(config: &Config, settings: &aws_config::SdkConfig) -> Vec<Line> {
    let loaded = site_keys::load(config, settings).await;
    let [pseudonyms, sessions] = match loaded {
        Ok(keys) => [Ok(pseudonym_keys(config, &keys)), Ok(session_keys(&keys))],
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

fn pseudonym_keys(config: &Config, keys: &SiteKeys) -> String {
    let pseudonym = &config.pseudonym;
    let mut ids = keys.ids.iter().filter(|(name, _)| name.starts_with("pseudonym.")).map(named);
    let current = ids.next().unwrap_or_default();
    let previous = match (ids.next(), pseudonym.move_records) {
        (None, _) => String::new(),
        (Some(key), true) => format!("; records under {key} are found, and move with the next save"),
        (Some(key), false) => format!("; records under {key} are found, and stay there (pseudonym.move_records)"),
    };
    format!("loaded, generation {}: {current}{previous}", pseudonym.generation)
}

fn session_keys(keys: &SiteKeys) -> String {
    let all: Vec<_> = keys.session_keys.iter().map(named).collect();
    let seals = if all.len() > 1 { ", the first one seals" } else { "" };
    format!("{} loaded{seals}: {}", all.len(), all.join(", "))
}

/// A key by its name and its id, which is also in the security log.
fn named((name, id): &(String, String)) -> String {
    format!("{name} (id {id})")
}
