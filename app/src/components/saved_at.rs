use leptos::prelude::*;
use time::OffsetDateTime;

use super::{PLACE, around};
use crate::{
    format,
    texts::{Language, say},
    time_zone::TimeZone,
};

/// When a message was saved.
#[component]
pub(crate) fn SavedAt<'a>(language: Language, zone: &'a TimeZone, at: OffsetDateTime) -> impl IntoView + use<> {
    let (before, after) = around(&say::my_data_last_saved(language, PLACE));
    let shown = format::moment(language, zone, at);
    view! { <span>{before}<time datetime=format::machine_moment(at)>{shown}</time>{after}</span> }
}
