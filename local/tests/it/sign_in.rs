//! A complete sign-in: authorize, choose, approve, redeem, verify. Also the pool's own session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use local::providers::IdentityProvider;
use local::user_pool::{CLIENT_ID, Fault, USER_POOL_ID, UserPool};
use reqwest::StatusCode;
use serde_json::{Value, json};
use testkit::browser::parameter;

use crate::relying_party::{NONCE, authorize_url, code, redeem, sha256, sign_in, tokens, user_info, verified};
use crate::{APP, Pool, new_browser, options};

#[tokio::test]
async fn tokens_have_every_claim_of_cognito() {
    let pool = Pool::public().await;
    let tokens = tokens(&pool, "an").await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);

    let (id, id_kid) = verified(&pool, &tokens["id_token"]).await;
    let (access, access_kid) = verified(&pool, &tokens["access_token"]).await;
    assert_ne!(id_kid, access_kid);

    let username = id["cognito:username"].as_str().unwrap();
    let upstream = username.strip_prefix("itsme_").unwrap();
    assert_eq!(id["aud"], CLIENT_ID);
    assert_eq!(id["token_use"], "id");
    assert_eq!(id["nonce"], NONCE);
    assert_eq!(id["cognito:groups"], json!([format!("{USER_POOL_ID}_itsme")]));
    assert_eq!(id["custom:eid"], "85073003328");
    assert_eq!(id["email"], "an.peeters@example.com");
    assert_eq!(id["email_verified"], false);
    assert_eq!(id["phone_number"], "+32470000001");
    assert_eq!(id["phone_number_verified"], false);
    assert_eq!(id["preferred_username"], "An Peeters");
    assert!(id["address"]["formatted"].as_str().unwrap().contains("Voorbeeldstraat"));
    for name in ["name", "given_name", "family_name", "birthdate", "gender", "locale"] {
        assert!(id[name].is_string(), "{name}");
    }
    let identity = &id["identities"][0];
    assert_eq!(identity["userId"], upstream);
    assert_eq!(identity["providerName"], "itsme");
    assert_eq!(identity["providerType"], "OIDC");
    assert_eq!(identity["issuer"], Value::Null);
    assert_eq!(identity["primary"], "true");
    assert!(identity["dateCreated"].as_str().unwrap().parse::<u64>().unwrap() > 1_700_000_000_000);
    let hash = sha256(tokens["access_token"].as_str().unwrap());
    assert_eq!(id["at_hash"], URL_SAFE_NO_PAD.encode(&hash[..16]));

    assert_eq!(access["client_id"], CLIENT_ID);
    assert_eq!(access["token_use"], "access");
    assert_eq!(access["username"], username);
    assert_eq!(access["scope"], "openid email profile phone");
    assert_eq!(access["version"], 2);
    assert!(access.get("aud").is_none() && access.get("nonce").is_none());
    for name in ["sub", "origin_jti", "event_id", "auth_time", "iat", "exp", "cognito:groups"] {
        assert_eq!(id[name], access[name], "{name}");
    }
    assert_ne!(id["jti"], access["jti"]);
    assert!(uuid::Uuid::parse_str(id["sub"].as_str().unwrap()).is_ok());
}

#[tokio::test]
async fn claims_follow_the_citizen_and_the_scopes() {
    let pool = Pool::public().await;
    let mia = verified(&pool, &tokens(&pool, "mia").await["id_token"]).await.0;
    assert!(mia.get("custom:eid").is_none());
    let zoe = verified(&pool, &tokens(&pool, "zoe").await["id_token"]).await.0;
    assert_eq!(zoe["name"], "Zoë Çelik-Østergård ليلى بن علي");
    assert_ne!(zoe["sub"], mia["sub"]);

    let mut browser = new_browser();
    let url = authorize_url(&pool, &[("scope", Some("openid email")), ("nonce", None)]);
    let page = browser.visit(url).await.page();
    let back = browser.decide_on_page(&page, "bram", "approve").await;
    let (_, tokens) = redeem(&pool, &parameter(&back, "code").unwrap()).await;
    let bram = verified(&pool, &tokens["id_token"]).await.0;
    assert_eq!(bram["email"], "bram.janssens@example.com");
    assert!(bram.get("name").is_none() && bram.get("custom:eid").is_none());
    assert!(bram.get("nonce").is_none());
}

#[tokio::test]
async fn numbered_citizens_are_for_programs() {
    let listen = "127.0.0.1:0".parse().unwrap();
    let itsme = IdentityProvider::start_with_numbered("itsme", listen, 2).await.unwrap();
    let pool = UserPool::start(options(&itsme)).await.unwrap();
    let pool = Pool { itsme, pool, secret: None };
    let page = new_browser().visit(authorize_url(&pool, &[])).await.page();
    assert!(!page.body.contains("n-0001"));
    let first = verified(&pool, &tokens(&pool, "n-0001").await["id_token"]).await.0;
    let second = verified(&pool, &tokens(&pool, "n-0002").await["id_token"]).await.0;
    assert_eq!((&first["name"], &second["name"]), (&json!("Citizen 0001"), &json!("Citizen 0002")));
    assert_ne!(first["custom:eid"], second["custom:eid"]);
}

