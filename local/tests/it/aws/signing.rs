//! Requests that `aws-sigv4` signs.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4::SigningParams;
use axum::http::{Method, Request};

/// Access keys, as a client has them.
#[derive(Clone)]
pub struct Keys {
    pub id: String,
    pub secret: String,
    pub token: Option<String>,
}

/// A request to be signed. By default it is signed for its service in eu-west-1, now.
pub struct Signed<'a> {
    pub keys: &'a Keys,
    pub service: &'a str,
    pub region: &'a str,
    /// How many seconds ago it was signed.
    pub ago: i64,
    pub method: Method,
    pub url: String,
    pub headers: Vec<(&'a str, String)>,
    pub body: String,
}

impl<'a> Signed<'a> {
    pub fn get(keys: &'a Keys, service: &'a str, url: String) -> Self {
        let (region, headers, body) = ("eu-west-1", Vec::new(), String::new());
        Self { keys, service, region, ago: 0, method: Method::GET, url, headers, body }
    }

    pub fn post(keys: &'a Keys, service: &'a str, url: String, kind: &'a str, body: String) -> Self {
        let headers = vec![("content-type", kind.to_owned())];
        Self { method: Method::POST, headers, body, ..Self::get(keys, service, url) }
    }

    /// The request with its signature.
    pub fn request(&self) -> Request<String> {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut request = request.body(self.body.clone()).unwrap();
        let mut settings = SigningSettings::default();
        if self.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let Keys { id, secret, token } = self.keys.clone();
        let identity = Credentials::new(id, secret, token, None, "test").into();
        let now = SystemTime::now();
        let distance = Duration::from_secs(self.ago.unsigned_abs());
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(if self.ago < 0 { now + distance } else { now - distance })
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let signable = SignableRequest::new(
            self.method.as_str(),
            self.url.as_str(),
            headers,
            SignableBody::Bytes(self.body.as_bytes()),
        );
        let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
        instructions.apply_to_request_http1x(&mut request);
        request
    }
}
