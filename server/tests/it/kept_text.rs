//! A text that is sent after its session has ended comes back to the person who typed it, and to nobody else.

use server::{
    config::{Config, Source},
    secret::{SealingKeys, ServerKey},
};
use testkit::{Answer, Browser, example::PSEUDONYM_KEY};
use time::Duration;

use crate::{
    session_life::end_in,
    support::{
        line::State,
        server::RunningServer,
        site::{Site, everything_in},
    },
};

const TEXT: &str = "typed for an hour </textarea>";
const SHOWN: &str = "typed for an hour &lt;/textarea&gt;";
const RESTORED: &str = "You had not saved this text";

/// The form of `/my-data`: version and owner.
struct Form {
    version: String,
    owner: String,
}

impl Form {
    fn of(page: &Answer) -> Self {
        Self { version: page.hidden("version").to_owned(), owner: page.hidden("owner").to_owned() }
    }

    async fn open(browser: &mut Browser) -> Self {
        Self::of(&browser.get("/my-data").await)
    }

    async fn send(&self, browser: &mut Browser, text: &str) -> Answer {
        let fields = [("text", text), ("version", &*self.version), ("owner", &*self.owner)];
        browser.post("/api/save_message", &fields).await
    }
}

/// An signs in, opens the form, and sends `text` after the session has ended.
async fn expire(site: &Site, browser: &mut Browser, text: &str) -> Answer {
    browser.sign_in("an").await;
    let form = Form::open(browser).await;
    end_in(site, browser, Duration::seconds(-1)).await;
    form.send(browser, text).await
}

fn kept(browser: &Browser) -> Option<String> {
    browser.cookie("mydata_kept").map(str::to_owned)
}

/// The items of kept texts.
async fn items(site: &Site) -> Vec<String> {
    let items = site.sessions().await;
    items.iter().map(everything_in).filter(|item| item.contains("pk=kept#")).collect()
}

#[tokio::test]
async fn a_text_comes_back_to_the_person_who_typed_it() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let ended = expire(&site, &mut browser, TEXT).await;
    assert_eq!((ended.status.as_u16(), ended.text_area()), (401, SHOWN));
    assert!(ended.body.contains("we keep it for 30 minutes"), "{}", ended.body);
    let [cookie] = ended.set_cookies()[..] else { panic!("{:?}", ended.set_cookies()) };
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=1800"), "{cookie}");
    assert!(site.messages().await.is_empty());
    let id = kept(&browser).unwrap();
    let [item] = &items(&site).await[..] else { panic!("not one item") };
    let pseudonym = site.sessions().await.iter().find_map(|item| Some(item.get("citizen")?.as_s().unwrap().clone()));
    assert_eq!(pseudonym, None, "the expired session is deleted");
    for secret in ["typed", "v1#", &id] {
        assert!(!item.contains(secret) && !cookie.split('=').next().unwrap().contains(secret), "{secret} in {item}");
    }

    browser.sign_in("an").await;
    // A reload does not lose it.
    for _ in 0..2 {
        let page = browser.get("/my-data").await;
        assert_eq!((page.status.as_u16(), page.text_area(), page.hidden("version")), (200, SHOWN, "0"));
        assert!(page.body.contains(RESTORED) && page.body.contains("Not saved yet."), "{}", page.body);
        assert!(page.set_cookies().is_empty());
    }
    let page = browser.get("/my-data").await;
    let fields = ["version", "owner", "restored"].map(|name| (name, page.hidden(name)));
    let saved = browser.post("/api/save_message", &[&[("text", TEXT)], &fields[..]].concat()).await;
    assert_eq!(saved.location(), "/my-data?saved=1");
    assert_eq!((kept(&browser), items(&site).await.len()), (None, 0));
    let page = browser.get("/my-data").await;
    assert!(page.text_area() == SHOWN && !page.body.contains(RESTORED), "{}", page.body);
}

