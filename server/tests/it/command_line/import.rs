//! `server import`: messages of an earlier service.

use serde_json::json;

use super::{
    assert_ended,
    citizen::{records, run, signed_in, start},
};
use crate::support::{AN, line::State};

/// Valid, and nobody else's.
const OTHERS: [&str; 2] = ["90010100123", "90010100222"];
const IMPORT: [&str; 3] = ["import", "--provider", "itsme"];
const DRY_RUN: [&str; 4] = ["import", "--provider", "itsme", "--dry-run"];

#[tokio::test]
async fn a_message_is_found_by_its_citizen_who_is_told_that_it_was_moved() {
    let site = start().await;
    // As itsme may have sent it, and as a browser may have sent the text.
    let items = json!([{ "eid": "85.07.30-033.28", "text": "An's\r\nold text" }]).to_string();
    let ended = run(&site, &DRY_RUN, &items).await;
    assert_ended(&ended, 0, &[]);
    assert_eq!(ended.stdout, "1 of 1 messages can be stored; nothing was stored\n");
    assert_eq!(site.records().await.len(), 0);

    let ended = run(&site, &IMPORT, &items).await;
    assert_ended(&ended, 0, &[]);
    assert!(ended.stdout.starts_with("1 messages stored, 0 citizens keep"), "{}", ended.stdout);
    let [record] = &records(&ended, "save")[..] else { panic!("{}", ended.stderr) };
    assert_eq!((&record["event"]["outcome"], record.pointer("/labels/provider")), (&json!("success"), None));
    let mut an = signed_in(&site, "an").await;
    assert_eq!(an.get("/my-data").await.text_area(), "An's\nold text");
    let activity = an.get("/activity").await.body;
    assert!(activity.contains("The organisation moved it here from an earlier service."), "{activity}");
}

#[tokio::test]
async fn a_newer_message_is_kept() {
    let site = start().await;
    let mut an = signed_in(&site, "an").await;
    let items = json!([{ "eid": AN.0, "text": "old" }, { "eid": OTHERS[0], "text": "other" }]).to_string();
    an.post("/api/save_message", &[("text", "new"), ("version", "0")]).await;
    let ended = run(&site, &IMPORT, &items).await;
    assert_ended(&ended, 0, &[]);
    assert!(ended.stdout.starts_with("1 messages stored, 1 citizens keep"), "{}", ended.stdout);
    let before = site.records().await.len();
    // What is stored already is not stored again.
    let ended = run(&site, &IMPORT, &items).await;
    assert!(ended.stdout.starts_with("1 messages stored, 1 citizens keep"), "{}", ended.stdout);
    assert_eq!(site.records().await.len(), before);
    assert_eq!(an.get("/my-data").await.text_area(), "new");
}

#[tokio::test]
async fn what_cannot_be_stored_is_named_by_its_position() {
    let site = start().await;
    let items = json!([
        { "eid": AN.0, "text": "An's text" },
        { "eid": "85073003329", "text": "a wrong check digit" },
        { "eid": OTHERS[0], "text": "x".repeat(2_001) },
        { "eid": OTHERS[0], "text": "a\0b" },
        { "eid": OTHERS[0] },
        { "eid": null, "text": "nobody's text" },
        { "eid": "85.07.30-033.28", "text": "An's other text" },
        { "eid": OTHERS[1], "text": "" },
    ]);
    for arguments in [&DRY_RUN[..], &IMPORT] {
        let ended = run(&site, arguments, &items.to_string()).await;
        assert_ended(
            &ended,
            1,
            &[
                "message 2: this provider would not send its number",
                "message 3: its text has 2001 characters, and may have 2000",
                "message 4: its text has the character NUL",
                "message 5: it has no text",
                "message 6: it has no number",
                "message 7: it has the same number as message 1",
                "6 of 8 messages cannot be stored",
            ],
        );
        for text in ["85073003329", OTHERS[0], OTHERS[1], "check digit", "other text"] {
            assert!(!ended.stderr.contains(text) && !ended.stdout.contains(text), "{text} is in {}", ended.stderr);
        }
    }
    assert_eq!(signed_in(&site, "an").await.get("/my-data").await.text_area(), "An's text");
}

#[tokio::test]
async fn it_stops_while_the_table_does_not_answer() {
    let site = start().await;
    site.line.set(State::Throttles);
    let ended = run(&site, &IMPORT, &json!([{ "eid": AN.0, "text": "An's text" }]).to_string()).await;
    assert_ended(&ended, 1, &["TransactWriteItems", "0 messages are stored", "run this command again"]);
}

#[tokio::test]
async fn a_mistake_in_the_input_is_reported_without_the_input() {
    let site = start().await;
    let ended = run(&site, &["import", "--provider", "eid"], "[]").await;
    assert_ended(&ended, 2, &["--provider: ", "expected itsme or "]);
    assert_ended(&run(&site, &["import"], "[]").await, 2, &["--provider"]);
    for input in
        ["", "An's text", r#"[{"eid": 85073003328}]"#, r#"{"Items": "85073003328"}"#, r#"[{"eid": "85073003328""#]
    {
        let ended = run(&site, &IMPORT, input).await;
        assert_ended(&ended, 2, &["standard input, line ", r#"expected JSON such as [{"eid""#]);
        assert!(!ended.stderr.contains("An's text"), "{}", ended.stderr);
    }
}
