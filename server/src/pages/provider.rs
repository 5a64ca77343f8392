use app::{
    look::Look,
    pages::home::{ProviderButton, ProviderSignOut},
};

use crate::{
    config::{Config, Provider},
    return_to::ReturnTo,
};

/// What citizens see of a provider.
#[derive(Debug)]
pub struct ShownProvider {
    pub(super) id: String,
    /// The name of its kind. If several providers have the same kind, the name in the user pool.
    pub(super) name: String,
    look: &'static Look,
    is_main: bool,
    /// The URL that signs a citizen out of the provider itself, if it has one.
    sign_out_url: Option<String>,
}

impl ShownProvider {
    /// Every provider of `config`, in the same order.
    pub fn all(config: &Config) -> Vec<Self> {
        let is_only_one = |one: &Provider| config.providers.iter().filter(|other| other.kind == one.kind).count() == 1;
        let home = config.public_url.at("/");
        let shown = |provider: &Provider| Self {
            id: provider.id.clone(),
            name: provider
                .kind
                .name
                .filter(|_| is_only_one(provider))
                .map_or_else(|| provider.name.clone(), str::to_owned),
            look: provider.kind.look,
            is_main: provider.is_main,
            sign_out_url: provider.sign_out_url(&home).map(String::from),
        };
        config.providers.iter().map(shown).collect()
    }

    /// Its sign-in button, with `return_to` in the link.
    pub(super) fn button(&self, return_to: Option<&ReturnTo>) -> ProviderButton {
        ProviderButton {
            id: self.id.clone(),
            href: ReturnTo::link(&format!("/login/{}", self.id), return_to),
            name: self.name.clone(),
            look: self.look,
            is_main: self.is_main,
        }
    }

    /// How to sign out of the provider itself, if it has a URL for that.
    pub(super) fn sign_out(&self) -> Option<ProviderSignOut> {
        Some(ProviderSignOut { name: self.name.clone(), url: self.sign_out_url.clone()? })
    }
}
