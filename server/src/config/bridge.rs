use std::{fmt, path::PathBuf};

use super::{ClientSecret, Endpoint, Source, cognito::non_empty};
use crate::providers::BridgeDefaults;

/// `[providers.bridge]`: for a provider that Cognito cannot talk to directly. In Cognito, the bridge's addresses
/// replace the provider's own: `{public_url}/federation/{id}/authorize` and `/token`.
///
/// Environment: `MYDATA_PROVIDERS__0__BRIDGE__CLIENT_ID`, `__CLIENT_SECRET`, `__CLIENT_SECRET_ARN`, and so on by index.
#[derive(Clone, Debug)]
pub struct BridgeSettings {
    /// `client_id`: the client id at the provider, a URN at some. Cognito uses the same.
    pub client_id: String,
    /// `client_secret`, or `client_secret_arn`: authenticates Cognito to the bridge. The provider never receives it.
    pub client_secret: ClientSecret,
    /// `previous_client_secret`, or `previous_client_secret_arn`: also accepted, while the user pool changes from this secret to
    /// `client_secret`.
    ///
    /// Environment: `MYDATA_PROVIDERS__0__BRIDGE__PREVIOUS_CLIENT_SECRET`, `__PREVIOUS_CLIENT_SECRET_ARN`.
    pub previous_client_secret: Option<ClientSecret>,
    /// `issuer`: of the provider's ID tokens, compared character by character.
    pub issuer: Endpoint,
    /// `authorization_endpoint`: of the provider.
    pub authorization_endpoint: Endpoint,
    /// `token_endpoint`: of the provider.
    pub token_endpoint: Endpoint,
    /// `jwks_uri`: of the provider.
    pub jwks_uri: Endpoint,
    /// `parameters`: names and values to add to authorization requests, such as `acr_values`.
    pub parameters: Vec<(String, String)>,
    /// `accepted_acr`: the accepted values of `acr` in the provider's ID token. Default: the `acr_values` among the
    /// parameters. If it is empty, `acr` is not checked.
    pub accepted_acr: Vec<String>,
    /// `assertion_audience`: the audience of the assertions.
    ///
    /// Environment: `MYDATA_PROVIDERS__0__BRIDGE__ASSERTION_AUDIENCE`.
    pub assertion_audience: AssertionAudience,
    /// The private keys. The first one signs assertions; the public keys of all are published.
    pub signing_keys: Vec<SigningKeySource>,
}

/// The audience of the bridge's assertions: what the provider calls itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionAudience {
    /// `token_endpoint`, as in RFC 7523, 3, and OpenID Connect Core 1.0, 9.
    TokenEndpoint,
    /// `issuer`, the only audience in the update of RFC 7523 (draft-ietf-oauth-rfc7523bis).
    Issuer,
}

impl AssertionAudience {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "token_endpoint" => Some(Self::TokenEndpoint),
            "issuer" => Some(Self::Issuer),
            _ => None,
        }
    }
}

/// Where a private key is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningKeySource {
    /// One of `signing_key_files`: PEM (PKCS#8), or a private JWK (RFC 7517).
    File(PathBuf),
    /// One of `signing_key_secret_arns`: a secret in AWS Secrets Manager with the same content.
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

