use leptos::prelude::*;

/// Sends each `<form data-enhance>` without leaving the page, and counts the characters in its text areas.
///
/// It takes no props and has no view. Forms, texts and states are all in the HTML from the server, so nothing is
/// serialised for the island, and a form also works before the island has loaded.
#[island]
pub fn FormEnhancer() -> impl IntoView {
    super::enhance::start();
}
