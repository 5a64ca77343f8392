use std::{borrow::Cow, sync::Arc};

use app::{
    Switch,
    pages::{
        Body,
        failure::{FailureKind, FailurePage, Unsaved},
        my_data::{MyDataPage, Problem},
    },
};
use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{Pages, my_data};
use crate::{
    aws::Unavailable,
    citizen::Citizen,
    failure::{Failure, OVERLOADED, RETRY_AFTER, Report, TOO_MANY},
    form::{Form, Value},
    layers::{OverLimit, Overloaded},
    records::{Message, MessageText, Outcome, TextError},
    redirect::see_other,
    request_context::RequestContext,
    secret::Secret,
    security_log::{Event, Repeated},
    visitor::Visitor,
};

/// The form of `/my-data`.
struct Fields {
    text: Secret,
    /// Whether the text arrived as UTF-8.
    is_utf8: bool,
    /// The version that the citizen edited. `None` if it is unclear what was sent: the version is no number, or there is more
    /// than one version or text.
    version: Option<u64>,
    /// Whether the form stands beside another text that was saved in the meantime.
    is_conflict: bool,
}

impl Fields {
    /// The fields of a form that has a text. Several texts are kept as one.
    fn parse(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let form = Form::parse(headers, body)?;
        let texts = form.fields("text");
        let is_utf8 = texts.iter().all(|text| matches!(text, Value::Text(_)));
        let texts: Vec<_> = texts.into_iter().map(Value::into_secret).collect();
        let version = match form.field("version") {
            Some(Value::Text(version)) if texts.len() == 1 => version.expose().parse().ok(),
            _ => None,
        };
        let is_conflict = form.field("conflict").is_some();
        let text =
            texts.into_iter().reduce(|one, other| Secret::new(format!("{}\n{}", one.expose(), other.expose())))?;
        Some(Self { text, is_utf8, version, is_conflict })
    }

    /// The text and the version, or why they cannot be saved whoever sent them. What the page would not show as it was typed
    /// comes first: otherwise another problem would hide that, and the next save would store U+FFFD.
    fn check(&self) -> Result<(MessageText, u64), (Problem, &'static str)> {
        if !self.is_utf8 {
            return Err((Problem::NotText, "the text is not UTF-8"));
        }
        let text = MessageText::parse(self.text.expose()).map_err(|error| match error {
            TextError::Nul => (Problem::NotText, "the text has a NUL character"),
            TextError::TooLong(count) => (Problem::TooLong { count }, "the text is too long"),
        })?;
        let version =
            self.version.ok_or((Problem::Incomplete, "the form has no valid version, or more than one text"))?;
        Ok((text, version))
    }

    /// The version for a page that shows the text again. 0 never replaces a saved message: such a save is a conflict, and the
    /// citizen chooses.
    fn shown_version(&self) -> u64 {
        self.version.unwrap_or(0)
    }

    /// What was typed, as a page can show it.
    fn into_shown(self) -> String {
        self.text.into_string().replace('\0', "\u{fffd}")
    }
}

/// Why a save is refused whatever its text is.
enum Obstacle {
    Overloaded,
    TooMany,
    SessionEnded,
    /// The sessions table does not answer, for this reason.
    Unavailable(Cow<'static, str>),
}

impl Obstacle {
    /// The citizen who may save now.
    fn or_citizen(visitor: &Visitor, is_over_limit: bool, is_overloaded: bool) -> Result<&Arc<Citizen>, Self> {
        match visitor.citizen() {
            _ if is_overloaded => Err(Self::Overloaded),
            _ if is_over_limit => Err(Self::TooMany),
            Ok(citizen) => citizen.ok_or(Self::SessionEnded),
            Err(failure) => Err(Self::Unavailable(failure.reason)),
        }
    }

    /// For the security log.
    const fn reason(&self) -> &'static str {
        match self {
            Self::Overloaded => OVERLOADED,
            Self::TooMany => TOO_MANY,
            Self::SessionEnded => "the session ended before the save",
            Self::Unavailable(_) => "the sessions table is unavailable",
        }
    }
}

/// `POST /api/save_message`: 303 to `/my-data`, or a page with the typed text and the reason.
pub(super) async fn save_message(
    State(pages): State<Arc<Pages>>,
    context: RequestContext,
    visitor: Visitor,
    over_limit: Option<Extension<OverLimit>>,
    overloaded: Option<Extension<Overloaded>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let request = (context, over_limit.is_some(), overloaded.is_some());
    answer(&pages, request, &visitor, &headers, &body, Purpose::Save).await
}

/// What a form with a text was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To save the text.
    Save,
    /// To read the page in another language, with the text. Nothing is saved, and no refusal to save is recorded.
    Translate,
}

