//! A configuration by variables alone, as templates set them.

use std::{collections::BTreeMap, process::Command};

use testkit::{Scratch, browser::parameter};

use super::{assert_ended, check::without_second};
use crate::support::{
    process::{Process, command, has_stand_ins, run},
    site::Site,
};

/// The configuration `toml` as variables.
fn variables(toml: &str) -> BTreeMap<String, String> {
    fn flatten(path: &str, value: &toml::Value, into: &mut BTreeMap<String, String>) {
        let under = |key: &str| format!("{path}__{}", key.to_uppercase());
        match value {
            toml::Value::Table(table) => table.iter().for_each(|(key, value)| flatten(&under(key), value, into)),
            toml::Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, value)| flatten(&under(&index.to_string()), value, into));
            }
            toml::Value::String(text) => drop(into.insert(path.to_owned(), text.clone())),
            toml::Value::Boolean(truth) => drop(into.insert(path.to_owned(), truth.to_string())),
            other => panic!("{path}: {other:?}"),
        }
    }
    let mut variables = BTreeMap::new();
    let table: toml::Table = toml.parse().unwrap();
    table.iter().for_each(|(key, value)| flatten(&format!("MYDATA_{}", key.to_uppercase()), value, &mut variables));
    variables
}

/// `arguments` with these variables and no file.
fn with_variables(scratch: &Scratch, arguments: &[&str], variables: &BTreeMap<String, String>) -> Command {
    let mut command = command(scratch.path());
    command.args(arguments).envs(variables);
    command
}

#[tokio::test]
async fn variables_alone_are_a_configuration() {
    let site = Site::start().await;
    let mut variables = variables(&without_second(&site).to_toml());
    // Places that a template leaves empty are skipped, and the others keep their numbers.
    for (name, value) in std::mem::take(&mut variables) {
        variables.insert(name.replace("PROVIDERS__0__", "PROVIDERS__3__"), value);
    }
    variables.insert("MYDATA_PROVIDERS__1__ID".to_owned(), String::new());
    variables.insert("MYDATA_PROVIDERS__1__BRIDGE__CLIENT_SECRET_ARN".to_owned(), String::new());
    variables.insert("MYDATA_CONFIG".to_owned(), String::new());
    // As Kubernetes sets it for a service with this name.
    variables.insert("MYDATA_PORT".to_owned(), "tcp://10.0.0.1:80".to_owned());

    let ended = run(with_variables(&site.scratch, &["check"], &variables)).await;
    assert_ended(&ended, 0, &[]);
    assert!(ended.stdout.contains("ok    provider itsme: "), "{}", ended.stdout);

    let process = Process::start_ready(with_variables(&site.scratch, &[], &variables), site.scratch.path()).await;
    let login = process.browser(&site).get("/login/itsme").await;
    assert_eq!(parameter(&login.target(), "client_id").as_ref(), Some(&site.config.cognito.client_id));
    process.stop().await;

    variables.insert("MYDATA_PROVIDERS__3__KIND".to_owned(), "saml".to_owned());
    variables.insert("MYDATA_PROVIDERS__5__NAME".to_owned(), "Other".to_owned());
    variables.insert("MYDATA_SESSION__IDLE_MINUTES".to_owned(), "0".to_owned());
    variables.remove("MYDATA_PUBLIC_URL");
    let ended = run(with_variables(&site.scratch, &["serve"], &variables)).await;
    assert_ended(&ended, 2, &["environment (no file is given with --config): the configuration has 6 errors"]);
    for key in ["public_url", "providers.3.kind", "providers.5.id", "providers.5.namespace", "session.idle_minutes"] {
        assert!(ended.stderr.contains(&format!("  {key}: ")), "{key} is not in {}", ended.stderr);
    }
}

#[tokio::test]
async fn a_user_pool_in_the_environment_is_not_that_of_the_local_profile() {
    let scratch = Scratch::make();
    let variables = BTreeMap::from([("MYDATA_COGNITO__USER_POOL_ID".to_owned(), "eu-west-1_AbCdEf123".to_owned())]);
    for arguments in [&[][..], &["check"]] {
        let ended = run(with_variables(&scratch, arguments, &variables)).await;
        assert_ended(&ended, 2, &["  public_url: is missing", "  pseudonym.key: is missing"]);
        assert!(!ended.stderr.contains("cognito.user_pool_id"), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn a_variable_that_is_no_key_is_no_configuration() {
    if has_stand_ins() {
        return;
    }
    let scratch = Scratch::make();
    let environment = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
    for none in [environment("MYDATA_PORT", "tcp://10.0.0.1:80"), environment("MYDATA_LISTEN", "")] {
        assert_ended(
            &run(with_variables(&scratch, &[], &none)).await,
            2,
            &["no configuration", "--config", "MYDATA_…"],
        );
    }
    let ended = run(with_variables(&scratch, &[], &environment("MYDATA_LISTEN", "127.0.0.1:0"))).await;
    assert_ended(
        &ended,
        2,
        &["  public_url: is missing", "  cognito.user_pool_id: is missing", "  providers: is missing"],
    );
}
