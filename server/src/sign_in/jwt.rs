//! What every ID token is held to, the user pool's own and those of providers behind the bridge.

use jsonwebtoken::{Algorithm, Header, Validation};
use serde_json::Value;
use time::OffsetDateTime;

/// How far the clock of the issuer and that of this server may differ, in seconds.
pub(crate) const SKEW: u64 = 60;

/// Signed with RS256, with an `exp` that is not past and no `nbf` that is to come.
pub(crate) fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_required_spec_claims(&["exp"]);
    validation.leeway = SKEW;
    validation.validate_nbf = true;
    // `is_for_alone` is stricter: the library is content with one good audience among others.
    validation.validate_aud = false;
    validation
}

/// What is wrong with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderFault {
    /// It is not RS256, or there is something in it that must be understood and is not (RFC 7515, 4.1.11).
    Algorithm,
    /// It says that it is something else than a JWT; an access token says so here (RFC 9068, 2.1).
    Type,
}

/// Whether `header` is that of an ID token. The key is never chosen by the token's algorithm.
pub(crate) fn check_header(header: &Header) -> Result<(), HeaderFault> {
    if header.alg != Algorithm::RS256 || header.crit.is_some() {
        return Err(HeaderFault::Algorithm);
    }
    match &header.typ {
        Some(kind) if !kind.eq_ignore_ascii_case("JWT") => Err(HeaderFault::Type),
        _ => Ok(()),
    }
}

/// Whether `iat` is there and not in the future.
pub(crate) fn is_issued(issued_at: Option<f64>) -> bool {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    issued_at.is_some_and(|issued_at| issued_at <= (now + SKEW.cast_signed()) as f64)
}

/// Whether `azp`, if it is there, names `client_id` (OpenID Connect Core 1.0, 3.1.3.7, 5).
pub(crate) fn is_issued_to(party: Option<&Value>, client_id: &str) -> bool {
    party.is_none_or(|party| party == client_id)
}

/// Whether `aud` names `client_id`, and nobody else (OpenID Connect Core 1.0, 3.1.3.7, 3).
pub(crate) fn is_for_alone(audience: Option<&Value>, client_id: &str) -> bool {
    match audience {
        Some(Value::String(audience)) => audience == client_id,
        Some(Value::Array(audiences)) => {
            !audiences.is_empty() && audiences.iter().all(|audience| audience == client_id)
        }
        _ => false,
    }
}
