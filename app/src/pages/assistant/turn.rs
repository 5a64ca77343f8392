use std::fmt;

use leptos::{either::Either, prelude::*};
use serde::{Deserialize, Serialize};

use super::LATEST;
use crate::{
    format::without_controls,
    texts::{Language, say},
};

/// A question and its answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// What the case worker asked.
    #[serde(rename = "q")]
    pub question: String,
    /// What the assistant said: text, whatever it looks like.
    #[serde(rename = "a")]
    pub answer: String,
    /// Where the assistant has it from.
    #[serde(rename = "s")]
    pub sources: Vec<Source>,
}

/// A document that an answer is based on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its title; may be empty.
    #[serde(rename = "t")]
    pub title: String,
    /// A part of its text; may be empty.
    #[serde(rename = "x")]
    pub snippet: String,
    /// Its address. Only `https:` addresses become links.
    #[serde(rename = "u")]
    pub url: Option<String>,
}

// Questions and answers must never reach a log.
impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}

/// All questions and answers. The newest comes last, where the form follows.
#[component]
pub(super) fn Conversation(
    language: Language,
    turns: Vec<Turn>,
    is_cut: bool,
    /// Whether a browser goes to the newest one.
    has_answer: bool,
) -> impl IntoView {
    let newest = turns.len().saturating_sub(1);
    let turns = turns.into_iter().enumerate().map(|(place, turn)| {
        view! { <OneTurn language turn is_newest=has_answer && place == newest/> }
    });
    view! {
        <section class="conversation" aria-labelledby="conversation">
            <h2 id="conversation">{language.text(say::ASSISTANT_CONVERSATION)}</h2>
            {is_cut.then(|| view! { <p class="hint">{language.text(say::ASSISTANT_CUT)}</p> })}
            {turns.collect_view()}
        </section>
    }
}

#[component]
fn OneTurn(language: Language, turn: Turn, is_newest: bool) -> impl IntoView {
    let Turn { question, answer, sources } = turn;
    let sources = if sources.is_empty() {
        Either::Left(view! { <p class="hint">{language.text(say::ASSISTANT_NO_SOURCES)}</p> })
    } else {
        Either::Right(view! {
            <h4>{language.text(say::ASSISTANT_SOURCES)}</h4>
            <ol class="sources">
                {sources.into_iter().map(|source| view! { <OneSource language source/> }).collect_view()}
            </ol>
        })
    };
    view! {
        <article class="turn">
            <h3 id=is_newest.then_some(LATEST) tabindex=is_newest.then_some("-1")>{language.text(say::ASSISTANT_ASKED)}</h3>
            <p class="said" dir="auto">{without_controls(&question)}</p>
            <h3>{language.text(say::ASSISTANT_ANSWER)}</h3>
            <p class="said" dir="auto">{without_controls(&answer)}</p>
            {sources}
        </article>
    }
}

#[component]
fn OneSource(language: Language, source: Source) -> impl IntoView {
    let Source { title, snippet, url } = source;
    let title = without_controls(title.trim());
    let title = if title.is_empty() { language.text(say::ASSISTANT_NO_TITLE).into_owned() } else { title };
    let title = match url.filter(|url| url.starts_with("https://")) {
        Some(url) => Either::Left(
            view! { <a href=url rel="noreferrer noopener" referrerpolicy="no-referrer"><bdi>{title}</bdi></a> },
        ),
        None => Either::Right(view! { <bdi>{title}</bdi> }),
    };
    let snippet = without_controls(snippet.trim());
    view! {
        <li>
            {title}
            {(!snippet.is_empty()).then(|| view! { <p class="hint said" dir="auto">{snippet}</p> })}
        </li>
    }
}
