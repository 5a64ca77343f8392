use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::StatusCode;
use testkit::{browser::parameter, until};
use url::Url;

use super::{attributes, refresh, refresh_token_of};
use crate::support::{
    fake_pool::{CLIENT_ID, FakePool},
    site::{Site, SiteOptions},
};

/// Whether `value` is the base64url of `bytes` bytes or more.
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
        ("prompt", "login"),
    ] {
        assert_eq!(parameter(&url, name).as_deref(), Some(value), "{name}");
    }
    let names = ["state", "nonce", "code_challenge"];
    let values = names.map(|name| parameter(&url, name).unwrap());
    for value in &values {
        assert!(is_random(value, 32), "{value}");
    }
    assert_eq!(url.query_pairs().count(), 11, "{url}");
    // New for each sign-in.
    let second = browser.get("/login/itsme").await.target();
    for (name, value) in names.into_iter().zip(values) {
        assert_ne!(parameter(&second, name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn after_the_sign_in_the_default_page_is_my_data() {
    let site = Site::start().await;
    assert_eq!(site.browser().sign_in("an").await.location(), "/my-data");
}

#[tokio::test]
async fn the_code_is_redeemed_with_the_verifier_of_this_sign_in() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let mut browser = site.browser();
    let started = browser.get("/login/itsme").await.target();
    let state = parameter(&started, "state").unwrap();
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
    assert_eq!(parameter(&started, "code_challenge").unwrap(), URL_SAFE_NO_PAD.encode(hash.as_ref()));
}

#[tokio::test]
async fn cookies_are_for_this_site_and_not_for_scripts() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let started = browser.get("/login/itsme").await;
    let [cookie] = started.set_cookies()[..] else { panic!("{:?}", started.set_cookies()) };
    assert!(cookie.starts_with("mydata_signin_"), "{cookie}");
    assert_eq!(attributes(cookie), ["HttpOnly", "Max-Age=600", "Path=/", "SameSite=Lax"]);

    let signed_in = site.browser().sign_in("an").await;
    let cookies = signed_in.set_cookies();
    let [session, over] = cookies[..] else { panic!("{cookies:?}") };
    let (name, id) = session.split(';').next().unwrap().split_once('=').unwrap();
    assert_eq!(name, "mydata_session");
    assert!(is_random(id, 16), "{id}");
    // A session cookie: it ends with the browser.
    assert_eq!(attributes(session), ["HttpOnly", "Path=/", "SameSite=Lax"]);
    assert!(over.starts_with("mydata_signin_") && over.contains("=;"), "{over}");
    assert_eq!(attributes(over), ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"]);
}

#[tokio::test]
async fn a_new_sign_in_ends_the_previous_session() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let (old, first) = (browser.cookies().clone(), browser.session().unwrap().to_owned());
    let refresh_token = refresh_token_of(&site, &first).await;
    browser.sign_in("an").await;
    assert_ne!(browser.session(), Some(first.as_str()));
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK);
    let mut replay = site.browser();
    *replay.cookies() = old;
    assert_eq!(replay.get("/my-data").await.status, StatusCode::SEE_OTHER);
    until("its refresh token is revoked", async || refresh(&site, &refresh_token).await == StatusCode::BAD_REQUEST)
        .await;
}

#[tokio::test]
async fn a_session_id_chosen_by_an_attacker_is_not_used() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.cookies().insert("mydata_session".to_owned(), "AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    browser.sign_in("an").await;
    assert_ne!(browser.session(), Some("AAAAAAAAAAAAAAAAAAAAAA"));
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_missing_number_is_explained_and_another_person_can_sign_in() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let callback = browser.decide("/login/itsme", "mia", "approve").await;
    let answer = browser.get(&callback).await;
    assert_eq!((answer.status, browser.session()), (StatusCode::BAD_REQUEST, None));
    assert!(answer.body.contains("We did not receive your National Register number"), "{}", answer.body);
    // Trying again signs out of the user pool first. Otherwise the same person would come back.
    assert!(
        answer.body.contains(&format!("href=\"{}/logout?client_id=", site.settings().domain_url)),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_name_in_any_script_and_direction_is_shown_unchanged() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("zoe").await;
    let profile = browser.get("/profile").await;
    assert!(profile.body.contains("<bdi>Zoë Çelik-Østergård ليلى بن علي</bdi>"), "{}", profile.body);
}
