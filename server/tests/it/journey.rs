//! A citizen's way through the site, redirect by redirect.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Method, StatusCode};
use url::Url;

use crate::support::{
    AN,
    browser::{Answer, Browser, client, form, parameter},
    site::{Site, Wishes, everything_in},
};

/// Saves a text as the form on `/my-data` does.
async fn save(browser: &mut Browser, text: &str) -> Answer {
    let version = browser.get("/my-data").await.hidden("version");
    browser.post("/api/save_message", &[("text", text), ("version", &version)]).await
}

fn text_of(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.text_area()
}

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
    assert_eq!(format!("{}{}", url.origin().ascii_serialization(), url.path()), format!("{}/oauth2/authorize", site.settings().domain_url));
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
async fn a_citizen_signs_in_saves_reads_and_signs_out() {
    let site = Site::start().await;
    let mut browser = site.browser();

    // A page that needs a sign-in leads to the sign-in and back.
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
    for value in [AN.0, AN.1, "30 July 1985", "an.peeters@example.com", "itsme"] {
        assert!(profile.body.contains(value), "{value} is not in {}", profile.body);
    }
    // Who is signed in is not asked to sign in.
    let home = browser.get("/").await;
    assert!(home.body.contains("href=\"/my-data\"") && !home.body.contains("/login/"), "{}", home.body);

    let empty = browser.get("/my-data").await;
    assert_eq!((text_of(&empty), empty.hidden("version").as_str()), ("", "0"));
    let saved = save(&mut browser, "</textarea><script>alert(1)</script>\r\n&amp; \u{1f642}").await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/my-data?saved=1"));
    let shown = browser.get(saved.target()).await;
    assert_eq!(text_of(&shown), "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;\n&amp;amp; \u{1f642}");
    assert!(!shown.body.contains("<script>"), "{}", shown.body);
    assert!(shown.body.contains("<strong>Saved.</strong>"));
    assert_eq!(shown.hidden("version"), "1");
    // The page says so only while that version is the one kept.
    assert!(!browser.get("/my-data?saved=7").await.body.contains("<strong>Saved.</strong>"));

    let out = browser.post("/logout", &[]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.session(), None);
    assert_eq!(browser.get("/my-data").await.location(), "/?return_to=%2Fmy-data");

    // Another browser, another sign-in: what was saved is there.
    let mut other = site.browser();
    other.sign_in("an").await;
    assert!(text_of(&other.get("/my-data").await).starts_with("&lt;/textarea&gt;"));
}

#[tokio::test]
async fn the_default_way_after_the_sign_in_is_my_data() {
    let site = Site::start().await;
    assert_eq!(site.browser().sign_in("an").await.location(), "/my-data");
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

/// The attributes of a `Set-Cookie`, in the order of the alphabet.
pub fn attributes(cookie: &str) -> Vec<&str> {
    let mut attributes: Vec<_> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    attributes
}

#[tokio::test]
async fn after_the_sign_out_the_session_and_its_tokens_are_dead() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    assert_eq!(site.sessions().await.iter().filter(|item| item.contains_key("data")).count(), 1);
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
    let [removal] = out.set_cookies()[..] else { panic!("{:?}", out.set_cookies()) };
    assert!(removal.starts_with("mydata_session=;"), "{removal}");
    assert_eq!(attributes(removal), ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"]);
    // The user pool sends the browser on to the home page, so what it was asked was in order.
    let home = browser.visit(out.target()).await.err().unwrap();
    assert_eq!(home.as_str(), format!("{}/", site.public_url));

    // The refresh token was revoked, the record is gone, and the cookie opens nothing.
    assert_eq!(refresh(&site, &refresh_token).await, StatusCode::BAD_REQUEST);
    assert_eq!(site.sessions().await.iter().filter(|item| item.contains_key("data")).count(), 0);
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

/// Opens the session as only the holder of its cookie can, and takes the refresh token out of it.
async fn refresh_token_of(site: &Site, session: &str) -> String {
    use tower_sessions::SessionStore as _;
    let store =
        server::sessions::DynamoDbStore::new(site.tables.clone(), site.config.dynamodb.sessions_table.clone());
    let record = store.load(&session.parse().unwrap()).await.unwrap().unwrap();
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

#[tokio::test]
async fn a_new_sign_in_ends_the_session_before_it() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let (old, first) = (browser.cookies().clone(), browser.session());
    browser.sign_in("an").await;
    assert_ne!(browser.session(), first);
    assert_eq!(browser.get("/my-data").await.status, StatusCode::OK);
    let mut replay = site.browser();
    *replay.cookies() = old;
    assert_eq!(replay.get("/my-data").await.status, StatusCode::SEE_OTHER);
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
async fn sessions_and_messages_outlive_the_server() {
    let mut site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    save(&mut browser, "kept").await;
    // This sign-in is under way while the server is started again.
    let mut other = site.browser();
    let callback = other.decide("/login/itsme", "bram", "approve").await;

    site.restart().await;
    assert_eq!(text_of(&browser.get("/my-data").await), "kept");
    assert_eq!(other.get(&callback).await.location(), "/my-data");
    assert_eq!(text_of(&other.get("/my-data").await), "", "bram has nothing yet");
}

#[tokio::test]
async fn two_tabs_do_not_overwrite_each_other() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let fields = |text| [("text", text), ("version", "0")];
    assert_eq!(browser.post("/api/save_message", &fields("from <b>tab</b> one")).await.status, StatusCode::SEE_OTHER);
    let conflict = browser.post("/api/save_message", &fields("from tab two")).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.body.contains("from &lt;b&gt;tab&lt;/b&gt; one"), "what is kept: {}", conflict.body);
    assert_eq!((conflict.text_area(), conflict.hidden("version").as_str()), ("from tab two", "1"));
    // Nothing was overwritten, and a retried save of what is kept is no conflict.
    assert_eq!(text_of(&browser.get("/my-data").await), "from &lt;b&gt;tab&lt;/b&gt; one");
    let again = browser.post("/api/save_message", &fields("from <b>tab</b> one")).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/my-data?saved=1"));
    let chosen = browser.post("/api/save_message", &[("text", "from tab two"), ("version", "1")]).await;
    assert_eq!(chosen.location(), "/my-data?saved=2");
}

#[tokio::test]
async fn a_text_that_is_too_long_is_shown_again_and_not_saved() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let long = "é".repeat(2_001);
    let answer = save(&mut browser, &long).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.text_area(), long);
    assert!(answer.body.contains("2,001"));
    assert!(site.records().await.is_empty());
    assert_eq!(save(&mut browser, &long[2..]).await.location(), "/my-data?saved=1");
}

