//! `/my-data/delete`: what a deletion takes away and what it does not, and the button for it after a new sign-in.

use leptos::prelude::*;

use crate::texts::{Language, say};

/// What the page about deleting everything shows.
#[derive(Clone, Debug)]
pub struct DeletePage {
    /// Whether the citizen has signed in so recently that the button is shown.
    pub is_fresh: bool,
    /// The address that signs the citizen in again and leads back here.
    pub sign_in: String,
    /// The name that citizens know the provider by.
    pub provider: String,
    /// For how many days backups are kept, if there are any.
    pub backup_days: Option<u32>,
    /// For how many days activity is kept otherwise.
    pub retention_days: u32,
}

/// How old a sign-in may be.
const FRESH_MINUTES: u32 = 5;

pub(crate) fn view(page: DeletePage, language: Language) -> impl IntoView {
    let DeletePage { is_fresh, sign_in, provider, backup_days, retention_days } = page;
    let goes = [
        language.text(say::DELETE_MESSAGE).into_owned(),
        say::delete_activity(language, retention_days),
        language.text(say::DELETE_SESSIONS).into_owned(),
    ];
    let stays = [
        Some(say::delete_stays_provider(language, &provider)),
        Some(language.text(say::DELETE_STAYS_SIGN_IN).into_owned()),
        backup_days.map(|days| say::delete_stays_backups(language, days)),
        Some(language.text(say::DELETE_STAYS_LOG).into_owned()),
        Some(language.text(say::DELETE_STAYS_KEPT).into_owned()),
    ];
    let step = if is_fresh { confirm(language) } else { sign_in_again(sign_in, &provider, language) };
    view! {
        <div class="statement">
            <h1>{language.text(say::DELETE_HEADING)}</h1>
            <p class="lead">{language.text(say::DELETE_INTRO)}</p>
            <p>{language.text(say::DELETE_COPY)}" "<a href="/my-data/export">{language.text(say::DELETE_DOWNLOAD)}</a></p>
            <h2>{language.text(say::DELETE_WHAT)}</h2>
            <ul>{goes.map(item).collect_view()}</ul>
            <h2>{language.text(say::DELETE_STAYS)}</h2>
            <ul>{stays.into_iter().flatten().map(item).collect_view()}</ul>
            {step}
        </div>
    }
}

fn item(text: String) -> impl IntoView {
    view! { <li>{text}</li> }
}

fn confirm(language: Language) -> AnyView {
    view! {
        <h2>{language.text(say::DELETE_SURE)}</h2>
        <form class="act" method="post" action="/api/delete_my_data" aria-label=language.text(say::DELETE_YES)>
            <button class="danger" type="submit">{language.text(say::DELETE_YES)}</button>
            <Cancel language/>
        </form>
    }
    .into_any()
}

fn sign_in_again(sign_in: String, provider: &str, language: Language) -> AnyView {
    view! {
        <h2>{language.text(say::DELETE_AGAIN_HEADING)}</h2>
        <p>{say::delete_again(language, FRESH_MINUTES, provider)}</p>
        <div class="act">
            <a class="button" href=sign_in>{say::delete_again_with(language, provider)}</a>
            <Cancel language/>
        </div>
    }
    .into_any()
}

#[component]
fn Cancel(language: Language) -> impl IntoView {
    view! { <a class="button quiet" href="/my-data">{language.text(say::DELETE_CANCEL)}</a> }
}
