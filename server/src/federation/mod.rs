//! The bridge between Cognito and an identity provider that needs what Cognito cannot send: extra parameters in the
//! authorization request, and a signed client assertion instead of a secret (`private_key_jwt`, OpenID Connect Core
//! 1.0, section 9; RFC 7523).
//!
//! Cognito is configured with the bridge's two endpoints instead of the provider's, and shares a secret with the
//! bridge. The bridge stores nothing, so any number of servers can run behind a load balancer.

mod assertion;
mod authorize;
mod bridge;
mod client_secrets;
mod key_error;
mod new_key;
mod nonce;
mod private_jwk;
mod signing_keys;
mod token;
mod upstream;

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State, rejection::PathRejection},
    routing::{get, post},
};
use jsonwebtoken::jwk::JwkSet;

pub use self::{
    bridge::{BridgeSecrets, Bridges},
    client_secrets::ClientSecrets,
    key_error::KeyError,
    new_key::{CERTIFICATE_VALIDITY, KeyType, NewKeyError, new_key},
    signing_keys::{LoadError, SigningKeys},
};
use crate::{
    failure::Failure,
    layers::{Addresses, BodyLimits, Frame, Limits, Routes},
};

/// A token request from Cognito has about 1 KB, and Cognito waits for 5 seconds in all.
const BODY_LIMITS: BodyLimits = BodyLimits::small(16 * 1024, Duration::from_secs(2));

/// The route for browsers.
pub fn browser_routes(bridges: Arc<Bridges>, frame: Frame, limits: &Limits) -> Router {
    Routes::for_browsers_at(Addresses::Others, frame)
        .route("/federation/{id}/authorize", limits.bridge_visits.every_request(), get(authorize::authorize))
        .finish(bridges)
}

/// The routes for the user pool and for the provider.
pub fn client_routes(bridges: Arc<Bridges>, limits: &Limits) -> Router {
    Routes::for_oauth_clients(BODY_LIMITS)
        // The user pool sends all citizens' requests from a few addresses, so only refusals count.
        .route("/federation/{id}/token", limits.bridge_refusals.refusals_only(), post(token::token))
        .route("/federation/{id}/jwks.json", limits.bridge_refusals.refusals_only(), get(jwks))
        .finish(bridges)
}

/// `GET /federation/{id}/jwks.json`: the public keys for verifying assertions (RFC 7517).
async fn jwks(
    State(bridges): State<Arc<Bridges>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<JwkSet>, Failure> {
    Ok(Json(bridges.requested(id)?.own_keys.public().clone()))
}
