//! Failures as problem details (RFC 9457), for programs that use the API.

use std::{borrow::Cow, sync::Arc};

use app::pages::problems::ProblemKind;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{Failure, Record, challenge, copy_headers};

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The challenge of a 401 that says nothing about a token, because none came (RFC 6750, 3).
pub const CHALLENGE: &str = "Bearer realm=\"mydata\"";

/// A failed request of a program: the failure, and what its sender is told. Handlers of the API return it. Boxed, to keep
/// `Result<_, Problem>` small.
#[derive(Debug)]
pub struct Problem(Box<(Failure, Told)>);

/// What the sender is told. It is an extension of the response, beside the failure.
#[derive(Clone, Debug)]
struct Told {
    kind: ProblemKind,
    detail: Option<&'static str>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of `kind`. `detail` is for the sender, `reason` for the log.
    pub fn new(kind: ProblemKind, detail: &'static str, reason: impl Into<Cow<'static, str>>) -> Self {
        let told = Told { kind, detail: Some(detail), headers: Vec::new() };
        Self(Box::new((Failure::at_status(status(kind), reason), told)))
    }

    /// Adds a header to the response.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.1.headers.push((name, value));
        self
    }

    /// Why the request failed, for the log.
    pub fn reason(&self) -> Cow<'static, str> {
        self.0.0.reason.clone()
    }

    /// Marks a request whose sender was not authenticated.
    #[must_use]
    pub fn unauthenticated(mut self) -> Self {
        self.0.0.is_unauthenticated = true;
        self
    }

    /// Sets the provider, for the log.
    #[must_use]
    pub fn at_provider(mut self, id: &str) -> Self {
        self.0.0.provider = Some(id.to_owned());
        self
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let told = Told::of(failure.status);
        Self(Box::new((failure, told)))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (failure, told) = *self.0;
        let mut response = failure.into_response();
        response.extensions_mut().insert(told);
        response
    }
}

impl Told {
    /// For a failure that no handler of the API made.
    fn of(status: StatusCode) -> Self {
        let (kind, detail) = match status {
            StatusCode::UNAUTHORIZED => (ProblemKind::Unauthenticated, None),
            StatusCode::FORBIDDEN => (ProblemKind::Forbidden, None),
            StatusCode::NOT_FOUND => (ProblemKind::NotFound, Some("No resource of the API has this address.")),
            StatusCode::METHOD_NOT_ALLOWED => {
                (ProblemKind::MethodNotAllowed, Some("The header Allow lists the methods of this address."))
            }
            StatusCode::REQUEST_TIMEOUT => (ProblemKind::TooSlow, Some("The body did not arrive in time.")),
            StatusCode::PAYLOAD_TOO_LARGE => (ProblemKind::TooLarge, Some("The body is over the limit of 64 KiB.")),
            StatusCode::TOO_MANY_REQUESTS => {
                (ProblemKind::TooManyRequests, Some("Wait for the seconds in Retry-After before the next request."))
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                (ProblemKind::Unavailable, Some("Wait for the seconds in Retry-After, then repeat the request."))
            }
            status if status.is_client_error() => (ProblemKind::InvalidRequest, None),
            _ => (ProblemKind::Internal, Some("If it happens again, report the instance of this problem.")),
        };
        Self { kind, detail, headers: Vec::new() }
    }
}

/// The status of a problem.
pub const fn status(kind: ProblemKind) -> StatusCode {
    match kind {
        ProblemKind::InvalidRequest => StatusCode::BAD_REQUEST,
        ProblemKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ProblemKind::Forbidden => StatusCode::FORBIDDEN,
        ProblemKind::NotFound => StatusCode::NOT_FOUND,
        ProblemKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ProblemKind::TooSlow => StatusCode::REQUEST_TIMEOUT,
        ProblemKind::Conflict => StatusCode::PRECONDITION_FAILED,
        ProblemKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemKind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ProblemKind::TextNotUsable => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemKind::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        ProblemKind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ProblemKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ProblemKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A problem (RFC 9457, 3.1).
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(utoipa::ToSchema), schema(as = Problem))]
pub struct ProblemDetails {
    /// The address of the page that explains problems of this kind. It never changes.
    #[serde(rename = "type")]
    #[cfg_attr(test, schema(format = Uri))]
    pub kind: String,
    /// What problems of this kind are, in English. It may be reworded.
    pub title: &'static str,
    /// The status of the response.
    pub status: u16,
    /// What to change, in English. It may be reworded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schema(nullable = false))]
    pub detail: Option<&'static str>,
    /// Names this problem in the operator's log. It is missing if the log only counts such problems.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schema(nullable = false, format = Uri))]
    pub instance: Option<String>,
}

/// The addresses of the page that explains the problems.
#[derive(Clone, Debug)]
pub struct ProblemTypes(Arc<str>);

impl ProblemTypes {
    /// `page` is its address, without a fragment.
    pub fn at(page: &str) -> Self {
        Self(page.into())
    }
}

/// Shows every failure of the inner routes as a problem.
pub async fn show(State(types): State<ProblemTypes>, request: Request, next: Next) -> Response {
    challenge(answer(&types, request, next).await, CHALLENGE)
}

async fn answer(ProblemTypes(page): &ProblemTypes, request: Request, next: Next) -> Response {
    let record = Record::of(&request);
    let mut response = next.run(request).await;
    let Some(failure) = Failure::take(&mut response) else { return response };
    let Told { kind, detail, headers } = response.extensions_mut().remove().unwrap_or_else(|| Told::of(failure.status));
    let report = failure.report(&record, Some(kind.slug()));
    let details = ProblemDetails {
        kind: format!("{page}#{}", kind.slug()),
        title: kind.title(),
        status: failure.status.as_u16(),
        detail,
        instance: report.reference.map(|reference| format!("urn:mydata:{reference}")),
    };
    let body = serde_json::to_vec(&details).unwrap_or_default();
    let mut shown =
        (failure.status, [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))], body).into_response();
    copy_headers(&response, &mut shown);
    shown.headers_mut().extend(headers);
    shown.extensions_mut().insert(report);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_problem_has_a_status_of_its_own() {
        let mut statuses: Vec<_> = ProblemKind::ALL.iter().map(|&kind| status(kind)).collect();
        assert!(statuses.iter().all(|status| status.is_client_error() || status.is_server_error()));
        statuses.sort_unstable();
        statuses.dedup();
        assert_eq!(statuses.len(), ProblemKind::ALL.len());
    }

    #[test]
    fn what_a_layer_refuses_has_the_kind_of_its_status() {
        for &kind in ProblemKind::ALL {
            let of_layer = Told::of(status(kind)).kind;
            // Only the API's own handlers answer these.
            let is_of_handlers = matches!(
                kind,
                ProblemKind::Conflict
                    | ProblemKind::UnsupportedMediaType
                    | ProblemKind::TextNotUsable
                    | ProblemKind::PreconditionRequired
            );
            assert_eq!(of_layer, if is_of_handlers { ProblemKind::InvalidRequest } else { kind });
        }
        assert_eq!(Told::of(StatusCode::GATEWAY_TIMEOUT).kind, ProblemKind::Internal);
    }
}
