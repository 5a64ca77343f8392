//! A citizen's journey through the site, redirect by redirect.

mod activity;
mod deletion;
mod documents;
mod export;
mod messages;
mod sign_in;
mod sign_out;

use reqwest::{Method, StatusCode};
use testkit::{
    Answer, Browser,
    browser::{form, parameter},
    client,
};

use crate::support::{
    AN, AN_WRITTEN,
    server::RunningServer,
    site::{Site, everything_in},
};

/// Saves a text with the form on `/my-data`.
pub async fn save(browser: &mut Browser, text: &str) -> Answer {
    let page = browser.get("/my-data").await;
    browser.post("/api/save_message", &[("text", text), ("version", page.hidden("version"))]).await
}

/// Another server of the site, which shares no memory with the first.
pub async fn second_server(site: &Site) -> RunningServer {
    RunningServer::start_ready(site.config.clone()).await
}

/// A browser at another server of the site.
pub fn browser_at(site: &Site, server: &RunningServer) -> Browser {
    Browser::new(&site.public_url).with_socket(server.address)
}

/// The names of the other sessions that the page about activity offers to end.
pub fn other_sessions(activity: &Answer) -> Vec<String> {
    assert_eq!(activity.status, StatusCode::OK, "{}", activity.body);
    let fields = activity.body.split("name=\"session\" value=\"").skip(1);
    fields.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

pub fn text_of(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.text_area()
}

/// The attributes of a `Set-Cookie`, in alphabetical order.
pub fn attributes(cookie: &str) -> Vec<&str> {
    let mut attributes: Vec<_> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    attributes
}

/// The refresh token in the session with this id.
async fn refresh_token_of(site: &Site, session: &str) -> String {
    use tower_sessions::SessionStore as _;
    let record = site.session_store().load(&session.parse().unwrap()).await.unwrap().unwrap();
    record.data["signed_in"]["refresh_token"].as_str().unwrap().to_owned()
}

/// Asks the user pool for new tokens.
async fn refresh(site: &Site, token: &str) -> StatusCode {
    let settings = site.settings();
    let mut fields =
        vec![("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", settings.client_id.as_str())];
    fields.extend(settings.client_secret.as_deref().map(|secret| ("client_secret", secret)));
    let request = client().post(format!("{}/oauth2/token", settings.domain_url));
    form(request, &fields).send().await.unwrap().status()
}

#[tokio::test]
async fn a_citizen_signs_in_saves_reads_and_signs_out() {
    let site = Site::start().await;
    let mut browser = site.browser();

    // A page for citizens leads to the sign-in and back.
    let sent = browser.get("/profile").await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/?return_to=%2Fprofile"));
    let home = browser.get(sent.target()).await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.body.contains("href=\"/login/itsme?return_to=%2Fprofile\""), "{}", home.body);
    let callback = browser.decide("/login/itsme?return_to=%2Fprofile", "an", "approve").await;
    let answer = browser.get(&callback).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/profile"));
    assert_eq!(answer.header("cache-control"), "no-store");

    let profile = browser.get("/profile").await;
    assert_eq!(profile.status, StatusCode::OK);
    for value in [AN_WRITTEN, AN.1, "30 July 1985", "an.peeters@example.com", "itsme"] {
        assert!(profile.body.contains(value), "{value} is not in {}", profile.body);
    }
    // A signed-in citizen is not asked to sign in.
    let home = browser.get("/").await;
    assert!(home.body.contains("href=\"/my-data\"") && !home.body.contains("/login/"), "{}", home.body);

    let empty = browser.get("/my-data").await;
    assert_eq!((text_of(&empty), empty.hidden("version")), ("", "0"));
    let saved = save(&mut browser, "</textarea><script>alert(1)</script>\r\n&amp; \u{1f642}").await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/my-data?saved=1"));
    let shown = browser.get(saved.target()).await;
    assert_eq!(text_of(&shown), "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;\n&amp;amp; \u{1f642}");
    assert!(!shown.body.contains("<script>"), "{}", shown.body);
    assert!(shown.body.contains("<strong>Saved.</strong>"));
    assert_eq!(shown.hidden("version"), "1");
    // The page says so only for the stored version.
    assert!(!browser.get("/my-data?saved=7").await.body.contains("<strong>Saved.</strong>"));

    let out = browser.post("/logout", &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.session(), None);
    assert_eq!(browser.get("/my-data").await.location(), "/?return_to=%2Fmy-data");

    // Another browser shows the saved text too.
    let mut other = site.browser();
    other.sign_in("an").await;
    assert!(text_of(&other.get("/my-data").await).starts_with("&lt;/textarea&gt;"));
}

#[tokio::test]
async fn sessions_and_messages_survive_a_restart() {
    let mut site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    save(&mut browser, "kept").await;
    // The server restarts during this sign-in.
    let mut other = site.browser();
    let callback = other.decide("/login/itsme", "bram", "approve").await;

    site.restart().await;
    assert_eq!(text_of(&browser.get("/my-data").await), "kept");
    assert_eq!(other.get(&callback).await.location(), "/my-data");
    assert_eq!(text_of(&other.get("/my-data").await), "", "bram has a message");
}

/// Addresses end up in histories and logs.
#[tokio::test]
async fn addresses_tables_and_pages_show_no_secret_or_personal_details() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let callback = browser.decide("/login/itsme", "an", "approve").await;
    let (code, state) = (parameter(&callback, "code").unwrap(), parameter(&callback, "state").unwrap());
    let signed_in = browser.get(&callback).await;
    let session = browser.session().unwrap().to_owned();
    let saved = save(&mut browser, "a text of An's own").await;
    let refresh_token = refresh_token_of(&site, &session).await;
    let secrets = [code.as_str(), &state, &session, &refresh_token];

    for answer in [&signed_in, &saved] {
        for personal in [AN.0, "Peeters", "own"] {
            assert!(!answer.location().contains(personal));
        }
    }
    for page in ["/", "/my-data", "/profile", "/no-such-page"] {
        let body = browser.get(page).await.body;
        for secret in secrets {
            assert!(!body.contains(secret), "{page}: {body}");
        }
        assert!(!body.contains(AN.0), "{page}: {body}");
        assert_eq!(body.contains(AN_WRITTEN), page == "/profile", "{page}: {body}");
    }
    for item in site.sessions().await.iter().chain(&site.records().await) {
        for secret in secrets.into_iter().chain([AN.0, "Peeters"]) {
            assert!(!everything_in(item).contains(secret));
        }
    }
}

#[tokio::test]
async fn head_works_as_get() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for path in ["/", "/my-data", "/profile", "/favicon.svg"] {
        let head = browser.send(Method::HEAD, path, |request| request).await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""), "{path}");
    }
}
