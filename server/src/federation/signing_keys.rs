//! The bridge's own keys: one signs, all are published, so that a new one can be known before it is used.

use std::fmt;

use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    errors::Error,
    jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse, ThumbprintHash},
};
use serde::Serialize;

use crate::secret::Secret;

/// Why a key cannot be used. No variant holds anything of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileFault {
    /// Neither RSA nor P-256, or not PKCS#8.
    #[error("it is not the PEM (PKCS#8) of an RSA or P-256 private key: make one with `server federation new-key`")]
    NotAKey,
    /// Login.gov asks for 2048 bits, and so does the bridge.
    #[error("an RSA key needs 2048 bits or more")]
    TooShort,
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
    /// Takes the private keys in `pems`; the first one signs.
    ///
    /// # Errors
    /// One of them cannot be used, told by its place.
    pub fn read(pems: &[Secret]) -> Result<Self, (usize, KeyFileFault)> {
        let mut keys = Vec::with_capacity(pems.len());
        for (place, pem) in pems.iter().enumerate() {
            keys.push(SigningKey::read(pem.expose()).map_err(|fault| (place, fault))?);
        }
        let public = JwkSet { keys: keys.iter().map(|key| key.public.clone()).collect() };
        let signing = keys.into_iter().next().ok_or((0, KeyFileFault::NotAKey))?;
        Ok(Self { signing, public })
    }

    /// A compact JWS over `claims`.
    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<Secret, Error> {
        jsonwebtoken::encode(&self.signing.header, claims, &self.signing.private).map(Secret::new)
    }

    /// The public halves.
    pub(super) const fn public(&self) -> &JwkSet {
        &self.public
    }
}

impl SigningKey {
    fn read(pem: &str) -> Result<Self, KeyFileFault> {
        let rsa =
            || EncodingKey::from_rsa_pem(pem.as_bytes()).ok().map(|key| (key, Algorithm::RS256, KeyAlgorithm::RS256));
        let ec =
            || EncodingKey::from_ec_pem(pem.as_bytes()).ok().map(|key| (key, Algorithm::ES256, KeyAlgorithm::ES256));
        let (private, algorithm, key_algorithm) = rsa().or_else(ec).ok_or(KeyFileFault::NotAKey)?;
        let mut public = Jwk::from_encoding_key(&private, algorithm).map_err(|_| KeyFileFault::NotAKey)?;
        if let jsonwebtoken::jwk::AlgorithmParameters::RSA(parameters) = &public.algorithm
            // 2048 bits are 256 bytes, 342 characters of base64url.
            && parameters.n.len() < 342
        {
            return Err(KeyFileFault::TooShort);
        }
        // RFC 7638: the same key has the same name on every server.
        let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyFileFault::NotAKey)?;
        public.common.key_id = Some(kid.clone());
        public.common.key_algorithm = Some(key_algorithm);
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let mut header = Header::new(algorithm);
        header.kid = Some(kid);
        Ok(Self { private, header, public })
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kids = self.public.keys.iter().map(|key| &key.common.key_id);
        f.debug_list().entries(kids).finish()
    }
}
