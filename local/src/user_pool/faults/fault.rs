//! The faults by name, and the switch.

use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

/// Part of every value that a fault makes up. A page or a log with this text has reflected the fault.
pub const MARK: &str = "m4rk-of-a-fault";

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $fault:ident = $name:literal,)+) => {
        /// A fault of the user pool, or an unusual behaviour.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Fault {
            $($(#[doc = $doc])+ $fault,)+
        }

        impl Fault {
            /// Every fault.
            pub const ALL: &[Self] = &[$(Self::$fault),+];

            /// Its name, such as `invalid-iss`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$fault => $name,)+
                }
            }
        }
    };
}

faults! {
    // The user pool's own session.
    /// The classic hosted UI: it ignores `prompt`. Its session is as old as a real one can be, whenever it began.
    ClassicHostedUi = "classic-hosted-ui",
    /// Every token says that the citizen signed in an hour ago, also just after a sign-in.
    InvalidAuthTime = "invalid-auth-time",

    // The authorization response (RFC 6749, section 4.1.2).
    /// No `state`.
    MissingState = "missing-state",
    /// An unknown `state`.
    InvalidState = "invalid-state",
    /// `state` twice.
    RepeatedState = "repeated-state",
    /// No `code`.
    MissingCode = "missing-code",
    /// An unknown `code`.
    InvalidCode = "invalid-code",
    /// A `code` and an `error` in one response.
    CodeAndError = "code-and-error",
    /// `iss` (RFC 9207) names another server.
    InvalidAuthorizationResponseIss = "invalid-authorization-response-iss",
    /// `iss` names this server, which Cognito does not send. It must be accepted.
    AuthorizationResponseIss = "authorization-response-iss",
    /// `error=server_error` with a script as its description.
    ScriptInErrorDescription = "script-in-error-description",
    /// `error=invalid_request`, because an attribute is missing, in Cognito's words.
    MissingAttribute = "missing-attribute",
    /// `error=invalid_request`, because a mapped attribute cannot be changed.
    ImmutableAttribute = "immutable-attribute",
    /// `error=access_denied`, because the provider could not verify the citizen. Declining gives the same code.
    NotVerified = "not-verified",
    /// `error=invalid_request`, because the provider did not answer the pool.
    ProviderTimesOut = "provider-times-out",
    /// `error=invalid_request`, because the provider refused the pool.
    ProviderFails = "provider-fails",
    /// An error code that is a script itself.
    UnknownError = "unknown-error",

    // The token response (RFC 6749, section 5).
    /// 400 `invalid_grant`, with a script as its description.
    TokenInvalidGrant = "token-invalid-grant",
    /// 400 `invalid_client`.
    TokenInvalidClient = "token-invalid-client",
    /// 400 with a page.
    Token400 = "token-400",
    /// 500 with a page.
    Token500 = "token-500",
    /// 429.
    Token429 = "token-429",
    /// No response, ever.
    TokenHangs = "token-hangs",
    /// One byte at a time, without end.
    TokenTrickles = "token-trickles",
    /// 50 MB before the end of the JSON.
    Token50Megabytes = "token-50-megabytes",
    /// 200 and an empty body.
    TokenEmpty = "token-empty",
    /// Half of the JSON.
    TokenHalf = "token-half",
    /// A good response as `text/html`.
    TokenContentType = "token-content-type",
    /// 307 to another endpoint of this server.
    TokenRedirects = "token-redirects",
    /// No `id_token`.
    MissingIdToken = "missing-id-token",
    /// No `access_token`.
    MissingAccessToken = "missing-access-token",
    /// `token_type` is `mac`, which is not supported.
    InvalidTokenType = "invalid-token-type",
    /// `token_type` in lower case. It must be accepted.
    TokenTypeLowerCase = "token-type-lower-case",
    /// `token_type` in upper case. It must be accepted.
    TokenTypeUpperCase = "token-type-upper-case",
    /// Text after the JSON.
    TokenTrailingText = "token-trailing-text",
    /// A byte order mark before the JSON (RFC 8259, section 8.1).
    TokenByteOrderMark = "token-byte-order-mark",
    /// `expires_in` as a text. It must be accepted.
    ExpiresInText = "expires-in-text",
    /// `expires_in` with a fraction. It must be accepted.
    ExpiresInFraction = "expires-in-fraction",
    /// No `expires_in`. It must be accepted.
    MissingExpiresIn = "missing-expires-in",
    /// No `refresh_token`. It must be accepted.
    MissingRefreshToken = "missing-refresh-token",

    // The response to a refresh token (RFC 6749, section 6). A sign-in does not change.
    /// 400 `invalid_grant`, as for a revoked refresh token.
    RefreshTokenRevoked = "refresh-token-revoked",
    /// Tokens of another user of the same provider, if the pool has one. Else the response does not change.
    RefreshOtherUser = "refresh-other-user",

    // The ID token's claims (OpenID Connect Core 1.0, section 3.1.3.7).
    /// Another `iss`.
    InvalidIss = "invalid-iss",
    /// No `iss`.
    MissingIss = "missing-iss",
    /// Another `aud`.
    InvalidAud = "invalid-aud",
    /// No `aud`.
    MissingAud = "missing-aud",
    /// A second, untrusted `aud`.
    UntrustedAud = "untrusted-aud",
    /// `azp` names another client.
    InvalidAzp = "invalid-azp",
    /// `aud` as a list of one. It must be accepted.
    AudList = "aud-list",
    /// No `sub`.
    MissingSub = "missing-sub",
    /// No `iat`.
    MissingIat = "missing-iat",
    /// `iat` an hour ahead.
    InvalidIat = "invalid-iat",
    /// `iat` half a minute ahead, within the allowed clock skew. It must be accepted.
    SkewedIat = "skewed-iat",
    /// No `exp`.
    MissingExp = "missing-exp",
    /// `exp` an hour ago.
    InvalidExp = "invalid-exp",
    /// Another `nonce`.
    NonceInvalid = "nonce-invalid",
    /// No `nonce`.
    MissingNonce = "missing-nonce",
    /// `at_hash` of another token.
    InvalidAthash = "invalid-athash",
    /// No `at_hash`. It must be accepted.
    MissingAthash = "missing-athash",
    /// `token_use` is `access`.
    InvalidTokenUse = "invalid-token-use",
    /// No `token_use`.
    MissingTokenUse = "missing-token-use",
    /// `identities` name another provider.
    InvalidIdentities = "invalid-identities",
    /// `identities` name another provider besides the one chosen.
    LinkedIdentities = "linked-identities",
    /// No `identities`.
    MissingIdentities = "missing-identities",
    /// `identities` say that the provider of a SAML user speaks OpenID Connect. Those of other users do not change.
    InvalidProviderType = "invalid-provider-type",
    /// No `email`. The sign-in of a citizen must be accepted.
    MissingEmail = "missing-email",
    /// No `custom:eid`.
    MissingEid = "missing-eid",
    /// An empty `custom:eid`.
    EmptyEid = "empty-eid",
    /// `custom:eid` of 257 characters.
    LongEid = "long-eid",
    /// A control character in `custom:eid`.
    ControlInEid = "control-in-eid",
    /// `custom:eid` is a placeholder for a missing value.
    PlaceholderEid = "placeholder-eid",
    /// `custom:eid` is an invisible character.
    InvisibleEid = "invisible-eid",
    /// `custom:eid` is a number whose check digits are wrong.
    MistypedEid = "mistyped-eid",
    /// No `auth_time`. It must be accepted.
    MissingAuthTime = "missing-auth-time",
    /// `auth_time` as a text. It must be accepted.
    AuthTimeText = "auth-time-text",
    /// `custom:eid` with points and dashes. It must be accepted.
    SeparatedEid = "separated-eid",

    // The ID token's signature (RFC 7515).
    /// Not signed: `alg` is `none`.
    IdtokenSigNone = "idtoken-sig-none",
    /// HS256 with the public key as the secret.
    InvalidSigHs256 = "invalid-sig-hs256",
    /// ES256 with an unpublished key.
    InvalidSigEs256 = "invalid-sig-es256",
    /// RS256 with a bit of the signature changed.
    InvalidSigRs256 = "invalid-sig-rs256",
    /// RS256 by another key, under the `kid` of the right one.
    InvalidKey = "invalid-key",
    /// A header that declares an access token (RFC 9068).
    AccessTokenType = "access-token-type",
    /// A header with the whole media type (RFC 7515, section 4.1.9). It must be accepted.
    WholeMediaType = "whole-media-type",
    /// The access token in place of the ID token.
    AccessTokenAsIdToken = "access-token-as-id-token",

    // The signing keys (RFC 7517).
    /// One key without `kid`, and none in the token. It must be accepted.
    KidAbsentSingleJwks = "kid-absent-single-jwks",
    /// No `kid` in the token, and several keys.
    KidAbsentMultipleJwks = "kid-absent-multiple-jwks",
    /// A `kid` that no key has.
    UnknownKid = "unknown-kid",
    /// New keys before each token. It must be accepted.
    SigningKeyRotationJustBeforeSigning = "signing-key-rotation-just-before-signing",
    /// Unusable keys among the good ones. It must be accepted.
    UnusableKeysInJwks = "unusable-keys-in-jwks",
    /// New keys before each token, and the key set answers 500.
    Jwks500 = "jwks-500",
    /// New keys before each token, and the key set does not answer.
    JwksHangs = "jwks-hangs",
    /// New keys before each token, and an empty key set.
    JwksEmpty = "jwks-empty",
    /// New keys before each token, and a page in place of the key set.
    JwksNotJson = "jwks-not-json",
}

impl Fault {
    /// Whether new keys are generated before each token.
    pub(in crate::user_pool) const fn rotates(self) -> bool {
        matches!(
            self,
            Self::SigningKeyRotationJustBeforeSigning
                | Self::Jwks500
                | Self::JwksHangs
                | Self::JwksEmpty
                | Self::JwksNotJson
        )
    }
}

/// No fault has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no fault has this name")]
pub struct UnknownFault;

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name).ok_or(UnknownFault)
    }
}

/// The fault that is on, if any is.
#[derive(Default)]
pub(in crate::user_pool) struct Switch(RwLock<Option<Fault>>);

impl Switch {
    pub(in crate::user_pool) fn set(&self, fault: Option<Fault>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    pub(in crate::user_pool) fn get(&self) -> Option<Fault> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Fault, UnknownFault};

    #[test]
    fn each_fault_has_its_own_name() {
        let names: HashSet<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
        assert_eq!(names.len(), Fault::ALL.len());
        assert!(Fault::ALL.iter().all(|fault| fault.name().parse() == Ok(*fault)));
        assert_eq!("invalid".parse::<Fault>(), Err(UnknownFault));
    }
}
