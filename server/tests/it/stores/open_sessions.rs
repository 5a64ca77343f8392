//! The list of a citizen's open sessions.

use std::collections::BTreeSet;

use app::Device;
use aws_sdk_dynamodb::types::AttributeValue;
use server::{
    citizen::{Citizen, Pseudonyms, RecordKeys},
    records::{OpenSession, OpenSessions},
};
use time::{Duration, OffsetDateTime};

use super::{
    BRAM, Tables, citizen, client_of_server, context, key, record_keys, session_key, sign_in,
    two_keys::{after, moves, reads_both},
};
use crate::support::{AN, throttled::Throttled};

async fn list(tables: &Tables, citizen: &RecordKeys) -> Vec<OpenSession> {
    tables.open_sessions().list(citizen).await.unwrap()
}

fn keys(sessions: &[OpenSession]) -> Vec<&str> {
    sessions.iter().map(|session| session.key.as_str()).collect()
}

impl Tables {
    async fn delete_session(&self, key: &str) {
        let request = self.client.delete_item().table_name(&self.names.sessions_table);
        request.key("pk", AttributeValue::S(key.to_owned())).send().await.unwrap();
    }

    /// Moves the end of a session.
    pub(super) async fn end_session_at(&self, key: &str, end: OffsetDateTime) {
        let items = self.session_items().await;
        let mut item = items.into_iter().find(|item| item["pk"].as_s().unwrap() == key).unwrap();
        item.insert("expires_at".to_owned(), AttributeValue::N(end.unix_timestamp().to_string()));
        let request = self.client.put_item().table_name(&self.names.sessions_table);
        request.set_item(Some(item)).send().await.unwrap();
    }

    /// Deletes the rows of all sessions, as if an earlier version had opened them.
    async fn delete_rows(&self) {
        for item in self.record_items().await {
            if item["sk"].as_s().unwrap().starts_with("session#") {
                let request = self.client.delete_item().table_name(&self.names.records_table);
                request.key("pk", item["pk"].clone()).key("sk", item["sk"].clone()).send().await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn every_open_session_of_the_citizen_is_listed_the_newest_first() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    let an = record_keys(AN.0);
    assert!(list(&tables, &an).await.is_empty());
    let phone = sign_in(&sessions, citizen(AN.0)).await;
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let computer = Device::parse("computer/firefox/linux");
    let other = Citizen { device: computer, provider: "second".to_owned(), ..citizen(AN.0) };
    let computers = sign_in(&sessions, other).await;
    let brams = sign_in(&sessions, citizen(BRAM)).await;

    let open = list(&tables, &an).await;
    let expected = [session_key(&sessions, &computers).await, session_key(&sessions, &phone).await];
    assert_eq!(keys(&open), expected);
    assert_eq!((open[0].device, open[0].provider.as_str()), (computer, "second"));
    assert_eq!((open[1].device, open[1].provider.as_str()), (citizen(AN.0).device, "itsme"));
    for session in &open {
        assert_eq!(session.name(), session.key[..16]);
        let (idle, now) = (Duration::minutes(15), OffsetDateTime::now_utc());
        assert!((session.expires_at - now - idle).abs() < Duration::minutes(1), "{session:?}");
        assert!((session.last_used_at(idle) - now).abs() < Duration::minutes(1), "{session:?}");
        assert!((session.signed_in_at.unwrap() - now).abs() < Duration::minutes(1), "{session:?}");
    }
    assert_eq!(keys(&list(&tables, &record_keys(BRAM)).await), [session_key(&sessions, &brams).await]);
}

#[tokio::test]
async fn a_row_whose_session_is_gone_or_over_is_not_listed() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    let an = record_keys(AN.0);
    let mut expected = Vec::new();
    for _ in 0..3 {
        let browser = sign_in(&sessions, citizen(AN.0)).await;
        expected.push(session_key(&sessions, &browser).await);
    }
    // By the time to live. DynamoDB may also let an expired session live on for days.
    tables.delete_session(&expected[0]).await;
    tables.end_session_at(&expected[1], OffsetDateTime::now_utc() - Duration::seconds(1)).await;
    assert_eq!(keys(&list(&tables, &an).await), [&expected[2]]);
    let rows = tables.record_items().await;
    assert_eq!(rows.iter().filter(|item| item["sk"].as_s().unwrap().starts_with("session#")).count(), 3);
}

#[tokio::test]
async fn a_session_that_an_earlier_version_opened_is_found_by_the_index() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    let browser = sign_in(&sessions, citizen(AN.0)).await;
    sign_in(&sessions, citizen(BRAM)).await;
    let key = session_key(&sessions, &browser).await;
    tables.delete_rows().await;
    let open = list(&tables, &record_keys(AN.0)).await;
    assert_eq!(keys(&open), [key.as_str()]);
    assert_eq!((open[0].signed_in_at, open[0].provider.as_str()), (None, ""));
    assert!(open[0].expires_at > OffsetDateTime::now_utc() + Duration::minutes(14));
}

#[tokio::test]
async fn many_sessions_are_all_listed() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    let mut expected = BTreeSet::new();
    for _ in 0..130 {
        let browser = sign_in(&sessions, citizen(AN.0)).await;
        expected.insert(session_key(&sessions, &browser).await);
    }
    let open = list(&tables, &record_keys(AN.0)).await;
    assert_eq!(open.len(), 130);
    assert_eq!(open.into_iter().map(|session| session.key).collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn sessions_that_dynamodb_leaves_unread_are_read_again() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    for _ in 0..10 {
        sign_in(&sessions, citizen(AN.0)).await;
    }
    let throttled = Throttled::start(&tables.endpoint, 3).await;
    let open = OpenSessions::new(tables.records_through(client_of_server(throttled.url()).await));
    assert_eq!(open.list(&record_keys(AN.0)).await.unwrap(), list(&tables, &record_keys(AN.0)).await);
    // A list without some of them would look complete.
    throttled.set(0);
    assert!(open.list(&record_keys(AN.0)).await.is_err());
}

#[tokio::test]
async fn while_the_pseudonym_key_is_changed_each_session_is_listed_once() {
    let tables = Tables::create().await;
    let old = tables.sessions();
    let pseudonyms = || Pseudonyms::new(2, &key(8)).with_previous(&key(7), true);
    let new = tables.sessions_through(tables.client.clone(), pseudonyms());
    let browser = sign_in(&old, citizen(AN.0)).await;
    let first = session_key(&old, &browser).await;
    let expected = [sign_in(&new, citizen(AN.0)).await, browser.clone()];
    let expected = [session_key(&new, &expected[0]).await, first.clone()];
    // The second request moves the first session in the index, and leaves its row where it is.
    for _ in 0..2 {
        for keys_of_server in [moves(), reads_both()] {
            let open = list(&tables, &keys_of_server).await;
            assert_eq!(keys(&open), expected);
            assert!(open.iter().all(|session| session.signed_in_at.is_some()));
        }
        tables.end_session_at(&first, OffsetDateTime::now_utc() + Duration::minutes(1)).await;
        let session = new.find(&browser, &context()).await.unwrap().unwrap();
        new.extend(&session).await.unwrap();
    }
    tables.activity().move_to_current(&moves()).await;
    assert_eq!(keys(&list(&tables, &after()).await), expected);
}
