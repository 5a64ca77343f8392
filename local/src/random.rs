//! Unguessable values, and digests.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// A random value of 122 bits, in the form that Cognito gives to codes and token identifiers.
pub(crate) fn uuid() -> String {
    Uuid::new_v4().to_string()
}

/// A longer opaque value: 366 random bits without punctuation.
pub(crate) fn opaque() -> String {
    (0..3).map(|_| Uuid::new_v4().simple().to_string()).collect()
}

/// SHA-256.
pub(crate) fn sha256(input: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, input).as_ref().to_vec()
}

/// Base64url without padding (RFC 4648, section 5).
pub(crate) fn base64url(input: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(input)
}

/// The inverse of [`base64url`]; `None` for anything else.
pub(crate) fn from_base64url(input: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(input).ok()
}

/// Whether two secrets are equal, compared in constant time.
pub(crate) fn same_secret(left: &str, right: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(left.as_bytes(), right.as_bytes()).is_ok()
}
