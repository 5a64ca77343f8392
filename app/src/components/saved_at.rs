use leptos::prelude::*;
use time::OffsetDateTime;

use super::{Moment, PLACE, around};
use crate::{
    texts::{Language, say},
    time_zone::TimeZone,
};

/// When a message was saved.
#[component]
pub(crate) fn SavedAt<'a>(language: Language, zone: &'a TimeZone, at: OffsetDateTime) -> impl IntoView + use<> {
    let (before, after) = around(&say::my_data_last_saved(language, PLACE));
    view! { <span>{before}<Moment language zone at/>{after}</span> }
}
