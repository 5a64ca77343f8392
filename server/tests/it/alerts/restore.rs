//! The restore drill of `docs/operations.md`. Only AWS can restore a table, so here a copy stands for the restored one.

use std::{collections::HashMap, io::Write as _, process::Stdio};

use aws_sdk_dynamodb::types::AttributeValue;
use server::{aws, config::DynamoDb};

use super::page::PAGE;
use crate::support::{
    AN, process,
    site::{Site, everything_in, scan},
};

/// The line of the page that reads the restored table: its variable, and the arguments of the server.
fn command_of_the_page() -> ((&'static str, &'static str), Vec<&'static str>) {
    let line = PAGE.lines().find(|line| line.starts_with("MYDATA_DYNAMODB__RECORDS_TABLE=")).unwrap();
    let mut words = line.split('#').next().unwrap().split_whitespace();
    let variable = words.next().unwrap().split_once('=').unwrap();
    assert_eq!(words.next(), Some("server"));
    (variable, words.collect())
}

fn sorted(items: &[HashMap<String, AttributeValue>]) -> Vec<String> {
    let mut items: Vec<_> = items.iter().map(everything_in).collect();
    items.sort_unstable();
    items
}

#[tokio::test]
async fn the_restore_drill_reads_the_copy_and_leaves_the_tables_alone() {
    let ((variable, restored), arguments) = command_of_the_page();
    let site = Site::start().await;
    let mut browser = site.browser();
    browser.sign_in("an").await;
    browser.post("/api/save_message", &[("text", "restored"), ("version", "0")]).await;
    let (records, sessions) = (site.records().await, site.sessions().await);
    let others = "not-used".to_owned();
    let tables =
        DynamoDb { records_table: restored.to_owned(), sessions_table: others, ..site.config.dynamodb.clone() };
    aws::create_tables(&site.tables, &tables).await.unwrap();
    for item in &records {
        site.tables.put_item().table_name(restored).set_item(Some(item.clone())).send().await.unwrap();
    }

    let config = site.scratch.file("my.toml", &site.toml);
    let mut command = process::command(config.parent().unwrap());
    command.args(arguments).env(variable, restored);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(AN.0.as_bytes()).unwrap();
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let [export, log] = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert!(ended.status.success(), "{log}");
    assert!(export.contains("\"restored\""), "{export}");
    assert_eq!(sorted(&site.records().await), sorted(&records), "the table of citizens");
    assert_eq!(sorted(&site.sessions().await), sorted(&sessions), "the sessions");
    assert_eq!(scan(&site.tables, restored).await.len(), records.len() + 1, "the copy has the entry about the export");
}
