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
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{Pages, my_data, sent::Sent};
use crate::{
    aws::Unavailable,
    citizen::{Citizen, RecordKeys},
    cookies::{KEPT_TEXT_LIFETIME, SetCookie},
    failure::{self, Failure, OVERLOADED, RETRY_AFTER, Report, TOO_MANY},
    form::{Form, Value},
    kept_text::{KeptText, KeptTexts, Owner},
    records::{Message, MessageText, Outcome, TextError},
    redirect::see_other,
    request_context::RequestContext,
    secret::Secret,
    security_log::{Event, Repeated},
    sessions::{OpenSession, Person},
    visitor::Visitor,
};

/// For the logs.
const OTHER_PERSON: &str = "the form belongs to another citizen";
const UNREADABLE_OWNER: &str = "the form says whose it is, and cannot be read";
const OF_CITIZEN: &str = "the form belongs to a citizen, and a case worker is signed in";

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
    owner: FormOwner,
    /// Names the text that the server keeps, if the form shows it.
    restored: Option<String>,
}

/// Whose form it is.
enum FormOwner {
    /// It does not say. A program may leave it out.
    Unsaid,
    /// It says so in a way that the server cannot read, as after a session key was dropped. It may be anyone's.
    Unreadable,
    /// This citizen's, with the field that says so.
    Citizen(Owner, String),
}

impl FormOwner {
    fn of(form: &Form<'_>, texts: &KeptTexts) -> Self {
        let mut values = form.fields("owner").into_iter().map(|value| value.into_secret().into_string());
        match (values.next(), values.next()) {
            (None, _) => Self::Unsaid,
            (Some(field), None) => texts.owner_in(&field).map_or(Self::Unreadable, |owner| Self::Citizen(owner, field)),
            _ => Self::Unreadable,
        }
    }
}

impl Fields {
    /// The fields of a form that has a text. Several texts are kept as one.
    fn parse(texts: &KeptTexts, sent: &Sent) -> Option<Self> {
        let form = sent.form()?;
        let (owner, restored) = (FormOwner::of(&form, texts), form.field(my_data::RESTORED).map(Value::into_secret));
        let shown = texts.name(&sent.headers).filter(|name| restored.is_some_and(|restored| restored.expose() == name));
        let texts = form.fields("text");
        if texts.is_empty() {
            return None;
        }
        let is_utf8 = texts.iter().all(|text| matches!(text, Value::Text(_)));
        let texts: Vec<_> = texts.into_iter().map(Value::into_secret).collect();
        let version = match form.field("version") {
            Some(Value::Text(version)) if texts.len() == 1 => version.expose().parse().ok(),
            _ => None,
        };
        let is_conflict = form.field("conflict").is_some();
        let text = Secret::new(texts.iter().map(Secret::expose).collect::<Vec<_>>().join("\n"));
        Some(Self { text, is_utf8, version, is_conflict, owner, restored: shown })
    }

    /// The text and the version, or why they cannot be saved whoever sent them. What the page would not show as it was typed
    /// comes first: otherwise another problem would hide that, and the next save would store U+FFFD.
    fn check(&self) -> Result<(MessageText, u64), (Problem, &'static str)> {
        let text = check_text(self.text.expose(), self.is_utf8)?;
        let version =
            self.version.ok_or((Problem::Incomplete, "the form has no valid version, or more than one text"))?;
        Ok((text, version))
    }

    /// Why the form is not taken as one of this person, for the page and for the logs.
    fn why_not_of(&self, person: Person, citizen: &RecordKeys) -> Option<(FailureKind, &'static str)> {
        match &self.owner {
            _ if person == Person::CaseWorker => Some((FailureKind::OtherPerson, OF_CITIZEN)),
            FormOwner::Citizen(owner, _) if !owner.is(citizen) => Some((FailureKind::OtherPerson, OTHER_PERSON)),
            FormOwner::Unreadable => Some((FailureKind::BadRequest, UNREADABLE_OWNER)),
            FormOwner::Unsaid | FormOwner::Citizen(..) => None,
        }
    }

    /// The version for a page that shows the text again. 0 never replaces a saved message: such a save is a conflict, and the
    /// citizen chooses.
    fn shown_version(&self) -> u64 {
        self.version.unwrap_or(0)
    }

