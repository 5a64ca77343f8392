use leptos::prelude::*;

use super::Reach;
use crate::{
    format::isolated,
    service::{Localized, Service},
    texts::{Language, say},
};

/// The organisation, how to reach it, and the pages that every public service has: always in this order, so that help is in the
/// same place on every page (WCAG 2.2, 3.2.6).
#[component]
pub(crate) fn Footer<'a>(language: Language, service: &'a Service) -> impl IntoView + use<> {
    let address = |url: &Option<Localized>| url.as_ref().map(|url| url.get(language).to_owned());
    let own = |url: &Option<Localized>, path: &str| Some(address(url).unwrap_or_else(|| path.to_owned()));
    let organisation = service.organisation.as_ref().map(|organisation| {
        view! { <p>{say::footer_organisation(language, isolated(organisation.get(language)))}</p> }
    });
    let pages: Vec<_> = [
        (say::FOOTER_HELP, address(&service.help_url)),
        (say::FOOTER_ACCESSIBILITY, own(&service.accessibility_url, "/accessibility")),
        (say::FOOTER_PRIVACY, address(&service.privacy_url)),
        (say::FOOTER_COOKIES, own(&service.cookies_url, "/cookies")),
        (say::FOOTER_TERMS, address(&service.terms_url)),
    ]
    .into_iter()
    .filter_map(|(text, href)| Some(view! { <li><a href=href?>{language.text(text)}</a></li> }))
    .collect();
    view! {
        <footer class="foot">
            <Reach language service class="foot-links"/>
            <ul class="foot-links">{pages}</ul>
            {organisation}
        </footer>
    }
}
