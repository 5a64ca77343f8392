//! A request that changes something comes from this site's own pages, or from no page at all.

use std::sync::Arc;

use app::pages::failure::Kind;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{Site, failure::Failure};

pub(super) async fn check(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_own(request.headers(), &site.origin) {
        next.run(request).await
    } else {
        Failure::new(Kind::Forbidden, "a request from another origin").into_response()
    }
}

/// Every browser of today sends `Sec-Fetch-Site` or, with a POST, `Origin`. What sends neither is no browser, holds no
/// citizen's cookie but its own, and may go on.
fn is_own(headers: &HeaderMap, own: &str) -> bool {
    let site = headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none");
    let origin = headers.get_all(header::ORIGIN).iter().all(|origin| origin == own);
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
    fn own_pages_and_programs_may() {
        assert!(own(&[]));
        assert!(own(&[("origin", "https://mydata.example")]));
        assert!(own(&[("origin", "https://mydata.example"), ("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn other_origins_may_not() {
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
        for site in ["cross-site", "same-site"] {
            assert!(!own(&[("sec-fetch-site", site)]), "{site}");
            assert!(!own(&[("origin", "https://mydata.example"), ("sec-fetch-site", site)]), "{site}");
        }
    }
}
