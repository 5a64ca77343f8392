//! Identifies the sender of a request. Routes declare with [`visitors`], [`page_of`] or [`action_of`] whom they are for.

use std::{convert::Infallible, sync::Arc};

use app::{pages::failure::FailureKind, texts::Language};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::request::Parts,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use time::{Duration, OffsetDateTime};

use crate::{
    citizen::Citizen,
    failure::{Failure, page::StillSignedIn},
    language::Chosen,
    layers::Overloaded,
    redirect::see_other,
    request_context::RequestContext,
    return_to::ReturnTo,
    sessions::{End, OpenSession, Person, SessionError, Sessions},
};

/// Opens a route to everyone. Its handler can extract a [`Visitor`].
pub fn visitors<S: Clone + Send + Sync + 'static>(
    sessions: &Arc<Sessions>,
    methods: MethodRouter<S>,
) -> MethodRouter<S> {
    methods.route_layer(middleware::from_fn_with_state(Arc::clone(sessions), identify))
}

/// Opens a page to `whom`. Its handler can also extract [`SignedIn`]. Visitors are redirected to the home page, and return after
/// sign-in. For others who are signed in, there is no such page.
pub fn page_of<S: Clone + Send + Sync + 'static>(
    whom: Whom,
    sessions: &Arc<Sessions>,
    methods: MethodRouter<S>,
) -> MethodRouter<S> {
    require(Rule { whom, otherwise: Otherwise::SignIn }, sessions, methods)
}

/// As [`page_of`], for a route that changes something: visitors get a failure page. The form that they sent is not sent again after
/// a sign-in, so `page` is where they go on.
pub fn action_of<S: Clone + Send + Sync + 'static>(
    whom: Whom,
    sessions: &Arc<Sessions>,
    page: &'static str,
    methods: MethodRouter<S>,
) -> MethodRouter<S> {
    require(Rule { whom, otherwise: Otherwise::Refusal(page) }, sessions, methods)
}

fn require<S: Clone + Send + Sync + 'static>(
    rule: Rule,
    sessions: &Arc<Sessions>,
    methods: MethodRouter<S>,
) -> MethodRouter<S> {
    visitors(sessions, methods.route_layer(middleware::from_fn_with_state(rule, require_session)))
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Everyone who is signed in.
    SignedIn,
    /// Citizens, and no case workers.
    Citizens,
    /// Case workers, and no citizens.
    CaseWorkers,
}

impl Whom {
    fn includes(self, person: Person) -> bool {
        match self {
            Self::SignedIn => true,
            Self::Citizens => person == Person::Citizen,
            Self::CaseWorkers => person == Person::CaseWorker,
        }
    }
}

/// Who may use a route, and what happens to visitors.
#[derive(Clone, Copy, Debug)]
struct Rule {
    whom: Whom,
    otherwise: Otherwise,
}

/// The sender of a request, signed in or not.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The language of the response.
    pub language: Language,
    session: Result<Option<OpenSession>, SessionError>,
}

impl Visitor {
    /// The citizen, if signed in.
    ///
    /// # Errors
    /// The sessions table does not answer.
    pub fn citizen(&self) -> Result<Option<&Arc<Citizen>>, Failure> {
        Ok(self.session()?.map(|session| &session.citizen))
    }

    /// The session, if signed in.
    ///
    /// # Errors
    /// The sessions table does not answer.
    pub fn session(&self) -> Result<Option<&OpenSession>, Failure> {
        self.session.as_ref().map(Option::as_ref).map_err(Failure::unavailable)
    }

    /// The same visitor, with pages in `language`.
    pub fn reading(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// The citizen as pages show them, if signed in.
    pub fn shown(&self) -> Option<app::Citizen> {
        let session = self.session.as_ref().ok()?.as_ref()?;
        Some(app::Citizen {
            name: session.citizen.profile.display_name(),
            role: match session.person {
                Person::Citizen => app::Role::Citizen,
                Person::CaseWorker => app::Role::CaseWorker,
            },
            session: shown_end(session.end),
        })
    }
}

/// The end of a session as pages show it.
pub fn shown_end(End { at, warning, is_final }: End) -> app::SessionEnd {
    app::SessionEnd { at, left: (at - OffsetDateTime::now_utc()).max(Duration::ZERO), warning, is_final }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Chosen(language) = parts.extensions.get().copied().unwrap_or_default();
        let unknown = || Self { language, session: Ok(None) };
        Ok(parts.extensions.get().cloned().unwrap_or_else(unknown))
    }
}

/// The session of whoever is signed in, on a route declared with [`page_of`] or [`action_of`].
#[derive(Clone, Debug)]
pub struct SignedIn(pub OpenSession);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let missing = || Failure::new(FailureKind::Internal, "a route that visitors may use requires a session");
        parts.extensions.get().cloned().ok_or_else(missing)
    }
}

