use std::sync::Arc;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde_json::json;
use server::{
    aws,
    config::DynamoDb,
    secret::{SealingKey, SealingKeys, sha256_hex},
    sessions::{CITIZEN, CitizensStore as _, DynamoDbStore, Found},
};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    SessionStore as _,
    session::{Id, Record},
    session_store::Error,
};

use super::{BRAM, REFRESH_TOKEN, Tables, citizen, key as server_key, record_keys};
use crate::support::{
    AN,
    site::{everything_in, scan},
};

/// A new session.
fn record() -> Record {
    let citizen = citizen(AN.0);
    let data = [(CITIZEN, json!(record_keys(AN.0).current.as_str())), ("signed_in", json!(citizen))];
    Record {
        id: Id::default(),
        data: data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        // The table stores whole seconds.
        expiry_date: (OffsetDateTime::now_utc() + Duration::minutes(15)).replace_nanosecond(0).unwrap(),
    }
}

fn key(id: &Id) -> AttributeValue {
    AttributeValue::S(sha256_hex(id.to_string().as_bytes()))
}

#[tokio::test]
async fn a_session_is_found_and_changed_until_it_is_deleted() {
    let tables = Tables::create().await;
    let store = tables.store();
    let mut record = record();
    assert_eq!(store.load(&record.id).await.unwrap(), None);
    store.create(&mut record).await.unwrap();
    assert_eq!(store.load(&record.id).await.unwrap().as_ref(), Some(&record));
    record.data.insert("more".to_owned(), json!(1));
    record.expiry_date += Duration::minutes(5);
    store.save(&record).await.unwrap();
    assert_eq!(store.load(&record.id).await.unwrap().as_ref(), Some(&record));
    store.delete(&record.id).await.unwrap();
    assert_eq!(store.load(&record.id).await.unwrap(), None);
    // Deleting it again is fine.
    store.delete(&record.id).await.unwrap();
}

#[tokio::test]
async fn a_late_save_does_not_bring_back_a_deleted_session() {
    let tables = Tables::create().await;
    let store = tables.store();
    let mut record = record();
    store.create(&mut record).await.unwrap();
    store.delete(&record.id).await.unwrap();
    store.save(&record).await.unwrap();
    assert_eq!(store.load(&record.id).await.unwrap(), None);
    assert!(tables.session_items().await.is_empty());
}

