//! The app clients: one for citizens, and one for case workers if they have their own. The rules are the same, and
//! what is expected differs.

mod settings;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use self::settings::Client;
use super::{EID, Held, Line, Mapped, NOT_AWS, Operator, indexed, line};
use crate::{commands::check::caller::CallError, config::Config};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ClientOutput {
    user_pool_client: Client,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Secrets {
    #[serde(default)]
    client_secrets: Vec<Value>,
}

/// What an app client must be.
struct Expected<'a> {
    /// How its lines begin.
    subject: &'static str,
    id: &'a str,
    /// Where the configuration has its id and its secret.
    id_key: String,
    secret_key: String,
    /// Its providers' names in the user pool.
    providers: Vec<&'a str>,
    /// The attributes that the user pool writes at their sign-ins.
    mapped: BTreeSet<&'a str>,
    /// The attributes that the server reads in ID tokens.
    read: &'static [&'static str],
    secret: Option<Held<'a>>,
    /// Whether the server refreshes its tokens.
    refreshes: bool,
    /// What a person of another provider could do.
    danger: &'static str,
}

impl Operator<'_> {
    /// The lines about the app clients. `is_managed` says whether the domain has managed login.
    pub(super) async fn clients(&self, mapped: &Mapped, is_managed: bool) -> Vec<Line> {
        let mut lines = Vec::new();
        for expected in expected(self.config, mapped) {
            lines.extend(self.client(&expected, is_managed).await);
        }
        lines
    }

    async fn client(&self, expected: &Expected<'_>, is_managed: bool) -> Vec<Line> {
        let Expected { subject, id, id_key, .. } = expected;
        let client = match self.pool::<ClientOutput>("DescribeUserPoolClient", json!({ "ClientId": id })).await {
            Ok(ClientOutput { user_pool_client }) => user_pool_client,
            Err(error) if error.is_not_found() => {
                let problem =
                    format!("the user pool has no app client {id}: compare {id_key} and cognito.user_pool_id");
                return vec![line(subject, Err(problem))];
            }
            Err(error) => return vec![line(subject, Err(error.explain("cognito-idp:DescribeUserPoolClient")))],
        };
        let secrets = self.pool::<Secrets>("ListUserPoolClientSecrets", json!({ "ClientId": id })).await;
        let mut lines = client.lines(expected, self.config);
        let mut secret = client.secret(expected);
        match secrets {
            Ok(Secrets { client_secrets }) => secret.advise(client_secrets.len() < 2, || {
                "two secrets are accepted: delete the older one when every server has the newer one \
                 (delete-user-pool-client-secret)"
                    .to_owned()
            }),
            Err(error) if error.is_unknown_operation() => {}
            Err(CallError::Refused { code, .. }) if code == "InvalidParameterException" => {}
            Err(error) => secret.need(false, || error.explain("cognito-idp:ListUserPoolClientSecrets")),
        }
        lines.push(line(&format!("{subject} secret"), secret.result(client.secret_summary())));
        let pages =
            if is_managed { self.branding(id).await } else { Ok("the classic hosted UI needs no branding".to_owned()) };
        lines.push(line(&format!("{subject} pages"), pages));
        lines
    }

    /// Managed login shows nothing to an app client without a branding.
    async fn branding(&self, id: &str) -> Result<String, String> {
        match self.pool::<Value>("DescribeManagedLoginBrandingByClient", json!({ "ClientId": id })).await {
            Ok(_) => Ok("managed login has a branding for it".to_owned()),
            Err(error) if error.is_not_found() => {
                Err("managed login shows errors to an app client without a branding: create one \
                                                       (create-managed-login-branding)"
                    .to_owned())
            }
            Err(error) if error.is_unknown_operation() => Ok(NOT_AWS.to_owned()),
            Err(error) => Err(error.explain("cognito-idp:DescribeManagedLoginBrandingByClient")),
        }
    }
}

/// The app clients of the configuration, each once.
fn expected<'a>(config: &'a Config, mapped: &'a Mapped) -> Vec<Expected<'a>> {
    let of = |own: Option<&str>| -> Vec<&'a str> {
        let those = config
            .providers
            .iter()
            .filter(|provider| provider.client.as_ref().map(|client| client.client_id.as_str()) == own);
        let names: BTreeSet<_> = those.map(|provider| provider.name.as_str()).collect();
        names.into_iter().collect()
    };
    let citizens = of(None);
    let mut all = vec![Expected {
        subject: "app client of citizens",
        id: &config.cognito.client_id,
        id_key: "cognito.user_pool_web_client_id".to_owned(),
        secret_key: "cognito.client_secret".to_owned(),
        mapped: mapped.of(&citizens),
        providers: citizens,
        read: &[EID],
        secret: config.cognito.client_secret.as_ref().map(Held::from),
        refreshes: false,
        danger: "[[providers]] does not have them there",
    }];
    for (index, provider) in indexed(config) {
        let Some(client) = &provider.client else { continue };
        if all.iter().any(|known| known.id == client.client_id) {
            continue;
        }
        let providers = of(Some(&client.client_id));
        all.push(Expected {
            subject: "app client of case workers",
            id: &client.client_id,
            id_key: format!("providers.{index}.client.client_id"),
            secret_key: format!("providers.{index}.client.client_secret"),
            mapped: mapped.of(&providers),
            providers,
            read: &[EID, "email"],
            secret: Some(Held::from(&client.secret)),
            refreshes: config.documents.is_some(),
            danger: "a person of theirs with a case worker's email address would become that case worker",
        });
    }
    all
}
