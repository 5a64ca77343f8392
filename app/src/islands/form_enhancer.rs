use leptos::prelude::*;

/// Sends every `<form data-enhance>` of the document without leaving the page, and counts along in its text areas.
///
/// It takes no props and has no view: forms, texts and states are all in the HTML that the server renders, so nothing
/// is serialised for it, and a form works the same before it has loaded.
#[island]
pub fn FormEnhancer() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::enhance::start();
}
