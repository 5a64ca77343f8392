//! AWS WAF: the web ACL of the user pool.

use serde_json::{Value, json};

use super::{text, unknown_operation, user_pool};
use crate::aws::account::Account;
use crate::aws::fail::Fail;

/// What the target of a request begins with.
pub(super) const TARGET: &str = "AWSWAF_20190729";

/// AWS answers with nothing if the resource has no web ACL.
pub(super) fn answer(account: &Account, operation: &str, input: &Value) -> Result<Value, Fail> {
    if operation != "GetWebACLForResource" {
        return Err(unknown_operation());
    }
    account.calls.count("GetWebACLForResource");
    if text(input, "ResourceArn")? != user_pool::arn() {
        return Ok(json!({}));
    }
    let rate = json!({ "RateBasedStatement": { "Limit": 1_000, "AggregateKeyType": "IP" } });
    let rule = json!({ "Name": "rate", "Priority": 0, "Statement": rate, "Action": { "Block": {} } });
    Ok(json!({ "WebACL": { "Name": "my-data-pool", "DefaultAction": { "Allow": {} }, "Rules": [rule] } }))
}
