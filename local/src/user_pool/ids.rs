//! The names of the pool and of its app client.

/// The pool's region.
pub const REGION: &str = "eu-west-1";
/// The pool's identifier.
pub const USER_POOL_ID: &str = "eu-west-1_LocalPool";
/// The only app client.
pub const CLIENT_ID: &str = "4k2localstandin7mydata9app";

#[cfg(test)]
mod tests {
    use super::CLIENT_ID;

    #[test]
    fn the_client_id_looks_like_one_of_cognito() {
        assert_eq!(CLIENT_ID.len(), 26);
        assert!(CLIENT_ID.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    }
}
