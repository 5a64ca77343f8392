//! The names of the pool and of its app clients.

/// The pool's region.
pub const REGION: &str = "eu-west-1";
/// The pool's identifier.
pub const USER_POOL_ID: &str = "eu-west-1_LocalPool";
/// The citizens' app client.
pub const CLIENT_ID: &str = "4k2localstandin7mydata9app";
/// The case workers' app client.
pub const CASE_WORKERS_CLIENT_ID: &str = "7p1localstandin8caseworker";

#[cfg(test)]
mod tests {
    use super::{CASE_WORKERS_CLIENT_ID, CLIENT_ID};

    #[test]
    fn the_client_ids_look_like_those_of_cognito() {
        for id in [CLIENT_ID, CASE_WORKERS_CLIENT_ID] {
            assert_eq!(id.len(), 26);
            assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
        }
    }
}
