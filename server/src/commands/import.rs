//! `server import`: stores the messages of an earlier service, such as AWS's sample (docs/migrating.md).
//!
//! Numbers and texts come on standard input: other users of the machine can read a command line, and shells keep it. Nothing of them
//! is printed. What cannot be stored is named by its position.

use std::{
    collections::HashMap,
    io::{BufReader, IsTerminal as _, Read as _},
    path::PathBuf,
};

use app::MESSAGE_LIMIT;
use clap::Args;
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;

use super::{error::CommandError, operator::Operator, with_config::with_config};
use crate::{
    citizen::{Eid, RecordKeys},
    config::{Config, Provider},
    records::{MessageText, Messages, Outcome, TextError},
    secret::Secret,
    security_log::Event,
};

/// About 100,000 messages of the greatest length.
const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// Saves that run at the same time.
const CONCURRENCY: usize = 16;

/// Says whose numbers these are.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The provider that sends these numbers, as in providers.id
    #[arg(long, value_name = "ID")]
    provider: String,
    /// Only say which messages cannot be stored
    #[arg(long)]
    dry_run: bool,
}

/// A message of the earlier service.
#[derive(Deserialize)]
struct Item {
    eid: Option<Secret>,
    text: Option<Secret>,
}

/// A message that can be stored, and whose it is.
struct Message {
    citizen: RecordKeys,
    text: MessageText,
}

/// Runs the command.
pub(super) async fn run(arguments: &Arguments, file: Option<PathBuf>) -> Result<(), CommandError> {
    with_config(file, async |config| {
        // Before the messages are read: a mistake in the command line should not need them.
        let provider = provider(config, &arguments.provider)?;
        let items = read_items()?;
        let operator = Operator::start(config).await?;
        let (messages, refused) = usable(&items, provider, &operator);
        let total = messages.len();
        if arguments.dry_run {
            println!("{total} of {} messages can be stored; nothing was stored", items.len());
        } else {
            store(messages, &operator).await?;
        }
        if refused > 0 {
            return Err(CommandError::Failed(format!("{refused} of {} messages cannot be stored", items.len())));
        }
        Ok(())
    })
    .await
}

fn provider<'a>(config: &'a Config, id: &str) -> Result<&'a Provider, CommandError> {
    config.providers.iter().find(|provider| provider.id == id).ok_or_else(|| {
        let known: Vec<_> = config.providers.iter().map(|provider| &*provider.id).collect();
        let problem = "no provider of the configuration has this id";
        CommandError::Usage(format!("--provider: {problem}; expected {}", known.join(" or ")))
    })
}

fn read_items() -> Result<Vec<Item>, CommandError> {
    const EXPECTED: &str = r#"expected JSON such as [{"eid": "…", "text": "…"}]"#;
    let input = std::io::stdin();
    if input.is_terminal() {
        return Err(CommandError::Usage(format!("standard input: {EXPECTED}")));
    }
    serde_json::from_reader(BufReader::new(input.lock().take(MAX_BYTES))).map_err(|error| {
        // The error's own text can have a part of the input.
        let place = format!("line {}, column {}", error.line(), error.column());
        CommandError::Usage(format!("standard input, {place}: {EXPECTED}"))
    })
}

/// The messages that can be stored, and how many cannot. Says why.
fn usable(items: &[Item], provider: &Provider, operator: &Operator<'_>) -> (Vec<Message>, usize) {
    let mut positions = HashMap::new();
    let mut messages = Vec::new();
    for (item, position) in items.iter().zip(1_usize..) {
        let message = message(item, provider, operator).and_then(|message| {
            let citizen = message.citizen.for_new().as_str().to_owned();
            match positions.insert(citizen, position) {
                None => Ok(message),
                Some(earlier) => Err(format!("it has the same number as message {earlier}")),
            }
        });
        match message {
            Ok(message) => messages.push(message),
            Err(problem) => eprintln!("message {position}: {problem}"),
        }
    }
    let refused = items.len().saturating_sub(messages.len());
    (messages, refused)
}

fn message(item: &Item, provider: &Provider, operator: &Operator<'_>) -> Result<Message, String> {
    let eid = item.eid.as_ref().ok_or("it has no number")?;
    let eid = Eid::parse(eid.expose(), &provider.eid).map_err(|_| "this provider would not send its number")?;
    let text = item.text.as_ref().ok_or("it has no text")?;
    let text = MessageText::parse(text.expose()).map_err(|error| match error {
        TextError::TooLong(count) => format!("its text has {count} characters, and may have {MESSAGE_LIMIT}"),
        TextError::Nul => "its text has the character NUL".to_owned(),
    })?;
    Ok(Message { citizen: operator.keys.pseudonyms.of(&provider.namespace, &eid), text })
}

/// Stores each message of a citizen who has none.
async fn store(messages: Vec<Message>, operator: &Operator<'_>) -> Result<(), CommandError> {
    let store = Messages::new(operator.table.clone());
    let (mut stored, mut kept) = (0_usize, 0_usize);
    let mut saves = stream::iter(messages)
        .map(async |Message { citizen, text }| (store.save(&citizen, text, 0, &operator.by()).await, citizen))
        .buffered(CONCURRENCY);
    while let Some((outcome, citizen)) = saves.next().await {
        match outcome {
            Ok(Outcome::Stored(_)) => {
                operator.security.record(&operator.context, &Event::import(citizen.for_new()));
                stored = stored.saturating_add(1);
            }
            Ok(Outcome::Conflict(_)) => kept = kept.saturating_add(1),
            Err(error) => {
                let hint = "run this command again: what is stored already stays as it is";
                return Err(CommandError::Failed(format!("{error}: {stored} messages are stored; {hint}")));
            }
        }
    }
    let reference = operator.context.reference;
    println!("{stored} messages stored, {kept} citizens keep a message that they have already, reference {reference}");
    Ok(())
}
