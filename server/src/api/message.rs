//! `/v1/message`: the citizen's message.

use std::sync::Arc;

use app::pages::problems::ProblemKind;
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    Api,
    bearer::Bearer,
    conditions::{Conditions, Replaces, tag},
    unavailable,
};
use crate::{
    citizen::RecordKeys,
    export::MessageContent,
    failure::problem::Problem,
    media_type,
    records::{By, Message, MessageText, Outcome, TextError},
    request_context::RequestContext,
    secret::Secret,
    security_log::Event,
};

/// The address of the message, for `Content-Location`.
const PATH: HeaderValue = HeaderValue::from_static("/v1/message");

/// A message to save.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
pub(super) struct NewMessage {
    /// Any text without U+0000. CRLF and CR become LF. Everything else is kept as it is.
    #[cfg_attr(test, schema(value_type = String, max_length = 2000, pattern = "^[^\\u0000]*$", example = "Ring at the back door."))]
    text: Secret,
}

impl NewMessage {
    fn parse(body: &[u8]) -> Option<Self> {
        // serde would also accept a list of the members' values.
        body.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(body).ok())?
    }
}

/// `GET`, `HEAD`: the message. With `If-None-Match`, its text is read only if its version is another one.
#[cfg_attr(test, utoipa::path(
    get,
    path = "/v1/message",
    operation_id = "readMessage",
    tag = "message",
    summary = "Read the message",
    description = "Send the ETag that you have in If-None-Match: as long as the message has not changed, the answer is 304, \
                   without the text. HEAD answers as GET does, without a body.",
    params(
        (
            "If-None-Match" = Option<String>,
            Header,
            example = "\"3\"",
            description = "Answer 304 if the message has one of these entity tags; `*`: any.",
        ),
        (
            "If-Match" = Option<String>,
            Header,
            example = "\"3\"",
            description = "Answer 412 unless the message has one of these entity tags; `*`: any.",
        ),
    ),
    responses(
        (status = 200, description = "The message.", body = MessageContent),
        (status = 304, description = "The message has a version in If-None-Match."),
        (status = 404, description = "No message is saved."),
        (status = 412, description = "The message has no version in If-Match."),
    ),
))]
pub(super) async fn read(
    State(api): State<Arc<Api>>,
    bearer: Bearer,
    context: RequestContext,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let conditions = Conditions::of(&headers)?;
    if conditions.is_about_changes() {
        let version = api.messages.version(&bearer.keys).await.map_err(unavailable)?;
        if let Some(version) = version.filter(|version| !conditions.if_none_match_holds(Some(*version))) {
            return Ok(not_modified(version));
        }
    }
    let message = api.messages.find(&bearer.keys).await.map_err(unavailable)?.filter(|message| !message.is_deleted);
    let version = message.as_ref().map(|message| message.version);
    if !conditions.if_match_holds(version) {
        return Err(conflict(version));
    }
    let Some(message) = message else {
        return Err(Problem::new(ProblemKind::NotFound, "No message is saved.", "no message is saved"));
    };
    if !conditions.if_none_match_holds(version) {
        return Ok(not_modified(message.version));
    }
    // The answer to HEAD has no text.
    if method != Method::HEAD {
        api.activity.count_api_read(&bearer.keys, bearer.token, &bearer.by(&context)).await.map_err(unavailable)?;
        api.security.record(&context, &Event::api_read(&bearer.provider, &bearer.keys.current, "message"));
    }
    Ok(shown(StatusCode::OK, message))
}

/// `PUT`: saves the message, as the successor of the version that the request names.
#[cfg_attr(test, utoipa::path(
    put,
    path = "/v1/message",
    operation_id = "saveMessage",
    tag = "message",
    summary = "Save the message",
    description = "Replaces the version that If-Match names, or saves the first message with `If-None-Match: *`. So no program \
                   replaces a text that it has not read. Repeating a request with If-Match whose answer was lost is safe: \
                   saving the same text again is no conflict.",
    params(
        (
            "If-Match" = Option<String>,
            Header,
            example = "\"3\"",
            description = "The ETag of the version to replace; `*`: whichever is saved.",
        ),
        (
            "If-None-Match" = Option<String>,
            Header,
            example = "*",
            description = "`*`: only if no message is saved.",
        ),
    ),
    request_body(content = NewMessage, description = "The message, in at most 64 KiB."),
    responses(
        (status = 200, description = "The message as it is saved now.", body = MessageContent),
        (status = 201, description = "The first message, as it is saved now.", body = MessageContent),
        (status = 412, description = "Another version is saved, or none. Nothing was changed."),
        (status = 415, description = "The body is not application/json."),
        (status = 422, description = "The text has more than 2,000 characters, or U+0000."),
        (status = 428, description = "Neither If-Match nor `If-None-Match: *` was sent."),
    ),
))]
pub(super) async fn save(
    State(api): State<Arc<Api>>,
    bearer: Bearer,
    context: RequestContext,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let work = {
        let api = Arc::clone(&api);
        async move {
            let by = bearer.by(&context);
            let saved = api.try_to_save(&bearer.keys, &headers, &body, &by).await;
            let failure = saved.as_ref().err().map(Problem::reason);
            api.security.record(&context, &Event::save(&bearer.provider, &bearer.keys.current, failure));
            saved
        }
    };
    let (status, message) = api.tasks.run_to_completion(work).await?;
    let mut response = shown(status, message);
    response.headers_mut().insert(header::CONTENT_LOCATION, PATH);
    Ok(response)
}

