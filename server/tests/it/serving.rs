//! Connections: how many there may be, and how long they may take.

use std::{net::SocketAddr, process::Command, time::Duration};

use reqwest::Method;
use server::{BodyLimits, Options, Timeouts};
use testkit::{TIMEOUT, client, until, until_too_many};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::support::{
    attempt::Attempt,
    fake_pool::FakePool,
    line::State,
    process::{self, Process},
    site::{Site, SiteOptions},
};

/// The binary with at most `descriptors` open files.
fn limited(site: &Site, descriptors: u32) -> Command {
    let config = site.scratch.file("mydata.toml", &site.toml);
    let server = process::command(site.scratch.path());
    let mut command = Command::new("sh");
    command.env_clear().current_dir(site.scratch.path());
    command.arg("-c").arg(format!("ulimit -n {descriptors} && exec \"$0\" --config \"$1\""));
    command.arg(server.get_program()).arg(config);
    command
}

#[tokio::test]
async fn idle_connections_cannot_use_up_the_file_descriptors() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let process = Process::start_ready(limited(&site, 128), site.scratch.path()).await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(TcpStream::connect(process.address).await.unwrap());
    }
    for path in ["/healthz", "/readyz", "/"] {
        let answer = client().get(format!("http://{}{path}", process.address)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    let (status, log) = process.stop().await;
    assert!(status.success());
    let told: Vec<_> = log.lines().filter(|line| line.contains("connection limit reached")).collect();
    let [told] = told[..] else { panic!("not one line about the limit: {log}") };
    let line: serde_json::Value = serde_json::from_str(told).unwrap();
    assert_eq!((&line["setting"], &line["connections"]), (&"limits.connections".into(), &64.into()), "{line}");
    assert!(line["closed_idle"].as_u64().unwrap() >= 1 && line["refused"] == 0, "{line}");
}

#[tokio::test]
async fn a_connection_that_gives_way_cannot_become_one_more() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let process = Process::start_ready(limited(&site, 128), site.scratch.path()).await;
    let mut streams = Vec::new();
    for number in 0..400_usize {
        streams.push(TcpStream::connect(process.address).await.unwrap());
        // The ceiling is 64. From then on, the new connection is accepted in place of the oldest, which now sends a request whose
        // body does not come.
        if let Some(oldest) = number.checked_sub(64) {
            let head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n";
            let _ = streams[oldest].try_write(head);
        }
    }
    let answer = client().get(format!("http://{}/healthz", process.address)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let (_, log) = process.stop().await;
    assert!(!log.contains("connections cannot be accepted"), "{log}");
}

#[tokio::test]
async fn without_file_descriptors_the_server_logs_it_and_recovers() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    // The ceiling is 10 connections, and the server always has 10 descriptors open for other purposes. So the next one is too many.
    let process = Process::start_ready(limited(&site, 20), site.scratch.path()).await;
    let is_logged = async || process.log().contains("connections cannot be accepted");
    let mut busy = Vec::new();
    until("the log has the error", async || {
        let stream = announce_body(process.address).await;
        // Only once it is busy comes the next one: a connection that waits would give way to it. The last one may still do so.
        tokio::select! {
            _ = stream.readable() => {}
            () = until("the connection is accepted, or the log has the error", &is_logged) => {}
        }
        busy.push(stream);
        is_logged().await
    })
    .await;
    drop(busy);
    let url = format!("http://{}/readyz", process.address);
    until("the server answers again", async || {
        client().get(&url).send().await.is_ok_and(|answer| answer.status() == 200)
    })
    .await;
    let (status, log) = process.stop().await;
    assert!(status.success());
    assert_eq!(log.matches("connections cannot be accepted").count(), 1, "{log}");
}

/// What the server writes when it begins to read a body that was announced.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A connection whose request announces a body that does not come.
async fn announce_body(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = "POST /api/save_message HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Connections whose requests announce a body that does not come, as many as the ceiling allows.
pub async fn slow_bodies(site: &Site, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        let mut stream = announce_body(site.address).await;
        let mut answer = [0; CONTINUE.len()];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, CONTINUE);
        streams.push(stream);
    }
    streams
}

