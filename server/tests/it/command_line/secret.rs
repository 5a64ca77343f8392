//! Keys in AWS Secrets Manager: those of `[pseudonym]` and `[keys]`, and `signing_key_secret_arns` of a bridge.

use aws_lc_rs::{
    encoding::AsBigEndian as _,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use testkit::{TIMEOUT, client, example::PSEUDONYM_KEY};
use tokio::{net::TcpListener, time::timeout};

use super::{
    assert_ended,
    check::without_second,
    secrets_manager::{self, ENDPOINT, arn},
    with_config,
};
use crate::{
    federation::Bridged,
    support::{
        keys::Key,
        process::{Process, run},
        site::Site,
    },
};

#[tokio::test]
async fn the_pseudonym_key_can_come_from_secrets_manager() {
    let site = Site::start().await;
    let key = site.toml.lines().find(|line| line.starts_with("key = ")).unwrap();
    let toml = without_second(&site).to_toml().replace(key, &format!("key_secret_arn = \"{}\"", arn("mydata")));
    let config = site.scratch.file("secret.toml", &toml);
    for (value, code, expected) in [
        ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 0, "ok    pseudonym key: "),
        (
            "dG9vIHNob3J0",
            1,
            "FAIL  pseudonym key: pseudonym.key_secret_arn: the secret must be at least 32 random bytes",
        ),
        (
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            1,
            "FAIL  pseudonym key: pseudonym.key_secret_arn: has too little entropy",
        ),
    ] {
        let mut command = with_config(&site.scratch, &["check"], &config);
        command.env(ENDPOINT, secrets_manager::start(&[("mydata", value)]).await);
        let ended = run(command).await;
        assert_ended(&ended, code, &[]);
        assert!(ended.stdout.contains(expected) && !ended.stdout.contains(value), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn session_keys_and_the_previous_pseudonym_key_can_come_from_secrets_manager() {
    const ONE: &str = "1MF3Xx0tPq0l3xT4m9O1cW8fIhYkZ0a7nQb2sRgVdEo=";
    const TWO: &str = "hV5y2uK8bqv0Nw7mZc1dTj4rXe9fGs6LpA3iOoQlRkU=";
    const WEAK: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let site = Site::start().await;
    let toml = without_second(&site).to_toml()
        + &format!("generation = 2\nprevious_key_secret_arn = \"{}\"\n", arn("previous"))
        + &format!("[keys]\nsession_secret_arns = [\"{}\", \"{}\", \"derived\"]\n", arn("first"), arn("second"));
    let config = site.scratch.file("secrets.toml", &toml);
    let same = "keys.session_secret_arns.1: is the same key as";
    for ([previous, first, second], expected) in [
        // The two of its own, and the derived ones of both pseudonym keys: but no session is sealed with a weak one.
        (
            [TESTS_OWN, ONE, TWO],
            Ok("ok    session keys: 4 loaded, the first one seals: keys.session_secret_arns.0 (id "),
        ),
        ([WEAK, ONE, TWO], Ok("ok    session keys: 3 loaded, the first one seals: keys.session_secret_arns.0 (id ")),
        ([TESTS_OWN, ONE, ONE], Err(format!("{same} keys.session_secret_arns.0"))),
        ([TESTS_OWN, ONE, TESTS_OWN], Err(format!("{same} pseudonym.previous_key_secret_arn"))),
        ([TESTS_OWN, ONE, WEAK], Err("keys.session_secret_arns.1: has too little entropy".to_owned())),
        ([TESTS_OWN, "short", TWO], Err("keys.session_secret_arns.0: the secret must be at least 32".to_owned())),
        ([PSEUDONYM_KEY, ONE, TWO], Err("pseudonym.previous_key_secret_arn: is the same key as".to_owned())),
    ] {
        let secrets = [("previous", previous), ("first", first), ("second", second)];
        let endpoint = secrets_manager::start(&secrets).await;
        let command = |arguments: &[&str]| {
            let mut command = with_config(&site.scratch, arguments, &config);
            command.env(ENDPOINT, &endpoint);
            command
        };
        let check = run(command(&["check"])).await;
        match expected {
            Ok(line) => {
                assert!(check.stdout.contains(line), "{line} is not in {}", check.stdout);
                assert!(check.stdout.contains("ok    pseudonym key: loaded, generation 2: pseudonym.key (id "));
                assert!(check.stdout.contains("; records under pseudonym.previous_key_secret_arn (id "));
                Process::start(command(&["serve"]), site.scratch.path()).await.stop().await;
            }
            Err(fault) => {
                let line = check.stdout.lines().find(|line| line.contains(&fault)).map(|line| &line[..4]);
                assert_eq!(line, Some("FAIL"), "{fault} is not in {}", check.stdout);
                assert_ended(&run(command(&["serve"])).await, 1, &[&fault]);
            }
        }
        for secret in [ONE, TWO, TESTS_OWN] {
            assert!(!check.stdout.contains(secret) && !check.stderr.contains(secret), "{}", check.stdout);
        }
    }
}

#[tokio::test]
async fn check_names_the_session_keys_in_their_order_wherever_they_are() {
    let site = Site::start().await;
    let whole = without_second(&site).to_toml();
    let secrets = [("old", TESTS_OWN), ("new", OTHER)];
    let endpoint = secrets_manager::start(&secrets).await;
    // The names, and the keys by number: the ids of the same key are the same.
    let mut ids = std::collections::BTreeMap::new();
    let (old, new) = (arn("old"), arn("new"));
    for (keys, names, order) in [
        (String::new(), &["derived from pseudonym.key"][..], &[0][..]),
        (format!("session = [\"{TESTS_OWN}\"]"), &["keys.session.0"], &[1]),
        (format!("session_secret_arns = [\"{old}\"]"), &["keys.session_secret_arns.0"], &[1]),
        (
            format!("session_secret_arns = [\"{old}\", \"{new}\"]"),
            &["keys.session_secret_arns.0", "keys.session_secret_arns.1"],
            &[1, 2],
        ),
        (format!("session = [\"{OTHER}\", \"{TESTS_OWN}\"]"), &["keys.session.0", "keys.session.1"], &[2, 1]),
        (format!("session = [\"derived\", \"{OTHER}\"]"), &["derived from pseudonym.key", "keys.session.1"], &[0, 2]),
    ] {
        let config = site.scratch.file("order.toml", &format!("{whole}[keys]\n{keys}\n"));
        let mut command = with_config(&site.scratch, &["check"], &config);
        command.env(ENDPOINT, &endpoint);
        let ended = run(command).await;
        let line = ended.stdout.lines().find_map(|line| line.strip_prefix("ok    session keys: "));
        let (count, listed) = line.and_then(|line| line.split_once(": ")).unwrap_or_else(|| panic!("{}", ended.stdout));
        let seals = if names.len() > 1 { ", the first one seals" } else { "" };
        assert_eq!(count, format!("{} loaded{seals}", names.len()));
        let listed: Vec<_> =
            listed.split(", ").map(|key| key.trim_end_matches(')').split_once(" (id ").unwrap()).collect();
        assert_eq!(listed.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names);
        for ((_, id), key) in listed.iter().zip(order) {
            assert_eq!(ids.entry(*key).or_insert_with(|| (*id).to_owned()), id, "{keys}");
        }
    }
    let distinct: std::collections::BTreeSet<_> = ids.values().collect();
    assert_eq!(distinct.len(), 3, "{ids:?}");
}

const OTHER: &str = "1MF3Xx0tPq0l3xT4m9O1cW8fIhYkZ0a7nQb2sRgVdEo=";
/// Another key than that of the example.
const TESTS_OWN: &str = "kPz3tYw9mVb6Qe1xHs8uJf2nRc7dLg5aTo0iXv4yBqE=";

/// A bridge whose keys are the secrets `one` and `two`, and its configuration.
async fn with_secrets() -> (Bridged, std::path::PathBuf) {
    let bridged = Bridged::start().await;
    let files = bridged.site.toml.lines().find(|line| line.starts_with("signing_key_files = ")).unwrap();
    let arns = format!("signing_key_secret_arns = [\"{}\", \"{}\"]", arn("one"), arn("two"));
    let config = bridged.site.scratch.file("secrets.toml", &bridged.site.toml.replace(files, &arns));
    (bridged, config)
}

/// A private JWK, as in a secret.
fn ec_jwk() -> Value {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = pair.public_key().as_ref();
    let d = pair.private_key().as_be_bytes().unwrap();
    let [d, x, y] = [d.as_ref(), &point[1..33], &point[33..]].map(|number| URL_SAFE_NO_PAD.encode(number));
    json!({ "kty": "EC", "crv": "P-256", "d": d, "x": x, "y": y, "kid": "mine" })
}

#[tokio::test]
async fn signing_keys_can_come_from_secrets_manager_as_pem_or_jwk() {
    let (bridged, config) = with_secrets().await;
    let (pem, jwk) = (Key::first().pem, ec_jwk());
    let text = serde_json::to_string_pretty(&jwk).unwrap();
    for (one, two, algorithm) in [(&pem, &text, "RS256"), (&text, &pem, "ES256")] {
        let endpoint = secrets_manager::start(&[("one", one), ("two", two)]).await;
        let mut check = with_config(&bridged.site.scratch, &["check"], &config);
        check.env(ENDPOINT, &endpoint);
        let ended = run(check).await;
        let expected = format!("ok    bridge login_gov keys: 2 loaded, the first one signs with {algorithm}");
        assert!(ended.stdout.contains(&expected), "{}{}", ended.stdout, ended.stderr);

        let mut serve = with_config(&bridged.site.scratch, &["serve"], &config);
        serve.env(ENDPOINT, &endpoint);
        let process = Process::start(serve, bridged.site.scratch.path()).await;
        let url = format!("http://{}/federation/login_gov/jwks.json", process.address);
        let published: Value = client().get(url).send().await.unwrap().text().await.unwrap().parse().unwrap();
        let place = usize::from(algorithm == "RS256");
        assert_eq!(published["keys"][place]["x"], jwk["x"], "{published}");
        assert_eq!(published["keys"][1 - place]["n"], Key::first().jwk()["n"], "{published}");
        assert_ne!(published["keys"][place]["kid"], jwk["kid"], "the kid is not the thumbprint");
        let (_, log) = process.stop().await;
        assert!(!log.contains(jwk["d"].as_str().unwrap()) && !log.contains("PRIVATE KEY"), "{log}");
    }
}

#[tokio::test]
async fn a_secret_without_a_key_is_an_error_that_shows_only_its_name() {
    let (bridged, config) = with_secrets().await;
    let good = Key::first().pem;
    let mut public = ec_jwk();
    let private = public.as_object_mut().unwrap().remove("d").unwrap();
    let public = public.to_string();
    let x = serde_json::from_str::<Value>(&public).unwrap()["x"].as_str().unwrap().to_owned();
    let torn = format!("{{ \"kty\": \"EC\", \"d\": {private}");
    for (value, problem, unseen) in [
        ("correct horse battery staple", "not a private RSA, P-256 or P-384 key in PEM", "horse"),
        ("", "not a private RSA, P-256 or P-384 key in PEM", "PRIVATE KEY"),
        (&public, "not a private JWK", &x),
        (&torn, "not a private JWK", private.as_str().unwrap()),
    ] {
        let endpoint = secrets_manager::start(&[("one", &good), ("two", value)]).await;
        for (arguments, stdout) in [(&["check"][..], true), (&[][..], false)] {
            let mut command = with_config(&bridged.site.scratch, arguments, &config);
            command.env(ENDPOINT, &endpoint);
            let ended = run(command).await;
            assert_ended(&ended, 1, &[]);
            let said = if stdout { &ended.stdout } else { &ended.stderr };
            let line = said.lines().find(|line| line.contains(&arn("two"))).unwrap_or_else(|| panic!("{said}"));
            assert!(line.contains(problem), "{line}");
            assert_eq!(line.starts_with("FAIL  bridge login_gov keys: "), stdout, "{line}");
            assert!(!ended.stdout.contains(unseen) && !ended.stderr.contains(unseen), "{unseen} is shown");
        }
    }
    let mut command = with_config(&bridged.site.scratch, &[], &config);
    command.env(ENDPOINT, secrets_manager::start(&[("one", &good)]).await);
    assert_ended(&run(command).await, 1, &[&arn("two"), "cannot read the secret from Secrets Manager"]);
}

#[tokio::test]
async fn a_server_that_waits_for_a_secret_stops_cleanly_on_sigterm() {
    let (bridged, config) = with_secrets().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut serve = with_config(&bridged.site.scratch, &["serve"], &config);
    serve.env(ENDPOINT, format!("http://{}", silent.local_addr().unwrap()));
    let process = Process::launch(serve, bridged.site.scratch.path());
    let accepted = timeout(TIMEOUT, silent.accept()).await;
    assert!(accepted.is_ok(), "the server does not ask for its secret: {}", process.log());
    let (status, log) = process.stop().await;
    assert_eq!(status.code(), Some(0), "{log}");
}
