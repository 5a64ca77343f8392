use std::task::{Context, Poll, Waker};

pub use super::authorization_response::properties::holds as answer_holds;
use super::id_token::{self, Expected};
use crate::{
    citizen::Profile,
    config::{EidRules, Provider},
    id_token::UserPool,
    oidc::Keys,
    providers::KINDS,
    secret::Secret,
};

/// Checks ID tokens against a fixed key set.
pub struct TokenCheck {
    keys: Keys,
    issuer: String,
    client_id: String,
    nonce: Secret,
    provider: Provider,
    access_token: Secret,
}

impl TokenCheck {
    /// Uses `key_set`; never fetches keys.
    pub fn new(
        key_set: &[u8],
        [issuer, client_id, nonce, provider, access_token]: [&str; 5],
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            keys: Keys::holding(key_set)?,
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            nonce: Secret::new(nonce),
            provider: Provider {
                index: 0,
                id: provider.to_owned(),
                name: provider.to_owned(),
                namespace: "BE".to_owned(),
                eid: EidRules::default(),
                kind: &KINDS[0],
                is_main: true,
                issuer: None,
                client_id: None,
                sign_out_endpoint: None,
                bridge: None,
                client: None,
            },
            access_token: Secret::new(access_token),
        })
    }

    /// Runs every check of the callback.
    ///
    /// # Errors
    /// The check that the token failed.
    pub fn verify(&self, token: &str) -> Result<Profile, String> {
        let token = Secret::new(token);
        let expected = Expected {
            pool: UserPool { issuer: &self.issuer, client_id: &self.client_id, keys: &self.keys },
            nonce: &self.nonce,
            provider: &self.provider,
            access_token: &self.access_token,
            earliest_auth_time: None,
        };
        // The keys are loaded, so the future is ready at the first poll.
        let verified = std::pin::pin!(id_token::verify(&token, &expected));
        match verified.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(identity)) => Ok(identity.profile),
            Poll::Ready(Err(rejected)) => Err(rejected.error.to_string()),
            Poll::Pending => unreachable!("the keys were fetched"),
        }
    }
}
