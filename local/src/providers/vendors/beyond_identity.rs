//! Beyond Identity: no password. The subject is the email address, and there are no other claims.
//!
//! Source: <https://developer.beyondidentity.com/>

use serde_json::{Map, Value};

use crate::providers::citizens::Citizen;
use crate::providers::facts::{ClientAuthentication, Facts, Paths, UserInfoMethod};
use crate::providers::registration::Registration;
use crate::providers::request::Request;
use crate::providers::vendor::{Rules, Vendor};

struct BeyondIdentity;

pub(super) const VENDOR: Vendor = Vendor {
    facts: Facts {
        kind: "beyond_identity",
        display_name: "Beyond Identity",
        pool_name: "BeyondIdentity",
        pool_identifier: None,
        namespace: "EXAMPLE-PASSKEY",
        bridge_parameters: None,
        issuer: "/v1/tenants/local/realms/citizens/applications/mydata",
        paths: Paths {
            discovery: "/v1/tenants/local/realms/citizens/applications/mydata/.well-known/openid-configuration",
            keys: "/v1/tenants/local/realms/citizens/applications/mydata/.well-known/jwks.json",
            authorization: "/v1/tenants/local/realms/citizens/applications/mydata/authorize",
            token: "/v1/tenants/local/realms/citizens/applications/mydata/token",
            user_info: "/v1/tenants/local/realms/citizens/applications/mydata/userinfo",
        },
        client_id: "6e0f0f1e5d5b4a3c9a8b7c6d",
        client_authentication: ClientAuthentication::SecretInForm,
        scopes: "openid",
        mapping: &[("email", "sub"), ("custom:eid", "sub")],
        user_info_method: UserInfoMethod::Get,
        session_cookie: None,
        sign_out: None,
        unverified: None,
    },
    rules: &BeyondIdentity,
};

impl Rules for BeyondIdentity {
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
