//! The request log: one line per request, for every route.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::Response,
};
use tracing::{debug, error, warn};

use crate::failure::Report;

/// Logs each request once, when it is answered: at debug if it succeeded, at warn for a client error, at error for a
/// server error. Failures are logged with their reason.
pub async fn observe(request: Request, next: Next) -> Response {
    let method = known_method(request.method());
    // The pattern, not the path: a path can contain anything that a client sends.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let started = Instant::now();
    let mut response = next.run(request).await;
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status();
    let code = status.as_u16();
    match response.extensions_mut().remove::<Report>() {
        None if status.is_server_error() => error!(method, route, status = code, elapsed_ms, "request failed"),
        None if status.is_client_error() => warn!(method, route, status = code, elapsed_ms, "request refused"),
        None => debug!(method, route, status = code, elapsed_ms, "request answered"),
        Some(report) => {
            let Report { reference, code: error, reason, provider, is_quiet } = report;
            let (reference, reason, provider) = (reference.as_deref(), &*reason, provider.as_deref());
            macro_rules! log {
                ($level:ident, $message:literal) => {
                    $level!(
                        method,
                        route,
                        status = code,
                        elapsed_ms,
                        reference,
                        code = error,
                        provider,
                        reason,
                        $message
                    )
                };
            }
            if is_quiet {
                log!(debug, "request refused");
            } else if status.is_server_error() {
                log!(error, "request failed");
            } else {
                log!(warn, "request refused");
            }
        }
    }
    response
}

/// The method, if HTTP defines it. Others are the sender's own words and not logged.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::CONNECT => "CONNECT",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_method_is_not_logged() {
        assert_eq!(known_method(&Method::PATCH), "PATCH");
        assert_eq!(known_method(&Method::from_bytes(b"get").unwrap()), "other");
        assert_eq!(known_method(&Method::from_bytes(&[b'X'; 1000]).unwrap()), "other");
    }
}
