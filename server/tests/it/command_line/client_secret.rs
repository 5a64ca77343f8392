//! The secret of an app client in AWS Secrets Manager, while it is changed.

use std::{collections::HashMap, sync::Arc};

use aws_sdk_dynamodb::config::Credentials;
use serde_json::Value;
use server::{
    config::{Config, Source},
    oidc::{HttpClient, Keys},
    secret::Secret,
    sign_in::{AppClients, RelyingParty},
};
use testkit::browser::form;

use super::{
    assert_ended,
    check::without_second,
    secrets_manager::{ENDPOINT, SecretsManager, arn},
    with_config,
};
use crate::{
    federation::{Bridged, CLIENT_ID, CLIENT_SECRET},
    support::{
        AN,
        attempt::{Attempt, assert_rejected, assert_signed_in, header},
        claims,
        fake_pool::{Answers, FakePool},
        process::{Process, is_of_log, run},
        site::{Site, SiteOptions, sealing_keys},
    },
};

const OLD: &str = "0ld-s3cret-0f-the-app-client";
const NEW: &str = "n3w-s3cret-0f-the-app-client";
const CHANGED: &str = "the secret of an app client was changed: using the new one";
const NO_OTHER: &str = "the user pool rejects the secret of an app client, and Secrets Manager has no other one";

/// A user pool whose app client has the secret [`OLD`], and a server that has read it.
struct Rotation {
    pool: FakePool,
    secrets: SecretsManager,
    site: Site,
    process: Process,
}

impl Rotation {
    async fn start() -> Self {
        let (pool, secrets) = (FakePool::start().await, SecretsManager::start(&[("app-client", OLD)]).await);
        pool.set_secrets(&[OLD]);
        let site = Site::start_at(&pool, SiteOptions::default()).await;
        let config = site.scratch.file("arn.toml", &with_arn(&site.toml));
        let mut command = with_config(&site.scratch, &["serve"], &config);
        command.env(ENDPOINT, &secrets.address);
        let process = Process::start_ready(command, site.scratch.path()).await;
        assert_eq!(secrets.reads(), 1, "at the start");
        Self { pool, secrets, site, process }
    }

    async fn attempt(&self) -> Attempt {
        Attempt::start_in(self.process.browser(&self.site), "/login/itsme").await
    }

    async fn assert_signs_in(&self, when: &str) {
        assert_signed_in(when, &self.attempt().await.succeed(&self.pool).await);
    }

    /// `count` callbacks at the same time. Returns their status codes.
    async fn burst(&self, count: usize) -> Vec<u16> {
        let (mut answers, mut attempts) = (HashMap::new(), Vec::new());
        for number in 0..count {
            let attempt = self.attempt().await;
            let token = self.pool.key.sign(&header("first"), &attempt.claims(&self.pool));
            answers.insert(format!("code-{number}"), Answers::id_token(&token));
            attempts.push(attempt);
        }
        self.pool.set_token(Answers::ByCode(answers));
        let callbacks = attempts.into_iter().enumerate().map(|(number, mut attempt)| {
            tokio::spawn(async move { attempt.finish_with_code(&format!("code-{number}")).await.status.as_u16() })
        });
        let mut statuses = Vec::new();
        for callback in callbacks.collect::<Vec<_>>() {
            statuses.push(callback.await.unwrap());
        }
        statuses
    }

    /// The lines of the log with this message. None of the log shows a secret.
    async fn lines_with(self, message: &str) -> Vec<Value> {
        let (status, log) = self.process.stop().await;
        assert_eq!(status.code(), Some(0), "{log}");
        assert!(!log.contains("0ld-s3cret") && !log.contains("n3w-s3cret"), "{log}");
        let lines = log.lines().filter(|line| is_of_log(line)).map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["message"] == message).collect()
    }
}

fn with_arn(toml: &str) -> String {
    toml.replace("[cognito]", &format!("[cognito]\nclient_secret_arn = \"{}\"", arn("app-client")))
}

