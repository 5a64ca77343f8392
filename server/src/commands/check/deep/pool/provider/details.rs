//! How the user pool talks to a provider.

use url::Url;

use super::{Details, Subject};
use crate::{
    commands::check::deep::{Findings, held::Held},
    config::Endpoint,
};

impl Subject<'_> {
    /// Where the user pool sends people and requests.
    pub(super) fn addresses(&self, details: &Details, findings: &mut Findings) {
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
    pub(super) fn authentication(&self, details: &Details, findings: &mut Findings) {
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
}

fn has_same_origin(one: &str, other: &str) -> bool {
    matches!((Url::parse(one), Url::parse(other)), (Ok(one), Ok(other)) if one.origin() == other.origin())
}

/// Whether the user pool may send people or requests there.
fn is_safe(url: &str) -> bool {
    Endpoint::parse_base(url).is_some()
}
