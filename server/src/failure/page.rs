//! Failures as pages: what happened, what the citizen can do, and a reference that is also in the log.

use std::sync::Arc;

use app::{
    Citizen, Switch,
    pages::{
        Body,
        failure::{FailureKind, FailurePage, OtherWay, Unsaved},
    },
};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{Failure, RETRY_AFTER, Record, Report, challenge, copy_headers};
use crate::{language::Chosen, rendering::Renderer, secret::SealingKeys};

/// For a page that needs a session: citizens get its cookie by signing in. HTTP requires a challenge for each 401 (RFC
/// 9110, 15.5.2) and has no registered scheme for cookies. Browsers ignore a scheme that they do not know, and show the page.
pub(super) const CHALLENGE: &str = "Cookie realm=\"My Data\", form-action=\"/\"";

/// What a page is sealed for.
const PURPOSE: &str = "failure page v1";
/// How long a page can be shown again.
const LIFETIME: Duration = Duration::hours(1);

/// The pages for failures.
///
/// Most cannot be requested again: the request changed something, or used something up. In another language such a page is not
/// a new failure. So it takes along what it shows, sealed, and [`again`](Self::again) shows that.
#[derive(Clone, Debug)]
pub struct FailurePages {
    renderer: Arc<Renderer>,
    keys: Arc<SealingKeys>,
}

/// What a page shows.
#[derive(Serialize, Deserialize)]
struct Content {
    #[serde(rename = "k")]
    kind: FailureKind,
    #[serde(rename = "s")]
    status: u16,
    #[serde(rename = "r")]
    reference: Option<String>,
    #[serde(rename = "a")]
    again: Option<String>,
    #[serde(rename = "o")]
    other: Option<OtherWay>,
    /// For how many minutes a text is kept that the page does not show.
    #[serde(rename = "u")]
    kept_minutes: Option<i64>,
    #[serde(rename = "t")]
    made_at: i64,
}

impl FailurePages {
    /// Rendered by `renderer`, and sealed by `keys`.
    pub const fn new(renderer: Arc<Renderer>, keys: Arc<SealingKeys>) -> Self {
        Self { renderer, keys }
    }

    /// The same page in this language, for this citizen or for a visitor, if `sealed` is one of the last hour. It is not a new
    /// failure: the log and the security log have it already.
    pub fn again(&self, sealed: &str, language: Chosen, citizen: Option<Citizen>) -> Option<Response> {
        let content: Content = self.keys.open_text(PURPOSE, sealed)?;
        let age = OffsetDateTime::now_utc().unix_timestamp() - content.made_at;
        if !(-60..LIFETIME.whole_seconds()).contains(&age) {
            return None;
        }
        let mut response = self.render(language, citizen, &content, Switch::Sealed(sealed.to_owned()))?;
        if matches!(response.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
        }
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            // Those of the address that shows it (RFC 9110, 15.5.6).
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD,POST"));
        }
        response.extensions_mut().insert(Report::shown_again());
        Some(response)
    }

    /// How a failure page of a handler offers itself in the other languages. `kept_minutes`: for how long a text is kept that the
    /// page does not show.
    pub fn switch_of(&self, kind: FailureKind, again: Option<String>, kept_minutes: Option<i64>) -> Switch {
        let content = Content {
            kind,
            status: super::status(kind).as_u16(),
            reference: None,
            again,
            other: None,
            kept_minutes,
            made_at: OffsetDateTime::now_utc().unix_timestamp(),
        };
        self.sealed(&content)
    }

    fn sealed(&self, content: &Content) -> Switch {
        Switch::Sealed(self.keys.seal_text(PURPOSE, content))
    }

    fn render(
        &self,
        Chosen(language): Chosen,
        citizen: Option<Citizen>,
        content: &Content,
        switch: Switch,
    ) -> Option<Response> {
        let body = Body::Failure(FailurePage {
            kind: content.kind,
            reference: content.reference.clone(),
            again: content.again.clone(),
            other: content.other.clone(),
            unsaved: content.kept_minutes.map(|_| Unsaved { typed: None, kept_minutes: content.kept_minutes }),
            switch,
        });
        let status = StatusCode::from_u16(content.status).ok()?;
        Some(self.renderer.render(status, language, citizen, body))
    }
}

/// How a failure on a route can be shown in another language.
#[derive(Clone, Debug)]
pub struct Show {
    /// Renders it.
    pub pages: FailurePages,
    /// Whether the parameter `lang` chooses the language of a page at the same address.
    pub has_links: bool,
}

/// Whoever is signed in, on the response of a page. If it is a failure, its page has the header of that person's pages.
#[derive(Clone, Debug)]
pub struct StillSignedIn(pub Citizen);

/// Shows every failure of the inner routes as a page.
pub async fn show(State(show): State<Show>, request: Request, next: Next) -> Response {
    challenge(answer(&show, request, next).await, CHALLENGE)
}

async fn answer(Show { pages, has_links }: &Show, request: Request, next: Next) -> Response {
    let language = Chosen::of(&request);
    let record = Record::of(&request);
    // The links would lose a query. It may say anything, so the page does not repeat it.
    let has_address = *has_links && request.method().is_safe() && request.uri().query().is_none();
    let mut response = next.run(request).await;
    let Some(mut failure) = Failure::take(&mut response) else { return response };
    let report = failure.report(&record, None);
    let content = Content {
        kind: failure.kind,
        status: failure.status.as_u16(),
        reference: report.reference.map(|reference| reference.to_string()),
        again: failure.again.take(),
        other: failure.other.take().map(|other| *other),
        kept_minutes: None,
        made_at: OffsetDateTime::now_utc().unix_timestamp(),
    };
    let switch = if has_address && can_be_requested_again(failure.kind) {
        Switch::Links { query: None }
    } else {
        pages.sealed(&content)
    };
    // The handler may know a later choice.
    let language = response.extensions().get().copied().unwrap_or(language);
    let citizen = response.extensions_mut().remove().map(|StillSignedIn(citizen)| citizen);
    let Some(mut shown) = pages.render(language, citizen, &content, switch) else { return response };
    copy_headers(&response, &mut shown);
    shown.extensions_mut().insert(report);
    shown
}

/// Whether reading the same address again probably gives the same page. After a limit it may give another one: a sign-in may start.
const fn can_be_requested_again(kind: FailureKind) -> bool {
    !matches!(kind, FailureKind::TooMany | FailureKind::Overloaded | FailureKind::TooLarge | FailureKind::TooSlow)
}
