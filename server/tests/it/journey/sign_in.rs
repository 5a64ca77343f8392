use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::StatusCode;
use url::Url;

use super::{attributes, refresh, refresh_token_of};
use crate::support::{
    browser::parameter,
    fake_pool::{CLIENT_ID, FakePool},
    site::{Site, Wishes},
    until,
};

/// That `value` is the base64url of `bytes` bytes or more.
fn is_random(value: &str, bytes: usize) -> bool {
    URL_SAFE_NO_PAD.decode(value).is_ok_and(|decoded| decoded.len() >= bytes)
}

#[tokio::test]
async fn the_authorization_request_has_every_parameter() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let answer = browser.get("/login/itsme?return_to=/profile").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("cache-control"), "no-store");
    let url = answer.target();
    assert_eq!(
        format!("{}{}", url.origin().ascii_serialization(), url.path()),
        format!("{}/oauth2/authorize", site.settings().domain_url)
    );
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", &site.settings().client_id),
        ("redirect_uri", &format!("{}/auth/callback", site.public_url)),
        ("scope", "openid email profile"),
        ("code_challenge_method", "S256"),
        ("identity_provider", "itsme"),
        ("lang", "en"),
    ] {
        assert_eq!(parameter(&url, name).as_deref(), Some(value), "{name}");
    }
    let names = ["state", "nonce", "code_challenge"];
    let values = names.map(|name| parameter(&url, name).unwrap());
    for value in &values {
        assert!(is_random(value, 32), "{value}");
    }
    assert_eq!(url.query_pairs().count(), 10, "{url}");
    // Fresh for each sign-in.
    let second = browser.get("/login/itsme").await.target();
    for (name, value) in names.into_iter().zip(values) {
        assert_ne!(parameter(&second, name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn the_default_way_after_the_sign_in_is_my_data() {
    let site = Site::start().await;
    assert_eq!(site.browser().sign_in("an").await.location(), "/my-data");
}

#[tokio::test]
async fn the_code_is_redeemed_with_the_verifier_of_this_sign_in() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, Wishes::default()).await;
    let mut browser = site.browser();
    let begun = browser.get("/login/itsme").await.target();
    let state = parameter(&begun, "state").unwrap();
    browser.get(format!("/auth/callback?code=the%20code&state={state}")).await;
    let requests = pool.token_requests();
    let [(headers, body)] = &requests[..] else { panic!("{} requests", requests.len()) };
    assert!(!headers.contains_key("authorization"));
    let form = Url::parse(&format!("http://form/?{body}")).unwrap();
    for (name, value) in [
        ("grant_type", "authorization_code"),
        ("code", "the code"),
        ("redirect_uri", &format!("{}/auth/callback", site.public_url)),
        ("client_id", CLIENT_ID),
    ] {
        assert_eq!(parameter(&form, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(parameter(&form, "client_secret"), None);
    let verifier = parameter(&form, "code_verifier").unwrap();
    let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
    assert_eq!(parameter(&begun, "code_challenge").unwrap(), URL_SAFE_NO_PAD.encode(hash.as_ref()));
}

#[tokio::test]
async fn cookies_are_for_this_site_and_no_script() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let begun = browser.get("/login/itsme").await;
    let [cookie] = begun.set_cookies()[..] else { panic!("{:?}", begun.set_cookies()) };
    assert!(cookie.starts_with("mydata_signin_"), "{cookie}");
    assert_eq!(attributes(cookie), ["HttpOnly", "Max-Age=600", "Path=/", "SameSite=Lax"]);

    let signed_in = site.browser().sign_in("an").await;
    let cookies = signed_in.set_cookies();
    let [session, over] = cookies[..] else { panic!("{cookies:?}") };
    let (name, id) = session.split(';').next().unwrap().split_once('=').unwrap();
    assert_eq!(name, "mydata_session");
    assert!(is_random(id, 16), "{id}");
    // It lives as long as the browser.
    assert_eq!(attributes(session), ["HttpOnly", "Path=/", "SameSite=Lax"]);
    assert!(over.starts_with("mydata_signin_") && over.contains("=;"), "{over}");
    assert_eq!(attributes(over), ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"]);
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_before_it() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let (old, first) = (browser.cookies().clone(), browser.session());
    let refresh_token = refresh_token_of(&site, first.as_ref().unwrap()).await;
    browser.sign_in("an").await;
    assert_ne!(browser.session(), first);
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK);
    let mut replay = site.browser();
    *replay.cookies() = old;
    assert_eq!(replay.get("/my-data").await.status, StatusCode::SEE_OTHER);
    until("its refresh token is dead", async || refresh(&site, &refresh_token).await == StatusCode::BAD_REQUEST).await;
}

#[tokio::test]
async fn a_session_id_that_somebody_else_chose_is_not_taken() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.cookies().insert("mydata_session".to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    browser.sign_in("an").await;
    assert_ne!(browser.session().as_deref(), Some("AAAAAAAAAAAAAAAAAAAAAA"));
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_has_no_number_is_told_so_and_can_sign_in_as_somebody_else() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let callback = browser.decide("/login/itsme", "mia", "approve").await;
    let answer = browser.get(&callback).await;
    assert_eq!((answer.status, browser.session()), (StatusCode::BAD_REQUEST, None));
    assert!(answer.body.contains("did not hand over a national number"), "{}", answer.body);
    // Trying again begins with leaving the user pool, which would bring the same person back otherwise.
    assert!(
        answer.body.contains(&format!("href=\"{}/logout?client_id=", site.settings().domain_url)),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_name_of_other_letters_and_directions_is_shown_as_it_is() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("zoe").await;
    let profile = browser.get("/profile").await;
    assert!(profile.body.contains("<bdi>Zoë Çelik-Østergård ليلى بن علي</bdi>"), "{}", profile.body);
}
