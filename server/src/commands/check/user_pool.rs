//! Checks of the user pool: clock, discovery document, signing keys, and the app client of citizens.

use aws_config::SdkConfig;
use serde::Deserialize;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc2822};

use super::{Line, line};
use crate::{
    config::{Cognito, Config},
    oidc::{HttpClient, count_keys},
    sign_in::probe_client,
};

/// How far the clocks may differ. With a larger difference, tokens can seem expired or not yet valid.
const MAX_SKEW: Duration = Duration::seconds(30);

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
}

/// Checks clock, discovery document and signing keys of the user pool, and whether it accepts the app client of citizens.
pub(super) async fn check(config: &Config, settings: &SdkConfig, http: &HttpClient) -> Vec<Line> {
    let url = config.cognito.discovery_url();
    let (clock, discovery) = match http.get(&url).await {
        Ok(response) => {
            let date = response.headers().get(http::header::DATE);
            let date = date.and_then(|date| OffsetDateTime::parse(date.to_str().ok()?, &Rfc2822).ok());
            let document = serde_json::from_slice::<Discovery>(response.body());
            let document = document.map_err(|_| {
                format!(
                    "{url} is not a discovery document: check cognito.region, cognito.user_pool_id and cognito.issuer"
                )
            });
            (clock(date), document.and_then(|document| discovery(config, &document)))
        }
        Err(error) => {
            let fix = "check cognito.region, cognito.user_pool_id and this server's outgoing connections";
            (
                Err("not compared: cannot reach the user pool; fix discovery first".to_owned()),
                Err(format!("cannot use {url} ({error}): {fix}")),
            )
        }
    };
    let keys_url = config.cognito.keys_url();
    let keys = match http.get(&keys_url).await.map(|response| count_keys(response.body())) {
        Ok(0) => Err(format!("{keys_url} has no RS256 key: check cognito.issuer")),
        Ok(keys) => Ok(format!("{keys} for RS256")),
        Err(error) => Err(format!(
            "cannot use {keys_url} ({error}): check outgoing connections; without keys, no one can sign in"
        )),
    };
    let app_client = app_client(config, settings, http).await;
    vec![line("clock", clock), line("discovery", discovery), line("signing keys", keys), line("app client", app_client)]
}

async fn app_client(config: &Config, settings: &SdkConfig, http: &HttpClient) -> Result<String, String> {
    let Cognito { client_id, client_secret, .. } = &config.cognito;
    probe_client(config, settings, None, http).await?;
    let with = if client_secret.is_some() { "with its secret" } else { "without a secret" };
    Ok(format!("the user pool accepts {client_id} {with}"))
}

fn discovery(config: &Config, document: &Discovery) -> Result<String, String> {
    let cognito = &config.cognito;
    if document.issuer != cognito.issuer.as_str() {
        return Err(format!(
            "the user pool's issuer is {}, but the configuration has {}: set cognito.issuer to the user pool's",
            document.issuer,
            cognito.issuer.as_str()
        ));
    }
    if document.jwks_uri != cognito.keys_url() {
        return Err(format!(
            "the user pool's keys are at {}, but this server fetches {}: check cognito.issuer",
            document.jwks_uri,
            cognito.keys_url()
        ));
    }
    // A user pool can have two domains but names only one, so a different one is not necessarily wrong.
    let own = cognito.domain.at("/oauth2/authorize");
    match &document.authorization_endpoint {
        Some(other) if *other != own => {
            Ok(format!("{}; note: it names a domain other than cognito.domain: {other}", document.issuer))
        }
        _ => Ok(document.issuer.clone()),
    }
}

fn clock(date: Option<OffsetDateTime>) -> Result<String, String> {
    let Some(date) = date else { return Ok("not compared: the user pool sent no date".to_owned()) };
    let difference = (OffsetDateTime::now_utc() - date).abs();
    if difference > MAX_SKEW {
        return Err(format!(
            "{} s off the user pool's clock: set this machine's clock (NTP)",
            difference.whole_seconds()
        ));
    }
    Ok(format!("within {} s of the user pool's clock", MAX_SKEW.whole_seconds()))
}