    /// What was typed, as a page can show it again. It stays the form of whoever it was made for. Only one that does not say so
    /// becomes that of the citizen who is signed in.
    fn into_typed(self, pages: &Pages, visitor: &Visitor) -> Typed {
        let version = self.shown_version();
        let owner = match (self.owner, visitor.citizen()) {
            (FormOwner::Citizen(_, field), _) => Some(field),
            (FormOwner::Unreadable, _) => Some(String::new()),
            (FormOwner::Unsaid, Ok(Some(citizen))) => Some(pages.kept_texts.owner_field(&pages.record_keys(citizen))),
            (FormOwner::Unsaid, _) => None,
        };
        let text = self.text.into_string().replace('\0', "\u{fffd}");
        Typed { text, version, owner, restored: self.restored, is_conflict: self.is_conflict }
    }

    /// What was typed, to be kept for its owner. `None` if the form does not say who that is.
    fn to_keep(&self) -> Option<KeptText> {
        let FormOwner::Citizen(owner, _) = &self.owner else { return None };
        let is_text = self.is_utf8 && !self.text.expose().contains('\0');
        let text = Secret::new(self.text.expose().replace('\0', "\u{fffd}"));
        let (version, is_conflict) = (self.shown_version(), self.is_conflict);
        Some(KeptText { owner: owner.clone(), text, is_text, version, is_conflict })
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
    if version == typed.version && !typed.is_conflict {
        return (StatusCode::OK, MyDataPage::Unsaved(typed));
    }
    (StatusCode::CONFLICT, conflict_page(typed, stored))
}

fn conflict_page(typed: Typed, stored: Option<Message>) -> MyDataPage {
    let version = stored.as_ref().map_or(0, |stored| stored.version);
    let stored =
        stored.filter(|stored| !stored.is_deleted).map(|stored| (stored.text.into_string(), stored.updated_at));
    MyDataPage::Conflict { typed: Typed { version, is_conflict: true, ..typed }, stored }
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
    fn or_session<'a>(visitor: &'a Visitor, sent: &Sent) -> Result<&'a OpenSession, Self> {
        match visitor.session() {
            _ if sent.is_overloaded => Err(Self::Overloaded),
            _ if sent.is_over_limit => Err(Self::TooMany),
            Ok(session) => session.ok_or(Self::SessionEnded),
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
    visitor: Visitor,
    sent: Sent,
) -> Result<Response, Failure> {
    answer(&pages, &visitor, &sent, Purpose::Save).await
}

/// What a form with a text was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To save the text.
    Save,
    /// To read the page in another language, with the text. Nothing is saved, and no refusal to save is recorded.
    Translate,
}

