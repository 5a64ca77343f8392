//! The site's files, compressed as the browser accepts. Files under `/pkg` have a hash in their name and never change.
//!
//! `ServeDir` writes the responses, except where RFC 9110 requires something else, or where a page helps a citizen more.

use std::path::Path;

use app::pages::failure::FailureKind;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::any_service,
};
use leptos::config::LeptosOptions;
use percent_encoding::percent_decode_str;
use tower_http::services::ServeDir;

use crate::{
    assets::Fallback,
    failure::{Failure, Report},
    layers::{Addresses, Frame, Limits, Routes},
};

/// One year.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ONE_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// The longest name of a file and the longest path that file systems have, with room for `site_root`. Opening a longer one is an
/// error other than "not found".
const MAX_NAME_BYTES: usize = 250;
const MAX_PATH_BYTES: usize = 1024;

/// The fallback for every path without a route: the files below `site_root`, then those of `fallback`.
pub fn routes(frame: Frame, limits: &Limits, site_root: &Path, fallback: Option<&Fallback>) -> Router {
    let site_root = site_root.to_string_lossy().into_owned();
    let options = LeptosOptions::builder().output_name("my-data").site_root(site_root).build();
    let files = leptos_axum::site_pkg_dir_service(&options).append_index_html_on_directories(false);
    let files = match fallback {
        Some(fallback) => {
            any_service(files.fallback(ServeDir::new(&fallback.public).append_index_html_on_directories(false)))
        }
        None => any_service(files),
    };
    let files = files.layer(middleware::from_fn(answer));
    Routes::for_browsers_at(Addresses::Files, frame).fallback(limits.writes.writes_only(), files).finish(())
}

async fn answer(mut request: Request, next: Next) -> Response {
    let not_found = || Failure::new(FailureKind::NotFound, "no such address").into_response();
    if !is_name(request.uri().path()) {
        return not_found();
    }
    let cache_control = cache_control(request.uri().path());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read {
        // To learn whether there is such a file: another method on an unknown address is also "not found".
        *request.method_mut() = Method::HEAD;
    }
    let conditions = Conditions::take(&mut request);
    let mut response = serve(request, next).await;
    match response.status() {
        StatusCode::NOT_FOUND => return not_found(),
        _ if response.status().is_server_error() => return response,
        _ if !is_read => return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET,HEAD")]).into_response(),
        _ => (),
    }
    if let Some(status) = conditions.outcome() {
        response = status.into_response();
    }
    // Also for a file that is not compressed: a cache must not serve one encoding to clients that need another.
    response.headers_mut().append(header::VARY, HeaderValue::from_name(header::ACCEPT_ENCODING));
    match response.status() {
        status if status.is_success() || status == StatusCode::NOT_MODIFIED => {
            response.headers_mut().insert(header::CACHE_CONTROL, cache_control);
        }
        _ => {
            // The headers of the file do not describe this answer, which has no content.
            for name in [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::LAST_MODIFIED] {
                response.headers_mut().remove(name);
            }
            response.extensions_mut().insert(Report::because("a precondition of the request failed"));
        }
    }
    response
}

/// `ServeDir` refuses a suffix that is longer than the file. It stands for the whole file (RFC 9110, 14.1.2).
async fn serve(request: Request, next: Next) -> Response {
    let Some(whole) = without_suffix(&request) else { return next.run(request).await };
    let response = next.clone().run(request).await;
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE { next.run(whole).await } else { response }
}

/// The request for the whole file, if this one is for the end of it, of more than zero bytes.
fn without_suffix(request: &Request) -> Option<Request> {
    let suffix = request.headers().get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=-")?;
    let is_length = suffix.bytes().all(|byte| byte.is_ascii_digit()) && suffix.bytes().any(|byte| byte != b'0');
    let mut whole = Request::new(Body::empty());
    *whole.uri_mut() = request.uri().clone();
    *whole.headers_mut() = request.headers().clone();
    whole.headers_mut().remove(header::RANGE);
    is_length.then_some(whole)
}

/// The conditions of a request that `ServeDir` does not know. Files have a date and no entity tag (RFC 9110, 8.8.3).
struct Conditions {
    /// `If-Match` with tags: no file has one.
    is_unmet: bool,
    /// `If-None-Match: *`: the file must not exist.
    is_unwanted: bool,
}

