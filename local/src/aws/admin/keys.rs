//! KMS: the one key of the account, which the tables and secrets are under.

use serde_json::{Value, json};

use super::{not_found, text, unknown_operation};
use crate::aws::account::Account;
use crate::aws::fail::Fail;
use crate::aws::names::ACCOUNT_ID;
use crate::user_pool::REGION;

/// What the target of a request begins with.
pub(super) const TARGET: &str = "TrentService";

/// The ARN of the key.
pub(super) fn arn() -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/7c0b9a1e-0000-4000-8000-000000000001")
}

pub(super) fn answer(account: &Account, operation: &str, input: &Value) -> Result<Value, Fail> {
    if operation != "DescribeKey" {
        return Err(unknown_operation());
    }
    account.calls.count("DescribeKey");
    if text(input, "KeyId")? != arn() {
        return Err(not_found());
    }
    Ok(json!({ "KeyMetadata": { "Arn": arn(), "Enabled": true, "KeyManager": "CUSTOMER", "KeyState": "Enabled" } }))
}
