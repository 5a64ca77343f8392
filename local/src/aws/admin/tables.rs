//! The administration of tables: what an operator sees of those of the example configuration, as the template makes them.

use serde_json::{Value, json};

use super::{keys, not_found, text, unknown_operation};
use crate::aws::account::Account;
use crate::aws::fail::Fail;
use crate::aws::names::ACCOUNT_ID;
use crate::user_pool::REGION;

/// What the target of a request begins with.
pub(super) const TARGET: &str = "DynamoDB_20120810";
const RECORDS: &str = "mydata-records";
const SESSIONS: &str = "mydata-sessions";

pub(super) fn answer(account: &Account, operation: &str, input: &Value) -> Result<Value, Fail> {
    let name = text(input, "TableName")?;
    if ![RECORDS, SESSIONS].contains(&name) {
        return Err(not_found());
    }
    Ok(match operation {
        "DescribeTable" => {
            account.calls.count("DescribeTable");
            json!({ "Table": table(name) })
        }
        "DescribeContinuousBackups" => {
            account.calls.count("DescribeContinuousBackups");
            let days = if name == RECORDS { 35 } else { 1 };
            let recovery = json!({ "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": days });
            let backups = json!({ "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery });
            json!({ "ContinuousBackupsDescription": backups })
        }
        "DescribeContributorInsights" => {
            account.calls.count("DescribeContributorInsights");
            json!({
                "TableName": name,
                "ContributorInsightsStatus": "ENABLED",
                "ContributorInsightsMode": "THROTTLED_KEYS",
            })
        }
        _ => return Err(unknown_operation()),
    })
}

fn table(name: &str) -> Value {
    let ceilings = json!({ "MaxReadRequestUnits": 4_000, "MaxWriteRequestUnits": 1_000 });
    let mut table = json!({
        "TableName": name,
        "TableArn": format!("arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{name}"),
        "TableStatus": "ACTIVE",
        "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
        "ProvisionedThroughput": { "ReadCapacityUnits": 0, "WriteCapacityUnits": 0 },
        "OnDemandThroughput": ceilings,
        "DeletionProtectionEnabled": true,
        "SSEDescription": { "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": keys::arn() },
    });
    if name == SESSIONS {
        let index = json!({ "IndexName": "by_citizen", "IndexStatus": "ACTIVE", "OnDemandThroughput": ceilings });
        table["GlobalSecondaryIndexes"] = json!([index]);
    }
    table
}
