use reqwest::StatusCode;
use url::Url;

use super::{attributes, refresh, refresh_token_of};
use crate::support::site::{Site, Wishes};

#[tokio::test]
async fn after_the_sign_out_the_session_and_its_tokens_are_dead() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(site.open_sessions().await, 1);
    let cookies = browser.cookies().clone();
    let refresh_token = refresh_token_of(&site, &browser.session().unwrap()).await;
    assert_eq!(refresh(&site, &refresh_token).await, StatusCode::OK);

    let out = browser.post("/logout", &[]).await;
    let expected = Url::parse_with_params(
        &format!("{}/logout", site.settings().domain_url),
        [("client_id", site.settings().client_id.as_str()), ("logout_uri", &format!("{}/", site.public_url))],
    )
    .unwrap();
    assert_eq!(out.location(), expected.as_str());
    let [removal, signed_out] = out.set_cookies()[..] else { panic!("{:?}", out.set_cookies()) };
    assert!(removal.starts_with("mydata_session=;"), "{removal}");
    assert_eq!(attributes(removal), ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"]);
    assert_eq!(signed_out.split(';').next(), Some("mydata_signed_out=itsme"));
    // The user pool sends the browser on to the home page, so what it was asked was in order.
    let home = browser.visit(out.target()).await.err().unwrap();
    assert_eq!(home.as_str(), format!("{}/", site.public_url));

    // The refresh token was revoked, the record is gone, and the cookie opens nothing.
    assert_eq!(refresh(&site, &refresh_token).await, StatusCode::BAD_REQUEST);
    assert_eq!(site.open_sessions().await, 0);
    let mut replay = site.browser();
    *replay.cookies() = cookies;
    for page in ["/my-data", "/profile"] {
        let answer = replay.get(page).await;
        assert_eq!((answer.status, answer.target().path()), (StatusCode::SEE_OTHER, "/"), "{page}");
    }
    let saved = replay.post("/api/save_message", &[("text", "late"), ("version", "0")]).await;
    assert_eq!(saved.status, StatusCode::UNAUTHORIZED);
    assert!(site.records().await.is_empty());
}

#[tokio::test]
async fn a_confidential_client_signs_in_and_revokes_too() {
    let wishes = Wishes { client_secret: Some("1s3cretofthelocalappclient"), ..Wishes::default() };
    let site = Site::start_with(wishes).await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(browser.get("/profile").await.status, StatusCode::OK);
    let refresh_token = refresh_token_of(&site, &browser.session().unwrap()).await;
    assert_eq!(refresh(&site, &refresh_token).await, StatusCode::OK);
    browser.post("/logout", &[]).await;
    assert_eq!(refresh(&site, &refresh_token).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn signing_out_is_a_post_and_does_no_harm_without_a_session() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(browser.get("/logout").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK, "still signed in");
    let out = site.browser().post("/logout", &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.location().starts_with(&format!("{}/logout?", site.settings().domain_url)));
}
