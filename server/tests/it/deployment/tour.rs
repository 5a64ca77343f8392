//! Everything that a citizen can do, one step after the other.

use std::sync::Mutex;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{
    Answer, Browser,
    browser::{form, parameter},
    client,
};

use super::place::{Place, text};
use crate::{
    journey::{other_sessions, save, text_of},
    support::process::Process,
};

/// The citizens' providers besides itsme.
const OTHERS: [&str; 3] = ["login_gov", "auth0", "beyond_identity"];
/// A case worker of the demonstration, and a folder that she has been granted.
const CASE_WORKER: (&str, &str) = ("lena.dubois", "family-benefits");

/// A tour, which remembers its step: it ends in a panic where something fails.
pub struct Tour(Mutex<&'static str>);

impl Tour {
    pub const fn new() -> Self {
        Self(Mutex::new("the server starts"))
    }

    /// The step in which it is.
    pub fn step(&self) -> &'static str {
        *self.0.lock().unwrap()
    }

    fn at(&self, step: &'static str) {
        *self.0.lock().unwrap() = step;
    }

    /// All of it, by one citizen.
    pub async fn run(&self, place: &Place, server: &Process, citizen: &str) {
        let mut here = place.browser(server);
        self.at("a citizen signs in");
        sign_in(&mut here, "/login/itsme", citizen, "/my-data").await;
        assert_eq!(here.get("/profile").await.status, StatusCode::OK);

        self.at("a citizen saves");
        assert_eq!(text_of(&here.get("/my-data").await), "");
        assert_eq!(save(&mut here, "my words").await.location(), "/my-data?saved=1");
        assert_eq!(text_of(&here.get("/my-data").await), "my words");

        self.at("a save on an old version is a conflict");
        let conflict = here.post("/api/save_message", &[("text", "others"), ("version", "0")]).await;
        assert_eq!(conflict.status, StatusCode::CONFLICT, "{}", conflict.body);

        self.at("a program reads and saves");
        self.program(place, server, citizen).await;

        self.at("a citizen downloads everything");
        let export: Value = serde_json::from_str(&here.get("/my-data/export").await.body).unwrap();
        assert!(export.to_string().contains("my words by a program"), "{export}");

        self.at("a citizen looks at the activity");
        let activity = here.get("/activity").await;
        assert_eq!(activity.status, StatusCode::OK, "{}", activity.body);
        for said in ["Signed in", "Message saved", "Data downloaded", "Your message was opened"] {
            assert!(activity.body.contains(said), "{said}: {}", activity.body);
        }

        self.at("a citizen ends a session elsewhere, and its text is kept");
        self.elsewhere(place, server, citizen, &mut here).await;

        self.at("a citizen signs out");
        assert_eq!(here.post("/logout", &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(here.get("/my-data").await.status, StatusCode::SEE_OTHER);

        for kind in OTHERS {
            self.at("a citizen signs in with another provider");
            let mut other = place.browser(server);
            sign_in(&mut other, &format!("/login/{kind}"), citizen, "/my-data").await;
            assert_eq!(save(&mut other, kind).await.location(), "/my-data?saved=1", "{kind}");
            delete(&mut other).await;
        }

        self.at("a case worker signs in");
        let mut worker = place.browser(server);
        sign_in(&mut worker, "/login/identity_center", CASE_WORKER.0, "/documents").await;
        let documents = worker.get("/documents").await;
        assert!(documents.status == StatusCode::OK && documents.body.contains(CASE_WORKER.1), "{}", documents.body);
        worker.post("/logout", &[]).await;

        self.at("a citizen deletes everything");
        here = place.browser(server);
        sign_in(&mut here, "/login/itsme", citizen, "/my-data").await;
        delete(&mut here).await;
        sign_in(&mut here, "/login/itsme", citizen, "/my-data").await;
        assert_eq!(here.get("/my-data").await.hidden("version"), "0");
        assert_eq!(here.get("/activity").await.body.matches("href=\"/activity/not-me?entry=").count(), 1);
        here.post("/logout", &[]).await;
        self.at("all of it");
    }

    /// A program of the citizen, with an ID token of its own sign-in.
    async fn program(&self, place: &Place, server: &Process, citizen: &str) {
        let token = id_token(place, server, citizen).await;
        let mut program = place.browser(server);
        let bearer = format!("Bearer {token}");
        let read = program.send(Method::GET, "/v1/message", |request| request.header("authorization", &bearer)).await;
        assert!(read.status == StatusCode::OK && read.body.contains("my words"), "{}", read.body);
        let version = read.header("etag").to_owned();
        let saved = program
            .send(Method::PUT, "/v1/message", |request| {
                request
                    .header("authorization", &bearer)
                    .header("if-match", version)
                    .header("content-type", "application/json")
                    .body(json!({ "text": "my words by a program" }).to_string())
            })
            .await;
        assert!(saved.status.is_success(), "{}", saved.body);
    }

    async fn elsewhere(&self, place: &Place, server: &Process, citizen: &str, here: &mut Browser) {
        let mut elsewhere = [place.browser(server), place.browser(server)];
        for other in &mut elsewhere {
            sign_in(other, "/login/itsme", citizen, "/my-data").await;
        }
        let [first, second] = &mut elsewhere;
        let form = first.get("/my-data").await;
        let page = here.get("/activity").await;
        let [one, _] = &other_sessions(&page)[..] else { panic!("not two other sessions: {}", page.body) };
        assert_eq!(here.post("/api/end_session", &[("session", one)]).await.location(), "/activity?done=ended");
        assert_eq!(here.post("/api/end_other_sessions", &[]).await.location(), "/activity?done=1");
        assert_eq!(second.get("/my-data").await.status, StatusCode::SEE_OTHER);
        let fields = [("text", "typed late"), ("version", form.hidden("version")), ("owner", form.hidden("owner"))];
        assert_eq!(first.post("/api/save_message", &fields).await.status, StatusCode::UNAUTHORIZED);
        assert!(first.cookie("mydata_kept").or(first.cookie("__Host-mydata_kept")).is_some(), "nothing is kept");
        sign_in(first, "/login/itsme", citizen, "/my-data").await;
        assert_eq!(first.get("/my-data").await.text_area(), "typed late");
        let page = first.get("/my-data").await;
        let fields = ["version", "owner", "restored"].map(|name| (name, page.hidden(name)));
        let saved =
            first.post("/api/save_message", &[&[("text", "my words by a program")], &fields[..]].concat()).await;
        assert_eq!(saved.location(), "/my-data?saved=3");
        first.post("/logout", &[]).await;
    }
}

/// Signs in, and arrives at `page`.
async fn sign_in(browser: &mut Browser, login: &str, person: &str, page: &str) -> Answer {
    let callback = browser.decide(login, person, "approve").await;
    let answer = browser.get(&callback).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page), "{login}: {}", answer.body);
    answer
}

