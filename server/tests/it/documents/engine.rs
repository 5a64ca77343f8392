//! An S3 with an STS that check signatures, session tokens and what credentials are for: the stand-in, or the engine at
//! `MYDATA_TEST_S3_URL`, which shares no code with it.

use std::time::SystemTime;

use aws_sdk_s3::{
    config::{BehaviorVersion, Credentials, Region},
    primitives::ByteStream,
    types::{BucketLocationConstraint, CreateBucketConfiguration},
};
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use local::aws::{Aws, AwsOptions, Content, Document as Stored, ServerKey};
use serde_json::json;
use testkit::client;
use url::form_urlencoded;

const REGION: &str = "eu-west-1";
/// The key of the second engine's administrator, and its secret.
const ADMINISTRATOR: &str = "test";

/// An access key, its secret and a session token.
pub type Parts = [String; 3];

/// A bucket of its own for one test.
pub struct Engine {
    pub s3_url: String,
    pub sts_url: String,
    pub bucket: String,
    kind: Kind,
}

enum Kind {
    StandIn(Box<Aws>),
    Second { account: String, role: String },
}

impl Engine {
    pub async fn start() -> Self {
        let bucket = format!("it-{}", uuid::Uuid::new_v4());
        match std::env::var("MYDATA_TEST_S3_URL") {
            Ok(url) => {
                let account = sts(&url).get_caller_identity().send().await.unwrap().account.unwrap();
                let role = format!("role-of-{bucket}");
                create_role(&url, &account, &role).await;
                let location =
                    CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::EuWest1);
                let request = s3(&url).create_bucket().bucket(&bucket);
                request.create_bucket_configuration(location.build()).send().await.unwrap();
                Self { s3_url: url.clone(), sts_url: url, bucket, kind: Kind::Second { account, role } }
            }
            Err(_) => {
                let key = ServerKey { access_key_id: "local", secret_access_key: "local".to_owned() };
                let aws =
                    Aws::start(AwsOptions { server_key: Some(key), ..AwsOptions::new("http://127.0.0.1:1", "nobody") })
                        .await
                        .unwrap();
                Self { s3_url: aws.s3_url(), sts_url: aws.sts_url(), bucket, kind: Kind::StandIn(Box::new(aws)) }
            }
        }
    }

    /// The role that a server may assume with any identity context, and the key and secret that may do so. `None`: this engine
    /// takes only contexts that it has made.
    pub fn role(&self) -> Option<(String, &'static str)> {
        match &self.kind {
            Kind::StandIn(_) => None,
            Kind::Second { account, role } => Some((arn(account, role), ADMINISTRATOR)),
        }
    }

    /// Stores a text as `text/plain`.
    pub async fn put(&self, key: &str, text: &'static str) {
        match &self.kind {
            Kind::StandIn(aws) => {
                aws.put(Stored::new(&self.bucket, key, Content::from(text)).typed("text/plain"));
            }
            Kind::Second { .. } => {
                let request = s3(&self.s3_url).put_object().bucket(&self.bucket).key(key).content_type("text/plain");
                request.body(ByteStream::from_static(text.as_bytes())).send().await.unwrap();
            }
        }
    }

    /// Credentials for what starts with `prefix`, as S3 Access Grants vends them: a session of the role of a location, whose
    /// policy allows only that.
    pub async fn vend(&self, prefix: &str) -> Parts {
        let bucket = &self.bucket;
        match &self.kind {
            Kind::StandIn(aws) => {
                let vended = aws.vend("lena", &format!("s3://{bucket}/{prefix}*")).unwrap();
                [vended.access_key_id, vended.secret_access_key, vended.session_token]
            }
            Kind::Second { account, role } => {
                let objects = format!("arn:aws:s3:::{bucket}/{prefix}*");
                let listed = json!({ "StringLike": { "s3:prefix": [format!("{prefix}*")] } });
                let policy = json!({ "Version": "2012-10-17", "Statement": [
                    { "Effect": "Allow", "Action": "s3:GetObject", "Resource": objects },
                    { "Effect": "Allow", "Action": "s3:ListBucket", "Resource": format!("arn:aws:s3:::{bucket}"), "Condition": listed },
                ] });
                let request = sts(&self.sts_url).assume_role().role_arn(arn(account, role));
                let request = request.role_session_name("access-grants").policy(policy.to_string());
                let vended = request.duration_seconds(900).send().await.unwrap().credentials.unwrap();
                [vended.access_key_id, vended.secret_access_key, vended.session_token]
            }
        }
    }
}

fn arn(account: &str, role: &str) -> String {
    format!("arn:aws:iam::{account}:role/{role}")
}

fn administrator() -> Credentials {
    Credentials::new(ADMINISTRATOR, ADMINISTRATOR, None, None, "test")
}

fn s3(url: &str) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::Config::builder().behavior_version(BehaviorVersion::latest()).region(Region::new(REGION));
    let config = config.credentials_provider(administrator()).endpoint_url(url).force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}

fn sts(url: &str) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::Config::builder().behavior_version(BehaviorVersion::latest()).region(Region::new(REGION));
    aws_sdk_sts::Client::from_conf(config.credentials_provider(administrator()).endpoint_url(url).build())
}

/// A role that its account may assume, and that may read every bucket.
async fn create_role(url: &str, account: &str, role: &str) {
    let principal = json!({ "AWS": format!("arn:aws:iam::{account}:root") });
    let trust = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole", "sts:SetContext"] },
    ] });
    let policy = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*" },
    ] });
    let (trust, policy) = (trust.to_string(), policy.to_string());
    iam(url, &[("Action", "CreateRole"), ("RoleName", role), ("AssumeRolePolicyDocument", &trust)]).await;
    let fields = [("Action", "PutRolePolicy"), ("RoleName", role), ("PolicyName", "read"), ("PolicyDocument", &policy)];
    iam(url, &fields).await;
}

/// A call of IAM, which has no client here.
async fn iam(url: &str, fields: &[(&str, &str)]) {
    let body = form_urlencoded::Serializer::new("Version=2010-05-08".to_owned()).extend_pairs(fields).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let identity = administrator().into();
    let params = SigningParams::builder().identity(&identity).region(REGION).name("iam").time(SystemTime::now());
    let params = params.settings(SigningSettings::default()).build().unwrap().into();
    let url = format!("{url}/");
    let signable =
        SignableRequest::new("POST", url.as_str(), headers.into_iter(), SignableBody::Bytes(body.as_bytes()));
    let (instructions, _) = sign(signable.unwrap(), &params).unwrap().into_parts();
    let mut request = client().post(&url).body(body.clone());
    for (name, value) in headers.into_iter().chain(instructions.headers()) {
        request = request.header(name, value);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
}
