//! The way to each provider: what the user pool does with the authorization request of a sign-in. Nobody signs in.

use http::{Response, header};
use url::Url;

use super::{Line, line};
use crate::{
    config::Config,
    query::parameter,
    sign_in::{HttpClient, HttpFault, RelyingParty},
};

/// One line for each provider; where it has a bridge, the user pool must lead there.
pub(super) async fn look(config: &Config, http: &HttpClient, relying_party: &RelyingParty) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, provider) in config.providers.iter().enumerate() {
        let url = relying_party.trial_url(provider);
        let result = match ask(http, &url).await {
            Ok(response) => judge(config, index, &url, &response),
            Err(fault) => Err(format!("{} is {fault}: check cognito.domain", endpoint(config))),
        };
        lines.push(line(&format!("provider {}", provider.id), result));
    }
    for provider in config.ambiguous_providers() {
        let mend = "another provider has its name and another namespace, so that citizens could choose whose record they get: \
                    give one name one namespace";
        lines.push(line(&format!("provider {} namespace", provider.id), Err(mend.to_owned())));
    }
    lines
}

fn endpoint(config: &Config) -> String {
    config.cognito.domain.at("/oauth2/authorize")
}

/// As a browser would, but that no redirect is followed.
async fn ask(http: &HttpClient, url: &str) -> Result<Response<Vec<u8>>, HttpFault> {
    http.send(http::Request::get(url).body(Vec::new()).map_err(|_| HttpFault::Request)?).await
}

/// Where the user pool leads to. It refuses by a page of its own or at the callback; anything else is the provider.
fn judge(config: &Config, index: usize, asked: &str, response: &Response<Vec<u8>>) -> Result<String, String> {
    let location = response.headers().get(header::LOCATION).filter(|_| response.status().is_redirection());
    let target = location.and_then(|location| Url::parse(asked).ok()?.join(location.to_str().ok()?).ok());
    let Some((target, host)) = target.as_ref().and_then(|target| Some((target, target.host_str()?))) else {
        return Err(format!(
            "{} answers {} in the place of a redirect: check cognito.domain and cognito.user_pool_web_client_id",
            endpoint(config),
            response.status().as_u16()
        ));
    };
    let name = format!(
        "providers.{index}.name must be the provider's name in the user pool, and the provider enabled in the app client"
    );
    let callback = config.public_url.at("/auth/callback");
    if is_page(target, &callback) {
        return Err(refusal(target.query().unwrap_or_default(), &name));
    }
    if is_page(target, &config.cognito.domain.at("/error")) {
        return Err(format!(
            "the user pool shows its error page: {callback} must be a callback URL of the app client that \
             cognito.user_pool_web_client_id names, and {name}"
        ));
    }
    if is_page(target, &config.cognito.domain.at("/login")) {
        return Err(format!("the user pool shows its own sign-in page: {name}"));
    }
    let provider = &config.providers[index];
    if let Some(bridge) = &provider.bridge {
        let own = config.public_url.at(&format!("/federation/{}/authorize", provider.id));
        if !is_page(target, &own) {
            return Err(format!("the user pool leads past the bridge: set authorize_url in the user pool to {own}"));
        }
        if parameter(target.query().unwrap_or_default(), "client_id") != Ok(Some(bridge.client_id.clone())) {
            return Err(format!(
                "the user pool is another client than the bridge: set its client id in the user pool to providers.{index}.bridge.client_id"
            ));
        }
        return Ok("the user pool leads to the bridge".to_owned());
    }
    let port = target.port().map(|port| format!(":{port}")).unwrap_or_default();
    Ok(format!("the user pool leads to {host}{port}"))
}

/// Whether `target` is `page`, whatever its query is.
fn is_page(target: &Url, page: &str) -> bool {
    Url::parse(page).is_ok_and(|page| page.origin() == target.origin() && page.path() == target.path())
}

/// The mend for an error that came back to the callback. Its description is the user pool's own text: only its code is read,
/// and that picks a sentence of ours.
fn refusal(query: &str, name: &str) -> String {
    match parameter(query, "error").ok().flatten().as_deref() {
        Some("invalid_scope") => {
            "the user pool refuses a scope: allow those of cognito.scopes in the app client".to_owned()
        }
        Some("unauthorized_client") => {
            "the user pool refuses the grant: enable the authorization code grant in the app client".to_owned()
        }
        _ => format!("the user pool sends the browser back without the provider: {name}"),
    }
}
