//! The test citizens. All are made up. Their national numbers have valid check digits.

use std::borrow::Cow::{self, Borrowed};

use serde_json::{Map, Value, json};

use super::request::Request;

/// A person with an account. Numbered citizens share the borrowed values.
#[derive(Clone)]
pub(super) struct Citizen {
    /// The value in forms.
    pub(super) id: Cow<'static, str>,
    pub(super) name: Cow<'static, str>,
    pub(super) given_name: &'static str,
    pub(super) family_name: Cow<'static, str>,
    /// Eleven digits. Absent for a citizen without a Belgian document.
    pub(super) national_number: Option<Cow<'static, str>>,
    /// What is special about this citizen.
    pub(super) about: &'static str,
    pub(super) birthdate: Cow<'static, str>,
    pub(super) gender: &'static str,
    pub(super) locale: &'static str,
    /// Absent if the citizen did not give one to the provider.
    pub(super) email: Option<Cow<'static, str>>,
    pub(super) phone_number: &'static str,
    pub(super) street: &'static str,
    pub(super) postal_code: &'static str,
    pub(super) locality: &'static str,
}

/// The citizens on the page, in its order.
pub(super) static CITIZENS: [Citizen; 6] = [
    Citizen {
        id: Borrowed("an"),
        name: Borrowed("An Peeters"),
        given_name: "An",
        family_name: Borrowed("Peeters"),
        national_number: Some(Borrowed("85073003328")),
        about: "Belgian",
        birthdate: Borrowed("1985-07-30"),
        gender: "female",
        locale: "nl-BE",
        email: Some(Borrowed("an.peeters@example.com")),
        phone_number: "+32470000001",
        street: "Voorbeeldstraat 1",
        postal_code: "9000",
        locality: "Gent",
    },
    Citizen {
        id: Borrowed("bram"),
        name: Borrowed("Bram Janssens"),
        given_name: "Bram",
        family_name: Borrowed("Janssens"),
        national_number: Some(Borrowed("90051411136")),
        about: "Belgian, another one",
        birthdate: Borrowed("1990-05-14"),
        gender: "male",
        locale: "nl-BE",
        email: Some(Borrowed("bram.janssens@example.com")),
        phone_number: "+32470000002",
        street: "Testlaan 22",
        postal_code: "2000",
        locality: "Antwerpen",
    },
    Citizen {
        id: Borrowed("mia"),
        name: Borrowed("Mia Lindqvist"),
        given_name: "Mia",
        family_name: Borrowed("Lindqvist"),
        national_number: None,
        about: "Resident without a Belgian document, so without a national number",
        birthdate: Borrowed("1978-02-21"),
        gender: "female",
        locale: "en",
        email: Some(Borrowed("mia.lindqvist@example.com")),
        phone_number: "+46700000003",
        street: "Rue de l'Exemple 3",
        postal_code: "1000",
        locality: "Bruxelles",
    },
    Citizen {
        id: Borrowed("zoe"),
        name: Borrowed("Zoë Çelik-Østergård ليلى بن علي"),
        given_name: "Zoë ليلى",
        family_name: Borrowed("Çelik-Østergård بن علي"),
        national_number: Some(Borrowed("01030904250")),
        about: "Belgian, with diacritics and right-to-left letters in the name",
        birthdate: Borrowed("2001-03-09"),
        gender: "female",
        locale: "fr-BE",
        email: Some(Borrowed("zoe@example.com")),
        phone_number: "+32470000004",
        street: "Chaussée d'Été 4",
        postal_code: "4000",
        locality: "Liège",
    },
    Citizen {
        id: Borrowed("noor"),
        name: Borrowed("Noor Haddad"),
        given_name: "Noor",
        family_name: Borrowed("Haddad"),
        national_number: Some(Borrowed("96110220483")),
        about: "Belgian, without an email address",
        birthdate: Borrowed("1996-11-02"),
        gender: "female",
        locale: "nl-BE",
        email: None,
        phone_number: "+32470000006",
        street: "Proefplein 6",
        postal_code: "3000",
        locality: "Leuven",
    },
    Citizen {
        id: Borrowed("eva"),
        name: Borrowed("Eva Willems"),
        given_name: "Eva",
        family_name: Borrowed("Willems"),
        national_number: Some(Borrowed("88061500478")),
        about: "Belgian, with the same email address as a case worker",
        birthdate: Borrowed("1988-06-15"),
        gender: "female",
        locale: "nl-BE",
        email: Some(Borrowed("lena.dubois@fps.example")),
        phone_number: "+32470000007",
        street: "Oefenweg 7",
        postal_code: "8000",
        locality: "Brugge",
    },
];

/// The citizen on the page with this id.
pub(super) fn find(id: &str) -> Option<Citizen> {
    CITIZENS.iter().find(|citizen| citizen.id == id).cloned()
}

impl Citizen {
    /// The standard claims that the scopes of this request allow (OpenID Connect Core 1.0, section 5.4).
    pub(super) fn standard_claims(&self, request: &Request) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        if request.has("profile") {
            add("name", json!(self.name));
            add("given_name", json!(self.given_name));
            add("family_name", json!(self.family_name));
            add("birthdate", json!(self.birthdate));
            add("gender", json!(self.gender));
            add("locale", json!(self.locale));
        }
        if let Some(email) = self.email.as_ref().filter(|_| request.has("email")) {
            add("email", json!(email));
        }
        if request.has("phone") {
            add("phone_number", json!(self.phone_number));
            add("phone_number_verified", json!(true));
        }
        if request.has("address") {
            add("address", self.address());
        }
        claims
    }

    /// The email address to sign in with, at providers where that is the user name.
    pub(super) fn login(&self) -> String {
        self.email.as_ref().map_or_else(|| format!("{}@example.com", self.id), |email| email.clone().into_owned())
    }

    pub(super) fn address(&self) -> Value {
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
    fn national_numbers_have_valid_check_digits() {
        for citizen in &CITIZENS {
            let Some(number) = &citizen.national_number else {
                continue;
            };
            assert_eq!(number.len(), 11);
            let (body, check) = number.split_at(9);
            // From the birth year 2000 on, the check counts a 2 before the number.
            let century = if citizen.birthdate.starts_with('2') { "2" } else { "" };
            let body: u64 = format!("{century}{body}").parse().unwrap();
            assert_eq!(97 - body % 97, check.parse::<u64>().unwrap(), "{}", citizen.id);
        }
    }
}
