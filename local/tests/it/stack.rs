//! All stand-ins together.

use local::providers::{IdentityProvider, KINDS};
use local::user_pool::CASE_WORKERS_CLIENT_ID;
use local::{Options, Stack, StartError};
use testkit::{Scratch, client};

use crate::{APP, SECRET};

#[tokio::test]
async fn the_settings_lead_to_every_stand_in() {
    let scratch = Scratch::make();
    let options = Options {
        data_dir: scratch.path().join("data"),
        app_origin: APP.to_owned(),
        client_secret: Some(SECRET.to_owned()),
        deployed: None,
    };
    let stack = Stack::start(options.clone()).await.unwrap();
    let settings = stack.settings().clone();
    assert_eq!(settings.issuer, format!("{}/eu-west-1_LocalPool", settings.domain_url));
    assert_eq!(settings.user_pool_id, "eu-west-1_LocalPool");
    for (provider, [kind, display_name, name, namespace]) in settings.providers.iter().zip([
        ["itsme", "itsme", "itsme", "BE"],
        ["login_gov", "Login.gov", "LoginGov", "US-LOGIN"],
        ["auth0", "Auth0", "Auth0", "EXAMPLE-STAFF"],
        ["beyond_identity", "Beyond Identity", "BeyondIdentity", "EXAMPLE-PASSKEY"],
    ]) {
        assert_eq!((provider.kind, provider.display_name, provider.namespace), (kind, display_name, namespace));
        assert_eq!((provider.name.as_str(), provider.bridge.is_some()), (name, kind == "login_gov"));
        assert_eq!(stack.provider(kind).unwrap().url(), provider.url);
        assert_eq!(settings.provider(kind).unwrap().issuer, provider.issuer);
    }
    assert_eq!(settings.providers.iter().map(|provider| provider.kind).collect::<Vec<_>>(), KINDS);
    assert!(settings.provider("unknown").is_none() && stack.provider("unknown").is_none());
    let bridge = settings.provider("login_gov").unwrap().bridge.clone().unwrap();
    assert!(!bridge.parameters.is_empty());
    let workforce = &settings.workforce;
    assert_eq!((workforce.kind, workforce.display_name), ("identity_center", "IAM Identity Center"));
    assert_eq!((workforce.name.as_str(), workforce.namespace), ("IAMIdentityCenter", "EXAMPLE-WORKFORCE"));
    assert_eq!((workforce.client_id.as_str(), &*workforce.url), (CASE_WORKERS_CLIENT_ID, stack.directory().url()));
    assert!(client().get(&workforce.url).send().await.unwrap().status().is_success());
    for secret in [SECRET, &bridge.client_secret, &workforce.client_secret] {
        assert!(!format!("{settings:?}{options:?}").contains(secret));
    }
    for url in [settings.dynamodb_endpoint.clone(), format!("{}/.well-known/jwks.json", settings.issuer)]
        .into_iter()
        .chain(settings.providers.iter().map(|provider| {
            // As Cognito does: an issuer may end with a slash.
            format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'))
        }))
    {
        assert!(url.starts_with("http://127.0.0.1:"));
        assert!(client().get(&url).send().await.unwrap().status().is_success(), "{url}");
    }
    stack.shutdown().await;
    assert!(client().get(&settings.domain_url).send().await.is_err());
    Stack::start(options).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn the_pages_about_the_api_describe_that_of_the_relying_party() {
    let scratch = Scratch::make();
    let options = Options {
        data_dir: scratch.path().join("data"),
        app_origin: APP.to_owned(),
        client_secret: None,
        deployed: None,
    };
    let stack = Stack::start(options).await.unwrap();
    let docs = stack.settings().api_docs_url.clone();
    let start = client().get(&docs).send().await.unwrap();
    let policy = start.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self';") && policy.contains(&format!("connect-src {APP};")), "{policy}");
    let page = start.text().await.unwrap();
    assert!(!page.contains("<script>"), "the policy would forbid it: {page}");
    for (file, part) in [
        ("swagger-initializer.js", format!("{APP}/v1/openapi.json")),
        ("swagger-ui-bundle.js", "SwaggerUIBundle".to_owned()),
        ("swagger-ui.css", ".swagger-ui".to_owned()),
    ] {
        assert!(page.contains(file) || file.ends_with(".js"), "{page}");
        let answer = client().get(format!("{docs}/{file}")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{file}");
        assert!(answer.text().await.unwrap().contains(&part), "{file} without {part}");
    }
    assert_eq!(status(&format!("{docs}/nothing.js"), &[]).await, 404);
    assert_eq!(status(&docs, &[("host", "evil.example")]).await, 421);
    stack.shutdown().await;
}

/// The status of the answer to a request with these header fields.
async fn status(url: &str, fields: &[(&str, &str)]) -> u16 {
    let request = client().get(url).header("accept", "*/*");
    fields
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value))
        .send()
        .await
        .unwrap()
        .status()
        .into()
}

#[tokio::test]
async fn a_page_of_another_site_cannot_reach_a_stand_in() {
    let scratch = Scratch::make();
    let options = Options {
        data_dir: scratch.path().join("data"),
        app_origin: APP.to_owned(),
        client_secret: None,
        deployed: None,
    };
    let stack = Stack::start(options).await.unwrap();
    let settings = stack.settings();
    let providers = settings.providers.iter().map(|provider| provider.url.as_str());
    let others = [&*settings.dynamodb_endpoint, &settings.domain_url, &settings.workforce.url];
    for url in others.into_iter().chain(providers) {
        let port = url.rsplit_once(':').unwrap().1;
        for path in ["/", "/no-such-page", "/oauth2/authorize"] {
            let url = format!("{url}{path}");
            for host in
                ["evil.example".to_owned(), format!("evil.example:{port}"), format!("127.0.0.1.evil.example:{port}")]
            {
                assert_eq!(status(&url, &[("host", &host)]).await, 421, "{url} {host}");
            }
            for host in ["127.0.0.1", "localhost", "[::1]"] {
                assert_ne!(status(&url, &[("host", &format!("{host}:{port}"))]).await, 421, "{url} {host}");
            }
        }
    }
    // The engine would let the page read the answer. One connection that was already used changes nothing.
    let engine = settings.dynamodb_endpoint.as_str();
    let keep_alive = testkit::browser::keep_alive_client(testkit::TIMEOUT);
    for fields in [&[][..], &[("origin", "https://evil.example")], &[]] {
        let request =
            fields.iter().fold(keep_alive.get(engine), |request, (name, value)| request.header(*name, *value));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), if fields.is_empty() { 200 } else { 421 });
        assert!(!answer.headers().contains_key("access-control-allow-origin"));
    }
    let preflight = client().request(reqwest::Method::OPTIONS, engine).header("origin", "null");
    assert_eq!(preflight.send().await.unwrap().status(), 421);
    stack.shutdown().await;
}

#[tokio::test]
async fn the_stack_stays_on_loopback() {
    let outside = IdentityProvider::start("itsme", "0.0.0.0:0".parse().unwrap()).await;
    assert!(matches!(outside, Err(StartError::NotLoopback { .. })));
}

#[tokio::test]
async fn the_error_for_an_unknown_kind_names_the_known_ones() {
    let unknown = IdentityProvider::start("unknown", "127.0.0.1:0".parse().unwrap()).await.err().unwrap();
    let message = unknown.to_string();
    assert!(message.contains("`unknown`") && KINDS.iter().all(|kind| message.contains(kind)), "{message}");
}
