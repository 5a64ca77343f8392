//! `/activity`: what was done with a citizen's data, and the citizen's sessions.

use std::sync::Arc;

use app::pages::{
    Body,
    activity::{self as shown, ActivityPage, EndedBy, Notice, Reads},
    failure::FailureKind,
    not_me::{NotMePage, UnrecognisedEntry},
};
use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Pages;
use crate::{
    failure::Failure,
    form::{Form, Value},
    oidc::parameter,
    records::{Entry, OpenSession},
    redirect::see_other,
    request_context::RequestContext,
    sessions::{self, EndedSessions},
    visitor::{SignedIn, Visitor},
};

const PATH: &str = "/activity";
/// How many entries a page has.
const PAGE: usize = 25;
/// The parameter that says before which entry a page starts.
const BEFORE: &str = "before";
/// The parameter that says what was done just now.
const DONE: &str = "done";
/// The parameter that names an entry.
const ENTRY: &str = "entry";

/// `GET /activity`
pub(super) async fn activity(
    State(pages): State<Arc<Pages>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    let keys = pages.record_keys(&session.citizen);
    let before = uuid_in(query.as_deref(), BEFORE);
    let entries = async { pages.activity.page(&keys, before, PAGE).await };
    let open = async {
        match before {
            None => pages.open_sessions.list(&keys).await,
            Some(_) => Ok(Vec::new()),
        }
    };
    let unavailable = |error| Failure::unavailable(error).again(PATH);
    let (page, open) = tokio::try_join!(entries, open).map_err(unavailable)?;
    let (own, is_first) = (session.key(), before.is_none());
    let own_name = OpenSession::name_of(&own);
    let mut open: Vec<_> = open.iter().filter_map(|one| shown_session(&pages, one, &session)).collect();
    open.sort_by_key(|one| !one.is_this);
    let body = Body::Activity(ActivityPage {
        notice: notice(query.as_deref()).filter(|_| is_first),
        sessions: open,
        entries: page.entries.iter().map(|entry| shown_entry(&pages, entry, &own_name)).collect(),
        older: page.next.map(|next| format!("{BEFORE}={next}")),
        is_first,
        retention_days: pages.retention_days,
        query: before.map(|before| format!("{BEFORE}={before}")),
    });
    Ok(pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body))
}

/// `GET /activity/not-me`: what to do about an entry that the citizen does not recognise.
pub(super) async fn not_me(
    State(pages): State<Arc<Pages>>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    let keys = pages.record_keys(&session.citizen);
    let id = uuid_in(query.as_deref(), ENTRY);
    let entry = async {
        match id {
            Some(id) => pages.activity.find(&keys, id).await,
            None => Ok(None),
        }
    };
    let unavailable = |error| Failure::unavailable(error).again(PATH);
    let (entry, open) = tokio::try_join!(entry, pages.open_sessions.list(&keys)).map_err(unavailable)?;
    let own = session.key();
    let body = Body::NotMe(NotMePage {
        query: entry.as_ref().map(|entry| format!("{ENTRY}={}", entry.id)),
        entry: entry.map(|Entry { at, provider, device, reference, .. }| UnrecognisedEntry {
            at,
            provider: provider.map(|id| pages.provider_name(&id)),
            device,
            reference,
        }),
        others: open.iter().filter(|other| other.key != own).count(),
    });
    Ok(pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body))
}

/// `POST /api/end_session`: ends one session of the citizen.
pub(super) async fn end_session(
    State(pages): State<Arc<Pages>>,
    context: RequestContext,
    SignedIn(session): SignedIn,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let name = Form::parse(&headers, &body).and_then(|form| form.field("session")).map(Value::into_secret);
    let name = name.ok_or_else(|| Failure::from_status(StatusCode::BAD_REQUEST).again(PATH))?;
    if name.expose() == OpenSession::name_of(&session.key()) {
        let reason = "a session is asked to end itself as if it were another";
        return Err(Failure::new(FailureKind::BadRequest, reason).again(PATH));
    }
    let count = end(&pages, context, session, move |other| other.name() == name.expose()).await?;
    let done = if count.found > 0 && count.ended == count.found { "ended" } else { "gone" };
    Ok(see_other(&format!("{PATH}?{DONE}={done}")))
}

/// `POST /api/end_other_sessions`: ends every session of the citizen but the one that asks.
pub(super) async fn end_other_sessions(
    State(pages): State<Arc<Pages>>,
    context: RequestContext,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    let EndedSessions { ended, .. } = end(&pages, context, session, |_| true).await?;
    Ok(see_other(&format!("{PATH}?{DONE}={ended}")))
}

/// Ends the sessions that `selects`, except for the one that asks.
async fn end(
    pages: &Pages,
    context: RequestContext,
    session: sessions::OpenSession,
    selects: impl Fn(&OpenSession) -> bool + Send + Sync + 'static,
) -> Result<EndedSessions, Failure> {
    let (remote_end, keys) = (pages.remote_end.clone(), pages.record_keys(&session.citizen));
    let work = async move {
        let (own, by) = (session.key(), session.by(&context));
        let is_meant = |other: &OpenSession| other.key != own && selects(other);
        remote_end.end(&keys, is_meant, EndedBy::OtherDevice, &by, &context).await
    };
    let outcome = pages.tasks.run_to_completion(work).await;
    outcome.map_err(|error| Failure::unavailable(error).again(PATH))
}

fn uuid_in(query: Option<&str>, name: &str) -> Option<Uuid> {
    parameter(query.unwrap_or_default(), name).ok().flatten().and_then(|id| Uuid::parse_str(&id).ok())
}

fn notice(query: Option<&str>) -> Option<Notice> {
    let done = parameter(query.unwrap_or_default(), DONE).ok().flatten()?;
    match &*done {
        "ended" => Some(Notice::SessionEnded),
        "gone" => Some(Notice::SessionAlreadyEnded),
        // Anyone can make an address; a large number would only look odd.
        count => count.parse().ok().filter(|count| *count < 1_000).map(|count| Notice::OthersEnded { count }),
    }
}

/// `None` for one of another device that an earlier version opened: nothing is known of it. It can still be ended with all others.
fn shown_session(pages: &Pages, session: &OpenSession, own: &sessions::OpenSession) -> Option<shown::OpenSession> {
    let OpenSession { key, provider, device, signed_in_at, .. } = session;
    let (is_this, last_used_at) = (*key == own.key(), session.last_used_at(pages.idle));
    let own_sign_in = || is_this.then(|| own.citizen.signed_in());
    Some(shown::OpenSession {
        name: session.name(),
        provider: pages.provider_name(if is_this { &own.citizen.provider } else { provider }),
        device: *device,
        signed_in_at: signed_in_at.or_else(own_sign_in)?,
        // The citizen is using it now.
        last_used_at: if is_this { OffsetDateTime::now_utc() } else { last_used_at },
        is_this,
    })
}

fn shown_entry(pages: &Pages, entry: &Entry, own: &str) -> shown::Entry {
    shown::Entry {
        id: entry.id.to_string(),
        at: entry.at,
        act: entry.act,
        provider: entry.provider.as_ref().map(|id| pages.provider_name(id)),
        device: entry.device,
        reference: entry.reference.clone(),
        is_this_session: entry.session.as_deref() == Some(own),
        reads: entry.reads.map(|(count, last_at)| Reads { count, last_at }),
    }
}
