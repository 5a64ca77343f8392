//! The fixed facts in a vendor's documents.

/// The facts about one vendor: how it presents itself, and how the local set-up uses it.
pub(crate) struct Facts {
    /// Identifies the vendor in this crate, and in the configuration of the relying party.
    pub(crate) kind: &'static str,
    /// The name that people read.
    pub(crate) display_name: &'static str,
    /// Its name in the user pool, for `identity_provider`.
    pub(crate) pool_name: &'static str,
    /// Its other name in the user pool, for `idp_identifier`.
    pub(crate) pool_identifier: Option<&'static str>,
    /// The namespace of its identifiers in the example configuration.
    pub(crate) namespace: &'static str,
    /// Set if the user pool reaches it through the relying party's bridge: what the bridge adds to an authorization request,
    /// `name=value` each.
    pub(crate) bridge_parameters: Option<&'static [&'static str]>,
    /// The part of the issuer after the origin.
    pub(super) issuer: &'static str,
    pub(super) paths: Paths,
    pub(super) client_id: &'static str,
    pub(super) client_authentication: ClientAuthentication,
    /// The scopes that the user pool requests.
    pub(super) scopes: &'static str,
    /// The attribute mapping of the user pool: its attribute, the provider's claim.
    pub(super) mapping: &'static [(&'static str, &'static str)],
    pub(super) user_info_method: UserInfoMethod,
    /// The cookie with which it remembers a browser. All ports of a host share cookies, so each vendor needs its own name.
    pub(super) session_cookie: Option<&'static str>,
    pub(crate) sign_out: Option<SignOut>,
    /// The `error_description` when it cannot verify a citizen. If set, the page has a button for it.
    pub(super) unverified: Option<&'static str>,
}

/// The paths of the endpoints, below the origin.
pub(super) struct Paths {
    pub(super) discovery: &'static str,
    pub(super) keys: &'static str,
    pub(super) authorization: &'static str,
    pub(super) token: &'static str,
    pub(super) user_info: &'static str,
}

/// How the client authenticates at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClientAuthentication {
    /// `client_secret_post` (RFC 6749, section 2.3.1).
    SecretInForm,
    /// `private_key_jwt` (OpenID Connect Core 1.0, section 9).
    SignedAssertion,
}

/// The method of the userinfo endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserInfoMethod {
    Get,
    Post,
}

/// How a browser signs out of the provider.
pub(crate) struct SignOut {
    pub(super) path: &'static str,
    /// The parameter with the address to return to.
    pub(super) return_parameter: &'static str,
    /// Whether the citizen must confirm.
    pub(super) asks: bool,
}
