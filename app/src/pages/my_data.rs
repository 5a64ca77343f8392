//! `/my-data`: the form with the saved message, and the answer to a save that failed.

use leptos::{either::Either, prelude::*};
use time::OffsetDateTime;

use crate::{
    components::{MessageArea, Notice, SavedAt},
    message::MESSAGE_LIMIT,
    texts::{Language, Sentence, say},
};

/// What the page shows. It always shows what the citizen typed.
#[derive(Clone)]
pub enum MyDataPage {
    /// The saved message.
    Stored {
        /// Its text; empty before the first save.
        text: String,
        /// Its version; 0 before the first save.
        version: u64,
        /// When it was saved.
        saved_at: Option<OffsetDateTime>,
        /// Whether the citizen saved it just now.
        just_saved: bool,
    },
    /// The typed text, which could not be saved.
    Kept {
        /// The text as it arrived.
        typed: String,
        /// The version that the form replaces.
        version: u64,
        /// Why it was not saved.
        problem: Problem,
    },
    /// The typed text, and the different text that was saved in the meantime.
    Conflict {
        /// The text as it arrived.
        typed: String,
        /// The version that is saved now.
        version: u64,
        /// What is saved now, and since when; `None` after a deletion.
        stored: Option<(String, OffsetDateTime)>,
    },
}

// A message must never reach a log.
impl std::fmt::Debug for MyDataPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MyDataPage").finish_non_exhaustive()
    }
}

/// Why a message was not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It has more characters than the limit.
    TooLong {
        /// Its number of characters.
        count: usize,
    },
    /// It has characters that cannot be stored. The text area shows U+FFFD in their place.
    NotText,
    /// The form did not arrive as this page sends it.
    Incomplete,
    /// The database did not answer.
    Unavailable,
    /// Too many requests from one address.
    TooMany,
    /// The service is overloaded.
    Overloaded,
}

pub(crate) fn view(my_data: MyDataPage, language: Language) -> impl IntoView {
    let content = match my_data {
        MyDataPage::Stored { text, version, saved_at, just_saved } => {
            let status = status(language, saved_at, just_saved);
            view! { <MessageForm language labels=DEFAULT_LABELS text version status/> }.into_any()
        }
        MyDataPage::Kept { typed, version, problem } => view! {
            {problem_notice(language, problem)}
            <MessageForm language labels=DEFAULT_LABELS text=typed version status=()/>
        }
        .into_any(),
        MyDataPage::Conflict { typed, version, stored } => conflict(language, typed, version, stored).into_any(),
    };
    view! {
        <h1>{language.text(say::MY_DATA_HEADING)}</h1>
        <p class="lead">{language.text(say::MY_DATA_INTRO)}</p>
        {content}
    }
}

/// The two texts in which the forms differ.
#[derive(Clone, Copy)]
struct Labels {
    text: Sentence,
    save: Sentence,
}

const DEFAULT_LABELS: Labels = Labels { text: say::MY_DATA_LABEL, save: say::MY_DATA_SAVE };

/// The form that saves. Without JavaScript the browser sends it; with JavaScript the island does.
#[component]
fn MessageForm<Status: IntoView + 'static>(
    language: Language,
    labels: Labels,
    text: String,
    /// The version that a save replaces.
    version: u64,
    status: Status,
) -> impl IntoView {
    view! {
        <form
            class="message" method="post" action="/api/save_message" autocomplete="off"
            data-enhance="" data-busy=language.text(say::MY_DATA_SAVING) data-unreachable=language.text(say::MY_DATA_UNREACHABLE)
        >
            <label for="text">{language.text(labels.text)}</label>
            <MessageArea id="text" name="text" text described_by="count"/>
            <Counter language/>
            <input type="hidden" name="version" value=version/>
            <div class="act">
                <button id="save" type="submit">{language.text(labels.save)}</button>
                <p class="state" role="status">{status}</p>
            </div>
        </form>
    }
}

/// The limit in words. The island replaces it by a count while the citizen types.
#[component]
fn Counter(language: Language) -> impl IntoView {
    view! {
        <p class="count" id="count" data-count-of="text" data-limit=MESSAGE_LIMIT
            data-template=say::my_data_count(language, "{count}", MESSAGE_LIMIT)>
            {say::my_data_limit(language, MESSAGE_LIMIT)}
        </p>
    }
}

fn status(language: Language, saved_at: Option<OffsetDateTime>, just_saved: bool) -> impl IntoView {
    match saved_at {
        None => Either::Left(language.text(say::MY_DATA_NEVER_SAVED)),
        Some(at) => Either::Right(view! {
            {just_saved.then(|| view! { <strong>{language.text(say::MY_DATA_SAVED)}</strong>" " })}
            <SavedAt language at/>
        }),
    }
}

fn problem_notice(language: Language, problem: Problem) -> impl IntoView {
    let (heading, text) = match problem {
        Problem::TooLong { count } => {
            (language.text(say::MY_DATA_TOO_LONG_HEADING), say::my_data_too_long(language, count, MESSAGE_LIMIT).into())
        }
        Problem::NotText => (language.text(say::MY_DATA_NOT_TEXT_HEADING), language.text(say::MY_DATA_NOT_TEXT)),
        Problem::Incomplete => (language.text(say::MY_DATA_INCOMPLETE_HEADING), language.text(say::MY_DATA_INCOMPLETE)),
        Problem::TooMany => (language.text(say::MY_DATA_TOO_MANY_HEADING), language.text(say::MY_DATA_TOO_MANY)),
        Problem::Overloaded => (language.text(say::MY_DATA_OVERLOADED_HEADING), language.text(say::MY_DATA_OVERLOADED)),
        Problem::Unavailable => {
            (language.text(say::MY_DATA_UNAVAILABLE_HEADING), language.text(say::MY_DATA_UNAVAILABLE))
        }
    };
    view! { <Notice role="alert" heading><p>{text}</p></Notice> }
}

fn conflict(
    language: Language,
    typed: String,
    version: u64,
    stored: Option<(String, OffsetDateTime)>,
) -> impl IntoView {
    let (text, at) = stored.unzip();
    let text = match text.filter(|text| !text.is_empty()) {
        Some(text) => Either::Left(view! { <p class="stored" dir="auto">{text}</p> }),
        None => Either::Right(view! { <p class="hint">{language.text(say::MY_DATA_CONFLICT_STORED_EMPTY)}</p> }),
    };
    view! {
        <Notice role="alert" heading=language.text(say::MY_DATA_CONFLICT_HEADING)><p>{language.text(say::MY_DATA_CONFLICT)}</p></Notice>
        <section class="stored-now" aria-labelledby="stored-now">
            <h2 id="stored-now">{language.text(say::MY_DATA_CONFLICT_STORED)}</h2>
            {text}
            {at.map(|at| view! { <p class="hint"><SavedAt language at/></p> })}
            <a class="button quiet" href="/my-data">{language.text(say::MY_DATA_CONFLICT_KEEP)}</a>
        </section>
        <MessageForm language labels=Labels { text: say::MY_DATA_CONFLICT_TYPED, save: say::MY_DATA_CONFLICT_SAVE } text=typed version status=()/>
    }
}
