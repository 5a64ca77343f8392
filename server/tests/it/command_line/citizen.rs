//! What operators do at a citizen's request.

use std::{io::Write as _, process::Stdio};

use reqwest::StatusCode;
use serde_json::Value;
use testkit::{Browser, example::Provider};

use super::{assert_ended, with_config};
use crate::support::{
    AN,
    line::State,
    process::{Ended, command},
    site::{Site, SiteOptions},
};

/// A site with a second register.
pub(super) async fn start() -> Site {
    let other = Provider::new("staff", "oidc").in_namespace("US");
    Site::start_with(SiteOptions { providers: vec![other], ..SiteOptions::default() }).await
}

/// Runs a command with `input` on its standard input.
pub(super) async fn run(site: &Site, arguments: &[&str], input: &str) -> Ended {
    let config = site.scratch.file("operator.toml", &site.toml);
    let mut command = with_config(&site.scratch, arguments, &config);
    // The records of the commands go beside their output.
    command.env("MYDATA_LOG__SECURITY", "stdout");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let input = input.to_owned();
    let output = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        // A command that refuses its arguments does not read it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    })
    .await
    .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ended = Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!(!ended.stderr.contains(AN.0), "the number is in {}", ended.stderr);
    ended
}

/// The records of the security log with this action.
pub(super) fn records(ended: &Ended, action: &str) -> Vec<Value> {
    let lines = ended.stderr.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["event"]["action"] == action).collect()
}

pub(super) async fn signed_in(site: &Site, citizen: &str) -> Browser {
    let mut browser = site.browser();
    browser.sign_in(citizen).await;
    browser
}

async fn is_open(browser: &mut Browser) -> bool {
    browser.get("/my-data").await.status == StatusCode::OK
}

fn arguments<'a>(name: &'a str, namespace: &'a str) -> [&'a str; 4] {
    [name, "--eid-stdin", "--namespace", namespace]
}

#[tokio::test]
async fn all_sessions_of_one_citizen_end_and_the_citizen_is_told() {
    let site = start().await;
    let (mut phone, mut laptop) = (signed_in(&site, "an").await, signed_in(&site, "an").await);
    let mut bram = signed_in(&site, "bram").await;
    let ended = run(&site, &arguments("end-sessions", "BE"), &format!("{}\n", AN.0)).await;
    assert_ended(&ended, 0, &[]);
    assert!(ended.stdout.starts_with("2 sessions ended, reference "), "{}", ended.stdout);
    let reasons: Vec<_> = records(&ended, "session-end").into_iter().map(|it| it["event"]["reason"].clone()).collect();
    assert_eq!(reasons, ["ended by the operator", "ended by the operator"]);
    assert!(!is_open(&mut phone).await && !is_open(&mut laptop).await && is_open(&mut bram).await);
    phone.sign_in("an").await;
    let activity = phone.get("/activity").await.body;
    assert_eq!(activity.matches("Signed out by the organisation").count(), 2, "{activity}");
    assert!(!bram.get("/activity").await.body.contains("by the organisation"));
}

#[tokio::test]
async fn a_session_that_may_have_ended_is_recorded() {
    let site = start().await;
    let mut an = signed_in(&site, "an").await;
    site.line.set(State::Throttles);
    let ended = run(&site, &arguments("end-sessions", "BE"), AN.0).await;
    assert_ended(&ended, 1, &["TransactWriteItems"]);
    let [record] = &records(&ended, "session-end")[..] else { panic!("{}", ended.stderr) };
    assert_eq!(record["event"]["outcome"], "failure");
    assert_eq!(record["event"]["reason"], "the tables did not answer: it may have ended");
    site.line.set(State::Whole);
    assert!(is_open(&mut an).await);
}

