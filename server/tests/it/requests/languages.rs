//! The language of a page: how it is chosen, said, and changed without losing the citizen's place or text.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{
    Answer, Browser,
    browser::{form, parameter},
    client,
};

use crate::{
    federation::Bridged,
    support::{
        line::State,
        site::{Site, SiteOptions, sealing_keys},
    },
};

const TAGS: [&str; 4] = ["nl", "fr", "de", "en"];
const NAMES: [&str; 4] = ["Nederlands", "Français", "Deutsch", "English"];

/// Dutch comes first, and German is the default.
const SERVICE: &str = "[service]\nlanguages = [\"nl\", \"fr\", \"de\"]\ndefault_language = \"de\"\n";

async fn site_with(more: &'static str) -> Site {
    Site::start_with(SiteOptions { more, ..SiteOptions::default() }).await
}

/// The language of a page, which its headers say too.
#[track_caller]
fn language(answer: &Answer) -> &str {
    let page = answer.body.split_once("<html lang=\"").unwrap_or_else(|| panic!("no page: {}", answer.body)).1;
    let tag = page.split_once('"').unwrap().0;
    assert_eq!(answer.header("content-language"), tag, "{}", answer.url);
    let vary: Vec<_> =
        answer.headers.get_all("vary").iter().map(|value| value.to_str().unwrap().to_lowercase()).collect();
    for field in ["accept-encoding", "accept-language", "cookie"] {
        assert_eq!(vary.join(", ").matches(field).count(), 1, "{}: {vary:?}", answer.url);
    }
    tag
}

/// The switch in the header of a page.
#[track_caller]
fn switch(answer: &Answer) -> &str {
    let nav = answer.body.split_once("class=\"languages\"").unwrap_or_else(|| panic!("no switch: {}", answer.body)).1;
    nav.split_once("</nav>").unwrap().0
}

fn chosen(answer: &Answer) -> Option<&str> {
    let cookie = answer.set_cookies().into_iter().find(|cookie| cookie.contains("mydata_lang="))?;
    Some(cookie.split_once('=').unwrap().1.split(';').next().unwrap())
}

async fn get_in(browser: &mut Browser, path: &str, accepted: &str) -> Answer {
    browser.send(Method::GET, path, |request| request.header("accept-language", accepted)).await
}

/// A browser that has chosen `tag`, signed in as An.
async fn signed_in(site: &Site, tag: &str) -> Browser {
    let mut browser = site.browser();
    browser.get(format!("/?lang={tag}")).await;
    browser.sign_in("an").await;
    browser
}

#[tokio::test]
async fn the_language_is_the_citizens_choice_else_the_browsers_else_the_default() {
    for (more, rows) in [
        ("", &[("", "en"), ("xx, nl-BE;q=0.8, fr;q=0.9", "fr"), ("xx", "en"), ("en;q=0, *;q=0.1", "de")][..]),
        (SERVICE, &[("", "de"), ("en-GB, en;q=0.9, fr;q=0.1", "fr"), ("xx", "de"), ("lb", "fr"), ("fy", "nl")]),
    ] {
        let site = site_with(more).await;
        for (accepted, expected) in rows {
            for path in ["/", "/no-such-page"] {
                let answer = get_in(&mut site.browser(), path, accepted).await;
                assert_eq!(language(&answer), *expected, "{accepted} {path}");
                assert!(answer.set_cookies().is_empty(), "only a choice is kept");
            }
        }
        let mut browser = site.browser();
        browser.get("/?lang=nl").await;
        assert_eq!(language(&get_in(&mut browser, "/", "fr").await), "nl", "the citizen has chosen");
        browser.cookies().insert("mydata_lang".to_owned(), "xx".to_owned());
        assert_eq!(language(&get_in(&mut browser, "/", "fr").await), "fr", "not offered");
    }
}

