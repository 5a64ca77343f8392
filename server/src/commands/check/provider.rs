//! Checks that the user pool redirects an authorization request to each provider. No sign-in takes place.

use http::{Response, header};
use url::Url;

use super::{Line, line};
use crate::{
    config::{Config, EidFormat, Provider},
    oidc::{HttpClient, HttpError, parameter},
    sign_in::probe_url,
};

/// One line per provider. If a provider has a bridge, the user pool must redirect to the bridge. Then a line for
/// `prompt_login`, and one for each provider whose numbers an earlier version may have read
/// differently, or that follows its rule.
pub(super) async fn check(config: &Config, http: &HttpClient) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut without_prompt = Vec::new();
    for provider in &config.providers {
        let url = probe_url(config, provider);
        let result = match request(http, &url).await {
            Ok(response) => {
                let target = target(&url, &response);
                let prompt = target.as_ref().map(|target| parameter(target.query().unwrap_or_default(), "prompt"));
                // Whether SAML passes it on does not show in the address.
                let is_asked =
                    provider.kind.is_workforce || matches!(prompt, Some(Ok(Some(prompt))) if prompt == "login");
                if !is_asked {
                    without_prompt.push(provider.id.as_str());
                }
                redirect_target(config, provider, target.as_ref(), &response)
            }
            Err(error) => Err(format!("cannot use {} ({error}): check cognito.domain", endpoint(config))),
        };
        lines.push(line(&format!("provider {}", provider.id), result));
    }
    lines.push(line("prompt=login", Ok(prompt_login(config, &without_prompt))));
    for provider in &config.providers {
        let told = match provider.eid.format {
            EidFormat::Any if provider.eid.is_format_assumed => assumed_format(&provider.key("eid_format")),
            EidFormat::BelgianUnchecked => unchecked_format(&provider.key("eid_format")),
            _ => continue,
        };
        lines.push(line(&format!("provider {} numbers", provider.id), Ok(told)));
    }
    lines
}

/// What can be said of `cognito.prompt_login` without a sign-in. `without_prompt` are the providers to which the user pool
/// does not pass it on.
fn prompt_login(config: &Config, without_prompt: &[&str]) -> String {
    if !config.cognito.prompt_login {
        return "off (cognito.prompt_login): for up to an hour after a sign-in, anyone at the same browser can sign in as that \
                citizen without being asked"
            .to_owned();
    }
    if without_prompt.is_empty() {
        let of_saml = config.providers.iter().any(|provider| provider.kind.is_workforce);
        let all = if of_saml { " that speaks OpenID Connect; for SAML it does not show in the address" } else { "" };
        return format!("sent, and the user pool passes it on to each provider{all}");
    }
    format!(
        "sent, but the user pool does not pass it on to {}: if it has the classic hosted UI instead of managed login, a sign-in \
         that it answers from its own session first goes through its sign-out",
        without_prompt.join(", ")
    )
}

/// Which records `eid_format` may hide.
fn assumed_format(key: &str) -> String {
    format!(
        "each character counts ({key} is not set). Earlier versions removed the dots and dashes of \
         anything in the form 85.07.30-033.28, in every namespace. To find records under such numbers, set belgian if this \
         provider sends Belgian numbers only, otherwise belgian_unchecked. If it never sent that form, set any"
    )
}

/// What `belgian_unchecked` puts at risk.
fn unchecked_format(key: &str) -> String {
    format!(
        "12.34.56-789.01 and 12345678901 are one number, with any check digits ({key}). If they are two \
         people in this register, they share a record: then set any"
    )
}

fn endpoint(config: &Config) -> String {
    config.cognito.domain.at("/oauth2/authorize")
}

/// Sends the request as a browser would, but follows no redirect.
async fn request(http: &HttpClient, url: &str) -> Result<Response<Vec<u8>>, HttpError> {
    http.send(http::Request::get(url).body(Vec::new()).map_err(|_| HttpError::Request)?).await
}

/// The address that the user pool redirects to.
fn target(asked: &str, response: &Response<Vec<u8>>) -> Option<Url> {
    let location = response.headers().get(header::LOCATION).filter(|_| response.status().is_redirection())?;
    Url::parse(asked).ok()?.join(location.to_str().ok()?).ok()
}

/// Where the user pool redirects to. It refuses with its own page or at the callback; any other address is the
/// provider's.
fn redirect_target(
    config: &Config,
    provider: &Provider,
    target: Option<&Url>,
    response: &Response<Vec<u8>>,
) -> Result<String, String> {
    let Some((target, host)) = target.and_then(|target| Some((target, target.host_str()?))) else {
        return Err(format!(
            "{} answers {} instead of a redirect: check cognito.domain and cognito.user_pool_web_client_id",
            endpoint(config),
            response.status().as_u16()
        ));
    };
    let name = format!(
        "{} must be the provider's name in the user pool, and the provider must be enabled in the app client",
        provider.key("name")
    );
    let callback = config.public_url.at("/auth/callback");
    let client = match &provider.client {
        Some(_) => provider.key("client.client_id"),
        None => "cognito.user_pool_web_client_id".to_owned(),
    };
    if is_page(target, &callback) {
        return Err(refusal(target.query().unwrap_or_default(), &name));
    }
    if is_page(target, &config.cognito.domain.at("/error")) {
        return Err(format!(
            "the user pool shows its error page: {callback} must be a callback URL of the app client that {client} names, and {name}"
        ));
    }
    if is_page(target, &config.cognito.domain.at("/login")) {
        return Err(format!("the user pool shows its own sign-in page: {name}"));
    }
    if let Some(bridge) = &provider.bridge {
        let own = config.public_url.at(&format!("/federation/{}/authorize", provider.id));
        if !is_page(target, &own) {
            return Err(format!("the user pool does not use the bridge: set authorize_url in the user pool to {own}"));
        }
        if parameter(target.query().unwrap_or_default(), "client_id") != Ok(Some(bridge.client_id.clone())) {
            return Err(format!(
                "the user pool and the bridge have different client ids: \
                 set the provider's client id in the user pool to {}",
                provider.key("bridge.client_id")
            ));
        }
        return Ok("the user pool redirects to the bridge".to_owned());
    }
    let port = target.port().map(|port| format!(":{port}")).unwrap_or_default();
    Ok(format!("the user pool redirects to {host}{port}"))
}

/// Whether `target` is `page`, ignoring the query.
fn is_page(target: &Url, page: &str) -> bool {
    Url::parse(page).is_ok_and(|page| page.origin() == target.origin() && page.path() == target.path())
}

/// How to fix an error that the callback received. Only its code is used, to select one of our sentences: the
/// description can contain any text.
fn refusal(query: &str, name: &str) -> String {
    match parameter(query, "error").ok().flatten().as_deref() {
        Some("invalid_scope") => {
            "the user pool refuses a scope: allow the scopes of cognito.scopes in the app client".to_owned()
        }
        Some("unauthorized_client") => {
            "the user pool refuses the grant: enable the authorization code grant in the app client".to_owned()
        }
        _ => format!("the user pool does not redirect to the provider: {name}"),
    }
}
