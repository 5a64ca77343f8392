//! Signature Version 4 in headers, as the services check it.
//!
//! Source: "AWS Signature Version 4 for API requests" in the IAM user guide, and for S3 "Authenticating Requests: Using the
//! Authorization Header" in its API reference. Presigned addresses and signed streams do not exist here.

mod authorization;
mod canonical;
mod refusal;
mod signature;
#[cfg(test)]
mod vectors;
mod verify;

pub(super) use refusal::Refusal;
pub(super) use verify::verify;
