//! The secrets and keys that the configuration names: whether they will still be there tomorrow, unchanged.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Findings, Line, Operator, held::Held, indexed, line};
use crate::{
    commands::check::caller::Service,
    config::{Config, KeySource, SigningKeySource, named_keys},
};

/// What the check reads of a secret. The call does not return its value.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Description {
    deleted_date: Option<Value>,
    rotation_enabled: Option<bool>,
    #[serde(rename = "RotationLambdaARN")]
    rotation_lambda_arn: Option<String>,
    owning_service: Option<String>,
    kms_key_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyOutput {
    key_metadata: Key,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Key {
    key_manager: Option<String>,
    key_state: Option<String>,
}

/// A secret that the configuration names.
struct Named {
    /// Where.
    path: String,
    arn: String,
    /// Whether it may change without this server's knowledge: it is read again when the old one is refused.
    may_rotate: bool,
}

/// A line for each secret in Secrets Manager.
pub(super) async fn check(operator: &Operator<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for Named { path, arn, may_rotate } in named(operator.config) {
        lines.push(line(&format!("secret {path}"), operator.secret(&arn, may_rotate).await));
    }
    lines
}

fn named(config: &Config) -> Vec<Named> {
    let mut all = Vec::new();
    for key in named_keys(&config.pseudonym, &config.keys) {
        if let KeySource::SecretArn(arn) = key.key {
            all.push(Named { path: key.path, arn: arn.clone(), may_rotate: false });
        }
    }
    let mut clients =
        vec![("cognito.client_secret_arn".to_owned(), config.cognito.client_secret.as_ref().map(Held::from))];
    for (index, provider) in indexed(config) {
        let path = |name: &str| format!("providers.{index}.{name}");
        clients.push((
            path("client.client_secret_arn"),
            provider.client.as_ref().map(|client| Held::from(&client.secret)),
        ));
        let Some(bridge) = &provider.bridge else { continue };
        clients.push((path("bridge.client_secret_arn"), Some(Held::from(&bridge.client_secret))));
        let previous = bridge.previous_client_secret.as_ref().map(Held::from);
        clients.push((path("bridge.previous_client_secret_arn"), previous));
        let arns = bridge.signing_keys.iter().filter_map(|key| match key {
            SigningKeySource::SecretArn(arn) => Some(arn),
            SigningKeySource::File(_) => None,
        });
        all.extend(arns.enumerate().map(|(number, arn)| Named {
            path: path(&format!("bridge.signing_key_secret_arns.{number}")),
            arn: arn.clone(),
            may_rotate: false,
        }));
    }
    all.extend(clients.into_iter().filter_map(|(path, secret)| match secret? {
        Held::Arn(arn) => Some(Named { path, arn: arn.to_owned(), may_rotate: true }),
        Held::Text(_) => None,
    }));
    all
}

impl Operator<'_> {
    async fn secret(&self, arn: &str, may_rotate: bool) -> Result<String, String> {
        let region = region_of(arn).unwrap_or(&self.region);
        let caller = self.in_region(region);
        let found =
            caller.json::<Description>(Service::SecretsManager, "DescribeSecret", &json!({ "SecretId": arn })).await;
        let found = match found {
            Err(error) if error.is_not_found() => {
                return Err(format!("there is no such secret in {region}: compare the ARN"));
            }
            found => found.map_err(|error| error.explain("secretsmanager:DescribeSecret"))?,
        };
        let mut findings = Findings::default();
        let is_deleted = found.deleted_date.as_ref().is_some_and(|date| !date.is_null());
        findings.need(!is_deleted, || "it is scheduled for deletion: restore it now (restore-secret)".to_owned());
        if found.rotation_enabled == Some(true) || found.rotation_lambda_arn.is_some() {
            let by_cognito = found.owning_service.as_deref() == Some("cognito-idp");
            findings.need(may_rotate, || {
                "it is rotated, and this server cannot use what a rotation writes: with another key, records and sessions are lost. \
                 Cancel the rotation (cancel-rotate-secret), and change keys as docs/KEYS.md says"
                    .to_owned()
            });
            findings.advise(!may_rotate || by_cognito, || {
                "it is rotated by a function: make sure that it writes the secret as plain text, and that the user pool accepts it first".to_owned()
            });
        }
        let is_own = match &found.kms_key_id {
            None => false,
            Some(id) => match self.key(region, id).await {
                Ok(is_own) => is_own,
                Err(problem) => {
                    findings.need(false, || problem);
                    true
                }
            },
        };
        findings.advise(is_own, || {
            "its key is managed by AWS, so access to it cannot be limited by a key of your own".to_owned()
        });
        findings.result("it exists, and nothing else will change it")
    }

    /// Whether a key is the customer's own.
    ///
    /// # Errors
    /// It cannot be used, or not for long.
    pub(super) async fn key(&self, region: &str, id: &str) -> Result<bool, String> {
        let found =
            self.in_region(region).json::<KeyOutput>(Service::Kms, "DescribeKey", &json!({ "KeyId": id })).await;
        let found = match found {
            Err(error) if error.is_not_found() => {
                return Err(format!("the key {id} cannot be found: use credentials of its account, or another key"));
            }
            Err(error) if error.is_unknown_operation() => return Ok(true),
            found => found.map_err(|error| error.explain("kms:DescribeKey"))?.key_metadata,
        };
        let state = found.key_state.as_deref().unwrap_or("Enabled");
        if state != "Enabled" {
            return Err(format!(
                "the key {id} is {state}, and without it everything under it is lost: cancel its deletion (cancel-key-deletion), and                  enable it"
            ));
        }
        Ok(found.key_manager.as_deref() != Some("AWS"))
    }
}

/// The region in an ARN.
pub(super) fn region_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(3).filter(|region| !region.is_empty())
}
