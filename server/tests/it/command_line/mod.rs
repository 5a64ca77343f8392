//! The commands, as operators run them.

mod check;
mod citizen;
mod client_secret;
mod environment;
mod healthz;
mod import;
mod local_profile;
mod new_key;
mod provider_guide;
mod secret;
mod secrets_manager;
mod stopping;

use std::{path::Path, process::Command};

use server::aws::check_tables;
use testkit::Scratch;

use crate::support::{
    line,
    process::{Ended, Process, command, has_stand_ins, run},
    site::Site,
};

fn with_config(scratch: &Scratch, arguments: &[&str], config: &Path) -> Command {
    let mut command = command(scratch.path());
    command.args(arguments).arg("--config").arg(config);
    command
}

#[track_caller]
fn assert_ended(ended: &Ended, code: i32, on_stderr: &[&str]) {
    assert_eq!(ended.code, Some(code), "{}\n{}", ended.stdout, ended.stderr);
    for text in on_stderr {
        assert!(ended.stderr.contains(text), "{text} is not in {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}

const BAD: &str = "\
listen = \"everywhere\"
public_url = \"http://mydata.example\"
surprise = 1
[cognito]
region = \"eu-west-1\"
client_secret = \"\"
scopes = [\"email\"]
[[providers]]
id = \"a/b\"
kind = \"saml\"
[session]
idle_minutes = 0
[pseudonym]
key = \"c2hvcnQgc2VjcmV0\"
";

#[tokio::test]
async fn all_faults_of_a_configuration_are_reported() {
    let scratch = Scratch::make();
    let config = scratch.file("bad.toml", BAD);
    for arguments in [&[][..], &["serve"], &["check"], &["create-tables"]] {
        let ended = run(with_config(&scratch, arguments, &config)).await;
        assert_ended(&ended, 2, &["bad.toml"]);
        for key in [
            "listen",
            "public_url",
            "surprise",
            "cognito.user_pool_id",
            "cognito.user_pool_web_client_id",
            "cognito.domain",
            "cognito.client_secret",
            "cognito.scopes",
            "providers.0.id",
            "providers.0.name",
            "providers.0.namespace",
            "providers.0.kind",
            "session.idle_minutes",
            "pseudonym.key",
        ] {
            assert!(ended.stderr.contains(&format!("  {key}: ")), "{arguments:?}: {key} is not in {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("c2hvcnQ"), "{arguments:?}: a secret in {}", ended.stderr);
    }
}

#[tokio::test]
async fn a_missing_or_invalid_configuration_file_is_a_readable_error() {
    let scratch = Scratch::make();
    let missing = scratch.path().join("missing.toml");
    assert_ended(&run(with_config(&scratch, &[], &missing)).await, 2, &["missing.toml", "cannot be read"]);
    assert_ended(&run(with_config(&scratch, &[], scratch.path())).await, 2, &["cannot be read"]);
    let broken = scratch.file("broken.toml", "public_url = \"https://a.example\"\n[pseudonym]\nkey = \"c2VjcmV0\n");
    let ended = run(with_config(&scratch, &[], &broken)).await;
    assert_ended(&ended, 2, &["line 3", "not valid TOML"]);
    assert!(!ended.stderr.contains("c2VjcmV0"), "{}", ended.stderr);
    let mut by_variable = command(scratch.path());
    by_variable.env("MYDATA_CONFIG", &missing);
    assert_ended(&run(by_variable).await, 2, &["missing.toml"]);
}

#[tokio::test]
async fn without_stand_ins_every_command_needs_a_configuration() {
    if has_stand_ins() {
        return;
    }
    let scratch = Scratch::make();
    for arguments in [&[][..], &["serve"], &["check"], &["create-tables"], &["provider-guide", "itsme"]] {
        let mut command = command(scratch.path());
        command.args(arguments);
        assert_ended(&run(command).await, 2, &["no configuration", "--config", "MYDATA_CONFIG"]);
    }
}

#[tokio::test]
async fn an_invalid_command_line_is_followed_by_the_help() {
    let scratch = Scratch::make();
    for arguments in [&["sevre"][..], &["--config"], &["serve", "check"], &["--verbose"], &["check", "itsme"]] {
        let mut command = command(scratch.path());
        command.args(arguments);
        assert_ended(&run(command).await, 2, &["  check ", "  create-tables ", "--config <FILE>"]);
    }
    for (argument, text) in [("--help", "  create-tables "), ("-h", "--config <FILE>"), ("--version", "server 0.")] {
        let mut command = command(scratch.path());
        command.arg(argument);
        let ended = run(command).await;
        assert_ended(&ended, 0, &[]);
        assert!(ended.stdout.contains(text), "{argument}: {}", ended.stdout);
    }
}

#[tokio::test]
async fn create_tables_can_be_repeated() {
    let site = Site::start().await;
    let toml = site.toml.replace("[dynamodb]", "[dynamodb]\nrecords_table = \"new-a\"\nsessions_table = \"new-b\"");
    let config = site.scratch.file("new.toml", &toml);
    for _ in 0..2 {
        let ended = run(with_config(&site.scratch, &["create-tables"], &config)).await;
        assert_ended(&ended, 0, &[]);
        assert!(ended.stdout.contains("new-a") && ended.stdout.contains("new-b"), "{}", ended.stdout);
    }
    let names = server::config::DynamoDb {
        records_table: "new-a".to_owned(),
        sessions_table: "new-b".to_owned(),
        ..site.config.dynamodb.clone()
    };
    for (name, result) in check_tables(&site.tables, &names).await {
        assert!(result.is_ok(), "{name}: {result:?}");
    }
    site.line.set(line::State::Cut);
    assert_ended(&run(with_config(&site.scratch, &["create-tables"], &config)).await, 1, &["CreateTable on new-a"]);
}

#[tokio::test]
async fn serve_names_the_setting_that_prevents_it() {
    let site = Site::start().await;
    let taken = format!("listen = \"{}\"", site.address);
    let config = site.scratch.file("taken.toml", &site.toml.replace("listen = \"127.0.0.1:0\"", &taken));
    let address = site.address.to_string();
    assert_ended(&run(with_config(&site.scratch, &["serve"], &config)).await, 1, &["listen", &address]);
    let toml = site.toml.replace(&site.scratch.site_root().display().to_string(), "/nowhere");
    let config = site.scratch.file("no-site.toml", &toml);
    assert_ended(&run(with_config(&site.scratch, &[], &config)).await, 2, &["site_root", "make release"]);
    // Before it listens: the address is taken too.
    let config = site.scratch.file("taken.toml", &site.toml.replace("listen = \"127.0.0.1:0\"", &taken));
    let mut command = with_config(&site.scratch, &["serve"], &config);
    command.env("MYDATA_LOG__SECURITY", "/nowhere/security.log");
    assert_ended(&run(command).await, 2, &["log.security: /nowhere/security.log cannot be opened"]);
}

#[tokio::test]
async fn a_server_stops_cleanly_on_sigterm() {
    let site = Site::start().await;
    let config = site.scratch.file("mydata.toml", &site.toml);
    // The environment overrides the file.
    let mut command = with_config(&site.scratch, &["serve"], &config);
    command.env("MYDATA_LISTEN", "[::1]:0");
    let process = Process::start(command, site.scratch.path()).await;
    assert!(process.address.is_ipv6());
    let (status, log) = process.stop().await;
    assert_eq!(status.code(), Some(0), "{log}");
}
