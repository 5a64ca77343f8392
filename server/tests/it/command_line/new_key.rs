use std::os::unix::fs::PermissionsExt as _;

use aws_lc_rs::rsa::KeyPair;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use server::{federation::SigningKeys, secret::Secret};
use testkit::Scratch;

use super::assert_ended;
use crate::support::process::{command, run};

#[tokio::test]
async fn a_new_key_works_in_a_bridge_and_only_its_owner_can_read_it() {
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
    assert!(made.stdout.contains(&format!("valid until {}", ends.date())), "{}", made.stdout);
    let path = scratch.path().join("login-gov-2026.pem");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let pem = std::fs::read_to_string(&path).unwrap();
    SigningKeys::read(&[Secret::new(pem.as_str())]).unwrap();
    let certificate = std::fs::read_to_string(scratch.path().join("login-gov-2026.crt")).unwrap();
    assert!(certificate.starts_with("-----BEGIN CERTIFICATE-----"), "{certificate}");
    // Existing files are never overwritten.
    assert_ended(&make(&["federation", "new-key", "login-gov-2026"]).await, 1, &["login-gov-2026.pem"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), pem);
    // No key is left without its certificate.
    std::fs::write(scratch.path().join("next.crt"), "another certificate").unwrap();
    assert_ended(&make(&["federation", "new-key", "next"]).await, 1, &["next.crt"]);
    assert!(!scratch.path().join("next.pem").exists());
}

#[tokio::test]
async fn a_new_key_has_the_chosen_type() {
    let scratch = Scratch::make();
    for (name, options, algorithm, modulus_bits) in [
        ("default", &[][..], Algorithm::RS256, Some(3072)),
        ("small", &["--bits", "2048"], Algorithm::RS256, Some(2048)),
        ("p256", &["--curve", "P-256"], Algorithm::ES256, None),
        ("p384", &["--curve=P-384"], Algorithm::ES384, None),
    ] {
        let mut command = command(scratch.path());
        command.args(["federation", "new-key", name]).args(options);
        assert_ended(&run(command).await, 0, &[]);
        let read = |extension| std::fs::read_to_string(scratch.path().join(format!("{name}.{extension}"))).unwrap();
        let (pem, certificate) = (read("pem"), read("crt"));
        SigningKeys::read(&[Secret::new(pem.as_str())]).unwrap();
        let (private, public) = match modulus_bits {
            Some(_) => (EncodingKey::from_rsa_pem(pem.as_bytes()), DecodingKey::from_rsa_pem(certificate.as_bytes())),
            None => (EncodingKey::from_ec_pem(pem.as_bytes()), DecodingKey::from_ec_pem(certificate.as_bytes())),
        };
        let (private, public) = (private.unwrap(), public.unwrap());
        let size = modulus_bits.map(|_| KeyPair::from_der(private.as_bytes()).unwrap().public_modulus_len() * 8);
        assert_eq!(size, modulus_bits, "{name}");
        // The certificate belongs to the key, and the key signs with this algorithm.
        let signature = jsonwebtoken::crypto::sign(b"text", &private, algorithm).unwrap();
        assert!(jsonwebtoken::crypto::verify(&signature, b"text", &public, algorithm).unwrap(), "{name}");
    }
}

#[tokio::test]
async fn an_invalid_command_line_for_keys_says_what_is_missing() {
    let scratch = Scratch::make();
    for (arguments, code, text) in [
        (&["federation", "new-key", "--help"][..], 0, "federation new-key [OPTIONS] <NAME>"),
        (&["federation", "-h"], 0, "new-key"),
        (&["provider-guide", "--help"], 0, "itsme, login_gov, auth0, beyond_identity"),
        (&["check", "-h"], 0, "--config <FILE>"),
        (&["federation"], 2, "new-key"),
        (&["federation", "new-key", "--name"], 2, "unexpected argument '--name'"),
        (&["federation", "new-key"], 2, "<NAME>"),
        (&["federation", "new-key", ""], 2, "the files need a name"),
        (&["federation", "new-key", "folder/"], 2, "the files need a name"),
        (&["federation", "new-key", "x", "--bits", "1024"], 2, "[possible values: 2048, 3072, 4096]"),
        (&["federation", "new-key", "x", "--curve", "P-521"], 2, "[possible values: P-256, P-384]"),
        (
            &["federation", "new-key", "x", "--bits", "2048", "--curve", "P-256"],
            2,
            "the argument '--bits <BITS>' cannot be used with '--curve <CURVE>'",
        ),
        (&["federation", "old-key", "x"], 2, "unrecognized subcommand 'old-key'"),
    ] {
        let mut command = command(scratch.path());
        command.args(arguments);
        let ended = run(command).await;
        let (output, on_stderr) = if code == 0 { (&ended.stdout, &[][..]) } else { (&ended.stderr, &[text][..]) };
        assert_ended(&ended, code, on_stderr);
        assert!(output.contains(text), "{arguments:?}: {output}");
    }
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0, "no key was created");
}
