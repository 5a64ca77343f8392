//! Who makes a request: a citizen, or a visitor. Looked up once, by [`identify`].

use std::{convert::Infallible, sync::Arc};

use app::{Page, texts::Language};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    Site,
    citizen::Citizen,
    failure::Failure,
    language::language,
    redirect::see_other,
    sessions::{OpenSession, SessionError},
    sign_in::ReturnTo,
};

/// Who makes the request, and the language they read.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The language of the answer.
    pub language: Language,
    session: Result<Option<OpenSession>, SessionError>,
}

impl Visitor {
    /// The citizen who is signed in, if anybody is.
    ///
    /// # Errors
    /// The sessions table is out of reach.
    pub fn citizen(&self) -> Result<Option<&Arc<Citizen>>, Failure> {
        match &self.session {
            Ok(session) => Ok(session.as_ref().map(|session| &session.citizen)),
            Err(error) => Err(Failure::unavailable(error)),
        }
    }

    /// What every page is told.
    pub fn page(&self, site: &Site) -> Page {
        let citizen =
            self.session.as_ref().ok().and_then(Option::as_ref).map(|session| session.citizen.profile.display_name());
        Page { language: self.language, citizen, assets: Arc::clone(&site.assets) }
    }
}

/// Finds the session of a request and keeps it alive while the request is answered.
pub async fn identify(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    let session = site.sessions.find(request.headers()).await;
    let visitor = Visitor { language: language(request.headers()), session: session.clone() };
    request.extensions_mut().insert(visitor);
    match session {
        Ok(Some(session)) => tokio::join!(next.run(request), site.sessions.keep_alive(&session)).0,
        _ => next.run(request).await,
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let unknown = || Self { language: language(&parts.headers), session: Ok(None) };
        Ok(parts.extensions.get().cloned().unwrap_or_else(unknown))
    }
}

/// The citizen of a page that needs a sign-in. A visitor is sent to the home page, and from there back.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Arc<Citizen>);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        match visitor.citizen() {
            Ok(Some(citizen)) => Ok(Self(Arc::clone(citizen))),
            Ok(None) => Err(to_sign_in(path)),
            Err(failure) => Err(failure.again(path).into_response()),
        }
    }
}

fn to_sign_in(path: &str) -> Response {
    let query = ReturnTo::parse(path).map(|path| format!("?{}", path.parameter())).unwrap_or_default();
    see_other(&format!("/{query}"))
}
