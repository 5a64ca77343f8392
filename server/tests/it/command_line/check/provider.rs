//! The check of each provider: where the user pool redirects the authorization request of a sign-in.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use testkit::client;
use tokio::net::TcpListener;
use url::Url;

use super::{assert_fails, assert_passes, without_second};
use crate::support::site::{Site, SiteOptions};

#[tokio::test]
async fn check_shows_where_the_user_pool_redirects_and_signs_nobody_in() {
    let site = Site::start().await;
    let ended = assert_passes(&site, &without_second(&site).to_toml(), &["provider itsme"]).await;
    let itsme =
        site.settings().provider("itsme").unwrap().url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    assert!(
        ended.stdout.contains(&format!("provider itsme: the user pool redirects to {itsme}\n")),
        "{}",
        ended.stdout
    );
    // The only token request tries the app client.
    assert_eq!(site.user_pool().calls()["/oauth2/token"], 1);
    assert!(site.sessions().await.is_empty());
}

#[tokio::test]
async fn check_names_what_the_user_pool_does_not_know() {
    let site = Site::start().await;
    assert_fails(&site, &site.toml, &[("provider second", "providers.1.name must be")]).await;

    let whole = without_second(&site).to_toml();
    let settings = site.settings();
    let another = whole.replacen(&settings.client_id, "4kanother", 1);
    let expected = [
        ("provider itsme", "cognito.user_pool_web_client_id"),
        ("app client", "check the id and the secret of the app client"),
    ];
    assert_fails(&site, &another, &expected).await;
    for (from, to, fix) in [
        (site.public_url.as_str(), "http://127.0.0.1:1", "http://127.0.0.1:1/auth/callback must be a callback URL"),
        ("[cognito]\n", "[cognito]\nscopes = [\"openid\", \"other\"]\n", "allow the scopes of cognito.scopes"),
    ] {
        let toml = whole.replacen(from, to, 1);
        assert_ne!(toml, whole);
        assert_fails(&site, &toml, &[("provider itsme", fix)]).await;
    }
}

#[tokio::test]
async fn check_finds_a_provider_that_bypasses_the_bridge() {
    let site = Site::start_with(SiteOptions { all_providers: true, ..SiteOptions::default() }).await;
    let whole = without_second(&site).to_toml();
    assert_passes(&site, &whole, &["provider login_gov", "provider auth0", "provider beyond_identity"]).await;
    // The user pool has this id in the bridge's address, and this URN as the client id.
    let renamed = whole.replace("id = \"login_gov\"", "id = \"login\"");
    let fix = format!("set authorize_url in the user pool to {}/federation/login/authorize", site.public_url);
    assert_fails(&site, &renamed, &[("provider login", &fix)]).await;
    let another = whole.replace(
        &format!("client_id = \"{}\"", site.settings().provider("login_gov").unwrap().client_id),
        "client_id = \"urn:another\"",
    );
    assert_fails(
        &site,
        &another,
        &[("provider login_gov", "set the provider's client id in the user pool to providers.1.bridge.client_id")],
    )
    .await;
}

