//! The log of the binary, at its most talkative, holds nothing that is anybody's secret.

use serde_json::Value;
use server::sessions::DynamoDbStore;
use tower_sessions::SessionStore as _;

use crate::support::{
    AN,
    browser::{Browser, parameter},
    line::State,
    process::{Process, command},
    site::{KEY, Site, Wishes},
};

const SECRET: &str = "1s3cretofthelocalappclient";
const TEXT: &str = "what-she-wrote-is-hers";

#[tokio::test]
async fn no_log_line_holds_a_secret_a_number_or_a_text() {
    let wishes = Wishes { client_secret: Some(SECRET), public_url: Some("https://mydata.example") };
    let site = Site::start_with(wishes).await;
    let config = site.scratch.file("mydata.toml", &site.toml);
    let mut command = command(site.scratch.path());
    command.arg("--config").arg(&config).env("RUST_LOG", "trace");
    let process = Process::start(command, site.scratch.path()).await;
    let mut browser = Browser::new(&site.public_url, process.address);
    let mut secrets = vec![SECRET.to_owned(), KEY.to_owned(), AN.0.to_owned(), TEXT.to_owned(), "Peeters".to_owned()];

    // A whole journey …
    let begun = browser.get("/login/itsme").await.target();
    secrets.extend(["state", "nonce", "code_challenge"].map(|name| parameter(&begun, name).unwrap()));
    let callback = browser.decide("/login/itsme", "an", "approve").await;
    secrets.extend(["code", "state"].map(|name| parameter(&callback, name).unwrap()));
    secrets.extend(browser.cookies().values().cloned());
    assert_eq!(browser.get(&callback).await.status, 303);
    let session = browser.session().unwrap();
    secrets.push(session.clone());
    let store = DynamoDbStore::new(site.tables.clone(), site.config.dynamodb.sessions_table.clone());
    let record = store.load(&session.parse().unwrap()).await.unwrap().unwrap();
    let citizen = &record.data["signed_in"];
    for name in ["pseudonym", "refresh_token"] {
        secrets.push(citizen[name].as_str().unwrap().to_owned());
    }
    assert_eq!(browser.get("/profile").await.status, 200);
    let save = [("text", TEXT), ("version", "0")];
    assert_eq!(browser.post("/api/save_message", &save).await.status, 303);
    let conflict = [("text", "what-she-wrote-is-hers, too"), ("version", "7")];
    assert_eq!(browser.post("/api/save_message", &conflict).await.status, 409);
    assert_eq!(browser.get("/my-data?saved=what-she-wrote-is-hers").await.status, 200);

    // … and everything that goes wrong with what should not be seen.
    let mut references = Vec::new();
    let replayed = browser.get(&callback).await;
    let odd = browser.get(format!("/auth/callback?error={TEXT}&error_description={}&state={TEXT}", AN.0)).await;
    let nowhere = browser.get(format!("/{TEXT}?q={}", AN.0)).await;
    let declined = browser.get("/login/second").await.target();
    let state = parameter(&declined, "state").unwrap();
    let failed = browser.get(format!("/auth/callback?code={TEXT}&state={state}")).await;
    secrets.push(state);
    site.line.set(State::Cut);
    let unsaved = browser.post("/api/save_message", &save).await;
    assert_eq!(unsaved.status, 503);
    let unavailable = browser.get("/my-data").await;
    site.line.set(State::Whole);
    for (answer, status) in [(replayed, 400), (odd, 400), (nowhere, 404), (failed, 400), (unavailable, 503)] {
        assert_eq!(answer.status, status, "{}", answer.body);
        references.push(answer.reference().unwrap().to_owned());
    }
    assert_eq!(browser.post("/logout", &[]).await.status, 303);

    let (_, log) = process.stop().await;
    for said in
        ["a citizen signed in", "a citizen signed out", "answered", "a message was not saved", "\"level\":\"DEBUG\""]
    {
        assert!(log.contains(said), "{said} is not in the log, which is perhaps not the log: {log}");
    }
    // What a page tells the citizen to tell is found in the log, once, with the reason.
    for reference in references {
        let lines: Vec<Value> = log
            .lines()
            .filter(|line| line.contains(&reference))
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 1, "{reference}");
        assert_eq!(lines[0]["reference"], reference.as_str());
        assert!(lines[0]["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{}", lines[0]);
    }
    for secret in &secrets {
        assert!(secret.len() >= 7, "{secret}: too short to be looked for");
        assert!(!log.contains(secret.as_str()), "{secret} is in the log: {log}");
    }
    // No JWT of any kind.
    assert!(!log.contains("eyJ"), "{log}");
    // Nor under another spelling.
    for spelled in ["85.07.30", "85073003", "what-she", "an.peeters"] {
        assert!(!log.to_lowercase().contains(spelled), "{spelled} is in the log: {log}");
    }
}
