//! The deletion of everything about a citizen: it happens whole, whatever happens to the server, and to nobody else.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use app::pages::activity::{Act, Actor, EndedBy};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use server::{
    citizen::{Eid, Pseudonyms, RecordKeys},
    config::EidRules,
    records::{Erasures, Job, Outcome, Receipt},
    request_context::Reference,
    sessions::{Opened, end_by_key},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    BRAM, Item, Tables, citizen, client_of_server, context, key, no_security_log, record_keys, session_key, sign_in,
    text, two_keys,
};
use crate::support::{
    AN, by,
    line::{Line, State},
    throttled::Throttled,
};

const REFERENCE: Reference = Reference([1, 2, 3, 4]);

/// The keys of a site, and how the servers of its last step know them.
struct Keys {
    name: &'static str,
    /// Those of the steps so far. Items are under the keys of each.
    steps: fn() -> Vec<Pseudonyms>,
}

/// A site with one key, and one that changes it, at each step.
const SITES: [Keys; 3] = [
    Keys { name: "one key", steps: || vec![Pseudonyms::new(1, &key(7))] },
    Keys {
        name: "reads both keys",
        steps: || vec![Pseudonyms::new(1, &key(7)), Pseudonyms::new(2, &key(8)).with_previous(&key(7), false)],
    },
    Keys {
        name: "moves to the second key",
        steps: || {
            vec![
                Pseudonyms::new(1, &key(7)),
                Pseudonyms::new(2, &key(8)).with_previous(&key(7), false),
                Pseudonyms::new(2, &key(8)).with_previous(&key(7), true),
            ]
        },
    },
];

fn of(pseudonyms: &Pseudonyms, eid: &str) -> RecordKeys {
    pseudonyms.of("BE", &Eid::parse(eid, &EidRules::default()).unwrap())
}

impl Keys {
    /// A citizen, as servers of the last step know them.
    fn of(&self, eid: &str) -> RecordKeys {
        of((self.steps)().last().unwrap(), eid)
    }

    /// A citizen uses the site at each step: a message, sessions with and without a row, and `entries` more entries.
    async fn fill(&self, tables: &Tables, eid: &str, entries: usize) {
        for pseudonyms in (self.steps)() {
            let keys = of(&pseudonyms, eid);
            for _ in 0..entries {
                tables.activity().record(&keys, Act::SignedOut, &by()).await.unwrap();
            }
            let version = tables.messages().find(&keys).await.unwrap().map_or(0, |message| message.version);
            tables.messages().save(&keys, text("her words"), version, &by()).await.unwrap();
            let sessions = tables.sessions_through(tables.client.clone(), pseudonyms);
            for has_row in [true, false, true] {
                let browser = sign_in(&sessions, citizen(eid)).await;
                if !has_row {
                    let sort = AttributeValue::S(format!("session#{}", session_key(&sessions, &browser).await));
                    let place = AttributeValue::S(keys.for_new().as_str().to_owned());
                    let request = tables.client.delete_item().table_name(&tables.names.records_table);
                    request.key("pk", place).key("sk", sort).send().await.unwrap();
                }
            }
        }
    }
}

impl Tables {
    /// Every item of both tables that has anything of this citizen in it, as text.
    async fn of_citizen(&self, citizen: &RecordKeys) -> BTreeSet<String> {
        let shown = |item: Item| format!("{:?}", item.into_iter().collect::<BTreeMap<_, _>>());
        let items = self.record_items().await.into_iter().chain(self.session_items().await).map(shown);
        items.filter(|item| citizen.places().any(|place| item.contains(place.as_str()))).collect()
    }

    async fn begin(&self, citizen: &RecordKeys) -> Job {
        self.erasures().begin(citizen, REFERENCE).await.unwrap()
    }
}

/// Asserts that nothing of the citizen is left, and no deletion either.
async fn assert_nothing_left(what: &str, tables: &Tables, citizen: &RecordKeys) {
    let left = tables.of_citizen(citizen).await;
    assert!(left.is_empty(), "{what}: {} items are left: {left:#?}", left.len());
    let jobs = tables.record_items().await;
    assert!(!jobs.iter().any(|item| item["pk"].as_s().unwrap() == "erasures"), "{what}: a job is left");
}

