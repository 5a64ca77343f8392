use leptos::prelude::*;

use crate::{format::isolated, service::Service, texts::Language};

/// What holds for every page, the organisation, and the links that the operator gives.
#[component]
pub(crate) fn Footer<'a>(language: Language, service: &'a Service) -> impl IntoView + use<> {
    let links: Vec<_> = [
        ("footer-contact", &service.contact_url),
        ("footer-privacy", &service.privacy_url),
        ("footer-accessibility", &service.accessibility_url),
    ]
    .into_iter()
    .filter_map(|(text, url)| Some((text, url.clone()?)))
    .map(|(text, href)| view! { <li><a href=href>{language.text(text)}</a></li> })
    .collect();
    let organisation = service.organisation.as_ref().map(|organisation| {
        view! { <p>{language.text_with("footer-organisation", &[("organisation", &isolated(organisation))])}</p> }
    });
    view! {
        <footer class="foot">
            <p>{language.text("footer")}</p>
            {organisation}
            {(!links.is_empty()).then(|| view! { <ul class="foot-links">{links}</ul> })}
        </footer>
    }
}
