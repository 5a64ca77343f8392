//! A running provider and its routes.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use tokio::sync::watch;

use super::facts::{Facts, UserInfoMethod};
use super::provider::Provider;
use super::registration::Registration;
use super::vendors::{KINDS, VENDORS};
use super::{authorization, discovery, sign_out, token, user_info};
use crate::error::StartError;
use crate::serving::{Bound, Serving};

/// A running provider.
pub struct IdentityProvider {
    provider: Arc<Provider>,
    serving: Serving,
}

impl IdentityProvider {
    /// Starts a provider of this kind; port 0 takes any free one. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// `kind` is not in [`KINDS`], or the address is not on loopback or is in use.
    pub async fn start(kind: &str, listen: SocketAddr) -> Result<Self, StartError> {
        Self::start_with_numbered(kind, listen, 0).await
    }

    /// Starts a provider with citizens that its page does not show, for programs: `n-0001` up to the given number, at most
    /// 9,999. The name of `n-0042` is `Citizen 0042`, and each has a national number.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_with_numbered(kind: &str, listen: SocketAddr, numbered: u16) -> Result<Self, StartError> {
        let vendor = VENDORS
            .into_iter()
            .find(|vendor| vendor.facts.kind == kind)
            .ok_or_else(|| StartError::UnknownProviderKind { kind: kind.to_owned(), known: KINDS })?;
        let bound = Bound::new(listen).await?;
        let (stop, stopped) = watch::channel(false);
        let provider = Arc::new(Provider::new(vendor, bound.origin(), numbered, stopped));
        let serving = bound.serve(router(&provider), stop);
        Ok(Self { provider, serving })
    }

    /// Its kind, as in [`KINDS`].
    pub fn kind(&self) -> &'static str {
        self.facts().kind
    }

    /// The base URL, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.provider.url
    }

    /// The registration of the relying party (the user pool). It also takes further addresses and certificates.
    pub fn registration(&self) -> Registration {
        self.provider.registration.clone()
    }

    pub(crate) fn facts(&self) -> &'static Facts {
        &self.provider.vendor.facts
    }

    /// Stops serving.
    pub async fn shutdown(self) {
        self.serving.stop().await;
    }
}

fn router(provider: &Arc<Provider>) -> Router {
    let Facts { paths, user_info_method, sign_out, .. } = &provider.vendor.facts;
    let mut router = Router::new()
        .route(paths.discovery, get(discovery::configuration))
        .route(paths.keys, get(discovery::key_set))
        .route(paths.authorization, get(authorization::ask).post(authorization::decide))
        .route(paths.token, post(token::token))
        .route(
            paths.user_info,
            match user_info_method {
                UserInfoMethod::Get => get(user_info::user_info),
                UserInfoMethod::Post => post(user_info::user_info),
            },
        );
    if let Some(sign_out) = sign_out {
        router = router.route(sign_out.path, get(sign_out::ask).post(sign_out::confirm));
    }
    router.with_state(Arc::clone(provider))
}
