//! itsme: the service code in the scope, its own claim names, and the client-secret flow with tokens that are signed but not
//! encrypted, which is what Cognito can take.

use serde_json::{Map, Value, json};

use super::Registration;
use super::authorization::Request;
use super::citizens::Citizen;
use super::rules::{Facts, Paths, Rules, UserInfoMethod};
use crate::random;
use crate::web::Params;

pub(super) struct Itsme;

const SERVICE: &str = "service:MYDATA_LOGIN";
const NATIONAL_NUMBER: &str = "http://itsme.services/v2/claim/BENationalNumber";

const FACTS: Facts = Facts {
    name: "itsme",
    issuer: "/v2",
    paths: Paths {
        discovery: "/v2/.well-known/openid-configuration",
        keys: "/v2/jwkSet",
        authorization: "/v2/authorization",
        token: "/v2/token",
        user_info: "/v2/userinfo",
    },
    client_id: "mydata-user-pool",
    has_secret: true,
    scopes: "openid service:MYDATA_LOGIN profile email address phone eid",
    mapping: &[
        ("email", "email"),
        ("birthdate", "birthdate"),
        ("gender", "gender"),
        ("family_name", "family_name"),
        ("given_name", "given_name"),
        ("name", "name"),
        ("locale", "locale"),
        ("phone_number", "phone_number"),
        ("address", "address"),
        ("preferred_username", "name"),
        ("custom:eid", NATIONAL_NUMBER),
    ],
    user_info_method: UserInfoMethod::Get,
    session_cookie: None,
    sign_out: None,
    unverified: None,
};

impl Rules for Itsme {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn check(&self, _: &Params, request: &Request) -> Result<(), (&'static str, &'static str)> {
        if request.has(SERVICE) { Ok(()) } else { Err(("invalid_scope", "a known service code is required")) }
    }

    /// Each relying party gets a subject of its own for the same person.
    fn subject(&self, registration: &Registration, citizen: &Citizen) -> String {
        let input = format!("{}\0{}", registration.client_id, citizen.id);
        hex::encode(&random::sha256(input.as_bytes())[..18])
    }

    fn id_claims(&self, _: &Citizen, _: &Request) -> Map<String, Value> {
        Map::from_iter([("acr".to_owned(), json!("http://itsme.services/v2/claim/acr_basic"))])
    }

    fn user_info(&self, citizen: &Citizen, request: &Request) -> Map<String, Value> {
        let mut claims = citizen.standard_claims(request);
        // It never vouches for an email address.
        if claims.contains_key("email") {
            claims.insert("email_verified".to_owned(), json!(false));
        }
        if let Some(number) = citizen.national_number.as_ref().filter(|_| request.has("eid")) {
            claims.insert(NATIONAL_NUMBER.to_owned(), json!(number));
        }
        claims
    }

    fn about(&self, citizen: &Citizen) -> String {
        match &citizen.national_number {
            Some(number) => format!("{}, {number}", citizen.about),
            None => citizen.about.to_owned(),
        }
    }
}
