//! Secrets Manager: an operator sees which secrets there are, and the server reads them.

use serde_json::{Value, json};

use super::{keys, not_found, text, unknown_operation};
use crate::aws::account::Account;
use crate::aws::credentials::Principal;
use crate::aws::fail::Fail;

/// What the target of a request begins with.
pub(super) const TARGET: &str = "secretsmanager";

/// Whether `principal` may call this operation.
pub(super) fn allows(principal: &Principal, operation: &str) -> bool {
    match principal {
        Principal::Operator => operation == "DescribeSecret",
        Principal::Server { .. } => operation == "GetSecretValue",
        _ => false,
    }
}

pub(super) fn answer(account: &Account, operation: &str, input: &Value) -> Result<Value, Fail> {
    let arn = text(input, "SecretId")?;
    let value = account.secret(arn).ok_or_else(not_found)?;
    Ok(match operation {
        "DescribeSecret" => {
            account.calls.count("DescribeSecret");
            json!({
                "ARN": arn,
                "Name": arn.rsplit(':').next(),
                "KmsKeyId": keys::arn(),
                "VersionIdsToStages": { "5f1c0a52-0000-4000-8000-000000000001": ["AWSCURRENT"] },
            })
        }
        "GetSecretValue" => {
            account.calls.count("GetSecretValue");
            json!({ "ARN": arn, "SecretString": value })
        }
        _ => return Err(unknown_operation()),
    })
}
