//! `server check`: one line for each thing that must hold, with the mend where it does not.

use std::fmt;

use serde::Deserialize;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

use crate::{
    assets,
    config::Config,
    dynamodb::{self, TableFault},
    sign_in::{HttpClient, count_keys},
};

/// How far the clocks may differ before tokens are taken for expired or not yet valid.
const SKEW: Duration = Duration::seconds(30);

/// One line of the report.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// What was looked at.
    pub subject: String,
    /// What was found, or what is wrong and how to mend it.
    pub result: Result<String, String>,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.result {
            Ok(found) => write!(f, "ok    {}: {found}", self.subject),
            Err(mend) => write!(f, "FAIL  {}: {mend}", self.subject),
        }
    }
}

/// Tries what can be tried without a sign-in: site, pseudonym key, tables, clock, discovery, signing keys.
pub async fn check(config: &Config) -> Vec<Line> {
    let mut lines =
        vec![line("configuration", Ok(format!("{} with {} provider(s)", config.public_url, config.providers.len())))];
    lines.push(line(
        "site",
        assets::find(&assets::site_root(config)).map(|found| found.script).map_err(|fault| fault.to_string()),
    ));
    let settings = dynamodb::aws_settings(config).await;
    let key = crate::pseudonym_key(&config.pseudonym, &settings).await;
    lines.push(line("pseudonym key", key.map(|_| "it is there".to_owned()).map_err(|fault| fault.to_string())));
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
        Ok(http) => lines.extend(user_pool(config, &http).await),
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

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
}

async fn user_pool(config: &Config, http: &HttpClient) -> Vec<Line> {
    let url = config.cognito.discovery_url();
    let (clock, discovery) = match http.get(&url).await {
        Ok(response) => {
            let date = response.headers().get(http::header::DATE);
            let date = date.and_then(|date| OffsetDateTime::parse(date.to_str().ok()?, &Rfc2822).ok());
            let document = serde_json::from_slice::<Discovery>(response.body());
            let document = document.map_err(|_| format!("{url} holds no discovery document"));
            (clock(date), document.and_then(|document| discovery(config, &document)))
        }
        Err(fault) => {
            let mend = "check cognito.region, cognito.user_pool_id and the way out of this network";
            (Err("not compared: the user pool does not answer".to_owned()), Err(format!("{url} is {fault}: {mend}")))
        }
    };
    let keys_url = config.cognito.keys_url();
    let keys = match http.get(&keys_url).await.map(|response| count_keys(response.body())) {
        Ok(0) => Err(format!("{keys_url} holds no RS256 key")),
        Ok(keys) => Ok(format!("{keys} for RS256")),
        Err(fault) => Err(format!("{keys_url} is {fault}: without keys nobody can sign in")),
    };
    vec![line("clock", clock), line("discovery", discovery), line("signing keys", keys)]
}

fn discovery(config: &Config, document: &Discovery) -> Result<String, String> {
    let cognito = &config.cognito;
    if document.issuer != cognito.issuer.as_str() {
        return Err(format!(
            "the user pool calls itself {}, the configuration {}: set cognito.issuer to the former",
            document.issuer,
            cognito.issuer.as_str()
        ));
    }
    if document.jwks_uri != cognito.keys_url() {
        return Err(format!(
            "the user pool's keys are at {}, not where they are looked for ({})",
            document.jwks_uri,
            cognito.keys_url()
        ));
    }
    // A user pool may have two domains and tells one: another one than the configuration's need not be wrong.
    let own = cognito.domain.at("/oauth2/authorize");
    match &document.authorization_endpoint {
        Some(other) if *other != own => {
            Ok(format!("{}; note that it names another domain than cognito.domain: {other}", document.issuer))
        }
        _ => Ok(document.issuer.clone()),
    }
}

fn clock(date: Option<OffsetDateTime>) -> Result<String, String> {
    let Some(date) = date else { return Ok("not compared: the user pool sent no date".to_owned()) };
    let difference = (OffsetDateTime::now_utc() - date).abs();
    if difference > SKEW {
        return Err(format!(
            "{} s away from the user pool's: set this machine's clock (NTP)",
            difference.whole_seconds()
        ));
    }
    Ok(format!("within {} s of the user pool's", SKEW.whole_seconds()))
}
