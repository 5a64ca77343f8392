//! `make bench`: measures the release build on this machine, as ratios within one run.
//!
//! The server is the deployed binary, in a process of its own. The user pool and the tables are the stand-ins, in this process.
//! `wrk` sends the load. The targets are this project's own; a missed target is reported.
//!
//! With the argument `documents` or `monitoring`, only that section runs. `scripts/bench.sh` runs it on a debug build then.

#![expect(clippy::expect_used, clippy::panic, reason = "a failed measurement ends the run")]

mod bridge;
mod citizen;
mod documents;
mod monitoring;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/report.rs"]
mod report;

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use app::texts::Language;
use aws_sdk_dynamodb::types::AttributeValue;
use brotli::enc::BrotliEncoderParams;
use local::{Options, Stack};
use reqwest::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE};
use server::{
    aws::{
        self,
        transaction::{self, Condition},
    },
    config::{Config, Source},
};
use testkit::Scratch;

use self::{
    citizen::{Citizen, Key},
    process::Server,
    report::Report,
};

const ROUNDS: usize = 3;
const STARTS: usize = 7;
const READS: usize = 2_000;
const SAVES: u64 = 1_000;
const TEXT: &str = "A line of text to find again.\nA line of text to find again.\n";
/// The server itself takes less time for anything.
const TIMEOUT: Duration = Duration::from_secs(15);

#[tokio::main]
async fn main() {
    let work = Scratch::make();
    let [port] = process::free_ports();
    let origin = format!("http://127.0.0.1:{port}");
    let stack = Stack::start(Options {
        data_dir: work.path().join("data"),
        app_origin: origin.clone(),
        client_secret: None,
        deployed: None,
    })
    .await
    .expect("the stand-ins");
    let settings = stack.settings();
    // Standard output is for the figures.
    let example =
        process::deployment(&origin, settings.into(), &settings.dynamodb_endpoint).with("[log]\nsecurity = \"off\"\n");
    let config = work.file("config.toml", &example.to_toml());
    let parsed = Config::read(Source::load(&config)).expect("the configuration");
    let client = aws::dynamodb_client(&parsed, &aws::settings(&parsed).await);
    aws::create_tables(&client, &parsed.dynamodb).await.expect("the tables");

    let mut report = Report::default();
    if std::env::args().nth(1).as_deref() == Some("documents") {
        documents::measure(&mut report, &work, &example, &origin, &stack).await;
        stack.shutdown().await;
        report.finish(Path::new("target/bench/documents.json"));
        return;
    }
    if std::env::args().nth(1).as_deref() == Some("monitoring") {
        monitoring::alone(&mut report, &work, &example).await;
        stack.shutdown().await;
        return;
    }
    let starts: Vec<f64> =
        (0..STARTS).map(|_| Server::start(&config, &origin, Stdio::null()).first_answer_ms).collect();
    report.at_most("start to first 200, ms", median(starts), 100.0);

    let server = Server::start(&config, &origin, Stdio::null());
    let mut citizen = Citizen::sign_in(&origin).await;
    citizen.save(TEXT, 0).await;
    pages(&mut report, &origin).await;
    reads(&mut report, &origin, &citizen, &client, &parsed).await;
    saves(&mut report, &mut citizen, &client, &parsed).await;
    bytes(&mut report, &origin, &citizen).await;
    if let Some(megabytes) = server.memory_mb("VmRSS") {
        report.at_most("resident memory after the load, MB", megabytes, 40.0);
    }
    drop(server);
    bridge::measure(&mut report, &work, &example, &origin, &settings.domain_url).await;
    monitoring::measure(&mut report, &work, &example).await;
    documents::measure(&mut report, &work, &example, &origin, &stack).await;
    stack.shutdown().await;
    report.finish(Path::new("target/bench/latest.json"));
}

