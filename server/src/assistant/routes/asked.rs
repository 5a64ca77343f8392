//! `POST /assistant`: a question, or the same page in another language.

use std::sync::Arc;

use app::{
    Switch,
    pages::{
        Body,
        activity::Act,
        assistant::{AssistantProblem, QUESTION_LIMIT, Turn},
        failure::{FailureKind, FailurePage, Unsaved},
        my_data::Typed,
    },
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{AssistantPages, PATH, Shown};
use crate::{
    assistant::{Answer, AssistantError, Question, conversation::Conversation},
    documents::Person,
    failure::{self, Failure, RETRY_AFTER, Report},
    form::{Form, Value},
    language::PARAMETER,
    layers::{OverLimit, Overloaded},
    request_context::RequestContext,
    security_log::Event,
    sessions::{self, OpenSession},
    visitor::Visitor,
};

/// Where someone signs in who comes back to the assistant.
const SIGN_IN: &str = "/?return_to=%2Fassistant";

/// A form, and what the layers found out about its request.
pub(super) struct Sent {
    context: RequestContext,
    is_over_limit: bool,
    is_overloaded: bool,
    headers: HeaderMap,
    body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self {
            context: RequestContext::of(&request),
            is_over_limit: request.extensions().get::<OverLimit>().is_some(),
            is_overloaded: request.extensions().get::<Overloaded>().is_some(),
            headers: request.headers().clone(),
            body: Bytes::from_request(request, state).await?,
        })
    }
}

/// The fields of the form.
struct Fields {
    /// What was typed, with line feeds as line ends.
    question: String,
    /// Whether it arrived as it was typed.
    is_text: bool,
    /// The conversation, sealed.
    conversation: Option<String>,
    /// The language that the page is wanted in, instead of an answer.
    language: Option<String>,
}

impl Fields {
    fn parse(sent: &Sent) -> Option<Self> {
        let form = Form::parse(&sent.headers, &sent.body)?;
        let text = |name| form.field(name).map(|value| value.into_secret().into_string());
        let (is_utf8, question) = match form.field("text")? {
            Value::Text(text) => (true, text.into_string()),
            Value::NotText(text) => (false, text.into_string()),
        };
        let is_text = is_utf8 && !question.contains('\0');
        let question = question.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}");
        Some(Self { question, is_text, conversation: text("conversation"), language: text(PARAMETER) })
    }

    /// Why the question cannot be sent, for the page and for the log.
    fn problem(&self) -> Option<(AssistantProblem, &'static str)> {
        let count = self.question.chars().count();
        if !self.is_text {
            Some((AssistantProblem::NotText, "the question is not UTF-8, or has a NUL character"))
        } else if self.question.trim().is_empty() {
            Some((AssistantProblem::Empty, "there is no question"))
        } else if count > QUESTION_LIMIT {
            Some((AssistantProblem::TooLong { count }, "the question is too long"))
        } else {
            None
        }
    }
}

pub(super) async fn ask(
    State(pages): State<Arc<AssistantPages>>,
    visitor: Visitor,
    sent: Sent,
) -> Result<Response, Failure> {
    let fields = Fields::parse(&sent);
    let failure = match visitor.session() {
        _ if sent.is_overloaded => Failure::overloaded(),
        Ok(Some(session)) if session.person == sessions::Person::CaseWorker => {
            let fields = fields.ok_or(Failure::new(FailureKind::BadRequest, "the form has no question").again(PATH))?;
            return Ok(Asked { pages: &pages, visitor: &visitor, session, sent: &sent }.answer(fields).await);
        }
        Ok(Some(_)) => return Err(Failure::new(FailureKind::NotFound, "the page is for other people")),
        Ok(None) => Failure::new(FailureKind::SessionEnded, "the session ended before the question").again(SIGN_IN),
        Err(failure) => failure.again(PATH),
    };
    match fields {
        Some(fields) => Ok(not_sent(&pages, &visitor, fields, failure)),
        None => Err(failure),
    }
}

/// The failure page with the question, to copy: it is not known whose the conversation is.
fn not_sent(pages: &AssistantPages, visitor: &Visitor, fields: Fields, failure: Failure) -> Response {
    let typed = Typed { text: fields.question, version: 0, owner: None, restored: None, is_conflict: false };
    let (kind, again) = (failure.kind, failure.again.clone());
    // The page of a session that has ended can be shown again with the text, the others cannot.
    let switch = if kind == FailureKind::SessionEnded { Switch::Form } else { Switch::Links { query: None } };
    let body = Body::Failure(FailurePage {
        kind,
        reference: None,
        again,
        other: None,
        unsaved: Some(Unsaved { typed: Some(typed), kept_minutes: None }),
        switch,
    });
    let mut response = pages.renderer.render(failure::status(kind), visitor.language, visitor.shown(), body);
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
    }
    response.extensions_mut().insert(Report::of(failure));
    response
}

