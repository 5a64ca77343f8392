use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use reqwest::Method;
use server::{Options, Timeouts};
use testkit::{Browser, TIMEOUT, browser::form, client, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::{JoinHandle, JoinSet},
};
use tower_sessions::session::Id;

use crate::support::{
    fake_pool::FakePool,
    server::RunningServer,
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
    let (client, url) = (client(), site.url("/login/itsme"));
    let mut refused = None;
    for _ in 0..100 {
        let batch: Vec<_> = (0..20).map(|_| tokio::spawn(client.get(&url).send())).collect();
        for one in batch {
            let answer = one.await.unwrap().unwrap();
            if answer.status() == 429 {
                refused = Some(answer);
            } else {
                assert_eq!(answer.status(), 303);
            }
        }
        if refused.is_some() {
            break;
        }
    }
    let refused = refused.expect("none of 2,000 sign-ins was refused");
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    assert!(refused.headers().get("set-cookie").is_none());
    assert!(refused.text().await.unwrap().contains("Too many requests"));
    assert!(site.sessions().await.is_empty(), "a sign-in was stored before the callback");
    // Pages still work, and another address behind the load balancer can still sign in.
    assert_eq!(client.get(site.url("/")).send().await.unwrap().status(), 200);
    let other = client.get(&url).header("x-forwarded-for", "203.0.113.9").send().await.unwrap();
    assert_eq!(other.status(), 303);
}

/// Requests that use up what the address of this test may change.
struct Flood {
    enough: Arc<AtomicBool>,
    requests: Vec<JoinHandle<()>>,
}

impl Flood {
    fn start(site: &Site) -> Self {
        let (client, url) = (client(), site.url("/no-such-change"));
        let enough = Arc::new(AtomicBool::new(false));
        let one = |_| {
            let (client, url, enough) = (client.clone(), url.clone(), Arc::clone(&enough));
            tokio::spawn(async move {
                for _ in 0..20_000 {
                    if enough.load(Relaxed) {
                        break;
                    }
                    client.post(&url).send().await.unwrap();
                }
            })
        };
        Self { requests: (0..8).map(one).collect(), enough }
    }

    async fn stop(self) {
        self.enough.store(true, Relaxed);
        for one in self.requests {
            one.await.unwrap();
        }
    }
}

#[tokio::test]
async fn over_the_limit_a_text_stays_that_of_its_owner() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let an = browser.get("/my-data").await.hidden("owner").to_owned();
    // In another tab.
    browser.sign_in("bram").await;
    let flood = Flood::start(&site);
    for (path, text, shown) in [
        ("/api/save_message", "typed by An", "typed by An"),
        ("/api/save_message", "a\0b", "a\u{fffd}b"),
        ("/language", "typed by An", "typed by An"),
    ] {
        let mut refused = None;
        for _ in 0..2_000 {
            let answer = browser.post(path, &[("text", text), ("version", "0"), ("owner", &an), ("lang", "en")]).await;
            // Within the limit, the text is kept and not shown.
            if answer.status != 409 || answer.body.contains("<textarea") {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.expect("nothing was refused");
        assert_eq!((refused.status.as_u16(), refused.text_area()), (409, shown), "{path} {text:?}");
        assert_eq!(refused.hidden("owner"), an, "{path} {text:?}");
        assert!(!refused.body.contains("action=\"/api/save_message\""), "{path}: {}", refused.body);
        assert!(!refused.set_cookies().iter().any(|cookie| cookie.contains("kept")), "{path}: it is kept");
    }
    flood.stop().await;
    assert!(site.messages().await.is_empty());
    let reason = "the form belongs to another citizen";
    let is_counted = |record: &serde_json::Value| record["event"]["reason"] == reason && record["user"].is_null();
    until("it is counted", async || site.security_records().iter().any(is_counted)).await;
}

#[tokio::test]
async fn over_the_limit_a_choice_of_language_is_still_kept() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let flood = Flood::start(&site);
    let mut refused = None;
    for _ in 0..2_000 {
        let answer = browser.post("/language", &[("lang", "fr")]).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.location(), "/");
    }
    flood.stop().await;
    let refused = refused.expect("nothing was refused");
    assert_eq!((refused.header("content-language"), refused.set_cookies().len()), ("fr", 1), "{}", refused.body);
    assert!(refused.body.contains("<html lang=\"fr\"") && !refused.header("retry-after").is_empty());
}

