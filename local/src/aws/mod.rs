//! The part of AWS between a signed-in person and a document in S3, each service on a listener of its own:
//! - IAM Identity Center exchanges the person's ID token for an identity context ([`exchange`]);
//! - STS exchanges that for a session of a role that carries the person ([`sts`]);
//! - S3 Access Grants vends credentials for what the person has been granted ([`access_grants`]);
//! - S3 gives the documents to those credentials only ([`s3`]);
//! - an assistant answers from the documents that the person may read ([`assistant`]).
//!
//! Every request must be signed ([`sigv4`]). What is not asked for on this way does not exist here: no upload. Of
//! administration there is only what an operator's check reads ([`admin`]). In place of the rest, [`Aws`] has functions.

mod access_grants;
mod account;
mod admin;
mod assistant;
mod assume_role;
mod calls;
mod credentials;
mod demo;
mod documents;
mod exchange;
mod fail;
mod faults;
mod grants;
mod moments;
mod names;
mod people;
mod percent;
mod query;
mod s3;
mod scope;
mod server;
mod service;
mod sigv4;
mod sts;
mod xml;

pub use admin::{SamlSettings, WRONG_SETTINGS, WrongSetting};
pub use calls::TrailEntry;
pub use credentials::{ServerKey, Vended};
pub use documents::{Content, Document};
pub use faults::{AwsFault, UnknownAwsFault};
pub use grants::{Application, Grant, GrantId, Grantee};
pub use names::{ACCOUNT_ID, APPLICATION_ARN, ASSISTANT_ID, PERSON_ROLE_ARN, SERVER_ACCESS_KEY_ID, SERVER_ROLE_ARN};
pub use people::Person;
pub use scope::Permission;
pub use server::{Aws, AwsOptions, IssuedFor};
