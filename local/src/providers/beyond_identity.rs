//! Beyond Identity: no password, and a subject that is set to the email address, which is all that it tells.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::authorization::Request;
use super::citizens::Citizen;
use super::rules::{Paths, Rules, TokenRefusal};
use super::{Provider, Registration, token};
use crate::web::Params;

pub(super) struct BeyondIdentity;

impl Rules for BeyondIdentity {
    fn name(&self) -> &'static str {
        "Beyond Identity"
    }

    fn paths(&self) -> &'static Paths {
        &Paths {
            discovery: "/v1/tenants/local/realms/citizens/applications/mydata/.well-known/openid-configuration",
            keys: "/v1/tenants/local/realms/citizens/applications/mydata/.well-known/jwks.json",
            authorization: "/v1/tenants/local/realms/citizens/applications/mydata/authorize",
            token: "/v1/tenants/local/realms/citizens/applications/mydata/token",
            user_info: "/v1/tenants/local/realms/citizens/applications/mydata/userinfo",
            sign_out: None,
        }
    }

    fn issuer(&self, url: &str) -> String {
        format!("{url}/v1/tenants/local/realms/citizens/applications/mydata")
    }

    fn client_id(&self) -> &'static str {
        "6e0f0f1e5d5b4a3c9a8b7c6d"
    }

    fn scopes(&self) -> &'static str {
        "openid"
    }

    fn mapping(&self) -> &'static [(&'static str, &'static str)] {
        &[("email", "sub"), ("custom:eid", "sub")]
    }

    fn authenticate(&self, provider: &Provider, _: &HeaderMap, params: &Params) -> Result<(), TokenRefusal> {
        token::client_secret_post(provider, params)
    }

    fn subject(&self, _: &Registration, citizen: &Citizen) -> String {
        citizen.login()
    }

    fn user_info(&self, _: &Citizen, _: &Request) -> Map<String, Value> {
        Map::new()
    }

    fn about(&self, citizen: &Citizen) -> String {
        format!("Passkey of {}", citizen.login())
    }
}
