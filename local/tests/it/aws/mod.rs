//! The stand-ins for AWS, called with requests that a second implementation of the signature signs (`aws-sigv4`).

mod access_grants;
mod assistant;
mod cloud;
mod exchange;
mod faults;
mod issuer;
mod s3;
mod signatures;
mod signing;
mod sts;

pub use cloud::{Answer, Cloud, LENA, TOM};
pub use signing::{Keys, Signed};
