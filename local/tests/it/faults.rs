//! The faults: off until a test or the control route turns one on. The route exists only with the feature `faults`.

use jsonwebtoken::dangerous::insecure_decode;
use local::user_pool::Fault;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use testkit::client;

use crate::Pool;
use crate::relying_party::{tokens, verified};

async fn control(pool: &Pool, method: Method, path: &str) -> (StatusCode, String) {
    let url = format!("{}{path}", pool.pool.domain_url());
    let response = client().request(method, url).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

async fn issuer(pool: &Pool) -> Value {
    let tokens = tokens(pool, "an").await;
    insecure_decode::<Value>(tokens["id_token"].as_str().unwrap()).unwrap().claims["iss"].clone()
}

#[tokio::test]
async fn a_fault_lasts_while_it_is_on() {
    let pool = Pool::public().await;
    assert_eq!(issuer(&pool).await, pool.pool.issuer());
    pool.pool.misbehave(Fault::InvalidIss);
    assert_ne!(issuer(&pool).await, pool.pool.issuer());
    pool.pool.misbehave(Fault::MissingIss);
    assert_eq!(issuer(&pool).await, Value::Null);
    pool.pool.misbehave(None);
    assert_eq!(issuer(&pool).await, pool.pool.issuer());
}

#[tokio::test]
async fn new_keys_replace_the_old_ones() {
    let pool = Pool::public().await;
    let before = tokens(&pool, "an").await;
    let (_, kid) = verified(&pool, &before["id_token"]).await;
    pool.pool.rotate_signing_keys().await.unwrap();
    let (_, new_kid) = verified(&pool, &tokens(&pool, "an").await["id_token"]).await;
    assert_ne!(kid, new_kid);
}

#[cfg(not(feature = "faults"))]
#[tokio::test]
async fn without_the_feature_the_control_route_does_not_exist() {
    let pool = Pool::public().await;
    for (method, path) in [(Method::GET, "/faults"), (Method::PUT, "/faults/invalid-iss"), (Method::DELETE, "/faults")]
    {
        assert_eq!(control(&pool, method, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(issuer(&pool).await, pool.pool.issuer());
}

#[cfg(feature = "faults")]
#[tokio::test]
async fn the_control_route_turns_faults_on_and_off() {
    let pool = Pool::public().await;
    let (status, names) = control(&pool, Method::GET, "/faults").await;
    assert_eq!((status, names.lines().count()), (StatusCode::OK, Fault::ALL.len()));
    assert_eq!(control(&pool, Method::PUT, "/faults/no-such-fault").await.0, StatusCode::NOT_FOUND);
    assert_eq!(issuer(&pool).await, pool.pool.issuer());
    assert_eq!(control(&pool, Method::PUT, "/faults/invalid-iss").await.0, StatusCode::NO_CONTENT);
    assert_ne!(issuer(&pool).await, pool.pool.issuer());
    assert_eq!(control(&pool, Method::DELETE, "/faults").await.0, StatusCode::NO_CONTENT);
    assert_eq!(issuer(&pool).await, pool.pool.issuer());
}