impl BridgeSettings {
    /// Parameters that Cognito or the bridge sends itself, and those that would replace the whole request (OpenID
    /// Connect Core 1.0, 6).
    const RESERVED_PARAMETERS: [&str; 14] = [
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

    /// What is wrong with a previous secret that has not changed.
    pub const SAME_SECRETS: &str =
        "is the same as client_secret; expected the one that the user pool had before, or nothing";

    /// Reads the bridge under `prefix` (`providers.0.bridge`). `Some(None)` means no bridge; `None` means that it has a
    /// fault. Endpoints that are not set are the paths of `defaults` below the issuer.
    pub(super) fn read(source: &mut Source, prefix: &str, defaults: Option<&BridgeDefaults>) -> Option<Option<Self>> {
        if !source.has_below(prefix) {
            return Some(None);
        }
        let key = |name: &str| format!("{prefix}.{name}");
        let client_id = source.required(&key("client_id"), "the client id at the provider", non_empty);
        let expected = "a secret of 32 characters or more (openssl rand -base64 32), the same as in the user pool";
        let client_secret = ClientSecret::required(source, &key("client_secret"), expected, Self::client_secret);
        let expected = "the secret of 32 characters or more that the user pool had before";
        let previous_client_secret =
            ClientSecret::read(source, &key("previous_client_secret"), expected, Self::client_secret);
        if let (Some(current), Some(Some(ClientSecret::Text(previous)))) = (&client_secret, &previous_client_secret)
            && current.is(previous) == Some(true)
        {
            source.fault(&key("previous_client_secret"), Self::SAME_SECRETS);
        }
        let issuer =
            source.required(&key("issuer"), "the issuer from the provider's discovery document", Endpoint::parse);
        let mut endpoint = |name: &str, default: Option<&str>| match (default, &issuer) {
            // A faulty issuer is reported once, and not again for each endpoint.
            (Some(_), None) if !source.has(&key(name)) => None,
            (Some(path), Some(issuer)) => {
                let default = format!("{}{path}", issuer.as_str().trim_end_matches('/'));
                source.with_default(&key(name), Endpoint::EXPECTED, &default, Endpoint::parse)
            }
            _ => source.required(&key(name), Endpoint::EXPECTED, Endpoint::parse),
        };
        let authorization_endpoint = endpoint("authorization_endpoint", defaults.map(|paths| paths.authorization));
        let token_endpoint = endpoint("token_endpoint", defaults.map(|paths| paths.token));
        let jwks_uri = endpoint("jwks_uri", defaults.map(|paths| paths.keys));
        let parameters = Self::parameters(source, &key("parameters"));
        let accepted_acr = source.list(&key("accepted_acr"));
        let requested_acr = |parameters: &[(String, String)]| {
            let values = parameters.iter().filter(|(name, _)| name.eq_ignore_ascii_case("acr_values"));
            values.flat_map(|(_, value)| value.split_ascii_whitespace().map(str::to_owned)).collect()
        };
        let accepted_acr = accepted_acr.or_else(|| parameters.as_deref().map(requested_acr));
        let assertion_audience = source.with_default(
            &key("assertion_audience"),
            "token_endpoint or issuer",
            "token_endpoint",
            AssertionAudience::parse,
        );
        let files = source.list(&key("signing_key_files")).unwrap_or_default();
        let arns = source.list(&key("signing_key_secret_arns")).unwrap_or_default();
        let files = files.into_iter().map(|path| SigningKeySource::File(PathBuf::from(path)));
        let signing_keys: Vec<_> = files.chain(arns.into_iter().map(SigningKeySource::SecretArn)).collect();
        if signing_keys.is_empty() {
            source
                .fault(&key("signing_key_files"), "is missing; expected a file created by `server federation new-key`");
            return None;
        }
        Some(Some(Self {
            client_id: client_id?,
            client_secret: client_secret?,
            previous_client_secret: previous_client_secret?,
            issuer: issuer?,
            authorization_endpoint: authorization_endpoint?,
            token_endpoint: token_endpoint?,
            jwks_uri: jwks_uri?,
            parameters: parameters?,
            accepted_acr: accepted_acr?,
            assertion_audience: assertion_audience?,
            signing_keys,
        }))
    }

    /// The value of `aud` in assertions.
    pub fn assertion_audience(&self) -> &str {
        match self.assertion_audience {
            AssertionAudience::TokenEndpoint => self.token_endpoint.as_str(),
            AssertionAudience::Issuer => self.issuer.as_str(),
        }
    }

    /// A secret that Cognito sends to the bridge, if it is long enough.
    pub fn client_secret(text: &str) -> Option<String> {
        non_empty(text).filter(|secret| secret.len() >= 32)
    }

    fn parameters(source: &mut Source, key: &str) -> Option<Vec<(String, String)>> {
        let entries = source.list(key).unwrap_or_default();
        let parsed = entries.iter().map(|entry| {
            let (name, value) = entry.split_once('=')?;
            let fits = !name.is_empty()
                && !Self::RESERVED_PARAMETERS.iter().any(|reserved| reserved.eq_ignore_ascii_case(name));
            fits.then(|| (name.to_owned(), value.to_owned()))
        });
        let parsed: Option<Vec<_>> = parsed.collect();
        let is_new = |(index, (name, _)): (usize, &(String, String)), all: &[(String, String)]| {
            !all[..index].iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
        };
        let parsed = parsed.filter(|all| all.iter().enumerate().all(|one| is_new(one, all)));
        if parsed.is_none() {
            source.fault(
                key,
                "expected entries name=value, such as acr_values=urn:example:high; each name once, and none that Cognito or the bridge sends itself",
            );
        }
        parsed
    }
}
