//! Secrets and personal details are in no log line at any level, only in the answers that need them, and their types do not
//! print them.

use std::fmt::{Debug, Display};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use server::{
    citizen::{Citizen, Eid, Profile, Pseudonym, Pseudonyms, RecordKeys},
    config::{EidRules, KeySource},
    cookies::SetCookie,
    records::{Message, MessageText},
    secret::{SealingKey, SealingKeys, Secret, ServerKey},
    sessions::OpenSession,
};
use testkit::{Answer, Browser, browser::parameter, example::PSEUDONYM_KEY};
use time::Duration;
use tower_sessions::SessionStore as _;

use crate::{
    session_life::end_in,
    support::{
        AN, AN_WRITTEN,
        line::State,
        process::{Process, is_of_log, serve},
        site::{SIGN_IN_PURPOSE, Site, SiteOptions, sealing_keys},
    },
};

const SECRET: &str = "1s3cretofthelocalappclient";
const TEXT: &str = "her-own-private-words";

#[tokio::test]
async fn no_secret_is_logged_or_in_an_answer_that_does_not_need_it() {
    let options = SiteOptions {
        client_secret: Some(SECRET),
        public_url: Some("https://mydata.example"),
        ..SiteOptions::default()
    };
    let site = Site::start_with(options).await;
    let mut command = serve(&site);
    command.env("RUST_LOG", "trace");
    let process = Process::start(command, site.scratch.path()).await;
    let mut browser = process.browser(&site).with_record();
    let mut secrets =
        vec![SECRET.to_owned(), PSEUDONYM_KEY.to_owned(), AN.0.to_owned(), TEXT.to_owned(), "Peeters".to_owned()];

    // A complete journey.
    let started = browser.get("/login/itsme").await.target();
    let requested = ["state", "nonce"].map(|name| parameter(&started, name).unwrap());
    secrets.extend(requested.clone());
    let callback = browser.decide("/login/itsme", "an", "approve").await;
    let code = parameter(&callback, "code").unwrap();
    secrets.extend([code.clone(), parameter(&callback, "state").unwrap()]);
    secrets.extend(browser.cookies().values().cloned());
    let verifiers = pkce_verifiers(&mut browser);
    assert_eq!(verifiers.len(), 2);
    secrets.extend(verifiers.clone());
    assert_eq!(browser.get(&callback).await.status, 303);
    let session = browser.session().unwrap().to_owned();
    secrets.push(session.clone());
    let record = site.session_store().load(&session.parse().unwrap()).await.unwrap().unwrap();
    let [pseudonym, refresh_token] = [&record.data["pseudonym"], &record.data["signed_in"]["refresh_token"]]
        .map(|value| value.as_str().unwrap().to_owned());
    secrets.extend([pseudonym.clone(), refresh_token.clone()]);
    assert_eq!(browser.get("/profile").await.status, 200);
    let save = [("text", TEXT), ("version", "0")];
    assert_eq!(browser.post("/api/save_message", &save).await.status, 303);
    let conflict = [("text", "her-own-private-words, too"), ("version", "7")];
    assert_eq!(browser.post("/api/save_message", &conflict).await.status, 409);
    assert_eq!(browser.get("/my-data?saved=her-own-private-words").await.status, 200);

    // Failures with secrets in the request.
    let mut references = Vec::new();
    let replayed = process.browser(&site).get(&callback).await;
    let again = browser.get(&callback).await;
    assert_eq!((again.status.as_u16(), again.location()), (303, "/my-data"));
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
    for said in ["citizen signed in", "citizen signed out", "request answered", "\"level\":\"DEBUG\""] {
        assert!(log.contains(said), "{said} is missing, so this may not be the log: {log}");
    }
    // The page of a save that failed has no reference, but the log has the reason.
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let is_unsaved = |line: &&Value| line["route"] == "/api/save_message" && line["status"] == 503;
    let [line] = &lines.iter().filter(is_unsaved).collect::<Vec<_>>()[..] else { panic!("{log}") };
    assert!(line["reason"].as_str().is_some_and(|reason| reason.contains("GetItem")), "{line}");
    // The reference on a page leads to one line of the log, with the reason.
    for reference in references {
        let lines: Vec<Value> = log
            .lines()
            .filter(|line| is_of_log(line) && line.contains(&reference))
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 1, "{reference}");
        assert_eq!(lines[0]["reference"], reference.as_str());
        assert!(lines[0]["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{}", lines[0]);
    }
    for secret in &secrets {
        assert!(secret.len() >= 7, "{secret}: too short to search for");
        assert!(!log.contains(secret.as_str()), "{secret} is in the log: {log}");
    }
    // No JWT.
    assert!(!log.contains("eyJ"), "{log}");
    // No other spelling.
    for spelled in ["85.07.30", "85073003", "her-own-private", "an.peeters"] {
        assert!(!log.to_lowercase().contains(spelled), "{spelled} is in the log: {log}");
    }

    // Each answer has only what it needs.
    let is_page_of = |answer: &Answer, paths: &[&str]| paths.contains(&answer.url.path());
    for answer in browser.recorded() {
        let headers = |but: &str| {
            let others = answer.headers.iter().filter(|(name, _)| name.as_str() != but);
            others.map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap())).collect::<String>()
        };
        let all = headers("") + &answer.body;
        let nowhere = [SECRET, PSEUDONYM_KEY, "eyJ", &code, &pseudonym, &refresh_token].into_iter();
        for secret in nowhere.chain(verifiers.iter().map(String::as_str)) {
            assert!(!all.contains(secret), "{secret} in the answer to {}: {all}", answer.url.path());
        }
        // The session id is only in its cookie; state and nonce are only in the redirect to the user pool.
        assert!(!(headers("set-cookie") + &answer.body).contains(&session), "{}: {all}", answer.url.path());
        let redirected = if answer.url.path().starts_with("/login/") { "location" } else { "" };
        for secret in &requested {
            assert!(!(headers(redirected) + &answer.body).contains(secret), "{}: {all}", answer.url.path());
        }
        // The national number is only on the profile, and the text only where it is edited.
        assert!(!headers("").contains(AN.0) && !headers("").contains(TEXT), "{}: {all}", answer.url.path());
        assert!(!answer.body.contains(AN.0), "{}", answer.url.path());
        assert!(is_page_of(answer, &["/profile"]) || !answer.body.contains(AN_WRITTEN), "{}", answer.url.path());
        assert!(is_page_of(answer, &["/my-data", "/api/save_message"]) || !answer.body.contains(TEXT), "{all}");
    }
    let shown = |path: &str, text: &str| {
        browser.recorded().iter().any(|seen| seen.url.path() == path && seen.body.contains(text))
    };
    assert!(shown("/profile", AN_WRITTEN) && shown("/my-data", TEXT), "these may not be the answers of the journey");
}