#[tokio::test]
async fn everything_of_the_citizen_is_deleted_and_nothing_of_another() {
    for site in SITES {
        let tables = Tables::create().await;
        site.fill(&tables, AN.0, 3).await;
        site.fill(&tables, BRAM, 3).await;
        let (an, bram) = (site.of(AN.0), site.of(BRAM));
        let brams = tables.of_citizen(&bram).await;
        assert!(brams.len() > 10 && tables.of_citizen(&an).await.len() == brams.len(), "{}", site.name);
        let job = tables.begin(&an).await;
        assert_eq!(job.receipt.reference, "0102-0304");
        tables.erasures().carry_out(&job).await.unwrap();
        assert_nothing_left(site.name, &tables, &an).await;
        assert_eq!(tables.of_citizen(&bram).await, brams, "{}", site.name);
        // The citizen begins anew.
        assert_eq!(tables.messages().find(&an).await.unwrap(), None);
        assert!(matches!(tables.messages().save(&an, text("new"), 0, &by()).await.unwrap(), Outcome::Stored(_)));
        assert_eq!(tables.acts(&an).await, [Act::MessageSaved { version: 1, by: Actor::Citizen }]);
    }
}

#[tokio::test]
async fn nothing_gets_in_once_a_deletion_is_promised() {
    for site in SITES {
        let tables = Tables::create().await;
        site.fill(&tables, AN.0, 1).await;
        let an = site.of(AN.0);
        let sessions = tables.sessions_through(tables.client.clone(), (site.steps)().pop().unwrap());
        let browser = sign_in(&sessions, citizen(AN.0)).await;
        let other = session_key(&sessions, &sign_in(&sessions, citizen(AN.0)).await).await;
        let entry = tables.activity().record(&an, Act::SignedIn, &by()).await.unwrap();
        let version = tables.messages().find(&an).await.unwrap().unwrap().version;
        let job = tables.begin(&an).await;
        let before = tables.of_citizen(&an).await;

        let (messages, activity, rows) = (tables.messages(), tables.activity(), tables.open_sessions());
        for version in [0, 1, version, version + 1, u64::MAX] {
            let saved = messages.save(&an, text("late"), version, &by()).await;
            assert!(saved.is_err(), "{}, {version}: {saved:?}", site.name);
            assert!(messages.delete(&an, version, &by()).await.is_err());
        }
        assert!(messages.find(&an).await.is_err() && messages.version(&an).await.is_err());
        assert!(matches!(sessions.open(citizen(AN.0), &context()).await, Ok(Opened::BeingDeleted)), "{}", site.name);
        for act in [Act::DataExported { by: Actor::Citizen }, Act::SignedIn] {
            assert!(activity.record(&an, act, &by()).await.is_err(), "{}", site.name);
        }
        assert!(activity.count_api_read(&an, Uuid::now_v7(), &by()).await.is_err());
        assert!(end_by_key(&rows, &activity, &an, &other, EndedBy::OtherDevice, &by()).await.is_err());
        assert_eq!(tables.of_citizen(&an).await, before, "{}", site.name);

        // What ends meanwhile leaves no entry.
        let entries = tables.entries(&an).await.len();
        sessions.end(&browser, &context(), server::sessions::Because::SignedOut, || true).await;
        assert!(sessions.find(&browser, &context()).await.unwrap().is_none());
        activity.count_read(&an, entry).await.unwrap();
        activity.move_to_current(&an).await;
        assert_eq!(tables.entries(&an).await.len(), entries, "{}", site.name);
        tables.erasures().carry_out(&job).await.unwrap();
        assert_nothing_left(site.name, &tables, &an).await;
    }
}

