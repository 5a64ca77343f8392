//! The people and groups of the directory. All are made up.

use std::borrow::Cow::{self, Borrowed, Owned};

/// A group of people.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// Its id, which grants name.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// Everyone who works on cases.
const CASE_WORKERS: Group = Group { id: "93a4b8c2-1001-70aa-8d10-6f2b1c0d1001", name: "case-workers" };
const FAMILY_BENEFITS: Group = Group { id: "93a4b8c2-1001-70aa-8d10-6f2b1c0d1002", name: "family-benefits" };
const PENSIONS: Group = Group { id: "93a4b8c2-1001-70aa-8d10-6f2b1c0d1003", name: "pensions" };

/// The groups.
pub const GROUPS: [Group; 3] = [CASE_WORKERS, FAMILY_BENEFITS, PENSIONS];

/// A person of the directory.
#[derive(Clone, Debug)]
pub struct Person {
    /// The name to sign in with. It never changes, so it is the subject for the user pool.
    pub user_name: Cow<'static, str>,
    /// The id, a UUID. Grants and logs name it.
    pub user_id: Cow<'static, str>,
    /// The name that people read.
    pub name: Cow<'static, str>,
    /// The email address. No other person of the directory has it.
    pub email: Cow<'static, str>,
    /// The groups that the person is in.
    pub groups: &'static [Group],
    /// Whether the application that opens documents is assigned to the person. Everyone may sign in.
    pub is_assigned: bool,
    /// What is special about the person.
    pub(super) about: &'static str,
}

/// The people on the page, in its order.
pub(super) static NAMED: [Person; 4] = [
    Person {
        user_name: Borrowed("lena.dubois"),
        user_id: Borrowed("93a4b8c2-1001-70aa-8d10-6f2b1c0d0001"),
        name: Borrowed("Lena Dubois"),
        email: Borrowed("lena.dubois@fps.example"),
        groups: &[CASE_WORKERS, FAMILY_BENEFITS],
        is_assigned: true,
        about: "Case worker for family benefits",
    },
    Person {
        user_name: Borrowed("tom.verlinden"),
        user_id: Borrowed("93a4b8c2-1001-70aa-8d10-6f2b1c0d0002"),
        name: Borrowed("Tom Verlinden"),
        email: Borrowed("tom.verlinden@fps.example"),
        groups: &[CASE_WORKERS, PENSIONS],
        is_assigned: true,
        about: "Case worker for pensions",
    },
    Person {
        user_name: Borrowed("ruben.claes"),
        user_id: Borrowed("93a4b8c2-1001-70aa-8d10-6f2b1c0d0003"),
        name: Borrowed("Ruben Claes"),
        email: Borrowed("ruben.claes@fps.example"),
        groups: &[CASE_WORKERS],
        is_assigned: true,
        about: "Case worker without a team",
    },
    Person {
        user_name: Borrowed("sofie.maes"),
        user_id: Borrowed("93a4b8c2-1001-70aa-8d10-6f2b1c0d0004"),
        name: Borrowed("Sofie Maes"),
        email: Borrowed("sofie.maes@fps.example"),
        groups: &[],
        is_assigned: false,
        about: "May sign in, but the documents application is not assigned to her",
    },
];

/// Person `number` of those that the page does not show, from 1 to 9,999.
pub(super) fn numbered(number: u16) -> Person {
    Person {
        user_name: Owned(format!("w-{number:04}")),
        user_id: Owned(format!("93a4b8c2-1001-70aa-8d10-6f2b1c0e{number:04}")),
        name: Owned(format!("Worker {number:04}")),
        email: Owned(format!("worker.{number:04}@fps.example")),
        groups: &[CASE_WORKERS],
        is_assigned: true,
        about: "Case worker, one of many",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{GROUPS, NAMED, numbered};

    #[test]
    fn nobody_shares_a_name_an_id_or_an_address() {
        let people: Vec<_> = NAMED.iter().cloned().chain((1..=9_999).map(numbered)).collect();
        let mut seen: BTreeSet<_> = GROUPS.iter().map(|group| group.id.to_owned()).collect();
        for person in &people {
            assert_eq!(uuid::Uuid::parse_str(&person.user_id).unwrap().to_string(), person.user_id);
            for text in [&person.user_name, &person.user_id, &person.email] {
                assert!(seen.insert(text.clone().into_owned()), "{text}");
            }
        }
    }
}
