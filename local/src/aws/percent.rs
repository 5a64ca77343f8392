//! Percent-encoding (RFC 3986, section 2), as Signature Version 4 and S3 use it.

/// Encodes everything but the unreserved characters of RFC 3986, and but the bytes in `kept`.
pub(super) fn encode(bytes: &[u8], kept: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&hex::encode_upper([byte]));
        }
    }
    text
}

/// The bytes behind a text. A `%` that begins no escape stands for itself.
pub(super) fn decode(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut bytes = Vec::with_capacity(rest.len());
    while let Some((&first, after)) = rest.split_first() {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => hex::decode([*high, *low]).ok(),
            _ => None,
        };
        match escaped {
            Some(escaped) => {
                bytes.extend(escaped);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    bytes
}

/// As [`decode`], for a name or value in a query, where `+` is a space.
pub(super) fn decode_query(text: &str) -> Vec<u8> {
    decode(&text.replace('+', "%20"))
}

/// As S3 encodes keys in a listing with `encoding-type=url`: a space is `+`, and `/` and `*` stay.
pub(super) fn encode_key(key: &str) -> String {
    encode(key.as_bytes(), b"/* ").replace('~', "%7E").replace(' ', "+")
}

#[cfg(test)]
mod tests {
    use super::{decode, decode_query, encode, encode_key};

    #[test]
    fn what_is_encoded_can_be_decoded() {
        let text = "été 2026/a+b & 100%~*\"";
        assert_eq!(decode(&encode(text.as_bytes(), b"/")), text.as_bytes());
        assert_eq!(decode_query(&encode_key(text)), text.as_bytes());
        assert_eq!(encode_key("a b/c+d~*"), "a+b/c%2Bd%7E*");
        assert_eq!(encode("é ".as_bytes(), b""), "%C3%A9%20");
    }

    #[test]
    fn a_lone_percent_sign_is_text() {
        for text in ["%", "100%", "%4", "%zz"] {
            assert_eq!(decode(text), text.as_bytes());
        }
    }
}
