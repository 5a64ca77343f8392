//! What an error from the user pool may mean, judging by its `error_description`.
//!
//! Cognito's descriptions are not fixed strings, so no decision depends on them: status, redirect and session stay the
//! same. They are never shown or logged. A description only selects two sentences of ours, for the operator and for the
//! citizen.

use app::pages::failure::FailureKind;

/// What an error may mean.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hint {
    /// For the log: which setting to check.
    pub(super) operator: &'static str,
    /// Selects the page that tells the citizen what to do.
    pub(super) citizen: FailureKind,
}

const NOT_VERIFIED: Hint = Hint {
    operator: "the provider only lets in people it has verified: check that you want this",
    citizen: FailureKind::SignInProvider,
};

const fn wrong_set_up(operator: &'static str) -> Hint {
    Hint { operator, citizen: FailureKind::SignInSetUp }
}

/// Part of a description, in lower case, and what it means. The first match counts.
const HINTS: [(&str, Hint); 12] = [
    (
        "attributes required",
        Hint {
            operator: "the provider did not send a required attribute: map it, or make it optional in the user pool",
            citizen: FailureKind::SignInIncomplete,
        },
    ),
    (
        "cannot be updated",
        wrong_set_up("the user pool cannot write a mapped attribute: make it mutable, and writable by the app client"),
    ),
    (
        "timeout occurred in calling",
        Hint { operator: "the provider took longer than the user pool waits", citizen: FailureKind::SignInSlow },
    ),
    (
        "connection refused or reset",
        wrong_set_up("the user pool cannot reach the provider: check the provider's endpoints in the user pool"),
    ),
    (
        "504 error getting token",
        Hint { operator: "the provider took longer than the bridge waits", citizen: FailureKind::SignInSlow },
    ),
    (
        "error getting",
        wrong_set_up(
            "the provider refuses the user pool: check client id and secret; with a bridge, see the bridge's log line",
        ),
    ),
    ("invalid providername", wrong_set_up("a linked or manually created user has this name: do not link accounts")),
    (
        "bad id_token",
        wrong_set_up(
            "the user pool rejects the ID token: check issuer, client id and keys; the token must not be encrypted",
        ),
    ),
    (
        "login option is not available",
        wrong_set_up(
            "the provider is not enabled in the app client, or its name in the user pool differs from [[providers]]",
        ),
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
    fn a_known_description_selects_a_setting_and_a_page() {
        for (description, setting, page) in [
            ("attributes required: [email]", "make it optional", FailureKind::SignInIncomplete),
            ("user.email: Attribute cannot be updated.", "mutable", FailureKind::SignInSetUp),
            ("Timeout occurred in calling IdP token endpoint", "took longer", FailureKind::SignInSlow),
            ("LoginGov Error - 504 error getting token", "than the bridge waits", FailureKind::SignInSlow),
            ("Auth0 Error - 401 error getting token", "check client id and secret", FailureKind::SignInSetUp),
            (
                "Error in calling IdP token endpoint: Connection refused or reset",
                "cannot reach",
                FailureKind::SignInSetUp,
            ),
            ("Invalid ProviderName/Username combination. Please check again", "do not link", FailureKind::SignInSetUp),
            ("Bad id_token: issuer", "must not be encrypted", FailureKind::SignInSetUp),
            ("Login option is not available. Please try another one", "not enabled", FailureKind::SignInSetUp),
            ("Please verify your email before logging in.", "has verified", FailureKind::SignInProvider),
            ("The user did not complete identity verification", "has verified", FailureKind::SignInProvider),
        ] {
            let hint = hint(description).unwrap();
            assert!(hint.operator.contains(setting), "{description}");
            assert_eq!(hint.citizen, page, "{description}");
        }
    }

    #[test]
    fn a_hint_contains_nothing_of_the_description() {
        assert_eq!(hint(""), None);
        assert_eq!(hint("<script>85073003328</script>"), None);
        assert!(!hint("attributes required: [85073003328]").unwrap().operator.contains("8507"));
    }
}
