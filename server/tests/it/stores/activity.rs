//! The activity: an act and its entry exist together or not at all, and a citizen sees each entry once.

use std::collections::BTreeSet;

use app::pages::activity::{Act, Actor};
use server::{
    citizen::RecordKeys,
    records::{Activity, Messages, Outcome, Table},
};
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    ALL, BRAM, RETENTION, Tables, client_of_server, record_keys, text,
    two_keys::{after, before, moves, reads_both},
};
use crate::support::{
    AN, by,
    held::Held,
    line::{Line, State},
    site::everything_in,
};

/// Asserts that as many changes of the message have an entry as its version says. Returns the version.
async fn assert_one_entry_for_each_version(what: &str, tables: &Tables, citizen: &RecordKeys) -> u64 {
    let version = tables.messages().find(citizen).await.unwrap().map_or(0, |message| message.version);
    let changes = tables.acts(citizen).await.into_iter().filter_map(|act| match act {
        Act::MessageSaved { version, .. } => Some(version),
        Act::MessageDeleted { .. } => Some(0),
        _ => None,
    });
    let expected: Vec<_> = (1..=version).rev().collect();
    assert_eq!(changes.collect::<Vec<_>>(), expected, "{what}");
    version
}

#[tokio::test]
async fn each_save_has_one_entry_and_a_conflict_has_none() {
    let tables = Tables::create().await;
    for (citizen, other) in [(record_keys(AN.0), record_keys(BRAM)), (moves(), record_keys(BRAM))] {
        let messages = tables.messages();
        let save = async |typed, version| messages.save(&citizen, text(typed), version, &by()).await.unwrap();
        let start = messages.find(&citizen).await.unwrap().map_or(0, |message| message.version);
        for (typed, version, is_stored) in [
            ("one", start, true),
            ("two", start, false),
            ("two", start + 1, true),
            // Stored already: no new version, and nothing happened.
            ("two", start + 1, true),
            ("three", start + 9, false),
            ("three", u64::MAX, false),
        ] {
            let outcome = save(typed, version).await;
            assert_eq!(matches!(outcome, Outcome::Stored(_)), is_stored, "{typed} {version}: {outcome:?}");
        }
        assert_eq!(assert_one_entry_for_each_version("saves", &tables, &citizen).await, start + 2);
        assert!(tables.acts(&other).await.is_empty());
    }
}

#[tokio::test]
async fn a_deleted_message_leaves_its_version_and_one_entry() {
    let tables = Tables::create().await;
    let (messages, an) = (tables.messages(), record_keys(AN.0));
    messages.save(&an, text("one"), 0, &by()).await.unwrap();
    assert!(matches!(messages.delete(&an, 7, &by()).await.unwrap(), Outcome::Conflict(Some(_))));
    for _ in 0..2 {
        let Outcome::Stored(deleted) = messages.delete(&an, 1, &by()).await.unwrap() else { panic!("not deleted") };
        assert_eq!((deleted.version, deleted.is_deleted, deleted.text.as_str()), (2, true, ""));
    }
    assert_eq!(messages.version(&an).await.unwrap(), None);
    let expected = [Act::MessageDeleted { by: Actor::Citizen }, Act::MessageSaved { version: 1, by: Actor::Citizen }];
    assert_eq!(tables.acts(&an).await, expected);
    // A form from before replaces nothing that is saved later.
    assert!(matches!(messages.save(&an, text("late"), 1, &by()).await.unwrap(), Outcome::Conflict(Some(_))));
    assert!(matches!(messages.save(&an, text("late"), 0, &by()).await.unwrap(), Outcome::Conflict(Some(_))));
    assert!(matches!(messages.save(&an, text("new"), 2, &by()).await.unwrap(), Outcome::Stored(_)));
    assert!(!tables.record_items().await.iter().any(|item| item.contains_key("deleted")));
}

