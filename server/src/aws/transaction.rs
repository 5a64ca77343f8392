//! Transactions: several writes that all happen, or none of them.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    operation::transact_write_items::TransactWriteItemsError,
    types::{
        AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem, Update,
    },
};
use tokio::time::sleep;

use super::{Unavailable, built};

/// An item, or the key of one.
pub type Item = HashMap<String, AttributeValue>;

const OPERATION: &str = "TransactWriteItems";
/// How often a transaction is sent if others are in its way, or DynamoDB throttles it.
const MAX_ATTEMPTS: u32 = 4;
/// Before the next attempt, times the number of the last one.
const PAUSE: Duration = Duration::from_millis(20);

/// A condition on the item that an action writes.
#[derive(Clone, Debug)]
pub struct Condition {
    expression: &'static str,
    values: Option<Item>,
}

impl Condition {
    /// The condition `expression`, which has no values.
    pub const fn new(expression: &'static str) -> Self {
        Self { expression, values: None }
    }

    /// The condition `expression` with one value.
    pub fn with(expression: &'static str, name: &str, value: AttributeValue) -> Self {
        Self { expression, values: Some(HashMap::from([(name.to_owned(), value)])) }
    }

    /// There is no item with this key.
    pub const ABSENT: Self = Self::new("attribute_not_exists(pk)");
    /// There is an item with this key.
    pub const PRESENT: Self = Self::new("attribute_exists(pk)");
}

/// Stores `item`, in place of the one with the same key.
pub fn put(table: &str, item: Item, condition: Option<Condition>) -> TransactWriteItem {
    let put = Put::builder().table_name(table).set_item(Some(item));
    let put = match condition {
        Some(Condition { expression, values }) => put
            .condition_expression(expression)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld),
        None => put,
    };
    TransactWriteItem::builder().put(built(put.build())).build()
}

/// Deletes the item with this key.
pub fn delete(table: &str, key: Item, condition: Option<Condition>) -> TransactWriteItem {
    let delete = Delete::builder().table_name(table).set_key(Some(key));
    let delete = match condition {
        Some(Condition { expression, values }) => {
            delete.condition_expression(expression).set_expression_attribute_values(values)
        }
        None => delete,
    };
    TransactWriteItem::builder().delete(built(delete.build())).build()
}

/// Changes the item with this key by an update expression with these values.
pub fn update(table: &str, key: Item, expression: &'static str, values: Item) -> TransactWriteItem {
    let update = Update::builder().table_name(table).set_key(Some(key)).update_expression(expression);
    TransactWriteItem::builder().update(built(update.set_expression_attribute_values(Some(values)).build())).build()
}

/// Changes nothing, and only requires that `condition` holds for the item with this key.
pub fn check(table: &str, key: Item, condition: Condition) -> TransactWriteItem {
    let Condition { expression, values } = condition;
    let check = ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(key))
        .condition_expression(expression)
        .set_expression_attribute_values(values);
    TransactWriteItem::builder().condition_check(built(check.build())).build()
}

/// Why a transaction changed nothing.
#[derive(Debug)]
pub enum TransactionError {
    /// Some conditions are false. For each action: whether its own is, and the item that is there, if the engine says so.
    Refused(Vec<(bool, Option<Item>)>),
    /// The table does not answer, so the transaction may have happened; or others were in its way each time.
    Unavailable(Unavailable),
}

impl TransactionError {
    /// The same, for a transaction none of whose conditions can fail.
    pub fn unexpected(self, table: &str) -> Unavailable {
        match self {
            Self::Unavailable(error) => error,
            Self::Refused(_) => {
                Unavailable { operation: OPERATION, table: table.to_owned(), reason: "a condition failed".to_owned() }
            }
        }
    }

    /// Whether the condition of the action at `position` is false.
    pub fn is_refused_at(&self, position: usize) -> bool {
        matches!(self, Self::Refused(actions) if actions.get(position).is_some_and(|(is_refused, _)| *is_refused))
    }
}

/// Carries out `actions`. The SDK gives each request a token of its own, so that an attempt that timed out does not count twice.
///
/// # Errors
/// Nothing was changed, except perhaps if the table does not answer. `table` is for the message.
pub async fn transact(client: &Client, table: &str, actions: Vec<TransactWriteItem>) -> Result<(), TransactionError> {
    let unavailable = |reason: String| {
        TransactionError::Unavailable(Unavailable { operation: OPERATION, table: table.to_owned(), reason })
    };
    let mut attempt = 0;
    loop {
        attempt += 1;
        let request = client.transact_write_items().set_transact_items(Some(actions.clone()));
        let Err(error) = request.send().await else { return Ok(()) };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(TransactionError::Unavailable(Unavailable::new(OPERATION, table, &error)));
        };
        let reasons = cancelled.cancellation_reasons();
        match verdict(reasons) {
            Verdict::Refused => {
                let refused = |reason: &CancellationReason| (reason.code() == Some(REFUSED), reason.item().cloned());
                return Err(TransactionError::Refused(reasons.iter().map(refused).collect()));
            }
            Verdict::TryAgain if attempt < MAX_ATTEMPTS => sleep(PAUSE * attempt).await,
            Verdict::TryAgain => return Err(unavailable("other writes got in the way each time".to_owned())),
            Verdict::Failed(code) => return Err(unavailable(code)),
        }
    }
}

const REFUSED: &str = "ConditionalCheckFailed";

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Refused,
    TryAgain,
    Failed(String),
}

/// What the reasons of a cancelled transaction mean together.
fn verdict(reasons: &[CancellationReason]) -> Verdict {
    const TEMPORARY: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
    let codes = || reasons.iter().filter_map(CancellationReason::code).filter(|code| *code != "None");
    match codes().find(|code| *code != REFUSED && !TEMPORARY.contains(code)) {
        Some(code) => Verdict::Failed(code.to_owned()),
        // Refused for certain, whatever another action waits for.
        None if codes().any(|code| code == REFUSED) => Verdict::Refused,
        None if codes().next().is_some() => Verdict::TryAgain,
        None => Verdict::Failed("cancelled without a reason".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_that_does_not_hold_is_final_and_a_conflict_is_not() {
        let verdict = |codes: &[&str]| {
            let reasons: Vec<_> = codes.iter().map(|code| CancellationReason::builder().code(*code).build()).collect();
            verdict(&reasons)
        };
        assert_eq!(verdict(&["None", "ConditionalCheckFailed"]), Verdict::Refused);
        assert_eq!(verdict(&["TransactionConflict", "ConditionalCheckFailed"]), Verdict::Refused);
        for temporary in ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"] {
            assert_eq!(verdict(&["None", temporary]), Verdict::TryAgain, "{temporary}");
        }
        assert_eq!(
            verdict(&["ConditionalCheckFailed", "ValidationError"]),
            Verdict::Failed("ValidationError".to_owned())
        );
        assert!(matches!(verdict(&["None"]), Verdict::Failed(_)));
    }
}