#[tokio::test]
async fn health_answers_while_busy_connections_reach_a_ceiling() {
    for more in ["[limits]\nconnections = 8\n", "[limits]\nconnections_per_address = 8\n"] {
        let pool = FakePool::start().await;
        let body = BodyLimits { piece: TIMEOUT, ..BodyLimits::PAGES };
        let options = Options { body, ..Options::default() };
        let site = Site::start_at(&pool, SiteOptions { more, server: Some(options), ..SiteOptions::default() }).await;
        site.until_ready().await;
        let busy = slow_bodies(&site, 8).await;
        for (path, status) in [("/healthz", 200), ("/readyz", 200), ("/", 503), ("/my-data", 503), ("/pkg/x.js", 503)] {
            let answer = client().get(site.url(path)).send().await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            assert_eq!(answer.headers().contains_key("retry-after"), status == 503, "{path}");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{path}");
        }
        drop(busy);
        until("the site answers again", async || client().get(site.url("/")).send().await.unwrap().status() == 200)
            .await;
    }
}

#[tokio::test]
async fn a_citizen_can_sign_out_while_busy_connections_reach_a_ceiling() {
    let pool = FakePool::start().await;
    let more = "[limits]\nconnections = 8\n";
    let body = BodyLimits { piece: TIMEOUT, ..BodyLimits::PAGES };
    let server = Some(Options { body, ..Options::default() });
    let site = Site::start_at(&pool, SiteOptions { more, server, ..SiteOptions::default() }).await;
    site.until_ready().await;
    let mut attempt = Attempt::start(&site).await;
    attempt.succeed(&pool).await;
    assert_eq!(site.open_sessions().await, 1);
    let _busy = slow_bodies(&site, 8).await;
    assert_eq!(attempt.browser.get("/my-data").await.status, 503);
    assert_eq!(attempt.browser.post("/logout", &[]).await.status, 303);
    assert_eq!(site.open_sessions().await, 0);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_answered_and_ends_the_connection() {
    let (short, long) = (Duration::from_millis(500), 4 * TIMEOUT);
    for (piece, whole, drips) in [(short, long, false), (long, short, true)] {
        let body = BodyLimits { piece, whole, ..BodyLimits::PAGES };
        ends_slow_bodies(body, drips).await;
    }
}

/// The server answers and closes when a body stops, or when it `drips`.
async fn ends_slow_bodies(body: BodyLimits, drips: bool) {
    let pool = FakePool::start().await;
    let options = Options { body, ..Options::default() };
    let site = Site::start_at(&pool, SiteOptions { server: Some(options), ..SiteOptions::default() }).await;
    let ends = async |request: &str, first: &str| {
        let (mut reader, mut writer) = TcpStream::connect(site.address).await.unwrap().into_split();
        let head = format!("{request} HTTP/1.1\r\nHost: {}\r\nContent-Length: 60000\r\n\r\n{first}", site.address);
        writer.write_all(head.as_bytes()).await.unwrap();
        let dripping = tokio::spawn(async move {
            while drips && writer.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            // Kept open.
            writer
        });
        let mut answer = Vec::new();
        let ended = timeout(TIMEOUT, reader.read_to_end(&mut answer)).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        // A client that still sends may see a reset at the end.
        assert!(ended.is_ok_and(|read| drips || read.is_ok()), "{request}: the connection is still open: {answer}");
        assert!(answer.starts_with("HTTP/1.1 408 "), "{request}: {answer}");
        assert!(answer.contains("connection: close"), "{request}: {answer}");
        dripping.abort();
    };
    tokio::join!(
        ends("POST /api/save_message", ""),
        ends("POST /api/save_message", "text="),
        ends("GET /", ""),
        ends("GET /favicon.svg", ""),
        ends("POST /no-such-page", ""),
    );
}

#[tokio::test]
async fn a_client_that_stops_reading_a_file_is_ended() {
    let pool = FakePool::start().await;
    let timeouts = Timeouts { write: Duration::from_millis(300), ..Timeouts::default() };
    let options = Options { timeouts, ..Options::default() };
    let site = Site::start_at(&pool, SiteOptions { server: Some(options), ..SiteOptions::default() }).await;
    std::fs::write(site.scratch.site_root().join("large.txt"), vec![b'x'; 4 * 1024 * 1024]).unwrap();
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(b"GET /large.txt HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    until("the server closes the connection", async || match stream.try_write(b"x") {
        Ok(_) => false,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    })
    .await;
}