#[tokio::test]
async fn check_reports_whether_prompt_login_is_passed_on() {
    let site = Site::start().await;
    let domain = Domain::default();
    let address = domain.start().await;
    let whole = without_second(&site).to_toml();
    let elsewhere = whole
        .replace(&format!("domain_url = \"{}\"", site.settings().domain_url), &format!("domain_url = \"{address}\""));
    *domain.answer.lock().unwrap() = (StatusCode::FOUND, "https://idp.example/authorize".to_owned());
    for (toml, said) in [
        (whole.clone(), "sent, and the user pool passes it on to each provider"),
        (elsewhere, "sent, but the user pool does not pass it on to itsme: if it has the classic hosted UI"),
        (
            whole.replace("[cognito]\n", "[cognito]\nprompt_login = false\n"),
            "off (cognito.prompt_login): for up to an hour",
        ),
    ] {
        let ended = assert_passes(&site, &toml, &["prompt=login"]).await;
        assert!(ended.stdout.contains(&format!("ok    prompt=login: {said}")), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn check_names_providers_whose_numbers_earlier_versions_read_differently() {
    let site = Site::start().await;
    const UNSET: &str = "each character counts (providers.0.eid_format is not set)";
    const UNCHECKED: &str = "12.34.56-789.01 and 12345678901 are one number";
    for (namespace, line, told) in [
        ("BE", "", None),
        ("NL", "", Some(UNSET)),
        ("NL", "eid_format = \"any\"\n", None),
        ("NL", "eid_format = \"belgian\"\n", None),
        ("NL", "eid_format = \"belgian_unchecked\"\n", Some(UNCHECKED)),
    ] {
        let toml = without_second(&site)
            .to_toml()
            .replace("namespace = \"BE\"\n", &format!("namespace = \"{namespace}\"\n{line}"));
        let ended = assert_passes(&site, &toml, &["provider itsme"]).await;
        let found = ended.stdout.lines().find_map(|line| line.strip_prefix("ok    provider itsme numbers: "));
        assert_eq!(found.is_some(), told.is_some(), "{namespace} {line}: {}", ended.stdout);
        assert!(
            found.unwrap_or_default().starts_with(told.unwrap_or_default()),
            "{namespace} {line}: {}",
            ended.stdout
        );
    }
}

/// The domain of a user pool that answers what a test sets, and keeps the queries.
#[derive(Clone, Default)]
struct Domain {
    answer: Arc<Mutex<(StatusCode, String)>>,
    queries: Arc<Mutex<Vec<String>>>,
}

impl Domain {
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/oauth2/authorize", get(authorize))
            .route("/oauth2/token", post((StatusCode::BAD_REQUEST, r#"{"error": "invalid_grant"}"#)))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }
}

async fn authorize(State(domain): State<Domain>, RawQuery(query): RawQuery) -> Response {
    domain.queries.lock().unwrap().push(query.unwrap());
    let (status, location) = domain.answer.lock().unwrap().clone();
    (status, [(header::LOCATION, location)]).into_response()
}

#[tokio::test]
async fn check_follows_no_redirect_and_recognises_the_user_pools_pages() {
    let site = Site::start().await;
    let domain = Domain::default();
    let address = domain.start().await;
    let toml = without_second(&site)
        .to_toml()
        .replace(&format!("domain_url = \"{}\"", site.settings().domain_url), &format!("domain_url = \"{address}\""));
    let callback = format!("{}/auth/callback", site.public_url);
    for (status, location, fix) in [
        (302, "/login?client_id=4k&redirect_uri=https%3A%2F%2Fevil.example", "its own sign-in page: providers.0.name"),
        (302, "/error?error=redirect_mismatch", "a callback URL of the app client"),
        (303, &format!("{address}/error"), "a callback URL of the app client"),
        (302, &format!("{callback}?error=unauthorized_client&state=a"), "the authorization code grant"),
        (302, &format!("{callback}?error_description=s3cret&error=invalid_request"), "providers.0.name"),
        (302, &format!("{callback}?code=s3cret"), "providers.0.name"),
        (302, &format!("{callback}?error=%1B%5B31msecret"), "providers.0.name"),
        (200, "https://idp.example/authorize", "answers 200 instead of a redirect"),
        (400, "", "answers 400 instead of a redirect"),
        (302, "http://[", "answers 302 instead of a redirect"),
    ] {
        *domain.answer.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), location.to_owned());
        let ended = assert_fails(&site, &toml, &[("provider itsme", fix)]).await;
        assert!(!ended.stdout.contains("s3cret"), "{}", ended.stdout);
    }
    // A page with the same path on another host is not the user pool's.
    for location in ["https://idp.example/error?state=s3cret", "https://idp.example/login#s3cret"] {
        *domain.answer.lock().unwrap() = (StatusCode::FOUND, location.to_owned());
        let ended = assert_passes(&site, &toml, &[]).await;
        assert!(ended.stdout.contains("provider itsme: the user pool redirects to idp.example\n"), "{}", ended.stdout);
    }

    // The query is that of a sign-in.
    let started = client().get(site.url("/login/itsme")).send().await.unwrap();
    let started = Url::parse(started.headers()["location"].to_str().unwrap()).unwrap();
    let parameters = |query: &str| {
        let url = Url::parse(&format!("http://query/?{query}")).unwrap();
        url.query_pairs().into_owned().collect::<BTreeMap<String, String>>()
    };
    let mut expected = parameters(started.query().unwrap());
    for query in domain.queries.lock().unwrap().iter() {
        let asked = parameters(query);
        for name in ["state", "nonce", "code_challenge"] {
            let fresh = expected.insert(name.to_owned(), asked[name].clone()).unwrap();
            assert_eq!(fresh.len(), asked[name].len(), "{name}");
            assert_ne!(fresh, asked[name], "{name}");
        }
        assert_eq!(asked, expected);
    }
}
