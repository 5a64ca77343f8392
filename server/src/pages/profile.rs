use std::sync::Arc;

use app::{
    Register,
    pages::{
        Body,
        profile::{Entry, Field, ProfilePage, Purpose},
    },
};
use axum::{extract::State, http::StatusCode, response::Response};

use super::Pages;
use crate::{
    citizen::{self, NameSource},
    visitor::{SignedIn, Visitor},
};

/// `GET /profile`
pub(super) async fn profile(
    State(pages): State<Arc<Pages>>,
    visitor: Visitor,
    SignedIn(session): SignedIn,
) -> Response {
    let citizen = &session.citizen;
    let body = Body::Profile(ProfilePage {
        provider: pages.provider_name(&citizen.provider),
        register: Register::of(&citizen.namespace),
        signed_in_at: citizen.signed_in(),
        entries: entries(&citizen.profile),
    });
    pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body)
}

fn entries(profile: &citizen::Profile) -> Vec<Entry> {
    let eid = profile.eid.as_ref().map(|eid| eid.expose().to_owned());
    let fields = [
        (Field::Name, &profile.name),
        (Field::GivenName, &profile.given_name),
        (Field::FamilyName, &profile.family_name),
        (Field::Eid, &eid),
        (Field::Birthdate, &profile.birthdate),
        (Field::Gender, &profile.gender),
        (Field::Email, &profile.email),
        (Field::PhoneNumber, &profile.phone_number),
        (Field::Address, &profile.address),
        (Field::Locale, &profile.locale),
    ];
    let greeting = profile.name_source();
    let entry =
        |field, value: &Option<String>| Some(Entry { field, value: value.clone()?, purpose: purpose(field, greeting) });
    fields.into_iter().filter_map(|(field, value)| entry(field, value)).collect()
}

const fn purpose(field: Field, greeting: Option<NameSource>) -> Purpose {
    match (field, greeting) {
        (Field::Eid, _) => Purpose::Records,
        (Field::Name, Some(NameSource::Name))
        | (Field::GivenName | Field::FamilyName, Some(NameSource::Parts))
        | (Field::Email, Some(NameSource::Email)) => Purpose::Greeting,
        _ => Purpose::ShownOnly,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_that_the_shown_name_is_made_of_are_for_the_greeting() {
        let text = |text: &str| Some(text.to_owned());
        let all = citizen::Profile {
            name: text("An Peeters"),
            given_name: text("An"),
            family_name: text("Peeters"),
            email: text("an@example.com"),
            ..citizen::Profile::default()
        };
        let parts = citizen::Profile { name: text(" "), ..all.clone() };
        let family = citizen::Profile { name: None, given_name: None, ..all.clone() };
        let email = citizen::Profile { family_name: None, ..family.clone() };
        let used = |profile: &citizen::Profile| {
            let entries = entries(profile).into_iter().filter(|entry| entry.purpose == Purpose::Greeting);
            entries.map(|entry| (entry.field, entry.value)).collect::<Vec<_>>()
        };
        for (profile, fields) in [
            (&all, &[Field::Name][..]),
            (&parts, &[Field::GivenName, Field::FamilyName]),
            (&family, &[Field::FamilyName]),
            (&email, &[Field::Email]),
            (&citizen::Profile::default(), &[]),
        ] {
            let used = used(profile);
            assert_eq!(used.iter().map(|(field, _)| *field).collect::<Vec<_>>(), fields);
            // The page must not say that a detail is for the greeting when the greeting shows another one.
            let shown = used.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(" ");
            assert_eq!(shown, profile.display_name());
        }
    }

    #[test]
    fn records_are_found_by_the_number() {
        let profile = citizen::Profile { eid: Some(crate::secret::Secret::new("85073003328")), ..Default::default() };
        let entries = entries(&profile);
        assert_eq!(entries.iter().map(|entry| entry.purpose).collect::<Vec<_>>(), [Purpose::Records]);
    }
}
