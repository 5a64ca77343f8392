//! The metrics, as Prometheus reads them.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, SocketAddr},
};

use reqwest::StatusCode;
use serde_json::json;
use testkit::{client, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use crate::{
    api::{Api, FIRST},
    federation::Bridged,
    support::{
        attempt::Attempt,
        fake_pool::{Answers, FakePool},
        line::State,
        process::{Process, serve},
        site::{Site, SiteOptions},
    },
};

fn measured() -> SiteOptions {
    SiteOptions { metrics: true, ..SiteOptions::default() }
}

/// Every line of the page that is a sample.
async fn samples(address: SocketAddr) -> Vec<String> {
    let answer = client().get(format!("http://{address}/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    answer.text().await.unwrap().lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// The value of the series with this name and these labels.
fn value(samples: &[String], series: &str) -> f64 {
    let found = samples.iter().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("no {series} in\n{}", samples.join("\n"))).parse().unwrap()
}

/// The names and labels of all series.
fn series(samples: &[String]) -> BTreeSet<String> {
    samples.iter().map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

#[tokio::test]
async fn a_journey_is_counted() {
    let site = Site::start_with(measured()).await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    for (text, version, status) in [("first", "0", 303), ("second", "1", 303), ("third", "1", 409)] {
        let answer = browser.post("/api/save_message", &[("text", text), ("version", version)]).await;
        assert_eq!(answer.status, status, "{text}");
    }
    browser.get("/my-data").await;
    browser.post("/logout", &[]).await;
    site.browser().get("/auth/callback?code=a&state=b").await;
    let mut canceller = site.browser();
    canceller.get("/login/second").await;
    let denied = client().get(site.url("/v1/message")).bearer_auth("not.a.token").send().await.unwrap();
    assert_eq!(denied.status(), StatusCode::UNAUTHORIZED);

    let samples = samples(site.metrics()).await;
    for (series, expected) in [
        ("mydata_sign_ins_started_total{provider=\"itsme\"}", 1.0),
        ("mydata_sign_ins_started_total{provider=\"second\"}", 1.0),
        ("mydata_sign_ins_total{outcome=\"success\",provider=\"itsme\"}", 1.0),
        ("mydata_sign_ins_total{outcome=\"invalid\",provider=\"none\"}", 1.0),
        ("mydata_sign_ins_total{outcome=\"user_pool_unavailable\",provider=\"itsme\"}", 0.0),
        ("mydata_sessions_opened_total", 1.0),
        ("mydata_sessions_ended_total{reason=\"signed_out\"}", 1.0),
        ("mydata_saves_total{outcome=\"stored\"}", 2.0),
        ("mydata_saves_total{outcome=\"conflict\"}", 1.0),
        ("mydata_saves_total{outcome=\"failed\"}", 0.0),
        ("mydata_api_tokens_refused_total{reason=\"malformed\"}", 1.0),
        ("mydata_ready{part=\"tables\"}", 1.0),
        ("mydata_ready{part=\"signing_keys\"}", 1.0),
        ("mydata_requests_in_flight_limit", 1024.0),
        ("http_server_active_requests{http_request_method=\"GET\"}", 0.0),
        (
            "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_response_status_code=\"303\",\
             http_route=\"/api/save_message\"}",
            2.0,
        ),
        (
            "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_response_status_code=\"303\",\
             http_route=\"/login/{id}\"}",
            2.0,
        ),
        ("mydata_dynamodb_errors_total{db_collection_name=\"mydata-records\",error_type=\"timeout\"}", 0.0),
    ] {
        assert_eq!(value(&samples, series), expected, "{series}");
    }
    let saves = "db_client_operation_duration_seconds_count{db_collection_name=\"mydata-records\",\
                 db_operation_name=\"TransactWriteItems\",db_system_name=\"aws.dynamodb\",error_type=\"\"}";
    assert!(value(&samples, saves) >= 2.0);
    let age = value(&samples, "mydata_signing_keys_age_seconds{issuer=\"user_pool\"}");
    assert!((0.0..600.0).contains(&age), "{age}");
    #[cfg(target_os = "linux")]
    assert!(value(&samples, "process_resident_memory_bytes") > 1e6);
    let _open = TcpStream::connect(site.address).await.unwrap();
    until("the connection is open", async || {
        value(&self::samples(site.metrics()).await, "mydata_connections_open{pool=\"main\"}") >= 1.0
    })
    .await;
}

#[tokio::test]
async fn the_metrics_have_a_listener_of_their_own() {
    let site = Site::start_with(measured()).await;
    assert_eq!(site.browser().get("/metrics").await.status, StatusCode::NOT_FOUND, "citizens cannot read them");
    for path in ["/", "/healthz", "/readyz", "/metrics/"] {
        let answer = client().get(format!("http://{}{path}", site.metrics())).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let head = client().head(format!("http://{}/metrics", site.metrics())).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::METHOD_NOT_ALLOWED);
    // Clients that send nothing cannot keep Prometheus out.
    let mut idle = Vec::new();
    for _ in 0..40 {
        idle.push(TcpStream::connect(site.metrics()).await.unwrap());
    }
    assert!(!samples(site.metrics()).await.is_empty());
}

#[tokio::test]
async fn outages_are_counted_by_their_cause() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, measured()).await;
    site.until_ready().await;
    let mut attempt = Attempt::start(&site).await;
    pool.set_line(State::Cut);
    assert_eq!(attempt.finish().await.status, StatusCode::SERVICE_UNAVAILABLE);
    let mut attempt = Attempt::start(&site).await;
    site.line.set(State::Cut);
    assert_eq!(attempt.finish().await.status, StatusCode::SERVICE_UNAVAILABLE);
    let after = samples(site.metrics()).await;
    assert_eq!(value(&after, "mydata_sign_ins_total{outcome=\"user_pool_unavailable\",provider=\"itsme\"}"), 1.0);
    assert_eq!(value(&after, "mydata_sign_ins_total{outcome=\"tables_unavailable\",provider=\"itsme\"}"), 1.0);
    let table = "db_collection_name=\"mydata-sessions\"";
    let errors = ["unreachable", "timeout", "other"]
        .map(|error| value(&after, &format!("mydata_dynamodb_errors_total{{{table},error_type=\"{error}\"}}")));
    assert!(errors.iter().sum::<f64>() >= 1.0, "{errors:?}");
    assert!(value(&after, &format!("mydata_dynamodb_retries_total{{{table}}}")) >= 1.0);
    until("the tables are not ready", async || {
        value(&samples(site.metrics()).await, "mydata_ready{part=\"tables\"}") == 0.0
    })
    .await;
}

#[tokio::test]
async fn throttles_are_counted_by_the_limit_that_was_reached() {
    let site = Site::start_with(measured()).await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    site.line.set(State::Throttles);
    let answer = browser.post("/api/save_message", &[("text", "text"), ("version", "0")]).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let samples = samples(site.metrics()).await;
    assert!(!samples.iter().any(|line| line.contains("S3CRET")), "{samples:#?}");
    assert_eq!(value(&samples, "mydata_saves_total{outcome=\"failed\"}"), 1.0);
    let of_table = |name: &str, label: &str| {
        value(&samples, &format!("mydata_dynamodb_{name}_total{{db_collection_name=\"mydata-records\"{label}}}"))
    };
    let throttles = of_table("throttles", ",reason=\"TableWriteMaxOnDemandThroughputExceeded\"");
    let (retries, errors) = (of_table("retries", ""), of_table("errors", ",error_type=\"throttled\""));
    // Every attempt was throttled: the first of each operation, and its retries.
    assert!(errors >= 1.0 && retries >= 1.0 && throttles == retries + errors, "{throttles} {retries} {errors}");
}

#[tokio::test]
async fn a_bridge_counts_a_code_that_the_provider_does_not_know_as_such() {
    let bridged = Bridged::start_measured().await;
    let refused = |status, error: &str| Answers::status(status, &json!({ "error": error }));
    for answers in [
        refused(StatusCode::BAD_REQUEST, "invalid_grant"),
        refused(
            StatusCode::BAD_REQUEST,
            "Code is invalid because doesn't match any session. Please see our documentation",
        ),
        refused(StatusCode::UNAUTHORIZED, "invalid_client"),
        refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        Answers::json(&json!({ "id_token": "not.a.token" })),
    ] {
        bridged.provider.set_token(answers);
        bridged.token(&[]).await;
    }
    let samples = samples(bridged.site.metrics()).await;
    let count = |outcome: &str| {
        value(&samples, &format!("mydata_bridge_exchanges_total{{outcome=\"{outcome}\",provider=\"login_gov\"}}"))
    };
    let counts = ["code_rejected", "provider_error", "token_rejected", "provider_unavailable"].map(count);
    assert_eq!(counts, [2.0, 2.0, 1.0, 0.0]);
}

#[tokio::test]
async fn a_request_is_in_flight_once_its_body_is_here() {
    let site = Site::start_with(measured()).await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    let now = async |method: &str| {
        let samples = samples(site.metrics()).await;
        let active = format!("http_server_active_requests{{http_request_method=\"{method}\"}}");
        (value(&samples, &active), value(&samples, "mydata_requests_in_flight"))
    };
    let mut slow = TcpStream::connect(site.address).await.unwrap();
    let head = format!("POST /api/save_message HTTP/1.1\r\nHost: {}\r\nContent-Length: 10\r\n\r\n", site.address);
    slow.write_all(head.as_bytes()).await.unwrap();
    until("its head is here", async || now("POST").await.0 == 1.0).await;
    assert_eq!(now("POST").await, (1.0, 0.0));
    site.line.set(State::Silent);
    let page = client().get(site.url("/my-data")).header("cookie", browser.cookie_header());
    let waiting = tokio::spawn(page.send());
    until("the page waits for DynamoDB", async || now("GET").await == (1.0, 1.0)).await;
    waiting.abort();
    until("nobody waits for it", async || now("GET").await == (0.0, 0.0)).await;
    site.line.set(State::Whole);
}

#[tokio::test]
async fn a_save_is_counted_once() {
    let api = Api::start_with(measured()).await;
    let an = api.an();
    assert_eq!(api.save(&an, FIRST, "first").await.status, StatusCode::CREATED);
    assert_eq!(api.delete(&an, ("if-match", "*")).await.status, StatusCode::NO_CONTENT);
    // In the place of the deleted one.
    assert_eq!(api.save(&an, FIRST, "second").await.status, StatusCode::CREATED);
    let samples = samples(api.site.metrics()).await;
    let counts = ["stored", "conflict", "failed"]
        .map(|outcome| value(&samples, &format!("mydata_saves_total{{outcome=\"{outcome}\"}}")));
    assert_eq!(counts, [2.0, 0.0, 0.0]);
}

#[tokio::test]
async fn what_a_visitor_can_make_up_has_outcomes_of_its_own() {
    let pool = FakePool::start().await;
    let site = Site::start_at(&pool, measured()).await;
    site.until_ready().await;
    let count = async |outcome: &str| {
        let series = format!("mydata_sign_ins_total{{outcome=\"{outcome}\",provider=\"itsme\"}}");
        value(&samples(site.metrics()).await, &series)
    };
    // An error that nobody has reported, and a code that nobody has issued.
    let mut attempt = Attempt::start(&site).await;
    let path = format!("/auth/callback?error=server_error&state={}", attempt.state);
    assert_eq!(attempt.browser.get(&path).await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(count("provider_error").await, 1.0);
    pool.set_token(Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" })));
    Attempt::start(&site).await.finish().await;
    assert_eq!(count("code_rejected").await, 1.0);
    // Only the user pool can say these.
    pool.set_token(Answers::status(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_client" })));
    Attempt::start(&site).await.finish().await;
    assert_eq!(count("client_rejected").await, 1.0);
    pool.set_token(Answers::status(StatusCode::OK, &json!({ "id_token": "not.a.token" })));
    Attempt::start(&site).await.finish().await;
    assert_eq!(count("client_rejected").await, 2.0);
    // The browser visits the callback again, with its cookie of the sign-in and without it.
    let mut attempt = Attempt::start(&site).await;
    let callback = format!("/auth/callback?code=a-code&state={}", attempt.state);
    assert_eq!(attempt.succeed(&pool).await.location(), "/my-data");
    assert_eq!(attempt.browser.get(&callback).await.location(), "/my-data");
    let again = "mydata_sign_ins_total{outcome=\"already_signed_in\",provider=\"none\"}";
    assert_eq!(value(&samples(site.metrics()).await, again), 1.0);
    assert_eq!(count("success").await, 1.0);
    for outcome in ["rejected", "internal", "user_pool_unavailable"] {
        assert_eq!(count(outcome).await, 0.0, "{outcome}");
    }
}

/// Numbers that look random, the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.next()).unwrap() % all.len()]
    }
}

const METHODS: [&str; 11] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "S3CRET", "get", "PROPFIND"];
const PATHS: [&str; 16] = [
    "/",
    "/login/itsme",
    "/login/S3CRET",
    "/auth/callback?code=S3CRET&state=S3CRET",
    "/api/save_message",
    "/my-data",
    "/profile",
    "/logout",
    "/v1/message",
    "/federation/S3CRET/token",
    "/federation/login_gov/authorize?S3CRET",
    "/healthz",
    "/pkg/S3CRET.js",
    "/S3CRET",
    "/%2e%2e/S3CRET",
    "//S3CRET//",
];
const HOSTS: [&str; 4] = ["Host: HERE", "Host: S3CRET", "Host: S3CRET\r\nHost: HERE", "X: S3CRET"];
const HEADERS: [&str; 5] = [
    "Origin: http://S3CRET",
    "Authorization: Bearer S3CRET",
    "Content-Length: 6",
    "Cookie: mydata_session=S3CRET",
    "Accept-Language: S3CRET",
];

/// A method, a path, a line with a host, and another line.
type Request = (&'static str, String, &'static str, &'static str);

/// Sends one request. Whatever the server answers is right here.
///
/// Each request comes from another client, so that no limit for one address is reached.
async fn send(address: SocketAddr, number: usize, (method, path, host, header): Request) {
    let (host, client) = (host.replace("HERE", &address.to_string()), Ipv4Addr::from_bits(10 << 24 | number as u32));
    let body = if header.starts_with("Content-Length") { "S3CRET" } else { "" };
    let request = format!(
        "{method} {path} HTTP/1.1\r\n{host}\r\n{header}\r\nX-Forwarded-For: {client}\r\nConnection: close\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close the connection before it has read everything.
    let _ = stream.write_all(request.as_bytes()).await;
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

async fn send_all(address: SocketAddr, first_client: usize, requests: Vec<Request>) {
    let mut running = JoinSet::new();
    for (number, request) in requests.into_iter().enumerate() {
        if running.len() >= 16 {
            running.join_next().await.unwrap().unwrap();
        }
        running.spawn(send(address, first_client + number, request));
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_hostile_requests_add_no_series_after_the_first() {
    let site = Site::start_with(SiteOptions { trusted_proxies: &["127.0.0.1"], ..measured() }).await;
    // Every combination once.
    let mut first = Vec::new();
    for method in METHODS {
        for path in PATHS {
            for host in HOSTS {
                first.extend(HEADERS.map(|header| (method, path.to_owned(), host, header)));
            }
        }
    }
    let count = first.len();
    send_all(site.address, 0, first).await;
    let before = series(&samples(site.metrics()).await);
    let mut numbers = Numbers(0x5EED_CAFE);
    let random = (0..10_000)
        .map(|_| {
            let (path, host, header) = (numbers.one_of(&PATHS), numbers.one_of(&HOSTS), numbers.one_of(&HEADERS));
            let path = path.replace("S3CRET", &format!("S3CRET{}", numbers.next()));
            (numbers.one_of(&METHODS), path, host, header)
        })
        .collect();
    send_all(site.address, count, random).await;
    let after = series(&samples(site.metrics()).await);
    let new: Vec<_> = after.difference(&before).filter(|name| !name.contains("le=\"")).collect();
    assert!(new.is_empty(), "{} new, such as {:?}", new.len(), new[0]);
    for word in ["S3CRET", "PROPFIND", "TRACE", "get"] {
        assert_eq!(after.iter().find(|name| name.contains(&format!("\"{word}"))), None);
    }
    let is_whole = |name: &&String| name.starts_with("http_server_request_duration_seconds_count");
    let histograms = after.iter().filter(is_whole).count();
    assert!((20..200).contains(&histograms), "{histograms} histograms of requests");
    // The same methods, whatever was sent.
    let of_route = |route: &str| -> BTreeSet<&str> {
        let label = format!("http_route=\"{route}\"");
        let own = after.iter().filter(is_whole).filter(|name| name.contains(&label));
        own.map(|name| name.split('"').nth(1).unwrap()).collect()
    };
    assert_eq!(of_route("/my-data"), ["GET", "HEAD", "_OTHER"].into());
    assert_eq!(of_route("/logout"), ["POST", "_OTHER"].into());
    assert_eq!(of_route("/v1/message"), ["DELETE", "GET", "HEAD", "PUT", "_OTHER"].into());
}

#[tokio::test]
async fn the_page_about_metrics_lists_exactly_those_that_there_are() {
    let site = Site::start_with(SiteOptions { all_providers: true, ..measured() }).await;
    site.browser().get("/my-data").await;
    let text = client().get(format!("http://{}/metrics", site.metrics())).send().await.unwrap().text().await.unwrap();
    let mut shown = BTreeSet::new();
    let lines: Vec<&str> = text.lines().collect();
    for line in &lines {
        let Some(declared) = line.strip_prefix("# TYPE ") else { continue };
        let (name, kind) = declared.split_once(' ').unwrap();
        // A histogram has the suffix _count, and each sample its labels.
        let is_own = |line: &&&str| {
            [name.to_owned(), format!("{name}_count")]
                .iter()
                .any(|own| line.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with(['{', ' '])))
        };
        let sample = lines.iter().find(is_own).unwrap_or_else(|| panic!("no sample of {name}"));
        let labels = sample.split_once('{').map_or("", |(_, rest)| rest.rsplit_once('}').unwrap().0);
        let names: BTreeSet<_> =
            labels.split("\",").filter_map(|label| Some(label.split_once('=')?.0.to_owned())).collect();
        shown.insert((name.to_owned(), kind.to_owned(), names));
    }
    let page = include_str!("../../../docs/METRICS.md");
    let mut listed = BTreeSet::new();
    for row in page.lines().filter_map(|line| line.strip_prefix("| `")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let [names, kind @ ("counter" | "gauge" | "histogram"), labels, ..] = cells[..] else { continue };
        let quoted = |cell: &str| -> BTreeSet<String> {
            cell.split(", ").map(|name| name.trim_matches('`').to_owned()).filter(|name| !name.is_empty()).collect()
        };
        listed.extend(quoted(names).into_iter().map(|name| (name, kind.to_owned(), quoted(labels))));
    }
    assert_eq!(shown, listed);
}

#[tokio::test]
async fn the_log_names_the_listener_that_is_full_and_a_port_that_is_taken() {
    let pool = FakePool::start().await;
    let more = "[metrics]\nlisten = \"127.0.0.1:0\"\n";
    let site = Site::start_at(&pool, SiteOptions { more, ..SiteOptions::default() }).await;
    let process = Process::start(serve(&site), site.scratch.path()).await;
    let mut idle = Vec::new();
    for _ in 0..40 {
        idle.push(TcpStream::connect(process.metrics_address()).await.unwrap());
    }
    until("the limit is in the log", async || process.log().contains("connection limit reached")).await;
    let log = process.log();
    assert!(log.contains("\"setting\":\"metrics.listen\"") && !log.contains("limits.connections"), "{log}");
    let mut other = serve(&site);
    other.env("MYDATA_METRICS__LISTEN", process.metrics_address().to_string());
    let log = Process::launch(other, site.scratch.path()).try_start().await.err().unwrap();
    assert!(log.contains("metrics.listen: ") && log.contains("cannot be used"), "{log}");
}

#[tokio::test]
async fn the_listener_starts_before_the_server_is_ready_and_stops_last() {
    let pool = FakePool::start().await;
    pool.set_line(State::Cut);
    let site =
        Site::start_at(&pool, SiteOptions { more: "[metrics]\nlisten = \"127.0.0.1:0\"\n", ..SiteOptions::default() })
            .await;
    site.line.set(State::Cut);
    let process = Process::start(serve(&site), site.scratch.path()).await;
    let metrics = process.metrics_address();
    let early = samples(metrics).await;
    assert!(!early.iter().any(|line| line == "mydata_ready{part=\"tables\"} 1"), "{early:#?}");
    for part in ["tables", "signing_keys"] {
        let not_ready = format!("mydata_ready{{part=\"{part}\"}} 0");
        until("it was asked", async || samples(metrics).await.contains(&not_ready)).await;
    }
    let age = async || value(&samples(metrics).await, "mydata_signing_keys_age_seconds{issuer=\"user_pool\"}");
    let first = age().await;
    until("what was never fetched gets older", async || age().await > first).await;
    // A request that does not end keeps the server from stopping.
    let mut slow = TcpStream::connect(process.address).await.unwrap();
    let head = format!("POST /api/save_message HTTP/1.1\r\nHost: {}\r\nContent-Length: 10\r\n\r\n", process.address);
    slow.write_all(head.as_bytes()).await.unwrap();
    until("the request has arrived", async || {
        value(&samples(metrics).await, "http_server_active_requests{http_request_method=\"POST\"}") == 1.0
    })
    .await;
    process.signal();
    until("the server accepts nothing", async || TcpStream::connect(process.address).await.is_err()).await;
    assert!(!samples(metrics).await.is_empty());
    drop(slow);
    let (status, log) = process.stop().await;
    assert!(status.success(), "{log}");
    site.line.set(State::Whole);
}
