//! Providers as citizens know them.

use app::{
    pages::home::{ProviderButton, ProviderSignOut},
    provider::Look,
};

use crate::{
    Site,
    config::{Kind, Provider},
    sign_in::provider_sign_out,
};

pub(super) const fn look(kind: Kind) -> Look {
    match kind {
        Kind::Itsme => Look::Itsme,
        Kind::LoginGov => Look::LoginGov,
        Kind::Auth0 => Look::Auth0,
        Kind::BeyondIdentity => Look::BeyondIdentity,
        Kind::IdentityCenter => Look::IdentityCenter,
        Kind::Oidc => Look::Plain,
    }
}

impl Site {
    /// The name of its kind; of two of a kind, each has the name that the user pool knows it by.
    pub(super) fn name_of(&self, provider: &Provider) -> String {
        let alone = self.config.providers.iter().filter(|other| other.kind == provider.kind).count() == 1;
        look(provider.kind).name().filter(|_| alone).map_or_else(|| provider.name.clone(), str::to_owned)
    }

    /// Its sign-in button; `query` goes to `/login/{id}`.
    pub(super) fn button(&self, provider: &Provider, query: &str) -> ProviderButton {
        ProviderButton {
            id: provider.id.clone(),
            href: format!("/login/{}{query}", provider.id),
            name: self.name_of(provider),
            look: look(provider.kind),
        }
    }

    /// The way out of the provider with this id, if it has one.
    pub(super) fn way_out_of(&self, id: &str) -> Option<ProviderSignOut> {
        let provider = self.relying_party.provider(id)?;
        let url = provider_sign_out(provider, &self.config.public_url.at("/"))?;
        Some(ProviderSignOut { name: self.name_of(provider), url: url.into() })
    }
}