#[tokio::test]
async fn the_parameter_leads_to_the_clean_address() {
    let site = site_with(SERVICE).await;
    for (path, address, kept) in [
        ("/?lang=fr", "/", Some("fr")),
        ("/?lang=FR", "/", Some("fr")),
        ("/?return_to=%2Fmy-data%3fsaved%3D1&lang=nl", "/?return_to=%2Fmy-data%3fsaved%3D1", Some("nl")),
        ("/my-data?lang=fr&saved=3", "/my-data?saved=3", Some("fr")),
        ("/profile?lang=fr", "/profile", Some("fr")),
        ("/login/itsme?lang=fr&return_to=/profile", "/login/itsme?return_to=/profile", Some("fr")),
        ("/login/nobody?lang=fr", "/login/nobody", Some("fr")),
        ("/logout?lang=fr", "/logout", Some("fr")),
        ("/api/save_message?lang=fr", "/api/save_message", Some("fr")),
        ("/language?lang=fr", "/language", Some("fr")),
        ("/no-such-page?lang=fr&q=a+b%2f", "/no-such-page?q=a+b%2f", Some("fr")),
        ("/my%2Ddata?lang=fr", "/my-data", Some("fr")),
        ("//evil.example/?lang=fr", "/.//evil.example/", Some("fr")),
        ("/%2F%2Fevil.example?lang=fr", "/%2F%2Fevil.example", Some("fr")),
        // Not offered, unknown, repeated, empty.
        ("/?lang=en", "/", None),
        ("/?lang=xx", "/", None),
        ("/?lang=fr&lang=fr", "/", None),
        ("/?lang=", "/", None),
        ("/?lang", "/", None),
        ("/?lang=fr%0d%0aset-cookie:%20a=b", "/", None),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let url = format!("http://{}{path}", site.address);
            let answer = client().request(method.clone(), url).send().await.unwrap();
            assert_eq!(answer.status(), 303, "{method} {path}");
            assert_eq!(answer.headers()["location"], address, "{method} {path}");
            assert_eq!(answer.headers()["cache-control"], "no-store");
            let cookie = answer.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap().to_owned());
            let expected =
                kept.map(|tag| format!("mydata_lang={tag}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"));
            assert_eq!(cookie, expected, "{method} {path}");
        }
    }
    // Where the address has a session, it stays.
    let mut browser = signed_in(&site, "fr").await;
    let answer = browser.get("/my-data?lang=nl").await;
    assert_eq!((answer.location(), chosen(&answer)), ("/my-data", Some("nl")));
    assert_eq!(language(&browser.get("/my-data").await), "nl");
    // A request that changes something is not redirected.
    let answer = browser.post("/api/save_message?lang=fr", &[("text", "a"), ("version", "0")]).await;
    assert_eq!((answer.location(), chosen(&answer)), ("/my-data?saved=1", None));
}

#[tokio::test]
async fn over_https_no_other_host_can_set_the_choice() {
    let site =
        Site::start_with(SiteOptions { public_url: Some("https://mydata.example"), ..SiteOptions::default() }).await;
    let answer = site.browser().get("/?lang=fr").await;
    assert_eq!(
        answer.set_cookies(),
        ["__Host-mydata_lang=fr; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000"]
    );
    let mut browser = site.browser();
    browser.cookies().insert("mydata_lang".to_owned(), "fr".to_owned());
    assert_eq!(language(&browser.get("/").await), "en");
}

