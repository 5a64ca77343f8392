//! Auth0: a secret in the form, attributes by POST, a number that an Action adds under a namespaced claim, and a sign-out that goes
//! back only to an address on its list.

use axum::http::HeaderMap;
use serde_json::{Map, Value, json};

use super::authorization::Request;
use super::citizens::Citizen;
use super::rules::{Paths, Rules, SignOut, TokenRefusal, UserInfoMethod};
use super::{Provider, Registration, token};
use crate::random;
use crate::web::Params;

pub(super) struct Auth0;

/// Auth0 lets an Action add claims under a name that is an address of one's own.
const NUMBER: &str = "https://mydata.example/eid";

impl Rules for Auth0 {
    fn name(&self) -> &'static str {
        "Auth0"
    }

    fn paths(&self) -> &'static Paths {
        &Paths {
            discovery: "/.well-known/openid-configuration",
            keys: "/.well-known/jwks.json",
            authorization: "/authorize",
            token: "/oauth/token",
            user_info: "/userinfo",
            sign_out: Some("/v2/logout"),
        }
    }

    fn issuer(&self, url: &str) -> String {
        format!("{url}/")
    }

    fn client_id(&self) -> &'static str {
        "bXlkYXRhbG9jYWxzdGFuZGluYXBwbGlj"
    }

    fn scopes(&self) -> &'static str {
        "openid profile email"
    }

    fn mapping(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("email", "email"),
            ("name", "name"),
            ("given_name", "given_name"),
            ("family_name", "family_name"),
            ("custom:eid", NUMBER),
        ]
    }

    fn user_info_method(&self) -> UserInfoMethod {
        UserInfoMethod::Post
    }

    fn session_cookie(&self) -> Option<&'static str> {
        Some("standin_auth0")
    }

    fn sign_out(&self) -> Option<SignOut> {
        Some(SignOut::AtOnce("returnTo"))
    }

    fn unverified(&self) -> Option<&'static str> {
        Some("Please verify your email before logging in.")
    }

    fn authenticate(&self, provider: &Provider, _: &HeaderMap, params: &Params) -> Result<(), TokenRefusal> {
        token::client_secret_post(provider, params)
    }

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
        // The register of this tenant happens to hold the very numbers that people have at itsme.
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
