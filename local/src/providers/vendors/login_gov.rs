//! Login.gov: a signed assertion in place of a secret, `acr_values`, and a long `state` and `nonce`.
//!
//! Its claim is `phone`, not `phone_number`. Errors of its token endpoint are sentences.
//!
//! Source: <https://developers.login.gov/oidc/getting-started/>

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Builder;

use crate::providers::citizens::Citizen;
use crate::providers::facts::{ClientAuthentication, Facts, Paths, SignOut, UserInfoMethod};
use crate::providers::registration::Registration;
use crate::providers::request::Request;
use crate::providers::vendor::{Rules, TokenRefusal, Vendor};
use crate::random;
use crate::web::Params;

struct LoginGov;

/// The minimum length of `state` and `nonce`.
const MIN_LENGTH: usize = 22;
const VERIFIED: [&str; 3] = [
    "urn:acr.login.gov:verified",
    "urn:acr.login.gov:verified-facial-match-required",
    "urn:acr.login.gov:verified-facial-match-preferred",
];
const AUTH_ONLY: &str = "urn:acr.login.gov:auth-only";

pub(super) const VENDOR: Vendor = Vendor {
    facts: Facts {
        kind: "login_gov",
        display_name: "Login.gov",
        pool_name: "LoginGov",
        pool_identifier: None,
        namespace: "US-LOGIN",
        bridge_parameters: Some(&["acr_values=urn:acr.login.gov:verified", "prompt=select_account"]),
        issuer: "/",
        paths: Paths {
            discovery: "/.well-known/openid-configuration",
            keys: "/api/openid_connect/certs",
            authorization: "/openid_connect/authorize",
            token: "/api/openid_connect/token",
            user_info: "/api/openid_connect/userinfo",
        },
        client_id: "urn:gov:gsa:openidconnect.profiles:sp:sso:local:my_data",
        client_authentication: ClientAuthentication::SignedAssertion,
        scopes: "openid email profile phone address",
        mapping: &[
            ("email", "email"),
            ("given_name", "given_name"),
            ("family_name", "family_name"),
            ("birthdate", "birthdate"),
            ("phone_number", "phone"),
            ("address", "address"),
            ("custom:eid", "sub"),
        ],
        user_info_method: UserInfoMethod::Get,
        session_cookie: Some("standin_login_gov"),
        sign_out: Some(SignOut {
            path: "/openid_connect/logout",
            return_parameter: "post_logout_redirect_uri",
            asks: true,
        }),
        unverified: Some("The user did not complete identity verification"),
    },
    rules: &LoginGov,
};

fn is_known(acr: &str) -> bool {
    acr == AUTH_ONLY || VERIFIED.contains(&acr)
}

impl Rules for LoginGov {
    fn check(&self, params: &Params, request: &Request) -> Result<(), (&'static str, &'static str)> {
        let invalid = |description| Err(("invalid_request", description));
        if request.acr_values.is_empty() {
            return invalid("Acr values Please fill in this field.");
        }
        if !request.acr_values.iter().any(|value| is_known(value)) {
            return invalid("Acr values No acceptable acr_values found");
        }
        let is_long = |value: Option<&str>| value.is_some_and(|value| value.len() >= MIN_LENGTH);
        if !is_long(request.state.as_deref()) {
            return invalid("State is too short (minimum is 22 characters)");
        }
        if !is_long(request.nonce.as_deref()) {
            return invalid("Nonce is too short (minimum is 22 characters)");
        }
        // It allows `login` only to clients that it has registered for that (`allow_prompt_login` in its published source).
        if request.prompt.as_deref().is_some_and(|prompt| prompt != "select_account") {
            return invalid("Prompt No valid prompt values found");
        }
        if params.get("client_secret") != Ok(None) {
            return invalid("Client secret must not be sent in the browser");
        }
        Ok(())
    }

    /// As in its published source, `error` is a sentence and the status is always 400.
    fn token_refusal(&self, (_, error): TokenRefusal) -> TokenRefusal {
        let sentence = match error {
            "invalid_client" => "Client assertion Signature verification failed",
            "invalid_grant" => "Code is invalid because it was used or has expired",
            "unsupported_grant_type" => "Grant type is not included in the list",
            _ => "Client assertion type is not included in the list",
        };
        (StatusCode::BAD_REQUEST, sentence)
    }

    /// A UUID for each pair of person and relying party.
    fn subject(&self, registration: &Registration, citizen: &Citizen) -> String {
        let digest = random::sha256(format!("{}\0{}", registration.client_id, citizen.id).as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    fn id_claims(&self, _: &Citizen, request: &Request) -> Map<String, Value> {
        Map::from_iter([
            ("acr".to_owned(), json!(request.acr_values.iter().find(|value| is_known(value)))),
            ("jti".to_owned(), json!(random::opaque())),
        ])
    }

    fn user_info(&self, citizen: &Citizen, request: &Request) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        if request.has("email") {
            add("email", json!(citizen.login()));
            add("email_verified", json!(true));
        }
        // Everything else is known only about verified people.
        if request.acr_values.iter().any(|value| VERIFIED.contains(&value.as_str())) {
            if request.has("profile") {
                add("given_name", json!(citizen.given_name));
                add("family_name", json!(citizen.family_name));
                add("birthdate", json!(citizen.birthdate));
            }
            if request.has("phone") {
                add("phone", json!(citizen.phone_number));
                add("phone_verified", json!(true));
            }
            if request.has("address") {
                add("address", citizen.address());
            }
        }
        claims
    }

    fn about(&self, citizen: &Citizen) -> String {
        citizen.login()
    }
}
