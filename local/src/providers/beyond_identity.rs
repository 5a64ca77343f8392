//! Beyond Identity: no password, and a subject that is set to the email address, which is all that it tells.

use serde_json::{Map, Value};

use super::Registration;
use super::authorization::Request;
use super::citizens::Citizen;
use super::rules::{Facts, Paths, Rules, UserInfoMethod};

pub(super) struct BeyondIdentity;

const FACTS: Facts = Facts {
    name: "Beyond Identity",
    issuer: "/v1/tenants/local/realms/citizens/applications/mydata",
    paths: Paths {
        discovery: "/v1/tenants/local/realms/citizens/applications/mydata/.well-known/openid-configuration",
        keys: "/v1/tenants/local/realms/citizens/applications/mydata/.well-known/jwks.json",
        authorization: "/v1/tenants/local/realms/citizens/applications/mydata/authorize",
        token: "/v1/tenants/local/realms/citizens/applications/mydata/token",
        user_info: "/v1/tenants/local/realms/citizens/applications/mydata/userinfo",
    },
    client_id: "6e0f0f1e5d5b4a3c9a8b7c6d",
    has_secret: true,
    scopes: "openid",
    mapping: &[("email", "sub"), ("custom:eid", "sub")],
    user_info_method: UserInfoMethod::Get,
    session_cookie: None,
    sign_out: None,
    unverified: None,
};

impl Rules for BeyondIdentity {
    fn facts(&self) -> &'static Facts {
        &FACTS
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
