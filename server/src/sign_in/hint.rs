//! What an error that the user pool reports may mean, by the description that comes with it.
//!
//! Cognito's descriptions are no fixed strings, so nothing is decided by one: status, redirect and session are the same whatever it
//! says. None is shown or logged either: each only picks two sentences of ours, one for the operator and one for the citizen.

use app::pages::failure::Kind;

/// What an error may mean.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// For the log: which setting to look at.
    pub(super) operator: &'static str,
    /// The page that says what the citizen can do.
    pub(super) citizen: Kind,
}

const NOT_VERIFIED: Hint = Hint {
    operator: "the provider lets in only people whom it has verified: is that what it should do?",
    citizen: Kind::SignInProvider,
};

const fn set_up(operator: &'static str) -> Hint {
    Hint { operator, citizen: Kind::SignInSetUp }
}

/// Part of a description, in lower case, and what it means. The first that fits counts.
const HINTS: [(&str, Hint); 12] = [
    (
        "attributes required",
        Hint {
            operator: "the provider did not hand over a required attribute: map it, or make it optional in the user pool",
            citizen: Kind::SignInIncomplete,
        },
    ),
    ("cannot be updated", set_up("a mapped attribute must be mutable, and writable by the app client")),
    (
        "timeout occurred in calling",
        Hint { operator: "the provider took longer than the user pool waits", citizen: Kind::SignInSlow },
    ),
    (
        "connection refused or reset",
        set_up("the user pool cannot reach the provider: check the addresses of its endpoints"),
    ),
    (
        "504 error getting token",
        Hint { operator: "the provider took longer than the bridge waits", citizen: Kind::SignInSlow },
    ),
    (
        "error getting",
        set_up(
            "the provider refuses the user pool: check client id and secret in the user pool; behind a bridge, its own line in this log says more",
        ),
    ),
    ("invalid providername", set_up("a user with this name was linked or created otherwise: do not link accounts")),
    (
        "bad id_token",
        set_up(
            "the user pool does not accept the provider's ID token: check issuer, client id and keys; it must not be encrypted",
        ),
    ),
    (
        "login option is not available",
        set_up("the provider is not enabled in the app client, or its name is not the one in [[providers]]"),
    ),
    ("verify your", NOT_VERIFIED),
    ("not verified", NOT_VERIFIED),
    ("identity verification", NOT_VERIFIED),
];

/// What an error with this `error_description` may mean.
pub(super) fn hint(description: &str) -> Option<&'static Hint> {
    let description = description.to_lowercase();
    HINTS.iter().find(|(part, _)| description.contains(part)).map(|(_, hint)| hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_that_is_known_leads_to_the_setting_and_to_a_page() {
        for (description, setting, page) in [
            ("attributes required: [email]", "make it optional", Kind::SignInIncomplete),
            ("user.email: Attribute cannot be updated.", "mutable", Kind::SignInSetUp),
            ("Timeout occurred in calling IdP token endpoint", "took longer", Kind::SignInSlow),
            ("LoginGov Error - 504 error getting token", "than the bridge waits", Kind::SignInSlow),
            ("Auth0 Error - 401 error getting token", "check client id and secret", Kind::SignInSetUp),
            ("Error in calling IdP token endpoint: Connection refused or reset", "cannot reach", Kind::SignInSetUp),
            ("Invalid ProviderName/Username combination. Please check again", "do not link", Kind::SignInSetUp),
            ("Bad id_token: issuer", "must not be encrypted", Kind::SignInSetUp),
            ("Login option is not available. Please try another one", "not enabled", Kind::SignInSetUp),
            ("Please verify your email before logging in.", "has verified", Kind::SignInProvider),
            ("The user did not complete identity verification", "has verified", Kind::SignInProvider),
        ] {
            let hint = hint(description).unwrap();
            assert!(hint.operator.contains(setting), "{description}");
            assert_eq!(hint.citizen, page, "{description}");
        }
    }

    #[test]
    fn nothing_of_a_description_is_handed_on() {
        assert_eq!(hint(""), None);
        assert_eq!(hint("<script>85073003328</script>"), None);
        assert!(!hint("attributes required: [85073003328]").unwrap().operator.contains("8507"));
    }
}