#[tokio::test]
async fn a_save_and_its_entry_exist_together_whatever_happens_to_the_connection() {
    let tables = Tables::create().await;
    let line = Line::to(&tables.endpoint);
    let through_line = Messages::new(tables.records_through(client_of_server(&line.url()).await));
    for keys in [record_keys(AN.0), moves(), reads_both()] {
        for state in [
            State::LosesResponse,
            State::Drops(1),
            State::Drops(usize::MAX),
            State::EndsAfter(0),
            State::EndsAfter(1),
            State::EndsAfter(2),
            State::EndsAfter(3),
            State::Throttles,
            State::BreaksOff,
            State::Silent,
            State::Cut,
            State::Whole,
        ] {
            let version = assert_one_entry_for_each_version("before", &tables, &keys).await;
            line.set(state);
            let saved = through_line.save(&keys, text(&format!("{state:?} over {version}")), version, &by()).await;
            line.set(State::Whole);
            let what = format!("{state:?}: {saved:?}");
            let after = assert_one_entry_for_each_version(&what, &tables, &keys).await;
            match saved {
                Ok(Outcome::Stored(message)) => {
                    assert_eq!((message.version, after), (version + 1, version + 1), "{what}")
                }
                Ok(Outcome::Conflict(_)) => panic!("{what}"),
                Err(_) => assert!((version..=version + 1).contains(&after), "{what}"),
            }
        }
    }
}

#[tokio::test]
async fn of_simultaneous_saves_only_those_that_are_stored_have_entries() {
    let tables = Tables::create().await;
    for keys in [record_keys(AN.0), moves()] {
        let start = tables.messages().find(&keys).await.unwrap().map_or(0, |message| message.version);
        for version in start..start + 4 {
            let mut saves = JoinSet::new();
            for number in 0..6 {
                let (messages, keys) = (tables.messages(), keys.clone());
                let text = text(&format!("{version} by {number}"));
                saves.spawn(async move { messages.save(&keys, text, version, &by()).await });
            }
            saves.join_all().await;
            assert_eq!(assert_one_entry_for_each_version("six saves", &tables, &keys).await, version + 1);
        }
    }
}

#[tokio::test]
async fn an_entry_has_the_documented_attributes() {
    let tables = Tables::create().await;
    let an = record_keys(AN.0);
    let id = tables.activity().record(&an, Act::DataExported { by: Actor::Citizen }, &by()).await.unwrap();
    tables.messages().save(&an, text("her own words"), 0, &by()).await.unwrap();
    let items = tables.record_items().await;
    let of_kind =
        |kind: &str| items.iter().find(|item| everything_in(item).contains(&format!("kind={kind}\n"))).unwrap();
    let names = |item: &super::Item| item.keys().cloned().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let item = of_kind("data_exported");
    assert_eq!(names(item), ["device", "expires_at", "kind", "pk", "provider", "reference", "session", "sk"]);
    assert_eq!(item["sk"].as_s().unwrap(), &format!("event#{id}"));
    assert_eq!(item["device"].as_s().unwrap(), "phone/safari/ios");
    assert_eq!(item["reference"].as_s().unwrap(), "3F9A-12C7");
    let saved = of_kind("message_saved");
    assert_eq!(
        names(saved),
        ["device", "expires_at", "kind", "pk", "provider", "reference", "session", "sk", "version"]
    );
    let end = OffsetDateTime::from_unix_timestamp(saved["expires_at"].as_n().unwrap().parse().unwrap()).unwrap();
    assert!((end - OffsetDateTime::now_utc() - RETENTION).abs() < Duration::minutes(1), "{end}");
    for personal in [AN.0, AN.1, "her own words"] {
        assert!(!everything_in(saved).contains(personal));
    }
    // As it is read.
    let entry = tables.activity().find(&an, id).await.unwrap().unwrap();
    assert_eq!((entry.act, entry.provider.as_deref()), (Act::DataExported { by: Actor::Citizen }, Some("itsme")));
    assert_eq!((entry.device, entry.session, entry.reads), (by().device, by().session, None));
    assert!((OffsetDateTime::now_utc() - entry.at).abs() < Duration::minutes(1));
    assert_eq!(tables.activity().find(&record_keys(BRAM), id).await.unwrap(), None);
}