#[tokio::test]
async fn nobody_reads_the_data_of_somebody_else() {
    let site = Site::start().await;
    let (mut an, mut bram) = (site.browser(), site.browser());
    an.sign_in("an").await;
    bram.sign_in("bram").await;
    save(&mut an, "only An reads this").await;
    assert_eq!(text_of(&bram.get("/my-data").await), "");
    save(&mut bram, "only Bram reads this").await;
    assert_eq!(text_of(&an.get("/my-data").await), "only An reads this");
    assert!(!bram.get("/profile").await.body.contains(AN.0));
    assert_eq!(site.records().await.len(), 2);
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
    assert!(answer.body.contains(&format!("href=\"{}/logout?client_id=", site.settings().domain_url)), "{}", answer.body);
}

#[tokio::test]
async fn a_name_of_other_letters_and_directions_is_shown_as_it_is() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("zoe").await;
    let profile = browser.get("/profile").await;
    assert!(profile.body.contains("<bdi>Zoë Çelik-Østergård ليلى بن علي</bdi>"), "{}", profile.body);
}

/// What stands in an address stands in histories and logs.
#[tokio::test]
async fn nothing_personal_or_secret_stands_in_an_address_a_table_or_a_page_it_is_not_for() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let begun = browser.get("/login/itsme").await;
    let (state, nonce) = (parameter(&begun.target(), "state").unwrap(), parameter(&begun.target(), "nonce").unwrap());
    let callback = browser.decide("/login/itsme", "an", "approve").await;
    let code = parameter(&callback, "code").unwrap();
    let signed_in = browser.get(&callback).await;
    let session = browser.session().unwrap();
    let saved = save(&mut browser, "a text of An's own").await;
    let refresh_token = refresh_token_of(&site, &session).await;
    let secrets = [code.as_str(), &state, &nonce, &session, &refresh_token];

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
        assert_eq!(body.contains(AN.0), page == "/profile", "{page}: {body}");
    }
    for item in site.sessions().await.iter().chain(&site.records().await) {
        for secret in secrets.into_iter().chain([AN.0, "Peeters"]) {
            assert!(!everything_in(item).contains(secret));
        }
    }
}

#[tokio::test]
async fn the_code_is_redeemed_with_the_verifier_of_this_sign_in() {
    use crate::support::fake_pool::FakePool;
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
        ("client_id", crate::support::fake_pool::CLIENT_ID),
    ] {
        assert_eq!(parameter(&form, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(parameter(&form, "client_secret"), None);
    let verifier = parameter(&form, "code_verifier").unwrap();
    let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
    assert_eq!(parameter(&begun, "code_challenge").unwrap(), URL_SAFE_NO_PAD.encode(hash.as_ref()));
}

#[tokio::test]
async fn head_asks_as_get_does() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for path in ["/", "/my-data", "/profile", "/favicon.svg"] {
        let head = browser.send(Method::HEAD, path, |request| request).await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""), "{path}");
    }
}
