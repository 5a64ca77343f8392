//! Who a request is for: the citizen of its bearer token (RFC 6750).

use std::sync::Arc;

use app::{
    Device, DeviceKind,
    pages::{activity::Actor, failure::FailureKind, problems::ProblemKind},
};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    citizen::{Profile, Pseudonyms, RecordKeys},
    config::{Config, Provider},
    failure::{
        Failure,
        problem::{CHALLENGE, Problem},
    },
    id_token::{IdToken, IdTokenError, UserPool},
    layers::Subjects,
    metrics::{Counters, TokenRefusal},
    oidc::{Asker, KeyLookupError, Keys},
    records::By,
    request_context::RequestContext,
    secret::Secret,
    security_log::{Repeated, SecurityLog},
};

/// Accepts ID tokens of the user pool by the rules of a sign-in, without the nonce, which only the app knows.
#[derive(Debug)]
pub struct Authority {
    issuer: String,
    client_id: String,
    providers: Vec<Provider>,
    keys: Arc<Keys>,
    pseudonyms: Arc<Pseudonyms>,
    subjects: Subjects,
    security: SecurityLog,
    refused: Counters<TokenRefusal>,
}

/// The citizen of a token that was accepted.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// Where the citizen's records are.
    pub keys: RecordKeys,
    /// The id of the provider that vouches for the citizen.
    pub provider: String,
    /// What the provider shared.
    pub profile: Profile,
    /// The number of the entry of the activity that counts what is read with the token.
    pub token: Uuid,
    /// When the token was issued.
    pub issued_at: OffsetDateTime,
}

impl Bearer {
    /// As who a request is recorded in the citizen's activity.
    pub(super) fn by(&self, context: &RequestContext) -> By {
        By {
            provider: Some(self.provider.clone()),
            device: Device { kind: DeviceKind::Program, ..Device::default() },
            session: None,
            reference: context.reference,
            actor: Actor::Api,
        }
    }
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NoToken {
    /// The request brings none. Other schemes count as none (RFC 6750, 3.1).
    Missing,
    /// The header cannot be read, or there are several.
    Malformed,
}

impl Authority {
    /// For the user pool and the providers of `config`.
    pub fn new(
        config: &Config,
        keys: Arc<Keys>,
        pseudonyms: Arc<Pseudonyms>,
        subjects: Subjects,
        security: SecurityLog,
    ) -> Self {
        Self {
            issuer: config.cognito.issuer.as_str().to_owned(),
            client_id: config.cognito.client_id.clone(),
            providers: config
                .providers
                .iter()
                .filter(|provider| !config.is_for_case_workers(provider))
                .cloned()
                .collect(),
            keys,
            pseudonyms,
            subjects,
            security,
            refused: Counters::default(),
        }
    }

    /// The same, with tokens that are not accepted counted by `refused`.
    pub fn counted_by(self, refused: Counters<TokenRefusal>) -> Self {
        Self { refused, ..self }
    }

    /// The citizen of the token in `headers`.
    ///
    /// # Errors
    /// There is no token, or it is not accepted; or there are too many requests for this citizen.
    async fn identify(&self, headers: &HeaderMap, context: &RequestContext) -> Result<Bearer, Problem> {
        let token = token(headers).map_err(Problem::from)?;
        let bearer = self.verify(&token).await.map_err(|error| {
            let problem = refusal(error);
            if error != IdTokenError::Key(KeyLookupError::Unavailable) {
                self.refused.count(kind(error));
                self.security.record_repeated(context, Repeated::RefusedToken(description(error)));
            }
            problem
        })?;
        if !self.subjects.allows(bearer.keys.current.as_str()) {
            let reason = "too many requests with tokens of one citizen";
            return Err(Problem::from(Failure::new(FailureKind::TooMany, reason)).at_provider(&bearer.provider));
        }
        Ok(bearer)
    }

