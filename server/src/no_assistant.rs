//! Replaces `assistant` in builds without it.

use std::{sync::Arc, time::Duration};

use axum::Router;

use crate::{
    config::Config,
    documents::Documents,
    language::Choice,
    layers::{Frame, Limits},
    records::Activity,
    rendering::Renderer,
    secret::SealingKeys,
    security_log::SecurityLog,
    sessions::Sessions,
};

/// Whether this build has the assistant.
pub const IS_INCLUDED: bool = false;

/// The assistant, which cannot exist in this build.
#[derive(Clone, Copy, Debug)]
pub enum Assistant {}

impl Assistant {
    /// None.
    ///
    /// # Errors
    /// The configuration asks for the assistant.
    pub fn start(config: &Config, _: Option<&Documents>, _: Duration) -> Result<Option<Self>, &'static str> {
        match config.assistant {
            Some(_) => Err("this build has none: build with the cargo feature `assistant`, or remove [assistant]"),
            None => Ok(None),
        }
    }
}

/// The state of routes that this build does not have.
#[derive(Debug)]
pub struct AssistantPages {
    /// What is asked.
    pub assistant: Assistant,
    /// Renders the pages.
    pub renderer: Arc<Renderer>,
    /// Keeps the language.
    pub choice: Choice,
    /// The sessions.
    pub sessions: Arc<Sessions>,
    /// What was done.
    pub activity: Activity,
    /// Records it.
    pub security: SecurityLog,
    /// Seal conversations.
    pub keys: Arc<SealingKeys>,
}

/// No routes.
pub fn routes(_: Option<AssistantPages>, _: Frame, _: &Limits) -> Router {
    Router::new()
}

#[cfg(test)]
mod tests {
    use testkit::Example;

    use super::*;
    use crate::config::Source;

    const CASE_WORKERS: &str = r#"
[[providers]]
id = "staff"
name = "Staff"
namespace = "EXAMPLE-WORKFORCE"
kind = "identity_center"
[providers.client]
client_id = "7p1"
client_secret = "s3cret"
[documents]
application_arn = "arn:aws:sso::123456789012:application/ssoins-1/apl-2"
role_arn = "arn:aws:iam::123456789012:role/person"
"#;
    const ASSISTANT: &str = "[assistant]\napplication_id = \"5d2c1f3a-7b64-4c8e-9a10-2f6b1c0d3001\"\n";

    #[test]
    fn a_configuration_with_an_assistant_needs_another_build() {
        let start = |more: &str| {
            let toml = Example::aws().with(CASE_WORKERS).with(more).to_toml();
            Assistant::start(&Config::read(Source::from_toml(&toml)).unwrap(), None, Duration::ZERO).map(|_| ())
        };
        assert_eq!(start(""), Ok(()));
        assert!(start(ASSISTANT).unwrap_err().contains("cargo feature `assistant`"));
    }
}
