//! `/assistant`: a case worker's conversation with the assistant. What the assistant says is shown as text, whatever it is.

mod form;
mod problem;
mod turn;

use std::fmt;

use leptos::prelude::*;

use self::{form::QuestionForm, turn::Conversation};
pub use self::{
    problem::AssistantProblem,
    turn::{Source, Turn},
};
use crate::{
    components::{ContactSentence, Notice, PLACE},
    page::{Page, Switch},
    texts::{Sentence, say},
};

/// The address of the page.
pub(crate) const ADDRESS: &str = "/assistant";
/// The id of the form with the question.
const FORM: &str = "ask";
/// The id of what is new: the answer, or the problem. The browser goes there after a question.
const LATEST: &str = "latest";

/// The most characters of a question, which is the most that the assistant accepts.
pub const QUESTION_LIMIT: usize = 7_000;

/// What the page shows. It always shows the question that was typed and has no answer.
#[derive(Clone)]
pub struct AssistantPage {
    /// The conversation so far, from its beginning or from where it is still carried along.
    pub turns: Vec<Turn>,
    /// Whether the beginning of the conversation is no longer carried along.
    pub is_cut: bool,
    /// What was typed, and has no answer.
    pub question: String,
    /// The conversation, in a way that only the server can read and make.
    pub conversation: String,
    /// Why the question has no answer.
    pub problem: Option<AssistantProblem>,
    /// The reference in the log, for a problem that an operator can look up.
    pub reference: Option<String>,
    /// Where to sign in again, for [`AssistantProblem::SignInAgain`].
    pub sign_in: Option<String>,
}

// Questions and answers must never reach a log.
impl fmt::Debug for AssistantPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssistantPage").field("problem", &self.problem).finish_non_exhaustive()
    }
}

impl AssistantPage {
    /// The first part of the title, and whether it is that of an error of the field.
    pub(crate) fn title(&self) -> (Sentence, bool) {
        match self.problem {
            Some(problem) if problem.is_of_field() => (say::ASSISTANT_HEADING, true),
            Some(problem) => (problem.texts().0, false),
            None => (say::ASSISTANT_HEADING, false),
        }
    }

    /// How the page offers itself in the other languages.
    pub(crate) const fn switch() -> Switch {
        Switch::FormAt { form: FORM, action: ADDRESS }
    }
}

pub(crate) fn view(assistant: AssistantPage, page: &Page) -> impl IntoView + use<> {
    let language = page.language;
    let AssistantPage { turns, is_cut, question, conversation, problem, reference, sign_in } = assistant;
    let (is_new, has_answer) = (turns.is_empty(), problem.is_none());
    let contact = page.service.contact(language).filter(|_| reference.is_some());
    let notice = problem.filter(|problem| !problem.is_of_field()).map(|problem| {
        let (heading, text) = problem.texts();
        view! {
            <div id=LATEST tabindex="-1">
                <Notice role="alert" heading=language.text(heading)>
                    <p>{language.text(text)}</p>
                    {sign_in.map(|href| view! { <p><a href=href>{language.text(say::ASSISTANT_SIGN_IN)}</a></p> })}
                    {reference.map(|reference| view! { <p>{say::reference(language, &reference)}</p> })}
                    {contact.map(|contact| view! {
                        <ContactSentence sentence=say::assistant_contact(language, PLACE) contact/>
                    })}
                </Notice>
            </div>
        }
    });
    view! {
        {notice}
        <h1>{language.text(say::ASSISTANT_HEADING)}</h1>
        <p class="lead">{language.text(say::ASSISTANT_INTRO)}</p>
        <p class="hint">{language.text(say::ASSISTANT_CHECK)}</p>
        {(!is_new).then(|| view! { <Conversation language turns is_cut has_answer/> })}
        <QuestionForm language question conversation problem is_new/>
        {(!is_new).then(|| view! { <p><a href=ADDRESS>{language.text(say::ASSISTANT_NEW)}</a></p> })}
    }
}