/// The answer to a form with a text.
pub(super) async fn answer(
    pages: &Pages,
    visitor: &Visitor,
    sent: &Sent,
    purpose: Purpose,
) -> Result<Response, Failure> {
    let (context, headers) = (sent.context, &sent.headers);
    let session = Obstacle::or_session(visitor, sent);
    let record_refusal = |session: Option<&OpenSession>, reason| {
        if purpose == Purpose::Save {
            record_refusal(pages, &context, session.map(|session| &session.citizen), reason);
        }
    };
    let Some(mut fields) = Fields::parse(&pages.kept_texts, sent) else {
        let reason = "the form has no text";
        record_refusal(session.as_ref().ok().copied(), reason);
        return Err(match session {
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
    // Before any limit: what is refused must not become the form of the citizen who is signed in.
    if let Ok(Some(signed_in)) = visitor.session()
        && let Some((kind, reason)) = fields.why_not_of(signed_in.person, &pages.record_keys(&signed_in.citizen))
    {
        record_refusal(session.as_ref().ok().copied(), reason);
        let may_keep = session.map(|_| ()).map_err(|obstacle| obstacle.reason());
        return Ok(of_other_person(pages, visitor, headers, fields, may_keep, (kind, reason)).await);
    }
    let (problem, report) = match (session, fields.check()) {
        (Ok(session), Ok((text, version))) => {
            if purpose == Purpose::Translate {
                return Ok(translated(pages, visitor, &session.citizen, fields).await);
            }
            let restored = fields.restored.clone();
            let response = store(pages, context, visitor, session, fields, text, version).await;
            return Ok(match restored {
                Some(name) if response.status().is_redirection() => {
                    my_data::forget(pages, headers, &name, response).await
                }
                _ => response,
            });
        }
        (Err(obstacle @ Obstacle::SessionEnded), _) => {
            record_refusal(None, obstacle.reason());
            return Ok(session_ended(pages, visitor, headers, fields, obstacle.reason()).await);
        }
        (session, Err((problem, reason))) => {
            record_refusal(session.ok(), reason);
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
    session: &OpenSession,
    fields: Fields,
    text: MessageText,
    version: u64,
) -> Response {
    let work = {
        let (messages, security) = (pages.messages.clone(), pages.security.clone());
        let (citizen, by) = (Arc::clone(&session.citizen), session.by(&context));
        let keys = pages.record_keys(&citizen);
        async move {
            let outcome = messages.save(&keys, text, version, &by).await;
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
async fn translated(pages: &Pages, visitor: &Visitor, citizen: &Citizen, fields: Fields) -> Response {
    let keys = pages.record_keys(citizen);
    let stored = match pages.messages.find(&keys).await {
        Ok(stored) => stored,
        Err(error) => {
            return not_saved(pages, visitor, fields, Problem::Unavailable, Report::because(error.to_string()));
        }
    };
    let text = fields.text.expose();
    let is_saved = stored.as_ref().map_or(text.is_empty(), |stored| stored.text.is_as_typed(text));
    let (status, page) = if is_saved && fields.restored.is_none() {
        (StatusCode::OK, my_data::stored(stored, None, Some(pages.kept_texts.owner_field(&keys))))
    } else {
        let is_text = fields.is_utf8;
        unsaved(fields.into_typed(pages, visitor), is_text, stored)
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
    let body = Body::MyData(MyDataPage::Kept(fields.into_typed(pages, visitor), problem));
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
    let body = Body::MyData(conflict_page(fields.into_typed(pages, visitor), message));
    let mut response = pages.renderer.render(StatusCode::CONFLICT, visitor.language, visitor.shown(), body);
    response.extensions_mut().insert(Report::because("save conflict"));
    response
}

/// Keeps the text for its owner, if the form says who that is and the table answers. Otherwise the text can only be copied.
async fn keep(pages: &Pages, headers: &HeaderMap, fields: &Fields) -> Result<SetCookie, String> {
    let text = fields.to_keep().ok_or_else(|| "the form does not say whose it is".to_owned())?;
    pages.kept_texts.keep(headers, &text).await.map_err(|error| error.to_string())
}

/// The failure page for an ended session. The text is kept for its owner, and can be copied.
async fn session_ended(
    pages: &Pages,
    visitor: &Visitor,
    headers: &HeaderMap,
    fields: Fields,
    reason: &'static str,
) -> Response {
    let kept = keep(pages, headers, &fields).await;
    let typed = Some(fields.into_typed(pages, visitor));
    let again = Some("/?return_to=%2Fmy-data".to_owned());
    unsaved_failure(pages, visitor, FailureKind::SessionEnded, again, typed, kept, reason)
}

/// The failure page for a form that is not known to be that of the citizen who is signed in now. The text is kept for its owner. It is
/// shown only if that fails, or if a limit forbids it (`may_keep`): the browser has shown it before, and it would be lost.
async fn of_other_person(
    pages: &Pages,
    visitor: &Visitor,
    headers: &HeaderMap,
    fields: Fields,
    may_keep: Result<(), &'static str>,
    (kind, reason): (FailureKind, &'static str),
) -> Response {
    let kept = match may_keep {
        Ok(()) => keep(pages, headers, &fields).await,
        Err(limit) => Err(limit.to_owned()),
    };
    let typed = kept.is_err().then(|| fields.into_typed(pages, visitor));
    unsaved_failure(pages, visitor, kind, None, typed, kept, reason)
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
    let has_text = typed.is_some();
    let unsaved = Some(Unsaved { typed, kept_minutes });
    let status = failure::status(kind);
    let switch = if has_text { Switch::Form } else { pages.failures.switch_of(kind, again.clone(), kept_minutes) };
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
