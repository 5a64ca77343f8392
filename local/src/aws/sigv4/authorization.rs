//! The `Authorization` header of a signed request.

const ALGORITHM: &str = "AWS4-HMAC-SHA256 ";
/// The end of each scope.
const TERMINATOR: &str = "aws4_request";

/// What a signature is for: a day, a region and a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scope<'a> {
    /// The day, as in `20261126`.
    pub(super) date: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
}

impl Scope<'_> {
    /// As it is signed.
    pub(super) fn text(&self) -> String {
        format!("{}/{}/{}/{TERMINATOR}", self.date, self.region, self.service)
    }
}

/// The header's parts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) scope: Scope<'a>,
    /// Names in lower case, sorted, each once.
    pub(super) signed_headers: Vec<&'a str>,
    pub(super) signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// The parts of a header; `None` if it is of another kind or not well-formed.
    pub(super) fn parse(header: &'a str) -> Option<Self> {
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in header.strip_prefix(ALGORITHM)?.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return None,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        let parts: Vec<&str> = credential?.split('/').collect();
        let [access_key_id, date, region, service, TERMINATOR] = parts[..] else { return None };
        let signed_headers: Vec<&str> = signed_headers?.split(';').collect();
        let in_order = signed_headers.is_sorted_by(|left, right| left < right);
        let in_lower_case = signed_headers.iter().all(|name| !name.bytes().any(|byte| byte.is_ascii_uppercase()));
        (in_order && in_lower_case).then_some(Self {
            access_key_id,
            scope: Scope { date, region, service },
            signed_headers,
            signature: signature?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Authorization, Scope};

    const CREDENTIAL: &str = "Credential=AKID/20261126/eu-west-1/s3/aws4_request";

    #[test]
    fn a_header_has_three_parts() {
        let header = format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host;x-amz-date,Signature=00ff");
        let parsed = Authorization::parse(&header).unwrap();
        assert_eq!(parsed.scope, Scope { date: "20261126", region: "eu-west-1", service: "s3" });
        assert_eq!((parsed.access_key_id, parsed.signature), ("AKID", "00ff"));
        assert_eq!(parsed.signed_headers, ["host", "x-amz-date"]);
        assert_eq!(parsed.scope.text(), "20261126/eu-west-1/s3/aws4_request");
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in [
            "Bearer abc".to_owned(),
            format!("AWS4-HMAC-SHA1 {CREDENTIAL}, SignedHeaders=host, Signature=00"),
            format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host"),
            format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, Signature=00, Signature=00"),
            format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host, Signature=00, Other=1"),
            format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=x-amz-date;host, Signature=00"),
            format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=host;host, Signature=00"),
            format!("AWS4-HMAC-SHA256 {CREDENTIAL}, SignedHeaders=Host, Signature=00"),
            "AWS4-HMAC-SHA256 Credential=AKID/20261126/s3/aws4_request, SignedHeaders=host, Signature=00".to_owned(),
        ] {
            assert_eq!(Authorization::parse(&wrong), None, "{wrong}");
        }
    }
}
