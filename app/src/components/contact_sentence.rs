use leptos::prelude::*;

use super::around;
use crate::{format::isolated, service::Contact};

/// Says whom to ask for help. An email address or a telephone number is shown too, for a browser that opens no other program.
#[component]
pub(crate) fn ContactSentence(
    /// With [`PLACE`](super::PLACE) for the contact.
    sentence: String,
    contact: Contact,
) -> impl IntoView {
    let (before, after) = around(&sentence);
    let name = match &contact.address {
        Some(address) => format!("{} ({})", isolated(&contact.name), isolated(address)),
        None => isolated(&contact.name),
    };
    view! { <p class="hint contact">{before}<a href=contact.href>{name}</a>{after}</p> }
}
