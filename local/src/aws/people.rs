//! The people of the directory, as IAM Identity Center knows them.

use std::sync::{PoisonError, RwLock};

/// A person in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The directory's user id, a UUID.
    pub user_id: String,
    /// The mail that an ID token is compared with.
    pub email: String,
    /// The ids of the groups, UUIDs.
    pub groups: Vec<String>,
    /// Whether the person, or one of the groups, is assigned to the application.
    pub is_assigned: bool,
}

/// Everybody in the directory.
pub(super) struct People(RwLock<Vec<Person>>);

impl People {
    pub(super) fn new(people: Vec<Person>) -> Self {
        Self(RwLock::new(people))
    }

    /// The only person with this mail; `None` if there is none, or more than one.
    pub(super) fn with_email(&self, email: &str) -> Option<Person> {
        let people = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut matching = people.iter().filter(|person| person.email == email);
        match (matching.next(), matching.next()) {
            (Some(person), None) => Some(person.clone()),
            _ => None,
        }
    }

    /// Everybody.
    pub(super) fn all(&self) -> Vec<Person> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The person with this user id.
    pub(super) fn with_id(&self, user_id: &str) -> Option<Person> {
        let people = self.0.read().unwrap_or_else(PoisonError::into_inner);
        people.iter().find(|person| person.user_id == user_id).cloned()
    }

    /// Changes a person, or removes them if `change` returns `None`. Returns whether the person exists.
    pub(super) fn change(&self, user_id: &str, change: impl FnOnce(Person) -> Option<Person>) -> bool {
        let mut people = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(index) = people.iter().position(|person| person.user_id == user_id) else { return false };
        if let Some(changed) = change(people.remove(index)) {
            people.insert(index, changed);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{People, Person};

    fn person(user_id: &str, email: &str) -> Person {
        Person { user_id: user_id.to_owned(), email: email.to_owned(), groups: Vec::new(), is_assigned: true }
    }

    #[test]
    fn a_mail_must_belong_to_one_person() {
        let people =
            People::new(vec![person("1", "a@fps.example"), person("2", "b@fps.example"), person("3", "b@fps.example")]);
        assert_eq!(people.with_email("a@fps.example").unwrap().user_id, "1");
        for none in ["b@fps.example", "A@fps.example", "c@fps.example", ""] {
            assert_eq!(people.with_email(none), None, "{none}");
        }
        assert!(people.change("3", |_| None) && !people.change("3", Some));
        assert_eq!(people.with_email("b@fps.example").unwrap().user_id, "2");
    }
}
