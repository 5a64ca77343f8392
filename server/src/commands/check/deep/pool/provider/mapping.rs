//! Which attributes the user pool writes, and from which claims.

use std::collections::BTreeMap;

use super::{IdentityProvider, OIDC, Subject};
use crate::{
    commands::check::deep::{
        Findings,
        pool::{EID, USER_NAME, guide::scope_of, settings::Attribute},
    },
    providers::USER_ID_ATTRIBUTE,
};

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

impl Subject<'_> {
    /// The attribute mapping: the user pool's attribute, the provider's claim.
    pub(super) fn mapping(&self, found: &IdentityProvider, schema: &[Attribute]) -> Findings {
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
