//! What a user pool has of the directory, in the place of its SAML metadata.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use super::facts::Facts;
use super::people::Person;
use crate::random;
use crate::store::{Store, now};
use crate::web::with_query;

/// How long an answer can be redeemed: as long as a SAML assertion of the real directory is valid.
const ANSWER_SECONDS: u64 = 5 * 60;

/// The connection between a user pool and the directory. Clones are the same connection.
#[derive(Clone)]
pub struct Connection {
    pub(super) facts: &'static Facts,
    url: String,
    registered: Arc<RwLock<BTreeSet<String>>>,
    answers: Arc<Store<Issued>>,
}

/// An answer that was not redeemed yet.
#[derive(Clone)]
struct Issued {
    relay_state: String,
    answer: Answer,
}

/// The directory's answer to a request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// The person signed in.
    SignedIn {
        /// The subject, which never changes.
        name_id: String,
        /// The attributes of the person, by their names at the directory.
        attributes: BTreeMap<&'static str, String>,
    },
    /// The person declined.
    Declined,
}

impl Connection {
    pub(super) fn new(facts: &'static Facts, url: String) -> Self {
        Self { facts, url, registered: Arc::default(), answers: Arc::new(Store::new(ANSWER_SECONDS)) }
    }

    /// The directory's entity id, which the user pool calls the issuer.
    pub fn entity_id(&self) -> String {
        format!("{}{}", self.url, self.facts.entity_id)
    }

    /// The attribute mapping of a user pool: its attribute, the directory's.
    pub fn mapping(&self) -> &'static [(&'static str, &'static str)] {
        self.facts.mapping
    }

    /// Registers an address that takes answers; requests must name it character for character.
    pub(crate) fn add_answer_url(&self, url: String) {
        self.registered.write().unwrap_or_else(PoisonError::into_inner).insert(url);
    }

    /// Where a browser signs in. It comes back to `answer_url` with `relay_state` and an answer.
    pub(crate) fn sign_in_url(&self, answer_url: &str, relay_state: &str) -> String {
        let params = [("answer_url", answer_url), ("RelayState", relay_state)];
        with_query(&format!("{}{}", self.url, super::sign_in::PATH), &params)
    }

    /// The answer behind `answer`, once, and only for the request with this `relay_state`.
    pub(crate) fn redeem(&self, answer: &str, relay_state: &str) -> Option<Answer> {
        let issued = self.answers.take(answer, now())?;
        random::same_secret(&issued.relay_state, relay_state).then_some(issued.answer)
    }

    pub(super) fn takes_answers_at(&self, url: &str) -> bool {
        self.registered.read().unwrap_or_else(PoisonError::into_inner).contains(url)
    }

    /// Answers a request: with a person, or declined. Returns the value that the browser carries.
    pub(super) fn issue(&self, relay_state: &str, person: Option<&Person>) -> String {
        let answer = match person {
            Some(person) => Answer::SignedIn {
                name_id: person.user_name.clone().into_owned(),
                attributes: BTreeMap::from([
                    ("email", person.email.clone().into_owned()),
                    ("name", person.name.clone().into_owned()),
                    (self.facts.user_id_attribute, person.user_id.clone().into_owned()),
                ]),
            },
            None => Answer::Declined,
        };
        let key = random::opaque();
        self.answers.insert(key.clone(), Issued { relay_state: relay_state.to_owned(), answer }, now());
        key
    }
}

#[cfg(test)]
mod tests {
    use super::super::people::NAMED;
    use super::{Answer, Connection};
    use crate::providers::WORKFORCE;

    #[test]
    fn an_answer_belongs_to_one_request_and_works_once() {
        let connection = Connection::new(&WORKFORCE, "http://127.0.0.1:1".to_owned());
        let right = connection.issue("one", Some(&NAMED[0]));
        assert!(matches!(connection.redeem(&right, "one"), Some(Answer::SignedIn { .. })));
        assert!(connection.redeem(&right, "one").is_none(), "twice");

        let declined = connection.issue("one", None);
        assert!(connection.redeem(&declined, "another").is_none());
        // The attempt has used it up.
        assert!(connection.redeem(&declined, "one").is_none());
        assert!(connection.redeem("unknown", "one").is_none());
    }

    #[test]
    fn every_mapped_attribute_is_sent() {
        let connection = Connection::new(&WORKFORCE, "http://127.0.0.1:1".to_owned());
        let answer = connection.issue("one", Some(&NAMED[0]));
        let Some(Answer::SignedIn { attributes, .. }) = connection.redeem(&answer, "one") else { panic!("no person") };
        for (_, name) in connection.mapping() {
            assert!(attributes.contains_key(name), "{name}");
        }
    }
}
