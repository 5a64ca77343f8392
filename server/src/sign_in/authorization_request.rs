use app::texts::Language;
use oauth2::PkceCodeChallenge;
use url::Url;

use super::{relying_party::redirect_uri, transaction::Transaction};
use crate::{
    config::{Cognito, Config, Provider},
    secret::Secret,
};

/// The languages of Cognito's managed login ("Managed login localization").
const COGNITO_LANGUAGES: [&str; 11] = ["de", "en", "es", "fr", "id", "it", "ja", "ko", "pt-BR", "zh-CN", "zh-TW"];

/// The URL of the authorization request (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636, 4.3; Cognito's `identity_provider`
/// and `lang`). Cognito passes `prompt` on to the provider.
pub(super) fn url(
    cognito: &Cognito,
    client_id: &str,
    redirect_uri: &str,
    provider: &Provider,
    transaction: &Transaction,
    challenge: &PkceCodeChallenge,
    language: Language,
) -> String {
    let scopes = cognito.scopes.join(" ");
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect_uri),
        ("scope", &scopes),
        ("state", transaction.state.expose()),
        ("nonce", transaction.nonce.expose()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("identity_provider", &provider.name),
        ("lang", cognito_language(language.tag())),
    ];
    if cognito.prompt_login || transaction.is_fresh {
        parameters.push(("prompt", "login"));
    }
    let endpoint = cognito.domain.at("/oauth2/authorize");
    Url::parse_with_params(&endpoint, parameters).map_or(endpoint, String::from)
}

/// The value of `lang` for a language with this tag: English if Cognito does not have it. Cognito remembers the last value in a cookie
/// of its own, so a request without one would show a language that the citizen may not have chosen.
///
/// Its sign-out endpoint needs none: with `logout_uri` it ignores every other parameter.
fn cognito_language(tag: &str) -> &'static str {
    let is_it = |known: &&str| known.split('-').next() == Some(tag);
    COGNITO_LANGUAGES.into_iter().find(is_it).unwrap_or("en")
}

/// The URL of an authorization request for `provider`, for `server check`. Its secrets are not stored, so it cannot
/// lead to a session.
pub fn probe_url(config: &Config, provider: &Provider) -> String {
    let (challenge, _) = PkceCodeChallenge::new_random_sha256();
    let transaction = Transaction::begin(&provider.id, None, Secret::new(""));
    let client_id = provider.client.as_ref().map_or(&config.cognito.client_id, |client| &client.client_id);
    url(&config.cognito, client_id, &redirect_uri(config), provider, &transaction, &challenge, Language::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_pool_is_asked_for_a_language_that_it_has() {
        for (tag, expected) in [
            ("fr", "fr"),
            ("de", "de"),
            ("en", "en"),
            ("nl", "en"),
            ("es", "es"),
            ("pt", "pt-BR"),
            ("zh", "zh-CN"),
            ("p", "en"),
        ] {
            assert_eq!(cognito_language(tag), expected, "{tag}");
        }
        for language in Language::ALL {
            assert!(COGNITO_LANGUAGES.contains(&cognito_language(language.tag())), "{language:?}");
        }
    }
}
