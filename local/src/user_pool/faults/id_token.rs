//! Faults of the ID token: its claims and its signature.

use serde_json::{Map, Value, json};

use super::fault::{Fault, MARK};
use super::forgery;
use crate::keys::TokenError;
use crate::random;
use crate::user_pool::signing_keys::SigningKeys;

const HOUR: u64 = 60 * 60;

/// Spoils the claims of an ID token that is issued at `now`.
pub(in crate::user_pool) fn spoil(fault: Option<Fault>, claims: &mut Map<String, Value>, now: u64) {
    let Some(fault) = fault else { return };
    let other = || json!({ "userId": MARK, "providerName": MARK, "providerType": "OIDC", "primary": "true" });
    let (claim, value) = match fault {
        Fault::InvalidIss => ("iss", json!(format!("https://{MARK}.example"))),
        Fault::MissingIss => ("iss", Value::Null),
        Fault::InvalidAud => ("aud", json!(MARK)),
        Fault::MissingAud => ("aud", Value::Null),
        Fault::UntrustedAud => ("aud", json!([claims["aud"], MARK])),
        Fault::InvalidAzp => ("azp", json!(MARK)),
        Fault::AudList => ("aud", json!([claims["aud"]])),
        Fault::MissingSub => ("sub", Value::Null),
        Fault::MissingIat => ("iat", Value::Null),
        Fault::InvalidIat => ("iat", json!(now + HOUR)),
        Fault::SkewedIat => ("iat", json!(now + 30)),
        Fault::MissingExp => ("exp", Value::Null),
        Fault::InvalidExp => ("exp", json!(now - HOUR)),
        Fault::NonceInvalid => ("nonce", json!(MARK)),
        Fault::MissingNonce => ("nonce", Value::Null),
        Fault::InvalidAthash => ("at_hash", json!(random::base64url(&random::sha256(MARK.as_bytes())[..16]))),
        Fault::MissingAthash => ("at_hash", Value::Null),
        Fault::InvalidTokenUse => ("token_use", json!("access")),
        Fault::MissingTokenUse => ("token_use", Value::Null),
        Fault::InvalidIdentities => ("identities", json!([other()])),
        Fault::LinkedIdentities => ("identities", json!([claims["identities"][0], other()])),
        Fault::MissingIdentities => ("identities", Value::Null),
        Fault::InvalidProviderType => ("identities", as_oidc(&claims["identities"])),
        Fault::MissingEmail => ("email", Value::Null),
        Fault::MissingEid => ("custom:eid", Value::Null),
        Fault::EmptyEid => ("custom:eid", json!("")),
        Fault::LongEid => ("custom:eid", json!(format!("{MARK:9<257}"))),
        Fault::ControlInEid => ("custom:eid", json!(format!("{MARK}\u{7}"))),
        Fault::PlaceholderEid => ("custom:eid", json!("N/A")),
        Fault::InvisibleEid => ("custom:eid", json!("\u{200b}")),
        Fault::MistypedEid => ("custom:eid", json!("85073003329")),
        Fault::InvalidAuthTime => ("auth_time", json!(now - HOUR)),
        Fault::MissingAuthTime => ("auth_time", Value::Null),
        Fault::AuthTimeText => ("auth_time", json!(claims["auth_time"].to_string())),
        Fault::SeparatedEid => ("custom:eid", json!(separated(claims.get("custom:eid")))),
        _ => return,
    };
    if value.is_null() {
        claims.remove(claim);
    } else {
        claims.insert(claim.to_owned(), value);
    }
}

/// Signs an ID token. With some faults, the signature does not match the header.
pub(in crate::user_pool) fn sign(
    fault: Option<Fault>,
    keys: &SigningKeys,
    claims: &Map<String, Value>,
    access_token: &str,
) -> Result<String, TokenError> {
    match fault {
        Some(Fault::IdtokenSigNone) => forgery::unsigned(&keys.id, claims),
        Some(Fault::InvalidSigHs256) => forgery::hs256(&keys.id, claims),
        Some(Fault::InvalidSigEs256) => forgery::es256(&keys.id, claims),
        Some(Fault::InvalidSigRs256) => Ok(one_bit_off(&keys.id.sign(claims)?)),
        // The other key of the pool: a valid signature under the wrong `kid`.
        Some(Fault::InvalidKey) => keys.access.sign_as(Some(keys.id.kid()), claims),
        Some(Fault::WholeMediaType) => keys.id.sign_typed("application/jwt", claims),
        Some(Fault::AccessTokenType) => keys.id.sign_typed("at+jwt", claims),
        Some(Fault::AccessTokenAsIdToken) => Ok(access_token.to_owned()),
        Some(Fault::KidAbsentSingleJwks | Fault::KidAbsentMultipleJwks) => keys.id.sign_as(None, claims),
        Some(Fault::UnknownKid) => keys.id.sign_as(Some(MARK), claims),
        _ => keys.id.sign(claims),
    }
}

/// `85073003328` with the separators that a card shows.
fn separated(eid: Option<&Value>) -> String {
    let digits = eid.and_then(Value::as_str).unwrap_or_default();
    match digits.as_bytes() {
        [_, _, _, _, _, _, _, _, _, _, _] => {
            format!("{}.{}.{}-{}.{}", &digits[..2], &digits[2..4], &digits[4..6], &digits[6..9], &digits[9..])
        }
        _ => digits.to_owned(),
    }
}

/// The identities of a SAML user as if its provider spoke OpenID Connect. Those of other users stay as they are.
fn as_oidc(identities: &Value) -> Value {
    let mut identities = identities.clone();
    for identity in identities.as_array_mut().into_iter().flatten() {
        if identity["providerType"] == "SAML" {
            identity["providerType"] = json!("OIDC");
            identity["issuer"] = Value::Null;
        }
    }
    identities
}

fn one_bit_off(token: &str) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let mut signature = random::from_base64url(signature).unwrap_or_default();
    if let Some(byte) = signature.first_mut() {
        *byte ^= 1;
    }
    format!("{input}.{}", random::base64url(&signature))
}