#[tokio::test]
async fn every_request_with_a_body_counts_towards_the_budget() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let mut browser = site.browser();
    let (before, _) =
        until_too_many(404, async || browser.send(Method::GET, "/no-such-page", |request| request.body("x")).await)
            .await;
    assert_eq!(before, 500);
    assert_eq!(browser.get("/").await.status, 200, "a request without a body");
}

#[tokio::test]
async fn signing_out_does_not_wait_for_a_body() {
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let head = format!(
        "POST /logout HTTP/1.1\r\nHost: {}\r\nCookie: mydata_session={}\r\nContent-Length: 10\r\n\r\n",
        site.address,
        browser.session().unwrap()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(TIMEOUT, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 303 ") && answer.contains("connection: close"), "{answer}");
    assert_eq!(browser.get("/my-data").await.status, 303, "still signed in");
}

#[tokio::test]
async fn under_overload_typed_text_is_kept_and_signing_out_works() {
    let more = "[limits]\nrequests_in_flight = 1\n";
    let site = Site::start_with(SiteOptions { more, ..SiteOptions::default() }).await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let an = browser.get("/my-data").await.hidden("owner").to_owned();
    // In another tab.
    browser.sign_in("bram").await;
    // Requests that wait for the tables have the only slot nearly all the time.
    site.line.set(State::Silent);
    let cookie = browser.cookie_header();
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let (url, cookie) = (site.url("/my-data"), cookie.clone());
            tokio::spawn(async move {
                loop {
                    client().get(&url).header("cookie", &cookie).send().await.unwrap();
                }
            })
        })
        .collect();
    let mut kept = None;
    until("a save is refused because of overload", async || {
        let fields = [("text", "typed </textarea> text"), ("version", "7"), ("owner", &*an)];
        let answer = browser.post("/api/save_message", &fields).await;
        // The form stays that of its owner: no session is looked up, so nobody is known to be signed in.
        assert_eq!((answer.status.as_u16(), answer.hidden("owner")), (503, &*an));
        kept = Some(answer).filter(|answer| answer.body.contains("The service is very busy"));
        kept.is_some()
    })
    .await;
    let kept = kept.unwrap();
    assert!(kept.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!((kept.hidden("version"), kept.text_area()), ("7", "typed &lt;/textarea&gt; text"));
    let replaced = browser.post("/api/save_message", &[("text", "a\0b"), ("version", "7")]).await;
    assert_eq!((replaced.status.as_u16(), replaced.text_area()), (422, "a\u{fffd}b"));
    until("the refused save is recorded", async || {
        let records = site.security_records();
        records.iter().any(|record| record["event"]["reason"] == "limits.requests_in_flight is reached")
    })
    .await;
    until("a page in another language is refused because of overload", async || {
        let fields = [("text", "typed </textarea> text"), ("version", "7"), ("owner", &*an), ("lang", "en")];
        let answer = browser.post("/language", &fields).await;
        assert_eq!((answer.status.as_u16(), answer.hidden("version"), answer.hidden("owner")), (503, "7", &*an));
        assert_eq!(answer.text_area(), "typed &lt;/textarea&gt; text");
        answer.body.contains("The service is very busy")
    })
    .await;
    until("a choice of language is refused because of overload, and kept", async || {
        let answer = site.browser().post("/language", &[("lang", "fr")]).await;
        let is_refused = answer.status == 503;
        if is_refused {
            assert_eq!((answer.header("content-language"), answer.set_cookies().len()), ("fr", 1), "{}", answer.body);
        }
        is_refused
    })
    .await;
    until("a page is refused because of overload", async || {
        browser.get("/").await.body.contains("<h1>The service is very busy</h1>")
    })
    .await;
    until("a visitor's page from memory is refused too", async || site.browser().get("/").await.status == 503).await;
    assert_eq!(browser.get("/healthz").await.status, 200);
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
}
