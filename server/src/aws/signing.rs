//! Signature Version 4 for the few requests that are made without an SDK: those of `server check`. The crates of these services
//! are large, and the server itself never calls them.

use std::time::SystemTime;

use aws_sdk_dynamodb::config::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4::SigningParams,
};
use http::Request;

/// Why a request cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// There are no credentials.
    #[error("there are no AWS credentials")]
    NoCredentials,
    /// The request cannot be written down as the signature needs it.
    #[error("the request is invalid")]
    Request,
}

/// Signs `request` for the service with this signing name.
///
/// # Errors
/// There are no credentials, or the request is invalid.
pub async fn sign_request(
    request: &mut Request<Vec<u8>>,
    credentials: &SharedCredentialsProvider,
    region: &str,
    service: &str,
) -> Result<(), SigningError> {
    let identity = credentials.provide_credentials().await.map_err(|_| SigningError::NoCredentials)?.into();
    let mut settings = SigningSettings::default();
    if service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let params = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service)
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .map_err(|_| SigningError::Request)?
        .into();
    let (method, url) = (request.method().as_str().to_owned(), request.uri().to_string());
    let headers: Option<Vec<_>> =
        request.headers().iter().map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
    let headers = headers.ok_or(SigningError::Request)?;
    let signable = SignableRequest::new(&method, &url, headers.into_iter(), SignableBody::Bytes(request.body()))
        .map_err(|_| SigningError::Request)?;
    let (instructions, _) = sign(signable, &params).map_err(|_| SigningError::Request)?.into_parts();
    instructions.apply_to_request_http1x(request);
    Ok(())
}
