//! Media types (RFC 9110, 8.3.1): they are case-insensitive, and parameters may follow.

use axum::http::{HeaderMap, header};

/// Whether the content has the media type `expected`, whatever its parameters.
pub fn is(headers: &HeaderMap, expected: &str) -> bool {
    let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else { return false };
    let essence = line.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(expected.as_bytes())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_media_type_is_case_insensitive_and_may_have_parameters() {
        let is_html = |lines: &[&'static str]| {
            let lines = lines.iter().map(|line| (header::CONTENT_TYPE, HeaderValue::from_static(line)));
            let mut headers = HeaderMap::new();
            for (name, line) in lines {
                headers.append(name, line);
            }
            is(&headers, "text/html")
        };
        for good in ["text/html", "TEXT/Html", "text/html;charset=utf-8", "text/html ; charset=x", " text/html"] {
            assert!(is_html(&[good]), "{good:?}");
        }
        for bad in ["", "text/html2", "text/htm", "text/plain; text/html", "x text/html", "text / html"] {
            assert!(!is_html(&[bad]), "{bad:?}");
        }
        assert!(!is_html(&[]) && !is_html(&["text/html", "text/html"]));
    }
}
