use crate::providers::ProviderKind;

use super::{
    Cognito, Endpoint, Provider, Source,
    cognito::{non_empty, region_name},
};

/// `[documents]`: how case workers open documents in S3 that they have been granted (trusted identity propagation).
///
/// Environment: `MYDATA_DOCUMENTS__APPLICATION_ARN`, `__ROLE_ARN`, `__ACCOUNT_ID`, `__REGION`, `__OIDC_ENDPOINT_URL`,
/// `__STS_ENDPOINT_URL`, `__S3CONTROL_ENDPOINT_URL`, `__S3_ENDPOINT_URL`, `__ADMIN_ENDPOINT_URL`.
#[derive(Clone, Debug)]
pub struct Documents {
    /// `application_arn`: the application of the workforce directory that exchanges tokens.
    pub application_arn: String,
    /// `role_arn`: the role that the server assumes for a person.
    pub role_arn: String,
    /// `account_id`: the account of the S3 Access Grants instance. Default: that of the role.
    pub account_id: String,
    /// `region`: of the directory, the Access Grants instance and the buckets, which must be in one region. Default:
    /// `cognito.region`.
    pub region: String,
    /// `oidc_endpoint_url`: of the token exchange. Default: AWS, as for the others.
    pub oidc_endpoint_url: Option<Endpoint>,
    /// `sts_endpoint_url`
    pub sts_endpoint_url: Option<Endpoint>,
    /// `s3control_endpoint_url`
    pub s3control_endpoint_url: Option<Endpoint>,
    /// `s3_endpoint_url`
    pub s3_endpoint_url: Option<Endpoint>,
    /// `admin_endpoint_url`: of all services that `server check --deep` asks about their settings.
    pub admin_endpoint_url: Option<Endpoint>,
}

const TABLE: &str = "documents";

impl Documents {
    /// Reads the table. `Some(None)` means that there is none; `None` means that it has a fault.
    pub(super) fn read(
        source: &mut Source,
        cognito: Option<&Cognito>,
        providers: Option<&[Provider]>,
    ) -> Option<Option<Self>> {
        if !source.has_below(TABLE) {
            return Some(None);
        }
        let expected = "the ARN of the application that exchanges tokens, such as arn:aws:sso::123456789012:application/ssoins-…/apl-…";
        let application_arn = source.required("documents.application_arn", expected, |text| {
            let arn = Arn::parse(text)?;
            (arn.service == "sso" && arn.resource.starts_with("application/")).then(|| text.to_owned())
        });
        let expected = "the ARN of a role, such as arn:aws:iam::123456789012:role/my-data-person";
        let role_arn = source.required("documents.role_arn", expected, |text| {
            let arn = Arn::parse(text)?;
            (arn.service == "iam" && arn.resource.starts_with("role/")).then(|| text.to_owned())
        });
        let of_role = role_arn.as_deref().and_then(Arn::parse).map(|arn| arn.account.to_owned());
        let account_id = source.optional("documents.account_id", "an AWS account: 12 digits", account);
        let has_account = account_id.is_some() || !source.has_fault("documents.account_id");
        let region = source.optional("documents.region", "an AWS region such as eu-west-1", region_name);
        let has_region = region.is_some() || !source.has_fault("documents.region");
        let [oidc_endpoint_url, sts_endpoint_url, s3control_endpoint_url, s3_endpoint_url, admin_endpoint_url] =
            ["oidc", "sts", "s3control", "s3", "admin"].map(|service| {
                let key = format!("documents.{service}_endpoint_url");
                source.optional(&key, Endpoint::EXPECTED, Endpoint::parse_base)
            });
        check_providers(source, providers?);
        Some(Some(Self {
            application_arn: application_arn?,
            role_arn: role_arn?,
            account_id: account_id.or(of_role).filter(|_| has_account)?,
            region: region.or_else(|| Some(cognito?.region.clone())).filter(|_| has_region)?,
            oidc_endpoint_url,
            sts_endpoint_url,
            s3control_endpoint_url,
            s3_endpoint_url,
            admin_endpoint_url,
        }))
    }
}

/// Case workers need an app client that no citizen can sign in with: the token exchange finds a person only by the audience and the email
/// address in a token.
fn check_providers(source: &mut Source, providers: &[Provider]) {
    let mut workforce = providers.iter().filter(|provider| provider.kind.is_workforce).peekable();
    if workforce.peek().is_none() {
        source.fault(TABLE, format!("needs a provider of the kind {}", ProviderKind::workforce_ids()));
    }
    for provider in workforce.filter(|provider| provider.client.is_none()) {
        let problem = "is missing; with [documents], case workers need an app client of their own";
        source.fault(&provider.key("client"), problem);
    }
}

/// An Amazon Resource Name.
struct Arn<'a> {
    service: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Arn<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        non_empty(text).filter(|text| !text.contains(char::is_whitespace))?;
        let parts: Vec<_> = text.splitn(6, ':').collect();
        let ["arn", partition, service, _, account, resource] = parts[..] else { return None };
        let fits = partition.starts_with("aws") && self::account(account).is_some() && !resource.is_empty();
        fits.then_some(Self { service, account, resource })
    }
}

fn account(text: &str) -> Option<String> {
    (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
}