    async fn verify(&self, token: &Secret) -> Result<Bearer, IdTokenError> {
        let pool = UserPool { issuer: &self.issuer, client_id: &self.client_id, keys: &self.keys };
        let token = IdToken::verify(token, pool, Asker::Stranger).await?;
        let issued_at = OffsetDateTime::from_unix_timestamp(token.issued_at()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let number = number_of(token.hash(), issued_at);
        let (identity, provider) = token.identity_at_one_of(&self.providers)?;
        Ok(Bearer {
            keys: self.pseudonyms.of(&provider.namespace, &identity.eid),
            provider: provider.id.clone(),
            profile: identity.profile,
            token: number,
            issued_at,
        })
    }
}

/// The number of a token's entry in the activity: a UUIDv7 (RFC 9562, 5.7) of the time at which the token was issued, with the beginning
/// of its `hash` instead of random bits. So each server finds the same entry.
fn number_of(hash: &[u8], issued_at: OffsetDateTime) -> Uuid {
    let bits = hash.first_chunk().copied().unwrap_or_default();
    let milliseconds = u64::try_from(issued_at.unix_timestamp()).unwrap_or_default().saturating_mul(1_000);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &bits).into_uuid()
}

/// Opens a route to requests with a token that is accepted. Its handlers can extract a [`Bearer`].
pub(super) fn bearers<S: Clone + Send + Sync + 'static>(
    authority: &Arc<Authority>,
    methods: MethodRouter<S>,
) -> MethodRouter<S> {
    methods.route_layer(middleware::from_fn_with_state(Arc::clone(authority), require_token))
}

