use aws_lc_rs::error::KeyRejected;

/// Why a key cannot be used. No variant contains any part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither RSA, P-256 nor P-384, or not PKCS#8.
    #[error(
        "not a private RSA, P-256 or P-384 key in PEM (PKCS#8) or JWK: create one with `server federation new-key`"
    )]
    NotAKey,
    /// It looks like a JWK, but lacks a member that a private key needs.
    #[error(
        "not a private JWK that the bridge can use: expected kty RSA with n, e, d, p, q, dp, dq and qi, \
         or kty EC with crv P-256 or P-384, d, x and y"
    )]
    NotAPrivateJwk,
    /// A JWK whose numbers do not form one key.
    #[error("the numbers in the JWK do not form one key")]
    Inconsistent,
    /// Providers require 2048 bits, and so does the bridge.
    #[error("the RSA key is too short: it needs at least 2048 bits")]
    TooShort,
}

impl KeyError {
    /// Maps the library's error: it refuses moduli shorter than 2048 bits itself (`aws_lc_rs::rsa::KeyPair`).
    pub(super) fn from_rsa(rejected: &KeyRejected, otherwise: Self) -> Self {
        if rejected.description_() == "TooSmall" { Self::TooShort } else { otherwise }
    }
}
