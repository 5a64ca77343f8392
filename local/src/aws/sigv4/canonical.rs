//! The canonical form of a request ("Create a signed AWS API request", IAM user guide).

use axum::http::HeaderMap;

use crate::aws::percent;

/// The signed parts of a request, as they came.
#[derive(Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) method: &'a str,
    /// Percent-encoded.
    pub(super) path: &'a str,
    /// Percent-encoded.
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
}

impl Message<'_> {
    /// The canonical request; `None` if a signed header is missing or is not text.
    ///
    /// The path is encoded once, as for S3. Other services encode it twice, which changes nothing in the paths that they
    /// have here: `/` and `/token`.
    pub(super) fn canonical(&self, signed_headers: &[&str], payload_hash: &str) -> Option<String> {
        let path = percent::encode(&percent::decode(self.path), b"/");
        let headers: Option<String> =
            signed_headers.iter().map(|name| Some(format!("{name}:{}\n", self.header(name)?))).collect();
        let (method, query, headers, names) = (self.method, self.canonical_query(), headers?, signed_headers.join(";"));
        Some(format!("{method}\n{path}\n{query}\n{headers}\n{names}\n{payload_hash}"))
    }

    /// The parameters, decoded, encoded again, and sorted by name, then by value.
    fn canonical_query(&self) -> String {
        let encoded = |text| percent::encode(&percent::decode_query(text), b"");
        let mut pairs: Vec<(String, String)> = self
            .query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (encoded(name), encoded(value)))
            .collect();
        pairs.sort();
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    }

    /// All values of a header, each trimmed and with single spaces.
    fn header(&self, name: &str) -> Option<String> {
        let values: Option<Vec<String>> = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| {
                let words = std::str::from_utf8(value.as_bytes()).ok()?.split_ascii_whitespace();
                Some(words.collect::<Vec<_>>().join(" "))
            })
            .collect();
        values.filter(|values| !values.is_empty()).map(|values| values.join(","))
    }
}
