//! The response with a document.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

use super::Download;
use crate::serving::LongAnswer;

/// `attr-char` (RFC 8187, 3.2.1) is everything that stays.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');
/// `IMF-fixdate` (RFC 9110, 5.6.7).
const DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
/// What a browser gets if the type is unknown or cannot be sent.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// The response with `download`, to be saved under the last part of `key`. A browser never shows it as a page of this site: it would
/// run what is in it.
pub(super) fn response(download: Download, key: &str) -> Response {
    let Download { status, size, content_type, content_range, etag, last_modified, body } = download;
    let mut response = (status, Body::from_stream(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(header::CONTENT_TYPE, media_type(content_type.as_deref()));
    set(headers, header::CONTENT_DISPOSITION, Some(disposition(key)));
    set(headers, header::CONTENT_RANGE, content_range.filter(|_| status == StatusCode::PARTIAL_CONTENT));
    set(headers, header::ETAG, etag);
    set(headers, header::LAST_MODIFIED, last_modified.and_then(date));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Nothing on the way may keep it or change its bytes (RFC 9111, 5.2.2.6): the compression of pages would.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    response.extensions_mut().insert(LongAnswer);
    response
}

/// Whether `part` is of the version that `if_range`, the header `If-Range`, names (RFC 9110, 13.1.5). A date names none: it cannot tell
/// two versions of the same second apart.
pub(super) fn is_same(if_range: Option<&HeaderValue>, part: &Download) -> bool {
    let is_strong = |tag: &&str| tag.starts_with('"');
    part.status != StatusCode::PARTIAL_CONTENT
        || if_range.is_none_or(|wanted| part.etag.as_deref().filter(is_strong).is_some_and(|tag| wanted == tag))
}

/// What S3 says may be any text.
fn media_type(stored: Option<&str>) -> HeaderValue {
    let stored = stored.filter(|text| text.len() <= 200 && text.contains('/'));
    stored.and_then(|text| HeaderValue::from_str(text).ok()).unwrap_or(HeaderValue::from_static(UNKNOWN_TYPE))
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: Option<String>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        headers.insert(name, value);
    }
}

fn date(at: OffsetDateTime) -> Option<String> {
    at.to_offset(time::UtcOffset::UTC).format(DATE).ok()
}

/// `Content-Disposition` (RFC 6266) with the last part of `key` as the name of the file: for old clients in ASCII, and for all others
/// as it is.
fn disposition(key: &str) -> String {
    let name = key.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let name: String = name.chars().filter(|character| !is_unsafe(*character)).collect();
    let name = name.trim().trim_start_matches('.');
    let name = if name.is_empty() { "document" } else { name };
    let plain: String = name
        .chars()
        // `%` would be decoded by some browsers.
        .map(|character| if is_plain(character) { character } else { '_' })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, ENCODED))
}

const fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~') && !matches!(character, '"' | '\\' | '%' | '/' | ':' | '*' | '?' | '<' | '>' | '|')
}

/// Control characters, and those that turn the direction of the text: `exe.fdp` would be read as `pdf.exe`.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_last_part_of_the_key_as_its_name() {
        for (key, plain, full) in [
            ("a/b/letter.pdf", "letter.pdf", "letter.pdf"),
            ("a/décision n° 1.pdf", "d_cision n_ 1.pdf", "d%C3%A9cision%20n%C2%B0%201.pdf"),
            ("a/say \"hi\"; 100%.txt", "say _hi_; 100_.txt", "say%20%22hi%22%3B%20100%25.txt"),
            ("a/\r\nSet-Cookie: x", "Set-Cookie_ x", "Set-Cookie%3A%20x"),
            ("a/\u{202e}fdp.exe", "fdp.exe", "fdp.exe"),
            ("a/.htaccess", "htaccess", "htaccess"),
            ("a/folder/", "folder", "folder"),
            ("\u{1}", "document", "document"),
            ("a/..", "document", "document"),
            ("ليلى", "____", "%D9%84%D9%8A%D9%84%D9%89"),
        ] {
            let expected = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
            assert_eq!(disposition(key), expected, "{key}");
            assert!(HeaderValue::from_str(&expected).is_ok());
        }
    }

    #[test]
    fn a_type_that_is_no_type_is_unknown() {
        for (stored, expected) in [
            (Some("text/csv; charset=utf-8"), "text/csv; charset=utf-8"),
            (Some("text/html"), "text/html"),
            (Some("binary"), UNKNOWN_TYPE),
            (Some("text/x\r\ny: z"), UNKNOWN_TYPE),
            (None, UNKNOWN_TYPE),
        ] {
            assert_eq!(media_type(stored), expected, "{stored:?}");
        }
    }

    #[test]
    fn a_date_is_that_of_the_specification() {
        // The example of RFC 9110, 5.6.7.
        let at = time::macros::datetime!(1994-11-06 08:49:37 UTC);
        assert_eq!(date(at).as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    }
}
