//! Calls of AWS services that only `server check` makes. Each is signed, sent once, and changes nothing.

use http::{Request, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::{
    aws::{SigningError, sign_request},
    config::{Endpoint, Partition},
    oidc::{HttpClient, HttpError},
};
use aws_sdk_dynamodb::config::SharedCredentialsProvider;

/// The checksum of an empty body, which S3's control plane requires.
const MD5_OF_NOTHING: &str = "1B2M2Y8AsgTpgAmY7PhCfg==";

/// Why a call has no result. It holds nothing of the response but its error code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CallError {
    NoCredentials,
    Unreachable { host: String },
    Refused { status: u16, code: String },
    Unreadable,
}

impl CallError {
    /// Whether the thing that was asked for does not exist.
    pub(super) fn is_not_found(&self) -> bool {
        const CODES: [&str; 3] = ["ResourceNotFoundException", "NoSuchEntity", "AccessGrantsInstanceNotExistsError"];
        matches!(self, Self::Refused { status, code } if CODES.contains(&code.as_str()) || *status == 404)
    }

    /// What is wrong, if the call needs the right `action`.
    pub(super) fn explain(&self, action: &str) -> String {
        match self {
            Self::NoCredentials => {
                "there are no AWS credentials: set AWS_PROFILE, or the AWS_ variables of an operator's \
                                    credentials"
                    .to_owned()
            }
            Self::Unreachable { host } => {
                format!("cannot reach {host}: check the region and this machine's outgoing connections")
            }
            Self::Refused { code, .. } if is_denial(code) => {
                format!("not compared: these credentials may not call {action}. Use an operator's, or allow it")
            }
            Self::Refused { code, .. } if is_bad_key(code) => {
                format!("AWS refuses the credentials ({code}): they are wrong or expired, or this machine's clock is")
            }
            Self::Refused { status, code } => format!("{action} fails with {code} (status {status})"),
            Self::Unreadable => format!("the response of {action} cannot be read"),
        }
    }
}

fn is_denial(code: &str) -> bool {
    ["AccessDenied", "AccessDeniedException", "NotAuthorizedException", "UnauthorizedOperation"].contains(&code)
}

pub(super) fn is_bad_key(code: &str) -> bool {
    const CODES: [&str; 10] = [
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "InvalidToken",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "MissingAuthenticationTokenException",
    ];
    CODES.contains(&code)
}

impl From<SigningError> for CallError {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::NoCredentials => Self::NoCredentials,
            SigningError::Request => Self::Unreadable,
        }
    }
}

/// A service with its name in a signature, and the first word of its host.
#[derive(Clone, Copy, Debug)]
pub(super) enum Service {
    /// The directory's administration.
    SsoAdmin,
    Cognito,
    Iam,
    Sts,
    AccessGrants,
}

impl Service {
    const fn signing_name(self) -> &'static str {
        match self {
            Self::SsoAdmin => "sso",
            Self::Cognito => "cognito-idp",
            Self::Iam => "iam",
            Self::Sts => "sts",
            Self::AccessGrants => "s3",
        }
    }

    /// What `X-Amz-Target` begins with, in the protocol JSON 1.1.
    const fn target(self) -> &'static str {
        match self {
            Self::Cognito => "AWSCognitoIdentityProviderService",
            _ => "SWBExternalService",
        }
    }

    /// The API version, in the query protocol.
    const fn version(self) -> &'static str {
        match self {
            Self::Iam => "2010-05-08",
            _ => "2011-06-15",
        }
    }
}

/// The end of the names of AWS's hosts in `region`.
pub(super) fn suffix(region: &str) -> &'static str {
    Partition::of_region(region).dns_suffix()
}

/// Calls services with one set of credentials.
pub(super) struct Caller<'a> {
    pub(super) http: &'a HttpClient,
    pub(super) credentials: SharedCredentialsProvider,
    /// Replaces the address of every service.
    pub(super) endpoint: Option<&'a Endpoint>,
    pub(super) region: &'a str,
}

