//! Messages while `pseudonym.key` is being changed.

use std::time::Duration;

use server::{
    citizen::{Eid, Pseudonyms, RecordKeys},
    records::{Message, Messages, Outcome},
};

use super::{Tables, client_of_server, key, text};
use crate::support::{
    AN, by,
    line::{Line, State},
};

/// A server's knowledge of the keys, in the order of the documented steps.
pub(super) fn before() -> RecordKeys {
    of(Pseudonyms::new(1, &key(7)))
}

pub(super) fn reads_both() -> RecordKeys {
    of(Pseudonyms::new(2, &key(8)).with_previous(&key(7), false))
}

pub(super) fn moves() -> RecordKeys {
    of(Pseudonyms::new(2, &key(8)).with_previous(&key(7), true))
}

pub(super) fn after() -> RecordKeys {
    of(Pseudonyms::new(2, &key(8)))
}

fn of(pseudonyms: Pseudonyms) -> RecordKeys {
    pseudonyms.of("BE", &Eid::parse(AN.0, &server::config::EidRules::default()).unwrap())
}

async fn save(messages: &Messages, keys: &RecordKeys, typed: &str, version: u64) -> Message {
    match messages.save(keys, text(typed), version, &by()).await.unwrap() {
        Outcome::Stored(message) => message,
        conflict => panic!("{typed}: {conflict:?}"),
    }
}

async fn conflict(messages: &Messages, keys: &RecordKeys, typed: &str, version: u64) -> Message {
    match messages.save(keys, text(typed), version, &by()).await.unwrap() {
        Outcome::Conflict(Some(message)) => message,
        other => panic!("{typed}: {other:?}"),
    }
}

/// The places of all messages.
async fn places(tables: &Tables) -> Vec<String> {
    let items = tables.message_items().await;
    items.iter().map(|item| item["pk"].as_s().unwrap().clone()).collect()
}

#[tokio::test]
async fn a_message_under_the_previous_key_is_found_and_moves_with_the_next_save() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    assert_eq!(messages.find(&moves()).await.unwrap(), None);
    let stored = save(&messages, &before(), "one", 0).await;
    for keys in [reads_both(), moves()] {
        assert_eq!(messages.find(&keys).await.unwrap().as_ref(), Some(&stored));
        // A conflict shows it, and moves nothing.
        assert_eq!(conflict(&messages, &keys, "other", 0).await, stored);
        assert_eq!(save(&messages, &keys, "one", 7).await, stored, "the same text is stored already");
    }
    assert_eq!(messages.find(&after()).await.unwrap(), None);

    let moved = save(&messages, &moves(), "two", 1).await;
    assert_eq!((moved.version, places(&tables).await), (2, vec![after().current.as_str().to_owned()]));
    for keys in [reads_both(), moves(), after()] {
        assert_eq!(messages.find(&keys).await.unwrap().as_ref(), Some(&moved));
    }
    // The version continues, and the old key is no longer needed.
    assert_eq!(save(&messages, &moves(), "three", 2).await.version, 3);
    assert_eq!(save(&messages, &after(), "four", 3).await.version, 4);
}

#[tokio::test]
async fn a_server_that_does_not_move_writes_where_all_others_read() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let first = save(&messages, &reads_both(), "one", 0).await;
    assert_eq!(messages.find(&before()).await.unwrap().as_ref(), Some(&first));
    let second = save(&messages, &reads_both(), "two", 1).await;
    assert_eq!(messages.find(&before()).await.unwrap(), Some(second));
    // One that was moved by another server stays where it is.
    save(&messages, &moves(), "three", 2).await;
    let fourth = save(&messages, &reads_both(), "four", 3).await;
    assert_eq!(messages.find(&after()).await.unwrap(), Some(fourth));
    assert_eq!(places(&tables).await.len(), 1);
}