/// Deletes everything about the citizen who is signed in, and gets the receipt.
async fn delete(browser: &mut Browser) {
    let deleted = browser.post("/api/delete_my_data", &[]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.body);
    let home = browser.visit(deleted.target()).await.site();
    let receipt = browser.get(&home).await.location().to_owned();
    let page = browser.get(&receipt).await;
    assert!(page.body.contains("Your data has been deleted"), "{receipt}: {}", page.body);
}

/// An ID token for a program, which signs in at the user pool itself.
async fn id_token(place: &Place, server: &Process, citizen: &str) -> String {
    let (settings, mut browser) = (place.stack.settings(), place.browser(server));
    let callback = format!("{}/auth/callback", place.public_url());
    let query = [
        ("response_type", "code"),
        ("client_id", &settings.client_id),
        ("redirect_uri", &callback),
        ("scope", "openid profile email"),
        ("identity_provider", "itsme"),
    ];
    let address = url::Url::parse_with_params(&format!("{}/oauth2/authorize", settings.domain_url), query).unwrap();
    let page = browser.visit(address).await.page();
    let back = browser.decide_on_page(&page, citizen, "approve").await;
    let code = parameter(&back, "code").unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", &callback),
        ("client_id", &settings.client_id),
        ("client_secret", text(&place.deployment["secrets"], "clientSecretArn")),
    ];
    let request = client().post(format!("{}/oauth2/token", settings.domain_url));
    let answer = form(request, &fields).send().await.unwrap().text().await.unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    text(&answer, "id_token").to_owned()
}
