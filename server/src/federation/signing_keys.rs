//! The bridge's own keys: one signs, all are published, so that a new one can be known before it is used.

use std::fmt;

use aws_lc_rs::{error::KeyRejected, rsa::KeyPair};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    errors::Error,
    jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse, ThumbprintHash},
};
use serde::Serialize;

use super::private_jwk;
use crate::secret::Secret;

/// Why a key cannot be used. No variant holds anything of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileFault {
    /// Neither RSA nor P-256, or not PKCS#8.
    #[error(
        "it is neither the PEM (PKCS#8) of an RSA or P-256 private key nor a private JWK: make one with `server federation new-key`"
    )]
    NotAKey,
    /// It begins as a JWK, and lacks what a private one has.
    #[error(
        "it is not a private JWK that the bridge can use: expected kty RSA with n, e, d, p, q, dp, dq and qi, or kty EC with crv P-256, d, x and y"
    )]
    NotAPrivateJwk,
    /// A JWK with numbers of several keys, or of none.
    #[error("the numbers of the JWK do not belong together: expected those of one RSA or P-256 key")]
    Inconsistent,
    /// Login.gov asks for 2048 bits, and so does the bridge.
    #[error("an RSA key needs 2048 bits or more")]
    TooShort,
}

impl KeyFileFault {
    /// The library measures the modulus itself, in bits, and takes 2048 or more (`aws_lc_rs::rsa::KeyPair`): nothing that is
    /// shorter ever gets to be a key that could be measured here.
    pub(super) fn of_rsa(rejected: &KeyRejected, otherwise: Self) -> Self {
        if rejected.description_() == "TooSmall" { Self::TooShort } else { otherwise }
    }
}

/// The keys of one bridge.
pub struct SigningKeys {
    signing: SigningKey,
    public: JwkSet,
}

struct SigningKey {
    private: EncodingKey,
    header: Header,
    public: Jwk,
}

impl SigningKeys {
    /// Takes the private keys in `texts`, each as PEM (PKCS#8) or as a JWK; the first one signs.
    ///
    /// # Errors
    /// One of them cannot be used, told by its place.
    pub fn read(texts: &[Secret]) -> Result<Self, (usize, KeyFileFault)> {
        let mut keys = Vec::with_capacity(texts.len());
        for (place, text) in texts.iter().enumerate() {
            keys.push(SigningKey::read(text.expose()).map_err(|fault| (place, fault))?);
        }
        let public = JwkSet { keys: keys.iter().map(|key| key.public.clone()).collect() };
        let signing = keys.into_iter().next().ok_or((0, KeyFileFault::NotAKey))?;
        Ok(Self { signing, public })
    }

    /// A compact JWS over `claims`.
    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<Secret, Error> {
        jsonwebtoken::encode(&self.signing.header, claims, &self.signing.private).map(Secret::new)
    }

    /// What the first one signs with.
    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.signing.header.alg
    }

    /// The public halves.
    pub(crate) const fn public(&self) -> &JwkSet {
        &self.public
    }
}

impl SigningKey {
    fn read(text: &str) -> Result<Self, KeyFileFault> {
        let (private, algorithm) = if private_jwk::is_jwk(text) {
            private_key(private_jwk::to_pem(text)?.expose())?
        } else {
            private_key(text)?
        };
        let mut public = Jwk::from_encoding_key(&private, algorithm).map_err(|_| KeyFileFault::NotAKey)?;
        // RFC 7638: the same key has the same name on every server.
        let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyFileFault::NotAKey)?;
        public.common.key_id = Some(kid.clone());
        public.common.key_algorithm = Some(KeyAlgorithm::from(algorithm));
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let mut header = Header::new(algorithm);
        header.kid = Some(kid);
        Ok(Self { private, header, public })
    }
}

/// The key in `pem`, and the algorithm that it signs with.
fn private_key(pem: &str) -> Result<(EncodingKey, Algorithm), KeyFileFault> {
    if let Ok(key) = EncodingKey::from_rsa_pem(pem.as_bytes()) {
        // That one only unpacks it; this one asks whether it is a key, and how long it is.
        KeyPair::from_der(key.as_bytes()).map_err(|rejected| KeyFileFault::of_rsa(&rejected, KeyFileFault::NotAKey))?;
        return Ok((key, Algorithm::RS256));
    }
    EncodingKey::from_ec_pem(pem.as_bytes()).map(|key| (key, Algorithm::ES256)).map_err(|_| KeyFileFault::NotAKey)
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kids = self.public.keys.iter().map(|key| &key.common.key_id);
        f.debug_list().entries(kids).finish()
    }
}

#[cfg(test)]
mod tests;