/// The answer to a form with a text. `request` is its context, whether it is over its budget, and whether the server is overloaded.
pub(super) async fn answer(
    pages: &Pages,
    (context, is_over_limit, is_overloaded): (RequestContext, bool, bool),
    visitor: &Visitor,
    headers: &HeaderMap,
    body: &[u8],
    purpose: Purpose,
) -> Result<Response, Failure> {
    let citizen = Obstacle::or_citizen(visitor, is_over_limit, is_overloaded);
    let record_refusal = |citizen, reason| {
        if purpose == Purpose::Save {
            record_refusal(pages, &context, citizen, reason);
        }
    };
    let Some(mut fields) = Fields::parse(headers, body) else {
        let reason = "the form has no text";
        record_refusal(citizen.as_ref().ok().copied(), reason);
        return Err(match citizen {
            Err(Obstacle::Overloaded) => Failure::overloaded().again("/my-data"),
            Err(Obstacle::TooMany) => Failure::too_many().again("/my-data"),
            Err(Obstacle::SessionEnded) => Failure::new(FailureKind::SessionEnded, "no session and no valid form"),
            Ok(_) | Err(Obstacle::Unavailable(_)) => Failure::new(FailureKind::BadRequest, reason).again("/my-data"),
        });
    };
    if purpose == Purpose::Translate {
        // A text without a version may be new.
        fields.version.get_or_insert(0);
    }
    let (problem, report) = match (citizen, fields.check()) {
        (Ok(citizen), Ok((text, version))) => {
            return Ok(match purpose {
                Purpose::Save => store(pages, context, visitor, citizen, fields, text, version).await,
                Purpose::Translate => unsaved(pages, visitor, citizen, fields, &text, version).await,
            });
        }
        (Err(obstacle @ Obstacle::SessionEnded), _) => {
            record_refusal(None, obstacle.reason());
            return Ok(session_ended(pages, visitor, fields, obstacle.reason()));
        }
        (citizen, Err((problem, reason))) => {
            record_refusal(citizen.ok(), reason);
            (problem, Report::because(reason))
        }
        (Err(obstacle), Ok(_)) => {
            record_refusal(None, obstacle.reason());
            match obstacle {
                Obstacle::Overloaded => (Problem::Overloaded, Report::of(Failure::overloaded())),
                Obstacle::Unavailable(reason) => (Problem::Unavailable, Report::because(reason)),
                Obstacle::TooMany | Obstacle::SessionEnded => (Problem::TooMany, Report::because(obstacle.reason())),
            }
        }
    };
    Ok(not_saved(pages, visitor, fields, problem, report))
}

/// Records that nothing was saved. Without a citizen, anyone may have sent the request, as often as they like.
fn record_refusal(pages: &Pages, context: &RequestContext, citizen: Option<&Arc<Citizen>>, reason: &'static str) {
    match citizen {
        Some(citizen) => {
            let actor = pages.record_keys(citizen).current;
            pages.security.record(context, &Event::save(&citizen.provider, &actor, Some(reason.into())));
        }
        None => pages.security.record_repeated(context, Repeated::RefusedSave(reason)),
    }
}

async fn store(
    pages: &Pages,
    context: RequestContext,
    visitor: &Visitor,
    citizen: &Arc<Citizen>,
    fields: Fields,
    text: MessageText,
    version: u64,
) -> Response {
    let work = {
        let (messages, security) = (pages.messages.clone(), pages.security.clone());
        let (keys, citizen) = (pages.record_keys(citizen), Arc::clone(citizen));
        async move {
            let outcome = messages.save(&keys, text, version).await;
            security.record(&context, &Event::save(&citizen.provider, &keys.current, why_not_saved(&outcome)));
            outcome
        }
    };
    match pages.tasks.run_to_completion(work).await {
        Ok(Outcome::Stored(message)) => saved(message.version),
        Ok(Outcome::Conflict(message)) => conflict(pages, visitor, fields, message),
        Err(error) => not_saved(pages, visitor, fields, Problem::Unavailable, Report::because(error.to_string())),
    }
}

/// The page with a text that the citizen has not tried to save, and what is saved now if that is news.
async fn unsaved(
    pages: &Pages,
    visitor: &Visitor,
    citizen: &Citizen,
    fields: Fields,
    text: &MessageText,
    version: u64,
) -> Response {
    let message = match pages.messages.find(&pages.record_keys(citizen)).await {
        Ok(message) => message,
        Err(error) => {
            return not_saved(pages, visitor, fields, Problem::Unavailable, Report::because(error.to_string()));
        }
    };
    let (stored, stored_version) = message.as_ref().map_or(("", 0), |message| (message.text.as_str(), message.version));
    let body = if stored == text.as_str() {
        my_data::stored(message, None)
    } else if stored_version == version && !fields.is_conflict {
        MyDataPage::Typed { typed: fields.into_shown(), version }
    } else {
        return conflict(pages, visitor, fields, message);
    };
    pages.renderer.render(StatusCode::OK, visitor.language, visitor.name(), Body::MyData(body))
}

/// For the security log. `None` if the message was saved.
fn why_not_saved(outcome: &Result<Outcome, Unavailable>) -> Option<Cow<'static, str>> {
    match outcome {
        Ok(Outcome::Stored(_)) => None,
        Ok(Outcome::Conflict(_)) => Some("save conflict".into()),
        Err(error) => Some(error.to_string().into()),
    }
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
        Problem::Incomplete => StatusCode::BAD_REQUEST,
    };
    let version = fields.shown_version();
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
fn session_ended(pages: &Pages, visitor: &Visitor, fields: Fields, reason: &'static str) -> Response {
    let body = Body::Failure(FailurePage {
        kind: FailureKind::SessionEnded,
        reference: None,
        again: Some("/?return_to=%2Fmy-data".to_owned()),
        other: None,
        unsaved: Some(Unsaved(fields.into_shown())),
        switch: Switch::Form,
    });
    let mut response = pages.renderer.render(StatusCode::UNAUTHORIZED, visitor.language, visitor.name(), body);
    response.extensions_mut().insert(Report::because(reason));
    response
}
