//! Where the services are that `server check` calls, and with which credentials.

use aws_config::SdkConfig;
use aws_sdk_dynamodb::config::SharedCredentialsProvider;

use super::caller::Service;
use crate::{
    aws,
    config::{Config, Endpoint},
};

/// One address and its credentials. Without an address, it is that of AWS.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) endpoint: Option<Endpoint>,
    pub(super) credentials: SharedCredentialsProvider,
}

/// A place for each service.
pub(super) struct Places {
    others: Place,
    by_service: Vec<(Service, Place)>,
}

/// The variable of the AWS SDKs with the address of all services. With `_` and the service, it is for that service.
const VARIABLE: &str = "AWS_ENDPOINT_URL";

/// Each service as the variables call it.
const NAMES: [(Service, &str); 9] = [
    (Service::Cognito, "COGNITO_IDENTITY_PROVIDER"),
    (Service::DynamoDb, "DYNAMODB"),
    (Service::SecretsManager, "SECRETS_MANAGER"),
    (Service::Kms, "KMS"),
    (Service::Waf, "WAFV2"),
    (Service::Iam, "IAM"),
    (Service::Sts, "STS"),
    (Service::SsoAdmin, "SSO_ADMIN"),
    (Service::AccessGrants, "S3_CONTROL"),
];

impl Places {
    /// Every service at this place.
    pub(super) const fn one(place: Place) -> Self {
        Self { others: place, by_service: Vec::new() }
    }

    /// The places of an operator: `documents.admin_endpoint_url`, else what the variables of the AWS SDKs say, else AWS. The
    /// tables are where the server has them, unless one of the others says something else.
    ///
    /// # Errors
    /// A variable is not an address that can be trusted.
    pub(super) fn of_operator(
        config: &Config,
        settings: &SdkConfig,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, String> {
        if let Some(admin) = config.documents.as_ref().and_then(|documents| documents.admin_endpoint_url.as_ref()) {
            let credentials = aws::operator_credentials(settings, Some(admin));
            return Ok(Self::one(Place { endpoint: Some(admin.clone()), credentials }));
        }
        let ignored =
            variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|text| text.eq_ignore_ascii_case("true"));
        let named = |name: &str| match variable(name).filter(|text| !text.is_empty() && !ignored) {
            None => Ok(None),
            Some(text) => Endpoint::parse_base(&text).map(Some).ok_or_else(|| {
                format!("{name} is not an https address (http for loopback only): correct or remove it")
            }),
        };
        let place = |endpoint: Option<Endpoint>| {
            let credentials = aws::credentials_for_check(settings, endpoint.as_ref());
            Place { endpoint, credentials }
        };
        let all = named(VARIABLE)?;
        let mut by_service = Vec::new();
        for (service, name) in NAMES {
            let own = named(&format!("{VARIABLE}_{name}"))?.or_else(|| all.clone());
            let of_tables = config.dynamodb.endpoint_url.as_ref().filter(|_| service == Service::DynamoDb);
            if let Some(endpoint) = own.or_else(|| of_tables.cloned()) {
                by_service.push((service, place(Some(endpoint))));
            }
        }
        Ok(Self { others: place(None), by_service })
    }

    /// Where `service` is.
    pub(super) fn of(&self, service: Service) -> &Place {
        self.by_service.iter().find(|(known, _)| *known == service).map_or(&self.others, |(_, place)| place)
    }
}

#[cfg(test)]
mod tests {
    use testkit::Example;

    use super::*;
    use crate::config::Source;

    fn places(more: &str, variables: &[(&str, &str)]) -> Result<Places, String> {
        let config = Config::read(Source::from_toml(&Example::aws().with(more).to_toml())).unwrap();
        let settings = SdkConfig::builder().build();
        let found = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        Places::of_operator(&config, &settings, found)
    }

    #[test]
    fn a_variable_of_the_service_comes_before_that_of_all_and_that_before_aws() {
        let url = |places: &Places, service| places.of(service).endpoint.as_ref().map(|url| url.as_str().to_owned());
        let of_pool = ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://127.0.0.1:1/");
        let found = places("", &[of_pool, ("AWS_ENDPOINT_URL", "https://aws.example")]).unwrap();
        assert_eq!(url(&found, Service::Cognito).as_deref(), Some("http://127.0.0.1:1"));
        assert_eq!(url(&found, Service::Waf).as_deref(), Some("https://aws.example"));
        let found = places("", &[of_pool]).unwrap();
        assert_eq!(url(&found, Service::DynamoDb), None);
        let found = places("", &[of_pool, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]).unwrap();
        assert_eq!(url(&found, Service::Cognito), None);
    }

    #[test]
    fn an_address_without_encryption_is_refused() {
        let refused = places("", &[("AWS_ENDPOINT_URL_DYNAMODB", "http://10.0.0.1:8000")]).err().unwrap();
        assert!(refused.contains("AWS_ENDPOINT_URL_DYNAMODB is not an https address"), "{refused}");
    }
}