#[tokio::test]
async fn a_text_comes_back_as_a_conflict_if_another_one_was_saved_in_the_meantime() {
    let site = Site::start().await;
    let (mut browser, mut other) = (site.browser(), site.browser());
    expire(&site, &mut browser, TEXT).await;
    other.sign_in("an").await;
    Form::open(&mut other).await.send(&mut other, "from the other device").await;
    browser.sign_in("an").await;
    let page = browser.get("/my-data").await;
    assert_eq!((page.status.as_u16(), page.text_area(), page.hidden("version")), (200, SHOWN, "1"));
    for said in ["Your saved message has changed", "from the other device", "before you were signed out"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    // The citizen leaves the saved one.
    let shown = [("restored", page.hidden("restored"))];
    assert_eq!(browser.post("/api/discard_text", &shown).await.location(), "/my-data");
    assert_eq!((kept(&browser), items(&site).await.len()), (None, 0));
    assert_eq!(browser.get("/my-data").await.text_area(), "from the other device");
}

#[tokio::test]
async fn a_text_that_is_saved_already_does_not_come_back() {
    let site = Site::start().await;
    let (mut browser, mut other) = (site.browser(), site.browser());
    expire(&site, &mut browser, "two\r\nlines").await;
    other.sign_in("an").await;
    Form::open(&mut other).await.send(&mut other, "two\nlines").await;
    browser.sign_in("an").await;
    let page = browser.get("/my-data").await;
    assert!(page.text_area() == "two\nlines" && !page.body.contains(RESTORED), "{}", page.body);
    assert_eq!((kept(&browser), items(&site).await.len()), (None, 0));
}

#[tokio::test]
async fn a_text_that_cannot_be_saved_comes_back_with_the_reason() {
    let site = Site::start().await;
    for (text, shown, said) in [
        ("x".repeat(2_001), "x".repeat(2_001), "Your message has 2,001 characters."),
        ("a\0b".to_owned(), "a\u{fffd}b".to_owned(), "characters that we cannot save"),
        // It must not be saved with the replacement, which the citizen has not typed.
        ("a%FFb".to_owned(), "a\u{fffd}b".to_owned(), "characters that we cannot save"),
    ] {
        let mut browser = site.browser();
        browser.sign_in("an").await;
        let form = Form::open(&mut browser).await;
        end_in(&site, &mut browser, Duration::seconds(-1)).await;
        let text = if text.contains('%') { text } else { text.replace('\0', "%00") };
        let body = format!("version={}&owner={}&text={text}", form.version, form.owner);
        let post = |request| testkit::browser::form(request, &[]).body(body);
        let ended = browser.send(reqwest::Method::POST, "/api/save_message", post).await;
        assert_eq!((ended.status.as_u16(), ended.text_area()), (401, &*shown));
        browser.sign_in("an").await;
        let page = browser.get("/my-data").await;
        assert_eq!((page.status.as_u16(), page.text_area()), (200, &*shown));
        assert!(page.body.contains(said) && page.body.contains("<title>Error: "), "{}", page.body);
    }
}

#[tokio::test]
async fn another_person_gets_nothing_of_it() {
    let site = Site::start().await;
    let mut browser = site.browser();
    expire(&site, &mut browser, TEXT).await;
    let id = kept(&browser);
    browser.sign_in("bram").await;
    let page = browser.get("/my-data").await;
    assert!(page.text_area().is_empty() && !page.body.contains(RESTORED), "{}", page.body);
    assert!(page.set_cookies().is_empty() && page.field("restored").is_none(), "{}", page.body);
    // What Bram does leaves it as well.
    assert_eq!(Form::of(&page).send(&mut browser, "by Bram").await.location(), "/my-data?saved=1");
    assert_eq!(browser.post("/api/discard_text", &[]).await.location(), "/my-data");
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    assert_eq!((kept(&browser), items(&site).await.len()), (id, 1));
    browser.sign_in("an").await;
    assert_eq!(browser.get("/my-data").await.text_area(), SHOWN);
}

#[tokio::test]
async fn a_text_of_a_second_person_replaces_that_of_the_first() {
    let site = Site::start().await;
    let mut browser = site.browser();
    expire(&site, &mut browser, TEXT).await;
    browser.sign_in("bram").await;
    let form = Form::open(&mut browser).await;
    end_in(&site, &mut browser, Duration::seconds(-1)).await;
    form.send(&mut browser, "typed by Bram").await;
    assert_eq!(items(&site).await.len(), 1);
    browser.sign_in("an").await;
    assert_eq!(browser.get("/my-data").await.text_area(), "");
    browser.sign_in("bram").await;
    assert_eq!(browser.get("/my-data").await.text_area(), "typed by Bram");
}

#[tokio::test]
async fn only_the_text_that_a_page_shows_is_forgotten_with_it() {
    let site = Site::start().await;
    let mut browser = site.browser();
    expire(&site, &mut browser, "the older one").await;
    browser.sign_in("an").await;
    let page = browser.get("/my-data").await;
    let older = ["version", "owner", "restored"].map(|name| (name, page.hidden(name)));
    assert_eq!(page.body.matches("name=\"restored\"").count(), 2, "to save it, and to give it up: {}", page.body);
    // In another tab, a newer text takes its place.
    expire(&site, &mut browser, "the newer one").await;
    let id = kept(&browser);
    browser.sign_in("an").await;
    assert_eq!(browser.post("/api/discard_text", &older[2..]).await.location(), "/my-data");
    let saved = browser.post("/api/save_message", &[&[("text", "the older one")], &older[..]].concat()).await;
    assert_eq!(saved.location(), "/my-data?saved=1");
    assert_eq!((kept(&browser), items(&site).await.len()), (id.clone(), 1));
    let page = browser.get("/my-data").await;
    assert_eq!(page.text_area(), "the newer one");
    // What the page says identifies the text is not its id.
    let id = id.unwrap();
    assert!(!page.body.contains(&id) && !id.contains(page.hidden("restored")), "{}", page.body);
    let newer = [("restored", page.hidden("restored"))];
    assert_eq!(browser.post("/api/discard_text", &newer).await.location(), "/my-data");
    assert_eq!((kept(&browser), items(&site).await.len()), (None, 0));
}

#[tokio::test]
async fn a_text_from_the_page_of_a_conflict_comes_back_beside_the_saved_one() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let form = Form::open(&mut browser).await;
    form.send(&mut browser, "from the other device").await;
    let conflict = form.send(&mut browser, TEXT).await;
    let fields = ["version", "owner", "conflict"].map(|name| (name, conflict.hidden(name)));
    end_in(&site, &mut browser, Duration::seconds(-1)).await;
    let ended = browser.post("/api/save_message", &[&[("text", TEXT)], &fields[..]].concat()).await;
    assert_eq!((ended.status.as_u16(), ended.hidden("conflict")), (401, "1"));
    browser.sign_in("an").await;
    let page = browser.get("/my-data").await;
    assert_eq!((page.text_area(), page.hidden("conflict")), (SHOWN, "1"));
    assert!(page.body.contains("from the other device"), "{}", page.body);
}

