//! The keys of the pool.

use crate::error::StartError;
use crate::keys::SigningKey;

/// The two keys of a pool: one signs ID tokens, the other access tokens.
#[derive(Clone)]
pub struct SigningKeys {
    pub(super) id: SigningKey,
    pub(super) access: SigningKey,
}

impl SigningKeys {
    pub(super) async fn generate() -> Result<Self, StartError> {
        Ok(Self { id: SigningKey::generate().await?, access: SigningKey::generate().await? })
    }
}
