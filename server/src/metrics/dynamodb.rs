use std::{sync::Arc, time::Duration};

use prometheus::{HistogramVec, IntCounter};

use super::{
    label::{Counters, Label, PerName, labels},
    registration::Registration,
};

/// OpenTelemetry semantic conventions, `db.client.operation.duration`.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];
/// Any table that is not in the configuration. No table can have this name.
const OTHER_TABLE: &str = "another table";

labels! {
    /// An operation of DynamoDB.
    DynamoDbOperation {
        /// `GetItem`
        GetItem = "GetItem",
        /// `PutItem`
        PutItem = "PutItem",
        /// `UpdateItem`
        UpdateItem = "UpdateItem",
        /// `DeleteItem`
        DeleteItem = "DeleteItem",
        /// `Query`
        Query = "Query",
        /// `BatchGetItem`
        BatchGetItem = "BatchGetItem",
        /// `BatchWriteItem`
        BatchWriteItem = "BatchWriteItem",
        /// `TransactWriteItems`
        TransactWriteItems = "TransactWriteItems",
        /// Another one.
        Other = "other",
    }

    /// Why an operation of DynamoDB failed. A condition that is false is an answer, not a failure.
    DynamoDbError {
        /// No answer in time.
        Timeout = "timeout",
        /// No connection.
        Unreachable = "unreachable",
        /// DynamoDB throttles it.
        Throttled = "throttled",
        /// Another write to the same items was under way.
        Conflict = "conflict",
        /// The role may not do it, or its credentials are not valid.
        AccessDenied = "access_denied",
        /// There is no such table or index.
        NotFound = "not_found",
        /// A fault of DynamoDB.
        Server = "server_error",
        /// Another reason.
        Other = "other",
    }

    /// What was throttled: the resource, the kind of access and the limit, as DynamoDB's `ThrottlingReasons` name them.
    ThrottlingReason {
        /// The table's provisioned capacity for reads.
        TableRead = "TableReadProvisionedThroughputExceeded",
        /// The table's provisioned capacity for writes.
        TableWrite = "TableWriteProvisionedThroughputExceeded",
        /// An index's provisioned capacity for reads.
        IndexRead = "IndexReadProvisionedThroughputExceeded",
        /// An index's provisioned capacity for writes.
        IndexWrite = "IndexWriteProvisionedThroughputExceeded",
        /// The account's quota for reads of a table.
        TableReadAccount = "TableReadAccountLimitExceeded",
        /// The account's quota for writes to a table.
        TableWriteAccount = "TableWriteAccountLimitExceeded",
        /// The account's quota for reads of an index.
        IndexReadAccount = "IndexReadAccountLimitExceeded",
        /// The account's quota for writes to an index.
        IndexWriteAccount = "IndexWriteAccountLimitExceeded",
        /// One partition of a table, for reads.
        TableReadKeyRange = "TableReadKeyRangeThroughputExceeded",
        /// One partition of a table, for writes.
        TableWriteKeyRange = "TableWriteKeyRangeThroughputExceeded",
        /// One partition of an index, for reads.
        IndexReadKeyRange = "IndexReadKeyRangeThroughputExceeded",
        /// One partition of an index, for writes.
        IndexWriteKeyRange = "IndexWriteKeyRangeThroughputExceeded",
        /// The table's on-demand ceiling for reads.
        TableReadOnDemand = "TableReadMaxOnDemandThroughputExceeded",
        /// The table's on-demand ceiling for writes.
        TableWriteOnDemand = "TableWriteMaxOnDemandThroughputExceeded",
        /// An index's on-demand ceiling for reads.
        IndexReadOnDemand = "IndexReadMaxOnDemandThroughputExceeded",
        /// An index's on-demand ceiling for writes.
        IndexWriteOnDemand = "IndexWriteMaxOnDemandThroughputExceeded",
        /// DynamoDB does not say, or says something new.
        Unknown = "unknown",
    }
}

impl ThrottlingReason {
    /// The reason that DynamoDB names so.
    pub fn named(name: &str) -> Self {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == name).unwrap_or(Self::Unknown)
    }
}

/// Measures the operations on the tables. The default measures nothing.
#[derive(Clone, Debug, Default)]
pub struct DynamoDb(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    duration: HistogramVec,
    errors: PerName<Counters<DynamoDbError>>,
    retries: PerName<IntCounter>,
    throttles: PerName<Counters<ThrottlingReason>>,
}

impl DynamoDb {
    pub(super) fn on(to: &Registration<'_>, tables: &[String]) -> Self {
        let errors = to.counter_vec(
            "mydata_dynamodb_errors_total",
            "Operations that failed, after the SDK's retries.",
            &["db_collection_name", "error_type"],
        );
        let retries = to.counter_vec(
            "mydata_dynamodb_retries_total",
            "Attempts of an operation after its first one.",
            &["db_collection_name"],
        );
        let throttles = to.counter_vec(
            "mydata_dynamodb_throttles_total",
            "Attempts that DynamoDB throttled, by the limit that was reached.",
            &["db_collection_name", "reason"],
        );
        let tables = || tables.iter().map(String::as_str).chain([OTHER_TABLE]);
        Self(Some(Arc::new(Inner {
            duration: to.seconds(
                "db_client_operation_duration_seconds",
                "Time of an operation on a table, with the SDK's retries. A false condition is no error.",
                &BUCKETS,
                &["db_system_name", "db_operation_name", "db_collection_name", "error_type"],
            ),
            errors: PerName::new(tables(), |table| Counters::of(|error| errors.with_label_values(&[table, error]))),
            retries: PerName::new(tables(), |table| retries.with_label_values(&[table])),
            throttles: PerName::new(tables(), |table| {
                Counters::of(|reason| throttles.with_label_values(&[table, reason]))
            }),
        })))
    }

    /// Whether anything is measured.
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// An operation on `table` ended: of a transaction, the table of its first write, or of the one that failed.
    pub fn ended(&self, operation: DynamoDbOperation, table: &str, elapsed: Duration, error: Option<DynamoDbError>) {
        let Some(meters) = &self.0 else { return };
        let (table, errors) = meters.errors.get_or(table, OTHER_TABLE);
        let labels = ["aws.dynamodb", operation.as_str(), table, error.map_or("", Label::as_str)];
        meters.duration.with_label_values(&labels).observe(elapsed.as_secs_f64());
        if let Some((errors, error)) = errors.zip(error) {
            errors.count(error);
        }
    }

    /// An operation on `table` is attempted again.
    pub fn retried(&self, table: &str) {
        let Some(meters) = &self.0 else { return };
        if let (_, Some(retries)) = meters.retries.get_or(table, OTHER_TABLE) {
            retries.inc();
        }
    }

    /// An attempt on `table` was throttled.
    pub fn throttled(&self, table: &str, reason: ThrottlingReason) {
        let Some(meters) = &self.0 else { return };
        if let (_, Some(throttles)) = meters.throttles.get_or(table, OTHER_TABLE) {
            throttles.count(reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_reason_of_dynamodb_is_unknown() {
        for reason in ThrottlingReason::ALL {
            assert_eq!(ThrottlingReason::named(reason.as_str()), *reason);
        }
        assert_eq!(ThrottlingReason::named("TableReadNewLimitExceeded"), ThrottlingReason::Unknown);
    }
}
