//! The signature over a canonical request.

use aws_lc_rs::hmac;

use super::authorization::Scope;
use crate::random;

/// The signature, in hex, of a canonical request of this moment (`X-Amz-Date`).
pub(super) fn of(canonical: &str, scope: &Scope<'_>, moment: &str, secret: &str) -> String {
    let digest = hex::encode(random::sha256(canonical.as_bytes()));
    let text = format!("AWS4-HMAC-SHA256\n{moment}\n{}\n{digest}", scope.text());
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in [scope.date, scope.region, scope.service, "aws4_request"] {
        key = hmac_sha256(&key, part);
    }
    hex::encode(hmac_sha256(&key, &text))
}

fn hmac_sha256(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}
