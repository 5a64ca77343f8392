//! From the configuration to [`Assistant`].

use std::time::Duration;

use super::{Assistant, Settings};
use crate::{
    config::{self, Config},
    documents::Documents,
};

impl Assistant {
    /// As `config` says, with `timeout` for an answer. `None` if it says nothing about an assistant.
    ///
    /// # Errors
    /// There are no documents, whose identity the assistant is asked with.
    pub fn start(
        config: &Config,
        documents: Option<&Documents>,
        timeout: Duration,
    ) -> Result<Option<Self>, &'static str> {
        let Some(config::Assistant { application_id, region, endpoint_url }) = &config.assistant else {
            return Ok(None);
        };
        let documents = documents.ok_or("needs [documents]")?;
        let settings = Settings {
            application_id: application_id.clone(),
            region: region.clone(),
            endpoint_url: endpoint_url.as_ref().map(|url| url.as_str().to_owned()),
            timeout,
        };
        Ok(Some(Self::new(settings, documents.clone())))
    }
}
