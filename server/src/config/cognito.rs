use super::{ClientSecret, Endpoint, Partition, Source};

/// `[cognito]`: the user pool and the app client.
///
/// Environment: `MYDATA_COGNITO__REGION`, `__USER_POOL_ID`, `__USER_POOL_WEB_CLIENT_ID`, `__DOMAIN`, `__CLIENT_SECRET`,
/// `__CLIENT_SECRET_ARN`, `__ISSUER`, `__DOMAIN_URL`, `__SCOPES` (words), `__PROMPT_LOGIN`.
#[derive(Clone, Debug)]
pub struct Cognito {
    /// `region`
    pub region: String,
    /// `user_pool_id`
    pub user_pool_id: String,
    /// `user_pool_web_client_id`: the app client.
    pub client_id: String,
    /// `client_secret`, or `client_secret_arn`: only for a confidential client.
    pub client_secret: Option<ClientSecret>,
    /// The issuer of the tokens: `issuer`, or that of AWS: `https://cognito-idp.{region}.amazonaws.com/{user_pool_id}`, with the end of
    /// the host that belongs to the region.
    pub issuer: Endpoint,
    /// The base of the endpoints' addresses: `domain_url`, or `https://{domain}`.
    pub domain: Endpoint,
    /// `scopes`: the scopes of the authorization request.
    pub scopes: Vec<String>,
    /// `prompt_login`: whether every sign-in must be a new one, even if the user pool still remembers the browser.
    pub prompt_login: bool,
}

impl Cognito {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let region = source.required("cognito.region", "an AWS region such as eu-west-1", region_name);
        let pool = source.required("cognito.user_pool_id", "a user pool id such as eu-west-1_AbCdEf123", word);
        let client_id = source.required("cognito.user_pool_web_client_id", "the id of the app client", word);
        let client_secret =
            ClientSecret::read(source, "cognito.client_secret", "the secret of the app client", non_empty);
        let issuer = source.optional("cognito.issuer", Endpoint::EXPECTED, Endpoint::parse_base);
        let domain_url = source.optional("cognito.domain_url", Endpoint::EXPECTED, Endpoint::parse_base);
        let expected =
            "the host of the user pool's domain, such as mydata.auth.eu-west-1.amazoncognito.com, without https://";
        let host =
            |text: &str| Endpoint::parse_base(&format!("https://{text}")).filter(|_| !text.contains(['/', '@', ':']));
        let domain = if domain_url.is_some() && !source.has("cognito.domain") {
            None
        } else {
            source.required("cognito.domain", expected, host)
        };
        let scopes = scopes(source);
        let prompt_login =
            source.with_default("cognito.prompt_login", "true or false", "true", |text| text.parse().ok());
        let issuer = match issuer {
            Some(issuer) => issuer,
            None => Endpoint::parse_base(&format!("https://{}/{}", host_in(region.as_ref()?), pool.as_ref()?))?,
        };
        Some(Self {
            region: region?,
            user_pool_id: pool?,
            client_id: client_id?,
            client_secret: client_secret?,
            issuer,
            domain: domain_url.or(domain)?,
            scopes: scopes?,
            prompt_login: prompt_login?,
        })
    }

    /// The address of the user pool's signing keys.
    pub fn keys_url(&self) -> String {
        self.issuer.at("/.well-known/jwks.json")
    }

    /// The address of its discovery document (OpenID Connect Discovery 1.0, 4).
    pub fn discovery_url(&self) -> String {
        self.issuer.at("/.well-known/openid-configuration")
    }
}

fn scopes(source: &mut Source) -> Option<Vec<String>> {
    const KEY: &str = "cognito.scopes";
    let scopes = source.list(KEY).unwrap_or_else(|| ["openid", "email", "profile"].map(str::to_owned).to_vec());
    if !scopes.iter().any(|scope| scope == "openid") {
        source.fault(KEY, "must include openid: without it there is no ID token");
        return None;
    }
    // A second scope in the same entry would evade the checks.
    if !scopes.iter().all(|scope| is_scope(scope)) {
        source.fault(KEY, "must have one scope per entry, without spaces, quotation marks or backslashes");
        return None;
    }
    // With this scope, an access token can change custom:eid, and so give access to another citizen's record.
    if scopes.iter().any(|scope| scope == "aws.cognito.signin.user.admin") {
        source.fault(KEY, "must not include aws.cognito.signin.user.admin: it would let citizens change the number that identifies their record");
        return None;
    }
    Some(scopes)
}

/// A `scope-token` (RFC 6749, 3.3).
fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte))
}

/// A word that is valid in the host of the user pool's address. `xn--`, for example, is not.
pub(super) fn region_name(text: &str) -> Option<String> {
    word(text).filter(|region| Endpoint::parse_base(&format!("https://{}", host_in(region))).is_some())
}

/// The host of user pools in `region`.
fn host_in(region: &str) -> String {
    format!("cognito-idp.{region}.{}", Partition::of_region(region).dns_suffix())
}

/// A text that is not empty and has no control characters.
pub(super) fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

/// Letters, digits, `-`, `_` and `.`, so that the word cannot change the address that it becomes part of.
pub(super) fn word(text: &str) -> Option<String> {
    let fits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    fits.then(|| text.to_owned())
}
