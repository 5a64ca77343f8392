//! What each bridge needs: its own keys, and the provider behind it.

use super::{Line, line};
use crate::config::Config;

/// The keys that assertions are signed with.
pub(super) async fn keys(config: &Config, settings: &aws_config::SdkConfig) -> Vec<Line> {
    let mut lines = Vec::new();
    for provider in &config.providers {
        let Some(bridge) = &provider.bridge else { continue };
        let found = crate::signing_keys_of(bridge, settings)
            .await
            .map(|keys| format!("{} there, the first one signs with {:?}", keys.public().keys.len(), keys.algorithm()));
        lines.push(line(&format!("bridge {} keys", provider.id), found.map_err(|fault| fault.to_string())));
    }
    lines
}
