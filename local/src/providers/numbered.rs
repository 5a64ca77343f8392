//! As many numbered citizens as a program wants. They are not on the page.

use std::borrow::Cow::Owned;

use super::citizens::Citizen;

/// Serial numbers of one birthday: the register uses 001 to 997.
const SERIALS_PER_DAY: u16 = 997;

/// The citizen with this id, if it is one of the first `count`. The first id is `n-0001`.
pub(super) fn find(id: &str, count: u16) -> Option<Citizen> {
    let number = id.strip_prefix("n-")?.parse().ok()?;
    let exists = (1..=count.min(9_999)).contains(&number) && id == format!("n-{number:04}");
    exists.then(|| citizen(number))
}

fn citizen(number: u16) -> Citizen {
    // Birthdays are on 1 January: of the first 997 citizens in 1960, of the next 997 a year later.
    let (year, serial) = (1960 + (number - 1) / SERIALS_PER_DAY, (number - 1) % SERIALS_PER_DAY + 1);
    let female = serial % 2 == 0;
    Citizen {
        id: Owned(format!("n-{number:04}")),
        name: Owned(format!("Citizen {number:04}")),
        given_name: "Citizen",
        family_name: Owned(format!("{number:04}")),
        national_number: Some(Owned(national_number(year, serial))),
        about: "Belgian, one of many",
        birthdate: Owned(format!("{year}-01-01")),
        gender: if female { "female" } else { "male" },
        locale: "nl-BE",
        email: Some(Owned(format!("citizen.{number:04}@example.com"))),
        phone_number: "+32470000005",
        street: "Telstraat 5",
        postal_code: "9000",
        locality: "Gent",
    }
}

/// Birthday, serial number, and check digits by the rule for births before 2000.
fn national_number(year: u16, serial: u16) -> String {
    let body = u32::from(year % 100) * 10_000_000 + 101_000 + u32::from(serial);
    format!("{body:09}{:02}", 97 - body % 97)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::citizens::CITIZENS;
    use super::find;

    #[test]
    fn only_the_requested_number_of_citizens_exist() {
        assert!(find("n-0001", 0).is_none());
        assert_eq!(find("n-0042", 42).unwrap().name, "Citizen 0042");
        for wrong in ["n-0043", "n-0000", "n-42", "n-+042", "n-00042", "n-", "0042", "an"] {
            assert!(find(wrong, 42).is_none(), "{wrong}");
        }
        assert!(find("n-9999", u16::MAX).is_some() && find("n-10000", u16::MAX).is_none());
    }

    #[test]
    fn national_numbers_are_valid_and_unique() {
        let mut seen: BTreeSet<_> = CITIZENS.iter().filter_map(|citizen| citizen.national_number.clone()).collect();
        for number in 1..=9_999 {
            let citizen = find(&format!("n-{number:04}"), 9_999).unwrap();
            let national = citizen.national_number.unwrap();
            assert_eq!(national.len(), 11);
            assert_eq!(national[..2], citizen.birthdate[2..4]);
            let (body, check) = (national[..9].parse::<u64>().unwrap(), national[9..].parse::<u64>().unwrap());
            assert_eq!(97 - body % 97, check, "{number}");
            assert!(seen.insert(national), "{number}");
        }
    }
}