/// Requests per second of `/`, compared with `/healthz`, a constant answer of the same binary. Alternates between the two.
async fn pages(report: &mut Report, origin: &str) {
    let (mut page, mut constant) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        constant.push(requests_per_second(&format!("{origin}/healthz")));
        page.push(requests_per_second(&format!("{origin}/")));
    }
    let (page, constant) = (median(page), median(constant));
    report.number("requests per second of a constant answer (/healthz)", constant);
    report.number("requests per second of /", page);
    report.at_least("/ against the constant answer", page / constant, 0.8);
}

fn requests_per_second(url: &str) -> f64 {
    let output = Command::new("wrk").args(["-t1", "-c32", "-d4s", url]).output().expect("wrk");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains("Non-2xx"), "{text}");
    let line = text.lines().find_map(|line| line.strip_prefix("Requests/sec:")).unwrap_or_else(|| panic!("{text}"));
    line.trim().parse().expect("a number")
}

/// The median time of `GET /my-data`, compared with that of its two reads and of the write that counts the second one. Alternates
/// between the two.
async fn reads(
    report: &mut Report,
    origin: &str,
    citizen: &Citizen,
    client: &aws_sdk_dynamodb::Client,
    config: &Config,
) {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{origin}/my-data");
    let [message, sign_in] = citizen.record_keys(client, config).await;
    let (mut page, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..READS {
        let began = Instant::now();
        let answer = http.get(&url).header("cookie", citizen.cookies()).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer.bytes().await.expect("a body");
        page.push(milliseconds(began));
        let began = Instant::now();
        let session = AttributeValue::S(citizen.session_key());
        read(client, &config.dynamodb.sessions_table, Key::from([("pk".to_owned(), session)])).await;
        let table = &config.dynamodb.records_table;
        tokio::join!(read(client, table, message.clone()), count(client, table, sign_in.clone()));
        bare.push(milliseconds(began));
    }
    let (page, bare) = (median(page), median(bare));
    report.number("the requests of /my-data to DynamoDB with the bare SDK, p50 ms", bare);
    report.number("GET /my-data, p50 ms", page);
    report.at_most("GET /my-data against its requests to DynamoDB", page / bare, 2.0);
}

async fn read(client: &aws_sdk_dynamodb::Client, table: &str, key: Key) {
    let answer = client.get_item().table_name(table).set_key(Some(key)).consistent_read(true).send().await;
    assert!(answer.expect("a read").item().is_some(), "no item in {table}");
}

/// Counts a read of the message in the entry of the sign-in, as the server does.
async fn count(client: &aws_sdk_dynamodb::Client, table: &str, key: Key) {
    let one = AttributeValue::N("1".to_owned());
    let request = client.update_item().table_name(table).set_key(Some(key)).update_expression("ADD read_count :one");
    let request = request.expression_attribute_values(":one", one);
    request.condition_expression("attribute_exists(pk)").send().await.expect("a write");
}

/// The median time of a save, compared with that of its requests to DynamoDB: the session, and one transaction with the message and its
/// entry. Alternates between the two. The bare requests write the message of somebody else.
async fn saves(report: &mut Report, citizen: &mut Citizen, client: &aws_sdk_dynamodb::Client, config: &Config) {
    let (mut save, mut bare, mut transactions) = (Vec::new(), Vec::new(), Vec::new());
    for version in 1..=SAVES {
        let began = Instant::now();
        citizen.save(&format!("{TEXT}{version}"), version).await;
        save.push(milliseconds(began));
        let began = Instant::now();
        let session = AttributeValue::S(citizen.session_key());
        read(client, &config.dynamodb.sessions_table, Key::from([("pk".to_owned(), session)])).await;
        let read = milliseconds(began);
        transaction(client, &config.dynamodb.records_table, version).await;
        bare.push(milliseconds(began));
        transactions.push(milliseconds(began) - read);
    }
    let (save, bare, transaction) = (median(save), median(bare), median(transactions));
    report.number("the transaction of a save with the bare SDK, p50 ms", transaction);
    report.number("the requests of a save to DynamoDB with the bare SDK, p50 ms", bare);
    report.number("POST /api/save_message, p50 ms", save);
    report.number("POST /api/save_message against its transaction alone", save / transaction);
    report.at_most("POST /api/save_message against its requests to DynamoDB", save / bare, 1.3);
}

/// A save as the server makes it, of `version` and later.
async fn transaction(client: &aws_sdk_dynamodb::Client, table: &str, version: u64) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let item = |sort: &str, attributes: &[(&str, AttributeValue)]| {
        let keys = [("pk", text("bench")), ("sk", text(sort))];
        let all = keys.iter().chain(attributes).map(|(name, value)| ((*name).to_owned(), value.clone()));
        all.collect::<Key>()
    };
    let id = format!("01a21760-2dc9-773f-990c-{version:012}");
    let number = |number: u64| AttributeValue::N(number.to_string());
    let message = [
        ("text", text(&format!("{TEXT}{version}"))),
        ("version", number(version)),
        ("updated_at", text("2026-11-26T10:21:49.996Z")),
        ("write_id", text(&id)),
    ];
    let entry = [
        ("kind", text("message_saved")),
        ("device", text("computer/chrome/linux")),
        ("provider", text("itsme")),
        ("reference", text("B701-9325")),
        ("session", text("8c78185ce81f0cc1")),
        ("version", number(version)),
        ("expires_at", number(4_000_000_000)),
    ];
    let condition = if version == 1 {
        Condition::ABSENT
    } else {
        Condition::with("version = :version", ":version", number(version - 1))
    };
    let actions = vec![
        transaction::put(table, item("message", &message), Some(condition)),
        transaction::put(table, item(&format!("event#{id}"), &entry), None),
    ];
    transaction::transact(client, table, actions).await.expect("a transaction");
}

