//! Case workers and their documents, from the browser to the stand-ins for AWS.

mod access;
mod apart;
mod credentials;
mod crowd;
mod downloads;
mod faults;
mod ranges;
mod records;
mod taken_away;

use std::collections::BTreeMap;

use local::aws::Aws;
use reqwest::StatusCode;
use testkit::{Answer, Browser};

use crate::support::site::{Site, SiteOptions};

const LOGIN: &str = "/login/identity_center";
const BUCKET: &str = "fps-case-files";
/// The user id of Lena Dubois, who works for family benefits.
const LENA: &str = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001";

const LIST: &str = "/documents";
/// A folder that Lena has been granted.
const FOLDER: &str = "/documents/folder?bucket=fps-case-files&prefix=family-benefits/";
/// A document in it.
const FILE: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/2026/0417/payments.csv";
/// A document that was granted to Lena by itself.
const JOINT_CASE: &str = "/documents/file?bucket=fps-case-files&key=pensions/2026/joint%20case%200815.txt";

/// A site with the documents of the demonstration.
async fn start() -> Site {
    Site::start_with(SiteOptions { case_workers: true, ..SiteOptions::default() }).await
}

/// Signs in with the workforce directory. Returns the answer of the callback.
async fn sign_in(browser: &mut Browser, user_name: &str) -> Answer {
    let callback = browser.decide(LOGIN, user_name, "approve").await;
    let answer = browser.get(&callback).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, LIST), "{}", answer.body);
    answer
}

/// A browser in which this person is signed in.
async fn signed_in(site: &Site, user_name: &str) -> Browser {
    let mut browser = site.browser();
    sign_in(&mut browser, user_name).await;
    browser
}

/// The addresses of the folders and documents on a page, as a browser reads them.
fn links(page: &Answer) -> Vec<String> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let main = page.body.split_once("<main").unwrap().1;
    let links = main.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    links.filter(|link| link.starts_with("/documents/")).collect()
}

/// The heading of a page.
fn heading(page: &Answer) -> &str {
    let heading = || page.body.split_once("<h1")?.1.split_once('>')?.1.split_once("</h1>");
    heading().unwrap_or_else(|| panic!("no heading in {}", page.body)).0
}

/// The calls of AWS while `act` runs.
async fn calls_of(aws: &Aws, act: impl Future<Output = ()>) -> BTreeMap<&'static str, usize> {
    let before = aws.calls();
    act.await;
    let mut made = aws.calls();
    made.iter_mut().for_each(|(call, count)| *count -= before.get(call).copied().unwrap_or(0));
    made.retain(|_, count| *count > 0);
    made
}

/// Asks for a document as the person signed in with `browser`. The body has not been read yet.
async fn download(site: &Site, browser: &Browser, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let mut request = testkit::client().get(site.url(path)).header("cookie", browser.cookie_header());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

/// Moves the clock of every task forward. Times that other systems set stay as they are.
async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(seconds)).await;
    tokio::time::resume();
}
