//! From the configuration to [`Documents`].

use std::sync::Arc;

use async_trait::async_trait;
use aws_config::SdkConfig;

use super::{Documents, FreshTokenError, FreshTokens, Person, ServerCredentials, Settings};
use crate::{
    aws,
    config::{self, Config},
    secret::Secret,
    sign_in::{RefreshError, RelyingParty},
};

impl Documents {
    /// As `config` says. `None` if it says nothing about documents.
    ///
    /// # Errors
    /// None: a build without documents has one.
    pub fn start(
        config: &Config,
        aws: &SdkConfig,
        relying_party: Arc<RelyingParty>,
    ) -> Result<Option<Self>, &'static str> {
        let Some(settings) = &config.documents else { return Ok(None) };
        let credentials = aws::credentials(aws, settings.sts_endpoint_url.as_ref());
        let tokens = Arc::new(UserPool(relying_party));
        Ok(Some(Self::new(settings.into(), &ServerCredentials::new(credentials), tokens)))
    }
}

impl From<&config::Documents> for Settings {
    fn from(settings: &config::Documents) -> Self {
        let url = |endpoint: &Option<config::Endpoint>| endpoint.as_ref().map(|url| url.as_str().to_owned());
        Self {
            application_arn: settings.application_arn.clone(),
            role_arn: settings.role_arn.clone(),
            account_id: settings.account_id.clone(),
            region: settings.region.clone(),
            oidc_endpoint_url: url(&settings.oidc_endpoint_url),
            sts_endpoint_url: url(&settings.sts_endpoint_url),
            s3control_endpoint_url: url(&settings.s3control_endpoint_url),
            s3_endpoint_url: url(&settings.s3_endpoint_url),
        }
    }
}

/// The user pool, which the relying party asks for new ID tokens.
struct UserPool(Arc<RelyingParty>);

#[async_trait]
impl FreshTokens for UserPool {
    async fn fresh(&self, person: &Person) -> Result<Secret, FreshTokenError> {
        let token = self.0.fresh_id_token(&person.provider, &person.refresh_token, &person.user).await;
        token.map_err(|error| match error {
            RefreshError::Unavailable => FreshTokenError::Unavailable,
            RefreshError::Ended => FreshTokenError::Ended,
            RefreshError::Refused(reason) => FreshTokenError::Refused(reason),
        })
    }
}
