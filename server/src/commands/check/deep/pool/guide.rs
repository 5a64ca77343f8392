//! What the guide of a kind says about the provider in the user pool.

use std::collections::BTreeMap;

use super::EID;
use crate::providers::ProviderKind;

/// The examples of a guide.
#[derive(Default)]
pub(super) struct Guide {
    /// The claim that `custom:eid` is mapped from.
    pub(super) eid: Option<String>,
    /// The scopes that OpenID Connect does not define. One with a value (`service:CODE`) stands for any value.
    pub(super) own_scopes: Vec<String>,
    pub(super) request_method: Option<String>,
}

impl Guide {
    /// Reads the blocks of the guide: the provider's details, and the attribute mapping.
    pub(super) fn of(kind: &ProviderKind) -> Self {
        let page = kind.guide.as_ref().map_or("", |guide| guide.page);
        let blocks = page.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
        let blocks: Vec<BTreeMap<String, String>> =
            blocks.filter_map(|block| serde_json::from_str(block).ok()).collect();
        let value = |name: &str| blocks.iter().find_map(|block| block.get(name)).cloned();
        let scopes = value("authorize_scopes").unwrap_or_default();
        let own = scopes.split(' ').filter(|scope| !scope.is_empty() && !STANDARD_SCOPES.contains(scope));
        Self {
            eid: value(EID),
            own_scopes: own.map(str::to_owned).collect(),
            request_method: value("attributes_request_method"),
        }
    }

    /// Those of its own scopes that are not among `scopes`.
    pub(super) fn missing_scopes(&self, scopes: &[&str]) -> Vec<&str> {
        let has = |wanted: &str| match wanted.split_once(':') {
            Some((name, _)) => scopes
                .iter()
                .any(|scope| scope.split_once(':').is_some_and(|(own, value)| own == name && !value.is_empty())),
            None => scopes.contains(&wanted),
        };
        self.own_scopes.iter().map(String::as_str).filter(|wanted| !has(wanted)).collect()
    }
}

/// The scopes of OpenID Connect Core 1.0, 5.4.
const STANDARD_SCOPES: [&str; 5] = ["openid", "profile", "email", "address", "phone"];

/// The scope that asks for a claim (OpenID Connect Core 1.0, 5.4). `None` for other claims. Some providers say `phone`.
pub(super) fn scope_of(claim: &str) -> Option<&'static str> {
    Some(match claim {
        "name" | "family_name" | "given_name" | "middle_name" | "nickname" | "preferred_username" | "profile"
        | "picture" | "website" | "gender" | "birthdate" | "zoneinfo" | "locale" | "updated_at" => "profile",
        "email" | "email_verified" => "email",
        "address" => "address",
        "phone_number" | "phone_number_verified" | "phone" => "phone",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::KINDS;

    #[test]
    fn each_guide_of_openid_connect_says_where_the_number_comes_from() {
        for kind in KINDS.iter().filter(|kind| kind.guide.as_ref().is_some_and(|guide| guide.openid.is_some())) {
            let guide = Guide::of(kind);
            assert!(guide.eid.is_some(), "{}", kind.id);
            assert!(["GET", "POST"].contains(&guide.request_method.as_deref().unwrap()), "{}", kind.id);
        }
        let itsme = Guide::of(ProviderKind::find("itsme").unwrap());
        assert_eq!(itsme.own_scopes, ["service:CODE", "eid"]);
        assert_eq!(itsme.missing_scopes(&["openid", "service:OTHER"]), ["eid"]);
        assert_eq!(itsme.missing_scopes(&["eid", "service:"]), ["service:CODE"]);
        assert!(Guide::of(ProviderKind::find("oidc").unwrap()).eid.is_none());
    }
}
