//! Checks of the tables, as far as the server's own rights go.

use aws_sdk_dynamodb::{Client, types::BillingMode};

use super::{Line, line};
use crate::{
    aws::{self, Denied, ProbeError, TableError},
    config::Config,
};

/// What the role's policy is in the templates.
const ROLE: &str = "this server's role (TaskRole of infra/app.yaml)";

/// For each table, a line about its shape and one about what the server may do.
pub(super) async fn check(client: &Client, config: &Config) -> Vec<Line> {
    let mut lines = Vec::new();
    for (table, result) in aws::check_tables(client, &config.dynamodb).await {
        let result = result.map(|billing| described(&billing)).map_err(|error| shape_problem(&error));
        lines.push(line(&format!("table {table}"), result));
    }
    for (table, result) in aws::probe_tables(client, &config.dynamodb).await {
        let result = result.map_err(|error| match error {
            ProbeError::Denied(denied) => not_allowed(&table, &denied),
            ProbeError::Unavailable(error) => {
                let fix = match error.reason.as_str() {
                    "timed out" | "unreachable" => "check dynamodb.endpoint_url and the network",
                    "ResourceNotFoundException" => "create the table with `server create-tables`",
                    _ => "compare the table with docs/ARCHITECTURE.md",
                };
                format!("{error}; {fix}")
            }
        });
        let found = "every action is allowed, and an item was written, read and deleted";
        lines.push(line(&format!("permissions {table}"), result.map(|()| found.to_owned())));
    }
    lines
}

fn described(billing: &BillingMode) -> String {
    let billing = match billing {
        BillingMode::PayPerRequest => "on demand",
        _ => "with provisioned capacity",
    };
    format!("keys and settings are correct, {billing}")
}

fn shape_problem(error: &TableError) -> String {
    match error {
        TableError::Unavailable(error) if error.reason == "ResourceNotFoundException" => {
            format!("{error}; create the table with `server create-tables`, or as described in docs/ARCHITECTURE.md")
        }
        TableError::Unavailable(error) if error.reason.contains("AccessDenied") => {
            format!("{error}; allow {ROLE} dynamodb:{} on the table", error.operation)
        }
        TableError::Unavailable(error) => {
            format!("{error}; check dynamodb.endpoint_url, the AWS credentials and the network route to DynamoDB")
        }
        TableError::Shape { .. } => {
            format!(
                "{error}; set the table up as described in docs/ARCHITECTURE.md; changing its keys needs a new table"
            )
        }
    }
}

/// Each action that is missing, and where.
fn not_allowed(table: &str, denied: &Denied) -> String {
    let mut parts = Vec::new();
    if !denied.on_table.is_empty() {
        parts.push(format!("{} on the table {table}", denied.on_table.join(", ")));
    }
    if !denied.on_index.is_empty() {
        parts.push(format!("{} on its index by_citizen", denied.on_index.join(", ")));
    }
    if denied.by_key {
        parts.push(
            "kms:Decrypt on the KMS key of the table (the table allows the call, and its key does not)".to_owned(),
        );
    }
    format!("these credentials may not do everything: allow {ROLE} {}", parts.join(", and "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_action_is_named_with_its_place() {
        let denied = Denied { on_table: vec!["dynamodb:PutItem", "dynamodb:Query"], on_index: vec![], by_key: false };
        assert!(not_allowed("t", &denied).ends_with("dynamodb:PutItem, dynamodb:Query on the table t"));
        let denied = Denied { on_table: vec![], on_index: vec!["dynamodb:Query"], by_key: true };
        let text = not_allowed("t", &denied);
        assert!(text.contains("dynamodb:Query on its index by_citizen, and kms:Decrypt"), "{text}");
    }
}
