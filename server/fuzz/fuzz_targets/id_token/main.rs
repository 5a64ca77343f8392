//! Every check of the ID token, including those after the signature.
//!
//! An input that starts with `raw ` is a complete token. Any other input changes a valid token, one change per line, before it is
//! signed: `nonce "x"` sets a claim to a text, which need not be JSON; `exp @-90` sets one to 90 seconds ago; `-sub` removes one;
//! `+aud "x"` adds one, even if it exists. A `.` before the name means the header: `.alg "none"`, `-.kid`.

#![no_main]

mod oracle;
mod token;

use std::sync::LazyLock;

use server::fuzzing::TokenCheck;
use token::{Key, Token};

static KEY: LazyLock<Key> = LazyLock::new(Key::new);
static CHECK: LazyLock<TokenCheck> = LazyLock::new(|| {
    let expected = [token::ISSUER, token::CLIENT_ID, token::NONCE, token::PROVIDER, token::ACCESS_TOKEN];
    TokenCheck::new(&KEY.key_set(), expected).expect("TLS on this machine")
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Some(raw) = text.strip_prefix("raw ") {
        if let Ok(profile) = CHECK.verify(raw) {
            let (header, claims) = token::parts(raw).expect("an accepted token has a header and claims");
            oracle::accepted(&header, &claims, &profile);
        }
        return;
    }
    let mut token = Token::valid();
    let changes = text.lines().filter(|change| token.change(change)).count();
    match CHECK.verify(&KEY.sign(&token)) {
        Ok(profile) => oracle::accepted(&token.header(), &token.claims(), &profile),
        Err(fault) => assert!(changes > 0, "a valid token is rejected: {fault}"),
    }
});
