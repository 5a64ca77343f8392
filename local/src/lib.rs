//! Stand-ins on loopback, for a machine without AWS.
//!
//! [`Stack::start`] starts six things in this process, on 127.0.0.1 only:
//! - an engine that is compatible with DynamoDB ([`dynamodb`]);
//! - OpenID providers that behave like well-known vendors' ([`providers`]);
//! - the site of an organisation that does not exist ([`organisation`]), which provides the service;
//! - pages about the relying party's API, where it can be tried out;
//! - the directory of that organisation's case workers ([`workforce`]);
//! - a user pool like Cognito's that federates to the providers and to the directory ([`user_pool`]). It reaches some of the
//!   providers through the relying party's bridge.
//!
//! Besides, [`aws`] has the services between a signed-in case worker and a document in S3.
//!
//! The protocols are implemented from their documents: RFC 6749, 7009, 7523 and 7636, OpenID Connect Core 1.0, the Amazon
//! Cognito developer guide and the vendors' pages. No code is shared with the relying party, so that two independent
//! readings of the documents find each other's mistakes.
//!
//! Nothing here is for production. Anyone who reaches these ports can sign in as any test citizen or case worker.

mod api_docs;
pub mod aws;
pub mod dynamodb;
mod error;
mod keys;
pub mod organisation;
mod outgoing;
mod own_names;
mod page;
pub mod providers;
mod random;
mod serving;
mod settings;
mod stack;
mod store;
pub mod user_pool;
mod web;
pub mod workforce;

pub use error::StartError;
pub use settings::{
    AssistantSettings, BridgeSettings, DocumentsSettings, ProviderSettings, Settings, WorkforceSettings,
};
pub use stack::{Deployed, Options, Stack};
