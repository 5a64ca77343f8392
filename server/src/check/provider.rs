//! The way to each provider: what the user pool does with the authorization request of a sign-in. Nobody signs in.

use http::{Response, StatusCode, header};
use url::Url;

use super::{Line, line};
use crate::{
    config::Config,
    query::parameter,
    sign_in::{HttpClient, RelyingParty},
};

/// One line for each provider.
pub(super) async fn look(config: &Config, http: &HttpClient, relying_party: &RelyingParty) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, provider) in config.providers.iter().enumerate() {
        let url = relying_party.trial_url(provider);
        let request = http::Request::get(&url).body(Vec::new());
        let result = match request {
            Ok(request) => http.send(request).await.map_err(|fault| fault.to_string()),
            Err(_) => Err("an address that cannot be asked".to_owned()),
        };
        let endpoint = config.cognito.domain.at("/oauth2/authorize");
        let result = result
            .map_err(|fault| format!("{endpoint} is {fault}: check cognito.domain"))
            .and_then(|response| judge(config, index, &url, &response));
        lines.push(line(&format!("provider {}", provider.id), result));
    }
    lines
}

/// Where the user pool leads to: it refuses by its own pages or at the callback, and neither is the provider.
fn judge(config: &Config, index: usize, asked: &str, response: &Response<Vec<u8>>) -> Result<String, String> {
    let endpoint = config.cognito.domain.at("/oauth2/authorize");
    let location = response.headers().get(header::LOCATION).filter(|_| response.status().is_redirection());
    let target = location.and_then(|location| Url::parse(asked).ok()?.join(location.to_str().ok()?).ok());
    let Some(target) = target else { return Err(no_redirect(&endpoint, response.status())) };
    let mut page = target.clone();
    page.set_query(None);
    page.set_fragment(None);
    let callback = config.public_url.at("/auth/callback");
    let name = format!(
        "providers.{index}.name must be the provider's name in the user pool, and the provider enabled in the app client"
    );
    let is_at = |address: String| Url::parse(&address).is_ok_and(|address| address == page);
    if is_at(callback.clone()) {
        // The description is the user pool's text; its code alone decides, and only about a sentence of ours.
        let error = parameter(target.query().unwrap_or_default(), "error").ok().flatten();
        return Err(match error.as_deref() {
            Some("invalid_scope") => {
                "the user pool refuses a scope: allow those of cognito.scopes in the app client".to_owned()
            }
            Some("unauthorized_client") => {
                "the user pool refuses the grant: enable the authorization code grant in the app client".to_owned()
            }
            _ => format!("the user pool sends the browser back without the provider: {name}"),
        });
    }
    if is_at(config.cognito.domain.at("/error")) {
        return Err(format!(
            "the user pool shows its error page: {callback} must be a callback URL of the app client that \
             cognito.user_pool_web_client_id names, and {name}"
        ));
    }
    if is_at(config.cognito.domain.at("/login")) {
        return Err(format!("the user pool shows its own sign-in page: {name}"));
    }
    let host = target.host_str().unwrap_or_default();
    let port = target.port().map(|port| format!(":{port}")).unwrap_or_default();
    Ok(format!("the user pool leads to {host}{port}"))
}

fn no_redirect(endpoint: &str, status: StatusCode) -> String {
    format!(
        "{endpoint} answers {} in the place of a redirect: check cognito.domain and cognito.user_pool_web_client_id",
        status.as_u16()
    )
}
