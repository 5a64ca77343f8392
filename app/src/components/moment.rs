use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{format, texts::Language, time_zone::TimeZone};

/// A moment, for people and for programs.
#[component]
pub(crate) fn Moment<'a>(language: Language, zone: &'a TimeZone, at: OffsetDateTime) -> impl IntoView + use<> {
    let shown = format::moment(language, zone, at);
    view! { <time datetime=format::machine_moment(at)>{shown}</time> }
}
