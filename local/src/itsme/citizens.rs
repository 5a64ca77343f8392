//! The test citizens. All are made up; national numbers have valid check digits.

use serde_json::{Map, Value, json};

/// A person with an account.
pub(super) struct Citizen {
    /// The value in forms; fixed.
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) given_name: &'static str,
    pub(super) family_name: &'static str,
    /// Eleven digits; absent without a Belgian document.
    pub(super) national_number: Option<&'static str>,
    /// Why this citizen is in the list.
    pub(super) about: &'static str,
    birthdate: &'static str,
    gender: &'static str,
    locale: &'static str,
    email: &'static str,
    phone_number: &'static str,
    street: &'static str,
    postal_code: &'static str,
    locality: &'static str,
}

/// Everybody who can sign in, in the order of the page.
pub(super) static CITIZENS: [Citizen; 4] = [
    Citizen {
        id: "an",
        name: "An Peeters",
        given_name: "An",
        family_name: "Peeters",
        national_number: Some("85073003328"),
        about: "Belgian",
        birthdate: "1985-07-30",
        gender: "female",
        locale: "nl-BE",
        email: "an.peeters@example.com",
        phone_number: "+32470000001",
        street: "Voorbeeldstraat 1",
        postal_code: "9000",
        locality: "Gent",
    },
    Citizen {
        id: "bram",
        name: "Bram Janssens",
        given_name: "Bram",
        family_name: "Janssens",
        national_number: Some("90051411136"),
        about: "Belgian, another one",
        birthdate: "1990-05-14",
        gender: "male",
        locale: "nl-BE",
        email: "bram.janssens@example.com",
        phone_number: "+32470000002",
        street: "Testlaan 22",
        postal_code: "2000",
        locality: "Antwerpen",
    },
    Citizen {
        id: "mia",
        name: "Mia Lindqvist",
        given_name: "Mia",
        family_name: "Lindqvist",
        national_number: None,
        about: "Resident without a Belgian document, so without a national number",
        birthdate: "1978-02-21",
        gender: "female",
        locale: "en",
        email: "mia.lindqvist@example.com",
        phone_number: "+46700000003",
        street: "Rue de l'Exemple 3",
        postal_code: "1000",
        locality: "Bruxelles",
    },
    Citizen {
        id: "zoe",
        name: "Zoë Çelik-Østergård ليلى بن علي",
        given_name: "Zoë ليلى",
        family_name: "Çelik-Østergård بن علي",
        national_number: Some("01030904250"),
        about: "Belgian, with diacritics and right-to-left letters in the name",
        birthdate: "2001-03-09",
        gender: "female",
        locale: "fr-BE",
        email: "zoe@example.com",
        phone_number: "+32470000004",
        street: "Chaussée d'Été 4",
        postal_code: "4000",
        locality: "Liège",
    },
];

/// The citizen with this id.
pub(super) fn find(id: &str) -> Option<&'static Citizen> {
    CITIZENS.iter().find(|citizen| citizen.id == id)
}

impl Citizen {
    /// The claims that these scopes open (OpenID Connect Core 1.0, section 5.4, and itsme's `eid`).
    pub(super) fn claims(&self, scopes: &[String]) -> Map<String, Value> {
        let has = |scope: &str| scopes.iter().any(|given| given == scope);
        let mut claims = Map::new();
        let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        if has("profile") {
            add("name", json!(self.name));
            add("given_name", json!(self.given_name));
            add("family_name", json!(self.family_name));
            add("birthdate", json!(self.birthdate));
            add("gender", json!(self.gender));
            add("locale", json!(self.locale));
        }
        if has("email") {
            add("email", json!(self.email));
            add("email_verified", json!(false));
        }
        if has("phone") {
            add("phone_number", json!(self.phone_number));
            add("phone_number_verified", json!(true));
        }
        if has("address") {
            add("address", self.address());
        }
        if let Some(number) = self.national_number.filter(|_| has("eid")) {
            add("http://itsme.services/v2/claim/BENationalNumber", json!(number));
        }
        claims
    }

    fn address(&self) -> Value {
        json!({
            "formatted": format!("{}\n{} {}\nBE", self.street, self.postal_code, self.locality),
            "street_address": self.street,
            "postal_code": self.postal_code,
            "locality": self.locality,
            "country": "BE",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CITIZENS;

    #[test]
    fn national_numbers_carry_valid_check_digits() {
        for citizen in &CITIZENS {
            let Some(number) = citizen.national_number else {
                continue;
            };
            assert_eq!(number.len(), 11);
            let (body, check) = number.split_at(9);
            // Who was born from 2000 on counts with a 2 before the number.
            let century = if citizen.birthdate.starts_with('2') { "2" } else { "" };
            let body: u64 = format!("{century}{body}").parse().unwrap();
            assert_eq!(97 - body % 97, check.parse::<u64>().unwrap(), "{}", citizen.id);
        }
    }
}
