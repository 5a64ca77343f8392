//! `server check`: one line per check. A failed check says what is wrong and how to fix it.

mod bridge;
mod caller;
mod deep;
mod documents;
mod keys;
mod line;
mod provider;
mod proxies;
mod role;
mod user_pool;

use std::path::PathBuf;

use self::{
    line::{Line, line},
    role::RoleName,
};
use super::{error::CommandError, with_config::with_config};
use crate::{
    assets,
    aws::{self, TableError},
    config::Config,
    oidc::HttpClient,
    security_log,
};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Also compare the settings at AWS that case workers' documents need, with an operator's credentials
    #[arg(long)]
    deep: bool,
    /// The role that the server runs as, for --deep; the default is the role of the credentials
    #[arg(long, value_name = "ARN", requires = "deep")]
    server_role: Option<String>,
    /// Print one JSON object per check, each on a line of its own
    #[arg(long)]
    json: bool,
}

/// `server check`
pub(super) async fn run(arguments: &Arguments, file: Option<PathBuf>) -> Result<(), CommandError> {
    with_config(file, async |config| {
        let lines = check(config, arguments).await;
        for line in &lines {
            if arguments.json { println!("{}", line.to_json()) } else { println!("{line}") }
        }
        let failed = lines.iter().filter(|line| line.result.is_err()).count();
        if failed == 0 {
            Ok(())
        } else {
            Err(CommandError::Failed(format!("{failed} of {} checks failed", lines.len())))
        }
    })
    .await
}

/// Checks everything that needs no sign-in: site, keys, tables, user pool, bridges, the redirect to each provider, and what
/// documents need.
async fn check(config: &Config, arguments: &Arguments) -> Vec<Line> {
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
            lines.extend(user_pool::check(config, &settings, &http).await);
            lines.extend(bridge::providers(config, &http).await);
            lines.extend(provider::check(config, &http).await);
            let server = documents::check(config, &settings, &http, &mut lines).await;
            if arguments.deep {
                let server = arguments.server_role.as_deref().map(RoleName::exact).or(server);
                lines.extend(deep::check(config, &settings, &http, server.as_ref()).await);
            }
        }
        Err(error) => lines.push(line("user pool", Err(format!("TLS cannot be set up on this machine ({error})")))),
    }
    lines
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
