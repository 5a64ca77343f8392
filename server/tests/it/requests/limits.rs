use std::{net::Ipv4Addr, time::Duration};

use reqwest::Method;
use server::{Options, Timeouts};
use testkit::{Browser, TIMEOUT, browser::form, client, until, until_too_many};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tower_sessions::session::Id;

use crate::support::{
    fake_pool::FakePool,
    server::{self as running, RunningServer},
    site::{Site, SiteOptions},
};

const LIMIT: usize = 64 * 1024;

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for path in ["/api/save_message", "/logout", "/"] {
        let answer = browser
            .send(Method::POST, path, |request| {
                let rest = LIMIT + 1 - "version=0&text=".len();
                form(request, &[]).body(format!("version=0&text={}", "x".repeat(rest)))
            })
            .await;
        assert_eq!(answer.status, 413, "{path}: {}", answer.body);
        assert!(answer.reference().is_some(), "{path}");
    }
    assert!(site.messages().await.is_empty());
    assert_eq!(browser.get("/my-data").await.status, 200, "the session ended");
    // One byte less is accepted, but the text is too long.
    let answer = browser
        .send(Method::POST, "/api/save_message", |request| {
            form(request, &[]).body(format!("version=0&text={}", "x".repeat(LIMIT - "version=0&text=".len())))
        })
        .await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn a_chunked_body_over_the_limit_is_refused() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let kind = "application/x-www-form-urlencoded";
    for (request, kind) in [
        ("POST /api/save_message", kind),
        ("POST /api/save_message", "text/plain"),
        ("POST /no-such-page", kind),
        ("GET /my-data", kind),
    ] {
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\nHost: {}\r\nCookie: mydata_session={}\r\nConnection: close\r\n\
             Content-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n",
            site.address,
            browser.session().unwrap()
        );
        let body = format!("version=0&text={}", "x".repeat(LIMIT));
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 413 "), "{request} {kind}: {answer}");
    }
    assert!(site.messages().await.is_empty());
    assert_eq!(browser.get("/my-data").await.status, 200, "the session ended");
}

#[tokio::test]
async fn the_longest_message_fits() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    // A form encodes each character as twelve.
    let text = "🙂".repeat(2_000);
    let answer = browser.post("/api/save_message", &[("text", &text), ("version", "0")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(browser.get("/my-data").await.text_area(), text);
}

#[tokio::test]
async fn too_many_sign_ins_are_refused_and_write_nothing() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions { trusted_proxies: &["127.0.0.1"], ..SiteOptions::default() }).await;
    site.until_ready().await;
    let (before, refused) = until_too_many(303, async || site.browser().get("/login/itsme").await).await;
    assert_eq!(before, 200);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert!(refused.set_cookies().is_empty());
    assert!(refused.body.contains("Too many requests"), "{}", refused.body);
    assert!(site.sessions().await.is_empty(), "a sign-in was stored before the callback");
    // Pages still work, and another address behind the load balancer can still sign in.
    assert_eq!(site.browser().get("/").await.status, 200);
    let mut other = site.browser().with_forwarded_for(Ipv4Addr::new(203, 0, 113, 9));
    assert_eq!(other.get("/login/itsme").await.status, 303);
}

/// Uses up what the address of this test may change.
async fn use_up(site: &Site) {
    until_too_many(404, async || site.browser().post("/no-such-change", &[]).await).await;
}

#[tokio::test]
async fn over_the_limit_a_text_stays_that_of_its_owner() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let an = browser.get("/my-data").await.hidden("owner").to_owned();
    // In another tab.
    browser.sign_in("bram").await;
    let form = [("text", "typed by An"), ("version", "0"), ("owner", &*an), ("lang", "en")];
    for path in ["/api/save_message", "/language"] {
        let within = browser.post(path, &form).await;
        assert!(!within.body.contains("<textarea"), "{path}: within the limit, the text is kept and not shown");
    }
    use_up(&site).await;
    for (path, text, shown) in [
        ("/api/save_message", "typed by An", "typed by An"),
        ("/api/save_message", "a\0b", "a\u{fffd}b"),
        ("/language", "typed by An", "typed by An"),
    ] {
        let refused = browser.post(path, &[("text", text), ("version", "0"), ("owner", &an), ("lang", "en")]).await;
        assert_eq!((refused.status.as_u16(), refused.text_area()), (409, shown), "{path} {text:?}");
        assert_eq!(refused.hidden("owner"), an, "{path} {text:?}");
        assert!(!refused.body.contains("action=\"/api/save_message\""), "{path}: {}", refused.body);
        assert!(!refused.set_cookies().iter().any(|cookie| cookie.contains("kept")), "{path}: it is kept");
    }
    assert!(site.messages().await.is_empty());
    let reason = "the form belongs to another citizen";
    let is_counted = |record: &serde_json::Value| record["event"]["reason"] == reason && record["user"].is_null();
    until("it is counted", async || site.security_records().iter().any(is_counted)).await;
}