#[tokio::test]
async fn an_export_is_the_record_of_one_citizen() {
    let site = start().await;
    let (mut an, mut bram) = (signed_in(&site, "an").await, signed_in(&site, "bram").await);
    let text = "\nAn's <b>text</b> 🙂";
    for (browser, text) in [(&mut an, text), (&mut bram, "Bram's text")] {
        browser.post("/api/save_message", &[("text", text), ("version", "0")]).await;
    }
    let ended = run(&site, &arguments("export", "BE"), AN.0).await;
    assert_ended(&ended, 0, &[]);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(document["message"]["text"], text);
    assert_eq!((&document["details"], document["sessions"].as_array().unwrap().len()), (&Value::Null, 1));
    let entry = |entry: &Value| [&entry["act"], &entry["by"]].map(|name| name.as_str().unwrap().to_owned());
    let acts: Vec<_> = document["activity"].as_array().unwrap().iter().map(entry).collect();
    assert_eq!(acts, [["data_exported", "operator"], ["message_saved", "citizen"], ["signed_in", "citizen"]]);
    assert_eq!(records(&ended, "export").len(), 1);
    assert!(an.get("/activity").await.body.contains("The organisation did this at your request."));
}

#[tokio::test]
async fn a_deletion_leaves_nothing_of_one_citizen_and_a_receipt_without_a_name() {
    let site = start().await;
    let mut bram = signed_in(&site, "bram").await;
    let before = (site.records().await.len(), site.open_sessions().await);
    let mut an = signed_in(&site, "an").await;
    an.post("/api/save_message", &[("text", "An's text"), ("version", "0")]).await;
    let ended = run(&site, &arguments("delete", "BE"), AN.0).await;
    assert_ended(&ended, 0, &[]);
    let (_, reference) = ended.stdout.trim().rsplit_once(' ').unwrap();
    assert!(ended.stdout.starts_with("deleted at 20"), "{}", ended.stdout);
    let [record] = &records(&ended, "deletion")[..] else { panic!("{}", ended.stderr) };
    assert_eq!(record["http"]["request"]["id"], reference);
    assert_eq!((record.get("user"), record.get("source"), record.get("labels")), (None, None, None));
    // Nothing of An is left, and all of Bram's.
    assert_eq!((site.records().await.len(), site.open_sessions().await), before);
    assert!(!is_open(&mut an).await && is_open(&mut bram).await);
    // It can be repeated.
    assert_ended(&run(&site, &arguments("delete", "BE"), AN.0).await, 0, &[]);
}

#[tokio::test]
async fn another_register_reaches_nothing_and_an_unknown_one_is_refused() {
    let site = start().await;
    let mut an = signed_in(&site, "an").await;
    an.post("/api/save_message", &[("text", "An's text"), ("version", "0")]).await;
    for name in ["end-sessions", "export", "delete"] {
        let ended = run(&site, &arguments(name, "US"), AN.0).await;
        assert_ended(&ended, 0, &[]);
        assert_eq!(ended.stdout, "", "{name}");
        assert!(ended.stderr.contains("nothing is stored for this number"), "{}", ended.stderr);
        let ended = run(&site, &arguments(name, "NL"), AN.0).await;
        assert_ended(&ended, 2, &["--namespace: ", "BE or US"]);
    }
    assert_eq!(an.get("/my-data").await.text_area(), "An's text");
    assert!(!an.get("/activity").await.body.contains("The organisation did this"));
}

#[tokio::test]
async fn a_number_is_needed_and_comes_on_standard_input_only() {
    let site = start().await;
    for name in ["end-sessions", "export", "delete"] {
        assert_ended(&run(&site, &[name, "--namespace", "BE"], AN.0).await, 2, &["--eid-stdin"]);
        assert_ended(&run(&site, &[name, "--eid-stdin"], AN.0).await, 2, &["--namespace"]);
        for input in ["", "\n", "85073003329", "not a number", "85073003328\n85073003328"] {
            let ended = run(&site, &arguments(name, "BE"), input).await;
            assert_ended(&ended, 2, &["standard input: "]);
            assert!(input.len() < 5 || !ended.stderr.contains(input), "{}", ended.stderr);
        }
    }
    // Without a configuration there is no register.
    let mut without = command(site.scratch.path());
    without.args(arguments("delete", "BE"));
    assert_ne!(crate::support::process::run(without).await.code, Some(0));
}
