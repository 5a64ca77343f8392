//! Which signatures count.

use axum::http::{Method, Request};
use local::aws::IssuedFor;
use testkit::client;

use super::{Cloud, Keys, LENA, Signed, TOM};

const READ_ME: &str = "/fps-case-files/family-benefits/READ%20ME%20FIRST.txt";
const FOLDER: &str = "s3://fps-case-files/family-benefits/*";

/// Lena's keys for her folder.
async fn vended(cloud: &Cloud) -> Keys {
    cloud.vended(&cloud.session(LENA).await, FOLDER).await
}

fn read_me<'a>(cloud: &Cloud, keys: &'a Keys) -> Signed<'a> {
    Signed::get(keys, "s3", format!("{}{READ_ME}", cloud.aws.s3_url()))
}

#[tokio::test]
async fn the_right_keys_open_the_document() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    let answer = cloud.send(read_me(&cloud, &keys).request()).await;
    assert_eq!(answer.outcome(), (200, String::new()), "{answer:?}");
    assert!(answer.text.starts_with("Cases are in one folder per year."));
}

#[tokio::test]
async fn wrong_keys_are_refused() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    let of_tom = cloud.vended(&cloud.session(TOM).await, "s3://fps-case-files/pensions/*").await;
    for (wrong, status, code) in [
        (Keys { id: "ASIA0000000000000000".to_owned(), ..keys.clone() }, 403, "InvalidAccessKeyId"),
        (Keys { secret: of_tom.secret.clone(), ..keys.clone() }, 403, "SignatureDoesNotMatch"),
        (Keys { token: None, ..keys.clone() }, 403, "InvalidAccessKeyId"),
        (Keys { token: of_tom.token.clone(), ..keys.clone() }, 400, "InvalidToken"),
        (Keys { token: of_tom.token.clone(), ..cloud.server() }, 400, "InvalidToken"),
    ] {
        let answer = cloud.send(read_me(&cloud, &wrong).request()).await;
        assert_eq!(answer.outcome(), (status, code.to_owned()));
    }
}

#[tokio::test]
async fn a_signature_is_for_one_time_region_and_service() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    for (ago, expected) in [
        (14 * 60, (200, "")),
        (-14 * 60, (200, "")),
        (16 * 60, (403, "RequestTimeTooSkewed")),
        (-16 * 60, (403, "RequestTimeTooSkewed")),
    ] {
        let answer = cloud.send(Signed { ago, ..read_me(&cloud, &keys) }.request()).await;
        assert_eq!(answer.outcome(), (expected.0, expected.1.to_owned()), "{ago} seconds ago");
    }
    let malformed = (400, "AuthorizationHeaderMalformed".to_owned());
    let region = Signed { region: "us-east-1", ..read_me(&cloud, &keys) };
    assert_eq!(cloud.send(region.request()).await.outcome(), malformed);
    let service = Signed { service: "sts", ..read_me(&cloud, &keys) };
    assert_eq!(cloud.send(service.request()).await.outcome(), malformed);
}

/// A signed request that someone changes on the way.
fn changed(cloud: &Cloud, keys: &Keys, change: impl FnOnce(&mut Request<String>)) -> Request<String> {
    let mut request = read_me(cloud, keys).request();
    change(&mut request);
    request
}

#[tokio::test]
async fn a_changed_request_is_refused() {
    let cloud = Cloud::demo().await;
    let keys = vended(&cloud).await;
    let origin = cloud.aws.s3_url();
    let other = format!("{origin}/fps-case-files/family-benefits/2026/0418/empty.txt");
    for (request, status, code) in [
        (changed(&cloud, &keys, |request| *request.uri_mut() = other.parse().unwrap()), 403, "SignatureDoesNotMatch"),
        (
            changed(&cloud, &keys, |request| *request.uri_mut() = format!("{origin}{READ_ME}?x=1").parse().unwrap()),
            403,
            "SignatureDoesNotMatch",
        ),
        (changed(&cloud, &keys, |request| *request.method_mut() = Method::HEAD), 403, ""),
        (changed(&cloud, &keys, |request| "more".clone_into(request.body_mut())), 400, "XAmzContentSHA256Mismatch"),
        (
            changed(&cloud, &keys, |request| {
                request.headers_mut().insert("x-amz-not-signed", "1".parse().unwrap());
            }),
            400,
            "AuthorizationHeaderMalformed",
        ),
        (
            changed(&cloud, &keys, |request| {
                request.headers_mut().remove("x-amz-content-sha256");
            }),
            400,
            "XAmzContentSHA256Mismatch",
        ),
        (
            changed(&cloud, &keys, |request| {
                request.headers_mut().remove("authorization");
            }),
            403,
            "AccessDenied",
        ),
    ] {
        assert_eq!(cloud.send(request).await.outcome(), (status, code.to_owned()));
    }
    assert_eq!(client().get(format!("{origin}{READ_ME}")).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn expired_keys_are_refused() {
    let cloud = Cloud::demo().await;
    let session = cloud.session(LENA).await;
    let keys = cloud.vended(&session, FOLDER).await;
    cloud.aws.expire(IssuedFor::Data);
    assert_eq!(cloud.send(read_me(&cloud, &keys).request()).await.outcome(), (400, "ExpiredToken".to_owned()));
    assert_eq!(cloud.grants(&session, &[]).await.outcome().0, 200);
    cloud.aws.expire(IssuedFor::Session);
    assert_eq!(cloud.grants(&session, &[]).await.outcome(), (400, "ExpiredToken".to_owned()));
}
