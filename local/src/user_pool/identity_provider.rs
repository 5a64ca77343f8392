//! An identity provider of the pool, of either type.

use super::authorization_request::AuthorizationRequest;
use super::saml_provider::SamlUpstream;
use super::upstream::{Upstream, UpstreamFault};
use super::users::Source;

/// A provider, seen from the pool.
pub(super) enum IdentityProvider {
    Oidc(Box<Upstream>),
    Saml(SamlUpstream),
}

impl IdentityProvider {
    /// Its name in the pool.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Oidc(upstream) => upstream.name(),
            Self::Saml(upstream) => upstream.name(),
        }
    }

    /// Whether `identifier` is its other name.
    pub(super) fn is_called(&self, identifier: &str) -> bool {
        match self {
            Self::Oidc(upstream) => upstream.is_called(identifier),
            Self::Saml(upstream) => upstream.is_called(identifier),
        }
    }

    /// The provider, as the claim `identities` names it.
    pub(super) fn source(&self) -> Source {
        let (provider_type, issuer) = match self {
            Self::Oidc(_) => ("OIDC", None),
            Self::Saml(upstream) => ("SAML", Some(upstream.entity_id())),
        };
        Source { name: self.name().to_owned(), provider_type, issuer }
    }

    /// Where the browser goes to sign in for this request.
    pub(super) async fn sign_in_url(
        &self,
        state: &str,
        request: &AuthorizationRequest,
    ) -> Result<String, UpstreamFault> {
        match self {
            Self::Oidc(upstream) => {
                // All that Cognito passes on: the login hint, and any prompt but `none`.
                let handed_on = [
                    ("login_hint", request.login_hint.as_deref()),
                    ("prompt", request.prompt.as_deref().filter(|prompt| *prompt != "none")),
                ];
                upstream.authorization_url(state, &handed_on).await
            }
            // The guide knows of `prompt` for OIDC providers only. So a SAML provider may answer from its own session.
            Self::Saml(upstream) => Ok(upstream.sign_in_url(state)),
        }
    }
}
