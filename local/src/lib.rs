//! Stand-ins on loopback, for a machine without AWS.
//!
//! [`Stack::start`] brings up, in this process and on 127.0.0.1 only, a DynamoDB-compatible engine
//! ([`dynamodb`]), OpenID providers like itsme, Login.gov, Auth0 and Beyond Identity ([`providers`]), and a
//! Cognito-like user pool that federates to them ([`user_pool`]), to Login.gov by way of the relying party's
//! bridge. The protocols are implemented from their documents (RFC 6749, 7009, 7523, 7636, OpenID Connect
//! Core 1.0, the Amazon Cognito developer guide and the vendors' pages) and share no code with
//! the relying party: two independent readings find each other's mistakes.
//!
//! Nothing here is for production. Anybody who reaches these ports can sign in as any test citizen.

pub mod dynamodb;
mod error;
mod keys;
mod page;
pub mod providers;
mod random;
mod serving;
mod stack;
mod store;
pub mod user_pool;
mod web;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

pub use error::StartError;
pub use stack::{Options, ProviderSettings, Settings, Stack};

/// 127.0.0.1 and whichever port is free.
pub(crate) const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
