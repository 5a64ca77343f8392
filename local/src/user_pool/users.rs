//! The users of the pool: created at their first federation, updated at every later one.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};
use uuid::Builder;

use super::ids::USER_POOL_ID;
use crate::random;
use crate::store::now;

/// The attributes that the pool requires.
const REQUIRED: [&str; 1] = ["email"];

/// A provider did not share a required attribute. The app gets this text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("attributes required: [{0}]")]
pub(super) struct Missing(&'static str);

/// The provider of a user, as the claim `identities` names it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// Its name in the pool.
    pub(super) name: String,
    /// `OIDC` or `SAML`.
    pub(super) provider_type: &'static str,
    /// The entity id of a SAML provider.
    pub(super) issuer: Option<String>,
}

/// A user profile.
#[derive(Clone)]
pub(super) struct User {
    pub(super) sub: String,
    pub(super) username: String,
    source: Source,
    upstream_subject: String,
    attributes: BTreeMap<&'static str, String>,
    created_millis: u64,
}

/// All user profiles, by user name.
#[derive(Default)]
pub(super) struct Users(Mutex<HashMap<String, User>>);

impl Users {
    /// Creates or updates the profile with these attributes from the provider. Returns the user name.
    pub(super) fn federate(
        &self,
        source: Source,
        subject: &str,
        attributes: BTreeMap<&'static str, String>,
    ) -> Result<String, Missing> {
        if let Some(missing) = REQUIRED.iter().find(|name| !attributes.contains_key(*name)) {
            return Err(Missing(missing));
        }
        let username = format!("{}_{subject}", source.name);
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let created_millis = users.get(&username).map_or_else(|| now() * 1_000, |user| user.created_millis);
        let user = User {
            sub: stable_sub(&username),
            username: username.clone(),
            source,
            upstream_subject: subject.to_owned(),
            attributes,
            created_millis,
        };
        users.insert(username.clone(), user);
        Ok(username)
    }

    /// The profile with this user name.
    pub(super) fn get(&self, username: &str) -> Option<User> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(username).cloned()
    }

    /// Another user of the same provider.
    pub(super) fn other_than(&self, user: &User) -> Option<User> {
        let users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        users.values().find(|other| other.source == user.source && other.username != user.username).cloned()
    }
}

impl User {
    /// The group that Cognito creates for a provider's users.
    pub(super) fn groups(&self) -> Value {
        json!([format!("{USER_POOL_ID}_{}", self.source.name)])
    }

    /// The claim `identities`. Cognito gives every value as a string, and an issuer only for SAML.
    pub(super) fn identities(&self) -> Value {
        json!([{
            "dateCreated": self.created_millis.to_string(),
            "userId": self.upstream_subject,
            "providerName": self.source.name,
            "providerType": self.source.provider_type,
            "issuer": self.source.issuer,
            "primary": "true",
        }])
    }

    /// The attributes that these scopes allow, by the guide's "Scopes, M2M, and resource servers": `openid` alone allows all
    /// of them; with other scopes, it adds none.
    pub(super) fn attributes(&self, scopes: &[String]) -> Map<String, Value> {
        let has = |scope: &str| scopes.iter().any(|given| given == scope);
        let all = scopes.len() == 1;
        let mut claims = Map::new();
        for (name, value) in &self.attributes {
            let open = match *name {
                "email" => has("email"),
                "phone_number" => has("phone"),
                _ => has("profile"),
            };
            if !open && !all {
                continue;
            }
            let value = match *name {
                "address" => json!({ "formatted": value }),
                _ => json!(value),
            };
            claims.insert((*name).to_owned(), value);
            // Attributes from a provider count as unverified, unless their verification is mapped too.
            if matches!(*name, "email" | "phone_number") {
                claims.insert(format!("{name}_verified"), json!(false));
            }
        }
        claims
    }
}

/// A user keeps the same `sub` after a restart, although the pool stores nothing on disk.
fn stable_sub(username: &str) -> String {
    let digest = random::sha256(format!("{USER_POOL_ID}\0{username}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{Missing, Source, Users};

    fn scopes(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    fn attributes(attributes: &[(&'static str, &str)]) -> BTreeMap<&'static str, String> {
        attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    }

    fn oidc(name: &str) -> Source {
        Source { name: name.to_owned(), provider_type: "OIDC", issuer: None }
    }

    const EMAIL: (&str, &str) = ("email", "a@example.com");

    #[test]
    fn scopes_limit_attributes() {
        let users = Users::default();
        let given = [EMAIL, ("name", "A"), ("phone_number", "+32"), ("address", "{\"country\":\"BE\"}")];
        let username = users.federate(oidc("First"), "s", attributes(&given)).unwrap();
        let user = users.get(&username).unwrap();

        let email = user.attributes(&scopes(&["openid", "email"]));
        assert_eq!(json!(email), json!({ "email": "a@example.com", "email_verified": false }));
        let profile = user.attributes(&scopes(&["openid", "profile"]));
        assert_eq!(profile["address"], json!({ "formatted": "{\"country\":\"BE\"}" }));
        assert!(!profile.contains_key("email"));
        assert_eq!(user.attributes(&scopes(&["openid"])).len(), 6);
    }

    #[test]
    fn a_sub_stays_over_a_restart_and_a_missing_claim_is_removed() {
        let with = [EMAIL, ("custom:eid", "85073003328")];
        let (first, second) = (Users::default(), Users::default());
        let username = first.federate(oidc("First"), "s", attributes(&with)).unwrap();
        assert_eq!(username, "First_s");
        let before = first.get(&username).unwrap();
        assert_eq!(before.attributes(&scopes(&["openid"]))["custom:eid"], "85073003328");
        first.federate(oidc("First"), "s", attributes(&[EMAIL])).unwrap();
        second.federate(oidc("First"), "s", attributes(&[EMAIL])).unwrap();
        assert!(!first.get(&username).unwrap().attributes(&scopes(&["openid"])).contains_key("custom:eid"));
        assert_eq!(before.sub, second.get(&username).unwrap().sub);
    }

    #[test]
    fn the_same_subject_at_two_providers_is_two_users() {
        let users = Users::default();
        let first = users.federate(oidc("First"), "s", attributes(&[EMAIL])).unwrap();
        let second = users.federate(oidc("Second"), "s", attributes(&[EMAIL])).unwrap();
        assert_ne!(users.get(&first).unwrap().sub, users.get(&second).unwrap().sub);
    }

    #[test]
    fn a_user_needs_an_email_address() {
        let users = Users::default();
        assert_eq!(users.federate(oidc("First"), "s", attributes(&[("name", "A")])), Err(Missing("email")));
        assert_eq!(Missing("email").to_string(), "attributes required: [email]");
        assert!(users.get("First_s").is_none());
    }
}
