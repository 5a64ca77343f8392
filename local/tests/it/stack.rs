//! All three together.

use local::{Options, Stack, StartError};

use crate::browser::client;
use crate::{APP, SECRET, Scratch};

#[tokio::test]
async fn the_stack_says_where_everything_is() {
    let scratch = Scratch::make();
    let options = Options {
        data_dir: scratch.0.join("data"),
        app_origin: APP.to_owned(),
        client_secret: Some(SECRET.to_owned()),
    };
    let stack = Stack::start(options.clone()).await.unwrap();
    let settings = stack.settings().clone();
    assert_eq!(settings.issuer, format!("{}/eu-west-1_LocalPool", settings.domain_url));
    assert_eq!(settings.user_pool_id, "eu-west-1_LocalPool");
    assert_eq!(settings.provider_name, "itsme");
    assert!(!format!("{settings:?}{options:?}").contains(SECRET));
    for url in [
        settings.dynamodb_endpoint.clone(),
        format!("{}/.well-known/jwks.json", settings.issuer),
        format!("{}/v2/.well-known/openid-configuration", settings.itsme_url),
    ] {
        assert!(url.starts_with("http://127.0.0.1:"));
        assert!(client().get(&url).send().await.unwrap().status().is_success(), "{url}");
    }
    stack.shutdown().await;
    assert!(client().get(&settings.domain_url).send().await.is_err());
    Stack::start(options).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn the_stack_stays_on_loopback() {
    let outside = local::itsme::Itsme::start("0.0.0.0:0".parse().unwrap()).await;
    assert!(matches!(outside, Err(StartError::NotLoopback { .. })));
}
