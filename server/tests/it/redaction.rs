//! What must not be seen is in no log line, at any level, and in no answer but the one that it is for; and the types that
//! hold it do not print.

use std::fmt::{Debug, Display};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use server::{
    citizen::{Citizen, Eid, Profile, Pseudonym, Pseudonyms},
    records::{Message, MessageText},
    secret::{SealingKey, Secret},
    sessions::{DynamoDbStore, OpenSession, SetCookie},
};
use tower_sessions::SessionStore as _;

use crate::support::{
    AN,
    browser::{Answer, Browser, parameter},
    line::State,
    process::{Process, command},
    site::{KEY, Site, Wishes, transaction_key},
};

const SECRET: &str = "1s3cretofthelocalappclient";
const TEXT: &str = "what-she-wrote-is-hers";

#[tokio::test]
async fn nothing_secret_is_in_the_log_or_in_an_answer_that_it_is_not_for() {
    let wishes =
        Wishes { client_secret: Some(SECRET), public_url: Some("https://mydata.example"), ..Wishes::default() };
    let site = Site::start_with(wishes).await;
    let config = site.scratch.file("mydata.toml", &site.toml);
    let mut command = command(site.scratch.path());
    command.arg("--config").arg(&config).env("RUST_LOG", "trace");
    let process = Process::start(command, site.scratch.path()).await;
    let mut browser = Browser::new(&site.public_url, process.address);
    let mut secrets = vec![SECRET.to_owned(), KEY.to_owned(), AN.0.to_owned(), TEXT.to_owned(), "Peeters".to_owned()];

    // A whole journey …
    let begun = browser.get("/login/itsme").await.target();
    let requested = ["state", "nonce"].map(|name| parameter(&begun, name).unwrap());
    secrets.extend(requested.clone());
    let callback = browser.decide("/login/itsme", "an", "approve").await;
    let code = parameter(&callback, "code").unwrap();
    secrets.extend([code.clone(), parameter(&callback, "state").unwrap()]);
    secrets.extend(browser.cookies().values().cloned());
    let verifiers = pkce_verifiers(&mut browser);
    assert_eq!(verifiers.len(), 2);
    secrets.extend(verifiers.clone());
    assert_eq!(browser.get(&callback).await.status, 303);
    let session = browser.session().unwrap();
    secrets.push(session.clone());
    let store = DynamoDbStore::new(site.tables.clone(), site.config.dynamodb.sessions_table.clone());
    let record = store.load(&session.parse().unwrap()).await.unwrap().unwrap();
    let citizen = &record.data["signed_in"];
    let [pseudonym, refresh_token] =
        ["pseudonym", "refresh_token"].map(|name| citizen[name].as_str().unwrap().to_owned());
    secrets.extend([pseudonym.clone(), refresh_token.clone()]);
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

    // No answer holds what it is not for.
    let is_page_of = |answer: &Answer, paths: &[&str]| paths.contains(&answer.url.path());
    for answer in &browser.seen {
        let headers = |but: &str| {
            let others = answer.headers.iter().filter(|(name, _)| name.as_str() != but);
            others.map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap())).collect::<String>()
        };
        let all = headers("") + &answer.body;
        let nowhere = [SECRET, KEY, "eyJ", &code, &pseudonym, &refresh_token].into_iter();
        for secret in nowhere.chain(verifiers.iter().map(String::as_str)) {
            assert!(!all.contains(secret), "{secret} in the answer to {}: {all}", answer.url.path());
        }
        // The id of a session is in the cookie that hands it out; state and nonce are in the address of the user pool.
        assert!(!(headers("set-cookie") + &answer.body).contains(&session), "{}: {all}", answer.url.path());
        let handed_on = if answer.url.path().starts_with("/login/") { "location" } else { "" };
        for secret in &requested {
            assert!(!(headers(handed_on) + &answer.body).contains(secret), "{}: {all}", answer.url.path());
        }
        // A citizen's own number stands on their profile alone, and their text where they edit it.
        assert!(!headers("").contains(AN.0) && !headers("").contains(TEXT), "{}: {all}", answer.url.path());
        assert!(is_page_of(answer, &["/profile"]) || !answer.body.contains(AN.0), "{}", answer.url.path());
        assert!(is_page_of(answer, &["/my-data", "/api/save_message"]) || !answer.body.contains(TEXT), "{all}");
    }
    let shown =
        |path: &str, text: &str| browser.seen.iter().any(|seen| seen.url.path() == path && seen.body.contains(text));
    assert!(shown("/profile", AN.0) && shown("/my-data", TEXT), "the answers are perhaps not those of the journey");
}

/// The PKCE verifiers of the sign-ins that are under way, which only the server can take out of the cookies.
fn pkce_verifiers(browser: &mut Browser) -> Vec<String> {
    let key = transaction_key();
    let sealed = browser.cookies().iter().filter_map(|(name, value)| Some((name.split_once("signin_")?.1, value)));
    let opened = sealed.map(|(tag, value)| key.open(tag.as_bytes(), &URL_SAFE_NO_PAD.decode(value).unwrap()).unwrap());
    let verifier = |plain: Vec<u8>| serde_json::from_slice::<Value>(&plain).unwrap()["v"].as_str().unwrap().to_owned();
    opened.map(verifier).collect()
}

/// Whether a type has `Display`: the constant of the type itself is there only if it does, and then goes first.
struct Probe<T>(std::marker::PhantomData<T>);

trait Silent {
    const DISPLAYS: bool = false;
}
impl<T> Silent for Probe<T> {}

impl<T: Display> Probe<T> {
    const DISPLAYS: bool = true;
}

/// It does not compile if one of them displays.
const _: () = {
    assert!(Probe::<String>::DISPLAYS, "the probe sees nothing");
    assert!(!Probe::<Secret>::DISPLAYS && !Probe::<Eid>::DISPLAYS && !Probe::<Pseudonym>::DISPLAYS);
    assert!(!Probe::<MessageText>::DISPLAYS && !Probe::<Message>::DISPLAYS && !Probe::<Profile>::DISPLAYS);
    assert!(!Probe::<Citizen>::DISPLAYS && !Probe::<OpenSession>::DISPLAYS && !Probe::<SetCookie>::DISPLAYS);
    assert!(!Probe::<SealingKey>::DISPLAYS && !Probe::<Pseudonyms>::DISPLAYS);
};

#[test]
fn the_types_that_hold_secrets_do_not_print() {
    let eid = Eid::parse(AN.0).unwrap();
    let pseudonym = Pseudonyms::new(&[7; 32]).of("BE", &eid);
    let citizen = Citizen {
        pseudonym: pseudonym.clone(),
        provider: "itsme".to_owned(),
        profile: Profile { name: Some(AN.1.to_owned()), eid: Some(Secret::new(AN.0)), ..Profile::default() },
        refresh_token: Some(Secret::new(SECRET)),
        signed_in_at: 0,
    };
    let text = MessageText::parse(TEXT).unwrap();
    let message = Message { text: text.clone(), version: 1, updated_at: time::OffsetDateTime::UNIX_EPOCH };
    let values: [&dyn Debug; 6] = [&eid, &pseudonym, &citizen, &text, &message, &Secret::new(TEXT)];
    for value in values {
        let shown = format!("{value:?} {value:#?}");
        for secret in [AN.0, AN.1, SECRET, TEXT, pseudonym.as_str()] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
