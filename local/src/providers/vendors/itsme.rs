//! itsme: a service code in the scope and its own claim names.
//!
//! It uses the client-secret flow, with tokens that are signed but not encrypted: Cognito accepts no others.
//!
//! Source: <https://belgianmobileid.github.io/doc/>

use serde_json::{Map, Value, json};

use crate::providers::citizens::Citizen;
use crate::providers::facts::{ClientAuthentication, Facts, Paths, UserInfoMethod};
use crate::providers::registration::Registration;
use crate::providers::request::Request;
use crate::providers::vendor::{Rules, Vendor};
use crate::random;
use crate::web::Params;

struct Itsme;

const SERVICE: &str = "service:MYDATA_LOGIN";
const NATIONAL_NUMBER: &str = "http://itsme.services/v2/claim/BENationalNumber";

pub(super) const VENDOR: Vendor = Vendor {
    facts: Facts {
        kind: "itsme",
        display_name: "itsme",
        pool_name: "itsme",
        pool_identifier: Some("itsme.be"),
        namespace: "BE",
        bridge_parameters: None,
        issuer: "/v2",
        paths: Paths {
            discovery: "/v2/.well-known/openid-configuration",
            keys: "/v2/jwkSet",
            authorization: "/v2/authorization",
            token: "/v2/token",
            user_info: "/v2/userinfo",
        },
        client_id: "mydata-user-pool",
        client_authentication: ClientAuthentication::SecretInForm,
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
    },
    rules: &Itsme,
};

impl Rules for Itsme {
    fn check(&self, _: &Params, request: &Request) -> Result<(), (&'static str, &'static str)> {
        if request.has(SERVICE) { Ok(()) } else { Err(("invalid_scope", "a known service code is required")) }
    }

    /// Each relying party gets a different subject for the same person.
    fn subject(&self, registration: &Registration, citizen: &Citizen) -> String {
        let input = format!("{}\0{}", registration.client_id, citizen.id);
        hex::encode(&random::sha256(input.as_bytes())[..18])
    }

    fn id_claims(&self, _: &Citizen, _: &Request) -> Map<String, Value> {
        Map::from_iter([("acr".to_owned(), json!("http://itsme.services/v2/claim/acr_basic"))])
    }

    fn user_info(&self, citizen: &Citizen, request: &Request) -> Map<String, Value> {
        let mut claims = citizen.standard_claims(request);
        // It does not verify email addresses.
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
