//! Which credentials can read a document: only those that S3 Access Grants vends, and only what was granted. The server's own cannot,
//! and nor can those of a session that carries the person's identity. The calls here are those of the chain, but made by the test.

use aws_sdk_s3::{
    self as s3,
    config::Credentials,
    error::{ProvideErrorMetadata, SdkError},
};
use aws_sdk_s3control::{
    self as s3control,
    config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint},
    types::Permission,
};
use aws_sdk_ssooidc as oidc;
use aws_sdk_sts::{
    self as sts,
    config::{BehaviorVersion, Region},
    types::ProvidedContext,
};
use local::aws::{ACCOUNT_ID, APPLICATION_ARN, PERSON_ROLE_ARN};
use serde_json::Value;
use testkit::{browser::form, client};

use super::{BUCKET, signed_in, start};
use crate::{journey::refresh_token_of, support::site::Site};

const README: &str = "family-benefits/READ ME FIRST.txt";

/// The fixed address of a stand-in.
#[derive(Debug)]
struct At(String);

impl ResolveEndpoint for At {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

macro_rules! client {
    ($sdk:ident, $credentials:expr) => {
        $sdk::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider($credentials.clone())
    };
}

fn server_credentials() -> Credentials {
    Credentials::new("local", "local", None, None, "test")
}

/// A new ID token of the person who is signed in with this refresh token.
async fn id_token(site: &Site, refresh_token: &str) -> String {
    let workforce = &site.settings().workforce;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    let request = client().post(format!("{}/oauth2/token", site.settings().domain_url));
    let request = form(request, &fields).basic_auth(&workforce.client_id, Some(&workforce.client_secret));
    let text = request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["id_token"].as_str().unwrap().to_owned()
}

async fn identity_context(site: &Site, token: &str) -> String {
    let config = client!(oidc, server_credentials()).endpoint_url(site.aws().oidc_url()).build();
    let request = oidc::Client::from_conf(config).create_token_with_iam().client_id(APPLICATION_ARN);
    let request = request.grant_type("urn:ietf:params:oauth:grant-type:jwt-bearer").assertion(token);
    let answer = request.send().await.unwrap();
    answer.aws_additional_details().unwrap().identity_context().unwrap().to_owned()
}

/// A session of the person role, with the identity of a person or without.
async fn session(site: &Site, context: Option<&str>) -> Credentials {
    let config = client!(sts, server_credentials()).endpoint_url(site.aws().sts_url()).build();
    let context = context.map(|context| {
        let provider = "arn:aws:iam::aws:contextProvider/IdentityCenter";
        vec![ProvidedContext::builder().provider_arn(provider).context_assertion(context).build()]
    });
    let request = sts::Client::from_conf(config).assume_role().role_arn(PERSON_ROLE_ARN).role_session_name("test");
    let answer = request.set_provided_contexts(context).send().await.unwrap();
    let keys = answer.credentials().unwrap();
    Credentials::new(
        keys.access_key_id(),
        keys.secret_access_key(),
        Some(keys.session_token().to_owned()),
        None,
        "session",
    )
}

/// Credentials for the grant that covers `target`, or the code of the error.
async fn vended(site: &Site, session: &Credentials, target: &str) -> Result<Credentials, String> {
    let config = client!(s3control, session).endpoint_resolver(At(site.aws().s3control_url())).build();
    let request = s3control::Client::from_conf(config).get_data_access().account_id(ACCOUNT_ID).target(target);
    let answer = request.permission(Permission::Read).send().await.map_err(|error| code(&error))?;
    let keys = answer.credentials().unwrap();
    let part = |part: Option<&str>| part.unwrap().to_owned();
    let token = Some(part(keys.session_token()));
    Ok(Credentials::new(part(keys.access_key_id()), part(keys.secret_access_key()), token, None, "data"))
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    error.code().unwrap_or("none").to_owned()
}

/// What S3 answers to a listing of the folder, to a request for the document, and to one for its head: `200`, or an error.
async fn reads(site: &Site, credentials: &Credentials, folder: &str, key: &str) -> [String; 3] {
    let config = client!(s3, credentials).endpoint_url(site.aws().s3_url()).force_path_style(true).build();
    let client = s3::Client::from_conf(config);
    let list = client.list_objects_v2().bucket(BUCKET).prefix(folder).delimiter("/").send().await;
    let get = client.get_object().bucket(BUCKET).key(key).send().await;
    let head = client.head_object().bucket(BUCKET).key(key).send().await;
    [
        list.map_or_else(|error| code(&error), |_| "200".to_owned()),
        get.map_or_else(|error| code(&error), |_| "200".to_owned()),
        // A response to HEAD has no body, and so no code.
        head.map_or_else(
            |error| error.raw_response().map(|answer| answer.status().to_string()).unwrap_or_default(),
            |_| "200".to_owned(),
        ),
    ]
}

#[tokio::test]
async fn only_credentials_of_a_grant_read_and_only_what_it_covers() {
    let site = start().await;
    let lena = signed_in(&site, "lena.dubois").await;
    let refresh_token = refresh_token_of(&site, lena.session().unwrap()).await;
    let context = identity_context(&site, &id_token(&site, &refresh_token).await).await;
    let of_lena = session(&site, Some(&context)).await;
    let of_nobody = session(&site, None).await;
    let data = vended(&site, &of_lena, "s3://fps-case-files/family-benefits/*").await.unwrap();

    let denied = ["AccessDenied", "AccessDenied", "403 Forbidden"].map(str::to_owned);
    for (what, credentials) in
        [("the server's", &server_credentials()), ("the session with a person", &of_lena), ("without one", &of_nobody)]
    {
        let mut answers = reads(&site, credentials, "family-benefits/", README).await;
        if answers[2].starts_with("403") {
            answers[2] = "403 Forbidden".to_owned();
        }
        assert_eq!(answers, denied, "{what}");
    }
    assert_eq!(reads(&site, &data, "family-benefits/", README).await, ["200", "200", "200"]);
    for (folder, key) in [("pensions/", "pensions/2026/2232/letter.txt"), ("", "inspection/report.txt")] {
        let [list, get, _] = reads(&site, &data, folder, key).await;
        assert_eq!([list, get], ["AccessDenied", "AccessDenied"], "{folder} {key}");
    }
    // Nothing is vended without a grant, or without the person.
    for (what, session, target) in [
        ("no grant", &of_lena, "s3://fps-case-files/pensions/*"),
        ("no person", &of_nobody, "s3://fps-case-files/family-benefits/*"),
        ("the server", &server_credentials(), "s3://fps-case-files/family-benefits/*"),
        ("the credentials of the grant", &data, "s3://fps-case-files/family-benefits/*"),
    ] {
        assert_eq!(vended(&site, session, target).await.unwrap_err(), "AccessDenied", "{what}");
    }
}
