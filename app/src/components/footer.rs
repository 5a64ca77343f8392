use leptos::prelude::*;

use crate::{
    format::isolated,
    service::Service,
    texts::{Language, say},
};

/// What holds for every page, the organisation, and the links that the operator gives.
#[component]
pub(crate) fn Footer<'a>(language: Language, service: &'a Service) -> impl IntoView + use<> {
    let links: Vec<_> = [
        (say::FOOTER_CONTACT, &service.contact_url),
        (say::FOOTER_PRIVACY, &service.privacy_url),
        (say::FOOTER_ACCESSIBILITY, &service.accessibility_url),
    ]
    .into_iter()
    .filter_map(|(text, url)| Some((text, url.clone()?)))
    .map(|(text, href)| view! { <li><a href=href>{language.text(text)}</a></li> })
    .collect();
    let organisation = service.organisation.as_ref().map(|organisation| {
        view! { <p>{say::footer_organisation(language, isolated(organisation.get(language)))}</p> }
    });
    view! {
        <footer class="foot">
            <p>{language.text(say::FOOTER)}</p>
            {organisation}
            {(!links.is_empty()).then(|| view! { <ul class="foot-links">{links}</ul> })}
        </footer>
    }
}