#[tokio::test]
async fn a_session_with_an_existing_id_gets_another_one() {
    let tables = Tables::create().await;
    let store = tables.store();
    let mut first = record();
    store.create(&mut first).await.unwrap();
    let mut second = Record { id: first.id, ..record() };
    second.data.insert("second".to_owned(), json!(true));
    store.create(&mut second).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(store.load(&first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(store.load(&second.id).await.unwrap().as_ref(), Some(&second));
}

#[tokio::test]
async fn a_repeated_create_request_creates_one_session() {
    let tables = Tables::create().await;
    let store = tables.store();
    let mut first = record();
    store.create(&mut first).await.unwrap();
    let mut again = first.clone();
    store.create(&mut again).await.unwrap();
    assert_eq!(again.id, first.id);
    assert_eq!(tables.session_items().await.len(), 1);
}

#[tokio::test]
async fn an_expired_session_is_not_found_even_if_its_item_exists() {
    let tables = Tables::create().await;
    let store = tables.store();
    let mut record = record();
    record.expiry_date = (OffsetDateTime::now_utc() - Duration::seconds(1)).replace_nanosecond(0).unwrap();
    store.create(&mut record).await.unwrap();
    assert_eq!(store.load(&record.id).await.unwrap(), None);
    assert_eq!(tables.session_items().await.len(), 1);
    record.expiry_date += Duration::minutes(1);
    store.save(&record).await.unwrap();
    assert_eq!(store.load(&record.id).await.unwrap().as_ref(), Some(&record));
}

#[tokio::test]
async fn a_session_that_was_extended_in_the_meantime_does_not_end_as_an_expired_one() {
    let tables = Tables::create().await;
    let store = tables.store();
    let mut record = record();
    record.expiry_date = (OffsetDateTime::now_utc() - Duration::seconds(1)).replace_nanosecond(0).unwrap();
    store.create(&mut record).await.unwrap();
    let Found::Expired(found) = store.find(&record.id).await.unwrap() else { panic!("not expired") };
    assert_eq!(found, record);
    // By a server whose clock is behind.
    let extended = Record { expiry_date: record.expiry_date + Duration::minutes(15), ..record.clone() };
    store.save(&extended).await.unwrap();
    assert!(!store.end(&record.id, Vec::new(), Some(found.expiry_date)).await.unwrap());
    assert_eq!(store.load(&record.id).await.unwrap().as_ref(), Some(&extended));
    assert!(store.end(&record.id, Vec::new(), Some(extended.expiry_date)).await.unwrap());
    assert!(matches!(store.find(&record.id).await.unwrap(), Found::Nothing));
}

#[tokio::test]
async fn a_broken_seal_is_an_error() {
    let tables = Tables::create().await;
    let store = tables.store();
    let (mut one, mut two) = (record(), record());
    store.create(&mut one).await.unwrap();
    store.create(&mut two).await.unwrap();
    let table = &tables.names.sessions_table;
    let items = scan(&tables.client, table).await;
    let of = |id: &Id| items.iter().find(|item| item["pk"] == key(id)).unwrap().clone();
    let replace = async |id: &Id, data: Vec<u8>| {
        let mut item = of(id);
        item.insert("data".to_owned(), AttributeValue::B(Blob::new(data)));
        tables.client.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
    };
    let sealed = of(&one.id)["data"].as_b().unwrap().clone().into_inner();
    let mut changed = sealed.clone();
    changed[sealed.len() / 2] ^= 1;
    // One bit changed, cut short, empty, and copied from another session.
    let others = of(&two.id)["data"].as_b().unwrap().clone().into_inner();
    for broken in [changed, sealed[..sealed.len() - 1].to_vec(), vec![0], others] {
        replace(&one.id, broken).await;
        assert!(matches!(store.load(&one.id).await, Err(Error::Decode(_))));
    }
    replace(&one.id, sealed).await;
    assert_eq!(store.load(&one.id).await.unwrap().as_ref(), Some(&one));
}

/// An attacker who can write to the table knows everything in it, and can put any item there. They can choose the
/// session's id, but have none of the server's keys.
#[tokio::test]
async fn write_access_to_the_table_is_not_enough_to_forge_a_session() {
    let tables = Tables::create().await;
    let store = tables.store();
    let table = &tables.names.sessions_table;
    let mut real = record();
    store.create(&mut real).await.unwrap();
    let put = async |data: Vec<u8>| {
        let mut item = scan(&tables.client, table).await.into_iter().find(|item| item["pk"] == key(&real.id)).unwrap();
        let id = Id::default();
        item.insert("pk".to_owned(), key(&id));
        item.insert("data".to_owned(), AttributeValue::B(Blob::new(data)));
        tables.client.put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
        id
    };
    let data = serde_json::to_vec(&real.data).unwrap();
    // The item of a session that is open, under an id that the attacker knows; and data that is not sealed at all.
    let copied = scan(&tables.client, table).await[0]["data"].as_b().unwrap().clone().into_inner();
    for forged in [copied, data.clone()] {
        let id = put(forged).await;
        assert!(matches!(store.load(&id).await, Err(Error::Decode(_))));
    }
    // Sealed with all that the attacker knows: as before there were session keys, and with the key of another site.
    let id = put(vec![0]).await;
    let mut key_of_id = [0; 32];
    let expand = |info: &[&[u8]], into: &mut [u8; 32]| {
        let salt = aws_lc_rs::hkdf::Salt::new(aws_lc_rs::hkdf::HKDF_SHA256, b"mydata");
        salt.extract(&id.0.to_le_bytes()).expand(info, aws_lc_rs::hkdf::HKDF_SHA256).unwrap().fill(into).unwrap();
    };
    let item = |data: Vec<u8>| {
        let expires_at = AttributeValue::N(real.expiry_date.unix_timestamp().to_string());
        let request = tables.client.put_item().table_name(table).item("pk", key(&id)).item("expires_at", expires_at);
        request.item("data", AttributeValue::B(Blob::new(data)))
    };
    for info in [&[&b"session v1"[..]][..], &[b"session v2", &[0], &id.0.to_le_bytes()]] {
        expand(info, &mut key_of_id);
        for context in [sha256_hex(id.to_string().as_bytes()).as_bytes(), &id.0.to_le_bytes()] {
            item(SealingKey::new(&key_of_id).seal(context, data.clone())).send().await.unwrap();
            assert!(matches!(store.load(&id).await, Err(Error::Decode(_))), "{info:?}");
        }
    }
    let foreign = SealingKeys::new(&server_key(8), []).seal("session v2", &id.0.to_le_bytes(), data.clone());
    item(foreign).send().await.unwrap();
    assert!(matches!(store.load(&id).await, Err(Error::Decode(_))));
    // With the server's key the same steps do make a session, so the test forges what it says.
    let own = SealingKeys::new(&server_key(7), []).seal("session v2", &id.0.to_le_bytes(), data);
    item(own).send().await.unwrap();
    assert_eq!(store.load(&id).await.unwrap().unwrap().data, real.data);
}

#[tokio::test]
async fn sessions_stay_open_while_the_session_key_is_changed() {
    let tables = Tables::create().await;
    let [old, new] = [server_key(7), server_key(8)];
    let before = tables.store_with(SealingKeys::new(&old, []));
    let ready = tables.store_with(SealingKeys::new(&old, [&new]));
    let during = tables.store_with(SealingKeys::new(&new, [&old]));
    let after = tables.store_with(SealingKeys::new(&new, []));
    let mut first = record();
    before.create(&mut first).await.unwrap();
    // Two servers at consecutive steps read each other's sessions.
    for (writes, reads) in
        [(&before, &ready), (&ready, &before), (&ready, &during), (&during, &ready), (&during, &after)]
    {
        writes.save(&first).await.unwrap();
        assert_eq!(reads.load(&first.id).await.unwrap().as_ref(), Some(&first));
    }
    // A session that was written since is open when the old key is gone. The old key alone no longer opens it.
    assert_eq!(after.load(&first.id).await.unwrap().as_ref(), Some(&first));
    assert!(matches!(before.load(&first.id).await, Err(Error::Decode(_))));
}

#[tokio::test]
async fn the_table_reveals_no_session_id_national_number_or_token() {
    let tables = Tables::create().await;
    let store = tables.store();
    let mut record = record();
    store.create(&mut record).await.unwrap();
    store.save(&record).await.unwrap();
    let items = tables.session_items().await;
    let mut names: Vec<_> = items[0].keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["citizen", "data", "expires_at", "pk"]);
    assert_eq!(items[0]["pk"], key(&record.id));
    assert_eq!(items[0]["citizen"], AttributeValue::S(record_keys(AN.0).current.as_str().to_owned()));
    assert_eq!(items[0]["expires_at"], AttributeValue::N(record.expiry_date.unix_timestamp().to_string()));
    let all = everything_in(&items[0]);
    let id = record.id.to_string();
    for secret in [id.as_str(), AN.0, AN.1, "Peeters", REFRESH_TOKEN, "itsme", "signed_in"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[tokio::test]
async fn the_index_finds_all_sessions_of_a_citizen() {
    let tables = Tables::create().await;
    let store = tables.store();
    let (mut one, mut two, mut other) = (record(), record(), record());
    other.data.insert(CITIZEN.to_owned(), json!(record_keys(BRAM).current.as_str()));
    for record in [&mut one, &mut two, &mut other] {
        store.create(record).await.unwrap();
    }
    let answer = tables
        .client
        .query()
        .table_name(&tables.names.sessions_table)
        .index_name("by_citizen")
        .key_condition_expression("citizen = :citizen")
        .expression_attribute_values(":citizen", AttributeValue::S(record_keys(AN.0).current.as_str().to_owned()))
        .send()
        .await
        .unwrap();
    let found: Vec<_> = answer.items().iter().map(|item| item["pk"].clone()).collect();
    assert_eq!(found.len(), 2);
    assert!(found.contains(&key(&one.id)) && found.contains(&key(&two.id)));
}

#[tokio::test]
async fn a_state_is_used_once() {
    let tables = Tables::create().await;
    let store = tables.store();
    let end = OffsetDateTime::now_utc() + Duration::minutes(10);
    assert!(store.use_once("one", end).await.unwrap());
    assert!(!store.use_once("one", end).await.unwrap());
    assert!(!store.use_once("one", end + Duration::minutes(1)).await.unwrap());
    assert!(store.use_once("two", end).await.unwrap());
    let items = tables.session_items().await;
    assert_eq!(items.len(), 2);
    for item in &items {
        assert_eq!(item["expires_at"], AttributeValue::N(end.unix_timestamp().to_string()));
        assert!(!everything_in(item).contains("one\n"), "the state is hashed");
    }
}

#[tokio::test]
async fn of_two_simultaneous_uses_one_succeeds() {
    let tables = Tables::create().await;
    let store = tables.store();
    let end = OffsetDateTime::now_utc() + Duration::minutes(10);
    for round in 0..10 {
        let state = format!("state {round}");
        let (one, two) = tokio::join!(store.use_once(&state, end), store.use_once(&state, end));
        assert_ne!(one.unwrap(), two.unwrap());
    }
}

#[tokio::test]
async fn a_ping_is_answered_only_if_both_tables_exist() {
    let tables = Tables::create().await;
    aws::ping(&tables.client, &tables.names).await.unwrap();
    let missing = || "it-missing".to_owned();
    for names in [
        DynamoDb { sessions_table: missing(), ..tables.names.clone() },
        DynamoDb { records_table: missing(), ..tables.names.clone() },
    ] {
        assert_eq!(aws::ping(&tables.client, &names).await.unwrap_err().reason, "ResourceNotFoundException");
    }
}

#[tokio::test]
async fn a_missing_table_is_not_mistaken_for_an_existing_id() {
    let tables = Tables::create().await;
    let keys = Arc::new(SealingKeys::new(&server_key(7), []));
    let store = DynamoDbStore::new(tables.client.clone(), "no-such-table".to_owned(), keys);
    let Err(Error::Backend(reason)) = store.create(&mut record()).await else { panic!("created without a table") };
    assert_eq!(reason, "PutItem on no-such-table: ResourceNotFoundException");
    let Err(Error::Backend(reason)) = store.save(&record()).await else { panic!("saved without a table") };
    assert_eq!(reason, "PutItem on no-such-table: ResourceNotFoundException");
}