#[tokio::test]
async fn a_form_of_another_person_is_kept_for_that_person_and_saves_nothing() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let form = Form::open(&mut browser).await;
    // In another tab.
    browser.sign_in("bram").await;
    let refused = form.send(&mut browser, TEXT).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.body.contains("Someone else is signed in now") && !refused.body.contains("typed"),
        "{}",
        refused.body
    );
    assert!(site.messages().await.is_empty());
    testkit::until("it is recorded", async || {
        let reason = "the form belongs to another citizen";
        site.security_records().iter().any(|record| record["event"]["reason"] == reason)
    })
    .await;
    // The page offers to sign out, in another language too.
    let french = browser.post("/language", &[("page", refused.hidden("page")), ("lang", "fr")]).await;
    assert_eq!(french.header("content-language"), "fr");
    for page in [&refused, &french] {
        let act = page.body.split_once("class=\"act\"").unwrap().1.split_once("</p>").unwrap().0;
        assert!(act.find("form=\"sign-out\"").unwrap() < act.find("<a ").unwrap(), "{act}");
        assert!(page.body.contains("data-kept=\"\"") && page.body.contains("id=\"sign-out\""), "{}", page.body);
    }
    browser.cookies().remove("mydata_lang");
    // Bram signs out, and the text stays for An.
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    browser.sign_in("an").await;
    let page = browser.get("/my-data").await;
    assert!(page.text_area() == SHOWN && page.body.contains(RESTORED), "{}", page.body);
}

