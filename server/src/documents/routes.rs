//! The pages of case workers: what they may open, a folder, and a download.

use std::{fmt, sync::Arc};

use app::pages::{
    Body,
    activity::Act,
    documents::{self as shown, DocumentsPage, FolderAddress, FolderPage, Granted, Sort},
    failure::FailureKind,
};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::get,
};

use super::{Documents, DocumentsError, Grant, Permission, Person, Place, Problem, Scope, download};
use crate::{
    failure::Failure,
    fetch_metadata::is_asked_for,
    layers::{Frame, Limits, Routes, no_head},
    oidc::parameter,
    records::Activity,
    redirect::see_other,
    rendering::Renderer,
    request_context::RequestContext,
    security_log::{DocumentAction, Event, SecurityLog},
    sessions::{OpenSession, Sessions},
    visitor::{SignedIn, Visitor, Whom, page_of},
};

const PATH: &str = "/documents";

/// The state of these routes, which all requests share.
pub struct DocumentPages {
    /// What people may open.
    pub documents: Documents,
    /// Renders the pages.
    pub renderer: Arc<Renderer>,
    /// The sessions, of citizens too.
    pub sessions: Arc<Sessions>,
    /// What was done, by each person.
    pub activity: Activity,
    /// Records what was shown and sent, and what was refused.
    pub security: SecurityLog,
}

impl fmt::Debug for DocumentPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentPages(…)")
    }
}

/// The routes of the pages, for case workers only. None without `pages`.
pub fn routes(pages: Option<DocumentPages>, frame: Frame, limits: &Limits) -> Router {
    let Some(pages) = pages else { return Router::new() };
    let sessions = &Arc::clone(&pages.sessions);
    let each = || limits.documents.every_request();
    Routes::for_browsers(frame)
        .route(PATH, each(), page_of(Whom::CaseWorkers, sessions, get(granted)))
        .route("/documents/folder", each(), page_of(Whom::CaseWorkers, sessions, get(folder)))
        .route("/documents/file", each(), page_of(Whom::CaseWorkers, sessions, get(file).head(no_head)))
        .finish(Arc::new(pages))
}

/// `GET /documents`: what the case worker may open.
async fn granted(
    State(pages): State<Arc<DocumentPages>>,
    context: RequestContext,
    visitor: Visitor,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    let request = Request { pages: &pages, session: &session, context: &context, action: DocumentAction::List };
    let person = request.person()?;
    let grants = request.checked(pages.documents.grants(&person).await)?;
    request.record().await?;
    let body = Body::Documents(DocumentsPage { grants: grants.iter().map(shown_grant).collect() });
    Ok(pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body))
}

/// `GET /documents/folder`: what is in a folder.
async fn folder(
    State(pages): State<Arc<DocumentPages>>,
    RawQuery(query): RawQuery,
    context: RequestContext,
    visitor: Visitor,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    let request = Request { pages: &pages, session: &session, context: &context, action: DocumentAction::List };
    let address = address_in(query.as_deref()).ok_or_else(no_place)?;
    let place = Place::folder(&address.bucket, &address.prefix).ok_or_else(no_place)?;
    let person = request.person()?;
    let grants = request.checked(pages.documents.grants(&person).await)?;
    let listing = pages.documents.list(&person, &place, &address.starts, address.page.as_deref()).await;
    let listing = request.checked(listing)?;
    // The same grant as that of the listing, which is at most a minute old, or another one that covers it too.
    let granted = super::grants::for_folder(&grants, &place).map(shown_grant).ok_or_else(no_place)?;
    request.record().await?;
    let body = Body::Folder(FolderPage {
        address,
        granted,
        folders: listing.folders,
        documents: listing.documents.into_iter().map(shown_document).collect(),
        next: listing.next,
    });
    Ok(pages.renderer.render(StatusCode::OK, visitor.language, visitor.shown(), body))
}

/// `GET /documents/file`: a download.
async fn file(
    State(pages): State<Arc<DocumentPages>>,
    RawQuery(query): RawQuery,
    context: RequestContext,
    headers: HeaderMap,
    SignedIn(session): SignedIn,
) -> Result<Response, Failure> {
    if !is_asked_for(&headers) {
        return Ok(see_other(PATH));
    }
    let request = Request { pages: &pages, session: &session, context: &context, action: DocumentAction::Download };
    let query = query.unwrap_or_default();
    let [bucket, key] = ["bucket", "key"].map(|name| parameter(&query, name).ok().flatten().unwrap_or_default());
    let place = Place::document(&bucket, &key).ok_or_else(no_place)?;
    let person = request.person()?;
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let opened = match pages.documents.open(&person, &place, range).await {
        // A server may ignore a range (RFC 9110, 14.2).
        Err(error) if error.problem == Problem::Range => pages.documents.open(&person, &place, None).await,
        // A part of another version than the one that the client has a part of.
        Ok(part) if !download::is_same(headers.get(header::IF_RANGE), &part) => {
            pages.documents.open(&person, &place, None).await
        }
        opened => opened,
    };
    let opened = request.checked(opened)?;
    request.record().await?;
    Ok(download::response(opened, place.key()))
}

