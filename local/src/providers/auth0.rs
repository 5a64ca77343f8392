//! Auth0: a secret in the form, attributes by POST, a number that an Action adds under a namespaced claim, and a sign-out that goes
//! back only to an address on its list.

use serde_json::{Map, Value, json};

use super::Registration;
use super::authorization::Request;
use super::citizens::Citizen;
use super::rules::{Facts, Paths, Rules, SignOut, UserInfoMethod};
use crate::random;

pub(super) struct Auth0;

/// Auth0 lets an Action add claims under a name that is an address of one's own.
const NUMBER: &str = "https://mydata.example/eid";

const FACTS: Facts = Facts {
    name: "Auth0",
    issuer: "/",
    paths: Paths {
        discovery: "/.well-known/openid-configuration",
        keys: "/.well-known/jwks.json",
        authorization: "/authorize",
        token: "/oauth/token",
        user_info: "/userinfo",
    },
    client_id: "bXlkYXRhbG9jYWxzdGFuZGluYXBwbGlj",
    has_secret: true,
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
    sign_out: Some(SignOut { path: "/v2/logout", back: "returnTo", asks: false }),
    unverified: Some("Please verify your email before logging in."),
};

impl Rules for Auth0 {
    fn facts(&self) -> &'static Facts {
        &FACTS
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