#[tokio::test]
async fn pages_have_every_entry_once_with_the_newest_first() {
    let tables = Tables::create().await;
    let activity = tables.activity();
    let mut expected = Vec::new();
    // Under both pseudonyms, in runs of different lengths.
    for number in 0..60_u64 {
        let keys = if number % 7 < 3 { before() } else { moves() };
        expected.push(activity.record(&keys, Act::SignedOut, &by()).await.unwrap());
    }
    activity.record(&record_keys(BRAM), Act::SignedOut, &by()).await.unwrap();
    tables.messages().save(&moves(), text("no entry of these"), 0, &by()).await.unwrap();
    expected.reverse();
    for keys in [moves(), reads_both()] {
        for limit in [1, 7, 30, 59, 60, 61, 100] {
            let (mut seen, mut next, mut pages) = (Vec::new(), None, 0);
            loop {
                let page = activity.page(&keys, next, limit).await.unwrap();
                assert!(page.entries.len() <= limit && (page.next.is_none() || page.entries.len() == limit));
                seen.extend(page.entries.iter().filter(|entry| entry.act == Act::SignedOut).map(|entry| entry.id));
                pages += 1;
                assert!(pages <= 62, "the pages do not end");
                next = page.next;
                if next.is_none() {
                    break;
                }
            }
            assert_eq!(seen, expected, "pages of {limit}");
            // One more is the entry of the save.
            assert_eq!(pages, 61_usize.div_ceil(limit), "pages of {limit}");
        }
    }
    // A server with one of the keys sees what is under that.
    assert_eq!(activity.page(&before(), None, ALL).await.unwrap().entries.len(), 27);
    assert_eq!(activity.page(&after(), None, ALL).await.unwrap().entries.len(), 34);
}

#[tokio::test]
async fn expired_entries_are_not_shown_and_hide_no_others() {
    let tables = Tables::create().await;
    let an = record_keys(AN.0);
    let activity = tables.activity();
    let short = Activity::new(Table::new(tables.client.clone(), &tables.names, Duration::seconds(-1)));
    let mut kept = Vec::new();
    for keep in [true, true, true, true, false, false, true, false, false, false, false, false] {
        let activity = if keep { &activity } else { &short };
        let id = activity.record(&an, Act::SignedIn, &by()).await.unwrap();
        kept.extend(keep.then_some(id));
    }
    kept.reverse();
    let expired = short.record(&an, Act::SignedIn, &by()).await.unwrap();
    assert_eq!(tables.record_items().await.len(), 13);
    assert_eq!(activity.find(&an, expired).await.unwrap(), None);
    let ids = |page: &server::records::Page| page.entries.iter().map(|entry| entry.id).collect::<Vec<_>>();
    assert_eq!(ids(&activity.page(&an, None, ALL).await.unwrap()), kept);
    let first = activity.page(&an, None, 2).await.unwrap();
    assert_eq!((ids(&first), first.next), (kept[..2].to_vec(), Some(kept[1])));
    let second = activity.page(&an, first.next, 2).await.unwrap();
    assert_eq!((ids(&second), second.next), (kept[2..4].to_vec(), Some(kept[3])));
    let last = activity.page(&an, second.next, 2).await.unwrap();
    assert_eq!((ids(&last), last.next), (kept[4..].to_vec(), None));
}

#[tokio::test]
async fn every_read_is_counted_once_on_the_entry_of_its_session() {
    let tables = Tables::create().await;
    let activity = tables.activity();
    for (writes, reads) in [(record_keys(AN.0), record_keys(AN.0)), (before(), moves()), (moves(), reads_both())] {
        let first = activity.record(&writes, Act::SignedIn, &by()).await.unwrap();
        let second = activity.record(&writes, Act::SignedIn, &by()).await.unwrap();
        let items = tables.record_items().await.len();
        let mut counts = JoinSet::new();
        for number in 0..30 {
            let (activity, reads) = (activity.clone(), reads.clone());
            let id = if number % 3 == 0 { second } else { first };
            counts.spawn(async move { activity.count_read(&reads, id).await.unwrap() });
        }
        counts.join_all().await;
        let count = async |id| activity.find(&reads, id).await.unwrap().unwrap().reads.map(|(count, _)| count);
        assert_eq!((count(first).await, count(second).await), (Some(20), Some(10)));
        // An entry that has expired, or of another citizen.
        activity.count_read(&reads, Uuid::now_v7()).await.unwrap();
        activity.count_read(&record_keys(BRAM), first).await.unwrap();
        assert_eq!((count(first).await, tables.record_items().await.len()), (Some(20), items));
    }
}

