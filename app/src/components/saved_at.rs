use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    format,
    texts::{Language, say},
};

/// When a message was saved: in UTC, or with JavaScript in the citizen's own time zone.
#[component]
pub(crate) fn SavedAt(language: Language, at: OffsetDateTime) -> impl IntoView {
    view! {
        <span>{language.text(say::MY_DATA_LAST_SAVED)}" "
            <time datetime=format::machine_moment(at) data-local-time="">{format::moment(language, at)}</time>"."
        </span>
    }
}
