//! `server check`: one line per check. A failed check says what is wrong and how to fix it.

mod bridge;
mod caller;
mod deep;
mod documents;
mod issuer;
mod keys;
mod line;
mod places;
mod provider;
mod proxies;
mod role;
mod tables;
mod user_pool;

use std::path::PathBuf;

use self::{
    line::{Line, line},
    role::RoleName,
};
use super::{error::CommandError, with_config::with_config};
use crate::{assets, aws, config::Config, oidc::HttpClient, security_log};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Also compare the settings at AWS that only an operator may read, with an operator's credentials
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
    lines.extend(tables::check(&client, config).await);
    match HttpClient::new() {
        Ok(http) => {
            lines.extend(user_pool::check(config, &settings, &http).await);
            lines.extend(bridge::providers(config, &http).await);
            lines.extend(provider::check(config, &http).await);
            lines.extend(issuer::check(config, &http).await);
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
