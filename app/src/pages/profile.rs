//! `/profile`: each detail about the citizen, where it came from, and what it is used for.

use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    format,
    page::Page,
    register::Register,
    texts::{Language, Sentence, say},
    words,
};

/// What the profile page shows.
#[derive(Clone)]
pub struct ProfilePage {
    /// The name that citizens know the provider by.
    pub provider: String,
    /// The register that the citizen's number comes from.
    pub register: Register,
    /// When the provider shared the details.
    pub signed_in_at: OffsetDateTime,
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
    /// What it is used for.
    pub purpose: Purpose,
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

/// What a detail is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The records are found by it.
    Records,
    /// It is the name that the pages show.
    Greeting,
    /// This page shows it, and nothing else uses it.
    ShownOnly,
    /// The organisation's directory finds a case worker by it.
    Documents,
}

impl Field {
    const fn label(self, register: Register) -> Sentence {
        match self {
            Self::Name => say::PROFILE_NAME,
            Self::GivenName => say::PROFILE_GIVEN_NAME,
            Self::FamilyName => say::PROFILE_FAMILY_NAME,
            Self::Eid => register.label(),
            Self::Birthdate => say::PROFILE_BIRTHDATE,
            Self::Gender => say::PROFILE_GENDER,
            Self::Email => say::PROFILE_EMAIL,
            Self::PhoneNumber => say::PROFILE_PHONE_NUMBER,
            Self::Address => say::PROFILE_ADDRESS,
            Self::Locale => say::PROFILE_LOCALE,
        }
    }

    /// `value` as citizens write it.
    fn shown(self, register: Register, language: Language, value: &str) -> String {
        match self {
            Self::Eid => register.written(value).into_owned(),
            Self::Birthdate => format::birthdate(language, value),
            Self::Gender => words::gender(language, value).into_owned(),
            Self::Address => words::address(language, value),
            Self::Locale => words::language_of(language, value).into_owned(),
            Self::Name | Self::GivenName | Self::FamilyName | Self::Email | Self::PhoneNumber => value.to_owned(),
        }
    }
}

impl Purpose {
    const fn text(self) -> Sentence {
        match self {
            Self::Records => say::PROFILE_WHY_RECORDS,
            Self::Greeting => say::PROFILE_WHY_GREETING,
            Self::ShownOnly => say::PROFILE_WHY_SHOWN,
            Self::Documents => say::PROFILE_WHY_DOCUMENTS,
        }
    }
}

pub(crate) fn view(profile: ProfilePage, page: &Page) -> impl IntoView + use<> {
    let language = page.language;
    let ProfilePage { provider, register, signed_in_at, mut entries } = profile;
    let is_for_case_worker = page.is_for_case_worker();
    let wrong = if is_for_case_worker {
        // Their id in the organisation's directory, which tells a reader nothing.
        entries.retain(|entry| entry.field != Field::Eid);
        for entry in entries.iter_mut().filter(|entry| entry.field == Field::Email) {
            entry.purpose = Purpose::Documents;
        }
        language.text(say::PROFILE_WRONG_CASE_WORKER).into_owned()
    } else {
        say::profile_wrong(language, &provider)
    };
    let moment = format::moment(language, &page.service.time_zone, signed_in_at);
    view! {
        <h1>{language.text(say::PROFILE_HEADING)}</h1>
        <p class="lead">{language.text(say::PROFILE_INTRO)}</p>
        <section class="part" aria-labelledby="source">
            <h2 id="source">{say::profile_source(language, &provider)}</h2>
            <p>{say::profile_shared(language, &provider, moment)}</p>
            <dl class="facts">{entries.into_iter().map(|entry| fact(&entry, register, language)).collect_view()}</dl>
            <p class="hint">{wrong}</p>
        </section>
    }
}

