use std::sync::Arc;

use app::{
    Document,
    pages::{
        Body,
        profile::{Entry, Field, Profile},
    },
    provider::Look,
};
use axum::{extract::State, http::StatusCode, response::Response};

use super::{provider::look, render::render};
use crate::{
    Site, citizen,
    visitor::{SignedIn, Visitor},
};

/// `GET /profile`
pub(super) async fn profile(State(site): State<Arc<Site>>, visitor: Visitor, SignedIn(citizen): SignedIn) -> Response {
    let provider = citizen.provider_in(&site.config.providers);
    let look = provider.map_or(Look::Plain, |provider| look(provider.kind));
    let provider = provider.map_or_else(|| citizen.provider.clone(), |provider| site.name_of(provider));
    let body = Body::Profile(Profile { provider, look, entries: entries(&citizen.profile) });
    render(&site, StatusCode::OK, Document { page: visitor.page(&site), body })
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
