//! Auth0: a secret in the form, attributes by POST, and a number that an Action adds as a namespaced claim.
//!
//! Its sign-out returns only to an address on its list.
//!
//! Source: <https://auth0.com/docs/api/authentication>

use serde_json::{Map, Value, json};

use crate::providers::citizens::Citizen;
use crate::providers::facts::{ClientAuthentication, Facts, Paths, SignOut, UserInfoMethod};
use crate::providers::registration::Registration;
use crate::providers::request::Request;
use crate::providers::vendor::{Rules, Vendor};
use crate::random;

struct Auth0;

/// An Action can add claims whose names are URLs that the tenant's owner controls.
const NUMBER: &str = "https://mydata.example/eid";

pub(super) const VENDOR: Vendor = Vendor {
    facts: Facts {
        kind: "auth0",
        display_name: "Auth0",
        pool_name: "Auth0",
        pool_identifier: None,
        namespace: "EXAMPLE-STAFF",
        bridge_parameters: None,
        issuer: "/",
        paths: Paths {
            discovery: "/.well-known/openid-configuration",
            keys: "/.well-known/jwks.json",
            authorization: "/authorize",
            token: "/oauth/token",
            user_info: "/userinfo",
        },
        client_id: "bXlkYXRhbG9jYWxzdGFuZGluYXBwbGlj",
        client_authentication: ClientAuthentication::SecretInForm,
        scopes: "openid profile email",
        mapping: &[
            ("email", "email"),
            ("name", "name"),
            ("given_name", "given_name"),
            ("family_name", "family_name"),
            ("custom:eid", NUMBER),
        ],
        user_info_method: UserInfoMethod::Post,
        session_cookie: Some("standin_auth0"),
        sign_out: Some(SignOut { path: "/v2/logout", return_parameter: "returnTo", asks: false }),
        unverified: Some("Please verify your email before logging in."),
    },
    rules: &Auth0,
};

impl Rules for Auth0 {
    fn subject(&self, _: &Registration, citizen: &Citizen) -> String {
        format!("auth0|{}", hex::encode(&random::sha256(citizen.id.as_bytes())[..12]))
    }

    fn user_info(&self, citizen: &Citizen, request: &Request) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        if request.has("profile") {
            add("name", json!(citizen.name));
            add("nickname", json!(citizen.given_name));
            add("given_name", json!(citizen.given_name));
            add("family_name", json!(citizen.family_name));
        }
        if let Some(email) = citizen.email.as_ref().filter(|_| request.has("email")) {
            add("email", json!(email));
            add("email_verified", json!(true));
        }
        // In this tenant, the staff number is the citizen's national number.
        if let Some(number) = &citizen.national_number {
            add(NUMBER, json!(number));
        }
        claims
    }

    fn about(&self, citizen: &Citizen) -> String {
        match (&citizen.national_number, &citizen.email) {
            (Some(_), None) => "Without an email address".to_owned(),
            (Some(number), _) => format!("Staff number {number}"),
            (None, _) => "Without a staff number".to_owned(),
        }
    }
}
