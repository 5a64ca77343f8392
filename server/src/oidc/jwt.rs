//! Rules for every ID token: the user pool's own and those of providers behind the bridge.

use jsonwebtoken::{Algorithm, Header, Validation};
use serde_json::Value;
use time::OffsetDateTime;

/// How far the issuer's clock and ours may differ, in seconds.
pub const MAX_CLOCK_SKEW: u64 = 60;

/// Requires RS256, an `exp` in the future, and no `nbf` in the future.
pub fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_required_spec_claims(&["exp"]);
    validation.leeway = MAX_CLOCK_SKEW;
    validation.validate_nbf = true;
    // `is_sole_audience` is stricter: the library accepts other audiences besides ours.
    validation.validate_aud = false;
    validation
}

/// Why a header is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// The algorithm is not RS256, or `crit` names extensions, none of which we support (RFC 7515, 4.1.11).
    Algorithm,
    /// `typ` is not JWT, as in access tokens (`at+jwt`: RFC 9068, 2.1).
    Type,
}

/// Checks the header of an ID token. The token's algorithm never selects the key.
pub fn check_header(header: &Header) -> Result<(), HeaderError> {
    if header.alg != Algorithm::RS256 || header.crit.is_some() {
        return Err(HeaderError::Algorithm);
    }
    match &header.typ {
        // A media type, with or without `application/`, in any case (RFC 7515, 4.1.9).
        Some(kind) if !["JWT", "application/jwt"].iter().any(|jwt| kind.eq_ignore_ascii_case(jwt)) => {
            Err(HeaderError::Type)
        }
        _ => Ok(()),
    }
}

/// Whether `iat` is present and not in the future.
pub fn is_issued(issued_at: Option<f64>) -> bool {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    issued_at.is_some_and(|issued_at| issued_at <= (now + MAX_CLOCK_SKEW.cast_signed()) as f64)
}

/// Whether `azp` is absent or `client_id` (OpenID Connect Core 1.0, 3.1.3.7, 5).
pub fn is_issued_to(party: Option<&Value>, client_id: &str) -> bool {
    party.is_none_or(|party| party == client_id)
}

/// Whether `aud` names `client_id` and no other audience (OpenID Connect Core 1.0, 3.1.3.7, 3).
pub fn is_sole_audience(audience: Option<&Value>, client_id: &str) -> bool {
    match audience {
        Some(Value::String(audience)) => audience == client_id,
        Some(Value::Array(audiences)) => {
            !audiences.is_empty() && audiences.iter().all(|audience| audience == client_id)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_a_media_type_in_any_case() {
        let header = |kind: Option<&str>| Header { typ: kind.map(str::to_owned), ..Header::new(Algorithm::RS256) };
        for good in [None, Some("JWT"), Some("jwt"), Some("Jwt"), Some("application/jwt"), Some("APPLICATION/JWT")] {
            assert_eq!(check_header(&header(good)), Ok(()), "{good:?}");
        }
        for bad in
            ["", "at+jwt", "application/at+jwt", "application/", "text/jwt", "application/application/jwt", "JWT "]
        {
            assert_eq!(check_header(&header(Some(bad))), Err(HeaderError::Type), "{bad}");
        }
    }
}
