//! Measures every operation on the tables, and makes it a span of the current trace: its time, retries, failures and throttles.

use std::time::Instant;

use aws_sdk_dynamodb::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{BeforeSerializationInterceptorContextRef, FinalizerInterceptorContextRef},
    },
    error::BoxError,
    operation::{
        batch_get_item::BatchGetItemInput, batch_write_item::BatchWriteItemInput, delete_item::DeleteItemInput,
        get_item::GetItemInput, put_item::PutItemInput, query::QueryInput,
        transact_write_items::TransactWriteItemsInput, update_item::UpdateItemInput,
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
    table: String,
    started: Instant,
    attempts: u32,
    span: Span,
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
        let (operation, table) = target(context);
        let table = table.unwrap_or_default().to_owned();
        let span = database_call(operation.as_str(), &table);
        let current = Current { operation, table, started: Instant::now(), attempts: 0, span };
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
            self.0.retried(&current.table);
        }
        if let Some(Failure::Throttled(reasons)) = failure(context) {
            for reason in reasons {
                self.0.throttled(&current.table, reason);
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
        if let Some(Current { operation, table, started, attempts, span }) = state.get_mut_from_interceptor_state() {
            let error = failure(context).and_then(Failure::error);
            span.attempts(*attempts);
            if let Some(error) = error {
                span.failed(error.as_str());
            }
            self.0.ended(*operation, table, started.elapsed(), error);
        }
        Ok(())
    }
}

/// The operation, and the table that it is about: of several, the first.
fn target<'c>(context: &'c BeforeSerializationInterceptorContextRef<'_>) -> (DynamoDbOperation, Option<&'c str>) {
    let input = context.input();
    macro_rules! table_of {
        ($($operation:ident: $input:ty,)*) => { $(
            if let Some(input) = input.downcast_ref::<$input>() {
                return (DynamoDbOperation::$operation, input.table_name());
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
        return (DynamoDbOperation::TransactWriteItems, input.transact_items().first().and_then(table_of_action));
    }
    if let Some(input) = input.downcast_ref::<BatchGetItemInput>() {
        let table = input.request_items().and_then(|items| items.keys().next());
        return (DynamoDbOperation::BatchGetItem, table.map(String::as_str));
    }
    if let Some(input) = input.downcast_ref::<BatchWriteItemInput>() {
        let table = input.request_items().and_then(|items| items.keys().next());
        return (DynamoDbOperation::BatchWriteItem, table.map(String::as_str));
    }
    (DynamoDbOperation::Other, None)
}

fn table_of_action(action: &TransactWriteItem) -> Option<&str> {
    let put = action.put().map(|put| put.table_name());
    let update = || action.update().map(|update| update.table_name());
    let delete = || action.delete().map(|delete| delete.table_name());
    let check = || action.condition_check().map(|check| check.table_name());
    put.or_else(update).or_else(delete).or_else(check)
}

/// Why there is no success.
#[derive(Debug, PartialEq, Eq)]
enum Failure {
    /// A condition is false. That is an answer.
    Condition,
    Throttled(Vec<ThrottlingReason>),
    Other(DynamoDbError),
}

impl Failure {
    fn error(self) -> Option<DynamoDbError> {
        match self {
            Self::Condition => None,
            Self::Throttled(_) => Some(DynamoDbError::Throttled),
            Self::Other(error) => Some(error),
        }
    }
}

/// Why an attempt, or an operation, failed. `None` if it succeeded.
fn failure(context: &FinalizerInterceptorContextRef<'_>) -> Option<Failure> {
    let error = context.output_or_error()?.err()?;
    let is_timeout = error.is_timeout_error() || error.as_connector_error().is_some_and(|error| error.is_timeout());
    if is_timeout {
        return Some(Failure::Other(DynamoDbError::Timeout));
    }
    if error.is_connector_error() {
        return Some(Failure::Other(DynamoDbError::Unreachable));
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
    let names = |list: &str, field: &str| -> Vec<String> {
        let items = body[list].as_array().into_iter().flatten();
        items.filter_map(|item| item[field].as_str()).map(str::to_owned).collect()
    };
    let reasons = || names("ThrottlingReasons", "reason").iter().map(|name| ThrottlingReason::named(name)).collect();
    let throttled = |reasons: Vec<ThrottlingReason>| {
        Failure::Throttled(if reasons.is_empty() { vec![ThrottlingReason::Unknown] } else { reasons })
    };
    match kind {
        "ConditionalCheckFailedException" => Failure::Condition,
        "ProvisionedThroughputExceededException" | "ThrottlingException" | "RequestLimitExceeded" => {
            throttled(reasons())
        }
        "TransactionCanceledException" => {
            let codes = names("CancellationReasons", "Code");
            let has = |code: &str| codes.iter().any(|own| own == code);
            if has("ConditionalCheckFailed") {
                Failure::Condition
            } else if has("ThrottlingError") || has("ProvisionedThroughputExceeded") {
                throttled(Vec::new())
            } else if has("TransactionConflict") {
                Failure::Other(DynamoDbError::Conflict)
            } else {
                Failure::Other(DynamoDbError::Other)
            }
        }
        "TransactionConflictException" | "TransactionInProgressException" => Failure::Other(DynamoDbError::Conflict),
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignatureException" => Failure::Other(DynamoDbError::AccessDenied),
        "ResourceNotFoundException" => Failure::Other(DynamoDbError::NotFound),
        _ if is_server_error => Failure::Other(DynamoDbError::Server),
        _ => Failure::Other(DynamoDbError::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_dynamodb_answers_has_a_kind() {
        let other = Failure::Other;
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
                other(DynamoDbError::Conflict),
            ),
            (
                r#"{"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"ThrottlingError"}]}"#,
                false,
                Failure::Throttled(vec![ThrottlingReason::Unknown]),
            ),
            (
                r#"{"__type":"x#ThrottlingException","ThrottlingReasons":[{"reason":"TableWriteMaxOnDemandThroughputExceeded","resource":"arn:aws:dynamodb:x"},{"reason":"S3CRET"}]}"#,
                false,
                Failure::Throttled(vec![ThrottlingReason::TableWriteOnDemand, ThrottlingReason::Unknown]),
            ),
            (
                r#"{"__type":"x#ProvisionedThroughputExceededException"}"#,
                false,
                Failure::Throttled(vec![ThrottlingReason::Unknown]),
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