#[tokio::test]
async fn user_info_requires_the_access_token() {
    let pool = Pool::public().await;
    let tokens = tokens(&pool, "an").await;
    let (status, info) = user_info(&pool, tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(info["email_verified"], "false");
    assert_eq!(info["custom:eid"], "85073003328");
    assert_eq!(info["sub"], verified(&pool, &tokens["id_token"]).await.0["sub"]);

    let (status, body) = user_info(&pool, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!((status, &body["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_token")));
}

#[tokio::test]
async fn the_session_of_the_pool_skips_the_provider_until_logout() {
    let pool = Pool::public().await;
    let mut browser = new_browser();
    sign_in(&pool, &mut browser, "an").await;
    assert!(browser.cookies().keys().all(|name| name.starts_with("standin_")));

    // Again, with and without a provider: directly back with a new code for the same citizen.
    for changes in [[("lang", None)], [("identity_provider", None)]] {
        let back = browser.visit(authorize_url(&pool, &changes)).await.site();
        let (_, tokens) = redeem(&pool, &parameter(&back, "code").unwrap()).await;
        let id = verified(&pool, &tokens["id_token"]).await.0;
        assert_eq!(id["custom:eid"], "85073003328");
    }
    // Unless the request demands a new sign-in.
    for change in [("prompt", Some("login")), ("max_age", Some("0"))] {
        let page = browser.visit(authorize_url(&pool, &[change])).await.page();
        assert!(page.body.contains("Who is signing in?"));
    }

    let logout = |uri: &str| {
        let domain = pool.pool.domain_url();
        format!("{domain}/logout?client_id={CLIENT_ID}&logout_uri={uri}")
    };
    // Not exactly the registered URI: an error page, and the session continues.
    let page = browser.visit(logout(APP)).await.page();
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(!browser.visit(authorize_url(&pool, &[])).await.is_page());

    let stolen = browser.cookie("standin_cognito").unwrap().to_owned();
    let home = browser.visit(logout(&format!("{APP}/"))).await.site();
    assert_eq!(home.as_str(), format!("{APP}/"));
    assert!(browser.cookie("standin_cognito").is_none());
    assert!(browser.visit(authorize_url(&pool, &[])).await.is_page());
    // The session has ended at the pool too, not only in the browser.
    browser.cookies().insert("standin_cognito".to_owned(), stolen);
    assert!(browser.visit(authorize_url(&pool, &[])).await.is_page());
}

#[tokio::test]
async fn a_pool_restarts_on_its_port() {
    let Pool { itsme, pool, secret } = Pool::public().await;
    let mut options = options(&itsme);
    options.upstream_timeout = std::time::Duration::from_secs(30);
    options.listen = pool.address();
    options.signing_keys = Some(pool.signing_keys());
    let running = Pool { itsme, pool, secret };
    let before = tokens(&running, "an").await;
    let Pool { itsme, pool, secret } = running;
    let issuer = pool.issuer().to_owned();
    pool.shutdown().await;
    assert!(testkit::client().get(&issuer).send().await.is_err());

    let pool = UserPool::start(options).await.unwrap();
    assert_eq!(pool.issuer(), issuer);
    let again = Pool { itsme, pool, secret };
    let before = verified(&again, &before["id_token"]).await.0;
    let (status, after) = redeem(&again, &code(&again, "an").await).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(verified(&again, &after["id_token"]).await.0["sub"], before["sub"]);
}

#[tokio::test]
async fn the_classic_hosted_ui_ignores_prompt_and_answers_from_an_old_session() {
    let pool = Pool::public().await;
    let mut browser = new_browser();
    sign_in(&pool, &mut browser, "an").await;
    let again = [("prompt", Some("login"))];
    assert!(browser.visit(authorize_url(&pool, &again)).await.is_page(), "managed login");

    pool.pool.misbehave(Fault::ClassicHostedUi);
    let back = browser.visit(authorize_url(&pool, &again)).await.site();
    let (_, tokens) = redeem(&pool, &parameter(&back, "code").unwrap()).await;
    let id = verified(&pool, &tokens["id_token"]).await.0;
    assert!(id["auth_time"].as_u64().unwrap() + 3_600 <= id["iat"].as_u64().unwrap(), "{id}");
    assert_eq!(id["custom:eid"], "85073003328");

    // Until the browser signs out of the pool. A new sign-in is new.
    let domain = pool.pool.domain_url();
    browser.visit(format!("{domain}/logout?client_id={CLIENT_ID}&logout_uri={APP}/")).await.site();
    let page = browser.visit(authorize_url(&pool, &again)).await.page();
    let back = browser.decide_on_page(&page, "an", "approve").await;
    let (_, tokens) = redeem(&pool, &parameter(&back, "code").unwrap()).await;
    let id = verified(&pool, &tokens["id_token"]).await.0;
    assert!(id["auth_time"].as_u64().unwrap() + 60 > id["iat"].as_u64().unwrap(), "{id}");
}
