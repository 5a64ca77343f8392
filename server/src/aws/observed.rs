//! Measures every operation on the tables, and makes it a span of the current trace: its time, retries, failures and throttles.

use std::{collections::HashMap, time::Instant};

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef},
    },
    error::BoxError,
    operation::{
        batch_get_item::{BatchGetItemInput, BatchGetItemOutput},
        batch_write_item::{BatchWriteItemInput, BatchWriteItemOutput},
        delete_item::DeleteItemInput,
        get_item::GetItemInput,
        put_item::PutItemInput,
        query::QueryInput,
        transact_write_items::TransactWriteItemsInput,
        update_item::UpdateItemInput,
    },
    types::TransactWriteItem,
};
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use serde_json::Value;

use crate::{
    metrics::{DynamoDb, DynamoDbError, DynamoDbOperation, Label as _, ThrottlingReason},
    traces::{Span, database_call},
};

/// Measures the operations of a client.
#[derive(Clone, Debug)]
pub(super) struct Observer(pub(super) DynamoDb);

/// An operation that is under way.
#[derive(Debug)]
struct Current {
    operation: DynamoDbOperation,
    /// Of a transaction, the table of each action.
    tables: Vec<String>,
    started: Instant,
    attempts: u32,
    span: Span,
}

impl Current {
    /// The table of the action at this place, or of the whole operation.
    fn table(&self, place: usize) -> &str {
        self.tables.get(place).or(self.tables.first()).map_or("", String::as_str)
    }
}

impl Storable for Current {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Observer {
    fn name(&self) -> &'static str {
        "metrics"
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (operation, tables) = target(context);
        let span = database_call(operation.as_str(), tables.first().map_or("", String::as_str));
        let current = Current { operation, tables, started: Instant::now(), attempts: 0, span };
        state.interceptor_state().store_put(current);
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(current) = state.get_mut_from_interceptor_state::<Current>() else { return Ok(()) };
        current.attempts += 1;
        if current.attempts > 1 {
            self.0.retried(current.table(0));
        }
        let throttles: Vec<_> = match failure(context) {
            Some(Failure::Throttled(throttles)) => {
                throttles.into_iter().map(|(place, reason)| (current.table(place), reason)).collect()
            }
            Some(_) => Vec::new(),
            None => left_over(context).map(|table| (table, ThrottlingReason::Unknown)).collect(),
        };
        for (number, throttle) in throttles.iter().enumerate() {
            // Once, of however many actions of a transaction.
            if !throttles[..number].contains(throttle) {
                self.0.throttled(throttle.0, throttle.1);
            }
        }
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(current) = state.get_mut_from_interceptor_state::<Current>() else { return Ok(()) };
        let (place, error) = failure(context).and_then(Failure::error).unzip();
        current.span.attempts(current.attempts);
        if let Some(error) = error {
            current.span.failed(error.as_str());
        }
        self.0.ended(current.operation, current.table(place.unwrap_or(0)), current.started.elapsed(), error);
        Ok(())
    }
}

/// The operation, and its tables: of a transaction, the table of each action.
fn target(context: &BeforeSerializationInterceptorContextRef<'_>) -> (DynamoDbOperation, Vec<String>) {
    let input = context.input();
    macro_rules! table_of {
        ($($operation:ident: $input:ty,)*) => { $(
            if let Some(input) = input.downcast_ref::<$input>() {
                return (DynamoDbOperation::$operation, input.table_name().map(str::to_owned).into_iter().collect());
            }
        )* };
    }
    table_of! {
        GetItem: GetItemInput,
        PutItem: PutItemInput,
        UpdateItem: UpdateItemInput,
        DeleteItem: DeleteItemInput,
        Query: QueryInput,
    }
    if let Some(input) = input.downcast_ref::<TransactWriteItemsInput>() {
        let tables = input.transact_items().iter().map(|action| table_of_action(action).unwrap_or_default().to_owned());
        return (DynamoDbOperation::TransactWriteItems, tables.collect());
    }
    if let Some(input) = input.downcast_ref::<BatchGetItemInput>() {
        return (DynamoDbOperation::BatchGetItem, tables_of_batch(input.request_items()));
    }
    if let Some(input) = input.downcast_ref::<BatchWriteItemInput>() {
        return (DynamoDbOperation::BatchWriteItem, tables_of_batch(input.request_items()));
    }
    (DynamoDbOperation::Other, Vec::new())
}

fn tables_of_batch<V>(items: Option<&HashMap<String, V>>) -> Vec<String> {
    items.into_iter().flat_map(HashMap::keys).cloned().collect()
}

fn table_of_action(action: &TransactWriteItem) -> Option<&str> {
    let put = action.put().map(|put| put.table_name());
    let update = || action.update().map(|update| update.table_name());
    let delete = || action.delete().map(|delete| delete.table_name());
    let check = || action.condition_check().map(|check| check.table_name());
    put.or_else(update).or_else(delete).or_else(check)
}

/// The tables of which a batch has processed only a part. The rest was throttled, although the batch has succeeded. A batch of which
/// nothing is processed fails.
fn left_over<'c>(context: &'c FinalizerInterceptorContextRef<'_>) -> impl Iterator<Item = &'c str> {
    let output = context.output_or_error().and_then(Result::ok);
    let writes = output.and_then(|output| output.downcast_ref::<BatchWriteItemOutput>()?.unprocessed_items());
    let reads = output.and_then(|output| output.downcast_ref::<BatchGetItemOutput>()?.unprocessed_keys());
    let (writes, reads) = (writes.into_iter().flat_map(HashMap::keys), reads.into_iter().flat_map(HashMap::keys));
    writes.chain(reads).map(String::as_str)
}

