//! Two servers of one site behind a balancer, and the change of the site's keys by the steps of `docs/KEYS.md`.

use std::{
    fs::File,
    net::SocketAddr,
    process::{Command, Stdio},
    time::Duration,
};

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use reqwest::StatusCode;
use server::{
    aws,
    config::{Config, Source},
};
use testkit::{Example, Scratch, client, example::PSEUDONYM_KEY};
use tokio::time::Instant;

use crate::{balancer::Balancer, process::Server, report::Report};

const OLD: &str = "1MF3Xx0tPq0l3xT4m9O1cW8fIhYkZ0a7nQb2sRgVdEo=";
const NEW: &str = "hV5y2uK8bqv0Nw7mZc1dTj4rXe9fGs6LpA3iOoQlRkU=";
const NEW_PSEUDONYM_KEY: &str = "Zk3vQy8sTn1hWc6rLx0pBj5mEd9uGa2fKo7iXe4tRwM=";
/// How often to look whether a server is ready, or the records have moved.
const PAUSE: Duration = Duration::from_millis(20);

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

/// Two servers behind a balancer.
pub(crate) struct Servers {
    example: Example,
    addresses: [SocketAddr; 2],
    servers: Vec<Server>,
    balancer: Balancer,
    deployed: usize,
    left_records: Option<i32>,
    /// The log of both servers.
    log: File,
}

impl Servers {
    /// Starts two servers at `ports`, behind a balancer at `port`, with the configuration before the change.
    pub(crate) async fn start(example: Example, port: u16, ports: [u16; 2], log: File, work: &Scratch) -> Self {
        let at = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        let addresses = ports.map(at);
        let servers = addresses.map(|address| launch(&example, &STEPS[0], address, &log, work)).into();
        for address in addresses {
            until_ready(address).await;
        }
        let balancer = Balancer::start(at(port), &addresses).await;
        Self { example, addresses, servers, balancer, deployed: 0, left_records: None, log }
    }

    /// Deploys every step, spread over the time until `end`.
    pub(crate) async fn change_keys(&mut self, end: Instant, work: &Scratch) {
        let slot = (end - Instant::now()) / STEPS.len() as u32;
        let mut next = Instant::now() + slot / 2;
        for step in &STEPS[1..] {
            tokio::time::sleep_until(next).await;
            next += slot;
            let removes_key = self.deployed + 2 == STEPS.len();
            while removes_key && Instant::now() < end && self.count_left_records().await > 0 {
                tokio::time::sleep(PAUSE * 10).await;
            }
            if removes_key && self.left_records != Some(0) {
                println!("        not deployed, because records are left: {}", step.name);
                break;
            }
            for (index, address) in self.addresses.into_iter().enumerate() {
                self.balancer.take_out(index).await;
                self.servers[index].terminate().await;
                self.servers[index] = launch(&self.example, step, address, &self.log, work);
                until_ready(address).await;
                self.balancer.put_back(index);
            }
            println!("        deployed: {}", step.name);
            self.deployed += 1;
        }
    }

    pub(crate) fn report(&self, report: &mut Report) {
        report.at_least("steps of the key changes that were deployed", self.deployed as f64, (STEPS.len() - 1) as f64);
        if let Some(left) = self.left_records {
            report.at_most("records left under the previous pseudonym key", left.into(), 0.0);
        }
    }

    /// Counts the items under the previous key, as `docs/KEYS.md` does.
    async fn count_left_records(&mut self) -> i32 {
        let config = Config::read(Source::from_toml(&self.example.to_toml())).expect("the configuration");
        let client = aws::dynamodb_client(&config, &aws::settings(&config).await);
        let scan = client.scan().table_name(&config.dynamodb.records_table).select(Select::Count);
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

/// Starts a server at `address` with the configuration of `step`.
fn launch(example: &Example, step: &Step, address: SocketAddr, log: &File, work: &Scratch) -> Server {
    let toml = step.example(example).listen(&address.to_string()).to_toml();
    let config = work.file(&format!("{}.toml", address.port()), &toml);
    let log = log.try_clone().expect("the log");
    Server::start(&config, &format!("http://{address}"), Stdio::from(log))
}

/// Waits until the server would be put back by a load balancer.
async fn until_ready(address: SocketAddr) {
    let url = format!("http://{address}/readyz");
    while !client().get(&url).send().await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
        tokio::time::sleep(PAUSE).await;
    }
}

impl Server {
    /// Stops it as an operator does (SIGTERM), and waits until it has ended.
    async fn terminate(&mut self) {
        let sent = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "the server is gone");
        while self.child.try_wait().expect("a status").is_none() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}
