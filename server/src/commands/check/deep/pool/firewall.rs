//! The web ACL of the user pool.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Findings, Operator, settings::Pool};
use crate::commands::check::caller::Service;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Association {
    #[serde(rename = "WebACL")]
    web_acl: Option<WebAcl>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WebAcl {
    name: String,
    #[serde(default)]
    rules: Vec<Value>,
}

impl Operator<'_> {
    /// Whether a web ACL stands before the user pool's own addresses.
    pub(super) async fn firewall(&self, pool: &Pool) -> Result<String, String> {
        let Some(arn) = &pool.arn else { return Ok("not compared: the user pool's ARN is not known".to_owned()) };
        let input = json!({ "ResourceArn": arn });
        let found = match self.of_pool().json::<Association>(Service::Waf, "GetWebACLForResource", &input).await {
            Err(error) if error.is_not_found() => None,
            Err(error) if error.is_unknown_operation() => {
                return Ok("not compared: this endpoint has no AWS WAF".to_owned());
            }
            found => found.map_err(|error| error.explain("wafv2:GetWebACLForResource"))?.web_acl,
        };
        let Some(WebAcl { name, rules }) = found else {
            return Err("the user pool has no web ACL, so anyone can call its API without a limit: associate one (PoolWebAcl of \
                        infra/user-pool.yaml)"
                .to_owned());
        };
        let mut findings = Findings::default();
        findings
            .need(!rules.is_empty(), || format!("the web ACL {name} has no rules: add those of infra/user-pool.yaml"));
        findings
            .advise(rules.iter().any(has_rate_limit), || format!("{name} has no rule with a rate for each address"));
        findings.result(&format!("the web ACL {name} has {} rule(s)", rules.len()))
    }
}

/// Whether a statement anywhere in `rule` counts requests.
fn has_rate_limit(rule: &Value) -> bool {
    match rule {
        Value::Object(members) => members.contains_key("RateBasedStatement") || members.values().any(has_rate_limit),
        Value::Array(items) => items.iter().any(has_rate_limit),
        _ => false,
    }
}
