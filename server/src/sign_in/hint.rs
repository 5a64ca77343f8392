//! What an operator should look at, from the description that the user pool gives an error.
//!
//! Cognito's descriptions are no fixed strings, so nothing is ever decided by one, and none is shown or logged: each only
//! picks a sentence of ours for the log.

/// Part of a description, in lower case, and the sentence for it. The first that fits counts.
const HINTS: [(&str, &str); 7] = [
    (
        "attributes required",
        "the provider did not hand over a required attribute: map it, or make it optional in the user pool",
    ),
    ("cannot be updated", "a mapped attribute must be mutable, and writable by the app client"),
    ("timeout occurred in calling", "the provider took longer than the user pool waits"),
    ("connection refused or reset", "the user pool cannot reach the provider: check the addresses of its endpoints"),
    ("invalid providername", "a user with this name was linked or created otherwise: do not link accounts"),
    (
        "bad id_token",
        "the user pool does not accept the provider's ID token: check issuer, client id and keys; it must not be encrypted",
    ),
    (
        "login option is not available",
        "the provider is not enabled in the app client, or its name is not the one in [[providers]]",
    ),
];

/// The sentence for an error with this `error_description`.
pub(super) fn hint(description: &str) -> Option<&'static str> {
    let description = description.to_lowercase();
    HINTS.iter().find(|(part, _)| description.contains(part)).map(|(_, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_that_is_known_leads_to_the_setting() {
        for (description, setting) in [
            ("attributes required: [email]", "make it optional"),
            ("user.email: Attribute cannot be updated.", "mutable"),
            ("Timeout occurred in calling IdP token endpoint", "took longer"),
            ("Error in calling IdP token endpoint: Connection refused or reset", "cannot reach"),
            ("Invalid ProviderName/Username combination. Please check again", "do not link accounts"),
            ("Bad id_token: issuer", "must not be encrypted"),
            ("Login option is not available. Please try another one", "not enabled"),
        ] {
            assert!(hint(description).is_some_and(|hint| hint.contains(setting)), "{description}");
        }
    }

    #[test]
    fn nothing_of_a_description_is_handed_on() {
        assert_eq!(hint(""), None);
        assert_eq!(hint("<script>85073003328</script>"), None);
        assert!(!hint("attributes required: [85073003328]").unwrap().contains("8507"));
    }
}
