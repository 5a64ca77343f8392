use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    types::{
        AttributeDefinition, BillingMode, BillingModeSummary, GlobalSecondaryIndex, IndexStatus, KeySchemaElement,
        KeyType, Projection, ProjectionType, ScalarAttributeType, TableDescription, TableStatus,
        TimeToLiveSpecification, TimeToLiveStatus,
    },
};

use super::{Unavailable, built};
use crate::config::DynamoDb;

/// The attribute with the time at which DynamoDB may delete an item: a session, or an entry of a citizen's activity.
const TTL_ATTRIBUTE: &str = "expires_at";

/// The required shape of one table.
struct Shape<'a> {
    name: &'a str,
    /// The partition key, then the sort key if any.
    keys: &'static [&'static str],
    /// A global secondary index: name and partition key.
    index: Option<(&'static str, &'static str)>,
}

fn shapes(config: &DynamoDb) -> [Shape<'_>; 2] {
    [
        Shape { name: &config.records_table, keys: &["pk", "sk"], index: None },
        Shape { name: &config.sessions_table, keys: &["pk"], index: Some(("by_citizen", "citizen")) },
    ]
}

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The table cannot be described.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// A part of the table is missing or different.
    #[error("table {table}: {problem}")]
    Shape {
        /// The table's name.
        table: String,
        /// What is wrong.
        problem: &'static str,
    },
}

/// Creates the missing tables and waits until they are active.
///
/// # Errors
/// DynamoDB fails or refuses.
pub async fn create_tables(client: &Client, config: &DynamoDb) -> Result<(), Unavailable> {
    for shape in shapes(config) {
        create(client, &shape).await?;
        wait_until_active(client, shape.name).await?;
        enable_ttl(client, shape.name).await?;
    }
    Ok(())
}

/// Checks that each table exists with its keys, index and TTL, and is ready. Returns each table's name, and how it is billed or what is
/// wrong.
pub async fn check_tables(client: &Client, config: &DynamoDb) -> Vec<(String, Result<BillingMode, TableError>)> {
    let mut results = Vec::new();
    for shape in shapes(config) {
        results.push((shape.name.to_owned(), check(client, &shape).await));
    }
    results
}

async fn create(client: &Client, shape: &Shape<'_>) -> Result<(), Unavailable> {
    let roles = [KeyType::Hash, KeyType::Range];
    let attributes = shape.keys.iter().copied().chain(shape.index.map(|(_, key)| key));
    let mut request = client.create_table().table_name(shape.name).billing_mode(BillingMode::PayPerRequest);
    for name in attributes {
        request = request.attribute_definitions(built(
            AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build(),
        ));
    }
    for (name, role) in shape.keys.iter().zip(roles) {
        request = request.key_schema(built(KeySchemaElement::builder().attribute_name(*name).key_type(role).build()));
    }
    if let Some((name, key)) = shape.index {
        let key = built(KeySchemaElement::builder().attribute_name(key).key_type(KeyType::Hash).build());
        let keys_only = Projection::builder().projection_type(ProjectionType::KeysOnly).build();
        request = request.global_secondary_indexes(built(
            GlobalSecondaryIndex::builder().index_name(name).key_schema(key).projection(keys_only).build(),
        ));
    }
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception()) => Ok(()),
        Err(error) => Err(Unavailable::new("CreateTable", shape.name, &error)),
    }
}

async fn wait_until_active(client: &Client, table: &str) -> Result<(), Unavailable> {
    for _ in 0..60 {
        let answer = client
            .describe_table()
            .table_name(table)
            .send()
            .await
            .map_err(|error| Unavailable::new("DescribeTable", table, &error))?;
        if answer.table().and_then(TableDescription::table_status) == Some(&TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err(Unavailable {
        operation: "DescribeTable",
        table: table.to_owned(),
        reason: "not active after a minute".to_owned(),
    })
}

/// Enables TTL unless it is enabled: AWS refuses a second request.
async fn enable_ttl(client: &Client, table: &str) -> Result<(), Unavailable> {
    if has_ttl(client, table).await? {
        return Ok(());
    }
    let setting = built(TimeToLiveSpecification::builder().attribute_name(TTL_ATTRIBUTE).enabled(true).build());
    let request = client.update_time_to_live().table_name(table).time_to_live_specification(setting);
    request.send().await.map(drop).map_err(|error| Unavailable::new("UpdateTimeToLive", table, &error))
}

async fn has_ttl(client: &Client, table: &str) -> Result<bool, Unavailable> {
    let answer = client
        .describe_time_to_live()
        .table_name(table)
        .send()
        .await
        .map_err(|error| Unavailable::new("DescribeTimeToLive", table, &error))?;
    Ok(answer.time_to_live_description().is_some_and(|ttl| {
        matches!(ttl.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
            && ttl.attribute_name() == Some(TTL_ATTRIBUTE)
    }))
}

async fn check(client: &Client, shape: &Shape<'_>) -> Result<BillingMode, TableError> {
    let wrong = |problem| Err(TableError::Shape { table: shape.name.to_owned(), problem });
    let answer = client
        .describe_table()
        .table_name(shape.name)
        .send()
        .await
        .map_err(|error| Unavailable::new("DescribeTable", shape.name, &error))?;
    let Some(table) = answer.table() else { return wrong("DynamoDB returned no description") };
    match table.table_status() {
        None | Some(TableStatus::Active | TableStatus::Updating) => {}
        Some(TableStatus::InaccessibleEncryptionCredentials) => {
            return wrong("its KMS key cannot be used: enable the key, or cancel its deletion, within seven days");
        }
        Some(_) => return wrong("it is not ACTIVE: wait, or restore it"),
    }
    let is_text = |name: &str| {
        let found = table.attribute_definitions().iter().find(|attribute| attribute.attribute_name() == name);
        found.is_some_and(|attribute| *attribute.attribute_type() == ScalarAttributeType::S)
    };
    let has_keys = |schema: &[KeySchemaElement], keys: &[&str]| {
        schema.iter().map(KeySchemaElement::attribute_name).eq(keys.iter().copied())
            && keys.iter().all(|key| is_text(key))
    };
    if !has_keys(table.key_schema(), shape.keys) {
        return wrong(match shape.keys {
            [_] => "its key must be pk (S) only",
            _ => "its keys must be pk (S) and sk (S)",
        });
    }
    if let Some((name, key)) = shape.index {
        let found = table.global_secondary_indexes().iter().find(|index| index.index_name() == Some(name));
        let Some(index) = found.filter(|index| has_keys(index.key_schema(), &[key])) else {
            return wrong("it has no index by_citizen on citizen (S)");
        };
        if index.projection().and_then(Projection::projection_type) != Some(&ProjectionType::KeysOnly) {
            return wrong("its index by_citizen must have keys only (KEYS_ONLY): delete the index and create it again");
        }
        if !matches!(index.index_status(), None | Some(IndexStatus::Active | IndexStatus::Updating)) {
            return wrong("its index by_citizen is not ACTIVE: wait until it is");
        }
    }
    if !has_ttl(client, shape.name).await? {
        return wrong("its time to live must be enabled for the attribute expires_at");
    }
    let billing = table.billing_mode_summary().and_then(BillingModeSummary::billing_mode).cloned();
    Ok(billing.unwrap_or(BillingMode::Provisioned))
}
