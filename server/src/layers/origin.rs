//! Requests that change something must come from this site's own pages, or from a program that is not a browser.

use std::sync::Arc;

use app::pages::failure::FailureKind;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::budget::is_read;
use crate::failure::Failure;

/// Refuses requests that may change something and come from an origin other than `own`.
pub(super) async fn check(State(own): State<Arc<str>>, request: Request, next: Next) -> Response {
    if is_read(request.method()) || is_own(request.headers(), &own) {
        next.run(request).await
    } else {
        Failure::new(FailureKind::Forbidden, "the request came from an origin other than public_url").into_response()
    }
}

/// The scheme and the host of an origin are case-insensitive (RFC 3986, 6.2.2.1); the values of `Sec-Fetch-Site` are not.
///
/// Every current browser sends `Sec-Fetch-Site` or, with a POST, `Origin`. A client that sends neither is not a
/// browser, so no other site can make it send a citizen's cookie.
fn is_own(headers: &HeaderMap, own: &str) -> bool {
    let site = headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none");
    let origin =
        headers.get_all(header::ORIGIN).iter().all(|origin| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes()));
    site && origin
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_own(&headers, "https://mydata.example")
    }

    #[test]
    fn own_pages_and_programs_are_accepted() {
        assert!(own(&[]));
        assert!(own(&[("origin", "https://mydata.example")]));
        assert!(own(&[("origin", "https://mydata.example"), ("sec-fetch-site", "same-origin")]));
        assert!(own(&[("origin", "HTTPS://MyData.Example")]));
    }

    #[test]
    fn other_origins_are_refused() {
        for origin in [
            "https://evil.example",
            "https://mydata.example.evil.example",
            "http://mydata.example",
            "https://mydata.example:8443",
            "null",
            "",
        ] {
            assert!(!own(&[("origin", origin)]), "{origin}");
        }
        assert!(!own(&[("origin", "https://mydata.example"), ("origin", "https://evil.example")]), "two of them");
        for site in ["cross-site", "same-site", "Same-Origin"] {
            assert!(!own(&[("sec-fetch-site", site)]), "{site}");
            assert!(!own(&[("origin", "https://mydata.example"), ("sec-fetch-site", site)]), "{site}");
        }
    }
}