/// What a request of a case worker needs.
#[derive(Clone, Copy)]
struct Request<'a> {
    pages: &'a DocumentPages,
    session: &'a OpenSession,
    context: &'a RequestContext,
    action: DocumentAction,
}

impl Request<'_> {
    /// As whom AWS is asked.
    fn person(self) -> Result<Person, Failure> {
        Person::of(self.session, self.context).ok_or_else(|| {
            self.refused(Person::NO_REFRESH_TOKEN);
            Failure::new(FailureKind::DocumentsSetUp, Person::NO_REFRESH_TOKEN)
        })
    }

    /// Writes the entry in the activity, then the record in the security log. Nothing is shown or sent without the entry.
    async fn record(self) -> Result<(), Failure> {
        let Self { pages, session, context, action } = self;
        let keys = pages.sessions.record_keys(&session.citizen);
        let act = match action {
            DocumentAction::List => Act::DocumentsListed,
            DocumentAction::Download => Act::DocumentDownloaded,
        };
        let recorded = pages.activity.record(&keys, act, &session.by(context)).await;
        recorded.map_err(|error| Failure::unavailable(error).again(PATH))?;
        pages.security.record(context, &Event::documents(action, &session.citizen.provider, &keys.current, None));
        Ok(())
    }

    /// The result, or the failure page of its error, which is recorded.
    fn checked<T>(self, result: Result<T, DocumentsError>) -> Result<T, Failure> {
        result.map_err(|error| {
            let reason = error.to_string();
            self.refused(reason.clone());
            let failure = Failure::new(kind(error.problem), reason).at_provider(&self.session.citizen.provider);
            match error.problem {
                Problem::SignInAgain => {
                    failure.again(crate::sign_in::path(&self.session.citizen.provider, None, false))
                }
                // The page of each other kind knows where to go on.
                _ => failure,
            }
        })
    }

    fn refused(self, reason: impl Into<std::borrow::Cow<'static, str>>) {
        let citizen = &self.session.citizen;
        let actor = self.pages.sessions.actor(citizen);
        let event = Event::documents(self.action, &citizen.provider, &actor, Some(reason.into()));
        self.pages.security.record(self.context, &event);
    }
}

/// What the case worker is told.
const fn kind(problem: Problem) -> FailureKind {
    match problem {
        Problem::SignInAgain => FailureKind::DocumentsSignInAgain,
        Problem::NotAssigned => FailureKind::DocumentsNotAssigned,
        Problem::NotGranted => FailureKind::DocumentNotGranted,
        Problem::NotFound => FailureKind::DocumentNotFound,
        Problem::Misconfigured | Problem::WrongGrantee => FailureKind::DocumentsSetUp,
        Problem::Range | Problem::Busy | Problem::Unavailable => FailureKind::DocumentsUnavailable,
    }
}

/// An address that no document can have.
fn no_place() -> Failure {
    Failure::new(FailureKind::DocumentNotFound, "the address names no document or folder").again(PATH)
}

fn address_in(query: Option<&str>) -> Option<FolderAddress> {
    let value = |name| parameter(query.unwrap_or_default(), name).ok().flatten();
    let (bucket, prefix) = (value("bucket")?, value("prefix").unwrap_or_default());
    let mut address = FolderAddress::new(&bucket, &prefix);
    address.sort = value("sort").and_then(|name| Sort::of(&name)).unwrap_or_default();
    address.is_descending = value("order").as_deref() == Some("desc");
    address.starts = value("starts").unwrap_or_default();
    address.page = value("page");
    Some(address)
}

fn shown_grant(grant: &Grant) -> Granted {
    let place = grant.scope.place();
    Granted {
        bucket: place.bucket().to_owned(),
        key: place.key().to_owned(),
        is_folder: matches!(grant.scope, Scope::Folder(_)),
        can_change: grant.permission == Permission::ReadWrite,
    }
}

fn shown_document(document: super::Document) -> shown::Document {
    let super::Document { key, size, modified } = document;
    shown::Document { key, size, modified }
}