impl Caller<'_> {
    /// An operation of a service that speaks JSON 1.1.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        service: Service,
        operation: &str,
        input: &Value,
    ) -> Result<T, CallError> {
        let name = service.signing_name();
        let host = format!("{name}.{}.{}", self.region, suffix(self.region));
        let request = Request::post(self.base(&host) + "/")
            .header(header::CONTENT_TYPE, "application/x-amz-json-1.1")
            .header("x-amz-target", format!("{}.{operation}", service.target()))
            .body(input.to_string().into_bytes());
        let body = self.send(service, self.region, &host, request).await?;
        serde_json::from_slice(&body).map_err(|_| CallError::Unreadable)
    }

    /// An operation of a service that speaks the query protocol. Returns XML.
    pub(super) async fn query(
        &self,
        service: Service,
        operation: &str,
        fields: &[(&str, &str)],
    ) -> Result<String, CallError> {
        let regional = format!("{}.{}.{}", service.signing_name(), self.region, suffix(self.region));
        let (host, region) = match service {
            Service::Iam => Partition::of_region(self.region).iam(),
            _ => (regional.as_str(), self.region),
        };
        let mut form = Serializer::new(String::new());
        form.append_pair("Action", operation).append_pair("Version", service.version()).extend_pairs(fields);
        let request = Request::post(self.base(host) + "/")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.finish().into_bytes());
        self.text(self.send(service, region, host, request).await?)
    }

    /// What S3's control plane has at `path`, with these parameters, for `account`. Returns XML.
    pub(super) async fn access_grants(
        &self,
        account: &str,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, CallError> {
        let host = format!("{account}.s3-control.{}.{}", self.region, suffix(self.region));
        // The signature covers a space as `%20`.
        let query = Serializer::new(String::new()).extend_pairs(parameters).finish().replace('+', "%20");
        let mark = if query.is_empty() { "" } else { "?" };
        let request = Request::get(format!("{}/v20180820/accessgrantsinstance{path}{mark}{query}", self.base(&host)))
            .header("x-amz-account-id", account)
            .header("content-md5", MD5_OF_NOTHING)
            .body(Vec::new());
        self.text(self.send(Service::AccessGrants, self.region, &host, request).await?)
    }

    fn base(&self, host: &str) -> String {
        self.endpoint.map_or_else(|| format!("https://{host}"), |endpoint| endpoint.as_str().to_owned())
    }

    fn text(&self, body: Vec<u8>) -> Result<String, CallError> {
        String::from_utf8(body).map_err(|_| CallError::Unreadable)
    }

    async fn send(
        &self,
        service: Service,
        region: &str,
        host: &str,
        request: http::Result<Request<Vec<u8>>>,
    ) -> Result<Vec<u8>, CallError> {
        let mut request = request.map_err(|_| CallError::Unreadable)?;
        sign_request(&mut request, &self.credentials, region, service.signing_name()).await?;
        let response = self.http.send(request).await.map_err(|error| match error {
            HttpError::Unavailable => CallError::Unreachable { host: host.to_owned() },
            _ => CallError::Unreadable,
        })?;
        if response.status().is_success() {
            return Ok(response.into_body());
        }
        let header = response.headers().get("x-amzn-errortype").and_then(|value| value.to_str().ok());
        let code =
            header.map(str::to_owned).or_else(|| code_in(response.body())).unwrap_or_else(|| "no code".to_owned());
        Err(CallError::Refused { status: response.status().as_u16(), code: bare(&code) })
    }
}

/// The error code in a body: `__type` of JSON, or `<Code>` of XML.
fn code_in(body: &[u8]) -> Option<String> {
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        return json["__type"].as_str().map(str::to_owned);
    }
    first_text(std::str::from_utf8(body).ok()?, "Code")
}

/// A code without its namespace, and without the address after it.
fn bare(code: &str) -> String {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().to_owned()
}

/// The texts of all elements of `document` with this name.
pub(super) fn texts(document: &str, name: &str) -> Option<Vec<String>> {
    let document = roxmltree::Document::parse(document).ok()?;
    let found = document.descendants().filter(|node| node.tag_name().name() == name);
    Some(found.map(|node| node.text().unwrap_or_default().to_owned()).collect())
}

/// The text of the first element of `document` with this name.
pub(super) fn first_text(document: &str, name: &str) -> Option<String> {
    texts(document, name)?.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_an_error_is_read_in_each_protocol() {
        for (body, code) in [
            (r#"{"__type":"com.amazonaws.swb#ResourceNotFoundException","Message":"x"}"#, "ResourceNotFoundException"),
            (r#"{"__type":"AccessDeniedException:http://internal"}"#, "AccessDeniedException"),
            (
                "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code></Error></ErrorResponse>",
                "NoSuchEntity",
            ),
            ("<Error><Code>AccessDenied</Code></Error>", "AccessDenied"),
        ] {
            assert_eq!(bare(&code_in(body.as_bytes()).unwrap()), code);
        }
        assert_eq!(code_in(b"<html>"), None);
    }
}
