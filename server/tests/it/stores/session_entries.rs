//! A session, its row in the record and the entries that tell of it: they begin and end together.

use std::sync::Arc;

use app::pages::activity::{Act, EndedBy};
use http::HeaderMap;
use server::{
    citizen::{Pseudonyms, RecordKeys},
    records::OpenSession,
    sessions::{Because, Opened, Sessions, end_by_key},
};
use testkit::until;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

use super::{BRAM, Item, Tables, citizen, client_of_server, context, key, record_keys, session_key, sign_in, two_keys};
use crate::support::{
    AN, by,
    held::Held,
    line::{Line, State},
};

/// How many items of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    sessions: usize,
    rows: usize,
    sign_ins: usize,
    ends: usize,
}

async fn counts(tables: &Tables) -> Counts {
    let records = tables.record_items().await;
    let has = |item: &Item, name: &str, expected: &[&str]| {
        item.get(name).is_some_and(|value| expected.contains(&value.as_s().unwrap().as_str()))
    };
    let of_kind = |kinds: &[&str]| records.iter().filter(|item| has(item, "kind", kinds)).count();
    Counts {
        sessions: tables.session_items().await.len(),
        rows: records.iter().filter(|item| item["sk"].as_s().unwrap().starts_with("session#")).count(),
        sign_ins: of_kind(&["signed_in"]),
        ends: of_kind(&["signed_out", "session_ended"]),
    }
}

async fn sign_out(sessions: &Sessions, browser: &HeaderMap) -> bool {
    sessions.end(browser, &context(), Because::SignedOut, || true).await.citizen.is_some()
}

async fn is_open(sessions: &Sessions, browser: &HeaderMap) -> bool {
    sessions.find(browser, &context()).await.unwrap().is_some()
}

async fn end_of(tables: &Tables, citizen: &RecordKeys, session: &str) -> bool {
    let (rows, activity) = (tables.open_sessions(), tables.activity());
    end_by_key(&rows, &activity, citizen, session, EndedBy::OtherDevice, &by()).await.unwrap()
}

#[tokio::test]
async fn a_sign_in_makes_the_session_its_row_and_its_entry() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    let browser = sign_in(&sessions, citizen(AN.0)).await;
    assert_eq!(counts(&tables).await, Counts { sessions: 1, rows: 1, sign_ins: 1, ends: 0 });
    let session = sessions.find(&browser, &context()).await.unwrap().unwrap();
    let [entry] = &tables.entries(&record_keys(AN.0)).await[..] else { panic!("not one entry") };
    assert_eq!((entry.act, session.citizen.sign_in), (Act::SignedIn, Some(entry.id)));
    assert_eq!(entry.session.as_deref(), Some(OpenSession::name_of(&session.key()).as_str()));
    assert_eq!((entry.device, entry.provider.as_deref()), (citizen(AN.0).device, Some("itsme")));
    let records = tables.record_items().await;
    let row = records.iter().find(|item| item["sk"].as_s().unwrap().starts_with("session#")).unwrap();
    assert_eq!(row["sk"].as_s().unwrap(), &format!("session#{}", session.key()));
    let mut names: Vec<_> = row.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["device", "expires_at", "pk", "provider", "signed_in_at", "sk"]);
    // The row may live as long as any request can keep the session open.
    let end: i64 = row["expires_at"].as_n().unwrap().parse().unwrap();
    assert_eq!(end, session.citizen.signed_in_at + 480 * 60);
}

#[tokio::test]
async fn a_sign_in_over_a_bad_connection_makes_all_three_or_nothing() {
    let tables = Tables::create().await;
    let line = Line::to(&tables.endpoint);
    let sessions = tables.sessions_through(client_of_server(&line.url()).await, Pseudonyms::new(1, &key(7)));
    for state in [
        State::LosesResponse,
        State::Drops(1),
        State::EndsAfter(0),
        State::EndsAfter(1),
        State::Throttles,
        State::BreaksOff,
        State::Silent,
        State::Cut,
    ] {
        let before = counts(&tables).await;
        line.set(state);
        let opened = sessions.open(citizen(AN.0), &context()).await;
        line.set(State::Whole);
        let after = counts(&tables).await;
        let is_made = after != before;
        let more = usize::from(is_made);
        let expected = Counts {
            sessions: before.sessions + more,
            rows: before.rows + more,
            sign_ins: before.sign_ins + more,
            ends: 0,
        };
        assert_eq!(after, expected, "{state:?}: {opened:?}");
        match opened {
            Ok(Opened::Session(_)) => assert!(is_made, "{state:?}"),
            Ok(Opened::BeingDeleted) => panic!("{state:?}"),
            Err(_) => (),
        }
    }
}

