//! `/my-data`: the form with the saved message, and the answer to a save that failed.

use std::borrow::Cow;

use leptos::{either::Either, prelude::*};
use time::OffsetDateTime;

use crate::{
    components::{MessageArea, Notice, SavedAt},
    message::MESSAGE_LIMIT,
    page::{Page, Switch},
    texts::{Language, Sentence, say},
    time_zone::TimeZone,
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
        /// As [`Typed::owner`].
        owner: Option<String>,
    },
    /// A text that is not saved yet, and can be.
    Unsaved(Typed),
    /// A text that could not be saved.
    Kept(Typed, Problem),
    /// A text, and the different text that was saved in the meantime.
    Conflict {
        /// What was typed, for the version that is saved now.
        typed: Typed,
        /// What is saved now, and since when; `None` after a deletion.
        stored: Option<(String, OffsetDateTime)>,
    },
}

/// What a citizen typed, and the rest of its form.
#[derive(Clone)]
pub struct Typed {
    /// The text as it arrived.
    pub text: String,
    /// The version that a save replaces.
    pub version: u64,
    /// Says whose form it is, in a way that only the server can read.
    pub owner: Option<String>,
    /// Names the text that the server keeps from before a sign-in, if it is that one.
    pub restored: Option<String>,
    /// Whether the citizen has read it beside another text. In another language, the page must show both again.
    pub is_conflict: bool,
}

// A message must never reach a log.
impl std::fmt::Debug for MyDataPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MyDataPage").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Typed").finish_non_exhaustive()
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

impl Problem {
    /// What is wrong with the text itself. Such a problem is shown at the field and in a summary.
    fn of_field(self, language: Language) -> Option<Cow<'static, str>> {
        match self {
            Self::TooLong { count } => Some(say::my_data_too_long(language, count, MESSAGE_LIMIT).into()),
            Self::NotText => Some(language.text(say::MY_DATA_NOT_TEXT)),
            Self::Incomplete | Self::Unavailable | Self::TooMany | Self::Overloaded => None,
        }
    }

    /// The heading and the explanation of a problem that is not one of the field.
    const fn texts(self) -> (Sentence, Sentence) {
        match self {
            Self::TooLong { .. } | Self::NotText => (say::MY_DATA_PROBLEM, say::MY_DATA_PROBLEM_NEXT),
            Self::Incomplete => (say::MY_DATA_INCOMPLETE_HEADING, say::MY_DATA_INCOMPLETE),
            Self::Unavailable => (say::MY_DATA_UNAVAILABLE_HEADING, say::MY_DATA_UNAVAILABLE),
            Self::TooMany => (say::MY_DATA_TOO_MANY_HEADING, say::MY_DATA_TOO_MANY),
            Self::Overloaded => (say::MY_DATA_OVERLOADED_HEADING, say::MY_DATA_OVERLOADED),
        }
    }
}

impl MyDataPage {
    /// The first part of the title, and whether it is that of an error of the field.
    pub(crate) fn title(&self) -> (Sentence, bool) {
        match self {
            Self::Stored { just_saved: true, .. } => (say::MY_DATA_SAVED_TITLE, false),
            Self::Unsaved(Typed { restored: Some(_), .. }) => (say::MY_DATA_RESTORED_HEADING, false),
            Self::Kept(_, Problem::TooLong { .. } | Problem::NotText) => (say::MY_DATA_HEADING, true),
            Self::Kept(_, problem) => (problem.texts().0, false),
            Self::Conflict { .. } => (say::MY_DATA_CONFLICT_HEADING, false),
            Self::Stored { .. } | Self::Unsaved(_) => (say::MY_DATA_HEADING, false),
        }
    }
}

