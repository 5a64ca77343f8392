use app::pages::{
    Body,
    assistant::{AssistantPage, AssistantProblem},
    failure::FailureKind,
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

use super::AssistantPages;
use crate::{
    assistant::conversation::Conversation,
    failure::{Line, RETRY_AFTER, Report},
    request_context::Reference,
    visitor::Visitor,
};

/// What every page of the assistant shows: a conversation, and what was typed and has no answer.
pub(super) struct Shown<'a> {
    pages: &'a AssistantPages,
    visitor: &'a Visitor,
    question: String,
    conversation: Conversation,
}

impl<'a> Shown<'a> {
    pub(super) const fn new(
        pages: &'a AssistantPages,
        visitor: &'a Visitor,
        question: String,
        conversation: Conversation,
    ) -> Self {
        Self { pages, visitor, question, conversation }
    }

    /// The page with `status`.
    pub(super) fn page(
        self,
        status: StatusCode,
        problem: Option<(AssistantProblem, Option<Reference>)>,
        sign_in: Option<String>,
    ) -> Response {
        let Self { pages, visitor, question, conversation } = self;
        let sealed = conversation.seal(&pages.keys);
        let (problem, reference) = problem.unzip();
        let body = Body::Assistant(AssistantPage {
            turns: conversation.turns,
            is_cut: conversation.is_cut,
            question,
            conversation: sealed,
            problem,
            reference: reference.flatten().map(|reference| reference.to_string()),
            sign_in,
        });
        pages.renderer.render(status, visitor.language, visitor.shown(), body)
    }

    /// The page with `problem`. `reason` is for the log.
    pub(super) fn problem(
        self,
        problem: AssistantProblem,
        reason: String,
        reference: Reference,
        provider: &str,
    ) -> Response {
        let status = status(problem);
        let is_ours = matches!(
            problem,
            AssistantProblem::SetUp
                | AssistantProblem::NotSubscribed
                | AssistantProblem::NoLicence
                | AssistantProblem::TimedOut
                | AssistantProblem::Unavailable
        );
        let sign_in = (problem == AssistantProblem::SignInAgain).then(|| crate::sign_in::path(provider, None, false));
        let mut response = self.page(status, Some((problem, is_ours.then_some(reference))), sign_in);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
        }
        let report = Report { provider: Some(provider.to_owned()), kind: kind(problem), ..Report::because(reason) };
        let report = if is_ours { Report { reference: Some(reference), line: Line::Own, ..report } } else { report };
        response.extensions_mut().insert(report);
        response
    }
}

const fn status(problem: AssistantProblem) -> StatusCode {
    match problem {
        AssistantProblem::Empty
        | AssistantProblem::TooLong { .. }
        | AssistantProblem::NotText
        | AssistantProblem::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        AssistantProblem::NotSubscribed | AssistantProblem::NoLicence => StatusCode::FORBIDDEN,
        AssistantProblem::Busy | AssistantProblem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        AssistantProblem::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        AssistantProblem::SetUp => StatusCode::BAD_GATEWAY,
        AssistantProblem::Lost => StatusCode::CONFLICT,
        AssistantProblem::SignInAgain => StatusCode::UNAUTHORIZED,
    }
}

/// What it is like, for the log.
const fn kind(problem: AssistantProblem) -> Option<FailureKind> {
    match problem {
        AssistantProblem::NotSubscribed | AssistantProblem::NoLicence => Some(FailureKind::DocumentsNotAssigned),
        AssistantProblem::SetUp => Some(FailureKind::DocumentsSetUp),
        AssistantProblem::SignInAgain => Some(FailureKind::DocumentsSignInAgain),
        _ => None,
    }
}