/// Finds the session of a request, and extends it while the request is handled. A request that is refused because of
/// overload costs no call.
async fn identify(State(sessions): State<Arc<Sessions>>, mut request: Request, next: Next) -> Response {
    if request.extensions().get::<Overloaded>().is_some() {
        return next.run(request).await;
    }
    let session = sessions.find(request.headers(), &RequestContext::of(&request)).await;
    let visitor = Visitor { language: Chosen::of(&request).0, session: session.clone() };
    request.extensions_mut().insert(visitor);
    match session {
        // Without the extension, the session only ends sooner.
        Ok(Some(session)) => tokio::join!(next.run(request), sessions.extend(&session)).0,
        _ => next.run(request).await,
    }
}

/// What a request without a session gets.
#[derive(Clone, Copy, Debug)]
enum Otherwise {
    /// The home page, which leads back after the sign-in.
    SignIn,
    /// A failure page. Its sender goes on at this path.
    Refusal(&'static str),
}

async fn require_session(
    State(Rule { whom, otherwise }): State<Rule>,
    visitor: Visitor,
    mut request: Request,
    next: Next,
) -> Response {
    let path = match otherwise {
        Otherwise::SignIn => request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        Otherwise::Refusal(page) => page.to_owned(),
    };
    let home = || ReturnTo::link("/", ReturnTo::parse(&path).as_ref());
    match (visitor.session(), otherwise) {
        (Ok(Some(session)), _) if !whom.includes(session.person) => {
            Failure::new(FailureKind::NotFound, "the page is for other people").into_response()
        }
        (Ok(Some(session)), _) => {
            request.extensions_mut().insert(SignedIn(session.clone()));
            let mut response = next.run(request).await;
            // After an action, the session may have ended.
            if let (Otherwise::SignIn, Some(citizen)) = (otherwise, visitor.shown()) {
                response.extensions_mut().insert(StillSignedIn(citizen));
            }
            response
        }
        (Ok(None), Otherwise::SignIn) => see_other(&home()),
        (Ok(None), Otherwise::Refusal(_)) => {
            Failure::new(FailureKind::SessionEnded, "the session has ended").again(home()).into_response()
        }
        (Err(failure), _) => failure.again(path).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use axum::{Router, body::Body, http::header, routing::get};
    use tower_service::Service as _;
    use tower_sessions::{
        SessionStore,
        session::{Id, Record},
        session_store::{Error, Result},
    };

    use super::*;
    use crate::{
        citizen::Pseudonyms, config, cookies::CookieJar, secret::ServerKey, security_log::SecurityLog,
        sessions::CitizensStore, tasks::Tasks,
    };

    /// A store that cannot be reached.
    #[derive(Clone, Copy, Debug)]
    struct Unreachable;

    #[async_trait::async_trait]
    impl SessionStore for Unreachable {
        async fn save(&self, _: &Record) -> Result<()> {
            Err(Error::Backend("unreachable".to_owned()))
        }

        async fn load(&self, _: &Id) -> Result<Option<Record>> {
            Err(Error::Backend("unreachable".to_owned()))
        }

        async fn delete(&self, _: &Id) -> Result<()> {
            Err(Error::Backend("unreachable".to_owned()))
        }
    }

    impl CitizensStore for Unreachable {}

    #[tokio::test]
    async fn the_session_of_a_request_that_is_refused_because_of_overload_is_not_looked_up() {
        let minutes = Duration::minutes(15);
        let limits = config::Session { idle: minutes, absolute: minutes };
        let pseudonyms = Arc::new(Pseudonyms::new(1, &ServerKey::new([0; 32]).unwrap()));
        let security = SecurityLog::new(None, hmac::Key::new(hmac::HMAC_SHA256, b""));
        let jar = CookieJar::new(false);
        let table = crate::records::table_in_tests();
        let sessions =
            Arc::new(Sessions::new(Arc::new(Unreachable), table, limits, jar, pseudonyms, Tasks::default(), security));
        let handler = get(async |visitor: Visitor| if visitor.citizen().is_ok() { "not asked" } else { "asked" });
        let mut router = Router::new().route("/", visitors(&sessions, handler));
        let request =
            || Request::get("/").header(header::COOKIE, "mydata_session=AAAAAAAAAAAAAAAAAAAAAA").body(Body::empty());
        let mut overloaded = request().unwrap();
        overloaded.extensions_mut().insert(Overloaded);
        for (request, expected) in [(request().unwrap(), "asked"), (overloaded, "not asked")] {
            let answer = router.call(request).await.unwrap();
            let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
            assert_eq!(body, expected);
        }
    }
}
