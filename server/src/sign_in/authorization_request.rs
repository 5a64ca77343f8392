use app::texts::Language;
use oauth2::PkceCodeChallenge;
use url::Url;

use super::{relying_party::redirect_uri, transaction::Transaction};
use crate::{
    config::{Cognito, Config, Provider},
    secret::Secret,
};

/// The URL of the authorization request (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636, 4.3; Cognito's `identity_provider`
/// and `lang`). Cognito passes `prompt` on to the provider.
pub(super) fn url(
    cognito: &Cognito,
    redirect_uri: &str,
    provider: &Provider,
    transaction: &Transaction,
    challenge: &PkceCodeChallenge,
    language: Language,
) -> String {
    let scopes = cognito.scopes.join(" ");
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", &cognito.client_id),
        ("redirect_uri", redirect_uri),
        ("scope", &scopes),
        ("state", transaction.state.expose()),
        ("nonce", transaction.nonce.expose()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("identity_provider", &provider.name),
        ("lang", language.tag()),
    ];
    if cognito.prompt_login {
        parameters.push(("prompt", "login"));
    }
    let endpoint = cognito.domain.at("/oauth2/authorize");
    Url::parse_with_params(&endpoint, parameters).map_or(endpoint, String::from)
}

/// The URL of an authorization request for `provider`, for `server check`. Its secrets are not stored, so it cannot
/// lead to a session.
pub fn probe_url(config: &Config, provider: &Provider) -> String {
    let (challenge, _) = PkceCodeChallenge::new_random_sha256();
    let transaction = Transaction::begin(&provider.id, None, Secret::new(""));
    url(&config.cognito, &redirect_uri(config), provider, &transaction, &challenge, Language::En)
}
