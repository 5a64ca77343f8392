//! A failed request is one value. A layer of its route shows it as a page, a problem, an OAuth error or plain text; the outermost
//! layer logs it.

pub mod oauth;
pub mod page;
pub mod plain;
pub mod problem;
mod refusals;

use std::borrow::Cow;

use app::pages::failure::{FailureKind, OtherWay};
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tracing::Level;

pub use self::refusals::{Refusal, Refusals};
use crate::{
    cookies::SetCookie,
    media_type,
    request_context::{Reference, RequestContext},
};

/// Seconds after which trying again makes sense, for `Retry-After`.
pub const RETRY_AFTER: u16 = 5;

/// The reason of [`Failure::overloaded`].
pub const OVERLOADED: &str = "limits.requests_in_flight is reached";
/// The reason of [`Failure::too_many`].
pub const TOO_MANY: &str = "too many requests from one address";

/// A failed request, before it is shown. Handlers return it; a layer turns it into a response.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Selects the text for the citizen.
    pub kind: FailureKind,
    /// The status of the response.
    pub status: StatusCode,
    /// The error code for an OAuth client (RFC 6749, 5.2).
    pub code: &'static str,
    /// For the log: the reason, without anything personal, secret or sent by the browser.
    pub reason: Cow<'static, str>,
    /// Where "Try again" leads.
    pub again: Option<String>,
    /// Another link for the citizen. Boxed, like the cookie, to keep `Result<_, Failure>` small.
    pub other: Option<Box<OtherWay>>,
    /// For the log: the id of the provider.
    pub provider: Option<String>,
    /// The sender was not authenticated when the request was refused.
    pub is_unauthenticated: bool,
    /// The level of its log line, if it is not that of its status.
    pub level: Option<Level>,
    /// What it is counted as, if its status and kind do not say it.
    refusal: Option<Refusal>,
    cookie: Option<Box<SetCookie>>,
}

impl Failure {
    /// A failure of `kind`, because of `reason`.
    pub fn new(kind: FailureKind, reason: impl Into<Cow<'static, str>>) -> Self {
        let status = status(kind);
        Self::with(kind, status, oauth::code(status), reason.into())
    }

    /// An OAuth error with this status and code, because of `reason`.
    pub fn oauth(status: StatusCode, code: &'static str, reason: &'static str) -> Self {
        Self::with(kind(status), status, code, Cow::Borrowed(reason))
    }

    /// A failure with this status, because of `reason`.
    pub fn at_status(status: StatusCode, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::with(kind(status), status, oauth::code(status), reason.into())
    }

    /// A failure for a status that no handler chose, such as 405 from the router.
    pub fn from_status(status: StatusCode) -> Self {
        let reason = match status {
            StatusCode::METHOD_NOT_ALLOWED => "the route does not have this method",
            _ => "refused or failed outside a handler",
        };
        Self::with(kind(status), status, oauth::code(status), Cow::Borrowed(reason))
    }

    /// A handler panicked.
    pub fn panicked() -> Self {
        Self::new(FailureKind::Internal, "the handler panicked: the line `panic` before this one has the location")
    }

    /// A table cannot be reached.
    pub fn unavailable(error: impl std::error::Error) -> Self {
        Self::new(FailureKind::Unavailable, error.to_string())
    }

    fn with(kind: FailureKind, status: StatusCode, code: &'static str, reason: Cow<'static, str>) -> Self {
        Self {
            kind,
            status,
            code,
            reason,
            again: None,
            other: None,
            provider: None,
            is_unauthenticated: false,
            level: None,
            refusal: None,
            cookie: None,
        }
    }

    /// Sets the link for trying again.
    #[must_use]
    pub fn again(mut self, path: impl Into<String>) -> Self {
        self.again = Some(path.into());
        self
    }

    /// Sets another link for the citizen.
    #[must_use]
    pub fn or(mut self, other: OtherWay) -> Self {
        self.other = Some(Box::new(other));
        self
    }

    /// Adds `cookie` to the response.
    #[must_use]
    pub fn with_cookie(mut self, cookie: SetCookie) -> Self {
        self.cookie = Some(Box::new(cookie));
        self
    }

    /// Sets the provider, for the log.
    #[must_use]
    pub fn at_provider(mut self, id: &str) -> Self {
        self.provider = Some(id.to_owned());
        self
    }

    /// Marks a request whose sender was not authenticated.
    #[must_use]
    pub const fn unauthenticated(mut self) -> Self {
        self.is_unauthenticated = true;
        self
    }

