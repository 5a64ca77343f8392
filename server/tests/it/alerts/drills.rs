//! Each fault is caused, its alert fires, the step of the page is taken, and the alert ends.

use std::{
    io::Read,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use axum::Router;
use reqwest::{Method, StatusCode};
use testkit::{
    Browser,
    browser::{form, keep_alive_client},
    client,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use super::{drill::Drill, watched::Watched};
use crate::{
    federation::{Bridged, token_request},
    support::{
        attempt::Attempt,
        fake_pool::FakePool,
        front,
        line::{Line, State},
        site::{Site, SiteOptions},
    },
};

/// The page with the message, in many tabs of one citizen.
struct Pages {
    url: String,
    cookie: String,
}

impl Pages {
    fn of(drill: &Drill, browser: &mut Browser) -> Self {
        Self { url: drill.server.url("/my-data"), cookie: browser.cookie_header() }
    }

    /// Opens `count` at the same time. Returns the status of the last one.
    async fn open(&self, count: usize) -> StatusCode {
        let mut requests = JoinSet::new();
        for _ in 0..count {
            requests.spawn(client().get(&self.url).header("cookie", &self.cookie).send());
        }
        let mut status = StatusCode::OK;
        while let Some(answer) = requests.join_next().await {
            status = answer.unwrap().unwrap().status();
        }
        status
    }
}

async fn save(browser: &mut Browser) {
    browser.post("/api/save_message", &[("text", "text"), ("version", "0")]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn a_server_is_lost() {
    let site = Site::start().await;
    let mut drill = Drill::of(&["ServerDown", "NoServerUp"], &site, "").await;
    drill.server.kill();
    drill.fires(async || ()).await;
    drill.entry("ServerDown").step("start the server");
    drill.entry("NoServerUp").step("start the servers");
    drill.server.start().await;
    drill.until_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn the_tables_are_gone() {
    let site = Site::start().await;
    let alerts = &["TablesNotReady", "TableErrors", "ServerErrors", "RouteFailing", "SlowResponses"];
    let drill = Drill::of(alerts, &site, "").await;
    let mut browser = drill.server.browser(&site);
    browser.sign_in("an").await;
    let pages = Pages::of(&drill, &mut browser);
    site.line.set(State::Silent);
    drill.fires(async || assert_eq!(pages.open(8).await, StatusCode::SERVICE_UNAVAILABLE)).await;
    for alert in ["TablesNotReady", "TableErrors"] {
        drill.entry(alert).look("`server check`");
    }
    drill.check_names(&["table mydata-records", "table mydata-sessions"]).await;
    drill.entry("TablesNotReady").step("restore the connection to DynamoDB");
    drill.entry("TableErrors").step("`timeout` and `unreachable`: restore the connection to DynamoDB");
    drill.entry("ServerErrors").step("do what the `reason` says");
    drill.entry("RouteFailing").step("as for [Server errors](#server-errors)");
    drill.entry("SlowResponses").step("if all pages are slow, follow [Table errors](#table-errors)");
    site.line.set(State::Whole);
    drill.ends(async || assert_eq!(pages.open(8).await, StatusCode::OK)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn the_tables_are_throttled() {
    let site = Site::start().await;
    let drill = Drill::of(&["TablesThrottled"], &site, "").await;
    let mut browser = drill.server.browser(&site);
    browser.sign_in("an").await;
    site.line.set(State::Throttles);
    drill.fires(async || save(&mut browser).await).await;
    drill.entry("TablesThrottled").step("raise the ceiling");
    site.line.set(State::Whole);
    drill.ends(async || save(&mut browser).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn the_signing_keys_cannot_be_fetched() {
    let (pool, site) = Site::start_with_fake_pool().await;
    pool.set_line(State::Cut);
    let mut server = Watched::of(&site);
    server.start().await;
    let drill = Drill::watch(&["SigningKeysNotReady", "SigningKeysStale"], &site, server).await;
    drill.fires(async || ()).await;
    for alert in ["SigningKeysNotReady", "SigningKeysStale"] {
        drill.entry(alert).look("`server check`");
        drill.entry(alert).step("restore the connection");
    }
    drill.check_names(&["discovery", "signing keys"]).await;
    pool.set_line(State::Whole);
    drill.until_ended().await;
    drill.server.until_ready().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn the_user_pool_is_gone() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let drill = Drill::of(&["SignInsFailing"], &site, "").await;
    let start = || Attempt::start_in(drill.server.browser(&site), "/login/itsme");
    let mut attempt = start().await;
    pool.set_line(State::Cut);
    drill
        .fires(async || {
            assert_eq!(start().await.finish().await.status, StatusCode::SERVICE_UNAVAILABLE);
        })
        .await;
    drill.entry("SignInsFailing").look("`server check`");
    drill.check_names(&["discovery", "signing keys", "provider itsme"]).await;
    drill.entry("SignInsFailing").step("`user_pool_unavailable`, `timeout`: restore the connection to the user pool");
    pool.set_line(State::Whole);
    assert_eq!(attempt.succeed(&pool).await.location(), "/my-data");
    drill.until_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn the_app_clients_secret_is_another_one() {
    const RIGHT: &str = "the-secret-of-the-app-client-0123456789abcdef";
    let site = Site::start_with(SiteOptions { client_secret: Some(RIGHT), ..SiteOptions::default() }).await;
    let mut server = Watched::of(&site);
    let right = server.toml.clone();
    server.toml = right.replace(RIGHT, "a-secret-that-was-replaced-at-the-user-pool-0");
    assert_ne!(server.toml, right);
    server.start().await;
    server.until_ready().await;
    let mut drill = Drill::watch(&["SignInsFailing"], &site, server).await;
    drill
        .fires(async || {
            let mut browser = drill.server.browser(&site);
            let callback = browser.decide("/login/itsme", "an", "approve").await;
            assert!(browser.get(&callback).await.status.is_server_error());
        })
        .await;
    let entry = drill.entry("SignInsFailing");
    entry.step("deploy the secret that the app client has now");
    let key = entry.settings().lines().find_map(|line| line.strip_prefix("client_secret = "));
    assert!(key.is_some() && right.contains(&format!("client_secret = \"{RIGHT}\"")), "{}", entry.settings());
    drill.server.toml = right;
    drill.server.restart().await;
    drill.server.until_ready().await;
    drill.server.browser(&site).sign_in("an").await;
    drill.until_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn citizens_do_not_come_back_from_their_provider() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let drill = Drill::of(&["SignInsStopped"], &site, "").await;
    let start = || Attempt::start_in(drill.server.browser(&site), "/login/itsme");
    for _ in 0..30 {
        assert_eq!(start().await.succeed(&pool).await.location(), "/my-data");
    }
    drill.fires(async || drop(start().await)).await;
    drill.entry("SignInsStopped").step("The alert ends when the first citizen is signed in");
    // Others still leave.
    drill
        .ends(async || {
            start().await;
            assert_eq!(start().await.succeed(&pool).await.location(), "/my-data");
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn the_provider_reports_errors() {
    let (pool, site) = Site::start_with_fake_pool().await;
    let drill = Drill::of(&["SignInsRefused"], &site, "").await;
    let start = || Attempt::start_in(drill.server.browser(&site), "/login/itsme");
    drill
        .fires(async || {
            let mut attempt = start().await;
            let callback = format!("/auth/callback?error=server_error&state={}", attempt.state);
            assert_eq!(attempt.browser.get(&callback).await.status, StatusCode::BAD_GATEWAY);
        })
        .await;
    drill.entry("SignInsRefused").look("whether you can sign in");
    drill.entry("SignInsRefused").step("`provider_error`: an outage of the provider");
    // A visitor can have made them up.
    assert_eq!(drill.firing().await, ["SignInsRefused"]);
    assert_eq!(start().await.succeed(&pool).await.location(), "/my-data");
    drill.until_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn the_provider_behind_a_bridge_is_gone() {
    let bridged = Bridged::start().await;
    let drill = Drill::of(&["BridgeFailing"], &bridged.site, "").await;
    bridged.provider.set_line(State::Cut);
    let redirect_uri = bridged.redirect_uri();
    let fields = token_request(&redirect_uri);
    let url = drill.server.url("/federation/login_gov/token");
    drill
        .fires(async || {
            assert!(form(client().post(&url), &fields).send().await.unwrap().status().is_server_error());
        })
        .await;
    drill.entry("BridgeFailing").look("`server check`");
    drill.check_names(&["bridge login_gov provider keys"]).await;
    drill.entry("BridgeFailing").step("`provider_unavailable`: restore the connection to the provider");
    bridged.provider.set_line(State::Whole);
    drill.until_ended().await;
}

/// Connections with requests whose body does not come.
async fn busy(address: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut streams = Vec::new();
    for _ in 0..count {
        let Ok(mut stream) = TcpStream::connect(address).await else { continue };
        // Over the limit, the server may close it first.
        let head = "POST /api/save_message HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n";
        let _ = stream.write_all(head.as_bytes()).await;
        streams.push(stream);
    }
    streams
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn connections_reach_their_limit() {
    const LOW: &str = "[limits]\nconnections = 8\n";
    let (_pool, site) = Site::start_with_fake_pool().await;
    let mut drill = Drill::of(&["ConnectionsNearLimit", "ConnectionsRefused"], &site, LOW).await;
    let address = drill.server.address();
    let mut held = Vec::new();
    // The server waits five seconds for the next piece of a body.
    let mut traffic = async || {
        held.clear();
        held = busy(address, 12).await;
        tokio::time::sleep(Duration::from_secs(4)).await;
    };
    drill.fires(&mut traffic).await;
    let entry = drill.entry("ConnectionsRefused");
    entry.step("raise `limits.connections`");
    drill.entry("ConnectionsNearLimit").step("[Connections refused](#connections-refused)");
    drill.server.toml = drill.server.toml.replace(LOW, entry.settings());
    drill.server.restart().await;
    drill.ends(&mut traffic).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn requests_reach_their_limit() {
    const LOW: &str = "[limits]\nrequests_in_flight = 2\n";
    let site = Site::start().await;
    let mut drill = Drill::of(&["RequestsShed"], &site, LOW).await;
    let mut browser = drill.server.browser(&site);
    browser.sign_in("an").await;
    let pages = Pages::of(&drill, &mut browser);
    site.line.set(State::Silent);
    let traffic = async || {
        pages.open(8).await;
    };
    drill.fires(&traffic).await;
    let entry = drill.entry("RequestsShed");
    entry.step("raise `limits.requests_in_flight`");
    // DynamoDB is as slow as before.
    drill.server.toml = drill.server.toml.replace(LOW, entry.settings());
    drill.server.restart().await;
    drill.ends(&traffic).await;
    site.line.set(State::Whole);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn all_citizens_share_the_limit_of_an_unknown_proxy() {
    let (_pool, site) = Site::start_with_fake_pool().await;
    let mut drill = Drill::of(&["RequestsLimited"], &site, "").await;
    let (url, http) = (drill.server.url("/login/itsme"), keep_alive_client(Duration::from_secs(20)));
    let number = AtomicUsize::new(0);
    // A balancer with many citizens.
    let traffic = async || {
        for _ in 0..200 {
            let number = number.fetch_add(1, Ordering::Relaxed);
            let citizen = format!("198.18.{}.{}", number / 256 % 256, number % 256);
            http.get(&url).header("x-forwarded-for", citizen).send().await.unwrap();
        }
    };
    drill.fires(&traffic).await;
    let entry = drill.entry("RequestsLimited");
    entry.step("add its network to `trusted_proxies`");
    let line = entry.settings().lines().find(|line| line.starts_with("trusted_proxies = ")).unwrap();
    let own = line.replace("10.0.0.0/16", "127.0.0.0/8");
    assert_ne!(own, line);
    let deployed = drill.server.toml.replace("trusted_proxies = []", &own);
    assert_ne!(deployed, drill.server.toml);
    drill.server.toml = deployed;
    drill.server.restart().await;
    drill.ends(&traffic).await;
}

/// Checks the health `count` times on one connection. At the level `trace`, each check is a line of the log.
async fn health_checks(address: SocketAddr, count: usize) {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut answers, mut requests) = stream.into_split();
    let sent = tokio::spawn(async move {
        for left in (0..count).rev() {
            let last = if left == 0 { "Connection: close\r\n" } else { "" };
            let request = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{last}\r\n");
            requests.write_all(request.as_bytes()).await.unwrap();
        }
        requests
    });
    let mut answered = String::new();
    answers.read_to_string(&mut answered).await.unwrap();
    drop(sent.await.unwrap());
    assert_eq!(answered.matches("HTTP/1.1 200").count(), count);
}

/// Reads a log until it ends, in a thread of its own.
fn read_on(mut log: impl Read + Send + 'static) {
    std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn nothing_reads_the_logs() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, SiteOptions { trusted_proxies: &["127.0.0.1"], ..SiteOptions::default() }).await;
    let mut server = Watched::of(&site);
    let (security_log, log) = server.start_unread().await;
    let drill =
        Drill::watch(&["LogLinesDropped", "SecurityLogNotWritten", "SecurityRecordsDropped"], &site, server).await;
    let (url, http) = (drill.server.url("/logout"), keep_alive_client(Duration::from_secs(20)));
    let number = AtomicUsize::new(0);
    let address = drill.server.address();
    let traffic = async || {
        let mut requests = JoinSet::new();
        for _ in 0..4 {
            requests.spawn(health_checks(address, 1000));
        }
        // Each of these has a record of its own, because few come from the same network.
        for _ in 0..32 {
            let (http, url) = (http.clone(), url.clone());
            let network = number.fetch_add(1, Ordering::Relaxed);
            requests.spawn(async move {
                for host in 1..=20 {
                    let client = format!("10.{}.{}.{host}", network / 256 % 256, network % 256);
                    let request = http.request(Method::POST, &url).header("x-forwarded-for", client);
                    let answer = request.header("origin", "https://evil.example").send().await.unwrap();
                    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
                }
            });
        }
        while let Some(ended) = requests.join_next().await {
            ended.unwrap();
        }
    };
    drill.fires(&traffic).await;
    drill.entry("LogLinesDropped").step("start the program that reads the log");
    drill.entry("SecurityLogNotWritten").step("start the program that reads standard output");
    drill.entry("SecurityRecordsDropped").step("start the program that reads standard output");
    read_on(security_log);
    read_on(log);
    drill.until_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Prometheus: scripts/drills.sh"]
async fn the_collector_of_traces_is_gone() {
    let (_pool, site) = Site::start_with_fake_pool().await;
    let collector = Line::to(&front::serve(Router::new().fallback(|| async { StatusCode::OK })).await);
    let traces = format!("[traces]\nendpoint = \"{}\"\n", collector.url());
    let drill = Drill::of(&["SpansDropped"], &site, &traces).await;
    let traffic = async || {
        client().get(drill.server.url("/profile")).send().await.unwrap();
    };
    collector.set(State::Cut);
    drill.fires(&traffic).await;
    drill.entry("SpansDropped").step("start the collector");
    collector.set(State::Whole);
    drill.ends(&traffic).await;
}
