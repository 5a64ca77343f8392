//! The endpoints that the app calls directly: token, revoke, userInfo.

use local::user_pool::CLIENT_ID;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use serde_json::{Value, json};
use testkit::browser::form;
use testkit::client;

use crate::relying_party::{VERIFIER, callback, code, post, redeem, refresh, send, tokens, user_info, verified};
use crate::{Pool, SECRET};

const OK: StatusCode = StatusCode::OK;
const BAD: StatusCode = StatusCode::BAD_REQUEST;

#[tokio::test]
async fn a_code_works_once() {
    let pool = Pool::public().await;
    let code = code(&pool, "an").await;
    assert_eq!(redeem(&pool, &code).await.0, OK);
    assert_eq!(redeem(&pool, &code).await, (BAD, json!({ "error": "invalid_grant" })));
    assert_eq!(redeem(&pool, "unknown").await, (BAD, json!({ "error": "invalid_grant" })));
}

#[tokio::test]
async fn a_code_is_bound_to_its_request() {
    let pool = Pool::public().await;
    let (right, slash) = (callback(), format!("{}/", callback()));
    let other = VERIFIER.replace('a', "b");
    for (redirect_uri, verifier) in [(&right, Some(other.as_str())), (&right, None), (&slash, Some(VERIFIER))] {
        let code = code(&pool, "an").await;
        let mut fields =
            vec![("grant_type", "authorization_code"), ("code", code.as_str()), ("redirect_uri", redirect_uri)];
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        let (status, body) = post(&pool, "/oauth2/token", &fields).await;
        assert_eq!((status, body), (BAD, json!({ "error": "invalid_grant" })));
        // The failed attempt has used it up.
        assert_eq!(redeem(&pool, &code).await.0, BAD);
    }
}

#[tokio::test]
async fn invalid_token_requests_are_refused() {
    let pool = Pool::public().await;
    let url = format!("{}/oauth2/token", pool.pool.domain_url());
    let json_body = client().post(&url).header(CONTENT_TYPE, "application/json").body("{}");
    assert_eq!(send(json_body).await.1["error"], "invalid_request");
    assert_eq!(send(client().get(&url)).await.0, StatusCode::METHOD_NOT_ALLOWED);
    let public = [("client_id", CLIENT_ID)];
    for (fields, error) in [
        (vec![public[0]], "invalid_request"),
        (vec![("grant_type", "authorization_code")], "invalid_request"),
        (vec![public[0], ("grant_type", "authorization_code")], "invalid_request"),
        (vec![public[0], ("grant_type", "refresh_token")], "invalid_request"),
        (vec![public[0], public[0], ("grant_type", "refresh_token")], "invalid_request"),
        (vec![public[0], ("grant_type", "password")], "unsupported_grant_type"),
        (vec![public[0], ("grant_type", "client_credentials")], "unauthorized_client"),
        (vec![("client_id", "other"), ("grant_type", "refresh_token")], "invalid_client"),
        (vec![public[0], ("client_secret", "none"), ("grant_type", "refresh_token")], "invalid_client"),
    ] {
        let (status, body) = send(form(client().post(&url), &fields)).await;
        assert_eq!((status, &body["error"]), (BAD, &json!(error)), "{fields:?}");
    }
}

#[tokio::test]
async fn a_confidential_client_must_authenticate() {
    let pool = Pool::start(Some(SECRET)).await;
    let url = format!("{}/oauth2/token", pool.pool.domain_url());
    let redirect_uri = callback();
    let exchange = async |extra: &[(&str, &str)], basic: Option<(&str, &str)>| -> (_, Value) {
        let code = code(&pool, "an").await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
        ];
        fields.extend_from_slice(extra);
        let mut request = form(client().post(&url), &fields);
        if let Some((id, secret)) = basic {
            request = request.basic_auth(id, Some(secret));
        }
        send(request).await
    };
    let id = ("client_id", CLIENT_ID);
    assert_eq!(exchange(&[], Some((CLIENT_ID, SECRET))).await.0, OK);
    assert_eq!(exchange(&[id], Some((CLIENT_ID, SECRET))).await.0, OK);
    assert_eq!(exchange(&[id, ("client_secret", SECRET)], None).await.0, OK);
    for (extra, basic) in [
        (vec![id], None),
        (vec![id, ("client_secret", "wrong")], None),
        (vec![], Some((CLIENT_ID, "wrong"))),
        (vec![], Some(("other", SECRET))),
    ] {
        let (status, body) = exchange(&extra, basic).await;
        assert_eq!((status, &body["error"]), (BAD, &json!("invalid_client")), "{extra:?}");
    }
    let both = exchange(&[("client_secret", SECRET)], Some((CLIENT_ID, SECRET))).await;
    assert_eq!(both.1["error"], "invalid_request");
}

#[tokio::test]
async fn a_refresh_token_gives_new_tokens_until_it_is_revoked() {
    let pool = Pool::start(Some(SECRET)).await;
    let first = tokens(&pool, "an").await;
    let token = first["refresh_token"].as_str().unwrap();
    let (status, second) = refresh(&pool, token).await;
    assert_eq!(status, OK);
    assert!(second.get("refresh_token").is_none());
    let (before, after) = (verified(&pool, &first["id_token"]).await.0, verified(&pool, &second["id_token"]).await.0);
    for name in ["sub", "auth_time", "origin_jti", "custom:eid"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    assert_ne!(before["jti"], after["jti"]);
    assert!(after.get("nonce").is_none());

    let access = second["access_token"].as_str().unwrap();
    let (status, body) = post(&pool, "/oauth2/revoke", &[("token", access)]).await;
    assert_eq!((status, &body["error"]), (BAD, &json!("unsupported_token_type")));
    assert_eq!(user_info(&pool, access).await.0, OK);

    assert_eq!(post(&pool, "/oauth2/revoke", &[("token", token)]).await, (OK, Value::Null));
    assert_eq!(refresh(&pool, token).await, (BAD, json!({ "error": "invalid_grant" })));
    assert_eq!(user_info(&pool, access).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn revocation_accepts_unknown_tokens_but_not_unknown_clients() {
    let pool = Pool::start(Some(SECRET)).await;
    assert_eq!(post(&pool, "/oauth2/revoke", &[("token", "unknown")]).await.0, OK);
    assert_eq!(post(&pool, "/oauth2/revoke", &[]).await.1["error"], "invalid_request");
    let url = format!("{}/oauth2/revoke", pool.pool.domain_url());
    let fields = [("token", "unknown"), ("client_id", CLIENT_ID)];
    let (status, body) = send(form(client().post(url), &fields)).await;
    assert_eq!((status, &body["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
}

#[tokio::test]
async fn user_info_says_what_is_wrong() {
    let pool = Pool::public().await;
    let url = format!("{}/oauth2/userInfo", pool.pool.domain_url());
    let answer = client().get(&url).send().await.unwrap();
    assert_eq!(answer.status(), BAD);
    let challenge = answer.headers()[WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("invalid_request"));
    assert_eq!(user_info(&pool, "no.such.token").await.0, StatusCode::UNAUTHORIZED);
}