    /// Logs this failure at `level`, such as at warn if the fault is not ours.
    #[must_use]
    pub const fn at_level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Counts this failure as `refusal`: of one address, most have no line of their own in the log.
    #[must_use]
    pub const fn counted_as(mut self, refusal: Refusal) -> Self {
        self.refusal = Some(refusal);
        self
    }

    /// Takes the failure out of `response`, or makes one for an error status that no handler chose. `None` if the
    /// response is complete.
    fn take(response: &mut Response) -> Option<Self> {
        let status = response.status();
        let is_failure = status.is_client_error() || status.is_server_error();
        let failure = response.extensions_mut().remove::<Self>();
        let is_complete = || is_page(response) || response.extensions().get::<Report>().is_some();
        failure.or_else(|| (is_failure && !is_complete()).then(|| Self::from_status(status)))
    }

    /// The service is too busy for this request.
    pub fn overloaded() -> Self {
        Self::new(FailureKind::Overloaded, OVERLOADED).at_level(Level::WARN)
    }

    /// The sender's budget for this request is used up.
    pub fn too_many() -> Self {
        Self::new(FailureKind::TooMany, TOO_MANY)
    }

    /// What to log. The response shows `code`, and the reference of the report.
    fn report(&self, request: &Record, code: Option<&'static str>) -> Report {
        let reference = request.reference(self);
        let line = if reference.is_some() { Line::Own } else { Line::Counted };
        let (reason, provider) = (self.reason.clone(), self.provider.clone());
        Report { reference, code, provider, level: self.level, kind: Some(self.kind), line, ..Report::because(reason) }
    }
}

/// What the log needs of a request: its context, and the refusals so far.
#[derive(Clone, Debug)]
struct Record {
    context: RequestContext,
    refusals: Option<Refusals>,
}

impl Record {
    /// `request` has passed the layer that logs it.
    fn of(request: &Request) -> Self {
        Self { context: RequestContext::of(request), refusals: request.extensions().get().cloned() }
    }

    /// The reference, if the failure has a line of its own in the log. A page never shows a reference without a line.
    fn reference(&self, failure: &Failure) -> Option<Reference> {
        let refusal = failure.refusal.or_else(|| Refusal::of(failure.status, Some(failure.kind)));
        let is_counted = refusal
            .zip(self.refusals.as_ref())
            .is_some_and(|(refusal, refusals)| !refusals.has_line(self.context.client, refusal));
        (!is_counted).then_some(self.context.reference)
    }
}

/// Whether a failed request has a line of its own in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// It has one.
    Own,
    /// It is only counted.
    Counted,
    /// The logging layer decides.
    Undecided,
}

/// What to log about a failed request. It is an extension of the response, which is then complete.
#[derive(Clone, Debug)]
pub struct Report {
    /// The reference that the response shows.
    pub reference: Option<Reference>,
    /// The OAuth error code, or the kind of problem, that the response shows.
    pub code: Option<&'static str>,
    /// The reason.
    pub reason: Cow<'static, str>,
    /// The id of the provider.
    pub provider: Option<String>,
    /// The level, if it is not that of the status.
    pub level: Option<Level>,
    /// What the citizen saw, if it is a failure.
    pub kind: Option<FailureKind>,
    /// Whether it has a line of its own.
    pub line: Line,
    /// The same failure was logged before: the citizen reads its page in another language.
    pub is_shown_again: bool,
}