/// Why there is no success. Places are those of actions of a transaction, else 0.
#[derive(Debug, PartialEq, Eq)]
enum Failure {
    /// A condition is false. That is an answer.
    Condition,
    Throttled(Vec<(usize, ThrottlingReason)>),
    Other(usize, DynamoDbError),
}

impl Failure {
    fn error(self) -> Option<(usize, DynamoDbError)> {
        match self {
            Self::Condition => None,
            Self::Throttled(throttles) => {
                Some((throttles.first().map_or(0, |(place, _)| *place), DynamoDbError::Throttled))
            }
            Self::Other(place, error) => Some((place, error)),
        }
    }
}

/// Why an attempt, or an operation, failed. `None` if it succeeded.
fn failure(context: &FinalizerInterceptorContextRef<'_>) -> Option<Failure> {
    let error = context.output_or_error()?.err()?;
    let is_timeout = error.is_timeout_error() || error.as_connector_error().is_some_and(|error| error.is_timeout());
    if is_timeout {
        return Some(Failure::Other(0, DynamoDbError::Timeout));
    }
    if error.is_connector_error() {
        return Some(Failure::Other(0, DynamoDbError::Unreachable));
    }
    let response = context.response().filter(|_| error.is_operation_error());
    let body = response.and_then(|response| response.body().bytes()).unwrap_or_default();
    let is_server_error = response.is_some_and(|response| response.status().is_server_error());
    Some(failure_in(body, is_server_error))
}

/// Why DynamoDB refused a request, by the body of its response.
fn failure_in(body: &[u8], is_server_error: bool) -> Failure {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let kind = body["__type"].as_str().unwrap_or_default().rsplit('#').next().unwrap_or_default();
    let names = |list: &str, field: &str| -> Vec<&str> {
        body[list].as_array().into_iter().flatten().map(|item| item[field].as_str().unwrap_or_default()).collect()
    };
    match kind {
        "ConditionalCheckFailedException" => Failure::Condition,
        "ProvisionedThroughputExceededException" | "ThrottlingException" | "RequestLimitExceeded" => {
            let names = names("ThrottlingReasons", "reason");
            let reasons = names.into_iter().map(|name| (0, ThrottlingReason::named(name))).collect::<Vec<_>>();
            Failure::Throttled(if reasons.is_empty() { vec![(0, ThrottlingReason::Unknown)] } else { reasons })
        }
        "TransactionCanceledException" => cancelled(&names("CancellationReasons", "Code")),
        "TransactionConflictException" | "TransactionInProgressException" => Failure::Other(0, DynamoDbError::Conflict),
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignatureException" => Failure::Other(0, DynamoDbError::AccessDenied),
        "ResourceNotFoundException" => Failure::Other(0, DynamoDbError::NotFound),
        _ if is_server_error => Failure::Other(0, DynamoDbError::Server),
        _ => Failure::Other(0, DynamoDbError::Other),
    }
}

/// Why DynamoDB cancelled a transaction: the code of each action. Codes have no throttling reasons.
fn cancelled(codes: &[&str]) -> Failure {
    let first = |wanted: &str| codes.iter().position(|code| *code == wanted);
    let is_throttled = |code: &str| ["ThrottlingError", "ProvisionedThroughputExceeded"].contains(&code);
    let places = codes.iter().enumerate().filter(|(_, code)| is_throttled(code));
    let throttled: Vec<_> = places.map(|(place, _)| (place, ThrottlingReason::Unknown)).collect();
    if first("ConditionalCheckFailed").is_some() {
        Failure::Condition
    } else if !throttled.is_empty() {
        Failure::Throttled(throttled)
    } else if let Some(place) = first("TransactionConflict") {
        Failure::Other(place, DynamoDbError::Conflict)
    } else {
        Failure::Other(codes.iter().position(|code| *code != "None").unwrap_or(0), DynamoDbError::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dynamodb_answers_has_a_kind() {
        let other = |error| Failure::Other(0, error);
        for (body, is_server_error, expected) in [
            (
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}"#,
                false,
                Failure::Condition,
            ),
            (
                r#"{"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"ConditionalCheckFailed"}]}"#,
                false,
                Failure::Condition,
            ),
            (
                r#"{"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}"#,
                false,
                Failure::Other(1, DynamoDbError::Conflict),
            ),
            (
                r#"{"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"None"},{},{"Code":"ThrottlingError"}]}"#,
                false,
                Failure::Throttled(vec![(2, ThrottlingReason::Unknown)]),
            ),
            (
                r#"{"__type":"x#ThrottlingException","ThrottlingReasons":[{"reason":"TableWriteMaxOnDemandThroughputExceeded","resource":"arn:aws:dynamodb:x"},{"reason":"S3CRET"}]}"#,
                false,
                Failure::Throttled(vec![(0, ThrottlingReason::TableWriteOnDemand), (0, ThrottlingReason::Unknown)]),
            ),
            (
                r#"{"__type":"x#ProvisionedThroughputExceededException"}"#,
                false,
                Failure::Throttled(vec![(0, ThrottlingReason::Unknown)]),
            ),
            (
                r#"{"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"None"},{"Code":"ValidationError"}]}"#,
                false,
                Failure::Other(1, DynamoDbError::Other),
            ),
            (r#"{"__type":"x#AccessDeniedException"}"#, false, other(DynamoDbError::AccessDenied)),
            (r#"{"__type":"x#ResourceNotFoundException"}"#, false, other(DynamoDbError::NotFound)),
            (r#"{"__type":"x#InternalServerError"}"#, true, other(DynamoDbError::Server)),
            ("<html>", true, other(DynamoDbError::Server)),
            ("", false, other(DynamoDbError::Other)),
        ] {
            assert_eq!(failure_in(body.as_bytes(), is_server_error), expected, "{body}");
        }
    }
}
