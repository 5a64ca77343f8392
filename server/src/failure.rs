//! What a handler answers when it cannot do what it was asked: a status, a page in plain words, and a line in the log.

use std::borrow::Cow;

use app::pages::failure::{Kind, OtherWay};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{secret::random, sessions::SetCookie};

/// Seconds after which trying again makes sense, for `Retry-After`.
pub(crate) const RETRY_AFTER: u16 = 5;

/// Marks a request that is over the limit and whose handler answers that itself, because it holds what somebody typed.
#[derive(Clone, Copy, Debug)]
pub struct OverLimit;

/// A failure on its way to the citizen. `layers::failures` makes the page of it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What the citizen is told.
    pub kind: Kind,
    /// What the log is told: why, without anything personal, secret or sent by the browser.
    pub reason: Cow<'static, str>,
    /// Where "Try again" leads.
    pub again: Option<String>,
    /// What else the citizen can do.
    pub other: Option<OtherWay>,
    // Boxed: a failure is handed through many results.
    cookie: Option<Box<SetCookie>>,
}

impl Failure {
    /// A failure of `kind`, because of `reason`.
    pub fn new(kind: Kind, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, reason: reason.into(), again: None, other: None, cookie: None }
    }

    /// Offers `path` as the way to try again.
    #[must_use]
    pub fn again(mut self, path: impl Into<String>) -> Self {
        self.again = Some(path.into());
        self
    }

    /// Offers another way.
    #[must_use]
    pub fn or(mut self, other: OtherWay) -> Self {
        self.other = Some(other);
        self
    }

    /// Sends `cookie` along.
    #[must_use]
    pub fn with_cookie(mut self, cookie: SetCookie) -> Self {
        self.cookie = Some(Box::new(cookie));
        self
    }

    /// A table did not answer.
    pub fn unavailable(error: impl std::error::Error) -> Self {
        Self::new(Kind::Unavailable, error.to_string())
    }

    /// The kind for a status that comes from below the handlers, such as 405 from the router.
    pub fn kind_of(status: StatusCode) -> Kind {
        match status {
            StatusCode::UNAUTHORIZED => Kind::SessionEnded,
            StatusCode::FORBIDDEN => Kind::Forbidden,
            StatusCode::NOT_FOUND => Kind::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Kind::Method,
            StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => Kind::TooMany,
            StatusCode::SERVICE_UNAVAILABLE => Kind::Unavailable,
            status if status.is_client_error() => Kind::BadRequest,
            _ => Kind::Internal,
        }
    }

    const fn status(&self) -> StatusCode {
        match self.kind {
            Kind::SessionEnded => StatusCode::UNAUTHORIZED,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::SignInInvalid
            | Kind::SignInRejected
            | Kind::SignInNoNationalNumber
            | Kind::SignInNoNumber
            | Kind::SignInOtherProvider
            | Kind::BadRequest => StatusCode::BAD_REQUEST,
            Kind::SignInProvider | Kind::SignInIncomplete | Kind::SignInSlow | Kind::SignInSetUp => {
                StatusCode::BAD_GATEWAY
            }
            Kind::SignInUnavailable | Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Kind::Method => StatusCode::METHOD_NOT_ALLOWED,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Eight digits that can be read out over the telephone, such as `3F9A-12C7`.
pub(crate) fn reference() -> String {
    let digits = hex::encode_upper(random::<4>());
    let (first, second) = digits.split_at(4);
    format!("{first}-{second}")
}

impl IntoResponse for Failure {
    fn into_response(mut self) -> Response {
        let mut response = self.status().into_response();
        if matches!(response.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
        }
        if let Some(cookie) = self.cookie.take() {
            response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
        }
        response.extensions_mut().insert(self);
        response
    }
}
