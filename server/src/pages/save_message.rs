use app::pages::{
    Body,
    failure::{FailureKind, FailurePage, Unsaved},
    my_data::{MyDataPage, Problem},
};
use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::Pages;
use crate::{
    aws::Unavailable,
    citizen::{Citizen, Pseudonym},
    failure::{Failure, RETRY_AFTER, Report},
    form::{Form, Value},
    layers::{OverLimit, Overloaded},
    records::{Message, MessageText, Outcome, TextError},
    redirect::see_other,
    request_context::RequestContext,
    secret::Secret,
    security_log::{self, Event},
    visitor::Visitor,
};

/// The form of `/my-data`.
struct Fields {
    text: Secret,
    /// Whether the text arrived as UTF-8.
    is_utf8: bool,
    /// The version that the citizen edited.
    version: u64,
}

impl Fields {
    fn parse(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let form = Form::parse(headers, body)?;
        let Value::Text(version) = form.field("version")? else { return None };
        let (text, is_utf8) = match form.field("text")? {
            Value::Text(text) => (text, true),
            Value::NotText(text) => (text, false),
        };
        Some(Self { text, is_utf8, version: version.expose().parse().ok()? })
    }

    /// What was typed, as a page can show it.
    fn into_shown(self) -> String {
        self.text.into_string().replace('\0', "\u{fffd}")
    }
}

/// `POST /api/save_message`: 303 to `/my-data`, or a page with the typed text and the reason.
pub(super) async fn save_message(
    State(pages): State<Pages>,
    context: RequestContext,
    visitor: Visitor,
    over_limit: Option<Extension<OverLimit>>,
    overloaded: Option<Extension<Overloaded>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let signed_in = visitor.citizen().map(|citizen| citizen.is_some());
    let fields = match (Fields::parse(&headers, &body), signed_in) {
        (Some(fields), _) => fields,
        (None, _) if overloaded.is_some() => return Err(Failure::overloaded().again("/my-data")),
        (None, _) if over_limit.is_some() => {
            return Err(Failure::new(FailureKind::TooMany, "too many requests from one address").again("/my-data"));
        }
        (None, Ok(false)) => return Err(Failure::new(FailureKind::SessionEnded, "no session and no valid form")),
        (None, _) => {
            return Err(
                Failure::new(FailureKind::BadRequest, "the form has no valid text and version").again("/my-data")
            );
        }
    };
    if overloaded.is_some() {
        return Ok(not_saved(&pages, &visitor, fields, Problem::Overloaded, Report::of(Failure::overloaded())));
    }
    if over_limit.is_some() {
        let report = Report::because("too many requests from one address");
        return Ok(not_saved(&pages, &visitor, fields, Problem::TooMany, report));
    }
    match visitor.citizen() {
        Ok(Some(citizen)) => Ok(save(&pages, context, &visitor, citizen, fields).await),
        Ok(None) => Ok(session_ended(&pages, &visitor, fields)),
        Err(failure) => Ok(not_saved(&pages, &visitor, fields, Problem::Unavailable, Report::because(failure.reason))),
    }
}

async fn save(
    pages: &Pages,
    context: RequestContext,
    visitor: &Visitor,
    citizen: &Citizen,
    fields: Fields,
) -> Response {
    let (problem, reason) = match MessageText::parse(fields.text.expose()) {
        Ok(text) if fields.is_utf8 => return store(pages, context, visitor, citizen, fields, text).await,
        Ok(_) => (Problem::NotText, "the text is not UTF-8"),
        Err(TextError::Nul) => (Problem::NotText, "the text has a NUL character"),
        Err(TextError::TooLong(count)) => (Problem::TooLong { count }, "the text is too long"),
    };
    not_saved(pages, visitor, fields, problem, Report::because(reason))
}

async fn store(
    pages: &Pages,
    context: RequestContext,
    visitor: &Visitor,
    citizen: &Citizen,
    fields: Fields,
    text: MessageText,
) -> Response {
    let work = {
        let (messages, security) = (pages.messages.clone(), pages.security.clone());
        let (keys, version) = (pages.record_keys(citizen), fields.version);
        async move {
            let outcome = messages.save(&keys, text, version).await;
            security.record(&context, &event(&keys.current, &outcome));
            outcome
        }
    };
    match pages.tasks.run_to_completion(work).await {
        Ok(Outcome::Stored(message)) => saved(message.version),
        Ok(Outcome::Conflict(message)) => conflict(pages, visitor, fields, message),
        Err(error) => not_saved(pages, visitor, fields, Problem::Unavailable, Report::because(error.to_string())),
    }
}

/// The event for the security log.
fn event<'a>(citizen: &'a Pseudonym, outcome: &Result<Outcome, Unavailable>) -> Event<'a> {
    let (outcome, reason) = match outcome {
        Ok(Outcome::Stored(_)) => (security_log::Outcome::Success, None),
        Ok(Outcome::Conflict(_)) => (security_log::Outcome::Failure, Some("save conflict".into())),
        Err(error) => (security_log::Outcome::Failure, Some(error.to_string().into())),
    };
    Event::save(Some(citizen), outcome, reason)
}

/// Redirects, so that a reload does not save again.
fn saved(version: u64) -> Response {
    see_other(&format!("/my-data?saved={version}"))
}

/// The form with the unsaved text. `report` is for the log.
fn not_saved(pages: &Pages, visitor: &Visitor, fields: Fields, problem: Problem, report: Report) -> Response {
    let status = match problem {
        Problem::TooLong { .. } | Problem::NotText => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Unavailable | Problem::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
    };
    let version = fields.version;
    let body = Body::MyData(MyDataPage::Kept { typed: fields.into_shown(), version, problem });
    let mut response = pages.renderer.render(status, visitor.language, visitor.name(), body);
    if matches!(problem, Problem::Unavailable | Problem::Overloaded | Problem::TooMany) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
    }
    response.extensions_mut().insert(report);
    response
}

fn conflict(pages: &Pages, visitor: &Visitor, fields: Fields, message: Option<Message>) -> Response {
    let version = message.as_ref().map_or(0, |message| message.version);
    let stored = message.map(|message| (message.text.into_string(), message.updated_at));
    let body = Body::MyData(MyDataPage::Conflict { typed: fields.into_shown(), version, stored });
    let mut response = pages.renderer.render(StatusCode::CONFLICT, visitor.language, visitor.name(), body);
    response.extensions_mut().insert(Report::because("save conflict"));
    response
}

/// The failure page for an ended session, with the typed text so that the citizen can copy it.
fn session_ended(pages: &Pages, visitor: &Visitor, fields: Fields) -> Response {
    let body = Body::Failure(FailurePage {
        kind: FailureKind::SessionEnded,
        reference: None,
        again: Some("/?return_to=%2Fmy-data".to_owned()),
        other: None,
        unsaved: Some(Unsaved(fields.into_shown())),
    });
    let mut response = pages.renderer.render(StatusCode::UNAUTHORIZED, visitor.language, visitor.name(), body);
    response.extensions_mut().insert(Report::because("the session ended before the save"));
    response
}
