//! The rules for an accepted token, written from the specifications and not from the code.

use serde_json::Value;
use server::citizen::Profile;

use crate::token::{ACCESS_TOKEN_HASH, CLIENT_ID, ISSUER, KEY_ID, NONCE, PROVIDER, now};

/// The allowed clock skew, and a few seconds for the check itself on a busy machine.
const SKEW: f64 = 60.0 + 5.0;

/// Panics if this header and these claims must not be accepted, or do not match `profile`.
pub fn accepted(header: &str, claims: &str, profile: &Profile) {
    let header: Value = serde_json::from_str(header).expect("a header that is JSON");
    assert_eq!(header["alg"], "RS256");
    assert!(header["crit"].is_null(), "an unknown critical extension");
    let is_jwt = |kind: &str| ["jwt", "application/jwt"].contains(&kind.to_ascii_lowercase().as_str());
    assert!(header["typ"].is_null() || header["typ"].as_str().is_some_and(is_jwt), "a token of another type");
    assert!(header["kid"].is_null() || header["kid"] == KEY_ID, "a key id that is not in the set");

    let claims: Value = serde_json::from_str(claims).expect("claims that are JSON");
    let text = |name: &str| claims[name].as_str();
    let now = now() as f64;
    assert_eq!(text("iss"), Some(ISSUER));
    let alone = |audience: &Value| audience.as_str() == Some(CLIENT_ID);
    let audiences = claims["aud"].as_array();
    assert!(alone(&claims["aud"]) || audiences.is_some_and(|all| !all.is_empty() && all.iter().all(alone)));
    assert!(claims["azp"].is_null() || text("azp") == Some(CLIENT_ID), "issued to another party");
    assert!(text("sub").is_some_and(|sub| !sub.is_empty()));
    assert!(claims["exp"].as_f64().is_some_and(|exp| exp >= now - SKEW), "expired");
    assert!(claims["iat"].as_f64().is_some_and(|iat| iat <= now + SKEW), "issued in the future");
    assert!(claims["nbf"].as_f64().is_none_or(|nbf| nbf <= now + SKEW), "not valid yet");
    assert_eq!(text("nonce"), Some(NONCE));
    assert_eq!(text("token_use"), Some("id"));
    assert!(
        claims["at_hash"].is_null() || text("at_hash") == Some(ACCESS_TOKEN_HASH),
        "the hash of another access token"
    );
    let identities = claims["identities"].as_array().expect("identities");
    let chosen = |identity: &Value| identity["providerName"].as_str() == Some(PROVIDER);
    assert!(!identities.is_empty() && identities.iter().all(chosen), "an identity of another provider");
    let eid = text("custom:eid").expect("an eid");
    let length = eid.trim().chars().count();
    assert!((1..=256).contains(&length) && !eid.chars().any(char::is_control), "an invalid eid");
    assert!(
        eid.chars().any(char::is_alphanumeric) && !eid.contains(['\u{200b}', '\u{feff}']),
        "an eid that shows nothing"
    );
    assert!(!["null", "undefined", "none", "0"].contains(&eid.trim().to_lowercase().as_str()), "a placeholder");

    assert_eq!(profile.eid.as_ref().map(server::secret::Secret::expose), Some(eid));
    for (shown, name) in [(&profile.name, "name"), (&profile.email, "email"), (&profile.birthdate, "birthdate")] {
        assert_eq!(shown.as_deref(), text(name).filter(|value| !value.trim().is_empty()));
    }
}
