use app::pages::{
    Body,
    failure::{FailureKind, FailurePage, Unsaved},
    my_data::{MyDataPage, Problem},
};
use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Deserialize;

use super::Pages;
use crate::{
    citizen::Citizen,
    failure::{Failure, RETRY_AFTER, Report},
    layers::{OverLimit, Overloaded},
    records::{Message, MessageText, Outcome, TextError},
    redirect::see_other,
    secret::Secret,
    visitor::Visitor,
};

/// The form of `/my-data`.
#[derive(Deserialize)]
pub(super) struct Fields {
    text: Secret,
    /// The version that the citizen edited.
    version: u64,
}

/// `POST /api/save_message`: 303 to `/my-data`, or a page with the typed text and the reason.
pub(super) async fn save_message(
    State(pages): State<Pages>,
    visitor: Visitor,
    over_limit: Option<Extension<OverLimit>>,
    overloaded: Option<Extension<Overloaded>>,
    fields: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Failure> {
    let signed_in = visitor.citizen().map(|citizen| citizen.is_some());
    let fields = match (fields, signed_in) {
        (Ok(Form(fields)), _) => fields,
        (Err(_), _) if overloaded.is_some() => return Err(Failure::overloaded().again("/my-data")),
        (Err(_), _) if over_limit.is_some() => {
            return Err(Failure::new(FailureKind::TooMany, "too many requests from one address").again("/my-data"));
        }
        (Err(_), Ok(false)) => return Err(Failure::new(FailureKind::SessionEnded, "no session and no valid form")),
        (Err(_), _) => {
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
        Ok(Some(citizen)) => Ok(save(&pages, &visitor, citizen, fields).await),
        Ok(None) => Ok(session_ended(&pages, &visitor, fields)),
        Err(failure) => Ok(not_saved(&pages, &visitor, fields, Problem::Unavailable, Report::because(failure.reason))),
    }
}

async fn save(pages: &Pages, visitor: &Visitor, citizen: &Citizen, fields: Fields) -> Response {
    let text = match MessageText::parse(fields.text.expose()) {
        Ok(text) => text,
        Err(TextError::TooLong(count)) => {
            return not_saved(
                pages,
                visitor,
                fields,
                Problem::TooLong { count },
                Report::because("the text is too long"),
            );
        }
    };
    match pages.messages.save(&pages.record_keys(citizen), text, fields.version).await {
        Ok(Outcome::Stored(message)) => saved(message.version),
        Ok(Outcome::Conflict(message)) => conflict(pages, visitor, fields, message),
        Err(error) => not_saved(pages, visitor, fields, Problem::Unavailable, Report::because(error.to_string())),
    }
}

/// Redirects, so that a reload does not save again.
fn saved(version: u64) -> Response {
    see_other(&format!("/my-data?saved={version}"))
}

/// The form with the unsaved text. `report` is for the log.
fn not_saved(pages: &Pages, visitor: &Visitor, fields: Fields, problem: Problem, report: Report) -> Response {
    let status = match problem {
        Problem::TooLong { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Unavailable | Problem::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
    };
    let body = Body::MyData(MyDataPage::Kept { typed: fields.text.into_string(), version: fields.version, problem });
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
    let body = Body::MyData(MyDataPage::Conflict { typed: fields.text.into_string(), version, stored });
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
        unsaved: Some(Unsaved(fields.text.into_string())),
    });
    let mut response = pages.renderer.render(StatusCode::UNAUTHORIZED, visitor.language, visitor.name(), body);
    response.extensions_mut().insert(Report::because("the session ended before the save"));
    response
}
