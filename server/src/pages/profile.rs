use std::sync::Arc;

use app::{
    look,
    pages::{
        Body,
        profile::{Entry, Field, ProfilePage},
    },
};
use axum::{extract::State, http::StatusCode, response::Response};

use super::Pages;
use crate::{
    citizen,
    visitor::{SignedIn, Visitor},
};

/// `GET /profile`
pub(super) async fn profile(
    State(pages): State<Arc<Pages>>,
    visitor: Visitor,
    SignedIn(citizen): SignedIn,
) -> Response {
    let provider = pages.providers.iter().find(|provider| provider.id == citizen.provider);
    // The provider may have been removed from the configuration.
    let (name, look) = provider.map_or((&citizen.provider, &look::PLAIN), |provider| (&provider.name, provider.look));
    let body = Body::Profile(ProfilePage { provider: name.clone(), look, entries: entries(&citizen.profile) });
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
    fields.into_iter().filter_map(|(field, value)| Some(Entry { field, value: value.clone()? })).collect()
}
