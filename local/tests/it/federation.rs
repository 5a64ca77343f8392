//! What comes back when the provider says no, says nothing, or is not there.

use reqwest::StatusCode;

use crate::Pool;
use crate::browser::{Browser, param};
use crate::relying_party::{STATE, authorize_url, callback};

#[tokio::test]
async fn a_declined_sign_in_is_access_denied() {
    let pool = Pool::public().await;
    let mut browser = Browser::new();
    let page = browser.visit(authorize_url(&pool, &[])).await.ok().unwrap();
    let back = browser.decide(&page, "an", "decline").await;
    assert!(back.as_str().starts_with(&format!("{}?error_description=", callback())));
    assert_eq!(param(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(param(&back, "state").as_deref(), Some(STATE));
    // Nobody is signed in.
    assert!(browser.visit(authorize_url(&pool, &[])).await.is_ok());
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_a_timeout() {
    let pool = Pool::with_timeout(None, std::time::Duration::from_secs(2)).await;
    let mut browser = Browser::new();
    let page = browser.visit(authorize_url(&pool, &[])).await.ok().unwrap();
    let back = browser.decide(&page, "an", "timeout").await;
    assert_eq!(param(&back, "error").as_deref(), Some("invalid_request"));
    assert_eq!(param(&back, "error_description").as_deref(), Some("Timeout occurred in calling IdP token endpoint"));
    assert_eq!(param(&back, "state").as_deref(), Some(STATE));
    pool.itsme.shutdown().await;
}

#[tokio::test]
async fn a_provider_that_is_gone_is_told_to_the_app() {
    let Pool { itsme, pool, secret } = Pool::public().await;
    let spare = Pool::public().await;
    itsme.shutdown().await;
    let pool = Pool { itsme: spare.itsme, pool, secret };
    let back = Browser::new().visit(authorize_url(&pool, &[])).await.err().unwrap();
    assert_eq!(param(&back, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn nobody_finishes_anothers_sign_in() {
    let pool = Pool::public().await;
    let mut browser = Browser::new();
    let page = browser.visit(authorize_url(&pool, &[])).await.ok().unwrap();
    let transaction = page.transaction();
    let fields = [("transaction", transaction.as_str()), ("citizen", "an"), ("decision", "approve")];
    let decision = page.url.join("/v2/authorization").unwrap();
    let callback = browser.post(&decision, &fields).await.location();
    // The same decision cannot be sent twice.
    assert_eq!(browser.post(&decision, &fields).await.status, StatusCode::BAD_REQUEST);

    let page = Browser::new().visit(&callback).await.ok().unwrap();
    assert_eq!((page.status, page.url.path()), (StatusCode::BAD_REQUEST, "/error"));
    // Having been seen in the wrong browser, it is spent in the right one too.
    assert!(browser.visit(&callback).await.is_ok());
}

#[tokio::test]
async fn two_tabs_do_not_end_each_other() {
    let pool = Pool::public().await;
    let mut browser = Browser::new();
    let first = browser.visit(authorize_url(&pool, &[])).await.ok().unwrap();
    let second = browser.visit(authorize_url(&pool, &[])).await.ok().unwrap();
    for (page, citizen) in [(&first, "an"), (&second, "bram")] {
        let back = browser.decide(page, citizen, "approve").await;
        assert!(param(&back, "code").is_some(), "{back}");
    }
}