#[tokio::test]
async fn signing_out_deletes_the_text_of_the_person_who_signs_out() {
    let site = Site::start().await;
    let mut browser = site.browser();
    expire(&site, &mut browser, TEXT).await;
    browser.sign_in("an").await;
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    assert_eq!((kept(&browser), items(&site).await.len()), (None, 0));
    // Without a session, nothing is looked up.
    browser.cookies().insert("mydata_kept".to_owned(), "A".repeat(43));
    site.line.set(State::Cut);
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    assert_eq!(kept(&browser), None);
}

#[tokio::test]
async fn a_text_without_a_valid_owner_can_only_be_copied() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let form = Form::open(&mut browser).await;
    end_in(&site, &mut browser, Duration::seconds(-1)).await;
    let mut changed = form.owner.clone().into_bytes();
    changed[30] = if changed[30] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    for owner in ["", "x", &changed, &form.owner[1..]] {
        let form = Form { version: "0".to_owned(), owner: owner.to_owned() };
        let ended = form.send(&mut browser, TEXT).await;
        assert_eq!((ended.status.as_u16(), ended.text_area()), (401, SHOWN), "{owner}");
        assert!(ended.body.contains("Copy it before you sign in again"), "{owner}: {}", ended.body);
        assert!(ended.set_cookies().is_empty() && ended.field("owner") == Some(""), "{owner}: {}", ended.body);
    }
    // Nobody knows whose it is, so it does not become that of the citizen who is signed in: neither by a save nor in another
    // language.
    browser.sign_in("bram").await;
    let keys = SealingKeys::new(&ServerKey::new([9; 32]).unwrap(), []);
    let of_dropped_key = keys.seal_text("owner of a form v1", &"v1#0");
    for owner in ["", "x", &changed, &of_dropped_key] {
        for path in ["/api/save_message", "/language"] {
            let fields = [("text", TEXT), ("version", "0"), ("owner", owner), ("lang", "en")];
            let refused = browser.post(path, &fields).await;
            assert_eq!((refused.status.as_u16(), refused.text_area()), (400, SHOWN), "{path} {owner}");
            assert_eq!(refused.field("owner"), Some(""), "{path} {owner}: {}", refused.body);
            assert!(refused.body.contains(" readonly") && refused.body.contains("Copy it"), "{}", refused.body);
            assert!(!refused.body.contains("action=\"/api/save_message\""), "{}", refused.body);
        }
    }
    let twice = [("text", TEXT), ("version", "0"), ("owner", &*form.owner), ("owner", &*form.owner)];
    assert_eq!(browser.post("/api/save_message", &twice).await.status, 400);
    assert!(items(&site).await.is_empty() && site.messages().await.is_empty());
    // A program may leave it out.
    let saved = browser.post("/api/save_message", &[("text", "a"), ("version", "0")]).await;
    assert_eq!(saved.location(), "/my-data?saved=1");
}

