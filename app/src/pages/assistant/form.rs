use leptos::prelude::*;

use super::{ADDRESS, AssistantProblem, FORM, LATEST, QUESTION_LIMIT};
use crate::{
    components::MessageArea,
    texts::{Language, say},
};

/// The form that asks. The conversation goes along in it: nothing of it is stored.
#[component]
pub(super) fn QuestionForm(
    language: Language,
    question: String,
    conversation: String,
    problem: Option<AssistantProblem>,
    /// Whether it is the first question of a conversation.
    is_new: bool,
) -> impl IntoView {
    let error = problem.and_then(|problem| problem.of_field(language));
    let is_invalid = error.is_some();
    let described_by = if is_invalid { "text-error limit" } else { "limit" };
    let label = language.text(if is_new { say::ASSISTANT_LABEL } else { say::ASSISTANT_FOLLOW_UP });
    let name = label.clone();
    view! {
        <form
            id=FORM class="message" method="post" action=format!("{ADDRESS}#{LATEST}") autocomplete="off"
            aria-label=name
        >
            <div
                id=is_invalid.then_some(LATEST) tabindex=is_invalid.then_some("-1")
                class=is_invalid.then_some("field-wrong")
            >
                <label for="text">{label}</label>
                {error.map(|error| view! {
                    <p class="field-error" id="text-error">
                        <span class="visually-hidden">{language.text(say::ASSISTANT_ERROR)}" "</span>{error}
                    </p>
                })}
                <MessageArea id="text" text=question is_invalid described_by/>
                <p class="count" id="limit">{say::assistant_limit(language, QUESTION_LIMIT)}</p>
            </div>
            <input type="hidden" name="conversation" value=conversation/>
            <div class="act">
                <button type="submit">{language.text(say::ASSISTANT_SEND)}</button>
                <p class="state">{language.text(say::ASSISTANT_WAIT)}</p>
            </div>
        </form>
    }
}
