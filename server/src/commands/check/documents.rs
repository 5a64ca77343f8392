//! Checks of what documents need, as far as the server's own credentials can tell: the secret of case workers' app client, who AWS
//! thinks the server is, and the addresses of the four services.

use aws_config::SdkConfig;
use http::Request;

use super::{
    Line,
    caller::{CallError, Caller, Service, first_text, is_bad_key},
    line,
    role::{RoleName, account},
};
use crate::{
    aws,
    config::{Config, Documents, Endpoint, Partition},
    oidc::HttpClient,
    sign_in::probe_client,
};

/// Adds the lines to `lines`. Returns who AWS thinks the server is.
pub(super) async fn check(
    config: &Config,
    settings: &SdkConfig,
    http: &HttpClient,
    lines: &mut Vec<Line>,
) -> Option<RoleName> {
    if config.providers.iter().any(|provider| provider.client.is_some()) {
        lines.push(line("app client secrets", secrets(config, settings, http).await));
    }
    let documents = config.documents.as_ref()?;
    lines.push(line("documents", Ok(summary(config, documents))));
    let identity = identity(documents, settings, http).await;
    lines.push(line(
        "documents identity",
        identity.as_ref().map(|role| described(role, documents)).map_err(ToString::to_string),
    ));
    for (subject, endpoint, host, key) in addresses(documents) {
        let url = endpoint.map_or_else(|| format!("https://{host}"), |endpoint| endpoint.as_str().to_owned());
        lines.push(line(subject, answers(http, &url, key).await));
    }
    identity.ok()
}

/// Whether the secret of each provider's own app client can be read, and the user pool accepts it.
async fn secrets(config: &Config, settings: &SdkConfig, http: &HttpClient) -> Result<String, String> {
    let mut accepted = Vec::new();
    for provider in &config.providers {
        let Some(client) = &provider.client else { continue };
        probe_client(config, settings, Some(provider), http)
            .await
            .map_err(|problem| format!("{} ({}): {problem}", provider.key("client"), client.client_id))?;
        accepted.push(client.client_id.as_str());
    }
    Ok(format!("the user pool accepts that of {}", accepted.join(", ")))
}

/// What the configuration says.
fn summary(config: &Config, documents: &Documents) -> String {
    let Documents { application_arn, role_arn, account_id, region, .. } = documents;
    let mut text = format!(
        "application {application_arn}, person role {role_arn}, grants in account {account_id}, region {region}"
    );
    if *region != config.cognito.region {
        text += &format!(
            "; note: the user pool is in {}, which is possible, but directory, grants and buckets must all be in {region}",
            config.cognito.region
        );
    }
    text
}

/// Who AWS thinks the server is. `GetCallerIdentity` needs no permission.
async fn identity(documents: &Documents, settings: &SdkConfig, http: &HttpClient) -> Result<RoleName, String> {
    let endpoint = documents.sts_endpoint_url.as_ref();
    let caller =
        Caller { http, credentials: aws::credentials(settings, endpoint), endpoint, region: &documents.region };
    let answer = caller.query(Service::Sts, "GetCallerIdentity", &[]).await;
    let fix = "give the server a role, or set AWS_PROFILE or the AWS_ variables";
    let answer = answer.map_err(|error| match error {
        CallError::NoCredentials => format!("the server has no AWS credentials: {fix}"),
        CallError::Refused { code, .. } if is_bad_key(&code) => {
            format!("AWS refuses the server's own credentials ({code}): {fix}, and check this machine's clock")
        }
        error => error.explain("sts:GetCallerIdentity"),
    })?;
    let arn = first_text(&answer, "Arn").ok_or("the response of sts:GetCallerIdentity cannot be read")?;
    Ok(RoleName::of_caller(&arn))
}

fn described(role: &RoleName, documents: &Documents) -> String {
    let mut text = format!("the server is {} for AWS", role.arn());
    if role.account() != account(&documents.role_arn) {
        text += &format!(
            "; note: documents.role_arn is in another account ({}), so the trust of the person role and the policy of this \
             role must both allow sts:AssumeRole and sts:SetContext",
            account(&documents.role_arn)
        );
    }
    text
}

/// Each address: the subject of its line, its override, its host on AWS, and its key in the configuration.
fn addresses(documents: &Documents) -> [(&'static str, Option<&Endpoint>, String, &'static str); 4] {
    let Documents { account_id, region, .. } = documents;
    let suffix = Partition::of_region(region).dns_suffix();
    [
        (
            "address token exchange",
            documents.oidc_endpoint_url.as_ref(),
            format!("oidc.{region}.{suffix}"),
            "documents.oidc_endpoint_url",
        ),
        (
            "address STS",
            documents.sts_endpoint_url.as_ref(),
            format!("sts.{region}.{suffix}"),
            "documents.sts_endpoint_url",
        ),
        (
            "address Access Grants",
            documents.s3control_endpoint_url.as_ref(),
            format!("{account_id}.s3-control.{region}.{suffix}"),
            "documents.s3control_endpoint_url",
        ),
        (
            "address S3",
            documents.s3_endpoint_url.as_ref(),
            format!("s3.{region}.{suffix}"),
            "documents.s3_endpoint_url",
        ),
    ]
}

/// Whether anything answers at `url`. Any status will do: the request is not signed.
async fn answers(http: &HttpClient, url: &str, key: &str) -> Result<String, String> {
    let request = Request::get(format!("{url}/")).body(Vec::new()).map_err(|error| error.to_string())?;
    match http.send(request).await {
        Ok(_) => Ok(format!("{url} answers")),
        Err(error) => Err(format!(
            "cannot use {url} ({error}): check documents.region, {key} and this server's outgoing connections"
        )),
    }
}
