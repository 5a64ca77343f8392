/// The error codes that specifications define for authorization and token endpoints.
const KNOWN: [&str; 17] = [
    // RFC 6749, 4.1.2.1 and 5.2
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "invalid_scope",
    "access_denied",
    "server_error",
    "temporarily_unavailable",
    // OpenID Connect Core 1.0, 3.1.2.6
    "interaction_required",
    "login_required",
    "account_selection_required",
    "consent_required",
    // RFC 8628, 3.5
    "slow_down",
    // RFC 8707, 2
    "invalid_target",
    // RFC 9449, 12.2
    "invalid_dpop_proof",
];

/// The code `error`, if a specification defines it. Any other text is untrusted: never log it or send it on.
pub fn known_error(error: &str) -> Option<&'static str> {
    KNOWN.into_iter().find(|known| *known == error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_outside_the_specifications_is_unknown() {
        assert_eq!(known_error("server_error"), Some("server_error"));
        for unknown in ["", "Server_Error", "server_error ", "<script>85073003328"] {
            assert_eq!(known_error(unknown), None, "{unknown:?}");
        }
    }
}
