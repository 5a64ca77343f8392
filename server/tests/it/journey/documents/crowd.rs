//! Many people at once.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::{StreamExt as _, future::join_all, stream};
use local::aws::{Document, Grant, Grantee, Permission};
use reqwest::StatusCode;
use testkit::{Answer, Browser};
use tokio::sync::Semaphore;

use super::{BUCKET, LIST, links, signed_in, start};
use crate::support::site::Site;

const PEOPLE: u16 = 100;
/// How many requests are on their way at the same time: the engine that stands in for DynamoDB has its limits on a busy machine.
const AT_ONCE: usize = 4;

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

async fn signed_in_as(site: &Site, number: u16) -> (Browser, u16) {
    (signed_in(site, &format!("w-{number:04}")).await, number)
}

/// What one person does. All of them have begun before the first ends, and take turns.
struct Visit {
    browser: Browser,
    number: u16,
    shared: Arc<Shared>,
}

struct Shared {
    turns: Semaphore,
    /// How often someone had to try again, because the stand-in for DynamoDB was too slow.
    repeated: AtomicUsize,
}

impl Visit {
    async fn get(&mut self, path: &str) -> Answer {
        let _turn = self.shared.turns.acquire().await.unwrap();
        loop {
            let answer = self.browser.get(path).await;
            if !answer.body.contains("We cannot get to the saved data right now") {
                return answer;
            }
            self.shared.repeated.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn make(mut self) {
        let number = self.number;
        let page = self.get(LIST).await;
        assert_own(&page, number);
        let folder = format!("/documents/folder?bucket={BUCKET}&prefix=people/{number:04}/");
        assert_eq!(links(&page), std::slice::from_ref(&folder), "{number}");
        let page = self.get(&folder).await;
        assert_own(&page, number);
        let file = format!("/documents/file?bucket={BUCKET}&key=people/{number:04}/own-{number:04}.txt");
        assert!(links(&page).contains(&file), "{number}: {:?}", links(&page));
        let document = self.get(&file).await;
        assert!(document.body == format!("Only for number {number:04}.\n").repeat(1_000), "{number}: other bytes");
        let next = number % PEOPLE + 1;
        let other = format!("/documents/file?bucket={BUCKET}&key=people/{next:04}/own-{next:04}.txt");
        assert_eq!(self.get(&other).await.status, StatusCode::FORBIDDEN, "{number}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_people_at_once_each_see_only_their_own() {
    let site = start().await;
    (1..=PEOPLE).for_each(|number| equip(&site, number));
    let people = stream::iter((1..=PEOPLE).map(|number| signed_in_as(&site, number)));
    let browsers: Vec<_> = people.buffer_unordered(AT_ONCE).collect().await;
    let tokens = site.user_pool().calls()["/oauth2/token"];
    assert!(site.aws().calls().is_empty(), "a sign-in asks nothing of AWS");

    let shared = Arc::new(Shared { turns: Semaphore::new(AT_ONCE), repeated: AtomicUsize::new(0) });
    let visits = browsers
        .into_iter()
        .map(|(browser, number)| tokio::spawn(Visit { browser, number, shared: Arc::clone(&shared) }.make()));
    for visit in join_all(visits).await {
        visit.unwrap();
    }
    let (people, calls) = (usize::from(PEOPLE), site.aws().calls());
    // Four for the first page, two for the folder, and one for the document.
    assert_eq!(site.user_pool().calls()["/oauth2/token"] - tokens, people);
    for call in ["CreateTokenWithIAM", "AssumeRole", "ListCallerAccessGrants", "GetDataAccess"] {
        assert_eq!(calls.get(call), Some(&people), "{call}: {calls:?}");
    }
    let most = people + shared.repeated.load(Ordering::SeqCst);
    for call in ["ListObjectsV2", "GetObject"] {
        assert!((people..=most).contains(&calls[call]), "{call}: {calls:?}, at most {most}");
    }
    assert_eq!(calls.len(), 6, "{calls:?}");
    // As AWS's trail has it: each call for each person.
    let trail: HashSet<_> = site.aws().trail().into_iter().map(|entry| (entry.operation, entry.user_id)).collect();
    assert_eq!(trail.len(), 6 * people);
}
