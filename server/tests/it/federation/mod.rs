//! The bridge to a provider that Cognito cannot talk to directly. The user pool and the provider both answer what a test sets.

mod abuse;
mod bridged;
mod id_token;
mod log;

use std::time::{Duration, Instant};

use jsonwebtoken::{DecodingKey, Validation, dangerous::insecure_decode, decode, decode_header, jwk::JwkSet};
use reqwest::StatusCode;
use serde_json::{Value, json};
use url::Url;

use self::bridged::ACR;
pub use self::bridged::{Bridged, CLIENT_ID, CLIENT_SECRET, token_request};
use testkit::{browser::parameter, client};

use crate::support::{
    fake_pool::Answers,
    keys::{Key, new_ec_pem, new_p384_pem},
    line::State,
};

/// The secret that Cognito had before [`CLIENT_SECRET`].
const PREVIOUS_SECRET: &str = "the-previous-secret-of-cognito-at-the-bridge";

/// Cognito waits this long for an answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Changes to a token request, and the expected status and error code.
type Row<'a> = (&'a [(&'a str, Option<&'a str>)], u16, &'a str);

fn error(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("not JSON: {body}"));
    assert!(body["error_description"].as_str().unwrap().starts_with("reference "), "{body}");
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    body["error"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_bridge_adds_the_parameters_that_the_provider_needs() {
    let bridged = Bridged::start().await;
    // The browser cannot set what the bridge adds.
    let answer = bridged
        .authorize(&[
            ("acr_values", Some("none")),
            ("nonce", Some("mine")),
            ("prompt", Some("none")),
            ("login_hint", Some("an")),
        ])
        .await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(&format!("{}/openid_connect/authorize?", bridged.provider.url())), "{location}");
    assert!(
        location.contains("urn%3Agov%3Agsa%3Aopenidconnect.profiles%3Asp%3Asso%3Amy+agency%3Amy%2Bdata"),
        "{location}"
    );
    let location = Url::parse(location).unwrap();
    for (name, value) in [
        ("client_id", CLIENT_ID),
        ("redirect_uri", &bridged.redirect_uri()),
        ("scope", "openid email"),
        ("response_type", "code"),
        ("state", "H4sIAAAAAAAAAFWQ-a state of cognito"),
        ("acr_values", ACR),
        ("prompt", "select_account"),
        ("login_hint", "an"),
    ] {
        assert_eq!(parameter(&location, name).as_deref(), Some(value), "{name}");
    }
    let nonce = parameter(&location, "nonce").unwrap();
    assert!(nonce.len() >= 22 && nonce != bridged.nonce().await, "{nonce}");
}

#[tokio::test]
async fn prompt_is_replaced_by_the_value_that_the_provider_accepts() {
    let asked = async |bridged: &Bridged, prompt| {
        let answer = bridged.authorize(&[("prompt", prompt)]).await;
        parameter(&Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap(), "prompt")
    };
    let replaced = Bridged::start_asking("", "").await;
    let configured = Bridged::start_asking("prompt=login", "").await;
    let unchanged = Bridged::start_without_kind().await;
    for prompt in [Some("login"), Some("none"), Some("login consent"), None] {
        let expected = prompt.map(|_| "select_account");
        assert_eq!(asked(&replaced, prompt).await.as_deref(), expected, "replaced {prompt:?}");
        assert_eq!(asked(&configured, prompt).await.as_deref(), Some("login"), "configured {prompt:?}");
        assert_eq!(asked(&unchanged, prompt).await.as_deref(), prompt, "unchanged {prompt:?}");
    }
}

