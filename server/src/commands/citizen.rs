//! What an operator does at a citizen's request: end the sessions, export or delete the data.
//!
//! The number comes on standard input: other users of the machine can read a command line, and shells keep it. Each command leaves
//! an entry in the security log, and, except for a deletion, in the citizen's activity.

use std::{
    io::{BufRead as _, IsTerminal as _, Read as _, Write as _},
    path::PathBuf,
    pin::pin,
};

use app::pages::activity::EndedBy;
use clap::Args;
use futures_util::StreamExt as _;
use time::format_description::well_known::Rfc3339;

use super::{error::CommandError, operator::Operator, with_config::with_config};
use crate::{
    citizen::{Eid, RecordKeys},
    config::Config,
    export::{Exports, Subject},
    records::Erasures,
    secret::Secret,
    security_log::Event,
    sessions::{EndedSessions, RemoteEnd},
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
        let eids = read_eids(config, &arguments.namespace)?;
        let operator = Operator::start(config).await?;
        let mut is_found = false;
        for eid in &eids {
            let citizen = operator.keys.pseudonyms.of(&arguments.namespace, eid);
            if operator.erasures().is_nothing_stored(&citizen).await.map_err(CommandError::failed)? {
                continue;
            }
            is_found = true;
            match request {
                Request::EndSessions => operator.end_sessions(&citizen).await?,
                Request::Export => operator.export(&citizen).await?,
                Request::Delete => operator.delete(&citizen).await?,
            }
        }
        if !is_found {
            eprintln!("nothing is stored for this number in this namespace");
        }
        Ok(())
    })
    .await
}

/// The number on standard input, as the providers of `namespace` would send it. Providers with different rules can give one number
/// different records.
fn read_eids(config: &Config, namespace: &str) -> Result<Vec<Eid>, CommandError> {
    let mut text = String::new();
    let mut input = std::io::stdin().lock().take(MAX_BYTES);
    let read = if std::io::stdin().is_terminal() {
        eprint!("number: ");
        input.read_line(&mut text)
    } else {
        input.read_to_string(&mut text)
    };
    let text = Secret::new(text.trim_end_matches(['\n', '\r']));
    read.map_err(|error| CommandError::Usage(format!("standard input: cannot be read ({error})")))?;
    let mut eids = Vec::new();
    for provider in config.providers.iter().filter(|provider| provider.namespace == namespace) {
        // A second line is a control character in the number.
        if let Ok(eid) = Eid::parse(text.expose(), &provider.eid)
            && !eids.contains(&eid)
        {
            eids.push(eid);
        }
    }
    if eids.is_empty() {
        let problem = "standard input: expected one number that a provider of this namespace could send";
        return Err(CommandError::Usage(problem.to_owned()));
    }
    Ok(eids)
}

impl Operator<'_> {
    fn erasures(&self) -> Erasures {
        Erasures::new(self.table.clone(), self.security.clone())
    }

    async fn end_sessions(&self, citizen: &RecordKeys) -> Result<(), CommandError> {
        let remote_end = RemoteEnd::new(&self.table, self.security.clone());
        let count = remote_end.end(citizen, |_| true, EndedBy::Operator, &self.by(), &self.context).await;
        let EndedSessions { ended, .. } = count.map_err(CommandError::failed)?;
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
        let erasures = self.erasures();
        let job = erasures.begin(citizen, self.context.reference).await.map_err(|error| {
            CommandError::Failed(format!("{error}: the deletion may have begun; run this command again to be sure"))
        })?;
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
