//! `GET /federation/{id}/authorize`: Cognito's authorization request, with what the provider asks for besides.

use std::sync::Arc;

use app::pages::failure::Kind;
use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use url::{Url, form_urlencoded};

use super::Bridge;
use crate::{
    Site,
    failure::Failure,
    query::{Repeated, parameter},
    redirect::see_other,
};

/// 303 to the provider.
///
/// Nothing is signed by the browser that comes here, so what it brings is checked: only the user pool's own client and its
/// own callback go on, and what the bridge adds cannot come from the query.
pub(super) async fn authorize(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let Some(bridge) = site.bridges.find(&id) else {
        return Err(Failure::new(Kind::NotFound, "no provider with a bridge has this id"));
    };
    let query = query.unwrap_or_default();
    bridge.check(&query).map_err(|reason| Failure::new(Kind::BadRequest, reason))?;
    Ok(see_other(&bridge.provider_url(&query)))
}

impl Bridge {
    fn check(&self, query: &str) -> Result<(), &'static str> {
        let one =
            |name| parameter(query, name).map_err(|Repeated| "a parameter of an authorization request came twice");
        if one("client_id")?.as_deref() != Some(&self.settings.client_id) {
            return Err("client_id is not the bridge's: check the client id of the provider in the user pool");
        }
        if one("redirect_uri")?.as_deref() != Some(&self.redirect_uri) {
            return Err("redirect_uri is not the user pool's: check cognito.domain");
        }
        if one("response_type")?.as_deref() != Some("code") {
            return Err("response_type is not code");
        }
        // RFC 9700, 4.7.1: Cognito always sends one.
        if one("state")?.is_none_or(|state| state.is_empty()) {
            return Err("state is missing");
        }
        Ok(())
    }

    /// The provider's address with what came and what is added, each parameter encoded anew: an URN as `client_id` stays one.
    fn provider_url(&self, query: &str) -> String {
        let added = || self.settings.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let is_ours = |name: &str| name == "nonce" || added().any(|(own, _)| own == name);
        let endpoint = self.settings.authorization_endpoint.as_str();
        let Ok(mut url) = Url::parse(endpoint) else { return endpoint.to_owned() };
        url.query_pairs_mut()
            .extend_pairs(form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !is_ours(name)))
            .extend_pairs(added())
            .append_pair("nonce", &self.nonces.make());
        url.into()
    }
}
