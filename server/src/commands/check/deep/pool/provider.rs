//! The identity providers of the user pool: how it talks to each, and which attributes it writes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{
    EID, Findings, Held, Line, Mapped, Operator, USER_NAME,
    guide::{Guide, scope_of},
    indexed, line,
    settings::{Attribute, Pool},
};
use crate::{
    config::{Config, Provider},
    providers::USER_ID_ATTRIBUTE,
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
/// Claims that can change, or that people choose themselves.
const UNSTABLE_CLAIMS: [&str; 9] = [
    "email",
    "name",
    "nickname",
    "preferred_username",
    "given_name",
    "family_name",
    "phone_number",
    "phone",
    "username",
];

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

    /// Where the user pool sends people and requests.
    fn addresses(&self, details: &Details, findings: &mut Findings) {
        let Self { config, index, provider, .. } = self;
        let key =
            if provider.bridge.is_some() { format!("providers.{index}.bridge") } else { format!("providers.{index}") };
        let mut need_same = |name: &str, found: Option<&str>, expected: &str, why: &str| {
            findings.need(found == Some(expected), || {
                format!("{name} is {}, not {expected}{why}", found.unwrap_or("not set"))
            });
        };
        if let Some(issuer) = provider.issuer() {
            need_same("oidc_issuer", details.oidc_issuer.as_deref(), issuer, &format!(" ({key}.issuer)"));
        }
        let own = |end: &str| config.public_url.at(&format!("/federation/{}/{end}", provider.id));
        if let Some(bridge) = &provider.bridge {
            need_same("authorize_url", details.authorize_url.as_deref(), &own("authorize"), ", the bridge");
            need_same("token_url", details.token_url.as_deref(), &own("token"), ", the bridge");
            need_same("jwks_uri", details.jwks_uri.as_deref(), bridge.jwks_uri.as_str(), &format!(" ({key}.jwks_uri)"));
            let is_of_issuer =
                details.attributes_url.as_deref().is_some_and(|url| has_same_origin(url, bridge.issuer.as_str()));
            findings.need(is_of_issuer, || {
                format!(
                    "attributes_url is {}, which is not an address of {}: set it to the userinfo_endpoint of its discovery document",
                    details.attributes_url.as_deref().unwrap_or("not set"),
                    bridge.issuer.as_str()
                )
            });
            return;
        }
        let bridge = config.public_url.at("/federation/");
        for (name, url) in [
            ("authorize_url", &details.authorize_url),
            ("token_url", &details.token_url),
            ("attributes_url", &details.attributes_url),
            ("jwks_uri", &details.jwks_uri),
        ] {
            let Some(url) = url else { continue };
            findings.need(!url.starts_with(&bridge), || {
                format!(
                    "{name} is at a bridge, but providers.{index} has none: add [providers.bridge], or remove {name}"
                )
            });
            findings.need(is_safe(url), || format!("{name} is not an https address: correct or remove it"));
        }
    }

    /// How the user pool identifies itself, and what it asks for.
    fn authentication(&self, details: &Details, findings: &mut Findings) {
        let Self { index, provider, guide, .. } = self;
        let of_bridge = if provider.bridge.is_some() { ".bridge" } else { "" };
        if let Some(id) = provider.client_id() {
            let found = details.client_id.as_deref().unwrap_or("not set");
            findings.need(found == id, || {
                format!("client_id is {found}, not {id} (providers.{index}{of_bridge}.client_id)")
            });
        }
        let secret = details.client_secret.as_ref().filter(|secret| !secret.expose().is_empty());
        findings.need(secret.is_some(), || "client_secret is empty: set it".to_owned());
        if let (Some(secret), Some(bridge)) = (secret, &provider.bridge) {
            let is_current = Held::from(&bridge.client_secret).is(secret).unwrap_or(true);
            let is_previous =
                bridge.previous_client_secret.as_ref().and_then(|previous| Held::from(previous).is(secret));
            findings.need(is_current || is_previous == Some(true), || {
                format!("client_secret is not that of the bridge: set both to the same (providers.{index}.bridge.client_secret)")
            });
            findings.advise(is_current, || {
                format!("client_secret is still providers.{index}.bridge.previous_client_secret: set the current one")
            });
        }
        let scopes: Vec<_> = details.authorize_scopes.split_ascii_whitespace().collect();
        findings.need(scopes.contains(&"openid"), || "authorize_scopes lacks openid: add it".to_owned());
        let missing = guide.missing_scopes(&scopes);
        findings.need(missing.is_empty(), || {
            format!("authorize_scopes lacks {}: add it, as in the guide", missing.join(" "))
        });
        let method = details.attributes_request_method.as_deref().unwrap_or("not set");
        findings.need(["GET", "POST"].contains(&method), || {
            format!("attributes_request_method is {method}: set GET or POST")
        });
        if let Some(expected) = &guide.request_method {
            findings.advise(method == expected, || {
                format!("attributes_request_method is {method}, and the guide has {expected}")
            });
        }
    }

    /// The attribute mapping: the user pool's attribute, the provider's claim.
    fn mapping(&self, found: &IdentityProvider, schema: &[Attribute]) -> Findings {
        let mut findings = Findings::default();
        let mapping = &found.attribute_mapping;
        let Some(eid) = mapping.get(EID) else {
            findings.need(false, || {
                format!("{EID} is not mapped, so no one can sign in: map {} to it", self.expected_claim())
            });
            return findings;
        };
        if self.provider.kind.is_workforce {
            Self::workforce_number(mapping, eid, &mut findings)
        } else {
            self.number(eid, &mut findings)
        }
        for (attribute, claim) in mapping.iter().filter(|(attribute, _)| *attribute != USER_NAME) {
            let known = schema.iter().find(|known| known.name == *attribute);
            findings.need(known.is_some(), || {
                format!("the user pool has no attribute {attribute}: add it, or remove it from the mapping")
            });
            // That of `custom:eid` has a line of its own.
            findings.need(attribute == EID || known.is_none_or(|known| known.mutable), || {
                format!("{attribute} is immutable, so each person's second sign-in fails: remove it from the mapping")
            });
            let scopes: Vec<_> = found.provider_details.authorize_scopes.split_ascii_whitespace().collect();
            let scope = scope_of(claim).filter(|scope| found.provider_type == OIDC && !scopes.contains(scope));
            if let Some(scope) = scope {
                findings.need(false, || {
                    format!("{attribute} is mapped from {claim}, but authorize_scopes lacks {scope}: add it")
                });
            }
        }
        let required =
            schema.iter().filter(|attribute| attribute.required && !["sub", EID].contains(&attribute.name.as_str()));
        for attribute in required.filter(|attribute| !mapping.contains_key(&attribute.name)) {
            findings.need(false, || {
                format!(
                    "the user pool requires {}, and it is not mapped, so no one can sign in: map it",
                    attribute.name
                )
            });
        }
        findings
    }

    fn expected_claim(&self) -> &str {
        if self.provider.kind.is_workforce { USER_ID_ATTRIBUTE } else { self.guide.eid.as_deref().unwrap_or("sub") }
    }

    /// Whether the claim identifies one citizen for good.
    fn number(&self, claim: &str, findings: &mut Findings) {
        let Some(expected) = &self.guide.eid else {
            findings.need(!UNSTABLE_CLAIMS.contains(&claim), || unstable(claim));
            return;
        };
        if claim == expected {
            return;
        }
        if self.provider.kind.has_national_number {
            findings.need(false, || {
                format!("{EID} is mapped from {claim}, which is no national number: map {expected} to it. Records of before stay under {claim}")
            });
        } else if UNSTABLE_CLAIMS.contains(&claim) {
            findings.need(false, || unstable(claim));
        } else if claim == "sub" {
            findings.need(false, || {
                format!("{EID} is mapped from sub, which differs for one person with two ways to sign in: map a claim such as {expected}")
            });
        } else {
            let is_url = |text: &str| text.starts_with("https://");
            // The guide's own address is an example.
            findings.advise(is_url(expected) && is_url(claim), || {
                format!("the guide maps {EID} from {expected}; make sure that {claim} is one person's for good")
            });
        }
    }

    fn workforce_number(mapping: &BTreeMap<String, String>, eid: &str, findings: &mut Findings) {
        let email = mapping.get("email").map(String::as_str);
        findings.need(email.is_some(), || {
            "email is not mapped, and the token exchange finds people by it: map it".to_owned()
        });
        let is_other = [email, mapping.get("name").map(String::as_str)].contains(&Some(eid));
        findings.need(!is_other, || {
            format!(
                "{EID} is mapped from {eid}, which is not the directory's user id, so every answer of Access Grants would be \
                 refused: map {USER_ID_ATTRIBUTE} to it"
            )
        });
        findings.advise(eid == USER_ID_ATTRIBUTE, || {
            format!("the guide maps {EID} from {USER_ID_ATTRIBUTE}; make sure that {eid} is the directory's user id")
        });
    }
}

fn unstable(claim: &str) -> String {
    format!(
        "{EID} is mapped from {claim}, which can change or be another person's later: map a claim that identifies one person for good"
    )
}

fn has_same_origin(one: &str, other: &str) -> bool {
    matches!((Url::parse(one), Url::parse(other)), (Ok(one), Ok(other)) if one.origin() == other.origin())
}

/// Whether the user pool may send people or requests there.
fn is_safe(url: &str) -> bool {
    crate::config::Endpoint::parse_base(url).is_some()
}

#[cfg(test)]
mod tests;
