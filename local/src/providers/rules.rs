//! What tells one provider from another.

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::authorization::Request;
use super::citizens::Citizen;
use super::{Provider, Registration, token};
use crate::web::Params;

/// Where the endpoints are, below the origin.
pub(super) struct Paths {
    pub(super) discovery: &'static str,
    pub(super) keys: &'static str,
    pub(super) authorization: &'static str,
    pub(super) token: &'static str,
    pub(super) user_info: &'static str,
}

/// How the userinfo endpoint is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserInfoMethod {
    Get,
    Post,
}

/// How one signs out of the provider.
pub(super) struct SignOut {
    pub(super) path: &'static str,
    /// The parameter that says where to go afterwards.
    pub(super) back: &'static str,
    /// Whether the citizen is asked first.
    pub(super) asks: bool,
}

/// Why a token request is refused: status and error.
pub(super) type TokenRefusal = (StatusCode, &'static str);

/// What a vendor's documents say once and for all.
pub(super) struct Facts {
    /// What its pages say that they stand in for.
    pub(super) name: &'static str,
    /// What the issuer has behind the origin.
    pub(super) issuer: &'static str,
    pub(super) paths: Paths,
    pub(super) client_id: &'static str,
    /// Whether the client has a secret.
    pub(super) has_secret: bool,
    /// What the user pool asks for.
    pub(super) scopes: &'static str,
    /// The attribute mapping of the user pool: its attribute, the provider's claim.
    pub(super) mapping: &'static [(&'static str, &'static str)],
    pub(super) user_info_method: UserInfoMethod,
    /// The cookie by which it remembers a browser, if it does. Cookies are shared by all ports of a host: it has a name of its own.
    pub(super) session_cookie: Option<&'static str>,
    pub(super) sign_out: Option<SignOut>,
    /// How it refuses somebody whom it could not verify; its page offers that besides approving and declining.
    pub(super) unverified: Option<&'static str>,
}

/// The documented behaviour of one vendor.
pub(super) trait Rules: Send + Sync {
    fn facts(&self) -> &'static Facts;

    /// More checks of an authorization request: error and description.
    fn check(&self, _: &Params, _: &Request) -> Result<(), (&'static str, &'static str)> {
        Ok(())
    }

    /// The client's authentication at the token endpoint.
    fn authenticate(&self, provider: &Provider, _: &HeaderMap, params: &Params) -> Result<(), TokenRefusal> {
        token::client_secret_post(provider, params)
    }

    /// What it answers for `error` (RFC 6749, 5.2).
    fn token_refusal(&self, refusal: TokenRefusal) -> TokenRefusal {
        refusal
    }

    /// The subject of a citizen for this relying party.
    fn subject(&self, registration: &Registration, citizen: &Citizen) -> String;

    /// What the ID token says besides the claims that each has.
    fn id_claims(&self, _: &Citizen, _: &Request) -> Map<String, Value> {
        Map::new()
    }

    /// What userinfo says besides `sub`.
    fn user_info(&self, citizen: &Citizen, request: &Request) -> Map<String, Value>;

    /// The line under a citizen's name on the page.
    fn about(&self, citizen: &Citizen) -> String;
}
