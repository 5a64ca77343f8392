//! A running account with its issuer, and the calls of the chain.

use axum::http::Request;
use local::aws::{APPLICATION_ARN, Aws, AwsOptions, PERSON_ROLE_ARN};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use testkit::client;
use url::form_urlencoded;

use super::issuer::{AUDIENCE, Issuer};
use super::{Keys, Signed};

pub const LENA: &str = "lena.dubois@fps.example";
pub const TOM: &str = "tom.verlinden@fps.example";
const CONTEXT_PROVIDER: &str = "arn:aws:iam::aws:contextProvider/IdentityCenter";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// An answer with its text.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The status and the code of the error, if it is one.
    pub fn outcome(&self) -> (u16, String) {
        let code = self.headers.get("x-amzn-errortype").map(|code| code.to_str().unwrap().to_owned());
        (self.status.as_u16(), code.or_else(|| self.first("Code")).unwrap_or_default())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The texts of all elements with this name. They hold no elements and need no unescaping.
    pub fn all(&self, name: &str) -> Vec<String> {
        let (start, end) = (format!("<{name}>"), format!("</{name}>"));
        let parts = self.text.split(&start).skip(1);
        parts.map(|part| part.split_once(&end).unwrap().0.to_owned()).collect()
    }

    pub fn first(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    pub fn keys(&self) -> Keys {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        let field = |name| self.first(name).unwrap();
        Keys { id: field("AccessKeyId"), secret: field("SecretAccessKey"), token: Some(field("SessionToken")) }
    }
}

pub struct Cloud {
    pub aws: Aws,
    pub issuer: Issuer,
}

impl Cloud {
    /// The account of the demonstration.
    pub async fn demo() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with other options.
    pub async fn with(change: impl FnOnce(&mut AwsOptions)) -> Self {
        let issuer = Issuer::start().await;
        let mut options = AwsOptions::demo(&issuer.url, AUDIENCE);
        change(&mut options);
        Self { aws: Aws::start(options).await.unwrap(), issuer }
    }

    pub async fn send(&self, request: Request<String>) -> Answer {
        let response = client().execute(request.try_into().unwrap()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }

    /// The server's own keys.
    pub fn server(&self) -> Keys {
        let key = self.aws.server_key();
        Keys { id: key.access_key_id.to_owned(), secret: key.secret_access_key, token: None }
    }

    pub async fn exchange(&self, assertion: &str) -> Answer {
        let body = json!({ "clientId": APPLICATION_ARN, "grantType": JWT_BEARER, "assertion": assertion });
        self.exchange_as(&self.server(), &body).await
    }

    pub async fn exchange_as(&self, keys: &Keys, body: &Value) -> Answer {
        let url = format!("{}/token?aws_iam=t", self.aws.oidc_url());
        self.send(Signed::post(keys, "sso-oauth", url, "application/json", body.to_string()).request()).await
    }

    /// A new identity context of the person with this mail.
    pub async fn context(&self, email: &str) -> String {
        let answer = self.exchange(&self.issuer.sign(&self.issuer.claims(email))).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()["awsAdditionalDetails"]["identityContext"].as_str().unwrap().to_owned()
    }

    /// A call of STS with these fields besides the version.
    pub async fn sts(&self, keys: &Keys, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new("Version=2011-06-15".to_owned()).extend_pairs(fields).finish();
        let url = format!("{}/", self.aws.sts_url());
        self.send(Signed::post(keys, "sts", url, "application/x-www-form-urlencoded", body).request()).await
    }

    pub async fn assume(&self, context: &str) -> Answer {
        self.sts(
            &self.server(),
            &[
                ("Action", "AssumeRole"),
                ("RoleArn", PERSON_ROLE_ARN),
                ("RoleSessionName", "0123456789abcdef"),
                ("DurationSeconds", "3600"),
                ("ProvidedContexts.member.1.ProviderArn", CONTEXT_PROVIDER),
                ("ProvidedContexts.member.1.ContextAssertion", context),
            ],
        )
        .await
    }

    /// Keys of a session that carries the person with this mail.
    pub async fn session(&self, email: &str) -> Keys {
        self.assume(&self.context(email).await).await.keys()
    }

    pub async fn grants(&self, keys: &Keys, query: &[(&str, &str)]) -> Answer {
        self.access_grants(keys, "caller/grants", query).await
    }

    pub async fn data_access(&self, keys: &Keys, query: &[(&str, &str)]) -> Answer {
        self.access_grants(keys, "dataaccess", query).await
    }

    async fn access_grants(&self, keys: &Keys, path: &str, query: &[(&str, &str)]) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let url = format!("{}/v20180820/accessgrantsinstance/{path}?{query}", self.aws.s3control_url());
        let mut request = Signed::get(keys, "s3", url.replace('+', "%20"));
        request.headers.push(("x-amz-account-id", "123456789012".to_owned()));
        request.headers.push(("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==".to_owned()));
        self.send(request.request()).await
    }

    /// Keys for what a grant with this scope covers.
    pub async fn vended(&self, session: &Keys, target: &str) -> Keys {
        self.data_access(session, &[("target", target), ("permission", "READ")]).await.keys()
    }

    /// A request to S3. The path and query are percent-encoded.
    pub async fn s3(&self, keys: &Keys, path_and_query: &str) -> Answer {
        self.send(Signed::get(keys, "s3", format!("{}{path_and_query}", self.aws.s3_url())).request()).await
    }
}
