use std::sync::Arc;

use app::{
    Document,
    pages::{
        Body,
        failure::{self, Kind},
        my_data::{MyData, Problem},
    },
};
use axum::{
    Extension, Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Deserialize;
use tracing::{error, info};

use super::render::render;
use crate::{
    Site,
    citizen::Citizen,
    failure::{Failure, OverLimit, RETRY_AFTER},
    records::{Message, MessageText, Saved, TextFault},
    redirect::see_other,
    secret::Secret,
    visitor::Visitor,
};

/// The form of `/my-data`.
#[derive(Deserialize)]
pub(super) struct Fields {
    text: Secret,
    /// The version that was edited, as the form carried it.
    version: u64,
}

/// `POST /api/save_message`: 303 to `/my-data`, or a page with everything that was typed and the reason.
pub(super) async fn save_message(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    over_limit: Option<Extension<OverLimit>>,
    fields: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Failure> {
    let signed_in = visitor.citizen().map(|citizen| citizen.is_some());
    let fields = match (fields, signed_in) {
        (Ok(Form(fields)), _) => fields,
        (Err(_), Ok(false)) => return Err(Failure::new(Kind::SessionEnded, "a save without a session")),
        (Err(_), _) => return Err(Failure::new(Kind::BadRequest, "a form without text and version").again("/my-data")),
    };
    if over_limit.is_some() {
        return Ok(kept(&site, &visitor, fields, Problem::TooMany));
    }
    match visitor.citizen() {
        Ok(Some(citizen)) => Ok(save(&site, &visitor, citizen, fields).await),
        Ok(None) => Ok(session_ended(&site, &visitor, fields)),
        Err(failure) => {
            error!(reason = %failure.reason, "a message was not saved");
            Ok(kept(&site, &visitor, fields, Problem::Unavailable))
        }
    }
}

async fn save(site: &Site, visitor: &Visitor, citizen: &Citizen, fields: Fields) -> Response {
    let text = match MessageText::parse(fields.text.expose()) {
        Ok(text) => text,
        Err(TextFault::TooLong(count)) => return kept(site, visitor, fields, Problem::TooLong { count }),
    };
    match site.messages.save(&citizen.pseudonym, text, fields.version).await {
        Ok(Saved::Yes(message)) => saved(message.version),
        Ok(Saved::Conflict(message)) => conflict(site, visitor, fields, message),
        Err(error) => {
            error!(%error, "a message was not saved");
            kept(site, visitor, fields, Problem::Unavailable)
        }
    }
}

/// Redirects, so that a reload saves nothing again.
fn saved(version: u64) -> Response {
    see_other(&format!("/my-data?saved={version}"))
}

fn kept(site: &Site, visitor: &Visitor, fields: Fields, problem: Problem) -> Response {
    let status = match problem {
        Problem::TooLong { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
    };
    let body = Body::MyData(MyData::Kept { typed: fields.text.into_string(), version: fields.version, problem });
    let mut response = render(site, status, Document { page: visitor.page(site), body });
    if matches!(problem, Problem::Unavailable | Problem::TooMany) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
    }
    response
}

fn conflict(site: &Site, visitor: &Visitor, fields: Fields, message: Option<Message>) -> Response {
    info!("a save met a newer version");
    let version = message.as_ref().map_or(0, |message| message.version);
    let stored = message.map(|message| (message.text.into_string(), message.updated_at));
    let body = Body::MyData(MyData::Conflict { typed: fields.text.into_string(), version, stored });
    render(site, StatusCode::CONFLICT, Document { page: visitor.page(site), body })
}

/// Nobody is signed in any more. The text goes back to the browser that sent it, to be copied.
fn session_ended(site: &Site, visitor: &Visitor, fields: Fields) -> Response {
    let body = Body::Failure(failure::Failure {
        kind: Kind::SessionEnded,
        reference: None,
        again: Some("/?return_to=%2Fmy-data".to_owned()),
        other: None,
        unsaved: Some(failure::Unsaved(fields.text.into_string())),
    });
    render(site, StatusCode::UNAUTHORIZED, Document { page: visitor.page(site), body })
}
