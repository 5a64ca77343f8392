//! The parameters of the callback (RFC 6749, 4.1.2).

use super::hint::{Hint, hint};
use crate::{
    oidc::{Repeated, parameter},
    secret::Secret,
};

/// An authorization response.
pub(super) struct AuthorizationResponse {
    pub(super) state: Secret,
    pub(super) issuer: Option<String>,
    /// What an error may mean.
    pub(super) hint: Option<&'static Hint>,
    /// The code, or the error.
    pub(super) result: Result<Secret, String>,
}

impl AuthorizationResponse {
    /// Requires a state, and either a code or an error. No parameter may be repeated (RFC 6749, 3.1).
    pub(super) fn read(query: &str) -> Result<Self, &'static str> {
        let single = |name| parameter(query, name).map_err(|Repeated| "a parameter was sent twice");
        let (state, issuer, code, error) = (single("state")?, single("iss")?, single("code")?, single("error")?);
        let state = state.filter(|state| !state.is_empty()).ok_or("state is missing")?;
        let result = match (code.filter(|code| !code.is_empty()), error) {
            (Some(code), None) => Ok(Secret::new(code)),
            (None, Some(error)) => Err(error),
            (Some(_), Some(_)) => return Err("code and error were both sent"),
            (None, None) => return Err("neither code nor error was sent"),
        };
        let hint = parameter(query, "error_description").ok().flatten().and_then(|description| hint(&description));
        Ok(Self { state: Secret::new(state), issuer, hint, result })
    }
}

#[cfg(any(test, fuzzing))]
pub(super) mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_has_a_state_and_either_a_code_or_an_error() {
        assert_eq!(AuthorizationResponse::read("state=s&code=c").unwrap().result, Ok(Secret::new("c")));
        assert_eq!(
            AuthorizationResponse::read("state=s&error=access_denied&error_description=x").unwrap().result,
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
            assert!(AuthorizationResponse::read(bad).is_err(), "{bad}");
        }
    }
}
