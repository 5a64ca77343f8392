//! Many people at once.

use futures_util::future::join_all;
use local::aws::{Document, Grant, Grantee, Permission};
use reqwest::StatusCode;
use testkit::{Answer, Browser};

use super::{BUCKET, LIST, links, sign_in, start};
use crate::support::site::Site;

const PEOPLE: u16 = 100;

/// Gives a numbered person of the directory a folder of their own with a document in it.
fn equip(site: &Site, number: u16) {
    let user_id = format!("93a4b8c2-1001-70aa-8d10-6f2b1c0e{number:04}");
    let scope = format!("s3://{BUCKET}/people/{number:04}/*");
    site.aws().grant(Grant::new(Grantee::User(user_id), &scope, Permission::Read));
    let content = format!("Only for number {number:04}.\n").repeat(1_000);
    site.aws().put(Document::new(BUCKET, &format!("people/{number:04}/own-{number:04}.txt"), content));
}

/// Asserts that a page shows this person, and none of the others.
#[track_caller]
fn assert_own(page: &Answer, number: u16) {
    assert_eq!(page.status, StatusCode::OK, "{number}: {}", page.body);
    assert!(page.body.contains(&format!("Worker {number:04}")), "{number}: {}", page.body);
    for start in ["Worker ", "people/", "own-"] {
        for rest in page.body.split(start).skip(1) {
            assert!(rest.starts_with(&format!("{number:04}")), "{number}: {start}{}", &rest[..4]);
        }
    }
}

/// What one person does.
async fn visit(mut browser: Browser, number: u16) {
    let page = browser.get(LIST).await;
    assert_own(&page, number);
    let folder = format!("/documents/folder?bucket={BUCKET}&prefix=people/{number:04}/");
    assert_eq!(links(&page), [folder.clone()], "{number}");
    let page = browser.get(&folder).await;
    assert_own(&page, number);
    let file = format!("/documents/file?bucket={BUCKET}&key=people/{number:04}/own-{number:04}.txt");
    assert!(links(&page).contains(&file), "{number}: {:?}", links(&page));
    let document = browser.get(&file).await;
    assert_eq!(document.body, format!("Only for number {number:04}.\n").repeat(1_000));
    // The next person's.
    let other = number % PEOPLE + 1;
    let other = format!("/documents/file?bucket={BUCKET}&key=people/{other:04}/own-{other:04}.txt");
    assert_eq!(browser.get(&other).await.status, StatusCode::FORBIDDEN, "{number}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_people_at_once_each_see_only_their_own() {
    let site = start().await;
    let mut browsers = Vec::new();
    for number in 1..=PEOPLE {
        equip(&site, number);
        let mut browser = site.browser();
        browser.cookies();
        browsers.push((browser, number));
    }
    let signed_in = browsers.into_iter().map(|(mut browser, number)| async move {
        sign_in(&mut browser, &format!("w-{number:04}")).await;
        (browser, number)
    });
    let signed_in = join_all(signed_in).await;
    let tokens = site.user_pool().calls()["/oauth2/token"];
    assert!(site.aws().calls().is_empty(), "a sign-in asks nothing of AWS");

    let visits = signed_in.into_iter().map(|(browser, number)| tokio::spawn(visit(browser, number)));
    for visit in join_all(visits).await {
        visit.unwrap();
    }
    let (people, calls) = (usize::from(PEOPLE), site.aws().calls());
    // Four for the first page, two for the folder, and one for the document.
    assert_eq!(site.user_pool().calls()["/oauth2/token"] - tokens, people);
    for call in
        ["CreateTokenWithIAM", "AssumeRole", "ListCallerAccessGrants", "GetDataAccess", "ListObjectsV2", "GetObject"]
    {
        assert_eq!(calls.get(call), Some(&people), "{call}: {calls:?}");
    }
    assert_eq!(calls.len(), 6, "{calls:?}");
    // As AWS's trail has it: each call for each person, once.
    let mut trail: Vec<_> = site.aws().trail().into_iter().map(|entry| (entry.operation, entry.user_id)).collect();
    let all = trail.len();
    trail.sort_unstable();
    trail.dedup();
    assert_eq!((all, trail.len()), (6 * people, 6 * people));
}
