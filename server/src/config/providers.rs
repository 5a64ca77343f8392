use super::{
    Bridge, Endpoint, Source,
    cognito::{non_empty, word},
};

/// `[[providers]]`: an identity provider of the user pool.
///
/// Environment: `MYDATA_PROVIDERS__0__ID`, `__NAME`, `__NAMESPACE`, `__KIND`, and so on by index.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `id`: the sign-in starts at `/login/{id}`.
    pub id: String,
    /// `name`: the `identity_provider` at Cognito.
    pub name: String,
    /// `namespace`: the register that this provider's `custom:eid` comes from. A record belongs to namespace and eid.
    pub namespace: String,
    /// `kind`: the look of its button, the words around it, and how one signs out of it.
    pub kind: Kind,
    /// `issuer`: as the provider's discovery document has it. Not where there is a bridge, which has its own.
    pub issuer: Option<Endpoint>,
    /// `client_id`: what the provider registered the user pool as. Not where there is a bridge, which has its own.
    pub client_id: Option<String>,
    /// `sign_out_endpoint`: where one signs out of the provider itself, if that is not where its kind has it.
    pub sign_out_endpoint: Option<Endpoint>,
    /// `[providers.bridge]`, where the provider demands what Cognito cannot send.
    pub bridge: Option<Bridge>,
}

impl Provider {
    /// The issuer, its own or the bridge's.
    pub fn issuer(&self) -> Option<&str> {
        self.bridge.as_ref().map(|bridge| &bridge.issuer).or(self.issuer.as_ref()).map(Endpoint::as_str)
    }

    /// The client id at the provider, its own or the bridge's.
    pub fn client_id(&self) -> Option<&str> {
        self.bridge.as_ref().map(|bridge| bridge.client_id.as_str()).or(self.client_id.as_deref())
    }
}

/// What kind of provider it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `itsme`
    Itsme,
    /// `login_gov`
    LoginGov,
    /// `auth0`
    Auth0,
    /// `beyond_identity`
    BeyondIdentity,
    /// `identity_center`
    IdentityCenter,
    /// `oidc`: any other OpenID Connect provider.
    Oidc,
}

impl Kind {
    const EXPECTED: &str = "itsme, login_gov, auth0, beyond_identity, identity_center or oidc";

    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "itsme" => Self::Itsme,
            "login_gov" => Self::LoginGov,
            "auth0" => Self::Auth0,
            "beyond_identity" => Self::BeyondIdentity,
            "identity_center" => Self::IdentityCenter,
            "oidc" => Self::Oidc,
            _ => return None,
        })
    }
}

pub(super) fn read(source: &mut Source) -> Option<Vec<Provider>> {
    let length = source.length("providers");
    if length == 0 {
        source.fault("providers", "is missing; expected at least one [[providers]] with id, name, namespace and kind");
    }
    let mut providers: Vec<Provider> = Vec::with_capacity(length);
    for index in 0..length {
        let key = |name: &str| format!("providers.{index}.{name}");
        let id = source.required(&key("id"), "a word for the address /login/{id}", word);
        let name = source.required(&key("name"), "the provider's name in the user pool", non_empty);
        let namespace = source.required(&key("namespace"), "the register of its numbers, such as BE", non_empty);
        let kind = source.required(&key("kind"), Kind::EXPECTED, Kind::parse);
        let bridge = Bridge::read(source, &key("bridge"));
        let issuer = source.optional(&key("issuer"), Endpoint::EXPECTED, Endpoint::parse);
        let client_id = source.optional(&key("client_id"), "the client id at the provider", non_empty);
        let sign_out_endpoint = source.optional(&key("sign_out_endpoint"), Endpoint::EXPECTED, Endpoint::parse);
        if matches!(bridge, Some(Some(_))) {
            for (name, there) in [("issuer", issuer.is_some()), ("client_id", client_id.is_some())] {
                if there {
                    source.fault(&key(name), "is a key of the bridge: leave it out here");
                }
            }
        }
        if let (Some(id), Some(name), Some(namespace), Some(kind), Some(bridge)) = (id, name, namespace, kind, bridge) {
            if providers.iter().any(|other| other.id == id) {
                source.fault(&key("id"), "is the id of another provider as well");
            }
            providers.push(Provider { id, name, namespace, kind, issuer, client_id, sign_out_endpoint, bridge });
        }
    }
    (length > 0 && providers.len() == length).then_some(providers)
}
