use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
        ScalarAttributeType, TableDescription, TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
    },
};

use super::Unavailable;
use crate::config::DynamoDb;

/// The attribute that DynamoDB deletes expired sessions by.
const TTL_ATTRIBUTE: &str = "expires_at";

/// What one table must look like.
struct Shape<'a> {
    name: &'a str,
    /// Partition key, then sort key.
    keys: &'static [&'static str],
    /// A global secondary index: its name and its partition key.
    index: Option<(&'static str, &'static str)>,
    expires: bool,
}

fn shapes(config: &DynamoDb) -> [Shape<'_>; 2] {
    [
        Shape { name: &config.records_table, keys: &["pk", "sk"], index: None, expires: false },
        Shape { name: &config.sessions_table, keys: &["pk"], index: Some(("by_citizen", "citizen")), expires: true },
    ]
}

/// Why a table is not as it must be.
#[derive(Debug, thiserror::Error)]
pub enum TableFault {
    /// It cannot be asked.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// A part of it is missing or different.
    #[error("table {table}: {fault}")]
    Shape {
        /// The table.
        table: String,
        /// What is wrong.
        fault: &'static str,
    },
}

/// Creates the tables that do not exist yet and waits until they can be used.
///
/// # Errors
/// What DynamoDB answered.
pub async fn create_tables(client: &Client, config: &DynamoDb) -> Result<(), Unavailable> {
    for shape in shapes(config) {
        create(client, &shape).await?;
        wait_until_active(client, shape.name).await?;
        if shape.expires {
            expire(client, shape.name).await?;
        }
    }
    Ok(())
}

/// One result for each table, with its name: whether it is there, with its keys, index and TTL.
pub async fn check_tables(client: &Client, config: &DynamoDb) -> Vec<(String, Result<(), TableFault>)> {
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

/// Turns TTL on. AWS answers a second request with an error, so it is asked first.
async fn expire(client: &Client, table: &str) -> Result<(), Unavailable> {
    if expires(client, table).await? {
        return Ok(());
    }
    let setting = built(TimeToLiveSpecification::builder().attribute_name(TTL_ATTRIBUTE).enabled(true).build());
    let request = client.update_time_to_live().table_name(table).time_to_live_specification(setting);
    request.send().await.map(drop).map_err(|error| Unavailable::new("UpdateTimeToLive", table, &error))
}

async fn expires(client: &Client, table: &str) -> Result<bool, Unavailable> {
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

async fn check(client: &Client, shape: &Shape<'_>) -> Result<(), TableFault> {
    let fault = |fault| Err(TableFault::Shape { table: shape.name.to_owned(), fault });
    let answer = client
        .describe_table()
        .table_name(shape.name)
        .send()
        .await
        .map_err(|error| Unavailable::new("DescribeTable", shape.name, &error))?;
    let Some(table) = answer.table() else { return fault("DynamoDB described nothing") };
    let is_text = |name: &str| {
        let found = table.attribute_definitions().iter().find(|attribute| attribute.attribute_name() == name);
        found.is_some_and(|attribute| *attribute.attribute_type() == ScalarAttributeType::S)
    };
    let has_keys = |schema: &[KeySchemaElement], keys: &[&str]| {
        schema.iter().map(KeySchemaElement::attribute_name).eq(keys.iter().copied())
            && keys.iter().all(|key| is_text(key))
    };
    if !has_keys(table.key_schema(), shape.keys) {
        return fault(if shape.expires {
            "its key must be pk (S) alone"
        } else {
            "its keys must be pk (S) and sk (S)"
        });
    }
    let is_indexed = |(name, key): (&str, &str)| {
        let mut indexes = table.global_secondary_indexes().iter();
        indexes.any(|index| index.index_name() == Some(name) && has_keys(index.key_schema(), &[key]))
    };
    if !shape.index.is_none_or(is_indexed) {
        return fault("it has no index by_citizen on citizen (S)");
    }
    if shape.expires && !expires(client, shape.name).await? {
        return fault("its time to live must be on, for the attribute expires_at");
    }
    Ok(())
}

#[expect(clippy::expect_used, reason = "every field that the builder requires is given just above")]
fn built<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("a complete request")
}
