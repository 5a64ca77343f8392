use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{citizen::Profile, secret::Secret};

/// The claims of an ID token. Those of another type than expected count as missing, or fail their check.
#[derive(Deserialize)]
pub(super) struct Claims {
    #[serde(default)]
    pub(super) iss: Option<Value>,
    #[serde(default)]
    pub(super) aud: Option<Value>,
    #[serde(default)]
    pub(super) azp: Option<Value>,
    #[serde(default)]
    pub(super) sub: Option<String>,
    #[serde(default)]
    pub(super) iat: Option<f64>,
    #[serde(default)]
    pub(super) nonce: Option<String>,
    #[serde(default)]
    pub(super) auth_time: Option<Value>,
    #[serde(default)]
    pub(super) token_use: Option<String>,
    #[serde(default)]
    pub(super) at_hash: Option<String>,
    #[serde(default)]
    pub(super) jti: Option<Value>,
    /// The accounts at identity providers that are linked to this user.
    #[serde(default)]
    pub(super) identities: Option<Value>,
    #[serde(default, rename = "custom:eid")]
    pub(super) eid: Option<Secret>,
    #[serde(flatten)]
    about: HashMap<String, Value>,
}

impl Claims {
    /// The claims about the citizen.
    pub(super) fn profile(&self) -> Profile {
        let text = |name: &str| {
            self.about.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
        };
        Profile {
            name: text("name"),
            given_name: text("given_name"),
            family_name: text("family_name"),
            birthdate: text("birthdate"),
            gender: text("gender"),
            email: text("email"),
            phone_number: text("phone_number"),
            address: self.about.get("address").and_then(address),
            locale: text("locale"),
            eid: self.eid.clone(),
        }
    }
}

/// Cognito wraps the attribute as `{"formatted": …}`. If the provider sent an object, `formatted` contains it as JSON
/// text.
fn address(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ Value::Object(_)) => address(&inner),
            _ => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        },
        Value::Object(parts) => parts.get("formatted").and_then(address).or_else(|| {
            let lines = ["street_address", "postal_code", "locality", "region", "country"];
            let lines: Vec<_> = lines.iter().filter_map(|line| parts.get(*line)?.as_str()).collect();
            (!lines.is_empty()).then(|| lines.join("\n"))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_of_an_address_is_read() {
        let written = "Wetstraat 16\n1000 Brussel";
        for value in [
            json!(written),
            json!({ "formatted": written }),
            json!({ "formatted": json!({ "formatted": written }).to_string() }),
        ] {
            assert_eq!(address(&value).as_deref(), Some(written), "{value}");
        }
        let parts = json!({ "street_address": "Wetstraat 16", "postal_code": "1000", "locality": "Brussel" });
        assert_eq!(address(&json!({ "formatted": parts.to_string() })).as_deref(), Some("Wetstraat 16\n1000\nBrussel"));
        assert_eq!(address(&json!({})), None);
    }
}
