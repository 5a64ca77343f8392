//! Forms of browsers (`application/x-www-form-urlencoded`), decoded so that bytes that are not text are noticed.

use std::borrow::Cow;

use axum::http::HeaderMap;
use percent_encoding::percent_decode;

use crate::{media_type, secret::Secret};

/// The fields of a form, still encoded.
pub struct Form<'a>(&'a [u8]);

/// The value of a field.
#[derive(Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(Secret),
    /// Bytes that are not UTF-8, with U+FFFD in their place.
    NotText(Secret),
}

impl<'a> Form<'a> {
    /// The form in `body`, if `headers` say that it is one.
    pub fn parse(headers: &HeaderMap, body: &'a [u8]) -> Option<Self> {
        media_type::is(headers, "application/x-www-form-urlencoded").then_some(Self(body))
    }

    /// The value of the field `name`, if it occurs once.
    pub fn field(&self, name: &str) -> Option<Value> {
        let [value] = <[Value; 1]>::try_from(self.fields(name)).ok()?;
        Some(value)
    }

    /// The values of all fields `name`, in their order.
    pub fn fields(&self, name: &str) -> Vec<Value> {
        let pairs = self.0.split(|byte| *byte == b'&');
        let values = pairs.filter_map(|pair| {
            let equals = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let (key, value) = pair.split_at(equals);
            (*decoded(key) == *name.as_bytes()).then(|| decoded(value.strip_prefix(b"=").unwrap_or_default()))
        });
        let value = |bytes: Vec<u8>| match String::from_utf8_lossy(&bytes) {
            Cow::Borrowed(text) => Value::Text(Secret::new(text)),
            Cow::Owned(text) => Value::NotText(Secret::new(text)),
        };
        values.map(value).collect()
    }
}

impl Value {
    /// The text.
    pub fn into_secret(self) -> Secret {
        match self {
            Self::Text(text) | Self::NotText(text) => text,
        }
    }
}

/// A plus is a space (URL Standard, 5.1).
fn decoded(encoded: &[u8]) -> Vec<u8> {
    let spaced: Vec<_> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};
    use proptest::prelude::*;

    use super::*;
    use crate::properties::cases;

    fn headers(kind: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))])
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    fn field(body: &[u8]) -> Option<(bool, String)> {
        match Form::parse(&headers(FORM), body)?.field("text")? {
            Value::Text(text) => Some((true, text.into_string())),
            Value::NotText(text) => Some((false, text.into_string())),
        }
    }

    #[test]
    fn what_is_not_utf_8_is_noticed() {
        for (body, is_text, value) in [
            (&b"version=0&text=a+b%20c%2B%0D%0A"[..], true, "a b c+\r\n"),
            (b"text=", true, ""),
            (b"text", true, ""),
            (b"te%78t=%C3%A9\xc3\xa9", true, "éé"),
            (b"text=%00", true, "\0"),
            (b"text=%EF%BF%BD", true, "\u{fffd}"),
            (b"text=100%&x=%zz", true, "100%"),
            (b"text=%2", true, "%2"),
            (b"text=a=b", true, "a=b"),
            (b"text=a%FFb", false, "a\u{fffd}b"),
            (b"text=a\xffb", false, "a\u{fffd}b"),
            (b"text=%ED%A0%80", false, "\u{fffd}\u{fffd}\u{fffd}"),
            (b"text=%C3&x=%A9", false, "\u{fffd}"),
        ] {
            assert_eq!(field(body), Some((is_text, value.to_owned())), "{}", body.escape_ascii());
        }
        for body in [&b""[..], b"version=0", b"text=a&text=a", b"text=a&te%78t", b"Text=a"] {
            assert_eq!(field(body), None, "{}", body.escape_ascii());
        }
    }

    #[test]
    fn every_value_of_a_name_is_found_in_order() {
        let headers = headers(FORM);
        let values = Form::parse(&headers, b"text=a&x=1&te%78t=%FF&text").unwrap().fields("text");
        let texts: Vec<_> = values.into_iter().map(|value| value.into_secret().into_string()).collect();
        assert_eq!(texts, ["a", "\u{fffd}", ""]);
    }

    #[test]
    fn only_a_form_is_read() {
        for kind in [FORM, "Application/X-WWW-Form-URLencoded; charset=UTF-8"] {
            assert!(Form::parse(&headers(kind), b"").is_some(), "{kind}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded2", "multipart/form-data"] {
            assert!(Form::parse(&headers(kind), b"").is_none(), "{kind}");
        }
    }

    proptest! {
        #![proptest_config(cases(600))]

        #[test]
        fn every_text_arrives_as_typed(text in any::<String>()) {
            let body: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("text", &text).finish();
            prop_assert_eq!(field(body.as_bytes()), Some((true, text)));
        }

        #[test]
        fn a_value_that_is_not_text_is_noticed(bytes in proptest::collection::vec(any::<u8>(), 0..30)) {
            let encoded: String = bytes.iter().map(|byte| format!("%{byte:02X}")).collect();
            let is_text = String::from_utf8(bytes).is_ok();
            prop_assert_eq!(field(format!("text={encoded}").as_bytes()).map(|(is_text, _)| is_text), Some(is_text));
        }
    }
}