/// A form of a case worker.
struct Asked<'a> {
    pages: &'a AssistantPages,
    visitor: &'a Visitor,
    session: &'a OpenSession,
    sent: &'a Sent,
}

impl Asked<'_> {
    async fn answer(self, fields: Fields) -> Response {
        let wanted = fields.language.as_deref().and_then(|tag| self.pages.choice.offered(tag));
        let visitor = self.visitor.clone().reading(wanted.unwrap_or(self.visitor.language));
        let user = self.session.citizen.eid.expose();
        let opened = match &fields.conversation {
            Some(field) => Conversation::open(&self.pages.keys, field, user),
            None => Some(Conversation::new(user)),
        };
        let is_lost = opened.is_none();
        let conversation = opened.unwrap_or_else(|| Conversation::new(user));
        let problem = fields.problem();
        let question = fields.question;
        let shown = |conversation| Shown::new(self.pages, &visitor, question.clone(), conversation);
        if self.sent.is_over_limit {
            // The security log counts it by its status.
            let (reason, reference) = (Failure::too_many().reason.into_owned(), self.sent.context.reference);
            let provider = &self.session.citizen.provider;
            let mut response = shown(conversation).problem(AssistantProblem::Busy, reason, reference, provider);
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            return response;
        }
        if is_lost {
            let reason = "the form has a conversation that cannot be read, or that is someone else's".to_owned();
            return self.refused(shown(conversation), AssistantProblem::Lost, reason);
        }
        if fields.language.is_some() {
            let mut response = shown(conversation).page(StatusCode::OK, None, None);
            if let Some(language) = wanted {
                let cookie = self.pages.choice.cookie(language).into_value();
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            return response;
        }
        if let Some((problem, reason)) = problem {
            return self.refused(shown(conversation), problem, reason.to_owned());
        }
        let token = conversation.token(&question);
        let asked = Question { text: &question, ids: conversation.ids.as_ref(), token: &token };
        match self.send(&asked).await {
            Ok(Answer { text, sources, ids }) => {
                let turn = Turn { question: question.clone(), answer: text, sources };
                let conversation = conversation.after(turn, ids);
                Shown::new(self.pages, &visitor, String::new(), conversation).page(StatusCode::OK, None, None)
            }
            Err(NotAnswered::Activity(failure)) => {
                self.refused(shown(conversation), AssistantProblem::Unavailable, failure)
            }
            Err(NotAnswered::Assistant(error)) => {
                // What cannot be continued starts over. What was said stays on the page.
                let conversation = match error.problem {
                    AssistantProblem::Lost => conversation.restarted(),
                    _ => conversation,
                };
                self.refused(shown(conversation), error.problem, error.to_string())
            }
        }
    }

    /// Writes the entry in the activity, and asks. No question is sent without the entry.
    async fn send(&self, question: &Question<'_>) -> Result<Answer, NotAnswered> {
        let Self { pages, session, sent, .. } = self;
        let person = Person::of(session, &sent.context).ok_or(AssistantError::set_up(Person::NO_REFRESH_TOKEN))?;
        let asker = pages.assistant.prepare(person).await?;
        let keys = pages.sessions.record_keys(&session.citizen);
        let recorded = pages.activity.record(&keys, Act::AssistantAsked, &session.by(&sent.context)).await;
        recorded.map_err(|error| NotAnswered::Activity(error.to_string()))?;
        let answer = asker.ask(question).await?;
        let event = Event::assistant(&session.citizen.provider, &keys.current, None);
        pages.security.record(&sent.context, &event);
        Ok(answer)
    }

    /// The page with `problem`, which is recorded.
    fn refused(&self, shown: Shown<'_>, problem: AssistantProblem, reason: String) -> Response {
        let citizen = &self.session.citizen;
        let actor = self.pages.sessions.actor(citizen);
        let event = Event::assistant(&citizen.provider, &actor, Some(reason.clone().into()));
        self.pages.security.record(&self.sent.context, &event);
        shown.problem(problem, reason, self.sent.context.reference, &citizen.provider)
    }
}

/// Why there is no answer.
enum NotAnswered {
    Assistant(AssistantError),
    /// The activity cannot be written, for this reason.
    Activity(String),
}

impl From<AssistantError> for NotAnswered {
    fn from(error: AssistantError) -> Self {
        Self::Assistant(error)
    }
}
