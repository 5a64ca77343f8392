//! Without a configuration, in a build with the feature `local`.

use std::{path::Path, process::Command};

use super::assert_ended;
use crate::support::{
    browser::Browser,
    process::{Process, command, run},
    scratch::Scratch,
};

/// The local profile with its data in `data`.
fn local(scratch: &Scratch, data: &Path) -> Command {
    let mut command = command(scratch.path());
    command.env("MYDATA_LOCAL_DATA_DIR", data).env("MYDATA_LISTEN", "127.0.0.1:0");
    command.env("MYDATA_SITE_ROOT", scratch.site_root());
    command
}

#[tokio::test]
async fn it_stays_on_loopback() {
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
async fn it_says_what_is_wrong_with_its_surroundings() {
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
async fn it_is_all_there_for_check() {
    let scratch = Scratch::make();
    let mut command = local(&scratch, &scratch.path().join("data"));
    command.arg("check");
    let ended = run(command).await;
    assert_ended(&ended, 0, &[]);
    assert!(ended.stdout.contains("ok    signing keys: "), "{}", ended.stdout);
}

#[tokio::test]
async fn no_acknowledged_save_is_lost_by_a_kill() {
    let scratch = Scratch::make();
    let data = scratch.path().join("data");
    let process = Process::start(local(&scratch, &data), scratch.path()).await;
    assert!(process.log().contains("LOCAL PROFILE"), "{}", process.log());
    let mut browser = Browser::new(&format!("http://{}", process.address), process.address);
    browser.sign_in("an").await;
    let saved = browser.post("/api/save_message", &[("text", "kept for good"), ("version", "0")]).await;
    assert_eq!(saved.location(), "/my-data?saved=1");
    process.kill();

    let process = Process::start(local(&scratch, &data), scratch.path()).await;
    let mut browser = Browser::new(&format!("http://{}", process.address), process.address);
    browser.sign_in("an").await;
    assert_eq!(browser.get("/my-data").await.text_area(), "kept for good");
    // Another one in the same folder would spoil the data.
    assert_ended(&run(local(&scratch, &data)).await, 1, &["in use by another process"]);
}