pub(crate) fn view(my_data: MyDataPage, page: &Page) -> impl IntoView + use<> {
    let (language, zone) = (page.language, &page.service.time_zone);
    match my_data {
        MyDataPage::Stored { text, version, saved_at, just_saved, owner } => {
            let status = status(language, zone, saved_at, just_saved);
            let typed = Typed { text, version, owner, restored: None, is_conflict: false };
            view! { <Intro language/> <MessageForm language labels=DEFAULT_LABELS typed error=None status/> }.into_any()
        }
        MyDataPage::Unsaved(typed) => {
            let status = language.text(say::MY_DATA_NOT_SAVED_YET);
            let restored = typed.restored.clone();
            view! {
                {restored.is_some().then(|| view! {
                    <Notice role="status" heading=language.text(say::MY_DATA_RESTORED_HEADING)>
                        <p>{language.text(say::MY_DATA_RESTORED)}</p>
                    </Notice>
                })}
                <Intro language/>
                <MessageForm language labels=DEFAULT_LABELS typed error=None status/>
                {restored.map(|restored| view! { <Discard language label=say::MY_DATA_DISCARD restored/> })}
            }
            .into_any()
        }
        MyDataPage::Kept(typed, problem) => kept(language, typed, problem).into_any(),
        MyDataPage::Conflict { typed, stored } => conflict(language, zone, typed, stored).into_any(),
    }
}