#[tokio::test]
async fn a_session_ends_with_its_row_and_one_entry_however_often_it_is_ended() {
    let tables = Tables::create().await;
    let servers = [tables.sessions(), tables.sessions()].map(Arc::new);
    for round in 1..=4 {
        let browser = sign_in(&servers[0], citizen(AN.0)).await;
        let mut sign_outs = JoinSet::new();
        for number in 0..8 {
            let (server, browser) = (Arc::clone(&servers[number % 2]), browser.clone());
            sign_outs.spawn(async move { sign_out(&server, &browser).await });
        }
        sign_outs.join_all().await;
        assert!(!sign_out(&servers[0], &browser).await && !is_open(&servers[1], &browser).await);
        assert_eq!(counts(&tables).await, Counts { sessions: 0, rows: 0, sign_ins: round, ends: round });
    }
    let acts = tables.acts(&record_keys(AN.0)).await;
    assert_eq!(acts[..2], [Act::SignedOut, Act::SignedIn]);
}

#[tokio::test]
async fn a_sign_out_over_a_bad_connection_has_one_entry_in_the_end() {
    let tables = Tables::create().await;
    let line = Line::to(&tables.endpoint);
    let sessions = tables.sessions_through(client_of_server(&line.url()).await, Pseudonyms::new(1, &key(7)));
    let direct = tables.sessions();
    let mut expected = Counts::default();
    for state in [
        State::LosesResponse,
        State::Drops(1),
        State::EndsAfter(0),
        State::EndsAfter(1),
        State::EndsAfter(2),
        State::Throttles,
        State::Cut,
    ] {
        let browser = sign_in(&sessions, citizen(AN.0)).await;
        line.set(state);
        sign_out(&sessions, &browser).await;
        line.set(State::Whole);
        until("the session is ended", async || !is_open(&direct, &browser).await).await;
        // A second try of this server would come within seconds.
        expected.sign_ins += 1;
        expected.ends += 1;
        until("the row is deleted", async || counts(&tables).await == expected).await;
    }
}

#[tokio::test]
async fn an_expired_session_ends_once_whichever_requests_notice() {
    let tables = Tables::create().await;
    let servers = [tables.sessions(), tables.sessions()].map(Arc::new);
    for round in 1..=4 {
        let browser = sign_in(&servers[0], citizen(AN.0)).await;
        let key = session_key(&servers[0], &browser).await;
        tables.end_session_at(&key, OffsetDateTime::now_utc() - Duration::seconds(1)).await;
        let mut requests = JoinSet::new();
        for number in 0..12 {
            let (server, browser) = (Arc::clone(&servers[number % 2]), browser.clone());
            requests.spawn(async move {
                // A sign-out of an expired session is no sign-out.
                if number % 3 == 0 {
                    sign_out(&server, &browser).await;
                } else {
                    assert!(!is_open(&server, &browser).await);
                }
            });
        }
        requests.join_all().await;
        assert_eq!(counts(&tables).await, Counts { sessions: 0, rows: 0, sign_ins: round, ends: round });
        assert_eq!(tables.acts(&record_keys(AN.0)).await[0], Act::SessionEnded(EndedBy::Expiry));
    }
}

#[tokio::test]
async fn a_session_that_a_request_extends_in_time_does_not_expire() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    let browser = sign_in(&sessions, citizen(AN.0)).await;
    let key = session_key(&sessions, &browser).await;
    tables.end_session_at(&key, OffsetDateTime::now_utc() + Duration::seconds(20)).await;
    let found = sessions.find(&browser, &context()).await.unwrap().unwrap();
    sessions.extend(&found).await.unwrap();
    assert!(is_open(&tables.sessions(), &browser).await);
    assert_eq!(counts(&tables).await, Counts { sessions: 1, rows: 1, sign_ins: 1, ends: 0 });
}

#[tokio::test]
async fn a_session_that_is_extended_while_a_server_takes_it_for_expired_stays_open() {
    let tables = Tables::create().await;
    let held = Held::start(&tables.endpoint, "TransactWriteItems", 0).await;
    let (direct, late) =
        (tables.sessions(), tables.sessions_through(client_of_server(held.url()).await, Pseudonyms::new(1, &key(7))));
    let browser = sign_in(&direct, citizen(AN.0)).await;
    let key = session_key(&direct, &browser).await;
    tables.end_session_at(&key, OffsetDateTime::now_utc() - Duration::seconds(1)).await;
    // By a server whose clock is behind.
    let extended = tables.end_session_at(&key, OffsetDateTime::now_utc() + Duration::minutes(5));
    let context = context();
    let (found, ()) = tokio::join!(late.find(&browser, &context), held.meanwhile(extended));
    assert!(found.unwrap().is_none() && is_open(&direct, &browser).await);
    assert_eq!(counts(&tables).await, Counts { sessions: 1, rows: 1, sign_ins: 1, ends: 0 });
}

