use std::{fmt, path::PathBuf};

use super::{Endpoint, Source, cognito::non_empty};
use crate::secret::Secret;

/// `[providers.bridge]`: for a provider that demands what Cognito cannot send. Cognito has the bridge's addresses in the
/// place of the provider's own: `{public_url}/federation/{id}/authorize` and `/token`.
///
/// Environment: `MYDATA_PROVIDERS__0__BRIDGE__CLIENT_ID`, `__CLIENT_SECRET`, and so on by index.
#[derive(Clone, Debug)]
pub struct Bridge {
    /// `client_id`: what the provider registered this deployment as; an URN at Login.gov. Cognito sends the same.
    pub client_id: String,
    /// `client_secret`: what Cognito proves itself with to the bridge. The provider never sees it.
    pub client_secret: Secret,
    /// `issuer`: of the provider's ID tokens, compared character for character.
    pub issuer: Endpoint,
    /// `authorization_endpoint`: of the provider.
    pub authorization_endpoint: Endpoint,
    /// `token_endpoint`: of the provider, and the audience of the assertions.
    pub token_endpoint: Endpoint,
    /// `jwks_uri`: of the provider.
    pub jwks_uri: Endpoint,
    /// `parameters`: name and value of what is added to an authorization request, such as `acr_values`.
    pub parameters: Vec<(String, String)>,
    /// `accepted_acr`: what `acr` in the provider's ID token may be; by default, each of the `acr_values` among the parameters.
    /// Empty where nothing was asked for.
    pub accepted_acr: Vec<String>,
    /// Where the private keys are that assertions are signed with; the first one signs, all are published.
    pub signing_keys: Vec<SigningKeySource>,
}

/// Where a private key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningKeySource {
    /// One of `signing_key_files`: PEM (PKCS#8), or a private JWK (RFC 7517).
    File(PathBuf),
    /// One of `signing_key_secret_arns`: a secret of AWS Secrets Manager that holds the same.
    SecretArn(String),
}

impl fmt::Display for SigningKeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::SecretArn(arn) => f.write_str(arn),
        }
    }
}

impl Bridge {
    /// Parameters that Cognito or the bridge sends itself, and those that would take the place of a whole request (OpenID Connect
    /// Core 1.0, 6).
    const NOT_TO_BE_ADDED: [&str; 14] = [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "nonce",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "code_challenge",
        "code_challenge_method",
        "request",
        "request_uri",
    ];

    /// The bridge under `prefix` (`providers.0.bridge`); `Some(None)` where there is none, `None` where it has a fault.
    pub(super) fn read(source: &mut Source, prefix: &str) -> Option<Option<Self>> {
        if !source.has_below(prefix) {
            return Some(None);
        }
        let key = |name: &str| format!("{prefix}.{name}");
        let client_id = source.required(&key("client_id"), "the client id at the provider", non_empty);
        let expected = "a secret of 32 characters or more (openssl rand -base64 32); the same in the user pool";
        let client_secret = source.required(&key("client_secret"), expected, |text| {
            non_empty(text).filter(|secret| secret.len() >= 32).map(Secret::new)
        });
        let issuer =
            source.required(&key("issuer"), "the issuer, as the provider's discovery document has it", Endpoint::parse);
        let mut endpoint = |name| source.required(&key(name), Endpoint::EXPECTED, Endpoint::parse);
        let authorization_endpoint = endpoint("authorization_endpoint");
        let token_endpoint = endpoint("token_endpoint");
        let jwks_uri = endpoint("jwks_uri");
        let parameters = Self::parameters(source, &key("parameters"));
        let accepted_acr = source.list(&key("accepted_acr"));
        let asked_for = |parameters: &[(String, String)]| {
            let values = parameters.iter().filter(|(name, _)| name.eq_ignore_ascii_case("acr_values"));
            values.flat_map(|(_, value)| value.split_ascii_whitespace().map(str::to_owned)).collect()
        };
        let accepted_acr = accepted_acr.or_else(|| parameters.as_deref().map(asked_for));
        let files = source.list(&key("signing_key_files")).unwrap_or_default();
        let arns = source.list(&key("signing_key_secret_arns")).unwrap_or_default();
        let files = files.into_iter().map(|path| SigningKeySource::File(PathBuf::from(path)));
        let signing_keys: Vec<_> = files.chain(arns.into_iter().map(SigningKeySource::SecretArn)).collect();
        if signing_keys.is_empty() {
            source
                .fault(&key("signing_key_files"), "is missing; expected a file that `server federation new-key` made");
            return None;
        }
        Some(Some(Self {
            client_id: client_id?,
            client_secret: client_secret?,
            issuer: issuer?,
            authorization_endpoint: authorization_endpoint?,
            token_endpoint: token_endpoint?,
            jwks_uri: jwks_uri?,
            parameters: parameters?,
            accepted_acr: accepted_acr?,
            signing_keys,
        }))
    }

    fn parameters(source: &mut Source, key: &str) -> Option<Vec<(String, String)>> {
        let written = source.list(key).unwrap_or_default();
        let parsed = written.iter().map(|one| {
            let (name, value) = one.split_once('=')?;
            let fits = !name.is_empty() && !Self::NOT_TO_BE_ADDED.iter().any(|taken| taken.eq_ignore_ascii_case(name));
            fits.then(|| (name.to_owned(), value.to_owned()))
        });
        let parsed: Option<Vec<_>> = parsed.collect();
        let is_new = |(place, (name, _)): (usize, &(String, String)), all: &[(String, String)]| {
            !all[..place].iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
        };
        let parsed = parsed.filter(|all| all.iter().enumerate().all(|one| is_new(one, all)));
        if parsed.is_none() {
            source.fault(
                key,
                "expected name=value each, such as acr_values=urn:acr.login.gov:auth-only; no name twice, and none that Cognito or the bridge sends",
            );
        }
        parsed
    }
}
