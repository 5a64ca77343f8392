//! What the commands of operators need: the keys of the site, the records and the security log.

use app::{Device, pages::activity::Actor};

use super::error::CommandError;
use crate::{
    aws,
    config::Config,
    records::{By, Table},
    request_context::RequestContext,
    security_log::{self, SecurityLog},
    site_keys::{self, SiteKeys},
};

/// Whoever runs a command that reads or changes records.
pub(super) struct Operator<'a> {
    pub(super) config: &'a Config,
    pub(super) keys: SiteKeys,
    pub(super) table: Table,
    pub(super) security: SecurityLog,
    /// Writes the last records when it is dropped.
    _written: Option<security_log::Guard>,
    pub(super) context: RequestContext,
}

impl<'a> Operator<'a> {
    /// Loads the keys, and opens the table and the security log. The records of the log go beside the output of the command.
    pub(super) async fn start(config: &'a Config) -> Result<Self, CommandError> {
        let settings = aws::settings(config).await;
        let keys = site_keys::load(config, &settings).await.map_err(CommandError::failed)?;
        let client = aws::dynamodb_client(config, &settings);
        let table = Table::new(client, &config.dynamodb, config.activity.retention());
        // Standard output is the command's own.
        let queue = security_log::queue_beside_output(&config.log.security)
            .map_err(|error| CommandError::Usage(format!("log.security: cannot be written ({error})")))?;
        let (queue, written) = queue.unzip();
        let security = SecurityLog::new(queue, keys.actors.clone());
        Ok(Self { config, keys, table, security, _written: written, context: RequestContext::without_client() })
    }

    /// The operator, as the author of what is done.
    pub(super) fn by(&self) -> By {
        By {
            provider: None,
            device: Device::default(),
            session: None,
            reference: self.context.reference,
            actor: Actor::Operator,
        }
    }
}
