//! The parameter `lang` of a page's address.

use std::borrow::Cow;

use axum::http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;

/// The parameter that chooses the language of a page.
pub const PARAMETER: &str = "lang";

/// A visit of a page with the parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The tag, unless the parameter is repeated.
    pub tag: Option<String>,
    /// The same address without the parameter.
    pub address: HeaderValue,
}

impl Wish {
    /// `None` if the address does not have the parameter.
    pub fn read(uri: &Uri) -> Option<Self> {
        let query = uri.query()?;
        let mut tags = pairs(query).filter(|pair| is_parameter(pair)).map(value);
        let tag = tags.next()?;
        let tag = tags.next().is_none().then_some(tag);
        let rest = without_parameter(query);
        let mark = if rest.is_empty() { "" } else { "?" };
        let path = uri.path();
        // A browser would read a second slash as the beginning of a host, and a backslash as a slash. A dot segment changes nothing
        // else (RFC 3986, 5.2.4).
        let dot = if path.starts_with("//") || path.starts_with("/\\") { "/." } else { "" };
        let address = HeaderValue::from_str(&ascii(&format!("{dot}{path}{mark}{rest}"))).ok()?;
        Some(Self { tag, address })
    }
}

/// `query` without the parameter. Everything else stays byte for byte.
pub(super) fn without_parameter(query: &str) -> Cow<'_, str> {
    if !pairs(query).any(is_parameter) {
        return Cow::Borrowed(query);
    }
    Cow::Owned(pairs(query).filter(|pair| !is_parameter(pair)).collect::<Vec<_>>().join("&"))
}

fn pairs(query: &str) -> impl Iterator<Item = &str> {
    query.split('&')
}

fn is_parameter(pair: &str) -> bool {
    percent_decode_str(pair.split('=').next().unwrap_or_default()).eq(PARAMETER.bytes())
}

fn value(pair: &str) -> String {
    let value = pair.split_once('=').map_or("", |(_, value)| value);
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

/// Bytes that no header value should have, encoded as browsers do.
fn ascii(address: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_graphic() {
            text.push(char::from(byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str) -> Option<(Option<String>, String)> {
        let wish = Wish::read(&target.parse().unwrap())?;
        Some((wish.tag, wish.address.to_str().unwrap().to_owned()))
    }

    #[test]
    fn the_rest_of_the_address_stays_byte_for_byte() {
        for (target, tag, address) in [
            ("/?lang=fr", Some("fr"), "/"),
            ("/my-data?saved=3&lang=fr", Some("fr"), "/my-data?saved=3"),
            ("/?lang=fr&return_to=%2Fmy-data%3fa%3D1", Some("fr"), "/?return_to=%2Fmy-data%3fa%3D1"),
            ("/?a=+%20;b&&=&lang=fr&c", Some("fr"), "/?a=+%20;b&&=&c"),
            ("/?l%61ng=f%72", Some("fr"), "/"),
            ("/?lang", Some(""), "/"),
            ("/?lang=", Some(""), "/"),
            ("/?lang=fr=x", Some("fr=x"), "/"),
            ("/?lang=%FF", Some("\u{fffd}"), "/"),
            ("/?lang=fr&lang=nl", None, "/"),
            ("/?a=1&lang=fr&b=2&lang=fr&c=3", None, "/?a=1&b=2&c=3"),
        ] {
            assert_eq!(read(target), Some((tag.map(str::to_owned), address.to_owned())), "{target}");
        }
        for other in
            ["/", "/?", "/lang=fr", "/?language=fr", "/?Lang=fr", "/?a=lang=fr", "/?a=1%26lang=fr", "/?+lang=fr"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn the_address_stays_on_this_origin() {
        for (target, address) in [
            ("//evil.example/?lang=fr", "/.//evil.example/"),
            ("///evil.example?lang=fr", "/.///evil.example"),
            ("/\\evil.example?lang=fr", "/./\\evil.example"),
            ("/é?lang=fr&q=é", "/%C3%A9?q=%C3%A9"),
        ] {
            assert_eq!(read(target).map(|(_, address)| address).as_deref(), Some(address), "{target}");
        }
    }
}
