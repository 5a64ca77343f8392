//! The way to each provider: where the user pool sends the authorization request of a sign-in.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use tokio::net::TcpListener;
use url::Url;

use super::{assert_fails, assert_holds, with_itsme_alone};
use crate::support::{
    browser::client,
    site::{Site, Wishes},
};

#[tokio::test]
async fn check_says_where_the_user_pool_leads_to_and_signs_nobody_in() {
    let site = Site::start().await;
    let ended = assert_holds(&site, &with_itsme_alone(&site), &["provider itsme"]).await;
    let itsme = site.settings().itsme.url.trim_start_matches("http://").trim_end_matches('/').to_owned();
    assert!(ended.stdout.contains(&format!("provider itsme: the user pool leads to {itsme}\n")), "{}", ended.stdout);
    assert!(!site.user_pool().calls().contains_key("/oauth2/token"), "{:?}", site.user_pool().calls());
    assert!(site.sessions().await.is_empty());
}

#[tokio::test]
async fn check_says_what_the_user_pool_does_not_know() {
    let site = Site::start().await;
    assert_fails(&site, &site.toml, &[("provider second", "providers.1.name must be")]).await;

    let whole = with_itsme_alone(&site);
    let settings = site.settings();
    for (from, to, mend) in [
        (settings.client_id.as_str(), "4kanother", "cognito.user_pool_web_client_id"),
        (&site.public_url, "http://127.0.0.1:1", "http://127.0.0.1:1/auth/callback must be a callback URL"),
        ("[cognito]\n", "[cognito]\nscopes = [\"openid\", \"other\"]\n", "allow those of cognito.scopes"),
    ] {
        let toml = whole.replacen(from, to, 1);
        assert_ne!(toml, whole);
        assert_fails(&site, &toml, &[("provider itsme", mend)]).await;
    }
}

#[tokio::test]
async fn check_says_whether_the_user_pool_leads_to_the_bridge() {
    let site = Site::start_with(Wishes { all_providers: true, ..Wishes::default() }).await;
    let whole = with_itsme_alone(&site);
    assert_holds(&site, &whole, &["provider login_gov", "provider auth0", "provider beyond_identity"]).await;
    // The user pool knows the bridge by this id, and the client by this URN.
    let renamed = whole.replace("id = \"login_gov\"", "id = \"login\"");
    let mend = format!("set authorize_url in the user pool to {}/federation/login/authorize", site.public_url);
    assert_fails(&site, &renamed, &[("provider login", &mend)]).await;
    let another = whole
        .replace(&format!("client_id = \"{}\"", site.settings().login_gov.client_id), "client_id = \"urn:another\"");
    assert_fails(
        &site,
        &another,
        &[("provider login_gov", "set its client id in the user pool to providers.1.bridge.client_id")],
    )
    .await;
}

#[tokio::test]
async fn check_says_where_a_citizen_could_choose_the_register() {
    let site = Site::start().await;
    let again = "[[providers]]\nid = \"again\"\nname = \"itsme\"\nnamespace = \"NL\"\nkind = \"oidc\"\n";
    let toml = format!("{}\n{again}", with_itsme_alone(&site));
    assert_fails(&site, &toml, &[("provider again namespace", "give one name one namespace")]).await;
}

/// The domain of a user pool that answers as it is told; with the queries that it got.
#[derive(Clone, Default)]
struct Domain {
    answer: Arc<Mutex<(StatusCode, String)>>,
    queries: Arc<Mutex<Vec<String>>>,
}

impl Domain {
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/oauth2/authorize", get(authorize)).with_state(self.clone());
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
async fn check_follows_no_redirect_and_knows_the_user_pools_own_pages() {
    let site = Site::start().await;
    let domain = Domain::default();
    let address = domain.start().await;
    let toml = with_itsme_alone(&site)
        .replace(&format!("domain_url = \"{}\"", site.settings().domain_url), &format!("domain_url = \"{address}\""));
    let callback = format!("{}/auth/callback", site.public_url);
    for (status, location, mend) in [
        (302, "/login?client_id=4k&redirect_uri=https%3A%2F%2Fevil.example", "its own sign-in page: providers.0.name"),
        (302, "/error?error=redirect_mismatch", "a callback URL of the app client"),
        (303, &format!("{address}/error"), "a callback URL of the app client"),
        (302, &format!("{callback}?error=unauthorized_client&state=a"), "the authorization code grant"),
        (302, &format!("{callback}?error_description=secret&error=invalid_request"), "providers.0.name"),
        (302, &format!("{callback}?code=secret"), "providers.0.name"),
        (302, &format!("{callback}?error=%1B%5B31msecret"), "providers.0.name"),
        (200, "https://idp.example/authorize", "answers 200 in the place of a redirect"),
        (400, "", "answers 400 in the place of a redirect"),
        (302, "http://[", "answers 302 in the place of a redirect"),
    ] {
        *domain.answer.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), location.to_owned());
        let ended = assert_fails(&site, &toml, &[("provider itsme", mend)]).await;
        assert!(!ended.stdout.contains("secret"), "{}", ended.stdout);
    }
    // Another page of the same path is not the user pool's.
    for location in ["https://idp.example/error?state=secret", "https://idp.example/login#secret"] {
        *domain.answer.lock().unwrap() = (StatusCode::FOUND, location.to_owned());
        let ended = assert_holds(&site, &toml, &[]).await;
        assert!(ended.stdout.contains("provider itsme: the user pool leads to idp.example\n"), "{}", ended.stdout);
    }

    // What was asked is what a sign-in asks.
    let begun = client().get(site.url("/login/itsme")).send().await.unwrap();
    let begun = Url::parse(begun.headers()["location"].to_str().unwrap()).unwrap();
    let parameters = |query: &str| {
        let url = Url::parse(&format!("http://query/?{query}")).unwrap();
        url.query_pairs().into_owned().collect::<BTreeMap<String, String>>()
    };
    let mut expected = parameters(begun.query().unwrap());
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
