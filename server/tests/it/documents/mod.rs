//! Documents: which calls are made, with whose credentials, and what their answers become.

mod aws;
mod buckets;
mod calls;
mod downloads;
mod engine;
mod errors;
mod fake;
mod large;
mod listings;
mod people;
mod redaction;
mod stale;

use std::sync::Arc;

use server::{
    documents::{Documents, Person, Place, ServerCredentials, Settings},
    request_context::Reference,
    secret::Secret,
};

use self::fake::{Fake, SERVER_KEY};

const APPLICATION: &str = "arn:aws:sso::123456789012:application/ssoins-1111111111111111/apl-2222222222222222";
const ROLE: &str = "arn:aws:iam::123456789012:role/my-data-person";

/// Documents that ask a fake AWS.
async fn start() -> (Documents, Fake) {
    let (fake, url) = Fake::start().await;
    let settings = settings(&url);
    let server = aws_sdk_dynamodb::config::Credentials::new(SERVER_KEY, "secret", None, None, "test");
    (Documents::new(settings, &ServerCredentials::new(server), Arc::new(fake.clone())), fake)
}

/// Every service at `url`.
fn settings(url: &str) -> Settings {
    let endpoint = Some(url.to_owned());
    Settings {
        application_arn: APPLICATION.to_owned(),
        role_arn: ROLE.to_owned(),
        account_id: "123456789012".to_owned(),
        region: "eu-west-1".to_owned(),
        oidc_endpoint_url: endpoint.clone(),
        sts_endpoint_url: endpoint.clone(),
        s3control_endpoint_url: endpoint.clone(),
        s3_endpoint_url: endpoint,
    }
}

/// The directory user `user`, in a session of that name.
fn person(user: &str) -> Person {
    Person {
        session: format!("session of {user}"),
        user: user.to_owned(),
        provider: "staff".to_owned(),
        refresh_token: Secret::new(format!("refresh/{user}")),
        reference: Reference([0x3F, 0x9A, 0x12, 0xC7]),
    }
}

fn folder(prefix: &str) -> Place {
    Place::folder("bucket", prefix).unwrap()
}

fn document(key: &str) -> Place {
    Place::document("bucket", key).unwrap()
}
