//! The way out of an identity provider itself, which the user pool's sign-out does not touch.

use url::Url;

use crate::config::{Kind, Provider};

/// The address at `provider` that ends its session with this browser and leads back to `back`, which must be registered there.
/// `None` where the provider has none, or where the configuration does not say who we are to it.
///
/// Login.gov: <https://developers.login.gov/oidc/logout/>. Auth0: <https://auth0.com/docs/api/authentication/logout/auth-0-logout>.
/// Any other: OpenID Connect RP-Initiated Logout 1.0, at its `sign_out_endpoint`.
pub(crate) fn provider_sign_out(provider: &Provider, back: &str) -> Option<Url> {
    let at_issuer = |path: &str| Some(format!("{}{path}", provider.issuer()?.trim_end_matches('/')));
    let (known, name_of_back) = match provider.kind {
        Kind::LoginGov => (at_issuer("/openid_connect/logout"), "post_logout_redirect_uri"),
        Kind::Auth0 => (at_issuer("/v2/logout"), "returnTo"),
        _ => (None, "post_logout_redirect_uri"),
    };
    let configured = provider.sign_out_endpoint.as_ref().map(|endpoint| endpoint.as_str().to_owned());
    Url::parse_with_params(&configured.or(known)?, [("client_id", provider.client_id()?), (name_of_back, back)]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Source};

    fn url(kind: &str, more: &str) -> Option<String> {
        let toml = format!(
            "public_url = \"https://mydata.example\"\n[cognito]\nregion = \"eu-west-1\"\nuser_pool_id = \"eu-west-1_AbCdEf123\"\n\
             user_pool_web_client_id = \"4u8example\"\ndomain = \"mydata.auth.eu-west-1.amazoncognito.com\"\n[pseudonym]\n\
             key = \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"\n[[providers]]\nid = \"one\"\nname = \"One\"\n\
             namespace = \"N\"\nkind = \"{kind}\"\n{more}"
        );
        let config = Config::read(Source::from_toml(&toml)).unwrap();
        provider_sign_out(&config.providers[0], "https://mydata.example/").map(String::from)
    }

    #[test]
    fn each_kind_has_its_own_address_and_its_own_word_for_the_way_back() {
        let urn = "issuer = \"https://secure.login.gov/\"\nclient_id = \"urn:gov:a:b\"";
        assert_eq!(
            url("login_gov", urn).unwrap(),
            "https://secure.login.gov/openid_connect/logout?client_id=urn%3Agov%3Aa%3Ab&post_logout_redirect_uri=https%3A%2F%2Fmydata.example%2F"
        );
        let tenant = "issuer = \"https://tenant.eu.auth0.com/\"\nclient_id = \"abc\"";
        assert_eq!(
            url("auth0", tenant).unwrap(),
            "https://tenant.eu.auth0.com/v2/logout?client_id=abc&returnTo=https%3A%2F%2Fmydata.example%2F"
        );
        let other = "sign_out_endpoint = \"https://idp.example/end\"\nclient_id = \"abc\"";
        assert_eq!(
            url("oidc", other).unwrap(),
            "https://idp.example/end?client_id=abc&post_logout_redirect_uri=https%3A%2F%2Fmydata.example%2F"
        );
        let moved = format!("{tenant}\nsign_out_endpoint = \"https://login.example/v2/logout\"");
        assert!(url("auth0", &moved).unwrap().starts_with("https://login.example/v2/logout?client_id=abc&returnTo="));
    }

    #[test]
    fn without_an_address_or_a_client_id_there_is_none() {
        let known = "issuer = \"https://idp.example\"\nclient_id = \"abc\"";
        for kind in ["itsme", "beyond_identity", "identity_center", "oidc"] {
            assert_eq!(url(kind, known), None, "{kind}");
        }
        for kind in ["login_gov", "auth0"] {
            assert_eq!(url(kind, "issuer = \"https://idp.example\""), None, "{kind}");
            assert_eq!(url(kind, "client_id = \"abc\""), None, "{kind}");
        }
    }
}