#[tokio::test]
async fn a_deletion_that_is_asked_for_again_has_the_same_receipt() {
    for site in SITES {
        let tables = Tables::create().await;
        site.fill(&tables, AN.0, 1).await;
        let an = site.of(AN.0);
        assert!(tables.erasures().promised(&an).await.unwrap().is_none());
        let mut requests = JoinSet::new();
        for number in 0..6 {
            let (erasures, an) = (tables.erasures(), an.clone());
            requests.spawn(async move { erasures.begin(&an, Reference([number; 4])).await.unwrap().receipt });
        }
        let receipts = requests.join_all().await;
        let promised = tables.erasures().promised(&an).await.unwrap().unwrap();
        assert!(receipts.iter().all(|receipt| *receipt == promised.receipt), "{}: {receipts:?}", site.name);
        let jobs = tables.record_items().await;
        assert_eq!(jobs.iter().filter(|item| item["pk"].as_s().unwrap() == "erasures").count(), 1);
        assert!(tables.erasures().promised(&site.of(BRAM)).await.unwrap().is_none());
        tables.erasures().carry_out(&promised).await.unwrap();
        // There is nothing to delete, which is no failure.
        let Receipt { reference, .. } = tables.begin(&an).await.receipt;
        assert_eq!(reference, "0102-0304");
        tables.erasures().resume_all().await;
        assert_nothing_left(site.name, &tables, &an).await;
    }
}

#[tokio::test]
async fn a_deletion_that_another_step_of_a_key_change_has_promised_is_found() {
    let tables = Tables::create().await;
    SITES[2].fill(&tables, AN.0, 1).await;
    let job = tables.begin(&two_keys::reads_both()).await;
    let found = tables.erasures().promised(&two_keys::moves()).await.unwrap().unwrap();
    assert_eq!(found.receipt, job.receipt);
    assert_eq!(tables.begin(&two_keys::moves()).await.receipt, job.receipt);
    tables.erasures().carry_out(&found).await.unwrap();
    assert_nothing_left("two steps", &tables, &two_keys::moves()).await;
}

#[tokio::test]
async fn several_servers_carry_out_the_same_deletion() {
    for site in SITES {
        let tables = Tables::create().await;
        site.fill(&tables, AN.0, 40).await;
        site.fill(&tables, BRAM, 1).await;
        let (an, bram) = (site.of(AN.0), site.of(BRAM));
        let brams = tables.of_citizen(&bram).await;
        let job = tables.begin(&an).await;
        let mut servers = JoinSet::new();
        for number in 0..4 {
            let (erasures, job) = (tables.erasures(), job.clone());
            servers.spawn(async move {
                match number {
                    0 => erasures.carry_out(&job).await.unwrap(),
                    _ => erasures.resume_all().await,
                }
            });
        }
        servers.join_all().await;
        assert_nothing_left(site.name, &tables, &an).await;
        assert_eq!(tables.of_citizen(&bram).await, brams, "{}", site.name);
    }
}

#[tokio::test]
async fn a_server_that_is_late_deletes_nothing_of_what_came_after() {
    for site in SITES {
        let tables = Tables::create().await;
        site.fill(&tables, AN.0, 2).await;
        let an = site.of(AN.0);
        let job = tables.begin(&an).await;
        tables.erasures().carry_out(&job).await.unwrap();
        // The citizen signs in again. Another server still has the job.
        site.fill(&tables, AN.0, 2).await;
        let before = tables.of_citizen(&an).await;
        tables.erasures().carry_out(&job).await.unwrap();
        assert_eq!(tables.of_citizen(&an).await, before, "{}", site.name);
        // Nor has a second deletion anything to do with the first one.
        let second = tables.begin(&an).await;
        assert!(second.receipt.at > job.receipt.at);
        let before = tables.of_citizen(&an).await;
        tables.erasures().carry_out(&job).await.unwrap();
        assert_eq!(tables.of_citizen(&an).await, before, "{}", site.name);
        tables.erasures().carry_out(&second).await.unwrap();
        assert_nothing_left(site.name, &tables, &an).await;
    }
}