impl Conditions {
    /// Removes them from `request`, with the fields that they replace (RFC 9110, 13.2.2), and with ranges that must be ignored.
    fn take(request: &mut Request) -> Self {
        let is_get = *request.method() == Method::GET;
        let headers = request.headers_mut();
        let if_match = take(headers, &header::IF_MATCH);
        if if_match.is_some() {
            headers.remove(header::IF_UNMODIFIED_SINCE);
        }
        let if_none_match = take(headers, &header::IF_NONE_MATCH);
        if if_none_match.is_some() {
            headers.remove(header::IF_MODIFIED_SINCE);
        }
        // A part of the file is only right if the client's other parts are of the same content. Without entity tags that cannot be
        // known, and the whole file is always right (RFC 9110, 13.1.5 and 14.2).
        let must_be_whole = !is_get || headers.contains_key(header::IF_RANGE);
        let range = take(headers, &header::RANGE);
        if let Some(range) = range.as_ref().and_then(one_range).filter(|_| !must_be_whole) {
            headers.insert(header::RANGE, range);
        }
        Self {
            is_unmet: if_match.is_some_and(|tags| tags.as_bytes() != b"*"),
            is_unwanted: if_none_match.is_some_and(|tags| tags.as_bytes() == b"*"),
        }
    }

    /// The status for an existing file; `None` for its content.
    fn outcome(&self) -> Option<StatusCode> {
        let unmet = self.is_unmet.then_some(StatusCode::PRECONDITION_FAILED);
        unmet.or(self.is_unwanted.then_some(StatusCode::NOT_MODIFIED))
    }
}

/// Removes a field. Several lines of it count as one that no file meets.
fn take(headers: &mut HeaderMap, name: &header::HeaderName) -> Option<HeaderValue> {
    let is_one = headers.get_all(name).iter().nth(1).is_none();
    headers.remove(name).map(|value| if is_one { value } else { HeaderValue::from_static("several") })
}

/// Positions with more digits are beyond the end of every file.
const MAX_POSITION_DIGITS: usize = 15;

/// The range, if it is one of bytes, as `ServeDir` reads it. Units are case-insensitive. Other units must be ignored, and several ranges
/// may be (RFC 9110, 14.1 and 14.2).
fn one_range(range: &HeaderValue) -> Option<HeaderValue> {
    let (unit, range) = range.to_str().ok()?.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    // An end beyond the file stands for the end of the file (RFC 9110, 14.1.2), also one that `ServeDir` cannot count.
    let last = if !first.is_empty() && last.len() > MAX_POSITION_DIGITS { "" } else { last };
    let is_one = unit.eq_ignore_ascii_case("bytes") && !range.contains(',');
    is_one.then(|| HeaderValue::from_str(&format!("bytes={first}-{last}")).ok()).flatten()
}

/// Whether a file can have the name `path`. `ServeDir` reads `%2F` as a slash, and answers 500 where the file system refuses a name.
fn is_name(path: &str) -> bool {
    let decoded: Vec<_> = percent_decode_str(path).collect();
    let is_segment = |segment: &str| {
        let bytes: Vec<_> = percent_decode_str(segment).collect();
        !bytes.is_empty() && bytes.len() <= MAX_NAME_BYTES && !bytes.contains(&b'/') && !bytes.contains(&0)
    };
    decoded.len() <= MAX_PATH_BYTES && path.strip_prefix('/').is_some_and(|path| path.split('/').all(is_segment))
}

/// How long browsers may keep the file at `path`. A name under `/pkg` changes with its content if it has a hash, such as
/// `my-data.0a1b2c.js`. `cargo leptos watch` builds files without one.
fn cache_control(path: &str) -> HeaderValue {
    match path.strip_prefix("/pkg/") {
        Some(name) if name.split('.').count() > 2 => IMMUTABLE,
        Some(_) => REVALIDATE,
        None => ONE_DAY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_with_a_hash_in_its_name_is_cached_for_a_year() {
        assert_eq!(cache_control("/pkg/my-data.0a1b2c.js"), IMMUTABLE);
        assert_eq!(cache_control("/pkg/my-data.js"), REVALIDATE);
        assert_eq!(cache_control("/favicon.svg"), ONE_DAY);
    }

    #[test]
    fn an_address_that_no_file_can_have_is_not_looked_up() {
        for good in ["/favicon.svg", "/pkg/my-data.0a1b2c.js", "/a%20b", "/%C3%A9"] {
            assert!(is_name(good), "{good}");
        }
        let (long, deep) = ("/x".to_owned() + &"y".repeat(300), "/x".repeat(3_000));
        for bad in ["", "/", "/pkg/", "//favicon.svg", "/pkg%2Fx.js", "/%00", "/a%00.js", long.as_str(), deep.as_str()]
        {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn one_range_of_bytes_is_kept() {
        let range = |text| one_range(&HeaderValue::from_static(text)).map(|range| range.to_str().unwrap().to_owned());
        assert_eq!(range("bytes=0-1").as_deref(), Some("bytes=0-1"));
        assert_eq!(range("Bytes= -5").as_deref(), Some("bytes=-5"));
        assert_eq!(range("bytes=2-99999999999999999999").as_deref(), Some("bytes=2-"));
        for ignored in ["bytes=0-1,3-4", "items=0-1", "bytes", ""] {
            assert_eq!(range(ignored), None, "{ignored}");
        }
    }
}
