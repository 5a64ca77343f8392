//! Who saw and opened documents: the activity, which the person sees, and the security log.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::StatusCode;
use serde_json::Value;
use testkit::{Answer, until};

use super::{FILE, FOLDER, JOINT_CASE, LIST, heading, signed_in, start};
use crate::support::{
    line::State,
    site::{Site, everything_in},
};

const REFUSED: &str = "/documents/file?bucket=fps-case-files&key=pensions/templates/letter.txt";
const MISSING: &str = "/documents/file?bucket=fps-case-files&key=family-benefits/no-such-document.txt";
/// What no log or table may hold.
const PERSONAL: [&str; 8] =
    ["family-benefits", "payments", "joint", "pensions", "fps-case-files", "Dubois", "lena.dubois", "93a4b8c2-1001"];

/// The headings of the entries of a page, the newest first.
fn entries(page: &Answer) -> Vec<&str> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let (_, done) = page.body.split_once("id=\"done\"").unwrap();
    done.split("<strong>").skip(1).map(|rest| rest.split("</strong>").next().unwrap()).collect()
}

/// The records about documents: action, outcome and reason, as soon as there are so many.
async fn about_documents(site: &Site, count: usize) -> Vec<Value> {
    let of_documents = || {
        let records = site.security_records().into_iter();
        let is_one = |record: &Value| record["event"]["action"].as_str().is_some_and(|it| it.starts_with("document-"));
        records.filter(is_one).collect::<Vec<_>>()
    };
    until("the events are recorded", async || of_documents().len() >= count).await;
    of_documents()
}

#[tokio::test]
async fn each_listing_and_download_is_recorded_and_nothing_of_what_was_refused_is_in_the_activity() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    for (path, status) in [(LIST, 200), (FOLDER, 200), (FILE, 200), (REFUSED, 403), (MISSING, 404), (JOINT_CASE, 200)] {
        assert_eq!(lena.get(path).await.status, status, "{path}");
    }
    let page = lena.get("/activity").await;
    let [list, download] = ["List of documents opened", "Document downloaded"];
    assert_eq!(entries(&page), [download, download, list, list, "Signed in"]);
    for personal in &PERSONAL[..5] {
        assert!(!page.body.contains(personal), "{personal} in {}", page.body);
    }
    let records = about_documents(&site, 6).await;
    let found: Vec<_> = records
        .iter()
        .map(|record| {
            let text = |name: &str| record["event"][name].as_str().unwrap_or_default();
            (text("action"), text("outcome"), text("reason").split('.').next().unwrap_or_default())
        })
        .collect();
    let [list, download] = ["document-list", "document-download"];
    assert_eq!(
        found,
        [
            (list, "success", ""),
            (list, "success", ""),
            (download, "success", ""),
            (download, "failure", "ListCallerAccessGrants: no grant covers the place"),
            (download, "failure", "GetObject: NoSuchKey"),
            (download, "success", ""),
        ]
    );
    let hash = &records[0]["user"]["hash"];
    assert!(hash.is_string() && records.iter().all(|record| record["user"]["hash"] == *hash), "{records:?}");
    assert!(records.iter().all(|record| record["labels"]["provider"] == "identity_center"), "{records:?}");
    let log = serde_json::to_string(&records).unwrap();
    let items = site.records().await.iter().chain(&site.sessions().await).map(everything_in).collect::<String>();
    for personal in PERSONAL {
        assert!(!log.contains(personal), "{personal} in {log}");
        assert!(!items.contains(personal), "{personal} in {items}");
    }
}

#[tokio::test]
async fn nothing_is_shown_or_sent_that_could_not_be_recorded() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    for path in [LIST, FOLDER, FILE] {
        site.line.set(State::Throttles);
        let page = lena.get(path).await;
        assert_eq!(
            (page.status, heading(&page)),
            (StatusCode::SERVICE_UNAVAILABLE, "Not available right now"),
            "{path}"
        );
        assert_eq!((page.header("content-disposition"), page.header("accept-ranges")), ("", ""), "{path}");
        for word in ["READ ME FIRST", "2026/0417", "month;amount", "shared"] {
            assert!(!page.body.contains(word), "{path}: {word} in {}", page.body);
        }
        site.line.set(State::Whole);
        assert_eq!(lena.get(path).await.status, StatusCode::OK, "{path}");
    }
    let page = lena.get("/activity").await;
    assert_eq!(entries(&page).len(), 1 + 3, "{:?}", entries(&page));
    let records = about_documents(&site, 3).await;
    let successes = records.iter().filter(|record| record["event"]["outcome"] == "success").count();
    assert_eq!(successes, 3, "{records:?}");
}

#[tokio::test]
async fn the_entries_are_in_the_record_of_the_person_and_no_other() {
    let site = start().await;
    let mut lena = signed_in(&site, "lena.dubois").await;
    assert_eq!(lena.get(LIST).await.status, StatusCode::OK);
    let mut tom = signed_in(&site, "tom.verlinden").await;
    assert_eq!(entries(&tom.get("/activity").await), ["Signed in"]);
    let places: std::collections::BTreeSet<_> = site
        .records()
        .await
        .into_iter()
        .map(|item| match &item["pk"] {
            AttributeValue::S(place) => place.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(places.len(), 2, "one for each person: {places:?}");
}
