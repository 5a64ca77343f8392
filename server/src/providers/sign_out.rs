//! Signing out of the provider itself. The user pool's sign-out does not do this.

use url::Url;

/// The sign-out endpoint of a kind.
#[derive(Debug)]
pub struct SignOut {
    /// The path below the issuer, if it is the same for every provider of the kind.
    pub path: Option<&'static str>,
    /// The parameter with the address to return to. `None` for a page without parameters, where people sign out themselves.
    pub return_parameter: Option<&'static str>,
}

impl SignOut {
    /// OpenID Connect RP-Initiated Logout 1.0, at a configured endpoint.
    pub const STANDARD: Self = Self { path: None, return_parameter: Some("post_logout_redirect_uri") };

    /// A configured page, which does not return.
    pub const PORTAL: Self = Self { path: None, return_parameter: None };

    /// The address that ends the provider's session in this browser and then redirects to `return_to`. `return_to` must
    /// be registered at the provider. `endpoint` is the configured endpoint. `None` without an endpoint, or without a client id
    /// where one is needed.
    pub fn url(
        &self,
        issuer: Option<&str>,
        client_id: Option<&str>,
        endpoint: Option<&str>,
        return_to: &str,
    ) -> Option<Url> {
        let endpoint = match endpoint {
            Some(endpoint) => endpoint.to_owned(),
            None => format!("{}{}", issuer?.trim_end_matches('/'), self.path?),
        };
        match self.return_parameter {
            Some(name) => Url::parse_with_params(&endpoint, [("client_id", client_id?), (name, return_to)]).ok(),
            None => Url::parse(&endpoint).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ProviderKind;

    const HOME: &str = "https://mydata.example/";

    fn url(kind: &str, issuer: Option<&str>, client_id: Option<&str>, endpoint: Option<&str>) -> Option<String> {
        ProviderKind::find(kind).unwrap().sign_out.url(issuer, client_id, endpoint, HOME).map(String::from)
    }

    #[test]
    fn each_kind_has_its_own_endpoint_and_return_parameter() {
        assert_eq!(
            url("login_gov", Some("https://secure.login.gov/"), Some("urn:gov:a:b"), None).unwrap(),
            "https://secure.login.gov/openid_connect/logout?client_id=urn%3Agov%3Aa%3Ab&post_logout_redirect_uri=https%3A%2F%2Fmydata.example%2F"
        );
        let tenant = Some("https://tenant.eu.auth0.com/");
        assert_eq!(
            url("auth0", tenant, Some("abc"), None).unwrap(),
            "https://tenant.eu.auth0.com/v2/logout?client_id=abc&returnTo=https%3A%2F%2Fmydata.example%2F"
        );
        assert_eq!(
            url("oidc", None, Some("abc"), Some("https://idp.example/end")).unwrap(),
            "https://idp.example/end?client_id=abc&post_logout_redirect_uri=https%3A%2F%2Fmydata.example%2F"
        );
        assert_eq!(
            url("identity_center", None, None, Some("https://d-1234567890.awsapps.com/start")).unwrap(),
            "https://d-1234567890.awsapps.com/start"
        );
        let moved = url("auth0", tenant, Some("abc"), Some("https://login.example/v2/logout")).unwrap();
        assert!(moved.starts_with("https://login.example/v2/logout?client_id=abc&returnTo="), "{moved}");
    }

    #[test]
    fn an_address_needs_an_endpoint_and_a_client_id() {
        let issuer = Some("https://idp.example");
        for kind in ["itsme", "beyond_identity", "identity_center", "oidc"] {
            assert_eq!(url(kind, issuer, Some("abc"), None), None, "{kind}");
        }
        for kind in ["login_gov", "auth0"] {
            assert_eq!(url(kind, issuer, None, None), None, "{kind}");
            assert_eq!(url(kind, None, Some("abc"), None), None, "{kind}");
        }
    }
}
