//! The local profile, which is served without a configuration. A binary without stand-ins has none, and these tests pass without
//! checking anything.

use std::{path::Path, process::Command};

use testkit::{Browser, Scratch, until};

use super::assert_ended;
use crate::support::process::{Process, command, has_stand_ins, run};

/// The local profile with its data in `data`.
fn local(scratch: &Scratch, data: &Path) -> Command {
    let mut command = command(scratch.path());
    command.env("MYDATA_LOCAL_DATA_DIR", data).env("MYDATA_LISTEN", "127.0.0.1:0");
    command.env("MYDATA_SITE_ROOT", scratch.site_root());
    command
}

/// A browser for the local profile.
fn browser_for(process: &Process) -> Browser {
    Browser::new(&format!("http://{}", process.address))
}

#[tokio::test]
async fn the_local_profile_stays_on_loopback() {
    if !has_stand_ins() {
        return;
    }
    let scratch = Scratch::make();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let mut command = local(&scratch, &scratch.path().join("data"));
        command.env("MYDATA_LISTEN", address);
        assert_ended(&run(command).await, 2, &["loopback", address, "MYDATA_LISTEN"]);
    }
    let mut command = local(&scratch, &scratch.path().join("data"));
    command.env("MYDATA_LISTEN", "everywhere");
    assert_ended(&run(command).await, 2, &["listen: expected an address and a port"]);
    assert!(!scratch.path().join("data").exists(), "nothing was started");
}

#[tokio::test]
async fn the_local_profile_names_what_it_cannot_use() {
    if !has_stand_ins() {
        return;
    }
    let scratch = Scratch::make();
    let file = scratch.file("file", "text");
    let path = file.to_str().unwrap();
    assert_ended(&run(local(&scratch, &file)).await, 1, &[path, "is not a directory"]);
    assert_ended(&run(local(&scratch, &file.join("below"))).await, 1, &[path, "cannot be created"]);
    let data = scratch.path().join("data");
    let mut command = local(&scratch, &data);
    command.env("MYDATA_SESSION__IDLE_MINUTES", "soon");
    assert_ended(&run(command).await, 2, &["session.idle_minutes"]);
    std::fs::write(data.join("pseudonym.key"), "no key").unwrap();
    assert_ended(&run(local(&scratch, &data)).await, 1, &["pseudonym.key"]);
}

#[tokio::test]
async fn the_local_profile_passes_every_check() {
    if !has_stand_ins() {
        return;
    }
    let scratch = Scratch::make();
    let mut command = local(&scratch, &scratch.path().join("data"));
    command.arg("check");
    let ended = run(command).await;
    assert_ended(&ended, 0, &[]);
    assert!(ended.stdout.contains("ok    signing keys: "), "{}", ended.stdout);
}

#[tokio::test]
async fn a_kill_loses_no_acknowledged_save() {
    if !has_stand_ins() {
        return;
    }
    let scratch = Scratch::make();
    let data = scratch.path().join("data");
    let process = Process::start(local(&scratch, &data), scratch.path()).await;
    assert!(process.log().contains("LOCAL PROFILE"), "{}", process.log());
    let mut browser = browser_for(&process);
    browser.sign_in("an").await;
    let saved = browser.post("/api/save_message", &[("text", "kept for good"), ("version", "0")]).await;
    assert_eq!(saved.location(), "/my-data?saved=1");
    process.kill();

    let process = Process::start(local(&scratch, &data), scratch.path()).await;
    let mut browser = browser_for(&process);
    browser.sign_in("an").await;
    assert_eq!(browser.get("/my-data").await.text_area(), "kept for good");
    // Another one in the same folder would spoil the data.
    assert_ended(&run(local(&scratch, &data)).await, 1, &["in use by another process"]);
}

#[tokio::test]
async fn until_a_site_is_built_pages_have_the_built_in_style_and_no_script() {
    if !has_stand_ins() {
        return;
    }
    let scratch = Scratch::make();
    let site_root = scratch.path().join("built-later");
    let mut command = local(&scratch, &scratch.path().join("data"));
    command.env("MYDATA_SITE_ROOT", &site_root);
    let process = Process::start(command, scratch.path()).await;
    assert!(process.log().contains("without the enhancer"), "{}", process.log());
    let mut browser = browser_for(&process);
    browser.sign_in("an").await;
    let tokens = include_str!("../../../../style/tokens.css").trim();
    for path in ["/", "/profile", "/my-data", "/no-such-page"] {
        let page = browser.get(path).await;
        assert!(page.body.contains(tokens), "{path}: {}", page.body);
        assert!(!page.body.contains("<script") && !page.body.contains("/pkg/"), "{path}: {}", page.body);
    }
    let icon = browser.get("/favicon.svg").await;
    assert_eq!((icon.status.as_u16(), icon.header("content-type")), (200, "image/svg+xml"));
    // Everything works without the script.
    let saved = browser.post("/api/save_message", &[("text", "without a script"), ("version", "0")]).await;
    assert_eq!(saved.location(), "/my-data?saved=1");

    std::fs::rename(scratch.site_root(), &site_root).unwrap();
    until("pages have the script", async || browser.get("/my-data").await.body.contains("<script")).await;
    let page = browser.get("/my-data").await;
    assert_eq!(page.text_area(), "without a script");
    assert!(page.body.contains("body{color:#123}") && !page.body.contains(tokens), "{}", page.body);
    for file in ["/pkg/my-data.0a1b2c.js", "/pkg/my-data.0a1b2c.wasm"] {
        assert!(page.body.contains(file), "{file}: {}", page.body);
        assert_eq!(browser.get(file).await.status, 200, "{file}");
    }
    assert!(!browser.get("/profile").await.body.contains("<script"), "a page without a form needs no script");
}

#[tokio::test]
async fn with_a_site_the_banner_says_that_pages_have_the_enhancer() {
    if !has_stand_ins() {
        return;
    }
    let scratch = Scratch::make();
    let process = Process::start(local(&scratch, &scratch.path().join("data")), scratch.path()).await;
    assert!(process.log().contains("with the enhancer"), "{}", process.log());
}
