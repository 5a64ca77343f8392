//! DynamoDB is unreachable: a page comes in time and keeps the typed text, and everything works once DynamoDB is back.

use std::time::{Duration, Instant};

use testkit::{Answer, Browser, client, until};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::support::{
    line::State,
    process::{Process, serve},
    site::Site,
};

/// The limit for a page.
const PAGE_WITHIN: Duration = Duration::from_secs(4);

async fn in_time(what: &str, answer: impl Future<Output = Answer>) -> Answer {
    let began = Instant::now();
    let answer = answer.await;
    assert!(began.elapsed() < PAGE_WITHIN, "{what}: {:?}", began.elapsed());
    answer
}

async fn save(browser: &mut Browser, text: &str, version: &str) -> Answer {
    browser.post("/api/save_message", &[("text", text), ("version", version)]).await
}

async fn outage(state: State) {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    save(&mut browser, "before", "0").await;

    site.line.set(state);
    let kept = in_time("save", save(&mut browser, "typed </textarea> meanwhile", "1")).await;
    assert_eq!(kept.status, 503);
    assert_eq!(kept.text_area(), "typed &lt;/textarea&gt; meanwhile");
    assert_eq!(kept.hidden("version"), "1", "the page can be sent again");
    assert_ne!(kept.header("retry-after"), "");
    assert!(kept.set_cookies().is_empty(), "an outage ends no session");
    // What the page cannot show as it was typed is said first, or the next save would store what the page shows.
    let replaced = in_time("save", save(&mut browser, "a\0b", "1")).await;
    assert_eq!((replaced.status.as_u16(), replaced.text_area()), (422, "a\u{fffd}b"));
    assert!(replaced.body.contains("characters that we cannot save"), "{}", replaced.body);
    for path in ["/my-data", "/profile", "/"] {
        let page = in_time(path, browser.get(path)).await;
        assert_eq!(page.status, 503, "{path}");
        assert!(page.reference().is_some() && !page.header("retry-after").is_empty(), "{path}: {}", page.body);
        assert!(page.body.contains(&format!("href=\"{path}\" class=\"button\"")), "{path}: {}", page.body);
    }
    // A request without a session needs no table.
    assert_eq!(in_time("visitor", site.browser().get("/")).await.status, 200);
    assert_eq!(in_time("sign-in", site.browser().get("/login/itsme")).await.status, 303);
    assert_eq!(in_time("signed out", save(&mut site.browser(), "a", "0")).await.status, 401);
    assert!(!site.is_ready().await);
    assert_eq!(client().get(site.url("/healthz")).send().await.unwrap().status(), 200);

    site.line.set(State::Whole);
    until("DynamoDB is back", async || site.is_ready().await).await;
    assert_eq!(browser.get("/my-data").await.text_area(), "before");
    assert_eq!(save(&mut browser, "typed </textarea> meanwhile", "1").await.location(), "/my-data?saved=2");
}

#[tokio::test]
async fn no_typed_text_is_lost_when_dynamodb_refuses_connections() {
    outage(State::Cut).await;
}

#[tokio::test]
async fn no_typed_text_is_lost_when_dynamodb_does_not_answer() {
    outage(State::Silent).await;
}

#[tokio::test]
async fn no_typed_text_is_lost_when_dynamodb_throttles() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    save(&mut browser, "before", "0").await;
    site.line.set(State::Throttles);
    let kept = in_time("save", save(&mut browser, "typed meanwhile", "1")).await;
    assert_eq!((kept.status.as_u16(), kept.text_area()), (503, "typed meanwhile"));
    assert_ne!(kept.header("retry-after"), "");
    // A page without the message works. The message is shown only if that can be counted, and a sign-in has to write too.
    assert_eq!(browser.get("/profile").await.status, 200);
    assert_eq!(browser.get("/my-data").await.status, 503);
    let mut other = site.browser();
    let callback = other.decide("/login/itsme", "bram", "approve").await;
    let refused = other.get(&callback).await;
    assert_eq!((refused.status.as_u16(), other.session()), (503, None));
    assert!(refused.reference().is_some(), "{}", refused.body);
    site.line.set(State::Whole);
    assert_eq!(browser.get("/my-data").await.text_area(), "before");
    assert_eq!(save(&mut browser, "typed meanwhile", "1").await.location(), "/my-data?saved=2");
}

#[tokio::test]
async fn a_server_that_starts_before_dynamodb_serves_once_it_is_reachable() {
    let mut site = Site::start().await;
    site.line.set(State::Cut);
    site.restart().await;
    assert!(!site.is_ready().await);
    site.line.set(State::Whole);
    site.until_ready().await;
    assert_eq!(site.browser().sign_in("an").await.location(), "/my-data");
}

