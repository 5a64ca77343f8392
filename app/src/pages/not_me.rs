//! `/activity/not-me`: what to do about activity that the citizen does not recognise.

use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{Moment, Reach},
    device::Device,
    page::Page,
    service::Contact,
    texts::{Language, say},
    time_zone::TimeZone,
};

/// What the page “If it wasn’t you” shows.
#[derive(Clone)]
pub struct NotMePage {
    /// What the citizen does not recognise, if that is still known.
    pub entry: Option<UnrecognisedEntry>,
    /// How many sessions the citizen has besides the one that this page is shown in.
    pub others: usize,
    /// The query of its address.
    pub query: Option<String>,
}

/// An entry of the activity that the citizen does not recognise.
#[derive(Clone)]
pub struct UnrecognisedEntry {
    /// When it was done.
    pub at: OffsetDateTime,
    /// The name that citizens know the provider by.
    pub provider: Option<String>,
    /// The device that it was done on.
    pub device: Device,
    /// The reference in the log.
    pub reference: String,
}

// As the page about activity.
impl std::fmt::Debug for NotMePage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NotMePage").finish_non_exhaustive()
    }
}

pub(crate) fn view(not_me: NotMePage, page: &Page) -> impl IntoView + use<> {
    let Page { language, service, .. } = page;
    let language = *language;
    let NotMePage { entry, others, .. } = not_me;
    let provider = entry.as_ref().and_then(|entry| entry.provider.clone());
    let has_contact = !Contact::all(service, language).is_empty();
    let tell = match &entry {
        Some(entry) => say::not_me_tell_reference(language, &entry.reference),
        None => language.text(say::NOT_ME_TELL).into_owned(),
    };
    view! {
        <div class="statement">
            <h1>{language.text(say::NOT_ME_HEADING)}</h1>
            <p class="lead">{language.text(say::NOT_ME_INTRO)}</p>
            {entry.map(|entry| facts(entry, language, &service.time_zone))}
            <ol class="steps">
                <li>
                    <h2>{language.text(say::NOT_ME_SIGN_OUT)}</h2>
                    {sign_out(others, language)}
                </li>
                <li>
                    <h2>{language.text(say::NOT_ME_SECURE)}</h2>
                    <p>{match provider {
                        _ if page.is_for_case_worker() => language.text(say::NOT_ME_SECURE_CASE_WORKER).into_owned(),
                        Some(provider) => say::not_me_secure_at(language, provider),
                        None => language.text(say::NOT_ME_SECURE_TEXT).into_owned(),
                    }}</p>
                </li>
                {has_contact.then(|| view! {
                    <li>
                        <h2>{language.text(say::NOT_ME_TELL_HEADING)}</h2>
                        <p>{tell}</p>
                        <Reach language service class="reach"/>
                    </li>
                })}
            </ol>
            <p><a href="/activity">{language.text(say::NOT_ME_BACK)}</a></p>
        </div>
    }
}

fn facts(entry: UnrecognisedEntry, language: Language, zone: &TimeZone) -> impl IntoView + use<> {
    let UnrecognisedEntry { at, provider, device, reference } = entry;
    view! {
        <dl class="facts">
            <div>
                <dt>{language.text(say::NOT_ME_WHEN)}</dt>
                <dd><Moment language zone at/></dd>
            </div>
            {provider.map(|provider| view! {
                <div>
                    <dt>{language.text(say::NOT_ME_PROVIDER)}</dt>
                    <dd>{provider}</dd>
                </div>
            })}
            <div>
                <dt>{language.text(say::NOT_ME_DEVICE)}</dt>
                <dd>{device.text(language)}</dd>
            </div>
            <div>
                <dt>{language.text(say::NOT_ME_REFERENCE)}</dt>
                <dd>{reference}</dd>
            </div>
        </dl>
    }
}

fn sign_out(others: usize, language: Language) -> AnyView {
    if others == 0 {
        return view! { <p>{language.text(say::NOT_ME_ALONE)}</p> }.into_any();
    }
    view! {
        <p>{say::not_me_others(language, others)}</p>
        <form method="post" action="/api/end_other_sessions" aria-label=language.text(say::NOT_ME_SIGN_OUT)>
            <button type="submit">{language.text(say::NOT_ME_SIGN_OUT)}</button>
        </form>
    }
    .into_any()
}
