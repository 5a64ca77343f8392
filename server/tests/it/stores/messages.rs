use aws_sdk_dynamodb::types::AttributeValue;
use server::{
    citizen::RecordKeys,
    records::{Message, Messages, Outcome},
};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use super::{BRAM, Tables, record_keys, text};
use crate::support::{AN, by, site::everything_in};

/// Saves a message, which must succeed.
async fn save(messages: &Messages, citizen: &RecordKeys, typed: &str, version: u64) -> Message {
    match messages.save(citizen, text(typed), version, &by()).await.unwrap() {
        Outcome::Stored(message) => message,
        conflict => panic!("{conflict:?}"),
    }
}

/// Saves a message, which must end in a conflict.
async fn conflict(messages: &Messages, citizen: &RecordKeys, typed: &str, version: u64) -> Option<Message> {
    match messages.save(citizen, text(typed), version, &by()).await.unwrap() {
        Outcome::Conflict(message) => message,
        saved => panic!("{saved:?}"),
    }
}

#[tokio::test]
async fn the_version_grows_by_one_with_each_save() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let an = record_keys(AN.0);
    assert_eq!(messages.find(&an).await.unwrap(), None);
    let first = save(&messages, &an, "one", 0).await;
    assert_eq!((first.version, first.text.as_str()), (1, "one"));
    assert_eq!(messages.find(&an).await.unwrap().as_ref(), Some(&first));
    let second = save(&messages, &an, "two", 1).await;
    assert_eq!(second.version, 2);
    assert!(second.updated_at >= first.updated_at);
    assert_eq!(messages.find(&an).await.unwrap(), Some(second));
}

#[tokio::test]
async fn a_save_of_another_version_changes_nothing_and_returns_the_stored_message() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let an = record_keys(AN.0);
    for version in [1, 7, u64::MAX] {
        assert_eq!(conflict(&messages, &an, "of nothing", version).await, None, "{version}");
    }
    assert_eq!(messages.find(&an).await.unwrap(), None);
    save(&messages, &an, "one", 0).await;
    let kept = save(&messages, &an, "two", 1).await;
    let before = tables.record_items().await;
    for version in [0, 1, 3, u64::MAX] {
        assert_eq!(conflict(&messages, &an, "three", version).await.as_ref(), Some(&kept), "{version}");
    }
    assert_eq!(tables.record_items().await, before);
}

#[tokio::test]
async fn saving_the_stored_text_again_succeeds() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let an = record_keys(AN.0);
    let first = save(&messages, &an, "one", 0).await;
    assert_eq!(save(&messages, &an, "one", 0).await, first);
    let second = save(&messages, &an, "two", 1).await;
    assert_eq!(save(&messages, &an, "two", 1).await, second);
    assert_eq!(save(&messages, &an, "two", 0).await, second);
    // An earlier text does not.
    assert_eq!(conflict(&messages, &an, "one", 0).await, Some(second));
}

#[tokio::test]
async fn of_two_simultaneous_saves_exactly_one_succeeds() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let an = record_keys(AN.0);
    for version in 0..12 {
        let by = by();
        let (one, two) = tokio::join!(
            messages.save(&an, text("left"), version, &by),
            messages.save(&an, text("right"), version, &by)
        );
        let (winner, loser) = match (one.unwrap(), two.unwrap()) {
            (Outcome::Stored(winner), Outcome::Conflict(loser))
            | (Outcome::Conflict(loser), Outcome::Stored(winner)) => (winner, loser),
            both => panic!("{both:?}"),
        };
        assert_eq!(winner.version, version + 1);
        assert_eq!(loser.as_ref(), Some(&winner));
        assert_eq!(messages.find(&an).await.unwrap(), Some(winner));
    }
}

#[tokio::test]
async fn a_citizen_does_not_see_the_message_of_another() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let (an, bram) = (record_keys(AN.0), record_keys(BRAM));
    let hers = save(&messages, &an, "hers", 0).await;
    assert_eq!(messages.find(&bram).await.unwrap(), None);
    assert_eq!(conflict(&messages, &bram, "his", 1).await, None, "her version is not his");
    save(&messages, &bram, "his", 0).await;
    assert_eq!(messages.find(&an).await.unwrap(), Some(hers));
}

#[tokio::test]
async fn every_text_is_returned_unchanged() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let an = record_keys(AN.0);
    let emoji = "🙂".repeat(2_000);
    let texts = [
        "",
        "\n\n leading and trailing \n",
        "a\u{1}b\u{7f}\u{fffd}",
        "</textarea><script>",
        "ليلى بن علي \u{202e}e\u{301}",
        emoji.as_str(),
        "",
    ];
    for (version, typed) in (0..).zip(texts) {
        save(&messages, &an, typed, version).await;
        assert_eq!(messages.find(&an).await.unwrap().unwrap().text.as_str(), typed);
    }
    save(&messages, &an, "a\r\nb\rc", texts.len() as u64).await;
    assert_eq!(messages.find(&an).await.unwrap().unwrap().text.as_str(), "a\nb\nc");
}

#[tokio::test]
async fn the_item_has_the_documented_attributes() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let before = OffsetDateTime::now_utc() - time::Duration::seconds(1);
    let saved = save(&messages, &record_keys(AN.0), "a text", 0).await;
    let items = tables.message_items().await;
    assert_eq!(items.len(), 1);
    let item = &items[0];
    let mut names: Vec<_> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["pk", "sk", "text", "updated_at", "version", "write_id"]);

    let pk = item["pk"].as_s().unwrap();
    let hex = pk.strip_prefix("v1#").unwrap();
    assert!(hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)), "{pk}");
    assert_eq!(item["sk"], AttributeValue::S("message".to_owned()));
    assert_eq!(item["text"], AttributeValue::S("a text".to_owned()));
    assert_eq!(item["version"], AttributeValue::N("1".to_owned()));
    let updated_at = item["updated_at"].as_s().unwrap();
    let moment = OffsetDateTime::parse(updated_at, &Rfc3339).unwrap();
    assert!(updated_at.ends_with('Z') && moment.offset() == UtcOffset::UTC, "{updated_at}");
    assert!(before <= moment && moment <= OffsetDateTime::now_utc() && moment == saved.updated_at, "{updated_at}");
    assert!(!item["write_id"].as_s().unwrap().is_empty());
    assert!(!everything_in(item).contains(AN.0));

    // Each save has its own write id.
    save(&messages, &record_keys(AN.0), "another", 1).await;
    let after = tables.message_items().await;
    assert_ne!(after[0]["write_id"], item["write_id"]);
}

#[tokio::test]
async fn an_item_that_is_not_a_message_is_an_error() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let an = record_keys(AN.0);
    let request = tables.client.put_item().table_name(&tables.names.records_table);
    let request = request.item("pk", AttributeValue::S(an.current.as_str().to_owned()));
    request.item("sk", AttributeValue::S("message".to_owned())).send().await.unwrap();
    assert!(messages.find(&an).await.is_err());
}