#[tokio::test]
async fn over_the_limit_typed_text_is_kept_and_signing_out_works() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let flood = Flood::start(&site);
    let mut kept = None;
    for _ in 0..2_000 {
        let answer = browser.post("/api/save_message", &[("text", "typed </textarea> text"), ("version", "7")]).await;
        if answer.status == 429 {
            kept = Some(answer);
            break;
        }
    }
    let replaced = browser.post("/api/save_message", &[("text", "a\0b"), ("version", "7")]).await;
    let mut translated = None;
    for _ in 0..2_000 {
        let answer = browser.post("/language", &[("text", "typed"), ("version", "7"), ("lang", "en")]).await;
        assert_eq!(answer.text_area(), "typed", "{}", answer.body);
        if answer.status == 429 {
            translated = Some(answer);
            break;
        }
    }
    flood.stop().await;
    let kept = kept.expect("no save was refused");
    assert!(kept.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(kept.hidden("version"), "7");
    let translated = translated.expect("no page in another language was refused");
    assert_eq!((translated.hidden("version"), translated.set_cookies().len()), ("7", 1));
    assert_eq!(kept.text_area(), "typed &lt;/textarea&gt; text");
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
    let (client, url) = (client(), site.url("/auth/callback?code=c&state=s"));
    for _ in 0..2_000 {
        let status = client.get(&url).send().await.unwrap().status();
        if status == 429 {
            return;
        }
        assert_eq!(status, 400);
    }
    panic!("none of 2,000 callbacks was refused");
}

#[tokio::test]
async fn sign_outs_are_never_refused_and_end_a_real_session_over_the_limit_too() {
    let site = Site::start().await;
    // A second server, which has seen none of the sessions that the first one opens.
    let second = RunningServer::start_ready(site.config.clone()).await;
    let at_second = |id: &str| {
        let mut browser = Browser::new(&site.public_url).with_socket(second.address);
        browser.cookies().insert("mydata_session".to_owned(), id.to_owned());
        browser
    };
    let ended = Arc::new(AtomicBool::new(false));
    let mut flood = JoinSet::new();
    for _ in 0..8 {
        let (ended, mut browser) = (Arc::clone(&ended), at_second(""));
        flood.spawn(async move {
            while !ended.load(Relaxed) {
                browser.cookies().insert("mydata_session".to_owned(), Id::default().to_string());
                let out = browser.post("/logout", &[]).await;
                assert_eq!((out.status.as_u16(), browser.session()), (303, None));
                assert!(out.location().contains("/logout?"), "{}", out.location());
            }
        });
    }
    // Within the limit, the server reads the session, and so knows its provider. Over the limit it does not.
    until("the flood is over the limit", async || {
        let mut citizen = site.browser();
        citizen.sign_in("an").await;
        let id = citizen.session().unwrap().to_owned();
        let mut elsewhere = at_second(&id);
        let out = elsewhere.post("/logout", &[]).await;
        assert_eq!((out.status.as_u16(), elsewhere.session()), (303, None));
        assert_eq!(at_second(&id).get("/my-data").await.status, 303, "the server still accepts the session");
        elsewhere.cookie("mydata_signed_out").is_none()
    })
    .await;
    ended.store(true, Relaxed);
    flood.join_all().await;
    until("every session is gone", async || site.open_sessions().await == 0).await;
    second.stop().await;
}