#[tokio::test]
async fn signing_out_works_without_the_tables() {
    let site = Site::start().await;
    for state in [State::Cut, State::Silent] {
        let mut browser = site.browser();
        browser.sign_in("an").await;
        let cookies = browser.cookies().clone();
        site.line.set(state);
        let out = in_time("sign-out", browser.post("/logout", &[])).await;
        assert_eq!(out.status, 303, "{state:?}");
        assert_eq!(browser.session(), None, "{state:?}");
        // The session id stops working immediately: during the outage, and afterwards while its item still exists.
        *browser.cookies() = cookies;
        assert_eq!(browser.get("/my-data").await.status, 303, "{state:?}: a replay during the outage");
        site.line.set(State::Whole);
        assert_eq!(browser.get("/my-data").await.status, 303, "{state:?}: a replay after the outage");
        // The item is deleted as soon as the table is back.
        until("the session is gone", async || site.open_sessions().await == 0).await;
    }
}

#[tokio::test]
async fn closing_the_tab_does_not_stop_a_sign_out() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    site.line.set(State::Silent);
    let request = format!(
        "POST /logout HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\nCookie: mydata_session={}\r\n\r\n",
        site.address,
        browser.session().unwrap()
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    // The server has the request and waits for the table when the browser disconnects.
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(300)).await;
    site.line.set(State::Whole);
    until("the session is gone", async || site.open_sessions().await == 0).await;
}

#[tokio::test]
async fn a_save_with_a_lost_response_is_stored_once() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for version in ["0", "1"] {
        site.line.set(State::LosesResponse);
        let answer = in_time("save", save(&mut browser, &format!("over {version}"), version)).await;
        let next = version.parse::<u8>().unwrap() + 1;
        assert_eq!(answer.location(), format!("/my-data?saved={next}"));
        site.line.set(State::Whole);
        assert_eq!(browser.get("/my-data").await.hidden("version"), next.to_string());
    }
}

#[tokio::test]
async fn a_sign_in_succeeds_when_the_response_to_its_first_write_is_lost() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let callback = browser.decide("/login/itsme", "an", "approve").await;
    site.line.set(State::LosesResponse);
    assert_eq!(browser.get(&callback).await.location(), "/my-data");
    assert_eq!(browser.get("/my-data").await.status, 200);
}

/// The server as a separate process: work that it does not wait for ends with it.
async fn process(site: &Site) -> Process {
    Process::start_ready(serve(site), site.scratch.path()).await
}

#[tokio::test]
async fn a_server_that_stops_deletes_the_sessions_that_ended_during_an_outage() {
    let site = Site::start().await;
    let process = process(&site).await;
    let mut browser = process.browser(&site);
    browser.sign_in("an").await;
    site.line.set(State::Cut);
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    // The next try is seconds away, and the table is back just before the server stops.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(site.open_sessions().await, 1);
    site.line.set(State::Whole);
    let (status, log) = process.stop().await;
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(site.open_sessions().await, 0, "{log}");
}

#[tokio::test]
async fn a_server_that_stops_waits_for_a_sign_out_whose_tab_was_closed() {
    let site = Site::start().await;
    let process = process(&site).await;
    let mut browser = process.browser(&site);
    browser.sign_in("an").await;
    site.line.set(State::Silent);
    let session = browser.session().unwrap();
    let request =
        format!("POST /logout HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nCookie: mydata_session={session}\r\n\r\n");
    let mut stream = TcpStream::connect(process.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(100)).await;
    site.line.set(State::Whole);
    let (status, log) = process.stop().await;
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(site.open_sessions().await, 0, "{log}");
}

#[tokio::test]
async fn a_flood_of_sign_outs_with_invented_ids_displaces_no_real_one() {
    let site = Site::start().await;
    let process = process(&site).await;
    let mut browser = process.browser(&site);
    browser.sign_in("an").await;
    let cookies = browser.cookies().clone();
    site.line.set(State::Cut);
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    // More than one address may have in the list.
    let mut flood = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let mut browser = process.browser(&site);
        flood.spawn(async move {
            for _ in 0..200 {
                let id = tower_sessions::session::Id::default().to_string();
                browser.cookies().insert("mydata_session".to_owned(), id);
                let out = browser.post("/logout", &[]).await;
                assert_eq!((out.status.as_u16(), browser.session()), (303, None));
            }
        });
    }
    flood.join_all().await;
    *browser.cookies() = cookies;
    assert_eq!(browser.get("/my-data").await.status, 303, "a replay during the outage");
    site.line.set(State::Whole);
    until("the session is gone", async || site.open_sessions().await == 0).await;
    let (_, log) = process.stop().await;
    let told = log.lines().filter(|line| line.contains("\"level\":\"ERROR\"")).count();
    assert!(told < 20, "{told} lines for a flood: {log}");
}
