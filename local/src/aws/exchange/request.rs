//! The request for a token.

use axum::http::request::Parts;
use serde::Deserialize;

use super::refusal::Refusal;

/// The only grant that the application has.
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// What may be asked for: the application's scope, and those that every application has.
const SCOPES: [&str; 4] = ["s3:access_grants:read_write", "openid", "aws", "sts:identity_context"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    client_id: Option<String>,
    grant_type: Option<String>,
    assertion: Option<String>,
    #[serde(default)]
    scope: Vec<String>,
}

/// A well-formed request.
pub(super) struct ExchangeRequest {
    pub(super) client_id: String,
    pub(super) assertion: String,
}

impl ExchangeRequest {
    pub(super) fn parse(parts: &Parts, body: &[u8]) -> Result<Self, Refusal> {
        if parts.uri.query() != Some("aws_iam=t") {
            return Err(Refusal::InvalidRequest("Only CreateTokenWithIAM exists here."));
        }
        let Ok(Body { client_id: Some(client_id), grant_type: Some(grant_type), assertion, scope }) =
            serde_json::from_slice(body)
        else {
            return Err(Refusal::InvalidRequest("Invalid request provided"));
        };
        if grant_type != JWT_BEARER {
            return Err(Refusal::UnsupportedGrantType);
        }
        if !scope.iter().all(|scope| SCOPES.contains(&scope.as_str())) {
            return Err(Refusal::InvalidScope);
        }
        let assertion = assertion.ok_or(Refusal::InvalidRequest("Missing assertion"))?;
        Ok(Self { client_id, assertion })
    }
}