/// The server dies after any number of its requests to DynamoDB. Another one finishes.
#[tokio::test]
async fn a_deletion_that_is_interrupted_at_any_request_is_finished_by_another_server() {
    for site in SITES {
        let tables = Tables::create().await;
        let line = Line::to(&tables.endpoint);
        let dying = Erasures::new(tables.records_through(client_of_server(&line.url()).await), no_security_log());
        site.fill(&tables, BRAM, 1).await;
        let (an, bram) = (site.of(AN.0), site.of(BRAM));
        let brams = tables.of_citizen(&bram).await;
        let mut requests = 0;
        loop {
            let what = format!("{}, {requests} requests", site.name);
            // More than one batch.
            site.fill(&tables, AN.0, 15).await;
            let before = tables.of_citizen(&an).await;
            line.set(State::EndsAfter(requests));
            let outcome = match dying.begin(&an, REFERENCE).await {
                Ok(job) => dying.carry_out(&job).await,
                Err(error) => Err(error),
            };
            let is_interrupted = line.has_ended();
            assert_eq!(outcome.is_err(), is_interrupted, "{what}: {outcome:?}");
            line.set(State::Whole);
            if requests == 0 {
                // Nothing was promised.
                assert_eq!(tables.of_citizen(&an).await, before);
            } else if is_interrupted {
                assert!(tables.erasures().promised(&an).await.unwrap().is_some(), "{what}: the promise is lost");
            }
            tables.erasures().resume_all().await;
            if requests == 0 {
                let job = tables.begin(&an).await;
                tables.erasures().carry_out(&job).await.unwrap();
            }
            assert_nothing_left(&what, &tables, &an).await;
            assert_eq!(tables.of_citizen(&bram).await, brams, "{what}");
            if !is_interrupted {
                break;
            }
            requests += 1;
            assert!(requests < 100, "the deletion never ends");
        }
        assert!(requests > 10, "{}: it ended after {requests} requests", site.name);
    }
}

#[tokio::test]
async fn a_deletion_survives_lost_responses_and_throttling() {
    let site = &SITES[2];
    let tables = Tables::create().await;
    let line = Line::to(&tables.endpoint);
    let erasures = Erasures::new(tables.records_through(client_of_server(&line.url()).await), no_security_log());
    let an = site.of(AN.0);
    for state in [State::LosesResponse, State::Drops(1), State::Throttles, State::BreaksOff, State::Silent, State::Cut]
    {
        site.fill(&tables, AN.0, 1).await;
        let before = tables.of_citizen(&an).await;
        line.set(state);
        let begun = erasures.begin(&an, REFERENCE).await;
        line.set(State::Whole);
        // Whatever the server was told: either nothing happened, or the deletion is promised.
        let is_promised = tables.erasures().promised(&an).await.unwrap().is_some();
        assert!(is_promised || begun.is_err(), "{state:?}");
        assert!(is_promised || tables.of_citizen(&an).await == before, "{state:?}");
        let job = tables.begin(&an).await;
        line.set(state);
        let carried_out = erasures.carry_out(&job).await;
        line.set(State::Whole);
        assert!(carried_out.is_err() || tables.of_citizen(&an).await.is_empty(), "{state:?}");
        erasures.resume_all().await;
        assert_nothing_left(&format!("{state:?}"), &tables, &an).await;
    }
}

#[tokio::test]
async fn what_dynamodb_leaves_unprocessed_is_deleted_in_the_end() {
    let site = &SITES[0];
    let tables = Tables::create().await;
    let throttled = Throttled::start(&tables.endpoint, 7).await;
    let erasures = Erasures::new(tables.records_through(client_of_server(throttled.url()).await), no_security_log());
    let an = site.of(AN.0);
    site.fill(&tables, AN.0, 40).await;
    let job = tables.begin(&an).await;
    erasures.carry_out(&job).await.unwrap();
    assert_nothing_left("seven at a time", &tables, &an).await;
    // Nothing is processed, so the server gives up. The job stays.
    site.fill(&tables, AN.0, 3).await;
    let job = tables.begin(&an).await;
    throttled.set(0);
    let carried_out = tokio::time::timeout(testkit::TIMEOUT, erasures.carry_out(&job)).await;
    assert!(carried_out.expect("the server does not give up").is_err());
    assert_eq!(tables.erasures().promised(&an).await.unwrap().unwrap().receipt, job.receipt);
    throttled.set(25);
    erasures.resume_all().await;
    assert_nothing_left("all at once", &tables, &an).await;
}