#[tokio::test]
async fn an_address_that_is_no_page_of_ours_does_not_know_the_parameter() {
    let bridged = Bridged::start().await;
    let site = &bridged.site;
    for (path, status) in [
        ("/favicon.svg?lang=fr", 200),
        ("/pkg/my-data.0a1b2c.js?lang=fr", 200),
        ("/healthz?lang=fr", 200),
        ("/readyz?lang=fr", 200),
        ("/federation/login_gov/jwks.json?lang=fr", 200),
        ("/federation/login_gov/authorize?lang=fr", 400),
        ("/.well-known/security.txt?lang=fr", 404),
        ("/auth/callback?lang=fr", 400),
        ("/auth/callback?code=c&state=s&lang=fr", 400),
    ] {
        let answer = site.browser().get(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(chosen(&answer), None, "{path}");
        if answer.body.contains("<html") {
            assert_eq!(language(&answer), "en", "{path}");
            assert!(switch(&answer).contains("action=\"/language\""), "{path}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_parameter_in_the_callback_neither_stops_nor_repeats_the_sign_in() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let mut callback = browser.decide("/login/itsme", "an", "approve").await;
    callback.query_pairs_mut().append_pair("lang", "fr");
    let answer = browser.get(&callback).await;
    assert_eq!((answer.location(), chosen(&answer)), ("/my-data", None));
    assert_eq!(site.open_sessions().await, 1);
}

#[tokio::test]
async fn a_choice_before_the_sign_in_goes_on_to_the_user_pool() {
    let site = Site::start().await;
    for (tag, passed_on) in [("nl", "en"), ("fr", "fr"), ("de", "de"), ("en", "en")] {
        let mut browser = site.browser();
        let answer = browser.get(format!("/login/itsme?lang={tag}&return_to=/profile")).await;
        assert_eq!(chosen(&answer), Some(tag));
        let answer = browser.get(answer.target()).await;
        assert_eq!(parameter(&answer.target(), "lang").as_deref(), Some(passed_on));
        // The user pool accepts it.
        assert_eq!(browser.sign_in("an").await.location(), "/my-data");
        assert_eq!(language(&browser.get("/profile").await), tag);
    }
}

#[tokio::test]
async fn every_page_and_failure_page_is_in_the_chosen_language() {
    let site = Site::start().await;
    for (tag, name) in TAGS.into_iter().zip(NAMES) {
        let mut visitor = site.browser();
        visitor.get(format!("/?lang={tag}")).await;
        let mut citizen = signed_in(&site, tag).await;
        let conflict = [("text", "typed"), ("version", "7")];
        let long = "x".repeat(2_001);
        let pages = [
            (visitor.get("/").await, 200),
            (visitor.get("/?signin=cancelled").await, 200),
            (visitor.get("/no-such-page").await, 404),
            (visitor.get("/login/nobody").await, 404),
            (visitor.get("/logout").await, 405),
            (visitor.get("/auth/callback?code=c&state=s").await, 400),
            (visitor.post("/", &[]).await, 405),
            (visitor.post("/api/save_message", &conflict).await, 401),
            (visitor.post("/api/save_message", &[]).await, 401),
            (visitor.post("/api/save_message", &[("text", &"x".repeat(70_000))]).await, 413),
            (visitor.send(Method::POST, "/", |request| request.header("origin", "https://evil.example")).await, 403),
            (citizen.get("/").await, 200),
            (citizen.get("/my-data").await, 200),
            (citizen.get("/profile").await, 200),
            (citizen.post("/api/save_message", &conflict).await, 409),
            (citizen.post("/api/save_message", &[("text", &long), ("version", "0")]).await, 422),
            (citizen.post("/api/save_message", &[("text", "typed")]).await, 400),
        ];
        for (page, status) in pages {
            assert_eq!(page.status, status, "{} {}", page.url, page.body);
            assert_eq!(language(&page), tag, "{}", page.url);
            let switch = switch(&page);
            assert!(switch.contains(&format!("<span lang=\"{tag}\" aria-current=\"true\">{name}</span>")), "{switch}");
            for (other, name) in TAGS.into_iter().zip(NAMES).filter(|(other, _)| *other != tag) {
                assert!(switch.contains(&format!("lang=\"{other}\"")) && switch.contains(name), "{switch}");
            }
        }
    }
}

#[tokio::test]
async fn the_switch_keeps_the_citizens_place() {
    let site = Site::start().await;
    let mut browser = signed_in(&site, "en").await;
    let mut visitor = site.browser();
    let text = [("text", "typed"), ("version", "7")];
    let (links, of_form, sealed) = ("href=\"?lang=fr\"", "form=\"message\" formaction=\"/language\"", "name=\"page\"");
    for (page, expected) in [
        (visitor.get("/").await, links),
        (
            visitor.get("/?x=%22%3E&return_to=/profile&signin=cancelled").await,
            "href=\"?signin=cancelled&amp;return_to=%2Fprofile&amp;lang=fr\"",
        ),
        (visitor.get("/no-such-page").await, links),
        (visitor.get("/logout").await, links),
        (visitor.get("/no-such-page?q=secret").await, sealed),
        (visitor.get("/auth/callback").await, sealed),
        (visitor.post("/no-such-page", &[]).await, sealed),
        (visitor.post("/api/save_message", &[]).await, sealed),
        (visitor.post("/api/save_message", &text).await, of_form),
        (browser.get("/").await, links),
        (browser.get("/profile").await, links),
        (browser.get("/my-data").await, of_form),
        (browser.post("/api/save_message", &text).await, of_form),
        (browser.post("/api/save_message", &[("text", "typed")]).await, of_form),
    ] {
        let switch = switch(&page);
        for kind in [links, of_form, sealed] {
            let is_it = kind == expected || (kind == links && expected.starts_with("href"));
            assert_eq!(switch.contains(if is_it { expected } else { kind }), is_it, "{} {kind}: {switch}", page.url);
        }
        assert_eq!(expected == of_form, page.body.contains("<form id=\"message\""), "{}", page.body);
        assert!(!page.body.contains("secret"), "{}", page.body);
    }
    // With one language there is nothing to choose.
    let site = site_with("[service]\nlanguages = [\"fr\"]\n").await;
    let answer = site.browser().get("/").await;
    assert_eq!(language(&answer), "fr");
    assert!(!answer.body.contains("class=\"languages\""), "{}", answer.body);
}

async fn translate(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post("/language", &[fields, &[("lang", "fr")]].concat()).await
}

#[tokio::test]
async fn a_typed_text_comes_along_and_is_not_saved() {
    let site = Site::start().await;
    let mut browser = signed_in(&site, "en").await;
    let typed = "\r\ntyped <b>\r\n&amp; \u{1f642}";
    let shown = "\r\ntyped &lt;b&gt;\r\n&amp;amp; \u{1f642}";
    // Nothing is saved yet.
    let answer = translate(&mut browser, &[("text", typed), ("version", "0")]).await;
    assert_eq!((answer.status.as_u16(), language(&answer), chosen(&answer)), (200, "fr", Some("fr")));
    assert_eq!((answer.text_area(), answer.hidden("version")), (shown, "0"));
    assert!(site.messages().await.is_empty());
    let words = |answer: &Answer| {
        let status = answer.body.split_once("role=\"status\"").unwrap().1.split_once("</p>").unwrap().0.to_owned();
        (status.contains("<strong>"), status.contains("<time"))
    };
    assert_eq!(words(&answer), (false, false), "{}", answer.body);
    assert!(!answer.body.contains("class=\"notice") && !answer.body.contains("class=\"summary"), "{}", answer.body);

    // The page can save it, and then it is no longer a typed text.
    assert_eq!(browser.post("/api/save_message", &[("text", typed), ("version", "0")]).await.status, 303);
    let answer = translate(&mut browser, &[("text", typed), ("version", "1")]).await;
    assert_eq!((answer.status.as_u16(), answer.hidden("version"), words(&answer)), (200, "1", (false, true)));
    // Even in a form of before that save.
    let answer = translate(&mut browser, &[("text", typed), ("version", "0")]).await;
    assert_eq!((answer.status.as_u16(), answer.hidden("version"), words(&answer)), (200, "1", (false, true)));
    // A change of the saved text.
    let answer = translate(&mut browser, &[("text", "changed"), ("version", "1")]).await;
    assert_eq!((answer.status.as_u16(), answer.text_area(), words(&answer)), (200, "changed", (false, false)));
    let answer = translate(&mut browser, &[("text", ""), ("version", "1")]).await;
    assert_eq!((answer.status.as_u16(), answer.text_area(), words(&answer)), (200, "", (false, false)));
    assert_eq!(site.messages().await.len(), 1);
    assert!(!browser.get("/my-data").await.body.contains("changed"));
}

#[tokio::test]
async fn a_conflict_stays_one_in_another_language() {
    let mut site = Site::start().await;
    let mut browser = signed_in(&site, "en").await;
    browser.post("/api/save_message", &[("text", "saved elsewhere"), ("version", "0")]).await;
    let conflict = browser.post("/api/save_message", &[("text", "typed"), ("version", "0")]).await;
    assert_eq!((conflict.status.as_u16(), conflict.hidden("conflict")), (409, "1"));
    // From the page of the conflict, from the form of before, and from one whose version is ahead.
    for fields in [
        &[("text", "typed"), ("version", "1"), ("conflict", "1")][..],
        &[("text", "typed"), ("version", "0")],
        &[("text", "typed"), ("version", "7")],
        &[("text", "typed")],
    ] {
        let answer = translate(&mut browser, fields).await;
        assert_eq!((answer.status.as_u16(), language(&answer), chosen(&answer)), (409, "fr", Some("fr")));
        assert_eq!((answer.text_area(), answer.hidden("version"), answer.hidden("conflict")), ("typed", "1", "1"));
        assert!(answer.body.contains("saved elsewhere"), "{}", answer.body);
    }
    // A save that is refused for another reason does not end it.
    let long = "é".repeat(2_001);
    let refused = [("text", &*long), ("version", "1"), ("conflict", "1")];
    let refused = browser.post("/api/save_message", &refused).await;
    assert_eq!((refused.status.as_u16(), refused.hidden("version"), refused.hidden("conflict")), (422, "1", "1"));
    let fields = ["version", "conflict"].map(|name| (name, refused.hidden(name)));
    let answer = translate(&mut browser, &[&[("text", "shorter")], &fields[..]].concat()).await;
    assert_eq!((answer.status.as_u16(), answer.text_area(), answer.hidden("version")), (409, "shorter", "1"));
    assert!(answer.body.contains("saved elsewhere"), "{}", answer.body);
    // The field changes nothing about a save.
    let saved = browser.post("/api/save_message", &[("text", "typed"), ("version", "1"), ("conflict", "1")]).await;
    assert_eq!(saved.location(), "/my-data?saved=2");
    // Stopping writes every record.
    site.restart().await;
    let refused = |record: &Value| record["event"]["action"] == "save" && record["event"]["outcome"] == "failure";
    assert_eq!(
        site.security_records().into_iter().filter(refused).count(),
        2,
        "only the saves themselves are recorded"
    );
}

#[tokio::test]
async fn no_answer_in_another_language_loses_the_text() {
    let mut site = Site::start().await;
    let mut browser = signed_in(&site, "en").await;
    let long = "é".repeat(2_001);
    for (fields, status, text) in [
        (&[("text", &*long), ("version", "0")][..], 422, &*long),
        (&[("text", "a\0b"), ("version", "0")], 422, "a\u{fffd}b"),
        (&[("text", "typed"), ("version", "x")], 200, "typed"),
        (&[("text", "one"), ("text", "two"), ("text", "three"), ("version", "0")], 200, "one\ntwo\nthree"),
        (&[("text", "typed"), ("version", "0"), ("page", "AAAA")], 200, "typed"),
    ] {
        let answer = translate(&mut browser, fields).await;
        assert_eq!((answer.status.as_u16(), answer.text_area()), (status, text), "{fields:?}");
        assert_eq!((language(&answer), chosen(&answer)), ("fr", Some("fr")), "{fields:?}");
        // Without a session, the text can be copied.
        let answer = translate(&mut site.browser(), fields).await;
        assert_eq!((answer.status.as_u16(), answer.text_area()), (401, text), "{fields:?}");
        assert_eq!((language(&answer), chosen(&answer)), ("fr", Some("fr")), "{fields:?}");
        assert!(answer.body.contains("readonly"), "{}", answer.body);
    }
    // Into a language that is not offered, or not named.
    for lang in ["xx", "", "fr\0"] {
        let answer = browser.post("/language", &[("text", "typed"), ("version", "0"), ("lang", lang)]).await;
        assert_eq!((answer.status.as_u16(), answer.text_area()), (200, "typed"), "{lang:?}");
        assert_eq!((language(&answer), chosen(&answer)), ("fr", None), "{lang:?}: as before");
    }
    let answer = browser.post("/language", &[("text", "typed"), ("lang", "nl"), ("lang", "nl")]).await;
    assert_eq!((answer.text_area(), chosen(&answer)), ("typed", None));
    // The tables cannot be reached.
    site.line.set(State::Cut);
    let answer = translate(&mut browser, &[("text", "typed"), ("version", "0")]).await;
    site.line.set(State::Whole);
    assert_eq!((answer.status.as_u16(), answer.text_area(), language(&answer)), (503, "typed", "fr"));
    assert!(site.messages().await.is_empty());
    // From another website, and larger than any text: as a save.
    let other = |request| form(request, &[("text", "typed")]).header("origin", "https://evil.example");
    assert_eq!(browser.send(Method::POST, "/language", other).await.status, 403);
    assert_eq!(translate(&mut browser, &[("text", &"x".repeat(70_000))]).await.status, 413);
    // Stopping writes every record.
    site.restart().await;
    let is_save = |record: &Value| record["event"]["action"] == "save";
    assert_eq!(site.security_records().into_iter().filter(is_save).count(), 0, "nothing was to be saved");
}

#[tokio::test]
async fn without_a_text_or_a_page_the_choice_leads_home() {
    let site = Site::start().await;
    for fields in [&[][..], &[("version", "1")], &[("page", "")], &[("page", "AAAA")], &[("other", "x")]] {
        let answer = translate(&mut site.browser(), fields).await;
        assert_eq!((answer.location(), chosen(&answer)), ("/", Some("fr")), "{fields:?}");
    }
    let json =
        |request: reqwest::RequestBuilder| request.header("content-type", "application/json").body("{\"lang\":\"fr\"}");
    let answer = site.browser().send(Method::POST, "/language", json).await;
    assert_eq!((answer.location(), chosen(&answer)), ("/", None));
    // The address stays in the browser's bar.
    assert_eq!(site.browser().get("/language").await.location(), "/");
    assert_eq!(site.browser().get("/?return_to=/language").await.status, 200);
    assert!(!site.browser().get("/?return_to=/language").await.body.contains("return_to"), "it is no page");
}

#[tokio::test]
async fn a_page_that_cannot_be_requested_again_is_shown_in_another_language() {
    let mut site = Site::start().await;
    let mut browser = site.browser();
    let state = parameter(&browser.get("/login/itsme?return_to=/profile").await.target(), "state").unwrap();
    let callback = format!("/auth/callback?error=server_error&state={state}");
    for (page, status) in [
        (browser.get(callback).await, 502),
        (browser.get("/auth/callback?code=c&state=s").await, 400),
        (browser.post("/", &[]).await, 405),
        (browser.post("/api/save_message", &[]).await, 401),
        (browser.post("/api/save_message", &[("text", &"x".repeat(70_000))]).await, 413),
        (browser.send(Method::POST, "/", |request| request.header("origin", "https://evil.example")).await, 403),
    ] {
        assert_eq!(page.status, status, "{}", page.url);
        let mut shown = translate(&mut browser, &[("page", page.hidden("page"))]).await;
        for (tag, name) in [("fr", "Français"), ("de", "Deutsch")] {
            assert_eq!((shown.status, language(&shown), chosen(&shown)), (page.status, tag, Some(tag)), "{}", page.url);
            assert!(switch(&shown).contains(&format!("aria-current=\"true\">{name}<")), "{}", shown.body);
            // The same ways on, and the reference that is in the log.
            assert_eq!(reference(&shown), reference(&page), "{}", page.url);
            assert_eq!(ways_on(&shown), ways_on(&page), "{}", page.url);
            assert_eq!(shown.header("www-authenticate"), page.header("www-authenticate"), "{}", page.url);
            assert_eq!(shown.header("allow"), if status == 405 { "GET,HEAD,POST" } else { "" }, "{}", page.url);
            assert_eq!(shown.header("cache-control"), "no-store");
            shown = browser.post("/language", &[("page", shown.hidden("page")), ("lang", "de")]).await;
        }
    }
    // They are no new failures. Stopping writes every record.
    site.restart().await;
    let is_other_origin = |record: &Value| record["event"]["action"] == "cross-origin-request";
    assert_eq!(site.security_records().into_iter().filter(is_other_origin).count(), 1);
}

/// The reference on a failure page, whatever its language is.
fn reference(answer: &Answer) -> Option<&str> {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte);
    let is_it = |text: &str| {
        let text = text.as_bytes();
        text.len() == 9 && text[4] == b'-' && text.iter().enumerate().all(|(place, byte)| place == 4 || is_digit(byte))
    };
    answer.body.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').find(|text| is_it(text))
}

/// The addresses of the buttons of a failure page.
fn ways_on(answer: &Answer) -> Vec<&str> {
    let main = answer.body.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
    main.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn a_sealed_page_is_shown_only_unchanged_and_for_an_hour() {
    let site = Site::start().await;
    let keys = sealing_keys();
    let now = time::OffsetDateTime::now_utc().unix_timestamp();
    let content = |age: i64| {
        json!({ "k": "SignInProvider", "s": 502, "r": "ABCD-0123", "a": "/login/itsme",
                "o": { "AnotherProvider": "/" }, "t": now - age })
    };
    for (sealed, is_shown) in [
        (keys.seal_text("failure page v1", &content(0)), true),
        (keys.seal_text("failure page v1", &content(3_500)), true),
        (keys.seal_text("failure page v1", &content(3_601)), false),
        (keys.seal_text("failure page v1", &content(-3_600)), false),
        (keys.seal_text("repeated sign-in v1", &content(0)), false),
        (keys.seal_text("failure page v1", &json!({ "k": "Unknown", "s": 200, "t": now })), false),
        (URL_SAFE_NO_PAD.encode(content(0).to_string()), false),
    ] {
        let answer = translate(&mut site.browser(), &[("page", &sealed)]).await;
        assert_eq!(answer.status == 502, is_shown, "{sealed}");
        if is_shown {
            assert_eq!(reference(&answer), Some("ABCD-0123"));
            assert_eq!(ways_on(&answer), ["/login/itsme", "/"]);
        } else {
            assert_eq!(answer.location(), "/");
        }
        let changed = format!("{}{}", if sealed.starts_with('A') { 'B' } else { 'A' }, &sealed[1..]);
        assert_eq!(translate(&mut site.browser(), &[("page", &changed)]).await.location(), "/");
        let twice = [("page", &*sealed), ("page", &*sealed)];
        assert_eq!(translate(&mut site.browser(), &twice).await.location(), "/");
    }
}
