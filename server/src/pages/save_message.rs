use std::{borrow::Cow, sync::Arc};

use app::{
    Switch,
    pages::{
        Body,
        failure::{FailureKind, FailurePage, Unsaved},
        my_data::{MyDataPage, Problem, Typed},
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
    cookies::{KEPT_TEXT_LIFETIME, SetCookie},
    failure::{self, Failure, OVERLOADED, RETRY_AFTER, Report, TOO_MANY},
    form::{Form, Value},
    kept_text::{KeptText, Owner},
    layers::{OverLimit, Overloaded},
    records::{Message, MessageText, Outcome, TextError},
    redirect::see_other,
    request_context::RequestContext,
    secret::Secret,
    security_log::{Event, Repeated},
    visitor::Visitor,
};

/// For the logs.
const OTHER_PERSON: &str = "the form belongs to another citizen";

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
    /// Says whose form it is. A program may leave it out.
    owner: Option<Secret>,
    /// Whether the server had kept the text.
    is_restored: bool,
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
        let owner = form.field("owner").map(Value::into_secret);
        let is_restored = form.field("restored").is_some();
        Some(Self { text, is_utf8, version, is_conflict, owner, is_restored })
    }

    /// The text and the version, or why they cannot be saved whoever sent them. What the page would not show as it was typed
    /// comes first: otherwise another problem would hide that, and the next save would store U+FFFD.
    fn check(&self) -> Result<(MessageText, u64), (Problem, &'static str)> {
        let text = check_text(self.text.expose(), self.is_utf8)?;
        let version =
            self.version.ok_or((Problem::Incomplete, "the form has no valid version, or more than one text"))?;
        Ok((text, version))
    }

    /// The version for a page that shows the text again. 0 never replaces a saved message: such a save is a conflict, and the
    /// citizen chooses.
    fn shown_version(&self) -> u64 {
        self.version.unwrap_or(0)
    }

    /// Whose form it is, if the form says so.
    fn owner(&self, pages: &Pages) -> Option<Owner> {
        pages.kept_texts.owner_in(self.owner.as_ref()?.expose())
    }

    /// What was typed, as a page can show it again.
    fn into_typed(self, owner: Option<String>) -> Typed {
        let version = self.shown_version();
        let text = self.text.into_string().replace('\0', "\u{fffd}");
        Typed { text, version, owner, is_restored: self.is_restored }
    }

    /// The same form, for a page of `citizen`, or of whoever it was made for.
    fn into_typed_of(self, pages: &Pages, visitor: &Visitor) -> Typed {
        let owner = match visitor.citizen() {
            Ok(Some(citizen)) => Some(pages.kept_texts.owner_field(&pages.record_keys(citizen))),
            // The field goes back only if it is one of ours.
            _ => self.owner(pages).and(self.owner.clone()).map(Secret::into_string),
        };
        self.into_typed(owner)
    }

    /// What was typed, to be kept for `owner`.
    fn to_keep(&self, owner: Owner) -> KeptText {
        let is_text = self.is_utf8 && !self.text.expose().contains('\0');
        let text = Secret::new(self.text.expose().replace('\0', "\u{fffd}"));
        KeptText { owner, text, is_text, version: self.shown_version() }
    }
}

/// The text, or why it cannot be saved. What the page would not show as it was typed comes first.
fn check_text(text: &str, is_utf8: bool) -> Result<MessageText, (Problem, &'static str)> {
    if !is_utf8 {
        return Err((Problem::NotText, "the text is not UTF-8"));
    }
    MessageText::parse(text).map_err(|error| match error {
        TextError::Nul => (Problem::NotText, "the text has a NUL character"),
        TextError::TooLong(count) => (Problem::TooLong { count }, "the text is too long"),
    })
}

/// The page for a text that is not saved, next to what is stored now, with its status. `is_text`: nothing in it was replaced by
/// U+FFFD.
pub(super) fn unsaved(typed: Typed, is_text: bool, stored: Option<Message>) -> (StatusCode, MyDataPage) {
    if let Err((problem, _)) = check_text(&typed.text, is_text) {
        return (status(problem), MyDataPage::Kept(typed, problem));
    }
    let version = stored.as_ref().map_or(0, |stored| stored.version);
    if version == typed.version {
        return (StatusCode::OK, MyDataPage::Unsaved(typed));
    }
    (StatusCode::CONFLICT, conflict_page(typed, stored))
}