fn fact(entry: &Entry, register: Register, language: Language) -> impl IntoView + use<> {
    let Entry { field, value, purpose } = entry;
    view! {
        <div>
            <dt>{language.text(field.label(register))}</dt>
            <dd><bdi>{field.shown(register, language, value)}</bdi></dd>
            <dd class="why">{language.text(purpose.text())}</dd>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use time::{Duration, macros::datetime};

    use super::*;
    use crate::{
        assets::{Assets, Style},
        page::{Citizen, Role, SessionEnd},
    };

    const SESSION: SessionEnd = SessionEnd {
        at: datetime!(2026-11-20 18:22 UTC),
        left: Duration::minutes(13),
        warning: Duration::minutes(2),
        is_final: false,
    };

    fn html(register: Register, entries: Vec<Entry>) -> String {
        html_for(None, register, entries)
    }

    fn html_for(role: Option<Role>, register: Register, entries: Vec<Entry>) -> String {
        let page = ProfilePage {
            provider: "Provider".to_owned(),
            register,
            signed_in_at: datetime!(2026-11-20 18:07 UTC),
            entries,
        };
        let assets = Assets { style: Style::Inline { inline: "".into() }, enhancer: None, watch: None };
        let citizen = role.map(|role| Citizen { name: "An".to_owned(), role, session: SESSION });
        let frame = Page { language: Language::En, citizen, assets: Arc::new(assets), service: Arc::default() };
        let owner = Owner::new();
        owner.with(|| view(page, &frame).to_html()).replace("<!>", "")
    }

    #[test]
    fn each_detail_says_what_it_is_and_why_it_is_asked_for() {
        for (field, value, purpose, row) in [
            (
                Field::Eid,
                "85073003328",
                Purpose::Records,
                "<dt>National Register number</dt><dd><bdi>85.07.30-033.28</bdi></dd>\
                 <dd class=\"why\">We use it to find your saved message.</dd>",
            ),
            (
                Field::Name,
                "An <b> Peeters",
                Purpose::Greeting,
                "<dt>Full name</dt><dd><bdi>An &lt;b&gt; Peeters</bdi></dd>\
                 <dd class=\"why\">We use it to greet you and to show who is signed in.</dd>",
            ),
            (
                Field::Gender,
                "female",
                Purpose::ShownOnly,
                "<dt>Gender</dt><dd><bdi>Female</bdi></dd><dd class=\"why\">We show it here and use it for nothing else.</dd>",
            ),
            (Field::Birthdate, "1985-07-30", Purpose::ShownOnly, "<dd><bdi>30 July 1985</bdi></dd>"),
            (Field::Locale, "nl-BE", Purpose::ShownOnly, "<dd><bdi>Dutch</bdi></dd>"),
            (Field::Address, "Straat 1\nBE", Purpose::ShownOnly, "<dd><bdi>Straat 1\nBelgium</bdi></dd>"),
        ] {
            let html = html(Register::Belgium, vec![Entry { field, value: value.to_owned(), purpose }]);
            assert!(html.contains(row), "{row} in {html}");
        }
    }

    #[test]
    fn a_case_worker_does_not_see_the_identifier_of_the_directory() {
        let entry = |field, value: &str| Entry { field, value: value.to_owned(), purpose: Purpose::ShownOnly };
        for (role, is_shown) in [(Role::Citizen, true), (Role::CaseWorker, false)] {
            let entries = vec![entry(Field::Eid, "93a4b8c2"), entry(Field::Email, "lena@fps.example")];
            let html = html_for(Some(role), Register::Other, entries);
            assert_eq!(html.contains("93a4b8c2"), is_shown, "{html}");
            assert!(html.contains("lena@fps.example"), "{html}");
            assert_eq!(html.contains("ask your organisation to correct it"), !is_shown, "{html}");
            assert_eq!(html.contains("to find out what you can open"), !is_shown, "{html}");
        }
    }

    #[test]
    fn the_page_says_where_the_details_came_from_and_when() {
        let html = html(Register::Other, Vec::new());
        assert!(html.contains("<h2 id=\"source\">Shared by Provider</h2>"), "{html}");
        assert!(html.contains("Provider shared these details when you signed in on 20 November 2026"), "{html}");
    }
}
