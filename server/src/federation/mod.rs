//! The bridge between Cognito and an identity provider that demands what Cognito cannot send: parameters of its own in the
//! authorization request, and a client that proves itself by a signed assertion (`private_key_jwt`, OpenID Connect Core 1.0,
//! section 9; RFC 7523) in the place of a secret.
//!
//! Cognito has the bridge's two addresses for the provider's own, and a secret that only the two of them know. The bridge
//! keeps nothing: any number of servers can stand behind a balancer.

mod assertion;
mod authorize;
mod new_key;
mod nonce;
mod oauth_error;
mod private_jwk;
mod signing_keys;
mod token;
mod upstream;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, State, rejection::PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use self::nonce::Nonces;
pub use self::{
    new_key::{CERTIFICATE_VALIDITY, NewKeyFault, new_key},
    signing_keys::{KeyFileFault, SigningKeys},
};
use crate::{
    Site,
    config::{self, Config},
    sign_in::{HttpClient, Keys},
};

/// A token request of Cognito's has some 1 KB.
const LARGEST_BODY: usize = 16 * 1024;

/// The routes for the user pool and for the provider; the one for browsers is [`browser_router`].
pub(crate) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/federation/{id}/token", post(token::token))
        .route("/federation/{id}/jwks.json", get(jwks))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

/// The route that browsers come by.
pub(crate) fn browser_router() -> Router<Arc<Site>> {
    Router::new().route("/federation/{id}/authorize", get(authorize::authorize))
}

/// The bridges of all providers that have one.
#[derive(Debug)]
pub struct Bridges(Vec<Bridge>);

/// The bridge to one provider.
#[derive(Debug)]
pub(crate) struct Bridge {
    /// The provider's id here.
    id: String,
    settings: config::Bridge,
    /// The one address that Cognito has the provider send browsers back to.
    redirect_uri: String,
    own_keys: SigningKeys,
    /// The provider's keys.
    pub(crate) provider_keys: Arc<Keys>,
    nonces: Nonces,
    http: HttpClient,
}

impl Bridges {
    /// A bridge for each provider of `config` that has one, with its keys in the same order.
    pub(crate) fn new(config: &Config, http: &HttpClient, pseudonym_key: &[u8], own_keys: Vec<SigningKeys>) -> Self {
        let with_bridge = config.providers.iter().filter_map(|provider| Some((provider, provider.bridge.as_ref()?)));
        let bridges = with_bridge.zip(own_keys).map(|((provider, settings), own_keys)| Bridge {
            id: provider.id.clone(),
            settings: settings.clone(),
            redirect_uri: config.cognito.domain.at("/oauth2/idpresponse"),
            own_keys,
            provider_keys: Arc::new(Keys::new(settings.jwks_uri.as_str().to_owned(), http.clone())),
            nonces: Nonces::new(pseudonym_key, &provider.id),
            http: http.clone(),
        });
        Self(bridges.collect())
    }

    fn find(&self, id: &str) -> Option<&Bridge> {
        self.0.iter().find(|bridge| bridge.id == id)
    }

    /// Every bridge.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Bridge> {
        self.0.iter()
    }
}

/// `GET /federation/{id}/jwks.json`: the public halves of the keys that assertions are signed with (RFC 7517).
async fn jwks(State(site): State<Arc<Site>>, id: Result<Path<String>, PathRejection>) -> Response {
    match id.ok().and_then(|Path(id)| site.bridges.find(&id)) {
        Some(bridge) => Json(bridge.own_keys.public()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