fn conflict_page(typed: Typed, stored: Option<Message>) -> MyDataPage {
    let version = stored.as_ref().map_or(0, |stored| stored.version);
    let stored = stored.map(|stored| (stored.text.into_string(), stored.updated_at));
    MyDataPage::Conflict { typed: Typed { version, ..typed }, stored }
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
    if let (Ok(citizen), Some(owner)) = (&citizen, fields.owner(pages))
        && !owner.is(&pages.record_keys(citizen))
    {
        record_refusal(Some(citizen), OTHER_PERSON);
        return Ok(of_other_person(pages, visitor, headers, fields, owner).await);
    }
    let (problem, report) = match (citizen, fields.check()) {
        (Ok(citizen), Ok((text, version))) => {
            if purpose == Purpose::Translate {
                return Ok(translated(pages, visitor, citizen, fields).await);
            }
            let is_restored = fields.is_restored;
            let response = store(pages, context, visitor, citizen, fields, text, version).await;
            return Ok(if is_restored { forget_saved(pages, headers, response).await } else { response });
        }
        (Err(obstacle @ Obstacle::SessionEnded), _) => {
            record_refusal(None, obstacle.reason());
            return Ok(session_ended(pages, visitor, headers, fields, obstacle.reason()).await);
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

/// After a save of the text that is kept for this browser, forgets it.
async fn forget_saved(pages: &Pages, headers: &HeaderMap, mut response: Response) -> Response {
    if response.status().is_redirection() && pages.kept_texts.is_kept(headers) {
        let removal = pages.kept_texts.forget(headers).await;
        response.headers_mut().append(header::SET_COOKIE, removal.into_value());
    }
    response
}

/// The page with a text that the citizen has not tried to save, and what is saved now if that is news.
async fn translated(pages: &Pages, visitor: &Visitor, citizen: &Citizen, fields: Fields) -> Response {
    let keys = pages.record_keys(citizen);
    let stored = match pages.messages.find(&keys).await {
        Ok(stored) => stored,
        Err(error) => {
            return not_saved(pages, visitor, fields, Problem::Unavailable, Report::because(error.to_string()));
        }
    };
    if fields.is_conflict {
        return conflict(pages, visitor, fields, stored);
    }
    let text = fields.text.expose();
    let is_saved = stored.as_ref().map_or(text.is_empty(), |stored| stored.text.is_as_typed(text));
    let (status, page) = if is_saved && !fields.is_restored {
        (StatusCode::OK, my_data::stored(stored, None, Some(pages.kept_texts.owner_field(&keys))))
    } else {
        let is_text = fields.is_utf8;
        unsaved(fields.into_typed_of(pages, visitor), is_text, stored)
    };
    pages.renderer.render(status, visitor.language, visitor.shown(), Body::MyData(page))
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
    let body = Body::MyData(MyDataPage::Kept(fields.into_typed_of(pages, visitor), problem));
    let mut response = pages.renderer.render(status(problem), visitor.language, visitor.shown(), body);
    if matches!(problem, Problem::Unavailable | Problem::Overloaded | Problem::TooMany) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
    }
    response.extensions_mut().insert(report);
    response
}

const fn status(problem: Problem) -> StatusCode {
    match problem {
        Problem::TooLong { .. } | Problem::NotText => StatusCode::UNPROCESSABLE_ENTITY,
        Problem::Unavailable | Problem::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Problem::Incomplete => StatusCode::BAD_REQUEST,
    }
}

fn conflict(pages: &Pages, visitor: &Visitor, fields: Fields, message: Option<Message>) -> Response {
    let body = Body::MyData(conflict_page(fields.into_typed_of(pages, visitor), message));
    let mut response = pages.renderer.render(StatusCode::CONFLICT, visitor.language, visitor.shown(), body);
    response.extensions_mut().insert(Report::because("save conflict"));
    response
}

/// Keeps the text for its owner, if the form says who that is and the table answers. Otherwise the text can only be copied.
async fn keep(pages: &Pages, headers: &HeaderMap, fields: &Fields, owner: Option<Owner>) -> Result<SetCookie, String> {
    let owner = owner.ok_or_else(|| "the form does not say whose it is".to_owned())?;
    pages.kept_texts.keep(headers, &fields.to_keep(owner)).await.map_err(|error| error.to_string())
}

/// The failure page for an ended session. The text is kept for its owner, and can be copied.
async fn session_ended(
    pages: &Pages,
    visitor: &Visitor,
    headers: &HeaderMap,
    fields: Fields,
    reason: &'static str,
) -> Response {
    let kept = keep(pages, headers, &fields, fields.owner(pages)).await;
    let typed = Some(fields.into_typed_of(pages, visitor));
    let again = Some("/?return_to=%2Fmy-data".to_owned());
    unsaved_failure(pages, visitor, FailureKind::SessionEnded, again, typed, kept, reason)
}

/// The failure page for a form of another citizen than the one who is signed in now. The text is kept for its owner. It is shown only
/// if that fails: the browser has shown it before, and it would be lost.
async fn of_other_person(
    pages: &Pages,
    visitor: &Visitor,
    headers: &HeaderMap,
    fields: Fields,
    owner: Owner,
) -> Response {
    let kept = keep(pages, headers, &fields, Some(owner)).await;
    let own_field = fields.owner.clone().map(Secret::into_string);
    let typed = kept.is_err().then(|| fields.into_typed(own_field));
    unsaved_failure(pages, visitor, FailureKind::OtherPerson, None, typed, kept, OTHER_PERSON)
}

fn unsaved_failure(
    pages: &Pages,
    visitor: &Visitor,
    kind: FailureKind,
    again: Option<String>,
    typed: Option<Typed>,
    kept: Result<SetCookie, String>,
    reason: &'static str,
) -> Response {
    let kept_minutes = kept.is_ok().then_some(KEPT_TEXT_LIFETIME.whole_minutes());
    let unsaved = Some(Unsaved { typed, kept_minutes });
    let status = failure::status(kind);
    let switch = match &unsaved {
        Some(Unsaved { typed: Some(_), .. }) => Switch::Form,
        _ => pages.failures.switch_of(kind, again.clone(), kept_minutes),
    };
    let body = Body::Failure(FailurePage { kind, reference: None, again, other: None, unsaved, switch });
    let mut response = pages.renderer.render(status, visitor.language, visitor.shown(), body);
    let report = match kept {
        Ok(cookie) => {
            response.headers_mut().append(header::SET_COOKIE, cookie.into_value());
            Report::because(reason)
        }
        Err(problem) => Report::because(format!("{reason}, and its text is not kept: {problem}")),
    };
    response.extensions_mut().insert(report);
    response
}
