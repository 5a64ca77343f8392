//! What comes with a callback (RFC 6749, 4.1.2).

use std::borrow::Cow;

use super::hint::{Hint, hint};
use crate::{
    query::{Repeated, parameter},
    secret::Secret,
};

/// The parameters of an authorization response (RFC 6749, 4.1.2).
pub(super) struct Answer {
    pub(super) state: Secret,
    pub(super) issuer: Option<String>,
    /// Beside an error, what it may mean.
    pub(super) hint: Option<&'static Hint>,
    /// The code, or the error.
    pub(super) result: Result<Secret, String>,
}

impl Answer {
    /// Each parameter may come once (RFC 6749, 3.1), and either a code or an error.
    pub(super) fn read(query: &str) -> Result<Self, &'static str> {
        let once = |name| parameter(query, name).map_err(|Repeated| "a parameter came twice");
        let (state, issuer, code, error) = (once("state")?, once("iss")?, once("code")?, once("error")?);
        let state = state.filter(|state| !state.is_empty()).ok_or("state is missing")?;
        let result = match (code.filter(|code| !code.is_empty()), error) {
            (Some(code), None) => Ok(Secret::new(code)),
            (None, Some(error)) => Err(error),
            (Some(_), Some(_)) => return Err("code and error came together"),
            (None, None) => return Err("neither code nor error came"),
        };
        let hint = parameter(query, "error_description").ok().flatten().and_then(|description| hint(&description));
        Ok(Self { state: Secret::new(state), issuer, hint, result })
    }
}

/// The error codes of RFC 6749, 4.1.2.1, and OpenID Connect Core 1.0, 3.1.2.6. Anything else is the browser's text, which is not for the log.
pub(super) fn known_error(error: &str) -> Cow<'static, str> {
    const KNOWN: [&str; 11] = [
        "invalid_request",
        "unauthorized_client",
        "access_denied",
        "unsupported_response_type",
        "invalid_scope",
        "server_error",
        "temporarily_unavailable",
        "interaction_required",
        "login_required",
        "account_selection_required",
        "consent_required",
    ];
    KNOWN
        .iter()
        .find(|known| **known == error)
        .map_or(Cow::Borrowed("an error that no specification names"), |known| Cow::Borrowed(*known))
}

#[cfg(any(test, fuzzing))]
pub(super) mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_state_and_either_a_code_or_an_error() {
        assert_eq!(Answer::read("state=s&code=c").unwrap().result, Ok(Secret::new("c")));
        assert_eq!(
            Answer::read("state=s&error=access_denied&error_description=x").unwrap().result,
            Err("access_denied".to_owned())
        );
        for bad in [
            "",
            "code=c",
            "state=&code=c",
            "state=s",
            "state=s&code=",
            "state=s&code=c&error=e",
            "state=s&state=t&code=c",
            "state=s&code=c&code=d",
        ] {
            assert!(Answer::read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_error_that_nobody_specified_does_not_reach_the_log() {
        assert_eq!(known_error("server_error"), "server_error");
        assert_eq!(known_error("<script>85073003328"), "an error that no specification names");
    }
}