#[tokio::test]
async fn one_of_several_simultaneous_saves_in_both_steps_succeeds() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    for version in 0..12 {
        let (one, two, by) = (moves(), reads_both(), by());
        let (one, two) = tokio::join!(
            messages.save(&one, text("left"), version, &by),
            messages.save(&two, text("right"), version, &by)
        );
        let (winner, loser) = match (one.unwrap(), two.unwrap()) {
            (Outcome::Stored(winner), Outcome::Conflict(loser))
            | (Outcome::Conflict(loser), Outcome::Stored(winner)) => (winner, loser),
            both => panic!("{both:?}"),
        };
        assert_eq!((winner.version, loser.as_ref()), (version + 1, Some(&winner)));
        assert_eq!(messages.find(&reads_both()).await.unwrap(), Some(winner));
        assert_eq!(places(&tables).await.len(), 1, "the message is in two places");
    }
}

#[tokio::test]
async fn a_message_is_never_missing_while_it_moves() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    let keys = moves();
    for round in 0..40 {
        let stored = save(&messages, &before(), "one", 0).await;
        // Several readers, because a move is short.
        let readers: Vec<_> = (0..6)
            .map(|_| {
                let (messages, keys) = (messages.clone(), keys.clone());
                tokio::spawn(async move {
                    let mut seen = Vec::new();
                    while seen.last().is_none_or(|message: &Message| message.version == 1) {
                        seen.push(messages.find(&keys).await.unwrap().expect("the message is missing"));
                    }
                    seen
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_micros(round * 100)).await;
        let moved = save(&messages, &keys, "two", 1).await;
        for reader in readers {
            let seen = reader.await.unwrap();
            assert!(seen.iter().all(|message| *message == stored || *message == moved), "{seen:?}");
        }
        for item in tables.record_items().await {
            let request = tables.client.delete_item().table_name(&tables.names.records_table);
            request.key("pk", item["pk"].clone()).key("sk", item["sk"].clone()).send().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_server_that_does_not_know_the_new_key_loses_no_text() {
    let tables = Tables::create().await;
    let messages = tables.messages();
    // The steps were not followed: one server moves the message, and another one only knows the old key.
    save(&messages, &before(), "first", 0).await;
    save(&messages, &moves(), "moved", 1).await;
    save(&messages, &before(), "of the old server", 0).await;
    assert_eq!(places(&tables).await.len(), 2);

    for keys in [reads_both(), moves()] {
        let shown = messages.find(&keys).await.unwrap().unwrap();
        assert_eq!(shown.text.as_str(), "of the old server");
        // Forms from before the second text, and of either server, see it first.
        for version in [0, 1, 2] {
            assert_eq!(conflict(&messages, &keys, "typed", version).await, shown, "{version}");
        }
        let hidden = conflict(&messages, &keys, "typed", shown.version).await;
        assert_eq!(hidden.text.as_str(), "moved");
        assert_eq!(places(&tables).await.len(), 2);
    }
    let shown = messages.find(&moves()).await.unwrap().unwrap();
    let hidden = conflict(&messages, &moves(), "typed", shown.version).await;
    let saved = save(&messages, &moves(), "typed", hidden.version).await;
    assert_eq!(messages.find(&after()).await.unwrap(), Some(saved));
    assert_eq!(places(&tables).await, [after().current.as_str()]);
}

#[tokio::test]
async fn a_move_whose_response_is_lost_counts_once() {
    let tables = Tables::create().await;
    let line = Line::to(&tables.endpoint);
    let through_line = Messages::new(tables.records_through(client_of_server(&line.url()).await));
    let direct = tables.messages();
    for version in 0..3 {
        line.set(State::LosesResponse);
        let saved = save(&through_line, &moves(), &format!("over {version}"), version).await;
        line.set(State::Whole);
        assert_eq!(saved.version, version + 1);
        assert_eq!(direct.find(&moves()).await.unwrap(), Some(saved));
    }
}
