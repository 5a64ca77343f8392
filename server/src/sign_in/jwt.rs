//! What every ID token is held to, the user pool's own and those of providers behind the bridge.

use jsonwebtoken::{Algorithm, Validation};
use serde_json::Value;

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
