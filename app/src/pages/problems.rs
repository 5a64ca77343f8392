//! `/problems`: the problems that the API reports. The `type` of a problem (RFC 9457, 3.1.1) is the address of its heading here.

use leptos::prelude::*;

use crate::texts::{Language, Sentence, say};

/// The page about the problems that the API reports.
#[derive(Clone, Copy, Debug)]
pub struct ProblemsPage;

/// A problem that the API reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// No valid credentials.
    Unauthenticated,
    /// The request cannot be read.
    InvalidRequest,
    /// Nothing is there.
    NotFound,
    /// A change without a condition.
    PreconditionRequired,
    /// A condition that does not hold.
    Conflict,
    /// A text that cannot be saved.
    TextNotUsable,
    /// A body of another type than JSON.
    UnsupportedMediaType,
    /// The address does not support the method.
    MethodNotAllowed,
    /// The body is over the limit.
    TooLarge,
    /// Too many requests.
    TooManyRequests,
    /// The service cannot answer right now.
    Unavailable,
    /// A fault in the service.
    Internal,
    /// The request is not allowed.
    Forbidden,
    /// The body did not arrive in time.
    TooSlow,
}

impl ProblemKind {
    /// All of them, in the order shown.
    pub const ALL: &'static [Self] = &[
        Self::InvalidRequest,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TooSlow,
        Self::Conflict,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::TextNotUsable,
        Self::PreconditionRequired,
        Self::TooManyRequests,
        Self::Internal,
        Self::Unavailable,
    ];

    /// Its fragment of the address `/problems`. It never changes.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::InvalidRequest => "invalid-request",
            Self::NotFound => "not-found",
            Self::PreconditionRequired => "precondition-required",
            Self::Conflict => "conflict",
            Self::TextNotUsable => "text-not-usable",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::TooLarge => "too-large",
            Self::TooManyRequests => "too-many-requests",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
            Self::Forbidden => "forbidden",
            Self::TooSlow => "too-slow",
        }
    }

    /// Its title in English, for the API. A test keeps it equal to the heading on the page.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Unauthenticated => "The credentials are missing or not accepted",
            Self::InvalidRequest => "The request cannot be read",
            Self::NotFound => "There is nothing at this address",
            Self::PreconditionRequired => "A condition is required",
            Self::Conflict => "The message is not the version that you expect",
            Self::TextNotUsable => "The text cannot be saved",
            Self::UnsupportedMediaType => "The body has the wrong media type",
            Self::MethodNotAllowed => "The address does not support this method",
            Self::TooLarge => "The request is too large",
            Self::TooManyRequests => "There were too many requests",
            Self::Unavailable => "The service cannot answer right now",
            Self::Internal => "Something went wrong in the service",
            Self::Forbidden => "The request is not allowed",
            Self::TooSlow => "The request took too long to arrive",
        }
    }

    /// The heading, and what to do.
    const fn texts(self) -> (Sentence, Sentence) {
        match self {
            Self::Unauthenticated => (say::PROBLEM_UNAUTHENTICATED, say::PROBLEM_UNAUTHENTICATED_NEXT),
            Self::InvalidRequest => (say::PROBLEM_INVALID_REQUEST, say::PROBLEM_INVALID_REQUEST_NEXT),
            Self::NotFound => (say::PROBLEM_NOT_FOUND, say::PROBLEM_NOT_FOUND_NEXT),
            Self::PreconditionRequired => (say::PROBLEM_PRECONDITION_REQUIRED, say::PROBLEM_PRECONDITION_REQUIRED_NEXT),
            Self::Conflict => (say::PROBLEM_CONFLICT, say::PROBLEM_CONFLICT_NEXT),
            Self::TextNotUsable => (say::PROBLEM_TEXT_NOT_USABLE, say::PROBLEM_TEXT_NOT_USABLE_NEXT),
            Self::UnsupportedMediaType => (say::PROBLEM_MEDIA_TYPE, say::PROBLEM_MEDIA_TYPE_NEXT),
            Self::MethodNotAllowed => (say::PROBLEM_METHOD, say::PROBLEM_METHOD_NEXT),
            Self::TooLarge => (say::PROBLEM_TOO_LARGE, say::PROBLEM_TOO_LARGE_NEXT),
            Self::TooManyRequests => (say::PROBLEM_TOO_MANY, say::PROBLEM_TOO_MANY_NEXT),
            Self::Unavailable => (say::PROBLEM_UNAVAILABLE, say::PROBLEM_UNAVAILABLE_NEXT),
            Self::Internal => (say::PROBLEM_INTERNAL, say::PROBLEM_INTERNAL_NEXT),
            Self::Forbidden => (say::PROBLEM_FORBIDDEN, say::PROBLEM_FORBIDDEN_NEXT),
            Self::TooSlow => (say::PROBLEM_TOO_SLOW, say::PROBLEM_TOO_SLOW_NEXT),
        }
    }
}

pub(crate) fn view(language: Language) -> impl IntoView {
    let problems = ProblemKind::ALL.iter().map(|&problem| {
        let (heading, next) = problem.texts();
        view! {
            <h2 id=problem.slug()>{language.text(heading)}</h2>
            <p class="hint"><code>{problem.slug()}</code></p>
            <p>{language.text(next)}</p>
        }
    });
    view! {
        <div class="statement">
            <h1>{language.text(say::PROBLEMS_HEADING)}</h1>
            <p class="lead">{language.text(say::PROBLEMS_INTRO)}</p>
            {problems.collect_view()}
        </div>
    }
}
