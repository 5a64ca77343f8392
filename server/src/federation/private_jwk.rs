//! A private key as a JWK (RFC 7517; RFC 7518, 6.2.2 and 6.3.2). Some tools and providers issue JWKs instead of PEM.

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    rsa::{KeyPair, KeyPairComponents, PublicKeyComponents},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{key_error::KeyError, new_key::pem};
use crate::secret::Secret;

/// The members that are used. Others are ignored, also `kid`: the bridge uses the thumbprint as `kid`.
#[derive(Deserialize)]
#[serde(tag = "kty")]
enum PrivateJwk {
    #[serde(rename = "RSA")]
    Rsa { n: Number, e: Number, d: Number, p: Number, q: Number, dp: Number, dq: Number, qi: Number },
    #[serde(rename = "EC")]
    Ec { crv: Curve, d: Number, x: Number, y: Number },
}

#[derive(Deserialize)]
enum Curve {
    #[serde(rename = "P-256")]
    P256,
    #[serde(rename = "P-384")]
    P384,
}

impl Curve {
    /// The algorithm that uses this curve, and the length of its coordinates in bytes.
    const fn algorithm(&self) -> (&'static EcdsaSigningAlgorithm, usize) {
        match self {
            Self::P256 => (&ECDSA_P256_SHA256_FIXED_SIGNING, 32),
            Self::P384 => (&ECDSA_P384_SHA384_FIXED_SIGNING, 48),
        }
    }
}

/// A `Base64urlUInt` (RFC 7518, 2) or the octets of a coordinate.
struct Number(Vec<u8>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Secret::deserialize(deserializer)?;
        URL_SAFE_NO_PAD.decode(text.expose()).map(Self).map_err(|_| D::Error::custom("not base64url"))
    }
}

impl AsRef<[u8]> for Number {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Whether `text` looks like a JWK. PEM begins with a dash.
pub(super) fn is_jwk(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// The same key as PEM (PKCS#8).
///
/// # Errors
/// It is not a private RSA, P-256 or P-384 key, or its numbers do not form one. The parser's message is dropped, because it
/// quotes the input.
pub(super) fn to_pem(text: &str) -> Result<Secret, KeyError> {
    let jwk = serde_json::from_str(text).map_err(|_| KeyError::NotAPrivateJwk)?;
    let pkcs8 = match &jwk {
        PrivateJwk::Rsa { n, e, d, p, q, dp, dq, qi } => {
            let public_key = PublicKeyComponents { n, e };
            let components = KeyPairComponents { public_key, d, p, q, dP: dp, dQ: dq, qInv: qi };
            let pair = KeyPair::from_components(&components)
                .map_err(|rejected| KeyError::from_rsa(&rejected, KeyError::Inconsistent))?;
            let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Inconsistent)?;
            pem("PRIVATE KEY", der.as_ref())
        }
        PrivateJwk::Ec { crv, d, x, y } => {
            let (algorithm, length) = crv.algorithm();
            // Each number has the full size of the curve (RFC 7518, 6.2.1.2, 6.2.1.3 and 6.2.2.1).
            if [d, x, y].iter().any(|number| number.0.len() != length) {
                return Err(KeyError::Inconsistent);
            }
            // An uncompressed point (SEC 1, 2.3.3).
            let point = [&[4], x.as_ref(), y.as_ref()].concat();
            let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, d.as_ref(), &point)
                .map_err(|_| KeyError::Inconsistent)?;
            pem("PRIVATE KEY", pair.to_pkcs8v1().map_err(|_| KeyError::Inconsistent)?.as_ref())
        }
    };
    Ok(Secret::new(pkcs8))
}
