//! Every check of the ID token, also those behind the signature.
//!
//! An input that begins with `raw ` is a token as it is. Any other is a list of changes to a good token, one in a line,
//! which is signed afterwards: `nonce "x"` sets a claim to that JSON text, whether it is JSON or not; `exp @-90` sets one to so many
//! seconds from now; `-sub` takes one out; `+aud "x"` adds one that may be there already. A `.` before the name means the
//! header: `.alg "none"`, `-.kid`.

#![no_main]

mod oracle;
mod token;

use std::sync::LazyLock;

use server::fuzzing::TokenCheck;
use token::{Key, Token};

static KEY: LazyLock<Key> = LazyLock::new(Key::new);
static CHECK: LazyLock<TokenCheck> = LazyLock::new(|| {
    let expected = [token::ISSUER, token::CLIENT_ID, token::NONCE, token::PROVIDER, token::ACCESS_TOKEN];
    TokenCheck::new(&KEY.key_set(), expected).expect("TLS of this machine")
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Some(raw) = text.strip_prefix("raw ") {
        if let Ok(profile) = CHECK.verify(raw) {
            let (header, claims) = token::parts(raw).expect("an accepted token has two parts that can be decoded");
            oracle::accepted(&header, &claims, &profile);
        }
        return;
    }
    let mut token = Token::good();
    let changes = text.lines().filter(|change| token.change(change)).count();
    match CHECK.verify(&KEY.sign(&token)) {
        Ok(profile) => oracle::accepted(&token.header(), &token.claims(), &profile),
        Err(fault) => assert!(changes > 0, "a good token is refused: {fault}"),
    }
});