/// `DELETE`: deletes the version of the message that the request names.
#[cfg_attr(test, utoipa::path(
    delete,
    path = "/v1/message",
    operation_id = "deleteMessage",
    tag = "message",
    summary = "Delete the message",
    description = "Deletes the version that If-Match names. Deleting it again is no conflict.",
    params(
        (
            "If-Match" = Option<String>,
            Header,
            example = "\"3\"",
            description = "The ETag of the version to delete; `*`: whichever is saved.",
        ),
    ),
    responses(
        (status = 204, description = "The message is deleted."),
        (status = 412, description = "Another version is saved, or none. Nothing was changed."),
        (status = 428, description = "If-Match was not sent."),
    ),
))]
pub(super) async fn delete(
    State(api): State<Arc<Api>>,
    bearer: Bearer,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let work = {
        let api = Arc::clone(&api);
        async move {
            let by = bearer.by(&context);
            let deleted = api.try_to_delete(&bearer.keys, &headers, &by).await;
            let failure = deleted.as_ref().err().map(Problem::reason);
            api.security.record(&context, &Event::delete(&bearer.provider, &bearer.keys.current, failure));
            deleted
        }
    };
    api.tasks.run_to_completion(work).await.map(|()| StatusCode::NO_CONTENT)
}

impl Api {
    async fn try_to_save(
        &self,
        citizen: &RecordKeys,
        headers: &HeaderMap,
        body: &[u8],
        by: &By,
    ) -> Result<(StatusCode, Message), Problem> {
        let conditions = Conditions::of(headers)?;
        let text = text(headers, body)?;
        let detail = "Send If-Match with the ETag that you have read, or If-None-Match: * for the first message.";
        let replaces = conditions.replaces().ok_or_else(|| precondition_required(detail))?;
        let version = self.version_to_replace(citizen, &conditions, replaces).await?;
        let (status, outcome) = match replaces {
            Replaces::Nothing => (StatusCode::CREATED, self.messages.save_first(citizen, text, by).await),
            _ => (StatusCode::OK, self.messages.save(citizen, text, version, by).await),
        };
        match outcome.map_err(unavailable)? {
            Outcome::Stored(message) => Ok((status, message)),
            Outcome::Conflict(message) => Err(conflict(current(message))),
        }
    }

    async fn try_to_delete(&self, citizen: &RecordKeys, headers: &HeaderMap, by: &By) -> Result<(), Problem> {
        let conditions = Conditions::of(headers)?;
        let detail = "Send If-Match with the ETag that you have read.";
        let replaces = conditions.replaces().filter(|replaces| *replaces != Replaces::Nothing);
        let replaces = replaces.ok_or_else(|| precondition_required(detail))?;
        let version = self.version_to_replace(citizen, &conditions, replaces).await?;
        match self.messages.delete(citizen, version, by).await.map_err(unavailable)? {
            Outcome::Stored(_) => Ok(()),
            Outcome::Conflict(message) => Err(conflict(current(message))),
        }
    }

    /// The version that a change replaces; 0 for nothing.
    async fn version_to_replace(
        &self,
        citizen: &RecordKeys,
        conditions: &Conditions,
        replaces: Replaces,
    ) -> Result<u64, Problem> {
        match replaces {
            // Also if the same text is saved: the condition is false (RFC 9110, 13.1.2).
            Replaces::Nothing => match self.messages.version(citizen).await.map_err(unavailable)? {
                Some(version) => Err(conflict(Some(version))),
                None => Ok(0),
            },
            Replaces::Version(version) => Ok(version),
            Replaces::Current => {
                let current = self.messages.version(citizen).await.map_err(unavailable)?;
                let holds = conditions.if_match_holds(current) && conditions.if_none_match_holds(current);
                current.filter(|_| holds).ok_or_else(|| conflict(current))
            }
        }
    }
}

/// The text of a request to save it.
fn text(headers: &HeaderMap, body: &[u8]) -> Result<MessageText, Problem> {
    if !media_type::is(headers, "application/json") {
        let detail = "Send the message as JSON, with the media type application/json.";
        return Err(Problem::new(ProblemKind::UnsupportedMediaType, detail, "the body is not application/json"));
    }
    let message = NewMessage::parse(body).ok_or_else(|| {
        let detail = "Send a JSON object with one member, text, whose value is a string of Unicode characters.";
        Problem::new(ProblemKind::InvalidRequest, detail, "the body is not a message")
    })?;
    MessageText::parse(message.text.expose()).map_err(|error| {
        let (detail, reason) = match error {
            TextError::TooLong(_) => ("A message has at most 2,000 characters.", "the text is too long"),
            TextError::Nul => ("A message cannot contain the character U+0000.", "the text has a NUL character"),
        };
        Problem::new(ProblemKind::TextNotUsable, detail, reason)
    })
}

fn shown(status: StatusCode, message: Message) -> Response {
    (status, [(header::ETAG, tag(message.version))], Json(MessageContent::from(message))).into_response()
}

fn not_modified(version: u64) -> Response {
    (StatusCode::NOT_MODIFIED, [(header::ETAG, tag(version))]).into_response()
}

/// The version of a message that is not deleted.
fn current(message: Option<Message>) -> Option<u64> {
    message.filter(|message| !message.is_deleted).map(|message| message.version)
}

fn precondition_required(detail: &'static str) -> Problem {
    Problem::new(ProblemKind::PreconditionRequired, detail, "the request does not say which version it replaces")
}

/// A condition is false. `current` is the current version.
fn conflict(current: Option<u64>) -> Problem {
    match current {
        Some(version) => {
            let detail = "Another version is saved. Read the message, apply your change to it, and try again.";
            Problem::new(ProblemKind::Conflict, detail, "save conflict").with_header(header::ETAG, tag(version))
        }
        None => Problem::new(ProblemKind::Conflict, "No message is saved.", "save conflict: no message is saved"),
    }
}
