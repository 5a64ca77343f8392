//! An authorization request that has passed every check (RFC 6749, section 4.1.1; RFC 7636, section 4.3; Cognito's "The
//! redirect and authorization endpoint").

use super::client::{AppClient, AppClients};
use super::refusals::{AppRefusal, Refusal};
use crate::random;
use crate::web::Params;

/// The scopes that an app client may request. `aws.cognito.signin.user.admin` is not one of them: with it, an access token
/// could rewrite `custom:eid`.
const SCOPES: [&str; 4] = ["openid", "email", "profile", "phone"];
/// The languages of managed login ("Managed login localization"). The real user pool ignores others; here they reveal a mistake.
const LANGUAGES: [&str; 11] = ["de", "en", "es", "fr", "id", "it", "ja", "ko", "pt-BR", "zh-CN", "zh-TW"];
const PROMPTS: [&str; 4] = ["none", "login", "select_account", "consent"];

/// A valid request.
#[derive(Clone)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: Option<String>,
    pub(super) identity_provider: Option<String>,
    pub(super) idp_identifier: Option<String>,
    pub(super) login_hint: Option<String>,
    pub(super) prompt: Option<String>,
    pub(super) max_age: Option<u64>,
}

impl AuthorizationRequest {
    /// Checks the parameters. The client and its redirect URI come first: they decide whether a refusal may go to the app.
    /// Returns the client with the request.
    pub(super) fn parse<'a>(clients: &'a AppClients, params: &Params) -> Result<(&'a AppClient, Self), Refusal> {
        let Ok(Some(client_id)) = params.get("client_id") else { return Err(Refusal::Page("invalid_request")) };
        let client = clients.find(client_id).ok_or(Refusal::Page("invalid_client"))?;
        let redirect_uri = params.get("redirect_uri").ok().flatten();
        let redirect_uri = redirect_uri.filter(|given| client.redirect_uris.iter().any(|known| known == given));
        let mut request = Self {
            client_id: client.id.clone(),
            redirect_uri: redirect_uri.ok_or(Refusal::Page("redirect_mismatch"))?.to_owned(),
            state: params.get("state").ok().flatten().map(str::to_owned),
            scopes: Vec::new(),
            nonce: None,
            code_challenge: None,
            identity_provider: None,
            idp_identifier: None,
            login_hint: None,
            prompt: None,
            max_age: None,
        };
        match request.read(params) {
            Ok(()) => Ok((client, request)),
            Err((error, description)) => Err(request.refusal(error, description)),
        }
    }

    /// A refusal that goes to the app.
    pub(super) fn refusal(&self, error: &str, description: &str) -> Refusal {
        Refusal::App(AppRefusal {
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            error: error.to_owned(),
            description: description.to_owned(),
        })
    }

    fn read(&mut self, params: &Params) -> Result<(), (&'static str, &'static str)> {
        let one = |name| params.get(name).map_err(|_| ("invalid_request", "a parameter is repeated"));
        one("state")?;
        match one("response_type")? {
            Some("code") => {}
            // The client is registered for the code grant only.
            Some("token") => return Err(("unauthorized_client", "unauthorized_client")),
            _ => return Err(("invalid_request", "invalid response_type")),
        }
        self.scopes = scopes(one("scope")?)?;
        self.code_challenge = code_challenge(one("code_challenge")?, one("code_challenge_method")?)?;
        self.nonce = one("nonce")?.map(str::to_owned);
        self.identity_provider = one("identity_provider")?.map(str::to_owned);
        self.idp_identifier = one("idp_identifier")?.map(str::to_owned);
        self.login_hint = one("login_hint")?.map(str::to_owned);
        if one("lang")?.is_some_and(|language| !LANGUAGES.contains(&language)) {
            return Err(("invalid_request", "invalid lang"));
        }
        self.prompt = one("prompt")?.map(str::to_owned);
        if self.prompt.as_deref().is_some_and(|prompt| !PROMPTS.contains(&prompt)) {
            return Err(("invalid_request", "invalid prompt"));
        }
        self.max_age = match one("max_age")?.map(str::parse) {
            None => None,
            Some(Ok(seconds)) => Some(seconds),
            Some(Err(_)) => return Err(("invalid_request", "invalid max_age")),
        };
        Ok(())
    }
}

/// Without `scope`, all scopes of the client. Otherwise only known ones, and always with `openid`, which the others need.
fn scopes(given: Option<&str>) -> Result<Vec<String>, (&'static str, &'static str)> {
    let Some(given) = given else {
        return Ok(SCOPES.iter().map(|&scope| scope.to_owned()).collect());
    };
    let mut scopes: Vec<String> = Vec::new();
    for scope in given.split(' ').filter(|scope| !scope.is_empty()) {
        if !SCOPES.contains(&scope) {
            return Err(("invalid_scope", "invalid_scope"));
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.iter().any(|scope| scope == "openid") { Ok(scopes) } else { Err(("invalid_scope", "invalid_scope")) }
}

/// PKCE is optional at Cognito, but a challenge must use SHA-256.
fn code_challenge(
    challenge: Option<&str>,
    method: Option<&str>,
) -> Result<Option<String>, (&'static str, &'static str)> {
    match (challenge, method) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256"))
            if random::from_base64url(challenge).is_some_and(|digest| digest.len() == 32) =>
        {
            Ok(Some(challenge.to_owned()))
        }
        (Some(_), Some("S256")) => Err(("invalid_request", "invalid code_challenge")),
        (_, Some(_)) => Err(("invalid_request", "code_challenge_method must be S256")),
        (Some(_), None) => Err(("invalid_request", "code_challenge_method is missing")),
    }
}

#[cfg(test)]
mod tests {
    use super::{code_challenge, scopes};

    /// The example of RFC 7636, appendix B.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn only_a_sha_256_challenge_is_accepted() {
        assert_eq!(code_challenge(None, None), Ok(None));
        assert!(code_challenge(Some(CHALLENGE), Some("S256")).is_ok());
        for (challenge, method) in [
            (Some(CHALLENGE), None),
            (Some(CHALLENGE), Some("plain")),
            (None, Some("plain")),
            (Some("short"), Some("S256")),
            (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="), Some("S256")),
        ] {
            assert!(code_challenge(challenge, method).is_err(), "{challenge:?} {method:?}");
        }
        assert!(code_challenge(None, Some("S256")).is_err());
    }

    #[test]
    fn scopes_are_those_of_the_client() {
        assert_eq!(scopes(None).unwrap().len(), 4);
        assert_eq!(scopes(Some("openid email openid")).unwrap(), ["openid", "email"]);
        for wrong in ["email", "openid aws.cognito.signin.user.admin", "openid,email", " "] {
            assert!(scopes(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
