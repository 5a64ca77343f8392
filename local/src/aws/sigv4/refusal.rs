//! Why a signature does not count.

/// Why a request is not believed. Each service has its own words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::aws) enum Refusal {
    /// No `Authorization` header.
    NotSigned,
    /// The header, or the date, is not well-formed; or a header that must be signed is not.
    Malformed,
    /// The signature is for another region, service or day.
    Scope,
    /// No such access key.
    UnknownKey,
    /// These credentials need a session token, and the request has none.
    NoToken,
    /// The session token belongs to other credentials.
    Token,
    /// The credentials have expired.
    Expired,
    /// The request was signed more than 15 minutes ago, or ahead.
    Skewed,
    /// The hash of the body is missing or wrong.
    Payload,
    /// The signature itself is wrong.
    Signature,
}
