use url::Url;

use super::{
    BridgeSettings, EidRules, Endpoint, OwnClient, Source,
    cognito::{non_empty, word},
};
use crate::providers::{KINDS, ProviderKind};

/// `[[providers]]`: an identity provider of the user pool.
///
/// Environment: `MYDATA_PROVIDERS__0__ID`, `__NAME`, `__NAMESPACE`, `__KIND`, `__MAIN`, `__EID_FORMAT`, `__EID_PATTERN`,
/// and so on by index.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its place among `[[providers]]`, which its keys have in faults. Places with nothing in them are left out, but count.
    pub index: usize,
    /// `id`: the sign-in starts at `/login/{id}`.
    pub id: String,
    /// `name`: the `identity_provider` at Cognito.
    pub name: String,
    /// `namespace`: the register that this provider's `custom:eid` comes from. A record belongs to namespace and eid.
    pub namespace: String,
    /// `eid_format` and `eid_pattern`: which values of `custom:eid` are identifiers, and which of them are equal.
    pub eid: EidRules,
    /// `kind`: decides the look and the texts of its button, and how citizens sign out of the provider.
    pub kind: &'static ProviderKind,
    /// `main`: whether most citizens sign in with it. The home page shows it first, and the others less prominently. At most one
    /// provider is; default: false.
    pub is_main: bool,
    /// `issuer`: as in the provider's discovery document. With a bridge, it is set there.
    pub issuer: Option<Endpoint>,
    /// `client_id`: the user pool's client id at the provider. With a bridge, it is set there.
    pub client_id: Option<String>,
    /// `sign_out_endpoint`: where citizens sign out of the provider itself. Overrides the default of its kind.
    pub sign_out_endpoint: Option<Endpoint>,
    /// `[providers.bridge]`: for a provider that Cognito cannot talk to directly.
    pub bridge: Option<BridgeSettings>,
    /// `[providers.client]`: the app client for its people, if they have one of their own.
    pub client: Option<OwnClient>,
}

impl Provider {
    /// The path of one of its keys, such as `providers.0.id`.
    pub fn key(&self, name: &str) -> String {
        format!("providers.{}.{name}", self.index)
    }

    /// The issuer, also if it is set in the bridge.
    pub fn issuer(&self) -> Option<&str> {
        self.bridge.as_ref().map(|bridge| &bridge.issuer).or(self.issuer.as_ref()).map(Endpoint::as_str)
    }

    /// The client id at the provider, also if it is set in the bridge.
    pub fn client_id(&self) -> Option<&str> {
        self.bridge.as_ref().map(|bridge| bridge.client_id.as_str()).or(self.client_id.as_deref())
    }

    /// The address that signs the browser out of the provider itself and then redirects to `return_to`. `None` if the
    /// provider has no such address or the configuration lacks a part of it.
    pub fn sign_out_url(&self, return_to: &str) -> Option<Url> {
        let endpoint = self.sign_out_endpoint.as_ref().map(Endpoint::as_str);
        self.kind.sign_out.url(self.issuer(), self.client_id(), endpoint, return_to)
    }
}

/// Metrics use these words where others have the id of a provider.
const RESERVED_IDS: [&str; 2] = ["none", "user_pool"];

pub(super) fn read(source: &mut Source) -> Option<Vec<Provider>> {
    let kinds = KINDS.each_ref().map(|kind| kind.id);
    let expected_kind = format!("one of {}", kinds.join(", "));
    let places = source.indexes("providers");
    if places.is_empty() {
        source.fault("providers", "is missing; expected at least one [[providers]] with id, name, namespace and kind");
    }
    let mut providers: Vec<Provider> = Vec::with_capacity(places.len());
    let mut has_main = false;
    for &index in &places {
        let key = |name: &str| format!("providers.{index}.{name}");
        let id = source.required(
            &key("id"),
            "letters, digits, dots, dashes or underscores, for the address /login/{id}",
            word,
        );
        let name = source.required(&key("name"), "the provider's name in the user pool", non_empty);
        let namespace =
            source.required(&key("namespace"), "the register that its numbers come from, such as BE", non_empty);
        let eid = EidRules::read(source, key, namespace.as_deref());
        let kind = source.required(&key("kind"), &expected_kind, ProviderKind::find);
        let is_main = source.with_default(&key("main"), "true or false", "false", |text| text.parse().ok());
        if is_main == Some(true) && std::mem::replace(&mut has_main, true) {
            source.fault(&key("main"), "is already set for another provider; expected at most one main provider");
        }
        let bridge = BridgeSettings::read(source, &key("bridge"), kind.and_then(|kind| kind.bridge.as_ref()));
        let client = OwnClient::read(source, &key("client"));
        if matches!(client, Some(Some(_))) && kind.is_some_and(|kind| !kind.is_workforce) {
            let ids = ProviderKind::workforce_ids();
            source.fault(&key("client"), format!("is possible only for a provider of the kind {ids}"));
        }
        let issuer = source.optional(&key("issuer"), Endpoint::EXPECTED, Endpoint::parse);
        let client_id = source.optional(&key("client_id"), "the client id at the provider", non_empty);
        let sign_out_endpoint = source.optional(&key("sign_out_endpoint"), Endpoint::EXPECTED, Endpoint::parse);
        if matches!(bridge, Some(Some(_))) {
            for (name, is_set) in [("issuer", issuer.is_some()), ("client_id", client_id.is_some())] {
                if is_set {
                    source.fault(&key(name), "is set in the bridge: remove it here");
                }
            }
        }
        if let (
            Some(id),
            Some(name),
            Some(namespace),
            Some(eid),
            Some(kind),
            Some(is_main),
            Some(bridge),
            Some(client),
        ) = (id, name, namespace, eid, kind, is_main, bridge, client)
        {
            if RESERVED_IDS.contains(&&*id) {
                source.fault(&key("id"), format!("is one of {}: choose another id", RESERVED_IDS.join(", ")));
            }
            if providers.iter().any(|other| other.id == id) {
                source.fault(&key("id"), "is already the id of another provider");
            }
            // The ID token holds only the name. Otherwise, the button that citizens press would choose the namespace,
            // and with it the record.
            // For the same reason, it must not choose the number either.
            if let Some(other) = providers.iter().find(|other| other.name == name) {
                let differs = [
                    ("namespace", other.namespace != namespace),
                    ("eid_format", other.namespace == namespace && other.eid.format != eid.format),
                    ("eid_pattern", other.eid.pattern != eid.pattern),
                ];
                for (setting, _) in differs.iter().filter(|(_, differs)| *differs) {
                    let problem = format!(
                        "differs from that of another provider with the same name; expected one {setting} for each name"
                    );
                    source.fault(&key(setting), problem);
                }
            }
            providers.push(Provider {
                index,
                id,
                name,
                namespace,
                eid,
                kind,
                is_main,
                issuer,
                client_id,
                sign_out_endpoint,
                bridge,
                client,
            });
        }
    }
    (!places.is_empty() && providers.len() == places.len()).then_some(providers)
}
