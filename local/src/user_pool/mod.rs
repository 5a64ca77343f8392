//! A user pool like Cognito's, with its domain, on one listener.
//!
//! It follows the Amazon Cognito developer guide (user pool endpoints, "Understanding the tokens", "Using OIDC identity
//! providers"). Where the guide is silent, it follows RFC 6749, 7009 and 7636 and OpenID Connect Core 1.0.
//!
//! It has an app client for citizens, and may have others. It federates to any number of OpenID providers over HTTP, and to
//! the workforce directory ([`crate::workforce`]) in the place of a SAML provider. It has no passwords, no self sign-up, and no
//! scope `aws.cognito.signin.user.admin`.

mod authorization_request;
mod authorize;
mod calls;
mod client;
mod discovery;
// The switch for other processes, in builds with it.
#[cfg_attr(not(feature = "faults"), path = "no_fault_control.rs")]
pub(crate) mod fault_control;
mod faults;
mod identity_provider;
mod idp_response;
mod ids;
mod logout;
mod oidc_provider;
mod pages;
mod refusals;
mod revoke;
mod saml_provider;
mod saml_response;
mod server;
mod signing_keys;
mod state;
mod token;
mod tokens;
mod upstream;
mod upstream_token;
mod user_info;
mod users;

pub use client::AppClient;
pub use faults::{Fault, MARK, UnknownFault};
pub use ids::{CASE_WORKERS_CLIENT_ID, CLIENT_ID, REGION, USER_POOL_ID};
pub use oidc_provider::OidcProvider;
pub use saml_provider::SamlProvider;
pub use server::{UserPool, UserPoolOptions};
pub use signing_keys::SigningKeys;
