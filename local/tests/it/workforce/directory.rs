//! The directory: its page, its session and its answers.

use local::user_pool::CASE_WORKERS_CLIENT_ID;
use local::workforce::GROUPS;
use testkit::browser::parameter;
use testkit::{Answer, Browser, client};
use url::Url;

use super::{BAD, Workforce};
use crate::relying_party::{STATE, authorize_url, callback, send};
use crate::{APP, new_browser};

#[tokio::test]
async fn the_directory_remembers_a_browser_until_it_signs_out_there() {
    let workforce = Workforce::start().await;
    let home = workforce.directory.url().to_owned();
    let mut browser = new_browser();
    workforce.sign_in(&mut browser, "lena.dubois").await;
    assert!(browser.get(&home).await.body.contains("You are signed in as <strong>Lena Dubois</strong>"));
    // Neither the sign-out of the pool nor `prompt` reaches it.
    browser.visit(workforce.logout_url(CASE_WORKERS_CLIENT_ID, &format!("{APP}/out"))).await.site();
    let again = browser.visit(workforce.url(&[("prompt", Some("login"))])).await;
    assert!(parameter(&again.site(), "code").is_some());

    let stolen = browser.cookie("standin_workforce").unwrap().to_owned();
    let out = browser.post(format!("{home}/"), &[]).await;
    let page = browser.follow(out).await;
    assert!(page.body.contains("You are not signed in here"), "{}", page.body);
    let again = workforce.url(&[("prompt", Some("login"))]);
    assert!(browser.visit(&again).await.is_page());
    // The session has ended at the directory too, not only in the browser.
    browser.cookies().insert("standin_workforce".to_owned(), stolen);
    assert!(browser.visit(&again).await.is_page());
}

#[tokio::test]
async fn declining_is_access_denied() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    let page = browser.visit(workforce.url(&[])).await.page();
    let back = browser.decide_on_page(&page, "lena.dubois", "decline").await;
    assert!(back.as_str().starts_with(&callback()), "{back}");
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
    // The browser is signed in nowhere.
    assert!(browser.visit(workforce.url(&[])).await.is_page());
}

#[tokio::test]
async fn the_directory_serves_no_unknown_service_and_no_unknown_person() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    let at_directory = browser.get(workforce.url(&[])).await.target();
    for changed in [
        with_parameter(&at_directory, "answer_url", "https://evil.example/saml2/idpresponse"),
        with_parameter(&at_directory, "RelayState", ""),
    ] {
        let page = browser.get(&changed).await;
        assert_eq!(page.status, BAD, "{changed}");
        assert!(page.body.contains("is not registered here") && !page.body.contains("evil"), "{}", page.body);
    }
    let page = browser.visit(&at_directory).await.page();
    let transaction = page.hidden("transaction");
    for fields in [
        [("transaction", transaction), ("person", "nobody"), ("decision", "approve")],
        [("transaction", transaction), ("person", "lena.dubois"), ("decision", "other")],
        [("transaction", "unknown"), ("person", "lena.dubois"), ("decision", "approve")],
    ] {
        assert_eq!(browser.post(page.form_target(), &fields).await.status, BAD, "{fields:?}");
    }
    assert_eq!(send(client().post(page.form_target())).await.0, BAD);
    assert!(parameter(&browser.decide_on_page(&page, "w-0002", "approve").await, "code").is_some());
}

#[tokio::test]
async fn the_page_of_the_directory_says_what_it_is() {
    let workforce = Workforce::start().await;
    let page = new_browser().visit(workforce.url(&[])).await.page();
    crate::pages::check_frame(&page);
    assert!(page.body.contains("<h1>Workforce directory</h1>"), "{}", page.body);
    assert!(page.body.contains("No SAML is spoken here.") && page.body.contains("signed SAML response"));
    for name in ["Lena Dubois", "Tom Verlinden", "Ruben Claes", "Sofie Maes"] {
        assert!(page.body.contains(&format!("{name}</label>")), "{name}");
    }
    assert!(!page.body.contains("w-0001"), "only for programs");
    crate::pages::check_frame(&new_browser().get(workforce.directory.url()).await);

    let people = workforce.directory.people();
    assert_eq!((people.len(), people.iter().filter(|person| !person.is_assigned).count()), (6, 1));
    assert_eq!(workforce.directory.person("lena.dubois").unwrap().groups, &GROUPS[..2]);
}

#[tokio::test]
async fn an_answer_of_the_directory_works_once_in_one_browser_for_one_request() {
    let workforce = Workforce::start().await;
    let mut browser = new_browser();
    let pages = [browser.visit(workforce.url(&[])).await.page(), browser.visit(workforce.url(&[])).await.page()];
    let answers = [approve(&mut browser, &pages[0]).await.target(), approve(&mut browser, &pages[1]).await.target()];
    assert_eq!(approve(&mut browser, &pages[0]).await.status, BAD, "the decision again");
    // The second answer with the state of the first request.
    let mixed = with_parameter(&answers[0], "answer", &parameter(&answers[1], "answer").unwrap());
    let back = browser.visit(&mixed).await.site();
    assert_eq!(parameter(&back, "error").as_deref(), Some("server_error"), "{back}");
    // Both are used up: the state of the first request, and the second answer.
    assert_eq!(browser.visit(&answers[0]).await.page().status, BAD);
    let back = browser.visit(&answers[1]).await.site();
    assert_eq!(parameter(&back, "error").as_deref(), Some("server_error"), "{back}");

    browser.clear_cookies();
    let page = browser.visit(workforce.url(&[])).await.page();
    let answer = approve(&mut browser, &page).await.target();
    // Another browser, which is signing in too.
    let mut other = new_browser();
    other.visit(workforce.url(&[])).await.page();
    let page = other.visit(&answer).await.page();
    assert_eq!((page.status, page.url.path()), (BAD, "/error"));
    assert_eq!(browser.visit(&answer).await.page().status, BAD, "the attempt has used it up");
}

#[tokio::test]
async fn an_answer_goes_only_to_the_endpoint_of_its_type() {
    let workforce = Workforce::start().await;
    let citizens = authorize_url(&workforce.pool, &[]);
    for (start, path, state, wrong_path, wrong_state) in [
        (workforce.url(&[]), "/saml2/idpresponse", "RelayState", "/oauth2/idpresponse", "state"),
        (citizens, "/oauth2/idpresponse", "state", "/saml2/idpresponse", "RelayState"),
    ] {
        let mut browser = new_browser();
        let page = browser.visit(start).await.page();
        let mut answer = approve(&mut browser, &page).await.target();
        assert_eq!(answer.path(), path);
        let state = parameter(&answer, state).unwrap();
        answer.set_path(wrong_path);
        for (name, value) in [(wrong_state, state.as_str()), ("code", "any"), ("answer", "any")] {
            answer = Url::parse(&with_parameter(&answer, name, value)).unwrap();
        }
        assert_eq!(browser.visit(&answer).await.page().url.path(), "/error", "{wrong_path}");
    }
}

/// Submits the page of the directory or of itsme.
async fn approve(browser: &mut Browser, page: &Answer) -> Answer {
    let fields = [
        ("transaction", page.hidden("transaction")),
        ("person", "lena.dubois"),
        ("citizen", "an"),
        ("decision", "approve"),
    ];
    browser.post(page.form_target(), &fields).await
}

/// The address with this value of the parameter.
fn with_parameter(url: &Url, name: &str, value: &str) -> String {
    let mut changed = url.clone();
    let kept: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    changed.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
    changed.into()
}
