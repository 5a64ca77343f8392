//! The assistant of case workers, as they use it.

mod conversations;
mod failures;
mod people;

use local::aws::AwsFault;
use reqwest::StatusCode;
use testkit::{Answer, Browser};

use crate::support::site::{Site, SiteOptions};

const LENA: &str = "lena.dubois";
const TOM: &str = "tom.verlinden";
/// A word of the documents that only Tom may read.
const QUESTION: &str = "What do we know about a certificate?";

async fn start() -> Site {
    Site::start_with(options()).await
}

fn options() -> SiteOptions {
    SiteOptions { case_workers: true, assistant: true, ..SiteOptions::default() }
}

/// A browser in which a case worker is signed in.
async fn signed_in(site: &Site, user_name: &str) -> Browser {
    let mut browser = site.browser();
    let callback = browser.decide("/login/identity_center", user_name, "approve").await;
    let answer = browser.get(callback).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/documents"), "{}", answer.body);
    browser
}

/// Asks in the form of `page`.
async fn ask_on(browser: &mut Browser, page: &Answer, question: &str) -> Answer {
    browser.post("/assistant", &[("text", question), ("conversation", page.hidden("conversation"))]).await
}

/// Asks in a new conversation.
async fn ask(browser: &mut Browser, question: &str) -> Answer {
    let page = browser.get("/assistant").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    ask_on(browser, &page, question).await
}

fn asked(site: &Site) -> usize {
    site.aws().calls().get("ChatSync").copied().unwrap_or_default()
}

/// The titles of the sources on a page.
fn sources(page: &Answer) -> Vec<&str> {
    page.body
        .split("<bdi>")
        .skip(1)
        .filter_map(|rest| rest.split("</bdi>").next())
        .filter(|name| name.contains('.'))
        .collect()
}

fn misbehave(site: &Site, fault: AwsFault) {
    site.aws().misbehave(fault);
}
