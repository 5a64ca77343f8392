//! `server check`: one line per check. A failed check says what is wrong and how to fix it.

mod bridge;
mod keys;
mod provider;
mod proxies;
mod user_pool;

use std::{fmt, path::PathBuf};

use super::{error::CommandError, with_config::with_config};
use crate::{
    assets,
    aws::{self, TableError},
    config::Config,
    oidc::HttpClient,
    security_log,
};

/// `server check`
pub(super) async fn run(file: Option<PathBuf>) -> Result<(), CommandError> {
    with_config(file, async |config| {
        let lines = check(config).await;
        lines.iter().for_each(|line| println!("{line}"));
        let failed = lines.iter().filter(|line| line.result.is_err()).count();
        if failed == 0 {
            Ok(())
        } else {
            Err(CommandError::Failed(format!("{failed} of {} checks failed", lines.len())))
        }
    })
    .await
}

/// One line of the report.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    /// What was checked.
    subject: String,
    /// What was found, or what is wrong and how to fix it.
    result: Result<String, String>,
}

/// The longest text of a line. The rest is cut off.
const MAX_CHARACTERS: usize = 600;

/// Part of the text comes from remote servers. Control characters are escaped, so that it cannot forge lines or control
/// the terminal.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verdict, text) = match &self.result {
            Ok(found) => ("ok  ", found),
            Err(problem) => ("FAIL", problem),
        };
        write!(f, "{verdict}  {}: ", self.subject)?;
        for character in text.chars().take(MAX_CHARACTERS) {
            if character.is_control() {
                write!(f, "{}", character.escape_default())?
            } else {
                write!(f, "{character}")?
            }
        }
        if text.chars().nth(MAX_CHARACTERS).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// Checks everything that needs no sign-in: site, keys, tables, user pool, bridges, and the redirect to each provider.
async fn check(config: &Config) -> Vec<Line> {
    let mut lines =
        vec![line("configuration", Ok(format!("{} with {} provider(s)", config.public_url, config.providers.len())))];
    lines.push(proxies::check(config));
    let site_root = assets::site_root(config);
    lines.push(line(
        "site",
        assets::check(&site_root)
            .map(|()| format!("{} has the style sheet, the script and the WASM", site_root.display()))
            .map_err(|error| error.to_string()),
    ));
    lines.push(line("security log", security_log::check(&config.log.security)));
    let settings = aws::settings(config).await;
    lines.extend(keys::check(config, &settings).await);
    lines.extend(bridge::own_keys(config, &settings).await);
    let client = aws::dynamodb_client(config, &settings);
    for (table, result) in aws::check_tables(&client, &config.dynamodb).await {
        lines.push(line(
            &format!("table {table}"),
            result.map(|()| "keys and settings are correct".to_owned()).map_err(|error| table_problem(&error)),
        ));
    }
    for (table, result) in aws::probe_tables(&client, &config.dynamodb).await {
        lines.push(line(
            &format!("permissions {table}"),
            result.map(|()| "an item was written, read and deleted".to_owned()).map_err(|error| {
                let fix = match error.reason.as_str() {
                    "timed out" | "unreachable" => "check dynamodb.endpoint_url and the network",
                    "ResourceNotFoundException" => "create the table with `server create-tables`",
                    _ => {
                        "give this server's role dynamodb:GetItem, PutItem, DeleteItem and Query on the table \
                         and its index"
                    }
                };
                format!("{error}; {fix}")
            }),
        ));
    }
    match HttpClient::new() {
        Ok(http) => {
            lines.extend(user_pool::check(config, &http).await);
            lines.extend(bridge::providers(config, &http).await);
            lines.extend(provider::check(config, &http).await);
        }
        Err(error) => lines.push(line("user pool", Err(format!("TLS cannot be set up on this machine ({error})")))),
    }
    lines
}

fn line(subject: &str, result: Result<String, String>) -> Line {
    Line { subject: subject.to_owned(), result }
}

fn table_problem(error: &TableError) -> String {
    let fix = match error {
        TableError::Unavailable(error) if error.reason == "ResourceNotFoundException" => {
            "create the table with `server create-tables`, or as described in docs/ARCHITECTURE.md"
        }
        TableError::Unavailable(error) if error.reason.contains("AccessDenied") => {
            "give this server's role dynamodb:DescribeTable and dynamodb:DescribeTimeToLive on the table"
        }
        TableError::Unavailable(_) => {
            "check dynamodb.endpoint_url, the AWS credentials and the network route to DynamoDB"
        }
        TableError::Shape { .. } => {
            "set the table up as described in docs/ARCHITECTURE.md; changing its keys needs a new table"
        }
    };
    format!("{error}; {fix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_text_cannot_forge_a_line() {
        let forged = line("discovery", Ok("x\u{1b}[2K\nok    signing keys: 2 for RS256".to_owned())).to_string();
        assert_eq!(forged, "ok    discovery: x\\u{1b}[2K\\nok    signing keys: 2 for RS256");
        let long = line("discovery", Err("é".repeat(100_000))).to_string();
        assert!(long.ends_with("éé…") && long.chars().count() < 700, "{}", long.len());
    }
}