impl Report {
    /// A report for a response without a reference.
    pub fn because(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reference: None,
            code: None,
            reason: reason.into(),
            provider: None,
            level: None,
            kind: None,
            line: Line::Undecided,
            is_shown_again: false,
        }
    }

    /// A report for a failure that was logged before.
    pub fn shown_again() -> Self {
        let reason = "a failure page is shown in another language";
        Self { level: Some(Level::DEBUG), line: Line::Own, is_shown_again: true, ..Self::because(reason) }
    }

    /// As [`Report::because`], of a failure that a handler shows as a page of its own.
    pub fn of(failure: Failure) -> Self {
        let Failure { reason, provider, level, kind, .. } = failure;
        Self { provider, level, kind: Some(kind), ..Self::because(reason) }
    }

    /// Whether the request is only counted by `refusals`.
    pub fn is_counted(&self, status: StatusCode, context: &RequestContext, refusals: &Refusals) -> bool {
        match self.line {
            Line::Own => false,
            Line::Counted => true,
            Line::Undecided => {
                Refusal::of(status, self.kind).is_some_and(|refusal| !refusals.has_line(context.client, refusal))
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(mut self) -> Response {
        let mut response = self.status.into_response();
        if matches!(self.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
        }
        if let Some(cookie) = self.cookie.take() {
            response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Adds the challenge that every 401 must have (RFC 9110, 15.5.2). Each way to show failures ends with this, so it also covers a
/// handler's own page.
fn challenge(mut response: Response, challenge: &'static str) -> Response {
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static(challenge);
        response.headers_mut().entry(header::WWW_AUTHENTICATE).or_insert(challenge);
    }
    response
}

/// Copies the headers of a failure to the response that shows it.
fn copy_headers(from: &Response, to: &mut Response) {
    for name in [header::SET_COOKIE, header::RETRY_AFTER, header::ALLOW] {
        for value in from.headers().get_all(&name) {
            to.headers_mut().append(&name, value.clone());
        }
    }
}

/// Whether a handler has answered with its own page, such as a save conflict.
fn is_page(response: &Response) -> bool {
    media_type::is(response.headers(), "text/html")
}

fn kind(status: StatusCode) -> FailureKind {
    match status {
        StatusCode::UNAUTHORIZED => FailureKind::SessionEnded,
        StatusCode::FORBIDDEN => FailureKind::Forbidden,
        StatusCode::NOT_FOUND => FailureKind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => FailureKind::Method,
        StatusCode::PAYLOAD_TOO_LARGE => FailureKind::TooLarge,
        StatusCode::REQUEST_TIMEOUT => FailureKind::TooSlow,
        StatusCode::TOO_MANY_REQUESTS => FailureKind::TooMany,
        StatusCode::SERVICE_UNAVAILABLE => FailureKind::Unavailable,
        status if status.is_client_error() => FailureKind::BadRequest,
        _ => FailureKind::Internal,
    }
}

/// The status of a failure of `kind`.
pub const fn status(kind: FailureKind) -> StatusCode {
    match kind {
        FailureKind::SessionEnded | FailureKind::DocumentsSignInAgain => StatusCode::UNAUTHORIZED,
        FailureKind::OtherPerson => StatusCode::CONFLICT,
        FailureKind::NotFound | FailureKind::DocumentNotFound => StatusCode::NOT_FOUND,
        FailureKind::SignInInvalid
        | FailureKind::SignInRejected
        | FailureKind::SignInNoNationalNumber
        | FailureKind::SignInNoNumber
        | FailureKind::SignInOtherProvider
        | FailureKind::SignInStale
        | FailureKind::BadRequest => StatusCode::BAD_REQUEST,
        FailureKind::SignInProvider
        | FailureKind::SignInIncomplete
        | FailureKind::SignInSlow
        | FailureKind::SignInSetUp
        | FailureKind::DocumentsSetUp => StatusCode::BAD_GATEWAY,
        FailureKind::SignInUnavailable
        | FailureKind::Unavailable
        | FailureKind::DeletionUnclear
        | FailureKind::DocumentsUnavailable
        | FailureKind::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        FailureKind::Forbidden | FailureKind::DocumentsNotAssigned | FailureKind::DocumentNotGranted => {
            StatusCode::FORBIDDEN
        }
        FailureKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FailureKind::TooSlow => StatusCode::REQUEST_TIMEOUT,
        FailureKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        FailureKind::Method => StatusCode::METHOD_NOT_ALLOWED,
        FailureKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_401_and_no_other_status_has_a_challenge() {
        for status in [200, 303, 400, 401, 403, 404, 429, 500, 503] {
            let response = challenge(StatusCode::from_u16(status).unwrap().into_response(), "Basic realm=\"x\"");
            assert_eq!(response.headers().contains_key(header::WWW_AUTHENTICATE), status == 401, "{status}");
        }
    }

    #[test]
    fn a_failure_with_documents_has_the_status_of_its_cause() {
        for (kind, expected) in [
            (FailureKind::DocumentsSignInAgain, 401),
            (FailureKind::DocumentsNotAssigned, 403),
            (FailureKind::DocumentNotGranted, 403),
            (FailureKind::DocumentNotFound, 404),
            (FailureKind::DocumentsSetUp, 502),
            (FailureKind::DocumentsUnavailable, 503),
        ] {
            assert_eq!(status(kind), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_complete_answer_is_not_replaced() {
        let page = |kind: &'static str| (StatusCode::CONFLICT, [(header::CONTENT_TYPE, kind)]).into_response();
        for kind in ["text/html", "text/html; charset=utf-8", "Text/HTML;charset=utf-8"] {
            assert!(Failure::take(&mut page(kind)).is_none(), "{kind}");
        }
        for kind in ["text/plain", "text/html2", "text/htm", "application/json"] {
            assert!(Failure::take(&mut page(kind)).is_some(), "{kind}");
        }
        let mut reported = page("text/plain");
        reported.extensions_mut().insert(Report::because("a reason"));
        assert!(Failure::take(&mut reported).is_none());
    }
}
