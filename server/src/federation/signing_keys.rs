//! The bridge's own keys: the first one signs, and all are published, so that a provider knows a new key before it is
//! used.

use std::fmt;

use aws_config::SdkConfig;
use aws_lc_rs::rsa::KeyPair;
use jsonwebtoken::{
    Algorithm, EncodingKey, Header,
    errors::Error,
    jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse, ThumbprintHash},
};
use serde::Serialize;

use super::{key_error::KeyError, private_jwk};
use crate::{
    aws,
    config::{BridgeSettings, SigningKeySource},
    secret::Secret,
};

/// Why a key or a secret of a bridge cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct LoadError {
    /// The path of the file, the ARN of the secret, or the setting.
    pub place: String,
    /// What is wrong with it.
    pub problem: String,
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
    /// Loads the keys of a bridge, from files or from AWS Secrets Manager.
    ///
    /// # Errors
    /// A key cannot be read or used.
    pub async fn load(bridge: &BridgeSettings, settings: &SdkConfig) -> Result<Self, LoadError> {
        let mut texts = Vec::new();
        for source in &bridge.signing_keys {
            let error = |problem: String| LoadError { place: source.to_string(), problem };
            texts.push(match source {
                SigningKeySource::File(path) => {
                    Secret::new(std::fs::read_to_string(path).map_err(|problem| error(problem.to_string()))?)
                }
                SigningKeySource::SecretArn(arn) => {
                    aws::secret_text(arn, settings).await.map_err(|problem| error(problem.to_string()))?
                }
            });
        }
        Self::read(&texts).map_err(|(index, error)| LoadError {
            place: bridge.signing_keys[index].to_string(),
            problem: error.to_string(),
        })
    }

    /// Reads the private keys in `texts`, each as PEM (PKCS#8) or as a JWK. The first one signs.
    ///
    /// # Errors
    /// The index of a key that cannot be used, and why.
    pub fn read(texts: &[Secret]) -> Result<Self, (usize, KeyError)> {
        let mut keys = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            keys.push(SigningKey::read(text.expose()).map_err(|error| (index, error))?);
        }
        let public = JwkSet { keys: keys.iter().map(|key| key.public.clone()).collect() };
        let signing = keys.into_iter().next().ok_or((0, KeyError::NotAKey))?;
        Ok(Self { signing, public })
    }

    /// A compact JWS over `claims`.
    pub(super) fn sign(&self, claims: &impl Serialize) -> Result<Secret, Error> {
        jsonwebtoken::encode(&self.signing.header, claims, &self.signing.private).map(Secret::new)
    }

    /// The algorithm of the key that signs.
    pub(crate) const fn algorithm(&self) -> Algorithm {
        self.signing.header.alg
    }

    /// The public keys.
    pub(crate) const fn public(&self) -> &JwkSet {
        &self.public
    }
}

impl SigningKey {
    fn read(text: &str) -> Result<Self, KeyError> {
        let (private, algorithm) = if private_jwk::is_jwk(text) {
            private_key(private_jwk::to_pem(text)?.expose())?
        } else {
            private_key(text)?
        };
        let mut public = Jwk::from_encoding_key(&private, algorithm).map_err(|_| KeyError::NotAKey)?;
        // RFC 7638: the same key has the same `kid` on every server.
        let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyError::NotAKey)?;
        public.common.key_id = Some(kid.clone());
        public.common.key_algorithm = Some(KeyAlgorithm::from(algorithm));
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let mut header = Header::new(algorithm);
        header.kid = Some(kid);
        Ok(Self { private, header, public })
    }
}

/// The key in `pem` and its signature algorithm.
fn private_key(pem: &str) -> Result<(EncodingKey, Algorithm), KeyError> {
    if let Ok(key) = EncodingKey::from_rsa_pem(pem.as_bytes()) {
        // `from_rsa_pem` only decodes the PEM. This checks that it is an RSA key of sufficient length.
        KeyPair::from_der(key.as_bytes()).map_err(|rejected| KeyError::from_rsa(&rejected, KeyError::NotAKey))?;
        return Ok((key, Algorithm::RS256));
    }
    let key = EncodingKey::from_ec_pem(pem.as_bytes()).map_err(|_| KeyError::NotAKey)?;
    // The algorithm follows from the curve, which only this checks.
    let fits = |algorithm: &Algorithm| Jwk::from_encoding_key(&key, *algorithm).is_ok();
    let algorithm = [Algorithm::ES256, Algorithm::ES384].into_iter().find(fits).ok_or(KeyError::NotAKey)?;
    Ok((key, algorithm))
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kids = self.public.keys.iter().map(|key| &key.common.key_id);
        f.debug_list().entries(kids).finish()
    }
}

#[cfg(test)]
mod tests;
