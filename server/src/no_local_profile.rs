//! Replaces `local_profile` in builds without the stand-ins, which have no local profile.

use std::{convert::Infallible, fmt, io};

use tokio::net::TcpListener;

use crate::{assets::Fallback, config::Config};

/// This build cannot start without a configuration.
#[derive(Debug, thiserror::Error)]
#[error("no configuration: give a file with --config or MYDATA_CONFIG, or set the variables MYDATA_… of its keys")]
pub struct LocalProfileError;

impl LocalProfileError {
    /// Always: a configuration must be given.
    pub const fn is_usage(&self) -> bool {
        true
    }
}

/// The local profile, which cannot exist in this build.
#[derive(Debug)]
pub struct LocalProfile(Infallible);

impl LocalProfile {
    /// Whether this build has it.
    pub const IS_INCLUDED: bool = false;

    /// Fails: this build has no local profile.
    ///
    /// # Errors
    /// Always.
    #[expect(clippy::unused_async, reason = "the version with stand-ins is async")]
    pub async fn start() -> Result<Self, LocalProfileError> {
        Err(LocalProfileError)
    }

    pub const fn config(&self) -> &Config {
        match self.0 {}
    }

    pub fn take_listener(&mut self) -> io::Result<TcpListener> {
        match self.0 {}
    }

    pub fn fallback(&self) -> Fallback {
        match self.0 {}
    }

    #[expect(clippy::unused_async, reason = "the version with stand-ins is async")]
    pub async fn shutdown(self) {
        match self.0 {}
    }
}

impl fmt::Display for LocalProfile {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}
