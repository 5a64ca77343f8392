//! The pages of case workers: how many calls each takes, and how much time compared with one `GetObject` of the bare SDK.

use std::{collections::BTreeMap, fs, process::Stdio, time::Instant};

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use local::{
    Stack,
    aws::{Content, Document},
};
use testkit::{Browser, Example, Scratch, browser::keep_alive_client, example::Provider};

use crate::{TIMEOUT, median, milliseconds, process::Server, report::Report};

/// How many sessions are opened. The limit of sign-ins from one address is higher.
const SESSIONS: usize = 50;
const LARGE: u64 = 1 << 30;
const LENA: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001";
const BUCKET: &str = "fps-case-files";
const FOLDER: &str = "/documents/folder?bucket=fps-case-files&prefix=family-benefits/bench/";
const FILE: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/bench/small.txt";
const LARGE_FILE: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/bench/large.bin";

/// What is asked for in each session, in this order, and how many calls it may take.
const STEPS: [(&str, &str, usize); 5] = [
    ("the first page of documents", "/documents", 4),
    ("the same page again", "/documents", 0),
    ("the first folder", FOLDER, 2),
    ("the same folder again", FOLDER, 1),
    ("a download", FILE, 1),
];

/// Starts a server at `origin` with case workers and documents added to `example`.
pub(crate) async fn measure(report: &mut Report, work: &Scratch, example: &Example, origin: &str, stack: &Stack) {
    let settings = stack.settings();
    let example = example.clone().provider(Provider::workforce(&settings.workforce)).documents(&settings.documents);
    let config = work.file("documents.toml", &example.to_toml());
    stack.aws().put(Document::new(BUCKET, "family-benefits/bench/small.txt", "A small document."));
    stack.aws().put(Document::new(BUCKET, "family-benefits/bench/large.bin", Content::Zeros(LARGE)));
    let server = Server::start(&config, origin, Stdio::null());

    let s3 = bare_s3(stack);
    let mut times = STEPS.map(|_| Vec::new());
    let mut bare = Vec::new();
    let mut cookies = String::new();
    for number in 0..=SESSIONS {
        let mut browser = sign_in(origin).await;
        for ((what, path, most), times) in STEPS.iter().zip(&mut times) {
            let before = calls(stack);
            let began = Instant::now();
            let answer = browser.get(path).await;
            let elapsed = milliseconds(began);
            assert_eq!(answer.status, 200, "{path}");
            let made = difference(&before, &calls(stack));
            if number == 0 {
                // The first one opens connections, and the stand-ins read each other's keys.
                continue;
            }
            times.push(elapsed);
            if number == 1 {
                let names: Vec<_> = made.iter().map(|(name, count)| format!("{name} {count}")).collect();
                println!("        {what}: {}", if names.is_empty() { "no call".to_owned() } else { names.join(", ") });
                report.at_most(&format!("calls of {what}"), made.values().sum::<usize>() as f64, *most as f64);
            }
        }
        let began = Instant::now();
        let object = s3.get_object().bucket(BUCKET).key("family-benefits/bench/small.txt").send().await;
        object.expect("an object").body.collect().await.expect("a body");
        if number > 0 {
            bare.push(milliseconds(began));
        }
        cookies = browser.cookie_header();
    }
    let bare = median(bare);
    report.number("GetObject with the bare SDK, p50 ms", bare);
    for ((what, ..), times) in STEPS.iter().zip(times) {
        let time = median(times);
        report.number(&format!("{what}, p50 ms"), time);
        report.number(&format!("{what} against GetObject"), time / bare);
    }
    large(report, &server, origin, &cookies).await;
}

/// A download of 1 GiB: its speed, and how much memory it takes.
async fn large(report: &mut Report, server: &Server, origin: &str, cookies: &str) {
    // Forgets the peak so far. There is none on systems other than Linux.
    let _ = fs::write(format!("/proc/{}/clear_refs", server.child.id()), "5");
    let before = server.memory_mb("VmHWM");
    let began = Instant::now();
    let client = keep_alive_client(TIMEOUT * 10);
    let mut answer =
        client.get(format!("{origin}{LARGE_FILE}")).header("cookie", cookies).send().await.expect("an answer");
    let mut read = 0;
    while let Some(bytes) = answer.chunk().await.expect("the whole document") {
        read += bytes.len() as u64;
    }
    assert_eq!(read, LARGE);
    report.number("a download of 1 GiB, MB a second", LARGE as f64 / 1e3 / milliseconds(began));
    if let (Some(before), Some(after)) = (before, server.memory_mb("VmHWM")) {
        report.at_most("resident memory that a download of 1 GiB adds, MB", after - before, 50.0);
    }
}

/// S3 with credentials for the folder, as the server gets them.
fn bare_s3(stack: &Stack) -> aws_sdk_s3::Client {
    let vended = stack.aws().vend(LENA, &format!("s3://{BUCKET}/family-benefits/*")).expect("a scope");
    let token = Some(vended.session_token);
    let credentials = Credentials::new(vended.access_key_id, vended.secret_access_key, token, None, "bench");
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(credentials)
        .endpoint_url(stack.aws().s3_url())
        .force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}

/// A browser in which Lena Dubois has signed in. It has not opened the page that the sign-in leads to.
async fn sign_in(origin: &str) -> Browser {
    let mut browser = Browser::new(origin).with_client(keep_alive_client(TIMEOUT));
    let callback = browser.decide("/login/identity_center", "lena.dubois", "approve").await;
    let answer = browser.get(&callback).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/documents"), "the sign-in failed");
    browser
}

/// The calls of AWS and of the user pool, by name.
fn calls(stack: &Stack) -> BTreeMap<String, usize> {
    let aws = stack.aws().calls().into_iter().map(|(name, count)| (name.to_owned(), count));
    aws.chain(stack.user_pool().calls()).collect()
}

fn difference(before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    let made = after.iter().map(|(name, count)| (name.clone(), count - before.get(name).unwrap_or(&0)));
    made.filter(|(_, count)| *count > 0).collect()
}
