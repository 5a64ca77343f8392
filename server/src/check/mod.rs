//! `server check`: one line for each thing that must hold, with the mend where it does not.

mod bridge;
mod provider;
mod user_pool;

use std::fmt;

use crate::{
    assets,
    config::Config,
    dynamodb::{self, TableFault},
    sessions::DynamoDbStore,
    sign_in::{HttpClient, RelyingParty},
};

/// One line of the report.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// What was looked at.
    pub subject: String,
    /// What was found, or what is wrong and how to mend it.
    pub result: Result<String, String>,
}

/// The longest text that a line shows, in characters.
const LONGEST: usize = 600;

/// Some of it is what others answered, who could otherwise write lines of their own, or to the terminal.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verdict, text) = match &self.result {
            Ok(found) => ("ok  ", found),
            Err(mend) => ("FAIL", mend),
        };
        write!(f, "{verdict}  {}: ", self.subject)?;
        for character in text.chars().take(LONGEST) {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?
            } else {
                write!(f, "{character}")?
            }
        }
        if text.chars().nth(LONGEST).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// Tries what can be tried without a sign-in: site, keys, tables, the user pool, each bridge, and the way to each provider.
pub async fn check(config: &Config) -> Vec<Line> {
    let mut lines =
        vec![line("configuration", Ok(format!("{} with {} provider(s)", config.public_url, config.providers.len())))];
    lines.push(line(
        "site",
        assets::find(&assets::site_root(config)).map(|found| found.script).map_err(|fault| fault.to_string()),
    ));
    let settings = dynamodb::aws_settings(config).await;
    let key = crate::pseudonym_key(&config.pseudonym, &settings).await;
    let found = key.as_ref().map(|_| "it is there".to_owned()).map_err(ToString::to_string);
    lines.push(line("pseudonym key", found));
    lines.extend(bridge::own_keys(config, &settings).await);
    let client = dynamodb::client(config, &settings);
    for (table, result) in dynamodb::check_tables(&client, &config.dynamodb).await {
        lines.push(line(
            &format!("table {table}"),
            result.map(|()| "keys and settings are right".to_owned()).map_err(|fault| table_mend(&fault)),
        ));
    }
    for (table, result) in dynamodb::probe_tables(&client, &config.dynamodb).await {
        lines.push(line(
            &format!("permissions {table}"),
            result.map(|()| "an item was written, read and deleted".to_owned()).map_err(|error| {
                format!("{error}; the role of this server needs dynamodb:GetItem, PutItem, DeleteItem and Query on it and its index")
            }),
        ));
    }
    match HttpClient::new() {
        Ok(http) => {
            lines.extend(user_pool::look(config, &http).await);
            lines.extend(bridge::providers(config, &http).await);
            // Nothing is sealed and nothing stored for a trial: a key that is not there does not matter.
            let store = DynamoDbStore::new(client, config.dynamodb.sessions_table.clone());
            let relying_party = RelyingParty::new(config, http.clone(), store, key.as_deref().unwrap_or_default());
            lines.extend(provider::look(config, &http, &relying_party).await);
        }
        Err(error) => lines.push(line("user pool", Err(format!("TLS cannot be set up on this machine ({error})")))),
    }
    lines
}

fn line(subject: &str, result: Result<String, String>) -> Line {
    Line { subject: subject.to_owned(), result }
}

fn table_mend(fault: &TableFault) -> String {
    let mend = match fault {
        TableFault::Unavailable(error) if error.reason == "ResourceNotFoundException" => {
            "create it with `server create-tables`, or as docs/ARCHITECTURE.md describes it"
        }
        TableFault::Unavailable(error) if error.reason.contains("AccessDenied") => {
            "give the role of this server dynamodb:DescribeTable and dynamodb:DescribeTimeToLive on it"
        }
        TableFault::Unavailable(_) => {
            "is dynamodb.endpoint_url right, and are AWS credentials and a way to DynamoDB there?"
        }
        TableFault::Shape { .. } => "make the table anew as docs/ARCHITECTURE.md describes it",
    };
    format!("{fault}; {mend}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_others_answered() {
        let forged = line("discovery", Ok("x\u{1b}[2K\nok    signing keys: 2 for RS256".to_owned())).to_string();
        assert_eq!(forged, "ok    discovery: x\\u{1b}[2K\\nok    signing keys: 2 for RS256");
        let long = line("discovery", Err("é".repeat(100_000))).to_string();
        assert!(long.ends_with("éé…") && long.chars().count() < 700, "{}", long.len());
    }
}