#[component]
fn Intro(language: Language) -> impl IntoView {
    view! {
        <h1>{language.text(say::MY_DATA_HEADING)}</h1>
        <p class="lead">{language.text(say::MY_DATA_INTRO)}</p>
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
    typed: Typed,
    /// What is wrong with the text.
    error: Option<Cow<'static, str>>,
    status: Status,
) -> impl IntoView {
    let is_invalid = error.is_some();
    let described_by = if is_invalid { "text-error count" } else { "count" };
    view! {
        <form
            id=Switch::FORM class="message" method="post" action="/api/save_message" autocomplete="off" aria-label=language.text(say::MY_DATA_LABEL)
            data-enhance="" data-busy=language.text(say::MY_DATA_SAVING) data-unreachable=language.text(say::MY_DATA_UNREACHABLE)
        >
            <div class=is_invalid.then_some("field-wrong")>
                <label for="text">{language.text(labels.text)}</label>
                {error.map(|error| view! {
                    <p class="field-error" id="text-error"><span class="visually-hidden">{language.text(say::MY_DATA_ERROR)}" "</span>{error}</p>
                })}
                <MessageArea id="text" text=typed.text is_invalid described_by/>
                <Counter language/>
            </div>
            <HiddenFields version=typed.version owner=typed.owner restored=typed.restored is_conflict=typed.is_conflict/>
            <div class="act">
                <button id="save" type="submit">{language.text(labels.save)}</button>
                <p class="state" role="status">{status}</p>
            </div>
        </form>
    }
}

/// What a form with a text also sends.
#[component]
pub(crate) fn HiddenFields(
    version: u64,
    owner: Option<String>,
    restored: Option<String>,
    is_conflict: bool,
) -> impl IntoView {
    view! {
        <input type="hidden" name="version" value=version/>
        {owner.map(|owner| view! { <input type="hidden" name="owner" value=owner/> })}
        {restored.map(|restored| view! { <input type="hidden" name="restored" value=restored/> })}
        {is_conflict.then(|| view! { <input type="hidden" name="conflict" value="1"/> })}
    }
}

/// The limit in words. The island replaces it by a count while the citizen types. Screen readers say the count from the second
/// element, which gets it only after a pause.
#[component]
fn Counter(language: Language) -> impl IntoView {
    view! {
        <p class="count" id="count" data-count-of="text" data-limit=MESSAGE_LIMIT
            data-template=say::my_data_count(language, "{count}", MESSAGE_LIMIT)>
            {say::my_data_limit(language, MESSAGE_LIMIT)}
        </p>
        <p class="visually-hidden" id="count-said" aria-live="polite"></p>
    }
}

/// Gives up the text that the server keeps and the page shows.
#[component]
fn Discard(language: Language, label: Sentence, restored: String) -> impl IntoView {
    view! {
        <form class="discard" method="post" action="/api/discard_text" aria-label=language.text(label)>
            <input type="hidden" name="restored" value=restored/>
            <button class="quiet" type="submit">{language.text(label)}</button>
        </form>
    }
}

fn status(
    language: Language,
    zone: &TimeZone,
    saved_at: Option<OffsetDateTime>,
    just_saved: bool,
) -> impl IntoView + use<> {
    match saved_at {
        None => Either::Left(language.text(say::MY_DATA_NEVER_SAVED)),
        Some(at) => Either::Right(view! {
            {just_saved.then(|| view! { <strong>{language.text(say::MY_DATA_SAVED)}</strong>" " })}
            <SavedAt language zone at/>
        }),
    }
}

fn kept(language: Language, typed: Typed, problem: Problem) -> impl IntoView {
    let restored = typed.restored.clone();
    let (heading, text) = problem.texts();
    let error = problem.of_field(language);
    let summary = error.clone().map(|error| view! { <Summary language heading text error/> });
    let notice = error.is_none().then(|| {
        view! { <Notice role="alert" heading=language.text(heading)><p>{language.text(text)}</p></Notice> }
    });
    view! {
        {summary}
        {notice}
        <Intro language/>
        <MessageForm language labels=DEFAULT_LABELS typed error status=()/>
        {restored.map(|restored| view! { <Discard language label=say::MY_DATA_DISCARD restored/> })}
    }
}

/// What is wrong with the text, with a link to it. It gets the focus when the page opens. As in GOV.UK's error summary, the role is
/// on an inner element, because an alert that gets the focus may be said twice or not at all.
#[component]
fn Summary(language: Language, heading: Sentence, text: Sentence, error: Cow<'static, str>) -> impl IntoView {
    view! {
        <div class="summary" role="group" tabindex="-1" autofocus aria-labelledby="summary-heading">
            <div role="alert">
                <h2 id="summary-heading">{language.text(heading)}</h2>
                <ul>
                    <li><a href="#text">{error}</a></li>
                </ul>
                <p>{language.text(text)}</p>
            </div>
        </div>
    }
}

fn conflict(
    language: Language,
    zone: &TimeZone,
    typed: Typed,
    stored: Option<(String, OffsetDateTime)>,
) -> impl IntoView + use<> {
    let is_restored = typed.restored.is_some();
    let (text, at) = stored.unzip();
    let text = match text.filter(|text| !text.is_empty()) {
        Some(text) => Either::Left(view! { <p class="stored" dir="auto">{text}</p> }),
        None => Either::Right(view! { <p class="hint">{language.text(say::MY_DATA_CONFLICT_STORED_EMPTY)}</p> }),
    };
    // Otherwise the text that the server keeps would be shown again.
    let keep = match typed.restored.clone() {
        Some(restored) => Either::Left(view! { <Discard language label=say::MY_DATA_CONFLICT_KEEP restored/> }),
        None => Either::Right(
            view! { <a class="button quiet" href="/my-data">{language.text(say::MY_DATA_CONFLICT_KEEP)}</a> },
        ),
    };
    view! {
        <h1>{language.text(say::MY_DATA_CONFLICT_HEADING)}</h1>
        <Notice role="alert" heading=language.text(say::MY_DATA_CONFLICT_NOTICE)>
            {is_restored.then(|| view! { <p>{language.text(say::MY_DATA_CONFLICT_RESTORED)}</p> })}
            <p>{language.text(say::MY_DATA_CONFLICT)}</p>
        </Notice>
        <section class="stored-now" aria-labelledby="stored-now">
            <h2 id="stored-now">{language.text(say::MY_DATA_CONFLICT_STORED)}</h2>
            {text}
            {at.map(|at| view! { <p class="hint"><SavedAt language zone at/></p> })}
            {keep}
        </section>
        <MessageForm language labels=Labels { text: say::MY_DATA_CONFLICT_TYPED, save: say::MY_DATA_CONFLICT_SAVE } typed error=None status=()/>
    }
}
