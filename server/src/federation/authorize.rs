//! `GET /federation/{id}/authorize`: Cognito's authorization request, with what the provider asks for besides.

use std::sync::Arc;

use app::pages::failure::Kind;
use axum::{
    extract::{Path, RawQuery, State, rejection::PathRejection},
    response::Response,
};
use url::Url;

use super::Bridge;
use crate::{
    Site,
    failure::Failure,
    query::{Repeated, parameter},
    redirect::see_other,
};

/// What goes on: Cognito's own parameters, and those that an app hands through it. Anything else could mean something to the
/// provider that nobody here thought of, such as a whole request in one parameter (OpenID Connect Core 1.0, 6).
const GO_ON: [&str; 9] =
    ["client_id", "redirect_uri", "response_type", "scope", "state", "login_hint", "prompt", "max_age", "ui_locales"];

/// 303 to the provider.
///
/// Nothing is signed by the browser that comes here, so what it brings is checked: only the user pool's own client and its
/// own callback go on, and what the bridge adds cannot come from the query.
pub(super) async fn authorize(
    State(site): State<Arc<Site>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let Some(bridge) = id.ok().and_then(|Path(id)| site.bridges.find(&id)) else {
        return Err(Failure::new(Kind::NotFound, "no provider with a bridge has this id"));
    };
    let parameters = bridge
        .parameters(query.as_deref().unwrap_or_default())
        .map_err(|reason| Failure::new(Kind::BadRequest, reason))?;
    Ok(see_other(&bridge.provider_url(&parameters)))
}

impl Bridge {
    /// What of `query` goes on, once it is known to be the user pool's own request.
    fn parameters(&self, query: &str) -> Result<Vec<(&'static str, String)>, &'static str> {
        let mut parameters = Vec::new();
        for name in GO_ON {
            let value = parameter(query, name).map_err(|Repeated| "a parameter came twice")?;
            parameters.extend(value.map(|value| (name, value)));
        }
        let one = |name| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        if one("client_id") != Some(&self.settings.client_id) {
            return Err("client_id is not the bridge's: check the client id of the provider in the user pool");
        }
        if one("redirect_uri") != Some(&self.redirect_uri) {
            return Err("redirect_uri is not the user pool's: check cognito.domain");
        }
        if one("response_type") != Some("code") {
            return Err("response_type is not code");
        }
        // RFC 9700, 4.7.1: Cognito always sends one.
        if one("state").is_none_or(str::is_empty) {
            return Err("state is missing");
        }
        Ok(parameters)
    }

    /// The provider's address with what came and what is added, each parameter encoded anew: an URN as `client_id` stays one.
    fn provider_url(&self, parameters: &[(&'static str, String)]) -> String {
        let added = || self.settings.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let is_ours = |name: &str| added().any(|(own, _)| own.eq_ignore_ascii_case(name));
        let endpoint = self.settings.authorization_endpoint.as_str();
        let Ok(mut url) = Url::parse(endpoint) else { return endpoint.to_owned() };
        url.query_pairs_mut()
            .extend_pairs(parameters.iter().filter(|(name, _)| !is_ours(name)))
            .extend_pairs(added())
            .append_pair("nonce", &self.nonces.make());
        url.into()
    }
}
