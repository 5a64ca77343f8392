use leptos::prelude::*;

use crate::{
    service::{Contact, Service},
    texts::Language,
};

/// Every way to reach the organisation, as a list. Nothing without one.
#[component]
pub(crate) fn Reach<'a>(
    language: Language,
    service: &'a Service,
    /// The class of the list.
    class: &'static str,
) -> impl IntoView + use<> {
    let ways = Contact::all(service, language).into_iter();
    let ways: Vec<_> = ways.map(|Contact { href, name, .. }| view! { <li><a href=href>{name}</a></li> }).collect();
    (!ways.is_empty()).then(|| view! { <ul class=class>{ways}</ul> })
}