#[tokio::test]
async fn nothing_of_a_kept_text_is_logged() {
    let site = Site::start().await;
    let mut command = serve(&site);
    command.env("RUST_LOG", "trace");
    let process = Process::start_ready(command, site.scratch.path()).await;
    let mut browser = process.browser(&site);
    let mut secrets = vec![TEXT.to_owned()];

    // The session ends while An types, and she signs in again.
    browser.sign_in("an").await;
    let session = browser.session().unwrap().parse().unwrap();
    let record = site.session_store().load(&session).await.unwrap().unwrap();
    secrets.push(record.data["pseudonym"].as_str().unwrap().to_owned());
    let form = browser.get("/my-data").await;
    let owner = form.hidden("owner");
    let fields = [("text", TEXT), ("version", "0"), ("owner", owner), ("lang", "fr")];
    end_in(&site, &mut browser, Duration::seconds(-1)).await;
    assert_eq!(browser.post("/api/save_message", &fields).await.status, 401);
    let id = |browser: &Browser| browser.cookie("mydata_kept").unwrap().to_owned();
    secrets.extend([owner.to_owned(), id(&browser)]);
    assert_eq!(browser.post("/language", &fields).await.status, 401);
    secrets.push(id(&browser));
    browser.sign_in("an").await;
    let shown = browser.get("/my-data").await;
    assert_eq!(shown.text_area(), TEXT);
    secrets.push(shown.hidden("owner").to_owned());

    // Someone else signs in, and her form is sent again.
    browser.sign_in("bram").await;
    assert_eq!(browser.get("/my-data").await.text_area(), "");
    for path in ["/api/save_message", "/language"] {
        assert_eq!(browser.post(path, &fields).await.status, 409, "{path}");
        secrets.push(id(&browser));
    }
    let unreadable = [("text", TEXT), ("version", "0"), ("owner", &owner[1..])];
    assert_eq!(browser.post("/api/save_message", &unreadable).await.status, 400);
    secrets.push(owner[1..].to_owned());
    // The table does not answer.
    site.line.set(State::Throttles);
    assert_eq!(browser.post("/api/save_message", &fields).await.status, 409);
    site.line.set(State::Whole);

    let (_, log) = process.stop().await;
    for said in ["the form belongs to another citizen", "its text is not kept", "\"level\":\"DEBUG\""] {
        assert!(log.contains(said), "{said} is missing, so this may not be the log: {log}");
    }
    for secret in &secrets {
        assert!(secret.len() >= 7, "{secret}: too short to search for");
        assert!(!log.contains(secret.as_str()), "{secret} is in the log: {log}");
    }
    assert!(!log.to_lowercase().contains("her-own-private"), "{log}");
}

