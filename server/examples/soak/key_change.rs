//! The change of the site's keys by the steps of `docs/KEYS.md`: each is a rolling restart.

use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use testkit::{Example, Scratch, example::PSEUDONYM_KEY};
use tokio::time::Instant;

use crate::{citizen::World, report::Report, servers::Servers, tables};

const OLD: &str = "1MF3Xx0tPq0l3xT4m9O1cW8fIhYkZ0a7nQb2sRgVdEo=";
const NEW: &str = "hV5y2uK8bqv0Nw7mZc1dTj4rXe9fGs6LpA3iOoQlRkU=";
const NEW_PSEUDONYM_KEY: &str = "Zk3vQy8sTn1hWc6rLx0pBj5mEd9uGa2fKo7iXe4tRwM=";
/// How often to look whether the records have moved.
const PAUSE: Duration = Duration::from_secs(2);

/// A configuration that is deployed, and what it changes.
struct Step {
    name: &'static str,
    session_keys: &'static [&'static str],
    pseudonym_key: &'static str,
    pseudonym: &'static str,
}

/// The steps in their order. The run begins with the first configuration. Step 3 of the session keys, which removes the old one,
/// is left out: it has to wait for `session.absolute_minutes`. `tests/it/key_change.rs` has it.
const STEPS: [Step; 6] = [
    Step { name: "as before", session_keys: &[OLD], pseudonym_key: PSEUDONYM_KEY, pseudonym: "" },
    Step { name: "session keys, step 1", session_keys: &[OLD, NEW], pseudonym_key: PSEUDONYM_KEY, pseudonym: "" },
    Step { name: "session keys, step 2", session_keys: &[NEW, OLD], pseudonym_key: PSEUDONYM_KEY, pseudonym: "" },
    Step {
        name: "pseudonym key, step 1",
        session_keys: &[NEW, OLD],
        pseudonym_key: NEW_PSEUDONYM_KEY,
        pseudonym: "generation = 2\nprevious_key = \"{old}\"\nmove_records = false\n",
    },
    Step {
        name: "pseudonym key, step 2",
        session_keys: &[NEW, OLD],
        pseudonym_key: NEW_PSEUDONYM_KEY,
        pseudonym: "generation = 2\nprevious_key = \"{old}\"\n",
    },
    Step {
        name: "pseudonym key, step 3",
        session_keys: &[NEW, OLD],
        pseudonym_key: NEW_PSEUDONYM_KEY,
        pseudonym: "generation = 2\n",
    },
];

impl Step {
    fn example(&self, example: &Example) -> Example {
        let pseudonym = self.pseudonym.replace("{old}", PSEUDONYM_KEY);
        let keys = self.session_keys.join("\", \"");
        let more = format!("{pseudonym}[keys]\nsession = [\"{keys}\"]");
        example.clone().pseudonym_key(self.pseudonym_key).with(&more)
    }
}

/// The configuration before the change.
pub(crate) fn before(example: &Example) -> Example {
    STEPS[0].example(example)
}

/// How often a server is restarted in a change.
pub(crate) const RESTARTS: u32 = 2 * (STEPS.len() as u32 - 1);

/// What became of the change.
#[derive(Default)]
pub(crate) struct KeyChange {
    deployed: usize,
    left_records: Option<i32>,
}

impl KeyChange {
    /// Deploys every step, spread over the time until `end`. Leaves as much time as a step takes.
    /// Once records move, every citizen signs in again, and the activity moves with each.
    pub(crate) async fn run(servers: &mut Servers, world: &World, end: Instant, work: &Scratch) -> Self {
        let mut change = Self::default();
        let slot = (end - Instant::now()) / (STEPS.len() as u32 + 1);
        let mut next = Instant::now() + slot / 2;
        for step in &STEPS[1..] {
            tokio::time::sleep_until(next).await;
            next += slot;
            let removes_key = change.deployed + 2 == STEPS.len();
            while removes_key && Instant::now() < end && change.count_left_records(&servers.example).await > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            if removes_key && change.left_records != Some(0) {
                println!("        not deployed, because records are left: {}", step.name);
                break;
            }
            servers.restart(&step.example(&servers.example), work).await;
            println!("        deployed: {}", step.name);
            change.deployed += 1;
            if change.deployed + 2 == STEPS.len() {
                let _ = world.next_day.set(Instant::now());
            }
        }
        change
    }

    pub(crate) fn report(&self, report: &mut Report) {
        report.at_least("steps of the key changes that were deployed", self.deployed as f64, (STEPS.len() - 1) as f64);
        if let Some(left) = self.left_records {
            report.at_most("records left under the previous pseudonym key", left.into(), 0.0);
        }
    }

    /// Counts the items under the previous key, as `docs/KEYS.md` does.
    async fn count_left_records(&mut self, example: &Example) -> i32 {
        let (client, names) = tables::client(example).await;
        let scan = client.scan().table_name(&names.records_table).select(Select::Count);
        let scan = scan.filter_expression("begins_with(pk, :old)");
        let scan = scan.expression_attribute_values(":old", AttributeValue::S("v1#".to_owned()));
        let (mut pages, mut left) = (scan.into_paginator().send(), 0);
        while let Some(page) = pages.next().await {
            left += page.expect("a scan").count();
        }
        self.left_records = Some(left);
        left
    }
}