#[tokio::test]
async fn a_session_that_another_device_ends_is_over_on_every_server() {
    let tables = Tables::create().await;
    let servers = [tables.sessions(), tables.sessions()];
    let an = record_keys(AN.0);
    let [phone, computer] = [sign_in(&servers[0], citizen(AN.0)).await, sign_in(&servers[1], citizen(AN.0)).await];
    let ended = session_key(&servers[0], &phone).await;
    assert!(is_open(&servers[1], &phone).await);
    assert!(end_of(&tables, &an, &ended).await);
    for server in &servers {
        assert!(!is_open(server, &phone).await && is_open(server, &computer).await);
    }
    let one_open = Counts { sessions: 1, rows: 1, sign_ins: 2, ends: 1 };
    assert_eq!(counts(&tables).await, one_open);
    let entry = tables.entries(&an).await.remove(0);
    assert_eq!(entry.act, Act::SessionEnded(EndedBy::OtherDevice));
    assert_eq!(entry.session, Some(OpenSession::name_of(&ended)), "the session that ended, not the one that ended it");
    // It has ended already, by whichever way.
    assert!(!end_of(&tables, &an, &ended).await && !sign_out(&servers[1], &phone).await);
    assert_eq!(counts(&tables).await, one_open);
}

#[tokio::test]
async fn of_simultaneous_ends_by_other_devices_one_counts() {
    let tables = Arc::new(Tables::create().await);
    let sessions = tables.sessions();
    let browser = sign_in(&sessions, citizen(AN.0)).await;
    let key = session_key(&sessions, &browser).await;
    let mut ends = JoinSet::new();
    for _ in 0..8 {
        let (tables, key) = (Arc::clone(&tables), key.clone());
        ends.spawn(async move { end_of(&tables, &record_keys(AN.0), &key).await });
    }
    let ended = ends.join_all().await;
    assert_eq!(ended.iter().filter(|ended| **ended).count(), 1);
    assert_eq!(counts(&tables).await, Counts { sessions: 0, rows: 0, sign_ins: 1, ends: 1 });
}

#[tokio::test]
async fn an_expired_session_cannot_be_ended_by_another_device() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    let browser = sign_in(&sessions, citizen(AN.0)).await;
    let key = session_key(&sessions, &browser).await;
    tables.end_session_at(&key, OffsetDateTime::now_utc() - Duration::seconds(1)).await;
    assert!(!end_of(&tables, &record_keys(AN.0), &key).await);
    assert_eq!(counts(&tables).await, Counts { sessions: 1, rows: 0, sign_ins: 1, ends: 0 });
    assert!(!is_open(&sessions, &browser).await);
    assert_eq!(counts(&tables).await, Counts { sessions: 0, rows: 0, sign_ins: 1, ends: 1 });
}

#[tokio::test]
async fn no_name_of_a_session_leads_to_that_of_another_citizen() {
    let tables = Tables::create().await;
    let sessions = tables.sessions();
    sign_in(&sessions, citizen(AN.0)).await;
    let brams = sign_in(&sessions, citizen(BRAM)).await;
    let name = OpenSession::name_of(&session_key(&sessions, &brams).await);
    // What the handlers do with a name that was sent: they look for it among the citizen's own sessions.
    let ans = tables.open_sessions().list(&record_keys(AN.0)).await.unwrap();
    assert!(ans.iter().all(|session| session.name() != name) && ans.len() == 1);
}

#[tokio::test]
async fn while_the_pseudonym_key_is_changed_every_server_ends_the_sessions_of_the_others() {
    let tables = Tables::create().await;
    let servers = [
        Pseudonyms::new(1, &key(7)),
        Pseudonyms::new(2, &key(8)).with_previous(&key(7), false),
        Pseudonyms::new(2, &key(8)).with_previous(&key(7), true),
    ]
    .map(|pseudonyms| tables.sessions_through(tables.client.clone(), pseudonyms));
    let keys = [two_keys::before(), two_keys::reads_both(), two_keys::moves()];
    let mut expected = Counts::default();
    // Of two consecutive steps.
    for (opens, ends) in [(0, 1), (1, 0), (1, 2), (2, 1)] {
        let browser = sign_in(&servers[opens], citizen(AN.0)).await;
        assert!(sign_out(&servers[ends], &browser).await);
        let browser = sign_in(&servers[opens], citizen(AN.0)).await;
        let key = session_key(&servers[ends], &browser).await;
        assert!(end_of(&tables, &keys[ends], &key).await);
        expected.sign_ins += 2;
        expected.ends += 2;
        assert_eq!(counts(&tables).await, expected, "opened by {opens}, ended by {ends}");
    }
}
