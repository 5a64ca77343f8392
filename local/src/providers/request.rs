//! An authorization request that has passed every check (OpenID Connect Core 1.0, section 3.1.2.1).

/// A valid authorization request.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) redirect_uri: String,
    pub(super) nonce: Option<String>,
    pub(super) state: Option<String>,
    pub(super) prompt: Option<String>,
    pub(super) acr_values: Vec<String>,
    pub(super) scopes: Vec<String>,
}

impl Request {
    /// Whether the citizen must be asked although the provider remembers them (OpenID Connect Core 1.0, section 3.1.2.1).
    pub(super) fn asks_again(&self) -> bool {
        let mut words = self.prompt.as_deref().unwrap_or_default().split_ascii_whitespace();
        words.any(|word| matches!(word, "login" | "select_account"))
    }

    /// Whether it requests `scope`.
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|requested| requested == scope)
    }
}