#[tokio::test]
async fn over_the_limit_a_choice_of_language_is_still_kept() {
    let site = Site::start().await;
    let mut browser = site.browser();
    assert_eq!(browser.post("/language", &[("lang", "fr")]).await.location(), "/", "within the limit");
    use_up(&site).await;
    let refused = browser.post("/language", &[("lang", "fr")]).await;
    assert_eq!(refused.status, 429);
    assert_eq!((refused.header("content-language"), refused.set_cookies().len()), ("fr", 1), "{}", refused.body);
    assert!(refused.body.contains("<html lang=\"fr\"") && !refused.header("retry-after").is_empty());
}

#[tokio::test]
async fn over_the_limit_typed_text_is_kept_and_signing_out_works() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    use_up(&site).await;
    for _ in 0..2 {
        let kept = browser.post("/api/save_message", &[("text", "typed </textarea> text"), ("version", "7")]).await;
        assert_eq!((kept.status.as_u16(), kept.text_area()), (429, "typed &lt;/textarea&gt; text"));
        assert!(kept.header("retry-after").parse::<u64>().unwrap() >= 1);
        assert_eq!(kept.hidden("version"), "7");
    }
    let replaced = browser.post("/api/save_message", &[("text", "a\0b"), ("version", "7")]).await;
    let translated = browser.post("/language", &[("text", "typed"), ("version", "7"), ("lang", "en")]).await;
    assert_eq!((translated.status.as_u16(), translated.text_area()), (429, "typed"), "{}", translated.body);
    assert_eq!((translated.hidden("version"), translated.set_cookies().len()), ("7", 1));
    // The text is checked before the limit, or the next save would store what the page shows.
    assert_eq!((replaced.status.as_u16(), replaced.text_area()), (422, "a\u{fffd}b"));
    let refused = |record: &&serde_json::Value| {
        record["event"]["action"] == "save" && record["event"]["reason"] == "too many requests from one address"
    };
    until("the refused save is recorded", async || site.security_records().iter().any(|record| refused(&record))).await;
    assert_eq!(site.security_records().iter().filter(refused).count(), 1, "further ones are counted");
    assert_eq!(browser.post("/logout", &[]).await.status, 303, "signing out was refused");
}

#[tokio::test]
async fn a_body_far_over_the_limit_gets_an_answer() {
    let site = Site::start().await;
    let answer = client().post(site.url("/api/save_message")).body("x".repeat(5 * 1024 * 1024)).send().await.unwrap();
    assert_eq!(answer.status(), 413);
}

#[tokio::test]
async fn an_incomplete_request_head_times_out() {
    let timeouts = Timeouts { head: Duration::from_secs(1), ..Timeouts::default() };
    let options = Options { timeouts, ..Options::default() };
    let site = Site::start_with(SiteOptions { server: Some(options), ..SiteOptions::default() }).await;
    let times_out = async |sent: &'static str| {
        let mut stream = TcpStream::connect(site.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let ended = tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut Vec::new())).await;
        assert!(ended.is_ok(), "{sent:?}: the connection is still open");
    };
    let whole = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    tokio::join!(times_out(""), times_out("G"), times_out("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "), times_out(whole));
}

#[tokio::test]
async fn http2_is_not_supported() {
    let site = Site::start().await;
    let http2 = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    assert!(http2.get(site.url("/")).send().await.is_err());
}

#[tokio::test]
async fn too_many_callbacks_are_refused() {
    let site = Site::start().await;
    let (before, _) = until_too_many(400, async || site.browser().get("/auth/callback?code=c&state=s").await).await;
    assert_eq!(before, 200);
}

#[tokio::test]
async fn sign_outs_are_never_refused_and_end_a_real_session_over_the_limit_too() {
    let site = Site::start().await;
    // A second server, which has seen none of the sessions that the first one opens.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let second = RunningServer::start(site.config.clone(), listener, running::options()).await;
    second.until_ready().await;
    let at_second = |id: &str| {
        let mut browser = Browser::new(&site.public_url).with_socket(second.address);
        browser.cookies().insert("mydata_session".to_owned(), id.to_owned());
        browser
    };
    // Returns whether the second server has read the session: only then does it know the provider.
    let sign_out = async |id: &str| {
        let mut browser = at_second(id);
        let out = browser.post("/logout", &[]).await;
        assert_eq!((out.status.as_u16(), browser.session()), (303, None));
        assert!(out.location().contains("/logout?"), "{}", out.location());
        browser.cookie("mydata_signed_out").is_some()
    };
    let end_session = async || {
        let mut citizen = site.browser();
        citizen.sign_in("an").await;
        let id = citizen.session().unwrap().to_owned();
        let is_read = sign_out(&id).await;
        assert_eq!(at_second(&id).get("/my-data").await.status, 303, "the session is still accepted");
        is_read
    };
    assert!(end_session().await, "within the limit");
    for _ in 0..199 {
        sign_out(&Id::default().to_string()).await;
    }
    assert!(!end_session().await, "over the limit");
    until("every session is gone", async || site.open_sessions().await == 0).await;
    second.stop().await;
}