/// Bytes on the wire, with brotli.
async fn bytes(report: &mut Report, origin: &str, citizen: &Citizen) {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let get = async |path: &str, cookies: String| {
        let request = http.get(format!("{origin}{path}")).header(ACCEPT_ENCODING, "br").header("cookie", cookies);
        request.send().await.expect("an answer").bytes().await.expect("a body")
    };
    let plain = async |path: &str, cookies: String| {
        let answer = http.get(format!("{origin}{path}")).header("cookie", cookies).send().await.expect("an answer");
        answer.text().await.expect("a page")
    };
    let home = plain("/", String::new()).await;
    report.at_most("/ script elements", home.matches("<script").count() as f64, 0.0);
    for language in Language::ALL {
        let request = http.get(format!("{origin}/")).header(ACCEPT_ENCODING, "br");
        let answer = request.header(ACCEPT_LANGUAGE, language.tag()).send().await.expect("an answer");
        let length = answer.bytes().await.expect("a body").len() as f64;
        report.at_most(&format!("/ HTML with its CSS in the language {}, KB", language.tag()), length / 1024.0, 14.0);
    }
    let (_, css) = home.split_once("<style>").expect("a style sheet");
    let (css, _) = css.split_once("</style>").expect("a style sheet");
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut css.as_bytes(), &mut compressed, &BrotliEncoderParams::default()).expect("memory");
    report.at_most("CSS, KB", compressed.len() as f64 / 1024.0, 12.0);
    let page = plain("/my-data", citizen.cookies()).await;
    report.number("/my-data HTML with its CSS, bytes", get("/my-data", citizen.cookies()).await.len() as f64);
    let (mut total, files) = (0.0, ["js", "wasm"]);
    for kind in files {
        let ending = format!(".{kind}\"");
        let name = page.split("/pkg/").skip(1).find_map(|rest| rest.split_once(&ending)).expect("a file").0;
        let length = get(&format!("/pkg/{name}.{kind}"), String::new()).await.len() as f64;
        report.number(&format!("{kind} of /my-data, bytes"), length);
        total += length;
    }
    report.at_most("WASM and JS of /my-data, KB", total / 1024.0, 40.0);
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
