//! What the app gets when the provider refuses, does not answer, or is down.

use reqwest::StatusCode;
use testkit::browser::parameter;

use crate::relying_party::{STATE, authorize_url, callback};
use crate::{Pool, new_browser};

#[tokio::test]
async fn a_declined_sign_in_is_access_denied() {
    let pool = Pool::public().await;
    let mut browser = new_browser();
    let page = browser.visit(authorize_url(&pool, &[])).await.page();
    let back = browser.decide_on_page(&page, "an", "decline").await;
    assert!(back.as_str().starts_with(&format!("{}?error_description=", callback())));
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
    // The browser is not signed in.
    assert!(browser.visit(authorize_url(&pool, &[])).await.is_page());
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_a_timeout() {
    let pool = Pool::with_timeout(None, std::time::Duration::from_secs(2)).await;
    let mut browser = new_browser();
    let page = browser.visit(authorize_url(&pool, &[])).await.page();
    let back = browser.decide_on_page(&page, "an", "timeout").await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
    assert_eq!(
        parameter(&back, "error_description").as_deref(),
        Some("Timeout occurred in calling IdP token endpoint")
    );
    assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
    pool.itsme.shutdown().await;
}

#[tokio::test]
async fn the_app_is_told_that_the_provider_is_down() {
    let Pool { itsme, pool, secret } = Pool::public().await;
    let spare = Pool::public().await;
    itsme.shutdown().await;
    let pool = Pool { itsme: spare.itsme, pool, secret };
    let back = new_browser().visit(authorize_url(&pool, &[])).await.site();
    assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn only_the_browser_that_started_a_sign_in_finishes_it() {
    let pool = Pool::public().await;
    let mut browser = new_browser();
    let page = browser.visit(authorize_url(&pool, &[])).await.page();
    let fields = [("transaction", page.hidden("transaction")), ("citizen", "an"), ("decision", "approve")];
    let decision = page.url.join("/v2/authorization").unwrap();
    let callback = browser.post(&decision, &fields).await.target();
    // The same decision cannot be sent twice.
    assert_eq!(browser.post(&decision, &fields).await.status, StatusCode::BAD_REQUEST);

    let page = new_browser().visit(&callback).await.page();
    assert_eq!((page.status, page.url.path()), (StatusCode::BAD_REQUEST, "/error"));
    // An attempt in the wrong browser uses it up for the right one too.
    assert!(browser.visit(&callback).await.is_page());
}

#[tokio::test]
async fn two_tabs_do_not_end_each_other() {
    let pool = Pool::public().await;
    let mut browser = new_browser();
    let first = browser.visit(authorize_url(&pool, &[])).await.page();
    let second = browser.visit(authorize_url(&pool, &[])).await.page();
    for (page, citizen) in [(&first, "an"), (&second, "bram")] {
        let back = browser.decide_on_page(page, citizen, "approve").await;
        assert!(parameter(&back, "code").is_some(), "{back}");
    }
}
