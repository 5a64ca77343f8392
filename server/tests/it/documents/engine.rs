//! An S3 and an STS that check signatures, session tokens and what credentials are for: the stand-ins, or the engine at
//! `MYDATA_TEST_S3_URL`, which shares no code with them.

use aws_sdk_s3::{
    config::{BehaviorVersion, Credentials, Region},
    primitives::ByteStream,
    types::{BucketLocationConstraint, CreateBucketConfiguration},
};
use local::aws::{Aws, AwsOptions, Content, Document as Stored, ServerKey};
use serde_json::{Value, json};
use testkit::{browser::form, client};

const REGION: &str = "eu-west-1";
/// The second engine's administrator, whose secret and signatures it does not check.
const ADMINISTRATOR: &str = "test";

/// An access key, its secret and its session token.
pub type Parts = [String; 3];

/// A bucket of its own for one test.
pub struct Engine {
    pub s3_url: String,
    pub sts_url: String,
    pub bucket: String,
    /// The person role.
    pub role_arn: String,
    /// The server's own access key and secret.
    pub server_key: [String; 2],
    kind: Kind,
}

enum Kind {
    StandIn(Box<Aws>),
    Second { location_arn: String },
}

impl Engine {
    pub async fn start() -> Self {
        let bucket = format!("it-{}", uuid::Uuid::new_v4());
        match std::env::var("MYDATA_TEST_S3_URL") {
            Ok(url) => Self::second(url, bucket).await,
            Err(_) => Self::stand_in(bucket).await,
        }
    }

    async fn stand_in(bucket: String) -> Self {
        let key = ServerKey { access_key_id: "local", secret_access_key: "local".to_owned() };
        let options = AwsOptions { server_key: Some(key), ..AwsOptions::new("http://127.0.0.1:1", "nobody") };
        let aws = Aws::start(options).await.unwrap();
        Self {
            s3_url: aws.s3_url(),
            sts_url: aws.sts_url(),
            bucket,
            role_arn: local::aws::PERSON_ROLE_ARN.to_owned(),
            server_key: ["local", "local"].map(str::to_owned),
            kind: Kind::StandIn(Box::new(aws)),
        }
    }

    async fn second(url: String, bucket: String) -> Self {
        let account = sts(&url).get_caller_identity().send().await.unwrap().account.unwrap();
        let arn = |what: &str| format!("arn:aws:iam::{account}:{what}");
        let [server, person, location] = ["server", "person", "location"].map(|name| format!("{name}-{bucket}"));
        let [server_arn, person_arn, location_arn] =
            [format!("user/{server}"), format!("role/{person}"), format!("role/{location}")].map(|name| arn(&name));

        let iam = Iam { url: &url };
        iam.call("CreateUser", &[("UserName", &server)]).await;
        let assume = policy(json!({ "Action": ["sts:AssumeRole", "sts:SetContext"], "Resource": person_arn }));
        let fields = [("UserName", &*server), ("PolicyName", "assume"), ("PolicyDocument", &*assume)];
        iam.call("PutUserPolicy", &fields).await;
        let created = iam.call("CreateAccessKey", &[("UserName", &server)]).await;
        iam.create_role(&person, &server_arn).await;
        iam.create_role(&location, &arn("root")).await;
        let read = policy(json!({ "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*" }));
        let fields = [("RoleName", &*location), ("PolicyName", "read"), ("PolicyDocument", &*read)];
        iam.call("PutRolePolicy", &fields).await;

        let region = CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::EuWest1);
        let request = s3(&url).create_bucket().bucket(&bucket).create_bucket_configuration(region.build());
        request.send().await.unwrap();
        let server_key = ["AccessKeyId", "SecretAccessKey"].map(|name| element(&created, name));
        let (s3_url, sts_url) = (url.clone(), url);
        Self { s3_url, sts_url, bucket, role_arn: person_arn, server_key, kind: Kind::Second { location_arn } }
    }

    /// Whether its STS takes any identity context. The stand-in takes those of its Identity Center only.
    pub const fn takes_any_context(&self) -> bool {
        matches!(self.kind, Kind::Second { .. })
    }

    /// Stores a text.
    pub async fn put(&self, key: &str, text: &'static str) {
        match &self.kind {
            Kind::StandIn(aws) => {
                aws.put(Stored::new(&self.bucket, key, Content::from(text)));
            }
            Kind::Second { .. } => {
                let request = s3(&self.s3_url).put_object().bucket(&self.bucket).key(key);
                request.body(ByteStream::from_static(text.as_bytes())).send().await.unwrap();
            }
        }
    }

    /// Credentials to read what starts with `prefix`, as S3 Access Grants vends them: a session of the role of a location with a
    /// policy that allows only that.
    pub async fn vend(&self, prefix: &str) -> Parts {
        let bucket = &self.bucket;
        match &self.kind {
            Kind::StandIn(aws) => {
                let vended = aws.vend("lena", &format!("s3://{bucket}/{prefix}*")).unwrap();
                [vended.access_key_id, vended.secret_access_key, vended.session_token]
            }
            Kind::Second { location_arn } => {
                let bucket = format!("arn:aws:s3:::{bucket}");
                let objects = json!({ "Action": "s3:GetObject", "Resource": format!("{bucket}/{prefix}*") });
                let prefixes = json!({ "StringLike": { "s3:prefix": format!("{prefix}*") } });
                let list = json!({ "Action": "s3:ListBucket", "Resource": bucket, "Condition": prefixes });
                let request = sts(&self.sts_url).assume_role().role_arn(location_arn).duration_seconds(900);
                let request = request.role_session_name("access-grants").policy(policy(json!([objects, list])));
                let vended = request.send().await.unwrap().credentials.unwrap();
                [vended.access_key_id, vended.secret_access_key, vended.session_token]
            }
        }
    }
}

/// A policy that allows what each of the `statements` names.
fn policy(statements: Value) -> String {
    let mut statements = if let Value::Array(all) = statements { all } else { vec![statements] };
    for statement in &mut statements {
        statement["Effect"] = json!("Allow");
    }
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
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

/// IAM, as its administrator calls it.
struct Iam<'a> {
    url: &'a str,
}

impl Iam<'_> {
    /// A role that `principal` may assume.
    async fn create_role(&self, name: &str, principal: &str) {
        let principal = json!({ "AWS": principal });
        let trust = policy(json!({ "Principal": principal, "Action": ["sts:AssumeRole", "sts:SetContext"] }));
        self.call("CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", &trust)]).await;
    }

    /// The response, as XML.
    async fn call(&self, action: &str, fields: &[(&str, &str)]) -> String {
        let fields = [&[("Version", "2010-05-08"), ("Action", action)], fields].concat();
        let scope = format!("{ADMINISTRATOR}/20261126/{REGION}/iam/aws4_request");
        let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=unchecked");
        let answer = form(client().post(self.url), &fields).header("authorization", signature).send().await.unwrap();
        let status = answer.status();
        let body = answer.text().await.unwrap();
        assert_eq!(status, 200, "{action}: {body}");
        body
    }
}

/// The text of the first element with this name.
fn element(xml: &str, name: &str) -> String {
    let (_, rest) = xml.split_once(&format!("<{name}>")).unwrap();
    rest.split_once("</").unwrap().0.to_owned()
}
