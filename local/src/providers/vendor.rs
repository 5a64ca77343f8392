//! How vendors differ.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::citizens::Citizen;
use super::facts::Facts;
use super::registration::Registration;
use super::request::Request;
use crate::web::Params;

/// A vendor whose provider this crate stands in for.
pub(crate) struct Vendor {
    pub(crate) facts: Facts,
    pub(super) rules: &'static dyn Rules,
}

/// Why a token request is refused: status and error.
pub(super) type TokenRefusal = (StatusCode, &'static str);

/// The documented behaviour of one vendor.
pub(super) trait Rules: Send + Sync {
    /// Further checks of an authorization request. An error holds the code and the description.
    fn check(&self, _: &Params, _: &Request) -> Result<(), (&'static str, &'static str)> {
        Ok(())
    }

    /// Turns a standard refusal (RFC 6749, section 5.2) into the vendor's own.
    fn token_refusal(&self, refusal: TokenRefusal) -> TokenRefusal {
        refusal
    }

    /// The subject of a citizen for this relying party.
    fn subject(&self, registration: &Registration, citizen: &Citizen) -> String;

    /// The vendor's own claims in the ID token.
    fn id_claims(&self, _: &Citizen, _: &Request) -> Map<String, Value> {
        Map::new()
    }

    /// The claims of userinfo, without `sub`.
    fn user_info(&self, citizen: &Citizen, request: &Request) -> Map<String, Value>;

    /// The line under a citizen's name on the page.
    fn about(&self, citizen: &Citizen) -> String;
}
