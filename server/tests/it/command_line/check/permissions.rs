//! What the server's role lacks is named: each action on each table, and the KMS key.

use super::{assert_fails, assert_passes, without_second};
use crate::support::{
    denied::{Denied, Rule},
    site::Site,
};

const RECORDS: &str = "mydata-records";
const SESSIONS: &str = "mydata-sessions";
const BY_IAM: &str = "User: arn:aws:sts::123456789012:assumed-role/task/1 is not authorized to perform this action";
const BY_KEY: &str = "User: arn:aws:sts::123456789012:assumed-role/task/1 is not authorized to perform: kms:Decrypt on resource: \
                      arn:aws:kms:eu-west-1:123456789012:key/1 with an explicit deny";

/// Each action that the role needs: on which table, and whether on its index.
const ACTIONS: [(&str, &str, bool); 12] = [
    ("GetItem", RECORDS, false),
    ("PutItem", RECORDS, false),
    ("UpdateItem", RECORDS, false),
    ("DeleteItem", RECORDS, false),
    ("ConditionCheckItem", RECORDS, false),
    ("Query", RECORDS, false),
    ("BatchWriteItem", RECORDS, false),
    ("GetItem", SESSIONS, false),
    ("PutItem", SESSIONS, false),
    ("DeleteItem", SESSIONS, false),
    ("BatchGetItem", SESSIONS, false),
    ("Query", SESSIONS, true),
];

#[tokio::test]
async fn each_action_that_is_missing_is_named_alone() {
    let site = Site::start().await;
    let denied = Denied::start(&site.line.url()).await;
    let toml = without_second(&site).to_toml().replace(&site.line.url(), denied.url());
    assert_passes(&site, &toml, &["permissions mydata-records", "permissions mydata-sessions"]).await;
    for (action, table, on_index) in ACTIONS {
        denied.set(Some(Rule { action, table: table.to_owned(), on_index, message: BY_IAM }));
        let place = if on_index { "on its index by_citizen".to_owned() } else { format!("on the table {table}") };
        let expected = format!("(TaskRole of infra/app.yaml) dynamodb:{action} {place}");
        let ended = assert_fails(&site, &toml, &[(&format!("permissions {table}"), &expected)]).await;
        assert_eq!(ended.stdout.matches("dynamodb:").count(), 1, "{}", ended.stdout);
        assert!(!ended.stdout.contains("assumed-role"), "{}", ended.stdout);
    }
    for action in ["DescribeTable", "DescribeTimeToLive"] {
        denied.set(Some(Rule { action, table: RECORDS.to_owned(), on_index: false, message: BY_IAM }));
        let expected = format!("dynamodb:{action} on the table");
        assert_fails(&site, &toml, &[("table mydata-records", &expected)]).await;
    }
    denied.set(None);
    assert!(site.records().await.is_empty() && site.sessions().await.is_empty());
}

#[tokio::test]
async fn a_key_that_refuses_is_told_apart_from_a_policy() {
    let site = Site::start().await;
    let denied = Denied::start(&site.line.url()).await;
    let toml = without_second(&site).to_toml().replace(&site.line.url(), denied.url());
    denied.set(Some(Rule { action: "PutItem", table: SESSIONS.to_owned(), on_index: false, message: BY_KEY }));
    let ended =
        assert_fails(&site, &toml, &[("permissions mydata-sessions", "kms:Decrypt on the KMS key of the table")]).await;
    assert!(!ended.stdout.contains("dynamodb:PutItem") && !ended.stdout.contains("key/1"), "{}", ended.stdout);
}
