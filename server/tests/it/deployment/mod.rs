//! The server under the role of the templates in `infra`, as `scripts/deployment.sh` has deployed them to an emulator. A gate before
//! the emulator gives out credentials as ECS does, and notes every call. Afterwards the script compares the calls with the role.
//!
//! Without the script there is nothing to test, so these tests are ignored elsewhere.

mod place;
mod rights;
mod tour;

use aws_lc_rs::hmac;
use server::{
    SecurityLog,
    citizen::{Eid, Pseudonyms, RecordKeys},
    config::{Config, EidRules, Source},
    records::{Erasures, Table},
    request_context::Reference,
    secret::ServerKey,
};
use testkit::{Example, until};
use time::Duration;

use self::{
    place::{CHANGING, FUNCTION, Place, TASK, text},
    tour::Tour,
};
use crate::{
    journey::save,
    support::site::{client_of, everything_in, scan},
};

/// An is on the page of each provider; numbered citizens are not.
const AN: &str = "an";

#[tokio::test]
#[ignore = "scripts/deployment.sh runs it"]
async fn check_finds_nothing_wrong() {
    for environment in [TASK, CHANGING, FUNCTION] {
        let place = Place::start(environment).await;
        let ended = place.check().await;
        assert_eq!(ended.code, Some(0), "{environment}: {}\n{}", ended.stdout, ended.stderr);
        let lines = ended.stdout.lines().count();
        assert!(lines > 20 && !ended.stdout.contains("FAIL"), "{environment}: {}", ended.stdout);
    }
}

#[tokio::test]
#[ignore = "scripts/deployment.sh runs it"]
async fn citizens_and_case_workers_use_the_site() {
    for environment in [TASK, CHANGING, FUNCTION] {
        let mut place = Place::start(environment).await;
        let server = place.serve().await.unwrap_or_else(|log| panic!("{environment}: {log}"));
        Tour::new().run(&place, &server, AN).await;
        assert_eq!(place.denied().await, [""; 0], "{environment}");
        let log = server.log();
        // It would drain first, as the container does.
        server.kill();
        assert!(!log.contains("panicked") && !log.contains("\"level\":\"ERROR\""), "{environment}: {log}");
    }
}

/// The citizen of a deletion that a server promised and did not carry out.
const LEFT: &str = "n-0200";
/// Her number at itsme, and her namespace.
const LEFT_NUMBER: (&str, &str) = ("60010120067", "BE");

#[tokio::test]
#[ignore = "scripts/deployment.sh runs it"]
async fn a_deletion_that_another_server_left_is_finished() {
    let mut place = Place::start(TASK).await;
    let server = place.serve().await.unwrap();
    let mut browser = place.browser(&server);
    let callback = browser.decide("/login/itsme", LEFT, "approve").await;
    browser.get(&callback).await;
    save(&mut browser, "words that must go").await;
    server.kill();

    let environment = place.environment.clone();
    let names =
        [text(&environment, "MYDATA_DYNAMODB__RECORDS_TABLE"), text(&environment, "MYDATA_DYNAMODB__SESSIONS_TABLE")];
    let client = client_of(text(&place.deployment, "emulator"));
    let citizen = citizen(text(&place.deployment["secrets"], "pseudonymKeySecretArn"));
    let left = async || {
        let mut left = Vec::new();
        for name in names {
            left.extend(scan(&client, name).await.iter().map(everything_in));
        }
        left.retain(|item| item.contains(citizen.current.as_str()));
        left
    };
    assert!(left().await.len() > 3, "{:?}", left().await);
    let tables = server::config::DynamoDb {
        records_table: names[0].to_owned(),
        sessions_table: names[1].to_owned(),
        ..Config::read(Source::from_toml(&Example::aws().to_toml())).unwrap().dynamodb
    };
    let security = SecurityLog::new(None, hmac::Key::new(hmac::HMAC_SHA256, b""));
    let erasures = Erasures::new(Table::new(client.clone(), &tables, Duration::days(365)), security);
    erasures.begin(&citizen, Reference([1, 2, 3, 4])).await.unwrap();
    let server = place.serve().await.unwrap();
    until("nothing of the citizen is left", async || left().await.is_empty()).await;
    assert_eq!(place.denied().await, [""; 0]);
    server.kill();
}

/// Where the records of the citizen are.
fn citizen(key: &str) -> RecordKeys {
    let (number, namespace) = LEFT_NUMBER;
    let eid = Eid::parse(number, &EidRules::default()).unwrap();
    Pseudonyms::new(1, &ServerKey::decode(key).unwrap()).of(namespace, &eid)
}
