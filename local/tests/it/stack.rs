//! All of them together.

use local::providers::{IdentityProvider, Kind};
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
    let providers = [&settings.itsme, &settings.login_gov, &settings.auth0, &settings.beyond_identity];
    assert_eq!(providers.map(|provider| provider.name.as_str()), ["itsme", "LoginGov", "Auth0", "BeyondIdentity"]);
    assert!(
        ![SECRET, &settings.bridge_secret].iter().any(|secret| format!("{settings:?}{options:?}").contains(secret))
    );
    for url in [settings.dynamodb_endpoint.clone(), format!("{}/.well-known/jwks.json", settings.issuer)]
        .into_iter()
        .chain(providers.map(|provider| {
            // As Cognito finds it: an issuer may end with a slash.
            format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'))
        }))
    {
        assert!(url.starts_with("http://127.0.0.1:"));
        assert!(client().get(&url).send().await.unwrap().status().is_success(), "{url}");
    }
    stack.shutdown().await;
    assert!(client().get(&settings.domain_url).send().await.is_err());
    Stack::start(options).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn the_stack_stays_on_loopback() {
    let outside = IdentityProvider::start(Kind::Itsme, "0.0.0.0:0".parse().unwrap()).await;
    assert!(matches!(outside, Err(StartError::NotLoopback { .. })));
}
