//! How an identity provider looks to citizens: its name, the mark and colour of its button, the words under it. All drawings are
//! our own.

use leptos::prelude::*;

/// The look of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// itsme: a telephone, on its blue.
    Itsme,
    /// Login.gov: a building with columns.
    LoginGov,
    /// Auth0: a badge, as organisations give to their people.
    Auth0,
    /// Beyond Identity: a key, since there is no password.
    BeyondIdentity,
    /// AWS IAM Identity Center: people.
    IdentityCenter,
    /// Any other provider: a door.
    Plain,
}

impl Look {
    /// The name that citizens know it by. Any other provider has its own.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Itsme => Some("itsme"),
            Self::LoginGov => Some("Login.gov"),
            Self::Auth0 => Some("Auth0"),
            Self::BeyondIdentity => Some("Beyond Identity"),
            Self::IdentityCenter => Some("IAM Identity Center"),
            Self::Plain => None,
        }
    }

    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Itsme => "itsme",
            Self::LoginGov => "login-gov",
            Self::Auth0 => "auth0",
            Self::BeyondIdentity => "beyond-identity",
            Self::IdentityCenter => "identity-center",
            Self::Plain => "plain",
        }
    }

    /// The key of what stands under its button.
    pub(crate) const fn explanation(self) -> &'static str {
        match self {
            Self::Itsme => "provider-itsme",
            Self::LoginGov => "provider-login-gov",
            Self::Auth0 => "provider-auth0",
            Self::BeyondIdentity => "provider-beyond-identity",
            Self::IdentityCenter => "provider-identity-center",
            Self::Plain => "provider-plain",
        }
    }

    /// The key of what `custom:eid` is called.
    pub(crate) const fn eid(self) -> &'static str {
        match self {
            Self::Itsme => "profile-national-number",
            _ => "profile-identifier",
        }
    }

    /// What is drawn on the button, in a square of 40.
    pub(crate) fn mark(self) -> impl IntoView {
        let path = match self {
            Self::Itsme => {
                "M15 4h10a4 4 0 0 1 4 4v24a4 4 0 0 1-4 4H15a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4zM16 20l3 3 5-6M18 32h4"
            }
            Self::LoginGov => "M5 34h30M8 29h24M11 29V17M20 29V17M29 29V17M6 14 20 5l14 9z",
            Self::Auth0 => {
                "M9 9h22a3 3 0 0 1 3 3v19a3 3 0 0 1-3 3H9a3 3 0 0 1-3-3V12a3 3 0 0 1 3-3zM17 5h6v7h-6zM13 20a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0M11 29q5.5-5 11 0M26 20h4M26 26h4"
            }
            Self::BeyondIdentity => "M5 20a7.5 7.5 0 1 0 15 0 7.5 7.5 0 1 0-15 0M20 20h15v6M29 20v5M12.5 20h.01",
            Self::IdentityCenter => {
                "M9 12a5 5 0 1 0 10 0 5 5 0 1 0-10 0M4 32q0-10 10-10t10 10M23 8a5 5 0 1 1 2 9M28 23q8 1 8 9"
            }
            Self::Plain => "M22 6h10a2 2 0 0 1 2 2v24a2 2 0 0 1-2 2H22M6 20h18M17 13l7 7-7 7",
        };
        view! {
            <svg class="sign-in-mark" viewBox="0 0 40 40" aria-hidden="true"><path d=path></path></svg>
        }
    }
}
