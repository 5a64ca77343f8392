//! Invalid authorization requests.

use local::user_pool::CLIENT_ID;
use reqwest::StatusCode;
use testkit::browser::parameter;

use crate::relying_party::{STATE, authorize_url, callback};
use crate::{APP, Pool, new_browser};

#[tokio::test]
async fn an_untrusted_sender_gets_no_redirect() {
    let pool = Pool::public().await;
    let slash = format!("{}/", callback());
    let query = format!("{}?x=1", callback());
    for (name, value) in [
        ("redirect_uri", Some("https://evil.example/auth/callback")),
        ("redirect_uri", Some(slash.as_str())),
        ("redirect_uri", Some(query.as_str())),
        ("redirect_uri", None),
        ("client_id", Some("0000000000000000000000000a")),
        ("client_id", None),
    ] {
        let mut browser = new_browser();
        let answer = browser.get(authorize_url(&pool, &[(name, value)])).await;
        assert!(answer.target().as_str().starts_with(pool.pool.domain_url()), "{name} {value:?}");
        let page = browser.visit(answer.target()).await.page();
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert_eq!(page.url.path(), "/error");
        assert!(page.body.contains("stand-in"));
    }
    let twice = format!("{}&client_id={CLIENT_ID}", authorize_url(&pool, &[]));
    assert!(new_browser().visit(twice).await.is_page());
}

#[tokio::test]
async fn the_app_is_told_of_other_faults() {
    let pool = Pool::public().await;
    for (change, error) in [
        (("response_type", None), "invalid_request"),
        (("response_type", Some("id_token")), "invalid_request"),
        (("response_type", Some("token")), "unauthorized_client"),
        (("scope", Some("openid aws.cognito.signin.user.admin")), "invalid_scope"),
        (("scope", Some("email")), "invalid_scope"),
        (("code_challenge_method", Some("plain")), "invalid_request"),
        (("code_challenge_method", None), "invalid_request"),
        (("code_challenge", Some("too-short")), "invalid_request"),
        (("code_challenge", None), "invalid_request"),
        (("identity_provider", Some("COGNITO")), "invalid_request"),
        (("lang", Some("nl")), "invalid_request"),
        (("prompt", Some("none")), "login_required"),
    ] {
        let back = new_browser().visit(authorize_url(&pool, &[change])).await.site();
        assert!(back.as_str().starts_with(&callback()));
        assert_eq!(parameter(&back, "error").as_deref(), Some(error), "{change:?}");
        assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
        assert!(parameter(&back, "error_description").is_some());
        assert!(parameter(&back, "code").is_none());
    }
    let twice = format!("{}&nonce=other", authorize_url(&pool, &[]));
    let back = new_browser().visit(twice).await.site();
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn without_a_chosen_provider_the_hosted_page_offers_all() {
    let pool = Pool::public().await;
    let mut browser = new_browser();
    let url = authorize_url(&pool, &[("identity_provider", None)]);
    let page = browser.visit(url).await.page();
    assert_eq!(page.url.path(), "/login");
    assert!(page.body.contains("stand-in"));
    let (_, href) = page.body.split_once("href=\"/oauth2").unwrap();
    let href = format!("/oauth2{}", href.split_once('"').unwrap().0).replace("&amp;", "&");
    let page = browser.visit(page.url.join(&href).unwrap()).await.page();
    let back = browser.decide_on_page(&page, "an", "approve").await;
    assert!(parameter(&back, "code").is_some());
    assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));

    let url = authorize_url(&pool, &[("identity_provider", None), ("idp_identifier", Some("itsme.be"))]);
    let page = new_browser().visit(url).await.page();
    assert!(page.body.contains("Who is signing in?"));
}

#[tokio::test]
async fn discovery_names_the_endpoints() {
    let pool = Pool::public().await;
    let url = format!("{}/.well-known/openid-configuration", pool.pool.issuer());
    let (_, found) = crate::relying_party::send(testkit::client().get(url)).await;
    assert_eq!(found["issuer"], pool.pool.issuer());
    let domain = pool.pool.domain_url();
    assert_eq!(found["token_endpoint"], format!("{domain}/oauth2/token"));
    assert_eq!(found["revocation_endpoint"], format!("{domain}/oauth2/revoke"));
    assert!(found.get("code_challenge_methods_supported").is_none());
    assert_ne!(domain, APP);
}