/// The PKCE verifiers of the current sign-ins, opened with the server's key.
fn pkce_verifiers(browser: &mut Browser) -> Vec<String> {
    let keys = sealing_keys();
    let sealed = browser.cookies().iter().filter_map(|(name, value)| Some((name.split_once("signin_")?.1, value)));
    let opened = sealed.map(|(tag, value)| {
        keys.open(SIGN_IN_PURPOSE, tag.as_bytes(), &URL_SAFE_NO_PAD.decode(value).unwrap()).unwrap()
    });
    let verifier = |plain: Vec<u8>| serde_json::from_slice::<Value>(&plain).unwrap()["v"].as_str().unwrap().to_owned();
    opened.map(verifier).collect()
}

/// Whether a type implements `Display`. Its inherent constant exists only then, and takes precedence over the trait's.
struct Probe<T>(std::marker::PhantomData<T>);

trait Silent {
    const DISPLAYS: bool = false;
}
impl<T> Silent for Probe<T> {}

impl<T: Display> Probe<T> {
    const DISPLAYS: bool = true;
}

/// Does not compile if one of these types implements `Display`.
const _: () = {
    assert!(Probe::<String>::DISPLAYS, "the probe does not work");
    assert!(!Probe::<Secret>::DISPLAYS && !Probe::<Eid>::DISPLAYS && !Probe::<Pseudonym>::DISPLAYS);
    assert!(!Probe::<MessageText>::DISPLAYS && !Probe::<Message>::DISPLAYS && !Probe::<Profile>::DISPLAYS);
    assert!(!Probe::<Citizen>::DISPLAYS && !Probe::<OpenSession>::DISPLAYS && !Probe::<SetCookie>::DISPLAYS);
    assert!(!Probe::<SealingKey>::DISPLAYS && !Probe::<SealingKeys>::DISPLAYS && !Probe::<ServerKey>::DISPLAYS);
    assert!(!Probe::<Pseudonyms>::DISPLAYS && !Probe::<RecordKeys>::DISPLAYS && !Probe::<KeySource>::DISPLAYS);
};

#[test]
fn types_with_secrets_do_not_print_them() {
    let eid = Eid::parse(AN.0, &EidRules::default()).unwrap();
    let key = ServerKey::decode(PSEUDONYM_KEY).unwrap();
    let keys = Pseudonyms::new(2, &key).with_previous(&key, true).of("BE", &eid);
    let pseudonym = keys.current.clone();
    let citizen = Citizen {
        namespace: "BE".to_owned(),
        eid: eid.clone(),
        provider: "itsme".to_owned(),
        profile: Profile { name: Some(AN.1.to_owned()), eid: Some(Secret::new(AN.0)), ..Profile::default() },
        refresh_token: Some(Secret::new(SECRET)),
        signed_in_at: 0,
        authenticated_at: None,
        device: app::Device::default(),
        sign_in: None,
        state_hash: String::new(),
        return_to: None,
    };
    let text = MessageText::parse(TEXT).unwrap();
    let message =
        Message { text: text.clone(), is_deleted: false, version: 1, updated_at: time::OffsetDateTime::UNIX_EPOCH };
    let source = KeySource::Bytes(key.clone());
    let values: [&dyn Debug; 9] =
        [&eid, &pseudonym, &keys, &citizen, &text, &message, &Secret::new(TEXT), &key, &source];
    for value in values {
        let shown = format!("{value:?} {value:#?}");
        for secret in [AN.0, AN.1, SECRET, TEXT, pseudonym.as_str(), "[0", "1, 2"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
