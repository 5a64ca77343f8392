//! What each case worker sees.

use percent_encoding::percent_decode_str;
use reqwest::StatusCode;
use testkit::{Answer, Browser, browser::parameter};

use super::{BUCKET, FILE, FOLDER, JOINT_CASE, LIST, calls_of, heading, links, sign_in, signed_in, start};

const SHARED: &str = "/documents/folder?bucket=fps-case-files&prefix=shared/";
const PENSIONS: &str = "/documents/folder?bucket=fps-case-files&prefix=pensions/";
const LETTER: &str = "/documents/file?bucket=fps-case-files&key=pensions/2026/2232/letter.txt";

async fn assert_opens(browser: &mut Browser, path: &str) {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
}

async fn assert_not_granted(browser: &mut Browser, path: &str) {
    let answer = browser.get(path).await;
    assert_eq!((answer.status, heading(&answer)), (StatusCode::FORBIDDEN, "You do not have access to this"), "{path}");
}

#[tokio::test]
async fn each_case_worker_sees_and_opens_what_was_granted_to_them_or_to_their_group() {
    let site = start().await;
    let (mut lena, mut tom) = (signed_in(&site, "lena.dubois").await, signed_in(&site, "tom.verlinden").await);
    assert_eq!(links(&lena.get(LIST).await), [FOLDER, JOINT_CASE, SHARED]);
    assert_eq!(links(&tom.get(LIST).await), [PENSIONS, SHARED]);
    for (browser, own, of_the_other) in [
        (&mut lena, [FOLDER, FILE, JOINT_CASE, SHARED], &[PENSIONS, LETTER][..]),
        (&mut tom, [PENSIONS, LETTER, JOINT_CASE, SHARED], &[FOLDER, FILE]),
    ] {
        for path in own {
            assert_opens(browser, path).await;
        }
        let of_nobody = [
            "/documents/file?bucket=fps-case-files&key=inspection/report.txt",
            "/documents/file?bucket=fps-case-files-closed&key=minutes.txt",
            "/documents/folder?bucket=fps-case-files&prefix=",
            "/documents/folder?bucket=fps-case-files&prefix=family-benefit",
        ];
        for path in of_the_other.iter().chain(&of_nobody) {
            assert_not_granted(browser, path).await;
        }
    }
    assert_eq!(lena.get(FILE).await.body.lines().next(), Some("month;amount;paid on"));
}

#[tokio::test]
async fn who_has_no_grant_or_no_assignment_is_told_what_to_do() {
    let site = start().await;
    let mut ruben = signed_in(&site, "ruben.claes").await;
    let page = ruben.get(LIST).await;
    assert_eq!((links(&page).len(), heading(&page)), (0, "Your documents"));
    assert!(page.body.contains("There is nothing here for you yet"), "{}", page.body);
    assert_not_granted(&mut ruben, FOLDER).await;

    let mut sofie = signed_in(&site, "sofie.maes").await;
    for path in [LIST, FOLDER, FILE] {
        let page = sofie.get(path).await;
        let expected = (StatusCode::FORBIDDEN, "You cannot use documents here yet");
        assert_eq!((page.status, heading(&page)), expected, "{path}");
    }
}

#[tokio::test]
async fn a_visitor_signs_in_first_and_then_sees_the_folder() {
    let site = start().await;
    let mut browser = site.browser();
    for path in [LIST, FOLDER, FILE] {
        let sent = browser.get(path).await;
        assert_eq!((sent.status, sent.target().path()), (StatusCode::SEE_OTHER, "/"), "{path}");
        assert_eq!(parameter(&sent.target(), "return_to").as_deref(), Some(path));
    }
    let login = format!("/login/identity_center?return_to={}", FOLDER.replace('&', "%26").replace('?', "%3F"));
    let callback = browser.decide(&login, "lena.dubois", "approve").await;
    assert_eq!(browser.get(&callback).await.location(), FOLDER);
    assert_opens(&mut browser, FOLDER).await;
}

/// The address of the next page.
fn next_page(page: &Answer) -> Option<String> {
    let (before, _) = page.body.split_once("Next page")?;
    let (_, link) = before.rsplit_once("href=\"")?;
    Some(link.split('"').next()?.replace("&amp;", "&"))
}

/// The documents on a page.
fn documents(page: &Answer) -> Vec<String> {
    links(page).into_iter().filter(|link| link.starts_with("/documents/file?")).collect()
}

#[tokio::test]
async fn a_long_folder_has_pages_with_each_document_once() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    let folder = "/documents/folder?bucket=fps-case-files&prefix=family-benefits/archive/2025/";
    let (mut pages, mut found, mut next) = (0, Vec::new(), Some(folder.to_owned()));
    while let Some(address) = next {
        let page = lena.get(&address).await;
        found.extend(documents(&page));
        next = next_page(&page);
        pages += 1;
        assert!(pages < 10, "the pages do not end");
    }
    assert_eq!((pages, found.len()), (3, 450));
    found.sort_unstable();
    found.dedup();
    assert_eq!(found.len(), 450);
    // What begins with a text, and the largest first.
    let page = lena.get(&format!("{folder}&starts=case-044&sort=size&order=desc")).await;
    assert_eq!(documents(&page).len(), 10);
}

#[tokio::test]
async fn the_link_of_each_document_leads_to_that_document() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    let folder = format!("/documents/folder?bucket={BUCKET}&prefix=family-benefits/2026/correspondence/");
    let page = lena.get(&folder).await;
    let documents = documents(&page);
    assert_eq!(documents.len(), 7);
    for link in documents {
        let document = lena.get(&link).await;
        let name = document.body.lines().nth(1).unwrap_or_else(|| panic!("{link}: {}", document.body)).to_owned();
        let key = parameter(&document.url, "key").unwrap();
        assert_eq!(key, format!("family-benefits/2026/correspondence/{name}"));
        let (_, file_name) = document.header("content-disposition").split_once("filename*=UTF-8''").unwrap();
        assert_eq!(percent_decode_str(file_name).decode_utf8().unwrap(), name);
    }
}

#[tokio::test]
async fn a_second_sign_in_in_the_browser_is_the_other_persons() {
    let site = start().await;
    let mut browser = signed_in(&site, "lena.dubois").await;
    assert_eq!(links(&browser.get(LIST).await).len(), 3);
    browser.post("/logout", &[]).await;
    // The directory forgets the browser, as after a sign-out there.
    browser.clear_cookies();
    sign_in(&mut browser, "tom.verlinden").await;
    let page = browser.get(LIST).await;
    assert_eq!(links(&page), [PENSIONS, SHARED]);
    assert!(page.body.contains("Tom Verlinden") && !page.body.contains("Dubois"), "{}", page.body);
}

#[tokio::test]
async fn after_a_restart_the_documents_are_there_without_a_new_sign_in() {
    let mut site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    let before = lena.get(LIST).await;
    site.restart().await;
    let made = calls_of(site.aws(), async { assert_eq!(links(&lena.get(LIST).await), links(&before)) }).await;
    // What the first server had is nowhere: the second one starts with a new ID token.
    let expected = [("AssumeRole", 1), ("CreateTokenWithIAM", 1), ("ListCallerAccessGrants", 1)];
    assert_eq!(made.into_iter().collect::<Vec<_>>(), expected);
}
