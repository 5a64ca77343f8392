use std::task::{Context, Poll, Waker};

pub use super::{
    authorization_response::properties::holds as answer_holds, return_to::properties::holds as return_to_holds,
};
use super::{
    id_token::{self, Expected},
    keys::Keys,
};
use crate::{citizen::Profile, secret::Secret};

/// What ID tokens are checked against, with the user pool's keys at hand.
pub struct TokenCheck {
    keys: Keys,
    issuer: String,
    client_id: String,
    nonce: Secret,
    provider: String,
    access_token: Secret,
}

impl TokenCheck {
    /// With the key set `key_set`; nothing is ever fetched.
    pub fn new(
        key_set: &[u8],
        [issuer, client_id, nonce, provider, access_token]: [&str; 5],
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            keys: Keys::holding(key_set)?,
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            nonce: Secret::new(nonce),
            provider: provider.to_owned(),
            access_token: Secret::new(access_token),
        })
    }

    /// Every check of the callback; a token that does not pass gives the reason.
    pub fn verify(&self, token: &str) -> Result<Profile, String> {
        let token = Secret::new(token);
        let expected = Expected {
            issuer: &self.issuer,
            client_id: &self.client_id,
            nonce: &self.nonce,
            provider: &self.provider,
            access_token: &self.access_token,
        };
        // With the keys at hand there is nothing to wait for.
        let verified = std::pin::pin!(id_token::verify(&token, &self.keys, &expected));
        match verified.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(identity)) => Ok(identity.profile),
            Poll::Ready(Err(fault)) => Err(fault.to_string()),
            Poll::Pending => unreachable!("the keys were fetched"),
        }
    }
}
