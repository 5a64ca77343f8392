//! Which tokens the application exchanges, and for whom: trusted token issuer, grant, and actor policy.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Deep, Line, line,
    policy::{Principal, Request, Verdict, decide},
    with_notes,
};
use crate::providers::{DIRECTORY, SET_UP_SCRIPT};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// The claim of the ID token, and the attribute of the directory that it must equal.
const JOIN: [&str; 2] = ["email", "emails.value"];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Issuers {
    trusted_token_issuers: Vec<IssuerName>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IssuerName {
    trusted_token_issuer_arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Issuer {
    name: Option<String>,
    trusted_token_issuer_configuration: Option<IssuerConfiguration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IssuerConfiguration {
    oidc_jwt_configuration: Option<JwtConfiguration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JwtConfiguration {
    issuer_url: String,
    claim_attribute_path: String,
    identity_store_attribute_path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Grant {
    grant: GrantOfType,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GrantOfType {
    jwt_bearer: Option<JwtBearer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct JwtBearer {
    #[serde(default)]
    authorized_token_issuers: Vec<AuthorizedIssuer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AuthorizedIssuer {
    trusted_token_issuer_arn: Option<String>,
    #[serde(default)]
    authorized_audiences: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Method {
    authentication_method: Option<IamMethod>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IamMethod {
    iam: Option<Actor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Actor {
    actor_policy: Value,
}

impl Deep<'_> {
    /// The lines about exchanges. `citizens` is the app client of citizens, whose tokens must not be exchanged.
    pub(super) async fn exchange(&self, citizens: &str) -> Vec<Line> {
        let issuer = self.issuer().await;
        let (issuer_line, arn) = match issuer {
            Ok((text, arn)) => (Ok(text), Some(arn)),
            Err(problem) => (Err(problem), None),
        };
        vec![
            line("trusted token issuer", issuer_line),
            line("application grant", self.grant(arn.as_deref(), citizens).await),
            line("actor policy", self.actor().await),
        ]
    }

    /// What can be said of the issuer, and its ARN.
    async fn issuer(&self) -> Result<(String, String), String> {
        let ours = self.issuer;
        let mut similar = None;
        for arn in self.issuers().await? {
            let input = json!({ "TrustedTokenIssuerArn": arn });
            let found = self.sso::<Issuer>("DescribeTrustedTokenIssuer", &input).await;
            let found = found.map_err(|error| error.explain("sso:DescribeTrustedTokenIssuer"))?;
            let name = found.name.unwrap_or_default();
            let configuration = found.trusted_token_issuer_configuration;
            let Some(jwt) = configuration.and_then(|configuration| configuration.oidc_jwt_configuration) else {
                continue;
            };
            if jwt.issuer_url == ours {
                let join = [jwt.claim_attribute_path.as_str(), jwt.identity_store_attribute_path.as_str()];
                let text = format!("{name} has exactly the issuer {ours}, and compares {} with {}", join[0], join[1]);
                let note = format!(
                    "the guide compares {} with {}; make sure that the ID token has the claim {}, and that no two people share \
                     its value",
                    JOIN[0], JOIN[1], join[0]
                );
                return Ok((with_notes(&text, if join == JOIN { &[] } else { std::slice::from_ref(&note) }), arn));
            }
            let is_similar = |url: &str| url.trim_end_matches('/').eq_ignore_ascii_case(ours.trim_end_matches('/'));
            let discovery = "/.well-known/openid-configuration";
            if is_similar(&jwt.issuer_url) || jwt.issuer_url.strip_suffix(discovery).is_some_and(is_similar) {
                similar = Some((name, jwt.issuer_url));
            }
        }
        Err(match similar {
            Some((name, url)) => format!(
                "{name} has the issuer {url}, but tokens have {ours}, without a slash at the end or any other difference: delete it, \
                 and run {SET_UP_SCRIPT}"
            ),
            None => format!("{DIRECTORY} does not trust the issuer {ours}: run {SET_UP_SCRIPT}"),
        })
    }

    async fn issuers(&self) -> Result<Vec<String>, String> {
        let mut input = json!({ "InstanceArn": self.instance_arn() });
        let mut arns = Vec::new();
        loop {
            let found = self.sso::<Issuers>("ListTrustedTokenIssuers", &input).await;
            let found = found.map_err(|error| error.explain("sso:ListTrustedTokenIssuers"))?;
            arns.extend(found.trusted_token_issuers.into_iter().map(|issuer| issuer.trusted_token_issuer_arn));
            let Some(next) = found.next_token.filter(|next| !next.is_empty() && input["NextToken"] != **next) else {
                return Ok(arns);
            };
            input["NextToken"] = json!(next);
        }
    }

    async fn grant(&self, issuer: Option<&str>, citizens: &str) -> Result<String, String> {
        let mut input = self.of_application();
        input["GrantType"] = json!(JWT_BEARER);
        let found = match self.sso::<Grant>("GetApplicationGrant", &input).await {
            Err(error) if error.is_not_found() => None,
            found => found.map_err(|error| error.explain("sso:GetApplicationGrant"))?.grant.jwt_bearer,
        };
        let Some(found) = found else {
            return Err(format!("the application exchanges no tokens: run {SET_UP_SCRIPT}"));
        };
        let Some(issuer) = issuer else {
            return Ok("not compared: fix the trusted token issuer first".to_owned());
        };
        let named = found.authorized_token_issuers.iter();
        let named = named.filter(|named| named.trusted_token_issuer_arn.as_deref() == Some(issuer));
        let audiences: Vec<_> = named.flat_map(|named| &named.authorized_audiences).map(String::as_str).collect();
        let own = self.client.client_id.as_str();
        if audiences.contains(&citizens) {
            return Err(format!(
                "the app client of citizens (cognito.user_pool_web_client_id) is an audience: a citizen with a case worker's email \
                 address would become that case worker. Run {SET_UP_SCRIPT} with --client-id {own}"
            ));
        }
        if !audiences.contains(&own) {
            return Err(format!(
                "the app client {own} ({}.client.client_id) is not an audience of our issuer; those are: {}. Run {SET_UP_SCRIPT} \
                 with --client-id {own}",
                self.provider_key,
                if audiences.is_empty() { "none".to_owned() } else { audiences.join(", ") }
            ));
        }
        let others = format!("there are other audiences too: {}", audiences.join(", "));
        let notes = if audiences.len() > 1 { std::slice::from_ref(&others) } else { &[] };
        Ok(with_notes("exchanges tokens of our issuer for the app client of case workers", notes))
    }

    async fn actor(&self) -> Result<String, String> {
        let mut input = self.of_application();
        input["AuthenticationMethodType"] = json!("IAM");
        let found = match self.sso::<Method>("GetApplicationAuthenticationMethod", &input).await {
            Err(error) if error.is_not_found() => None,
            found => {
                let found = found.map_err(|error| error.explain("sso:GetApplicationAuthenticationMethod"))?;
                found.authentication_method.and_then(|method| method.iam)
            }
        };
        let Some(Actor { actor_policy }) = found else {
            return Err(format!("the application has no authentication method IAM: run {SET_UP_SCRIPT}"));
        };
        // The API describes a document. Some tools write it as text.
        let policy = match &actor_policy {
            Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
            policy => policy.clone(),
        };
        let Some(server) = self.server else { return Ok(super::roles::NO_SERVER.to_owned()) };
        let request =
            Request { principal: Principal::Role(server), action: "sso-oauth:CreateTokenWithIAM", context: &[] };
        match decide(&policy, &request) {
            Verdict::Allowed(notes) => Ok(with_notes(&format!("names {}", server.arn()), &notes)),
            Verdict::Denied(reason) => Err(format!(
                "does not let {} exchange tokens ({reason}): run {SET_UP_SCRIPT} with --server-role-arn. If the server runs as another \
                 role, run this check with --server-role",
                server.arn()
            )),
        }
    }

    /// The instance of the directory, which the ARN of the application names.
    fn instance_arn(&self) -> String {
        let arn = &self.documents.application_arn;
        let partition = arn.split(':').nth(1).unwrap_or_default();
        format!("arn:{partition}:sso:::instance/{}", self.instance_id())
    }

    /// The id of that instance, such as `ssoins-1111111111111111`.
    pub(super) fn instance_id(&self) -> &str {
        self.documents.application_arn.split('/').nth(1).unwrap_or_default()
    }
}
