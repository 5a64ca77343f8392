//! The identity providers of the user pool: how it talks to each, and which attributes it writes.

mod details;
mod mapping;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::json;

use super::{EID, Findings, Line, Mapped, Operator, USER_NAME, guide::Guide, indexed, line, settings::Pool};
use crate::{
    config::{Config, Provider},
    secret::Secret,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProviderOutput {
    identity_provider: IdentityProvider,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IdentityProvider {
    provider_type: String,
    #[serde(default)]
    provider_details: Details,
    #[serde(default)]
    attribute_mapping: BTreeMap<String, String>,
}

/// What the check reads of the details, which are texts.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Details {
    client_id: Option<String>,
    client_secret: Option<Secret>,
    oidc_issuer: Option<String>,
    authorize_scopes: String,
    attributes_request_method: Option<String>,
    authorize_url: Option<String>,
    token_url: Option<String>,
    attributes_url: Option<String>,
    jwks_uri: Option<String>,
    #[serde(rename = "IDPInit")]
    idp_init: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    #[serde(default)]
    providers: Vec<ListedProvider>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedProvider {
    provider_name: String,
}

const OIDC: &str = "OIDC";
const SAML: &str = "SAML";
impl Operator<'_> {
    /// The lines about the configured providers and all others, and the attributes that are mapped.
    pub(super) async fn providers(&self, pool: &Pool) -> (Vec<Line>, Mapped) {
        let mut lines = Vec::new();
        let mut mapped = Mapped(Vec::new());
        for (index, provider) in indexed(self.config) {
            let (subject, of_mapping) =
                (format!("provider {} in the user pool", provider.id), format!("provider {} mapping", provider.id));
            let found =
                self.pool::<ProviderOutput>("DescribeIdentityProvider", json!({ "ProviderName": provider.name }));
            let found = match found.await {
                Ok(ProviderOutput { identity_provider }) => identity_provider,
                Err(error) => {
                    let problem = if error.is_not_found() {
                        format!("the user pool has no provider {}: compare providers.{index}.name", provider.name)
                    } else {
                        error.explain("cognito-idp:DescribeIdentityProvider")
                    };
                    lines.push(line(&subject, Err(problem)));
                    continue;
                }
            };
            let subject_of = Subject { config: self.config, index, provider, guide: Guide::of(provider.kind) };
            let settings = subject_of
                .settings(&found)
                .result(&format!("{} is of the type {}", provider.name, found.provider_type));
            lines.push(line(&subject, settings));
            let eid = found.attribute_mapping.get(EID).map_or("nothing", String::as_str);
            let mapping = subject_of.mapping(&found, &pool.schema_attributes).result(&format!("{EID} from {eid}"));
            lines.push(line(&of_mapping, mapping));
            let attributes = found.attribute_mapping.into_keys().filter(|attribute| attribute != USER_NAME);
            mapped.0.push((provider.name.clone(), attributes.collect()));
        }
        lines.push(line("providers of the user pool", self.others().await));
        (lines, mapped)
    }

    /// The providers that the configuration does not have. No app client of ours may enable them.
    async fn others(&self) -> Result<String, String> {
        let mut names = BTreeSet::new();
        let mut input = json!({ "MaxResults": 60 });
        loop {
            let found = self.pool::<Listed>("ListIdentityProviders", input.clone()).await;
            let found = found.map_err(|error| error.explain("cognito-idp:ListIdentityProviders"))?;
            names.extend(found.providers.into_iter().map(|provider| provider.provider_name));
            let Some(next) = found.next_token.filter(|next| !next.is_empty() && input["NextToken"] != **next) else {
                break;
            };
            input["NextToken"] = json!(next);
        }
        let is_known = |name: &String| self.config.providers.iter().any(|provider| provider.name == *name);
        let others: Vec<_> = names.into_iter().filter(|name| !is_known(name)).collect();
        let mut found = Findings::default();
        found.advise(others.is_empty(), || {
            format!("it also has {}, which [[providers]] does not have", others.join(", "))
        });
        found.result("the user pool has those of [[providers]]")
    }
}

/// A provider of the configuration, and what its guide says.
struct Subject<'a> {
    config: &'a Config,
    index: usize,
    provider: &'a Provider,
    guide: Guide,
}

impl Subject<'_> {
    fn settings(&self, found: &IdentityProvider) -> Findings {
        let mut findings = Findings::default();
        let expected = if self.provider.kind.is_workforce { SAML } else { OIDC };
        if found.provider_type != expected {
            findings.need(false, || {
                format!(
                    "is of the type {}, not {expected}: delete it and create it again by its guide",
                    found.provider_type
                )
            });
        } else if self.provider.kind.is_workforce {
            findings.need(found.provider_details.idp_init.as_deref() != Some("true"), || {
                "IDPInit is true, so someone else's page can sign a person in as another: set it to false".to_owned()
            });
        } else {
            self.addresses(&found.provider_details, &mut findings);
            self.authentication(&found.provider_details, &mut findings);
        }
        findings
    }
}

#[cfg(test)]
mod tests;
