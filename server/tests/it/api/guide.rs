//! `docs/API.md`: its programs work, and its tables are complete.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use testkit::Scratch;

use super::{Api, FIRST, json_of};
use crate::support::{process, site::Site};

#[path = "../../../examples/api_client.rs"]
#[expect(dead_code, reason = "a program has a main function")]
mod client;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn guide() -> String {
    fs::read_to_string(root().join("docs/API.md")).unwrap()
}

/// The block in `language` that contains `part`.
fn block(language: &str, part: &str) -> String {
    let (guide, start) = (guide(), format!("```{language}\n"));
    let mut blocks = guide.split(&start).skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.find(|block| block.contains(part)).unwrap().to_owned()
}

#[tokio::test]
async fn the_client_in_curl_reads_again_after_a_conflict() {
    let site = Site::start().await;
    let scratch = Scratch::make();
    // As in the guide: the token of a test citizen.
    let mut command = Command::new(root().join("scripts/api-token.sh"));
    command.args(["bram", &site.public_url]);
    let token = process::run(command).await;
    assert_eq!(token.code, Some(0), "{}", token.stderr);
    let token = token.stdout.trim().to_owned();
    // A curl after whose first call another program saves a message.
    let save = "{\"text\": \"of another program\"}";
    let curl = format!(
        "#!/bin/sh\nPATH=${{PATH#*:}}\ncurl \"$@\" || exit\n[ -e saved ] && exit\ntouch saved\n\
         curl -s -o /dev/null -X PUT -H \"Authorization: Bearer $TOKEN\" -H 'If-None-Match: *' \
         -H 'Content-Type: application/json' -d '{save}' \"$SITE/v1/message\"\n"
    );
    fs::create_dir(scratch.path().join("bin")).unwrap();
    let program = scratch.path().join("bin/curl");
    fs::write(&program, curl).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", scratch.path().join("bin").display(), std::env::var("PATH").unwrap());
    for (version, what) in [(2, "after a conflict"), (3, "with the version that is saved")] {
        let mut command = Command::new("sh");
        command.args(["-ec", &block("sh", "for attempt")]).current_dir(scratch.path());
        command.env("PATH", &path).env("SITE", &site.public_url).env("TOKEN", &token);
        let ended = process::run(command).await;
        let (status, message) = ended.stdout.trim().split_once(' ').unwrap_or_else(|| panic!("{}", ended.stderr));
        let message: Value = serde_json::from_str(message).unwrap();
        assert_eq!((status, &message["version"]), ("200", &version.into()), "{what}: {message}");
        assert_eq!(message["text"], "Ring at the back door.", "{what}");
    }
}

#[tokio::test]
async fn the_client_in_rust_loses_no_change() {
    let api = Api::start().await;
    let an = api.an();
    let token = an.strip_prefix("Bearer ").unwrap();
    let site = &api.site.public_url;
    let first = client::change(site, token, |text| format!("{text}first\n")).await.unwrap();
    assert_eq!((first.version, &*first.text), (1, "first\n"));
    let (one, other) = tokio::join!(
        client::change(site, token, |text| format!("{text}one\n")),
        client::change(site, token, |text| format!("{text}other\n")),
    );
    assert_eq!(one.unwrap().version + other.unwrap().version, 5);
    let text = json_of(&api.read_as(&an).await)["text"].as_str().unwrap().to_owned();
    assert!(["first\none\nother\n", "first\nother\none\n"].contains(&&*text), "{text}");
    let refused = client::change(site, "not-a-token", |text| text.to_owned()).await;
    assert!(refused.err().unwrap().to_string().contains("401"), "a refused token is an error");
    assert_eq!(api.save(&an, FIRST, "x").await.status, 412);
}

#[test]
fn the_guide_shows_the_program_in_rust_as_it_is() {
    let program = fs::read_to_string(root().join("server/examples/api_client.rs")).unwrap();
    assert!(program.ends_with(&block("rust", "fn change")));
}

#[test]
fn the_guide_lists_every_problem_of_the_description() {
    let description = fs::read_to_string(root().join("server/src/api/openapi.json")).unwrap();
    let description: Value = serde_json::from_str(&description).unwrap();
    let mut rows = vec!["| 405 | `method-not-allowed` |".to_owned()];
    for operation in
        description["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
    {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let example = &response["content"]["application/problem+json"]["example"];
            if let Some((_, slug)) = example["type"].as_str().and_then(|kind| kind.split_once('#')) {
                rows.push(format!("| {status} | `{slug}` |"));
            }
        }
    }
    rows.sort();
    rows.dedup();
    let guide = guide();
    let listed: Vec<_> = guide.lines().filter(|line| rows.iter().any(|row| line.starts_with(row))).collect();
    assert_eq!(listed.len(), rows.len(), "{rows:#?} {listed:#?}");
    let is_row = |line: &&str| line.starts_with("| 4") && line[5..].starts_with(" | `") || line.starts_with("| 5");
    assert_eq!(guide.lines().filter(is_row).count(), rows.len(), "a row of a problem that cannot occur");
}
