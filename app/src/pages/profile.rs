//! `/profile`: the details that the provider shared at the sign-in.

use leptos::{either::Either, prelude::*};

use crate::{
    format,
    look::Look,
    texts::{Language, Sentence, say},
};

/// What the profile page shows.
#[derive(Clone)]
pub struct ProfilePage {
    /// The name that citizens know the provider by.
    pub provider: String,
    /// Its look, which says what `custom:eid` is called.
    pub look: &'static Look,
    /// The details, in the order shown.
    pub entries: Vec<Entry>,
}

/// One detail about the citizen.
#[derive(Clone)]
pub struct Entry {
    /// What it is.
    pub field: Field,
    /// Its value, as the provider sent it.
    pub value: String,
}

// Personal data: neither the values nor how many there are may reach a log.
impl std::fmt::Debug for ProfilePage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProfilePage").finish_non_exhaustive()
    }
}

/// The claims that a provider may share (OpenID Connect Core 1.0, 5.1, and `custom:eid`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `name`
    Name,
    /// `given_name`
    GivenName,
    /// `family_name`
    FamilyName,
    /// `custom:eid`
    Eid,
    /// `birthdate`
    Birthdate,
    /// `gender`
    Gender,
    /// `email`
    Email,
    /// `phone_number`
    PhoneNumber,
    /// `address`
    Address,
    /// `locale`
    Locale,
}

impl Field {
    const fn label(self, look: &'static Look) -> Sentence {
        match self {
            Self::Name => say::PROFILE_NAME,
            Self::GivenName => say::PROFILE_GIVEN_NAME,
            Self::FamilyName => say::PROFILE_FAMILY_NAME,
            Self::Eid => look.eid(),
            Self::Birthdate => say::PROFILE_BIRTHDATE,
            Self::Gender => say::PROFILE_GENDER,
            Self::Email => say::PROFILE_EMAIL,
            Self::PhoneNumber => say::PROFILE_PHONE_NUMBER,
            Self::Address => say::PROFILE_ADDRESS,
            Self::Locale => say::PROFILE_LOCALE,
        }
    }
}

pub(crate) fn view(profile: ProfilePage, language: Language) -> impl IntoView {
    view! {
        <h1>{language.text(say::PROFILE_HEADING)}</h1>
        <p class="lead">{say::profile_intro(language, &profile.provider)}</p>
        <dl class="facts">{profile.entries.into_iter().map(|entry| fact(entry, profile.look, language)).collect_view()}</dl>
    }
}

fn fact(entry: Entry, look: &'static Look, language: Language) -> impl IntoView {
    let value = match entry.field {
        Field::Birthdate => Either::Left(format::birthdate(language, &entry.value)),
        _ => Either::Right(view! { <bdi>{entry.value}</bdi> }),
    };
    view! {
        <div>
            <dt>{language.text(entry.field.label(look))}</dt>
            <dd>{value}</dd>
        </div>
    }
}
