//! One host name for a site on loopback.

use axum::{
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::config::PublicUrl;

/// The loopback address in the site's public URL, such as `127.0.0.1:3000`.
#[derive(Clone, Debug)]
pub struct CanonicalHost {
    authority: String,
    public_url: PublicUrl,
}

impl CanonicalHost {
    /// `None` for a site that is not on loopback.
    pub fn of(public_url: &PublicUrl) -> Option<Self> {
        let authority = public_url.origin().strip_prefix("http://")?.to_owned();
        Some(Self { authority, public_url: public_url.clone() })
    }
}

/// Redirects a browser from `localhost` to the loopback address of the site. Cookies belong to a host name, so a
/// sign-in that began under one name could not finish under the other.
pub async fn redirect_localhost(State(canonical): State<CanonicalHost>, request: Request, next: Next) -> Response {
    let own = canonical.authority.as_str();
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or(own);
    let alias = host.strip_prefix("localhost").is_some_and(|port| own.strip_prefix("127.0.0.1") == Some(port));
    if !alias || request.method() != Method::GET {
        return next.run(request).await;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    Redirect::temporary(&canonical.public_url.at(path)).into_response()
}