async fn require_token(State(authority): State<Arc<Authority>>, mut request: Request, next: Next) -> Response {
    match authority.identify(request.headers(), &RequestContext::of(&request)).await {
        Ok(bearer) => {
            request.extensions_mut().insert(bearer);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let missing = || Failure::new(FailureKind::Internal, "a route that is not for bearers requires one").into();
        parts.extensions.get().cloned().ok_or_else(missing)
    }
}

/// The token of the one `Authorization` header (RFC 6750, 2.1). One in the query or in a form is never read.
fn token(headers: &HeaderMap) -> Result<Secret, NoToken> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = match (lines.next(), lines.next()) {
        (None, _) => return Err(NoToken::Missing),
        (Some(line), None) => line.to_str().map_err(|_| NoToken::Malformed)?,
        _ => return Err(NoToken::Malformed),
    };
    let (scheme, credentials) = line.split_once(' ').unwrap_or((line, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(NoToken::Missing);
    }
    let token = credentials.trim_matches(' ');
    is_b64token(token).then(|| Secret::new(token)).ok_or(NoToken::Malformed)
}

/// `b64token` (RFC 6750, 2.1).
fn is_b64token(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

impl From<NoToken> for Problem {
    fn from(reason: NoToken) -> Self {
        match reason {
            NoToken::Missing => {
                let detail = "Send an ID token of the user pool in the header Authorization, with the scheme Bearer.";
                Self::new(ProblemKind::Unauthenticated, detail, "no bearer token").unauthenticated()
            }
            NoToken::Malformed => {
                let detail = "Send one header Authorization, with the scheme Bearer, a space and the token.";
                Self::new(ProblemKind::InvalidRequest, detail, "the header Authorization cannot be read")
                    .with_header(header::WWW_AUTHENTICATE, challenge("invalid_request", None))
                    .unauthenticated()
            }
        }
    }
}

/// The problem with a token that is not accepted.
fn refusal(error: IdTokenError) -> Problem {
    let reason = format!("the ID token is rejected: {error}");
    if error == IdTokenError::Key(KeyLookupError::Unavailable) {
        return Failure::new(FailureKind::Unavailable, reason).into();
    }
    let description = description(error);
    Problem::new(ProblemKind::Unauthenticated, description, reason)
        .with_header(header::WWW_AUTHENTICATE, challenge("invalid_token", Some(description)))
        .unauthenticated()
}

/// What the sender of a token is told. It names no setting of the server.
const fn description(error: IdTokenError) -> &'static str {
    match error {
        IdTokenError::Malformed => "The token is not a readable JWT.",
        IdTokenError::Algorithm => "The token is not signed with RS256.",
        IdTokenError::Type => "The type of the token is not JWT.",
        IdTokenError::Key(_) => "The user pool has no key with the kid of the token.",
        IdTokenError::Signature => "The signature of the token is wrong.",
        IdTokenError::Issuer => "The token comes from another issuer.",
        IdTokenError::Audience => "The token is for another app client.",
        IdTokenError::Subject => "The token has no subject.",
        IdTokenError::Expired => "The token has expired.",
        IdTokenError::IssuedAt => "The token is not valid yet.",
        IdTokenError::Use => "The token is not an ID token.",
        IdTokenError::NoIdentities | IdTokenError::Provider | IdTokenError::NotSaml | IdTokenError::UnknownProvider => {
            "The token does not name one identity provider of this service."
        }
        IdTokenError::Eid(_) => "The token has no number that identifies a citizen.",
    }
}

/// What a refused token counts as.
const fn kind(error: IdTokenError) -> TokenRefusal {
    match error {
        IdTokenError::Malformed | IdTokenError::Algorithm | IdTokenError::Type => TokenRefusal::Malformed,
        IdTokenError::Key(_) | IdTokenError::Signature => TokenRefusal::Signature,
        IdTokenError::Issuer | IdTokenError::Audience | IdTokenError::Use => TokenRefusal::Audience,
        IdTokenError::Expired | IdTokenError::IssuedAt => TokenRefusal::Time,
        IdTokenError::Subject
        | IdTokenError::NoIdentities
        | IdTokenError::Provider
        | IdTokenError::NotSaml
        | IdTokenError::UnknownProvider
        | IdTokenError::Eid(_) => TokenRefusal::Identity,
    }
}

/// A challenge that says why the credentials are refused (RFC 6750, 3).
fn challenge(code: &str, description: Option<&'static str>) -> HeaderValue {
    let description = description.map(|text| format!(", error_description=\"{text}\"")).unwrap_or_default();
    let text = format!("{CHALLENGE}, error=\"{code}\"{description}");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(CHALLENGE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citizen::EidError;

    fn token_in(lines: &[&[u8]]) -> Result<String, NoToken> {
        let line = |line: &&[u8]| (header::AUTHORIZATION, HeaderValue::from_bytes(line).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in lines.iter().map(line) {
            headers.append(name, value);
        }
        token(&headers).map(Secret::into_string)
    }

    #[test]
    fn a_token_is_in_one_header_with_the_scheme_bearer() {
        for line in ["Bearer a.b-c_d", "bearer a.b-c_d", "BEARER a.b-c_d", "Bearer  a.b-c_d", "Bearer a.b-c_d "] {
            assert_eq!(token_in(&[line.as_bytes()]).as_deref(), Ok("a.b-c_d"), "{line}");
        }
        assert_eq!(token_in(&[b"Bearer a~+/=="]).as_deref(), Ok("a~+/=="));
        for lines in [&[][..], &[&b""[..]], &[b"Basic YTpi"], &[b"Bearer2 a"], &[b"a.b.c"], &[b"DPoP a"]] {
            assert_eq!(token_in(lines), Err(NoToken::Missing), "{lines:?}");
        }
        for lines in [
            &[&b"Bearer"[..]][..],
            &[b"Bearer "],
            &[b"Bearer a b"],
            &[b"Bearer a,b"],
            &[b"Bearer \"a\""],
            &[b"Bearer ="],
            &[b"Bearer a=b"],
            &[b"Bearer a\xc3\xa9"],
            &[b"Bearer a", b"Bearer a"],
            &[b"Bearer a", b"Basic YTpi"],
        ] {
            assert_eq!(token_in(lines), Err(NoToken::Malformed), "{lines:?}");
        }
    }

    #[test]
    fn a_token_has_one_number_with_its_time() {
        let issued_at = OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap();
        let number = number_of(&[7; 32], issued_at);
        assert_eq!(number, number_of(&[7; 32], issued_at));
        assert_eq!(number.get_timestamp().unwrap().to_unix(), (1_700_000_000, 0));
        assert_ne!(number, number_of(&[8; 32], issued_at));
    }

    #[test]
    fn a_challenge_has_only_characters_that_it_may_have() {
        let all = [
            IdTokenError::Malformed,
            IdTokenError::Algorithm,
            IdTokenError::Type,
            IdTokenError::Key(KeyLookupError::Unknown),
            IdTokenError::Signature,
            IdTokenError::Issuer,
            IdTokenError::Audience,
            IdTokenError::Subject,
            IdTokenError::Expired,
            IdTokenError::IssuedAt,
            IdTokenError::Use,
            IdTokenError::NoIdentities,
            IdTokenError::Provider,
            IdTokenError::UnknownProvider,
            IdTokenError::Eid(EidError::Missing),
        ];
        for error in all {
            let text = description(error);
            // RFC 6750, 3: %x20-21 / %x23-5B / %x5D-7E
            assert!(text.bytes().all(|byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)), "{text}");
            let challenge = challenge("invalid_token", Some(text));
            let expected = format!("Bearer realm=\"mydata\", error=\"invalid_token\", error_description=\"{text}\"");
            assert_eq!(challenge, expected);
        }
    }
}
