//! `GET /federation/{id}/authorize`: Cognito's authorization request, with the provider's extra parameters.

use std::sync::Arc;

use app::{pages::failure::FailureKind, texts::Language};
use axum::{
    extract::{Path, RawQuery, State, rejection::PathRejection},
    response::Response,
};
use url::Url;

use super::bridge::{Bridge, Bridges};
use crate::{
    failure::Failure,
    language::Chosen,
    oidc::{Repeated, parameter},
    redirect::see_other,
};

/// The parameters that are forwarded: Cognito's own, and those that an app can pass through Cognito. Others are
/// dropped. The provider might act on them, for example on a whole request in one parameter (OpenID Connect Core 1.0,
/// 6). Cognito does not pass on a language, so the bridge sends that of this site's pages.
const FORWARDED: [&str; 8] =
    ["client_id", "redirect_uri", "response_type", "scope", "state", "login_hint", "prompt", "max_age"];

/// 303 to the provider.
///
/// The request is not signed, so it is checked: only the user pool's client and callback are accepted. The query cannot
/// override the parameters that the bridge adds.
pub(super) async fn authorize(
    State(bridges): State<Arc<Bridges>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    Chosen(language): Chosen,
) -> Result<Response, Failure> {
    let bridge = bridges.requested(id)?;
    let parameters = bridge
        .parameters(query.as_deref().unwrap_or_default())
        .map_err(|reason| Failure::new(FailureKind::BadRequest, reason))?;
    Ok(see_other(&bridge.provider_url(&parameters, language)))
}

impl Bridge {
    /// The parameters of `query` to forward.
    ///
    /// # Errors
    /// It is not a request of the user pool.
    fn parameters(&self, query: &str) -> Result<Vec<(&'static str, String)>, &'static str> {
        let mut parameters = Vec::new();
        for name in FORWARDED {
            let value = parameter(query, name).map_err(|Repeated| "a parameter was sent twice")?;
            parameters.extend(value.map(|value| (name, value)));
        }
        let value_of = |name| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        if value_of("client_id") != Some(&self.settings.client_id) {
            return Err(
                "client_id differs from providers.bridge.client_id: check the provider's client id in the user pool",
            );
        }
        if value_of("redirect_uri") != Some(&self.redirect_uri) {
            return Err("redirect_uri does not belong to the user pool: check cognito.domain");
        }
        if value_of("response_type") != Some("code") {
            return Err("response_type is not code");
        }
        // RFC 9700, 4.7.1: Cognito always sends one.
        if value_of("state").is_none_or(str::is_empty) {
            return Err("state is missing");
        }
        Ok(parameters)
    }

    /// The provider's URL with the forwarded and the added parameters. Each is encoded again, so a `client_id` that is
    /// a URN is kept.
    fn provider_url(&self, parameters: &[(&'static str, String)], language: Language) -> String {
        let added = || self.settings.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let is_added = |name: &str| added().any(|(other, _)| other.eq_ignore_ascii_case(name));
        // Cognito passes on our own `prompt=login`, and the provider may refuse it.
        let accepted = |name: &str| self.prompt.filter(|_| name == "prompt");
        let forwarded = parameters.iter().filter(|(name, _)| !is_added(name));
        let forwarded = forwarded.map(|(name, value)| (*name, accepted(name).unwrap_or(value)));
        let pages = (self.pages.parameter, self.pages.value(language.tag()));
        let pages = Some(pages).filter(|(name, _)| !is_added(name));
        let endpoint = self.settings.authorization_endpoint.as_str();
        let Ok(mut url) = Url::parse(endpoint) else { return endpoint.to_owned() };
        url.query_pairs_mut()
            .extend_pairs(forwarded)
            .extend_pairs(added())
            .extend_pairs(pages)
            .append_pair("nonce", &self.nonces.make());
        url.into()
    }
}
