use leptos::prelude::*;

use super::{PLACE, around};
use crate::{
    format::isolated,
    service::Contact,
    texts::{Language, say},
};

/// Says whom to ask for help. A mail contact shows its address too, for a browser that opens no mail program.
#[component]
pub(crate) fn ContactSentence(language: Language, contact: Contact) -> impl IntoView {
    let (before, after) = around(&say::failure_contact(language, PLACE));
    let name = match contact.email() {
        Some(email) => format!("{} ({})", isolated(&contact.name), isolated(email)),
        None => isolated(&contact.name),
    };
    view! { <p class="hint contact">{before}<a href=contact.href>{name}</a>{after}</p> }
}
