//! CreateTokenWithIAM.

use local::aws::APPLICATION_ARN;
use local::user_pool::CLIENT_ID;
use serde_json::{Value, json};

use super::issuer::{AUDIENCE, now};
use super::{Answer, Cloud, Keys, LENA};
use crate::Pool;
use crate::relying_party::tokens;

fn invalid_grant() -> (u16, String) {
    (400, "InvalidGrantException".to_owned())
}

fn denied() -> (u16, String) {
    (400, "AccessDeniedException".to_owned())
}

#[tokio::test]
async fn a_token_becomes_an_identity_context() {
    let cloud = Cloud::demo().await;
    let answer = cloud.exchange(&cloud.issuer.sign(&cloud.issuer.claims(LENA))).await.json();
    assert_eq!((&answer["tokenType"], &answer["expiresIn"]), (&json!("Bearer"), &json!(3_600)));
    assert!(answer["scope"].as_array().unwrap().contains(&json!("sts:identity_context")));
    let context = answer["awsAdditionalDetails"]["identityContext"].as_str().unwrap();
    assert!((4..=3_072).contains(&context.len()));
    assert_eq!(cloud.aws.calls()["CreateTokenWithIAM"], 1);
    assert_eq!(cloud.aws.trail().len(), 1);
}

#[tokio::test]
async fn a_token_works_once() {
    let cloud = Cloud::demo().await;
    let token = cloud.issuer.sign(&cloud.issuer.claims(LENA));
    assert_eq!(cloud.exchange(&token).await.outcome().0, 200);
    let again = cloud.exchange(&token).await;
    assert_eq!(again.outcome(), invalid_grant());
    assert_eq!(again.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_token_must_be_of_the_issuer_for_the_application_and_current() {
    let cloud = Cloud::demo().await;
    let with = |name: &str, value: Value| {
        let mut claims = cloud.issuer.claims(LENA);
        claims[name] = value;
        cloud.issuer.sign(&claims)
    };
    let without = |name: &str| {
        let mut claims = cloud.issuer.claims(LENA);
        claims.as_object_mut().unwrap().remove(name);
        cloud.issuer.sign(&claims)
    };
    assert_eq!(cloud.exchange(&with("aud", json!(["other", AUDIENCE]))).await.outcome().0, 200);
    assert_eq!(cloud.exchange(&with("email_verified", json!(false))).await.outcome().0, 200);
    assert_eq!(cloud.exchange(&with("token_use", json!("access"))).await.outcome().0, 200);
    for (what, token) in [
        ("another issuer", with("iss", json!(format!("{}/", cloud.issuer.url)))),
        ("another audience", with("aud", json!("other"))),
        ("expired", with("exp", json!(now() - 1))),
        ("no expiry", without("exp")),
        ("no jti", without("jti")),
        ("no mail", without("email")),
        ("unknown mail", with("email", json!("nobody@fps.example"))),
        ("another case", with("email", json!("Lena.Dubois@fps.example"))),
        ("forged", cloud.issuer.forge(&cloud.issuer.claims(LENA))),
        ("no token", "no.token.at.all".to_owned()),
    ] {
        assert_eq!(cloud.exchange(&token).await.outcome(), invalid_grant(), "{what}");
    }
}

#[tokio::test]
async fn only_assigned_people_get_a_context() {
    let cloud = Cloud::demo().await;
    let outcome = async |email: &str| cloud.exchange(&cloud.issuer.sign(&cloud.issuer.claims(email))).await;
    let sofie = outcome("sofie.maes@fps.example").await;
    assert_eq!(sofie.outcome(), denied());
    assert_eq!(sofie.json(), json!({ "error": "access_denied" }), "it does not say why");
    assert_eq!(outcome("ruben.claes@fps.example").await.outcome().0, 200);

    let user_id = "93a4b8c2-1001-70aa-8d10-6f2b1c0d0001";
    assert!(cloud.aws.assign(user_id, false) && !cloud.aws.assign("nobody", false));
    assert_eq!(outcome(LENA).await.outcome(), denied());
    assert!(cloud.aws.remove_person(user_id));
    assert_eq!(outcome(LENA).await.outcome(), invalid_grant());
}

#[tokio::test]
async fn a_mail_of_two_people_names_nobody() {
    let cloud = Cloud::with(|options| {
        let email = options.people[0].email.clone();
        options.people[1].email = email;
    })
    .await;
    assert_eq!(cloud.exchange(&cloud.issuer.sign(&cloud.issuer.claims(LENA))).await.outcome(), invalid_grant());
}

#[tokio::test]
async fn other_requests_are_refused() {
    let cloud = Cloud::demo().await;
    let assertion = cloud.issuer.sign(&cloud.issuer.claims(LENA));
    let bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    let body = |client_id: &str, grant_type: &str| json!({ "clientId": client_id, "grantType": grant_type, "assertion": assertion });
    let server = cloud.server();
    let outcome = async |keys: &Keys, body: &Value| -> (u16, String) { cloud.exchange_as(keys, body).await.outcome() };
    let other = APPLICATION_ARN.replace("apl-2", "apl-3");
    assert_eq!(outcome(&server, &body(&other, bearer)).await, (401, "InvalidClientException".to_owned()));
    let unsupported = (400, "UnsupportedGrantTypeException".to_owned());
    assert_eq!(outcome(&server, &body(APPLICATION_ARN, "authorization_code")).await, unsupported);
    assert_eq!(outcome(&server, &body(APPLICATION_ARN, "refresh_token")).await, unsupported);
    assert_eq!(outcome(&server, &json!({})).await, (400, "InvalidRequestException".to_owned()));
    let mut scoped = body(APPLICATION_ARN, bearer);
    scoped["scope"] = json!(["qbusiness:messages:access"]);
    assert_eq!(outcome(&server, &scoped).await, (400, "InvalidScopeException".to_owned()));

    let wrong = Keys { secret: "wrong".to_owned(), ..cloud.server() };
    let good = body(APPLICATION_ARN, bearer);
    assert_eq!(outcome(&wrong, &good).await, (403, "InvalidSignatureException".to_owned()));
    let unknown = Keys { id: "AKIA0000000000000000".to_owned(), ..cloud.server() };
    assert_eq!(outcome(&unknown, &good).await, (403, "UnrecognizedClientException".to_owned()));
    // None of them has taken the token.
    assert_eq!(outcome(&server, &good).await.0, 200);
    let session = cloud.session(LENA).await;
    assert_eq!(outcome(&session, &good).await, (403, "AccessDeniedException".to_owned()));
}

#[tokio::test]
async fn a_session_of_the_servers_role_is_the_server() {
    let cloud = Cloud::demo().await;
    let fields = [("Action", "AssumeRole"), ("RoleArn", local::aws::SERVER_ROLE_ARN), ("RoleSessionName", "task")];
    let keys = cloud.sts(&cloud.server(), &fields).await.keys();
    let assertion = cloud.issuer.sign(&cloud.issuer.claims(LENA));
    let body = json!({
        "clientId": APPLICATION_ARN,
        "grantType": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": assertion,
    });
    let answer: Answer = cloud.exchange_as(&keys, &body).await;
    assert_eq!(answer.outcome().0, 200, "{answer:?}");
}

#[tokio::test]
async fn the_tokens_of_the_user_pool_are_exchanged() {
    let pool = Pool::public().await;
    let cloud = Cloud::with(|options| {
        pool.pool.issuer().clone_into(&mut options.issuer);
        options.audiences = vec![CLIENT_ID.to_owned()];
        options.people[0].email = "an.peeters@example.com".to_owned();
    })
    .await;
    let tokens = tokens(&pool, "an").await;
    let token = tokens["id_token"].as_str().unwrap();
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap().claims;
    assert_eq!(claims["email"], "an.peeters@example.com");
    assert_eq!(cloud.exchange(token).await.outcome().0, 200);
    // The access token has neither audience nor mail.
    assert_eq!(cloud.exchange(tokens["access_token"].as_str().unwrap()).await.outcome(), invalid_grant());
    // New keys are found.
    pool.pool.rotate_signing_keys().await.unwrap();
    let new = crate::relying_party::tokens(&pool, "an").await;
    assert_eq!(cloud.exchange(new["id_token"].as_str().unwrap()).await.outcome().0, 200);
}
