//! The user pool: its clock, its discovery document, its signing keys.

use serde::Deserialize;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

use super::{Line, line};
use crate::{
    config::Config,
    sign_in::{HttpClient, count_keys},
};

/// How far the clocks may differ before tokens are taken for expired or not yet valid.
const SKEW: Duration = Duration::seconds(30);

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
}

/// Clock, discovery document and signing keys of the user pool.
pub(super) async fn look(config: &Config, http: &HttpClient) -> Vec<Line> {
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
