//! What a browser says about why it sends a request (W3C, Fetch Metadata Request Headers).

use axum::http::HeaderMap;

/// Whether the person asks for it who uses the browser: not a page of another site, and not the browser that loads ahead. A sign-in that
/// leads here counts as another site, so the answer should be a page with the link.
pub fn is_asked_for(headers: &HeaderMap) -> bool {
    let is_own = headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none");
    is_own && !headers.contains_key("sec-purpose")
}
