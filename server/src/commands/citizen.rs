//! What an operator does at a citizen's request: end the sessions, export or delete the data.
//!
//! The number comes on standard input: other users of the machine can read a command line, and shells keep it. Each command leaves
//! an entry in the security log, and, except for a deletion, in the citizen's activity.

use std::{
    io::{BufRead as _, IsTerminal as _, Read as _, Write as _},
    path::PathBuf,
    pin::pin,
};

use app::{
    Device,
    pages::activity::{Actor, EndedBy},
};
use clap::Args;
use futures_util::StreamExt as _;
use time::format_description::well_known::Rfc3339;

use super::{error::CommandError, with_config::with_config};
use crate::{
    aws,
    citizen::{Eid, RecordKeys},
    config::Config,
    export::{Exports, Subject},
    records::{Activity, By, Erasures, OpenSessions, Table},
    request_context::RequestContext,
    secret::Secret,
    security_log::{self, Event, Outcome, SecurityLog},
    sessions,
    site_keys::{self, SiteKeys},
};

/// No number is longer than this.
const MAX_BYTES: u64 = 4_096;

/// Says which citizen a command is about.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Read the citizen's number (custom:eid) from standard input
    #[arg(long, required = true)]
    eid_stdin: bool,
    /// The register of the number, as in providers.namespace
    #[arg(long, value_name = "NAMESPACE")]
    namespace: String,
}

/// What to do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Request {
    EndSessions,
    Export,
    Delete,
}

/// `server end-sessions`, `server export` and `server delete`
pub(super) async fn run(arguments: &Arguments, request: Request, file: Option<PathBuf>) -> Result<(), CommandError> {
    with_config(file, async |config| {
        // Before the number is read: a mistake in the command line should not need it.
        if !config.providers.iter().any(|provider| provider.namespace == arguments.namespace) {
            let mut known: Vec<_> = config.providers.iter().map(|provider| &*provider.namespace).collect();
            known.sort_unstable();
            known.dedup();
            let problem = "no provider of the configuration has this namespace";
            return Err(CommandError::Usage(format!("--namespace: {problem}; expected {}", known.join(" or "))));
        }
        let eid = read_eid(config, &arguments.namespace)?;
        let operator = Operator::start(config).await?;
        let citizen = operator.keys.pseudonyms.of(&arguments.namespace, &eid);
        match request {
            Request::EndSessions => operator.end_sessions(&citizen).await,
            Request::Export => operator.export(&citizen).await,
            Request::Delete => operator.delete(&citizen).await,
        }
    })
    .await
}

/// The number in the first line of standard input, by the rules of the first provider of `namespace` that accepts it.
fn read_eid(config: &Config, namespace: &str) -> Result<Eid, CommandError> {
    if std::io::stdin().is_terminal() {
        eprint!("number: ");
    }
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(MAX_BYTES)
        .read_line(&mut text)
        .map_err(|error| CommandError::Usage(format!("standard input: cannot be read ({error})")))?;
    let text = Secret::new(text.trim_end_matches(['\n', '\r']));
    let of_namespace = config.providers.iter().filter(|provider| provider.namespace == namespace);
    let mut refused = None;
    for provider in of_namespace {
        match Eid::parse(text.expose(), &provider.eid) {
            Ok(eid) => return Ok(eid),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    let reason = refused.map(|error| error.to_string()).unwrap_or_default();
    Err(CommandError::Usage(format!("standard input: no number of this namespace ({reason})")))
}

struct Operator<'a> {
    config: &'a Config,
    keys: SiteKeys,
    table: Table,
    security: SecurityLog,
    /// Writes the last records when it is dropped.
    _written: Option<security_log::Guard>,
    context: RequestContext,
}

impl<'a> Operator<'a> {
    async fn start(config: &'a Config) -> Result<Self, CommandError> {
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

    fn by(&self) -> By {
        By {
            provider: None,
            device: Device::default(),
            session: None,
            reference: self.context.reference,
            actor: Actor::Operator,
        }
    }

    async fn end_sessions(&self, citizen: &RecordKeys) -> Result<(), CommandError> {
        let open = OpenSessions::new(self.table.clone());
        let activity = Activity::new(self.table.clone());
        let (by, mut ended) = (self.by(), 0);
        for session in open.list(citizen).await.map_err(CommandError::failed)? {
            let is_ended = sessions::end_by_key(&open, &activity, citizen, &session.key, EndedBy::Operator, &by).await;
            if is_ended.map_err(CommandError::failed)? {
                ended += 1;
                let provider = (!session.provider.is_empty()).then_some(&*session.provider);
                let reason = "ended by the operator";
                let event = Event::session_ended(provider, Some(&citizen.current), Outcome::Success, reason);
                self.security.record(&self.context, &event);
            }
        }
        let plural = if ended == 1 { "" } else { "s" };
        println!("{ended} session{plural} ended, reference {}", self.context.reference);
        Ok(())
    }

    async fn export(&self, citizen: &RecordKeys) -> Result<(), CommandError> {
        let language = self.config.service.languages.default_one();
        let subject = Subject { details: None, session: None, language };
        let document = Exports::new(&self.table, self.config).begin(citizen, subject, &self.by()).await;
        let mut document = pin!(document.map_err(CommandError::failed)?);
        self.security.record(&self.context, &Event::export(None, &citizen.current));
        let mut out = std::io::stdout();
        while let Some(part) = document.next().await {
            out.write_all(&part.map_err(CommandError::failed)?)?;
        }
        out.flush()?;
        Ok(())
    }

    async fn delete(&self, citizen: &RecordKeys) -> Result<(), CommandError> {
        let erasures = Erasures::new(self.table.clone());
        let job = erasures.begin(citizen, self.context.reference).await.map_err(CommandError::failed)?;
        self.security.record(&self.context, &Event::deletion());
        erasures.carry_out(&job).await.map_err(|error| {
            CommandError::Failed(format!(
                "the deletion has begun, and is not finished ({error}): a running server finishes it within minutes, reference {}",
                job.receipt.reference
            ))
        })?;
        let at = job.receipt.at.format(&Rfc3339).unwrap_or_default();
        println!("deleted at {at}, reference {}", job.receipt.reference);
        Ok(())
    }
}
