use leptos::prelude::*;

use crate::{
    service::{Phase, Service},
    texts::{Language, say},
};

/// Says that the service is still being tried out, and where to report what does not work.
#[component]
pub(crate) fn PhaseBanner<'a>(language: Language, service: &'a Service) -> impl IntoView + use<> {
    let sentences = match service.phase {
        Phase::None => None,
        Phase::Test => Some((say::PHASE_TEST, say::PHASE_TEST_TEXT)),
        Phase::Beta => Some((say::PHASE_BETA, say::PHASE_BETA_TEXT)),
    };
    sentences.map(|(tag, text)| {
        let contact = service.contact(language);
        view! {
            <p class="phase">
                <strong class="tag">{language.text(tag)}</strong>
                <span>
                    {language.text(text)}" "
                    {contact.map(|contact| view! { <a href=contact.href>{language.text(say::PHASE_CONTACT)}</a> })}
                </span>
            </p>
        }
    })
}