#[tokio::test]
async fn reads_by_programs_have_one_entry_for_each_token() {
    let tables = Tables::create().await;
    let (activity, by) = (tables.activity(), server::records::By { actor: Actor::Api, session: None, ..by() });
    for keys in [record_keys(AN.0), moves()] {
        let before = tables.entries(&keys).await.len();
        let tokens = [Uuid::now_v7(), Uuid::now_v7()];
        let mut reads = JoinSet::new();
        for number in 0..24 {
            let (activity, keys, by) = (activity.clone(), keys.clone(), by.clone());
            let token = tokens[usize::from(number % 4 == 0)];
            reads.spawn(async move { activity.count_api_read(&keys, token, &by).await.unwrap() });
        }
        reads.join_all().await;
        for (token, expected) in tokens.into_iter().zip([18, 6]) {
            let entry = activity.find(&keys, token).await.unwrap().unwrap();
            assert_eq!((entry.act, entry.reads.map(|(count, _)| count)), (Act::ApiUsed, Some(expected)));
        }
        assert_eq!(tables.entries(&keys).await.len(), before + 2);
    }
}

#[tokio::test]
async fn activity_moves_to_the_current_pseudonym_and_nothing_is_lost_on_the_way() {
    let tables = Tables::create().await;
    let activity = tables.activity();
    let mut ids = Vec::new();
    for _ in 0..120 {
        ids.push(activity.record(&before(), Act::SignedIn, &by()).await.unwrap());
    }
    let (first, last) = (ids[0], ids[119]);
    // A server that may not move them does not.
    activity.move_to_current(&reads_both()).await;
    assert!(tables.entries(&after()).await.is_empty());
    let mut others = JoinSet::new();
    for _ in 0..2 {
        let activity = activity.clone();
        others.spawn(async move { activity.move_to_current(&moves()).await });
    }
    for _ in 0..20 {
        let activity = activity.clone();
        others.spawn(async move {
            for id in [first, last] {
                activity.count_read(&moves(), id).await.unwrap();
            }
            let page = activity.page(&moves(), None, ALL).await.unwrap();
            assert_eq!(page.entries.len(), 120, "an entry is missing, or there twice");
        });
    }
    others.join_all().await;
    // Had the reads been in the way each time, the next sign-in would move the rest.
    activity.move_to_current(&moves()).await;
    assert!(tables.entries(&before()).await.is_empty());
    let moved = tables.entries(&after()).await;
    assert!(moved.iter().rev().map(|entry| entry.id).eq(ids), "{}", moved.len());
    for id in [first, last] {
        let entry = activity.find(&after(), id).await.unwrap().unwrap();
        assert_eq!(entry.reads.map(|(count, _)| count), Some(20));
    }
}

#[tokio::test]
async fn a_read_is_counted_while_its_entry_moves() {
    let tables = Tables::create().await;
    let activity = tables.activity();
    let id = activity.record(&before(), Act::SignedIn, &by()).await.unwrap();
    // The entry is not there yet, and then not there any more.
    let held = Held::start(&tables.endpoint, "UpdateItem", 1).await;
    let reads = Activity::new(tables.records_through(client_of_server(held.url()).await));
    let keys = moves();
    let (counted, ()) =
        tokio::join!(reads.count_read(&keys, id), held.meanwhile(async { activity.move_to_current(&keys).await }));
    counted.unwrap();
    let entry = activity.find(&after(), id).await.unwrap().unwrap();
    assert_eq!(entry.reads.map(|(count, _)| count), Some(1));
}