#[tokio::test]
async fn a_thousand_entries_are_deleted() {
    let tables = Tables::create().await;
    let (an, bram) = (record_keys(AN.0), record_keys(BRAM));
    let place = AttributeValue::S(an.current.as_str().to_owned());
    for batch in 0..40 {
        let entry = |_| {
            let sort = AttributeValue::S(format!("event#{}", Uuid::now_v7()));
            let kind = AttributeValue::S("signed_out".to_owned());
            let request = PutRequest::builder().item("pk", place.clone()).item("sk", sort).item("kind", kind);
            WriteRequest::builder().put_request(request.build().unwrap()).build()
        };
        let request = tables.client.batch_write_item();
        let entries: Vec<_> = (0..25).map(entry).collect();
        let answer = request.request_items(&tables.names.records_table, entries).send().await.unwrap();
        assert!(answer.unprocessed_items.unwrap_or_default().is_empty(), "batch {batch}");
    }
    tables.messages().save(&an, text("her words"), 0, &by()).await.unwrap();
    tables.messages().save(&bram, text("his words"), 0, &by()).await.unwrap();
    assert_eq!(tables.of_citizen(&an).await.len(), 1_002);
    let job = tables.begin(&an).await;
    tables.erasures().carry_out(&job).await.unwrap();
    assert_nothing_left("a long activity", &tables, &an).await;
    assert_eq!(tables.of_citizen(&bram).await.len(), 2);
}

#[tokio::test]
async fn what_happens_at_the_same_time_as_the_promise_happens_whole_or_not_at_all() {
    for site in SITES {
        let tables = Arc::new(Tables::create().await);
        let an = site.of(AN.0);
        for round in 0..12_u64 {
            let sessions = tables.sessions_through(tables.client.clone(), (site.steps)().pop().unwrap());
            let first = tables.messages().save(&an, text("first"), 0, &by()).await.unwrap();
            assert!(matches!(first, Outcome::Stored(_)), "round {round}");
            let (messages, by) = (tables.messages(), by());
            let pause = std::time::Duration::from_micros(round * 150);
            let late = async {
                tokio::time::sleep(pause).await;
                tables.begin(&an).await
            };
            let (saved, opened, exported, job) = tokio::join!(
                messages.save(&an, text("second"), 1, &by),
                async { sessions.open(citizen(AN.0), &context()).await.unwrap() },
                async { tables.activity().record(&an, Act::DataExported { by: Actor::Citizen }, &by).await },
                late,
            );
            let acts = tables.acts(&an).await;
            let count = |wanted: Act| acts.iter().filter(|act| **act == wanted).count();
            let is_saved = matches!(saved, Ok(Outcome::Stored(_)));
            assert!(is_saved || saved.is_err(), "{}: {saved:?}", site.name);
            assert_eq!(
                count(Act::MessageSaved { version: 2, by: Actor::Citizen }),
                usize::from(is_saved),
                "{}",
                site.name
            );
            assert_eq!(count(Act::DataExported { by: Actor::Citizen }), usize::from(exported.is_ok()), "{}", site.name);
            let is_open = matches!(opened, Opened::Session(_));
            assert_eq!(count(Act::SignedIn), usize::from(is_open), "{}", site.name);
            assert_eq!(tables.session_items().await.len(), usize::from(is_open), "{}", site.name);
            assert!(tables.message_items().await.is_empty(), "{}: a message is beside the mark", site.name);
            tables.erasures().carry_out(&job).await.unwrap();
            assert_nothing_left(&format!("{}, round {round}", site.name), &tables, &an).await;
        }
    }
}

#[tokio::test]
async fn a_session_that_the_index_does_not_have_yet_is_deleted() {
    let site = &SITES[0];
    let tables = Tables::create().await;
    let an = site.of(AN.0);
    let sessions = tables.sessions();
    let browser = sign_in(&sessions, citizen(AN.0)).await;
    for mut item in tables.session_items().await {
        item.remove("citizen");
        let request = tables.client.put_item().table_name(&tables.names.sessions_table);
        request.set_item(Some(item)).send().await.unwrap();
    }
    assert!(sessions.find(&browser, &context()).await.unwrap().is_some());
    let job = tables.begin(&an).await;
    tables.erasures().carry_out(&job).await.unwrap();
    assert!(tables.session_items().await.is_empty(), "it is still open");
    assert_nothing_left("an index that is late", &tables, &an).await;
}
