use reqwest::StatusCode;
use url::Url;

use super::{attributes, refresh, refresh_token_of};
use crate::support::site::{Site, SiteOptions};

#[tokio::test]
async fn signing_out_ends_the_session_and_revokes_its_tokens() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(site.open_sessions().await, 1);
    let cookies = browser.cookies().clone();
    let refresh_token = refresh_token_of(&site, browser.session().unwrap()).await;
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
    // The user pool redirects to the home page, so it accepted the request.
    let home = browser.visit(out.target()).await.site();
    assert_eq!(home.as_str(), format!("{}/", site.public_url));

    // The refresh token is revoked, the session is deleted, and the cookie is useless.
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
    assert!(site.messages().await.is_empty());
}

#[tokio::test]
async fn a_confidential_client_signs_in_and_revokes_too() {
    let options = SiteOptions { client_secret: Some("1s3cretofthelocalappclient"), ..SiteOptions::default() };
    let site = Site::start_with(options).await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(browser.get("/profile").await.status, StatusCode::OK);
    let refresh_token = refresh_token_of(&site, browser.session().unwrap()).await;
    assert_eq!(refresh(&site, &refresh_token).await, StatusCode::OK);
    browser.post("/logout", &[]).await;
    assert_eq!(refresh(&site, &refresh_token).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn signing_out_needs_post_and_works_without_a_session() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(browser.get("/logout").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK, "the session ended");
    let out = site.browser().post("/logout", &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.location().starts_with(&format!("{}/logout?", site.settings().domain_url)));
}
