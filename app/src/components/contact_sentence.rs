use leptos::prelude::*;

use crate::{
    format::isolated,
    service::Contact,
    texts::{Language, say},
};

/// Stands for the link while Fluent builds the sentence, so that a translation can put it anywhere (U+FFFC, the object
/// replacement character).
const PLACE: &str = "\u{fffc}";

/// Says whom to ask for help. An email address or a telephone number is shown too, for a browser that opens no other program.
#[component]
pub(crate) fn ContactSentence(language: Language, contact: Contact) -> impl IntoView {
    let sentence = say::failure_contact(language, PLACE);
    let (before, after) = sentence.split_once(PLACE).unwrap_or((&sentence, ""));
    let name = match &contact.address {
        Some(address) => format!("{} ({})", isolated(&contact.name), isolated(address)),
        None => isolated(&contact.name),
    };
    view! { <p class="hint contact">{before.to_owned()}<a href=contact.href>{name}</a>{after.to_owned()}</p> }
}