#[tokio::test]
async fn the_provider_is_asked_for_the_language_of_our_pages() {
    for (kind, parameter_name, configured, rows) in [
        ("itsme", "ui_locales", "", [("nl", "nl"), ("fr-BE", "fr"), ("de", "de"), ("xx", "en")]),
        ("oidc", "ui_locales", "", [("nl", "nl"), ("fr", "fr"), ("de;q=0.5, nl", "nl"), ("", "en")]),
        ("auth0", "ui_locales", "", [("nl", "nl"), ("fr", "fr-FR fr"), ("de", "de"), ("en", "en")]),
        ("login_gov", "locale", "", [("nl", "en"), ("fr", "fr"), ("de", "en"), ("en", "en")]),
        ("oidc", "ui_locales", "ui_locales=de-CH", [("nl", "de-CH"), ("fr", "de-CH"), ("de", "de-CH"), ("", "de-CH")]),
        ("login_gov", "locale", "LOCALE=es", [("nl", "es"), ("fr", "es"), ("de", "es"), ("", "es")]),
    ] {
        let bridged = Bridged::start_of_kind(kind, configured).await;
        for (accepted, expected) in rows {
            // Cognito passes none on, so one in the request is not the citizen's.
            let answer = bridged.authorize_in(accepted, &[("ui_locales", Some("xx")), ("locale", Some("xx"))]).await;
            let location = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
            let sent: Vec<_> = location
                .query_pairs()
                .filter(|(name, _)| ["ui_locales", "locale"].contains(&&*name.to_lowercase()))
                .map(|(name, value)| (name.to_lowercase(), value.into_owned()))
                .collect();
            assert_eq!(sent, [(parameter_name.to_owned(), expected.to_owned())], "{kind} {configured} {accepted}");
        }
    }
    // The citizen's own choice.
    let bridged = Bridged::start_of_kind("oidc", "").await;
    let mut browser = bridged.site.browser();
    browser.get("/?lang=fr").await;
    let redirect_uri = bridged.redirect_uri();
    let query = [
        ("client_id", CLIENT_ID),
        ("redirect_uri", &*redirect_uri),
        ("response_type", "code"),
        ("state", "s"),
        ("lang", "nl"),
    ];
    let url =
        Url::parse_with_params(&format!("{}/federation/login_gov/authorize", bridged.site.public_url), query).unwrap();
    let location = browser.get(url).await.target();
    assert_eq!(parameter(&location, "ui_locales").as_deref(), Some("fr"));
    assert_eq!(parameter(&location, "lang"), None);
}

#[tokio::test]
async fn only_an_authorization_request_of_the_user_pool_is_forwarded() {
    let bridged = Bridged::start().await;
    let rows: [&[(&str, Option<&str>)]; 8] = [
        &[("client_id", Some("another"))],
        &[("client_id", None)],
        &[("redirect_uri", Some("https://evil.example/oauth2/idpresponse"))],
        &[("redirect_uri", None)],
        &[("response_type", Some("token"))],
        &[("state", None)],
        &[("state", Some(""))],
        &[("client_id", None), ("client_id ", Some(CLIENT_ID))],
    ];
    for changes in rows {
        let answer = bridged.authorize(changes).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{changes:?}");
        assert!(answer.headers().get("location").is_none(), "{changes:?}");
        let body = answer.text().await.unwrap();
        assert!(body.contains("Reference: ") && !body.contains("evil"), "{body}");
    }
    for id in ["itsme", "nobody"] {
        let answer = client().get(bridged.site.url(&format!("/federation/{id}/authorize"))).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{id}");
    }
}