#[tokio::test]
async fn no_sign_in_fails_while_the_secret_of_the_app_client_is_changed() {
    let rotation = Rotation::start().await;
    let Rotation { pool, secrets, .. } = &rotation;
    rotation.assert_signs_in("before").await;
    pool.set_secrets(&[OLD, NEW]);
    rotation.assert_signs_in("two secrets").await;
    // As Cognito stores it.
    let stored = format!(r#"{{"userPoolId": "p", "userPoolClientId": "c", "clientSecretValue": "{NEW}"}}"#);
    secrets.set("app-client", &stored);
    rotation.assert_signs_in("stored").await;
    assert_eq!((secrets.reads(), pool.refused()), (1, 0), "the old one still works");

    pool.set_secrets(&[NEW]);
    assert_eq!(rotation.burst(8).await, [303; 8], "the old one is deleted");
    assert_eq!(secrets.reads(), 2, "one read for all of them");
    let refused = pool.refused();
    assert!((1..=8).contains(&refused), "{refused}");

    let mut attempt = rotation.attempt().await;
    assert_signed_in("after", &attempt.succeed(pool).await);
    assert_eq!(attempt.browser.post("/logout", &[]).await.status, 303);
    assert_eq!((pool.refused(), secrets.reads(), pool.revoked()), (refused, 2, 1), "the new one is used at first");
    let lines = rotation.lines_with(CHANGED).await;
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(line["setting"], "cognito.client_secret_arn");
}

#[tokio::test]
async fn a_revocation_finds_the_changed_secret_too() {
    let rotation = Rotation::start().await;
    let Rotation { pool, secrets, .. } = &rotation;
    let mut attempt = rotation.attempt().await;
    assert_signed_in("before", &attempt.succeed(pool).await);
    secrets.set("app-client", NEW);
    pool.set_secrets(&[NEW]);
    assert_eq!(attempt.browser.post("/logout", &[]).await.status, 303);
    assert_eq!((pool.refused(), pool.revoked(), secrets.reads()), (1, 1, 2));
    assert_eq!(rotation.lines_with(CHANGED).await.len(), 1);
}

#[tokio::test]
async fn a_secret_that_stays_wrong_is_read_once_and_tried_once() {
    let rotation = Rotation::start().await;
    let Rotation { pool, secrets, .. } = &rotation;
    pool.set_secrets(&[NEW]);
    assert_eq!(rotation.burst(6).await, [502; 6]);
    assert_eq!((pool.refused(), secrets.reads()), (6, 2), "requests with the secret, and reads");
    // Another wrong one is tried, once.
    let rotation = Rotation::start().await;
    let Rotation { pool, secrets, .. } = &rotation;
    pool.set_secrets(&[NEW]);
    secrets.set("app-client", "4n0ther-s3cret");
    assert_rejected("another wrong one", &rotation.attempt().await.succeed(pool).await, 502);
    assert_eq!((pool.refused(), secrets.reads()), (2, 2));
    assert_rejected("again", &rotation.attempt().await.succeed(pool).await, 502);
    assert_eq!((pool.refused(), secrets.reads()), (3, 2));
    let lines = rotation.lines_with(CHANGED).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
}

#[tokio::test]
async fn the_log_says_why_a_refused_secret_was_not_replaced() {
    let rotation = Rotation::start().await;
    rotation.pool.set_secrets(&[NEW]);
    assert_rejected("no other one", &rotation.attempt().await.succeed(&rotation.pool).await, 502);
    let lines = rotation.lines_with(NO_OTHER).await;
    assert_eq!(lines.len(), 1, "{lines:?}");

    let rotation = Rotation::start().await;
    let Rotation { pool, secrets, process, .. } = &rotation;
    pool.set_secrets(&[NEW]);
    secrets.deny(true);
    let answer = rotation.attempt().await.succeed(pool).await;
    // It may be possible again in a moment.
    assert_rejected("denied", &answer, 503);
    let line = process.line_with(answer.reference().unwrap()).await;
    let reason = "the token endpoint rejects the secret of this client (invalid_client), and cognito.client_secret_arn was not read \
                  again: this server's role may not read the secret: allow it secretsmanager:GetSecretValue";
    assert_eq!(line["reason"], reason);
    assert_rejected("within a few seconds", &rotation.attempt().await.succeed(pool).await, 503);
    assert_eq!(secrets.reads(), 2);
}

#[tokio::test]
async fn a_secret_in_the_configuration_is_tried_once() {
    let pool = FakePool::start().await;
    pool.set_secrets(&[NEW]);
    let site = Site::start_at(&pool, SiteOptions { client_secret: Some(OLD), ..SiteOptions::default() }).await;
    site.until_ready().await;
    assert_rejected("wrong", &Attempt::start(&site).await.succeed(&pool).await, 502);
    assert_eq!(pool.refused(), 1);
}

#[tokio::test]
async fn a_refresh_finds_the_changed_secret_too() {
    let (pool, secrets) = (FakePool::start().await, SecretsManager::start(&[("app-client", OLD)]).await);
    let site = Site::start_at(&pool, SiteOptions::default()).await;
    let config = Config::read(Source::from_toml(&with_arn(&site.toml))).unwrap();
    let settings = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(&secrets.address)
        .load()
        .await;
    let clients = AppClients::load(&config, &settings).await.unwrap();
    let http = HttpClient::new().unwrap();
    let keys = Arc::new(Keys::new(config.cognito.keys_url(), http.clone()));
    let fresh = Arc::clone(&keys);
    tokio::spawn(async move { fresh.keep_fresh().await });
    let relying_party = RelyingParty::new(&config, clients, http, keys, Arc::new(sealing_keys()));
    let token = pool.key.sign(&header("first"), &claims::valid(&pool.issuer(), "no nonce"));
    pool.set_token(Answers::id_token(&token));
    let refresh = async || relying_party.fresh_id_token("itsme", &Secret::new("a refresh token"), AN.0).await;
    pool.set_secrets(&[OLD]);
    assert!(refresh().await.is_ok());
    pool.set_secrets(&[NEW]);
    secrets.set("app-client", NEW);
    assert_eq!(refresh().await.unwrap().expose(), token);
    assert_eq!((pool.refused(), secrets.reads()), (1, 2));
    pool.set_secrets(&["4nother-secret"]);
    assert_eq!(
        refresh().await.unwrap_err().to_string(),
        "the user pool's response is refused (the app client is rejected: check [providers.client])"
    );
    assert_eq!((pool.refused(), secrets.reads()), (2, 2), "it was read a moment ago");
}

#[tokio::test]
async fn check_tries_the_secret_of_the_app_client() {
    let site = Site::start_with(SiteOptions { client_secret: Some(OLD), ..SiteOptions::default() }).await;
    let whole = without_second(&site).to_toml();
    let line = format!("client_secret = \"{OLD}\"\n");
    let public = whole.replace(&line, "");
    assert_ne!(whole, public);
    let id = &site.config.cognito.client_id;
    let accepted = format!("ok    app client: the user pool accepts {id} with its secret");
    let refused = "FAIL  app client: the token endpoint rejects this client";
    for (toml, stored, code, expected) in [
        (whole.clone(), OLD, 0, accepted.as_str()),
        (whole.replace(OLD, NEW), OLD, 1, refused),
        (public.clone(), OLD, 1, refused),
        (with_arn(&public), OLD, 0, &accepted),
        (with_arn(&public), NEW, 1, refused),
    ] {
        let secrets = SecretsManager::start(&[("app-client", stored)]).await;
        let config = site.scratch.file("check.toml", &toml);
        let mut command = with_config(&site.scratch, &["check"], &config);
        command.env(ENDPOINT, &secrets.address);
        let ended = run(command).await;
        assert!(ended.stdout.contains(expected), "{expected} is not in {}", ended.stdout);
        assert_ended(&ended, code, &[]);
        assert!(!ended.stdout.contains(stored), "{}", ended.stdout);
        secrets.deny(true);
        let mut command = with_config(&site.scratch, &["check"], &config);
        command.env(ENDPOINT, &secrets.address);
        let is_stored = toml.contains("client_secret_arn");
        let expected = "FAIL  app client: cognito.client_secret_arn: this server's role may not read the secret";
        assert_eq!(run(command).await.stdout.contains(expected), is_stored);
    }
}

#[tokio::test]
async fn both_secrets_of_a_bridge_can_come_from_secrets_manager() {
    const PREVIOUS: &str = "the-previous-secret-0f-cognito-at-the-bridge";
    let bridged = Bridged::start().await;
    let line = format!("client_secret = \"{CLIENT_SECRET}\"\n");
    let arns =
        format!("client_secret_arn = \"{}\"\nprevious_client_secret_arn = \"{}\"\n", arn("current"), arn("previous"));
    let toml = bridged.site.toml.replace(&line, &arns);
    assert_ne!(toml, bridged.site.toml);
    let config = bridged.site.scratch.file("arns.toml", &toml);
    let index = bridged.site.config.providers.iter().find(|provider| provider.bridge.is_some()).unwrap().index;
    let setting = |name: &str| format!("providers.{index}.bridge.{name}");
    let too_short = "the secret must have 32 characters or more";
    for (current, previous, fault) in [
        (CLIENT_SECRET, PREVIOUS, None),
        ("t00-short", PREVIOUS, Some((setting("client_secret_arn"), too_short))),
        (CLIENT_SECRET, "t00-short", Some((setting("previous_client_secret_arn"), too_short))),
        (PREVIOUS, PREVIOUS, Some((setting("previous_client_secret_arn"), "is the same as client_secret"))),
    ] {
        let secrets = SecretsManager::start(&[("current", current), ("previous", previous)]).await;
        let mut serve = with_config(&bridged.site.scratch, &["serve"], &config);
        serve.env(ENDPOINT, &secrets.address);
        if let Some((setting, problem)) = fault {
            let ended = run(serve).await;
            assert_ended(&ended, 1, &[&format!("{setting}: {problem}")]);
            assert!(!ended.stderr.contains(current) && !ended.stderr.contains(previous), "{}", ended.stderr);
            continue;
        }
        let process = Process::start(serve, bridged.site.scratch.path()).await;
        for (secret, code) in
            [(current, "unsupported_grant_type"), (previous, "unsupported_grant_type"), (OLD, "invalid_client")]
        {
            let url = format!("http://{}/federation/login_gov/token", process.address);
            let fields = [("client_id", CLIENT_ID), ("client_secret", secret)];
            let body = form(testkit::client().post(url), &fields).send().await.unwrap().text().await.unwrap();
            let body: Value = body.parse().unwrap();
            assert_eq!(body["error"], code, "{body}");
        }
        process.stop().await;
    }
}
