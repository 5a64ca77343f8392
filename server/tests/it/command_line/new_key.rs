use std::os::unix::fs::PermissionsExt as _;

use server::{federation::SigningKeys, secret::Secret};

use super::assert_ended;
use crate::support::{
    process::{command, run},
    scratch::Scratch,
};

#[tokio::test]
async fn a_new_key_is_one_that_a_bridge_can_use_and_its_owner_alone_can_read() {
    let scratch = Scratch::make();
    let make = async |arguments: &[&str]| {
        let mut command = command(scratch.path());
        command.args(arguments);
        run(command).await
    };
    let made = make(&["federation", "new-key", "login-gov-2026"]).await;
    assert_ended(&made, 0, &[]);
    assert!(
        made.stdout.contains("login-gov-2026.pem") && made.stdout.contains("login-gov-2026.crt"),
        "{}",
        made.stdout
    );
    let ends = time::OffsetDateTime::now_utc() + time::Duration::days(2 * 365);
    assert!(made.stdout.contains(&format!("ends on {}", ends.date())), "{}", made.stdout);
    let path = scratch.path().join("login-gov-2026.pem");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let pem = std::fs::read_to_string(&path).unwrap();
    SigningKeys::read(&[Secret::new(pem.as_str())]).unwrap();
    let certificate = std::fs::read_to_string(scratch.path().join("login-gov-2026.crt")).unwrap();
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"), "{certificate}");
    // Nothing is ever overwritten, least of all a key that is in use.
    assert_ended(&make(&["federation", "new-key", "login-gov-2026"]).await, 1, &["login-gov-2026.pem"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), pem);
    // Nor is one left without its certificate.
    std::fs::write(scratch.path().join("next.crt"), "somebody's").unwrap();
    assert_ended(&make(&["federation", "new-key", "next"]).await, 1, &["next.crt"]);
    assert!(!scratch.path().join("next.pem").exists());
    for arguments in [
        &["federation", "new-key", "--help"][..],
        &["federation", "-h"],
        &["provider-guide", "--help"],
        &["check", "-h"],
    ] {
        let helped = make(arguments).await;
        assert_ended(&helped, 0, &[]);
        assert!(helped.stdout.contains("server federation new-key NAME"), "{arguments:?}: {}", helped.stdout);
    }
    for arguments in [
        &["federation"][..],
        &["federation", "new-key", "--name"],
        &["federation", "new-key"],
        &["federation", "new-key", ""],
        &["federation", "old-key", "x"],
    ] {
        assert_ended(&make(arguments).await, 2, &["needs a name for the files"]);
    }
}