#[tokio::test]
async fn a_code_is_redeemed_with_an_assertion_and_the_response_is_unchanged() {
    for pem in [Key::first().pem, new_ec_pem(), new_p384_pem()] {
        let bridged = Bridged::start_with(&[&pem, &Key::unknown("next").pem]).await;
        let keys = client()
            .get(bridged.site.url("/federation/login_gov/jwks.json"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let published: JwkSet = serde_json::from_str(&keys).unwrap();
        assert_eq!(published.keys.len(), 2, "the current key and the next one");
        for private in ["\"d\"", "\"p\"", "\"q\""] {
            assert!(!keys.contains(private), "{keys}");
        }
        let mut ids = Vec::new();
        for _ in 0..2 {
            let body = bridged.answer(&bridged.sign(&bridged.claims().await));
            assert_eq!(bridged.token(&[]).await, (StatusCode::OK, body));
            let (headers, request) = bridged.provider.token_requests().pop().unwrap();
            assert!(!headers.contains_key("authorization"));
            let request = Url::parse(&format!("http://form/?{request}")).unwrap();
            for (name, value) in [
                ("grant_type", "authorization_code"),
                ("code", "the code"),
                ("redirect_uri", &bridged.redirect_uri()),
                ("client_id", CLIENT_ID),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ] {
                assert_eq!(parameter(&request, name).as_deref(), Some(value), "{name}");
            }
            assert_eq!(parameter(&request, "client_secret"), None, "the provider never receives the secret");
            let assertion = parameter(&request, "client_assertion").unwrap();
            let head = decode_header(&assertion).unwrap();
            let key = published.find(head.kid.as_ref().unwrap()).unwrap();
            assert_eq!(key, &published.keys[0], "the first key signs");
            let mut validation = Validation::new(head.alg);
            validation.set_audience(&[format!("{}/oauth2/token", bridged.provider.url())]);
            let claims = decode::<Value>(&assertion, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims;
            assert_eq!((claims["iss"].as_str(), claims["sub"].as_str()), (Some(CLIENT_ID), Some(CLIENT_ID)));
            assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
            ids.push(claims["jti"].as_str().unwrap().to_owned());
        }
        assert_ne!(ids[0], ids[1], "an assertion is used once");
    }
}

#[tokio::test]
async fn an_assertion_has_the_configured_audience() {
    for (setting, path) in [("", "/oauth2/token"), ("token_endpoint", "/oauth2/token"), ("issuer", "/")] {
        let setting = if setting.is_empty() { String::new() } else { format!("assertion_audience = \"{setting}\"") };
        let bridged = Bridged::start_asking("", &setting).await;
        bridged.answer(&bridged.sign(&bridged.claims().await));
        assert_eq!(bridged.token(&[]).await.0, StatusCode::OK);
        let (_, request) = bridged.provider.token_requests().pop().unwrap();
        let request = Url::parse(&format!("http://form/?{request}")).unwrap();
        let claims = insecure_decode::<Value>(parameter(&request, "client_assertion").unwrap()).unwrap().claims;
        assert_eq!(claims["aud"], format!("{}{path}", bridged.provider.url()), "{setting}");
    }
}

#[tokio::test]
async fn two_client_secrets_are_accepted_while_the_secret_is_changed() {
    let previous = format!("previous_client_secret = \"{PREVIOUS_SECRET}\"");
    let (one, two) = (Bridged::start().await, Bridged::start_asking("", &previous).await);
    for (bridged, secret, status) in [
        (&one, CLIENT_SECRET, 200),
        (&one, PREVIOUS_SECRET, 401),
        (&two, CLIENT_SECRET, 200),
        (&two, PREVIOUS_SECRET, 200),
        (&two, &PREVIOUS_SECRET[1..], 401),
        (&two, "", 401),
        (&two, &[CLIENT_SECRET, PREVIOUS_SECRET].concat(), 401),
    ] {
        bridged.answer(&bridged.sign(&bridged.claims().await));
        let (answered, body) = bridged.token(&[("client_secret", Some(secret))]).await;
        assert_eq!(answered.as_u16(), status, "{secret}: {body}");
    }
    let (answered, _) = two.token(&[("client_secret", Some(PREVIOUS_SECRET)), ("client_id", Some("another"))]).await;
    assert_eq!(answered, StatusCode::UNAUTHORIZED, "the previous secret of another client");
}

#[tokio::test]
async fn an_unauthenticated_token_request_never_reaches_the_provider() {
    let bridged = Bridged::start().await;
    bridged.answer(&bridged.sign(&bridged.claims().await));
    let other_secret = CLIENT_SECRET.replace("cognito", "Cognito");
    let rows: [Row<'_>; 12] = [
        (&[("client_secret", None)], 401, "invalid_client"),
        (&[("client_secret", Some(""))], 401, "invalid_client"),
        (&[("client_secret", Some(&other_secret))], 401, "invalid_client"),
        (&[("client_secret", Some(&CLIENT_SECRET[1..]))], 401, "invalid_client"),
        (&[("client_id", Some("another"))], 401, "invalid_client"),
        (&[("client_id", None)], 401, "invalid_client"),
        (&[("grant_type", Some("refresh_token"))], 400, "unsupported_grant_type"),
        (&[("grant_type", None)], 400, "unsupported_grant_type"),
        (&[("code", None)], 400, "invalid_request"),
        (&[("code", Some(""))], 400, "invalid_request"),
        (&[("redirect_uri", Some("https://evil.example/"))], 400, "invalid_grant"),
        (&[("redirect_uri", None)], 400, "invalid_grant"),
    ];
    let before = bridged.provider.counts();
    for (changes, status, code) in rows {
        let (answered, body) = bridged.token(changes).await;
        assert_eq!((answered.as_u16(), error(&body).as_str()), (status, code), "{changes:?}");
    }
    let (status, body) = bridged.post(&[("client_secret", CLIENT_SECRET), ("client_secret", CLIENT_SECRET)]).await;
    assert_eq!((status.as_u16(), error(&body).as_str()), (400, "invalid_request"), "twice");
    let (status, body) = bridged.token(&[("padding", Some(&"x".repeat(1 << 20)))]).await;
    assert_eq!((status.as_u16(), error(&body).as_str()), (413, "invalid_request"), "1 MB");
    let url = bridged.site.url("/federation/login_gov/token");
    let json = client().post(&url).header("content-type", "application/json").body("{}").send().await.unwrap();
    assert_eq!((json.status().as_u16(), error(&json.text().await.unwrap()).as_str()), (400, "invalid_request"), "JSON");
    let unknown = client().post(bridged.site.url("/federation/itsme/token")).send().await.unwrap();
    assert_eq!((unknown.status().as_u16(), error(&unknown.text().await.unwrap()).as_str()), (404, "invalid_request"));
    assert_eq!(bridged.provider.counts(), before);
}

#[tokio::test]
async fn a_refusal_of_the_provider_keeps_only_its_status_and_code() {
    let bridged = Bridged::start().await;
    let oauth = |status, code: &str| {
        Answers::status(status, &json!({ "error": code, "error_description": "<script>secret</script>" }))
    };
    let plain = |status, body: Value| Answers::status(status, &body);
    let nothing = |status: StatusCode| Answers::With(status, "application/json", Vec::new(), Vec::new());
    let html = |status: StatusCode| Answers::With(status, "text/html", Vec::new(), b"<h1>secret</h1>".to_vec());
    let elsewhere = vec![("location", format!("{}/elsewhere", bridged.provider.url()))];
    let rows = [
        (oauth(StatusCode::BAD_REQUEST, "invalid_grant"), 400, "invalid_grant"),
        (oauth(StatusCode::UNAUTHORIZED, "invalid_client"), 401, "invalid_client"),
        (oauth(StatusCode::INTERNAL_SERVER_ERROR, "server_error"), 500, "server_error"),
        (oauth(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"), 503, "temporarily_unavailable"),
        // Login.gov sends a sentence instead of a code.
        (plain(StatusCode::BAD_REQUEST, json!({ "error": "Code is secret" })), 400, "invalid_request"),
        (oauth(StatusCode::BAD_REQUEST, "<script>secret</script>"), 400, "invalid_request"),
        (oauth(StatusCode::UNAUTHORIZED, "The secret is wrong"), 401, "invalid_client"),
        (oauth(StatusCode::FORBIDDEN, "Not in secret"), 403, "invalid_request"),
        (oauth(StatusCode::TOO_MANY_REQUESTS, "Too many secrets"), 429, "invalid_request"),
        (oauth(StatusCode::INTERNAL_SERVER_ERROR, "secret: undefined method"), 500, "server_error"),
        (oauth(StatusCode::SERVICE_UNAVAILABLE, "Secret maintenance"), 503, "server_error"),
        (oauth(StatusCode::BAD_REQUEST, ""), 400, "invalid_request"),
        (oauth(StatusCode::BAD_REQUEST, "a_secret_that_looks_like_a_code"), 400, "invalid_request"),
        (plain(StatusCode::BAD_REQUEST, json!({ "error": { "message": "secret" } })), 400, "invalid_request"),
        // Not an OAuth error.
        (plain(StatusCode::BAD_REQUEST, json!({ "message": "secret" })), 502, "server_error"),
        (plain(StatusCode::BAD_REQUEST, json!(["secret"])), 502, "server_error"),
        (plain(StatusCode::BAD_REQUEST, json!("secret")), 502, "server_error"),
        (plain(StatusCode::CREATED, json!({ "error": "secret" })), 502, "server_error"),
        (nothing(StatusCode::BAD_REQUEST), 502, "server_error"),
        (nothing(StatusCode::UNAUTHORIZED), 502, "server_error"),
        (html(StatusCode::BAD_REQUEST), 502, "server_error"),
        (html(StatusCode::INTERNAL_SERVER_ERROR), 502, "server_error"),
        (html(StatusCode::OK), 502, "server_error"),
        (Answers::With(StatusCode::TEMPORARY_REDIRECT, "text/plain", elsewhere, Vec::new()), 502, "server_error"),
        (Answers::json(&json!({ "access_token": "secret" })), 502, "server_error"),
        (Answers::json(&json!({ "id_token": "secret", "padding": "x".repeat(1 << 20) })), 502, "server_error"),
        (Answers::Never, 504, "temporarily_unavailable"),
    ];
    for (index, (answers, status, code)) in rows.into_iter().enumerate() {
        bridged.provider.set_token(answers);
        let began = Instant::now();
        let (answered, body) = bridged.token(&[]).await;
        assert!(began.elapsed() < TIMEOUT, "row {index}: {:?}", began.elapsed());
        assert_eq!((answered.as_u16(), error(&body).as_str()), (status, code), "row {index}");
        assert!(!body.to_lowercase().contains("secret"), "row {index}: {body}");
    }
    for state in [State::Cut, State::Silent] {
        bridged.provider.set_line(state);
        let began = Instant::now();
        let (answered, body) = bridged.token(&[]).await;
        assert!(began.elapsed() < TIMEOUT, "{state:?}: {:?}", began.elapsed());
        assert_eq!((answered.as_u16(), error(&body).as_str()), (504, "temporarily_unavailable"), "{state:?}");
    }
}