#[tokio::test]
async fn a_text_that_cannot_be_kept_can_be_copied() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let form = Form::open(&mut browser).await;
    end_in(&site, &mut browser, Duration::seconds(-1)).await;
    browser.get("/my-data").await;
    // Reading works.
    site.line.set(State::Throttles);
    let ended = form.send(&mut browser, TEXT).await;
    assert_eq!((ended.status.as_u16(), ended.text_area()), (401, SHOWN));
    assert!(ended.body.contains("Copy it before") && ended.set_cookies().is_empty(), "{}", ended.body);
    // So does the form of another person.
    site.line.set(State::Whole);
    browser.sign_in("bram").await;
    site.line.set(State::Throttles);
    let refused = form.send(&mut browser, TEXT).await;
    assert_eq!((refused.status.as_u16(), refused.text_area()), (409, SHOWN));
    // The page with the text says that the table does not answer, instead of hiding it.
    site.line.set(State::Whole);
    expire(&site, &mut browser, TEXT).await;
    browser.sign_in("an").await;
    site.line.set(State::Cut);
    assert_eq!(browser.get("/my-data").await.status, 503);
    site.line.set(State::Whole);
    assert_eq!(browser.get("/my-data").await.text_area(), SHOWN);
}

#[tokio::test]
async fn a_cookie_that_leads_to_no_text_is_removed() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for value in ["A".repeat(43), "x".to_owned(), "A".repeat(3_000)] {
        browser.cookies().insert("mydata_kept".to_owned(), value.clone());
        let page = browser.get("/my-data").await;
        assert_eq!((page.status.as_u16(), kept(&browser)), (200, None), "{value}");
    }
}

#[tokio::test]
async fn a_newer_text_replaces_the_older_one_and_another_save_does_not() {
    let site = Site::start().await;
    let mut browser = site.browser();
    expire(&site, &mut browser, "the older one").await;
    expire(&site, &mut browser, "the newer one").await;
    assert_eq!(items(&site).await.len(), 1);
    browser.sign_in("an").await;
    // A form that was opened before, in another tab.
    let page = browser.get("/my-data").await;
    let other = Form::of(&page);
    assert_eq!(page.text_area(), "the newer one");
    assert_eq!(other.send(&mut browser, "from another tab").await.location(), "/my-data?saved=1");
    let page = browser.get("/my-data?saved=1").await;
    assert_eq!(page.text_area(), "the newer one");
    assert!(page.body.contains("from another tab"), "{}", page.body);
}

#[tokio::test]
async fn a_text_is_not_shown_after_its_time() {
    let site = Site::start().await;
    let mut browser = site.browser();
    expire(&site, &mut browser, TEXT).await;
    let table = &site.config.dynamodb.sessions_table;
    let items = site.sessions().await;
    let mut item = items.into_iter().find(|item| item["pk"].as_s().unwrap().starts_with("kept#")).unwrap();
    let expires_at: i64 = item["expires_at"].as_n().unwrap().parse().unwrap();
    let left = expires_at - time::OffsetDateTime::now_utc().unix_timestamp();
    assert!((1_700..=1_800).contains(&left), "{left}");
    let past = aws_sdk_dynamodb::types::AttributeValue::N("1000".to_owned());
    item.insert("expires_at".to_owned(), past);
    site.tables.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
    browser.sign_in("an").await;
    assert_eq!(browser.get("/my-data").await.text_area(), "");
    assert_eq!(kept(&browser), None);
}

#[tokio::test]
async fn a_text_comes_back_after_a_change_of_the_keys() {
    const NEW: &str = "1MF3Xx0tPq0l3xT4m9O1cW8fIhYkZ0a7nQb2sRgVdEo=";
    let site = Site::start().await;
    let mut browser = site.browser();
    expire(&site, &mut browser, TEXT).await;
    let more = format!("generation = 2\nprevious_key = \"{PSEUDONYM_KEY}\"");
    let toml = site.example.clone().pseudonym_key(NEW).with(&more).to_toml();
    let config = Config::read(Source::from_toml(&toml)).unwrap();
    let server = RunningServer::start_ready(config).await;
    let mut after = Browser::new(&site.public_url).with_socket(server.address);
    after.cookies().clone_from(browser.cookies());
    after.sign_in("an").await;
    assert_eq!(after.get("/my-data").await.text_area(), SHOWN);
    server.stop().await;
}
