//! Makes a page of every failure, in one place: a reference that is on the page and in the log, and nothing of the request.

use std::{sync::Arc, time::Instant};

use app::{
    Document, Page,
    pages::{Body, failure},
};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use tracing::{debug, error, warn};

use crate::{
    Site,
    failure::{Failure, reference},
    language::language,
    pages::render::render,
};

pub(super) async fn show(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    // The pattern and not the path: an address may hold a code, a state or whatever somebody typed.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let language = language(request.headers());
    let began = Instant::now();
    let mut response = next.run(request).await;
    let status = response.status();
    let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let failure = response.extensions_mut().remove::<Failure>();
    if !(status.is_client_error() || status.is_server_error()) {
        debug!(%method, route, status = status.as_u16(), milliseconds, "answered");
        return response;
    }
    // A handler that answers with a page of its own, such as a save that met a newer version, has said everything.
    if failure.is_none() && is_page(response.headers()) {
        warn!(%method, route, status = status.as_u16(), milliseconds, "answered");
        return response;
    }
    let failure = failure.unwrap_or_else(|| Failure::new(Failure::kind_of(status), "refused below the handlers"));
    let reference = reference();
    if status.is_server_error() {
        error!(%method, route, status = status.as_u16(), milliseconds, reference, reason = %failure.reason, "failed");
    } else {
        warn!(%method, route, status = status.as_u16(), milliseconds, reference, reason = %failure.reason, "refused");
    }
    let page = Page { language, citizen: None, assets: Arc::clone(&site.assets) };
    let body = Body::Failure(failure::Failure {
        kind: failure.kind,
        reference: Some(reference),
        again: failure.again,
        other: failure.other,
        unsaved: None,
    });
    let mut shown = render(&site, status, Document { page, body });
    for name in [header::SET_COOKIE, header::RETRY_AFTER, header::ALLOW] {
        for value in response.headers().get_all(&name) {
            shown.headers_mut().append(&name, value.clone());
        }
    }
    shown
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
