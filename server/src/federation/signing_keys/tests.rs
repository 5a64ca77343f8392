use aws_lc_rs::{
    encoding::{AsBigEndian as _, AsDer as _, Pkcs8V1Der},
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        KeyPair as _,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{super::new_key::pem, *};

/// The output of `openssl genrsa 1024`, used for nothing else.
const SHORT: &str = "\
-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBANLkTck0WXtzLBas
DUifyFjT7E5DFvANMcSOUFhVpw43pPLz2gETuJgxJQChNpdy+xPUrKqd2N5YcUBw
VIQlJVAAgibNdglqUpqHVmSW7x54JFvbQq/RRh1UVwO5lW2exlfiRPrcF/TPN2+S
LG4hlumEwxotVu8Q9L/wVXJggiebAgMBAAECgYAffYvH8ZMzBd2dfQ92urU13l84
yHfSXIYD7aQ9rHyHePOee58f7gvwXdZCo8/9CWRIb8dgqrVJbjdrAdr86HcLl5ps
Lgzuq/wzVRj3GPcxUcbJw+xHEPRYrGIi6Yppdm3s9rmq/bJ+T6DKgl6PBfoo0/+s
2IG6HAOB+KhVkNPU4QJBAPi8U8g7WMd1b4EcQhqSAH/1LFGYzkzcnJldrtk92nzj
ZmYHuUcnos7gRJ1Aw5Q0REu62mtV7s1PemyavpWlnpMCQQDZDQl5CS080VyW4hNe
AsDrd8PYZ03xkPYrOxA9zXoaAJJ0sFCCblutYpHkM+IaCroy5cz2uiTlD8ty0nMY
T2/ZAkEAkJ4uuESJIa8N3atoY7pvv/X0hpypldbO1fy6JGTqG6K7bqce+lf5OP77
5dI55HlfHAjP5YhZB9Yl/+8Y0DkzMQJBAIP7XHY/8UUZHc8V26b/z6WfJvSxJIEu
n7H78U1TY9rp3CSejeYyCwcseAAm2GbzfPO0LuUcnZC4AQNqGth+fUkCQD5ihqYM
iMkS3OCtxdU99mDx/652UbVuA7o21lZGEc10Q3jKr4efl2MvSuPdwHr0MqCntPxX
Gu7Fn+yZjBe9VTc=
-----END PRIVATE KEY-----
";

fn rsa_pem() -> String {
    let der: Pkcs8V1Der<'_> = KeyPair::generate(KeySize::Rsa2048).unwrap().as_der().unwrap();
    pem("PRIVATE KEY", der.as_ref())
}

/// The members of an RSA key, from the INTEGERs of its `RSAPrivateKey` (RFC 8017, A.1.2) after the version.
fn rsa_jwk(pem: &str) -> Value {
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let mut rest = &key.as_bytes()[4..];
    let mut numbers = Vec::new();
    while let [2, length, more @ ..] = rest {
        let (length, content) = match length {
            0x82 => (usize::from(more[0]) << 8 | usize::from(more[1]), &more[2..]),
            0x81 => (usize::from(more[0]), &more[1..]),
            short => (usize::from(*short), more),
        };
        let digits = content[..length].iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<_>>();
        numbers.push(URL_SAFE_NO_PAD.encode(digits));
        rest = &content[length..];
    }
    let names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
    let mut jwk: Value =
        names.iter().zip(&numbers[1..]).map(|(name, number)| ((*name).to_owned(), json!(number))).collect();
    jwk["kty"] = json!("RSA");
    jwk
}

/// The same P-256 key in both forms.
fn ec() -> (String, Value) {
    ec_of("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING)
}

/// The same P-384 key in both forms.
fn p384() -> (String, Value) {
    ec_of("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)
}

fn ec_of(curve: &str, algorithm: &'static EcdsaSigningAlgorithm) -> (String, Value) {
    let pair = EcdsaKeyPair::generate(algorithm).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(pair.public_key().as_ref().len() / 2);
    let d = pair.private_key().as_be_bytes().unwrap();
    let [d, x, y] = [d.as_ref(), x, y].map(|number| URL_SAFE_NO_PAD.encode(number));
    let jwk = json!({ "kty": "EC", "crv": curve, "d": d, "x": x, "y": y });
    (pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref()), jwk)
}

fn read(text: &str) -> Result<SigningKeys, KeyError> {
    SigningKeys::read(&[Secret::new(text)]).map_err(|(index, error)| {
        assert_eq!(index, 0);
        error
    })
}

fn with(jwk: &Value, name: &str, value: Value) -> String {
    let mut jwk = jwk.clone();
    jwk[name] = value;
    jwk.to_string()
}

#[test]
fn a_key_has_the_same_kid_and_signatures_as_pem_and_as_jwk() {
    let rsa = rsa_pem();
    let rsa_jwk = rsa_jwk(&rsa);
    for ((pem, jwk), algorithm) in
        [((rsa, rsa_jwk), Algorithm::RS256), (ec(), Algorithm::ES256), (p384(), Algorithm::ES384)]
    {
        // The bridge ignores the key's own `kid`.
        let jwk = format!("\n  {}\n", with(&jwk, "kid", json!("a name of its own")));
        let (one, other) = (read(&pem).unwrap(), read(&jwk).unwrap());
        assert_eq!(one.public(), other.public());
        assert_eq!(one.signing.header, other.signing.header);
        assert_eq!(one.signing.header.alg, algorithm);
        let token = other.sign(&json!({ "iss": "me" })).unwrap();
        let key = jsonwebtoken::DecodingKey::from_jwk(&one.public().keys[0]).unwrap();
        let (input, signature) = token.expose().rsplit_once('.').unwrap();
        assert!(jsonwebtoken::crypto::verify(signature, input.as_bytes(), &key, algorithm).unwrap());
    }
}

#[test]
fn only_the_public_half_of_a_jwk_is_published() {
    let (_, jwk) = ec();
    let published = serde_json::to_string(read(&jwk.to_string()).unwrap().public()).unwrap();
    assert!(!published.contains("\"d\"") && !published.contains(jwk["d"].as_str().unwrap()), "{published}");
}

#[test]
fn the_error_for_an_incomplete_or_wrong_jwk_says_what_is_expected() {
    let rsa = rsa_jwk(&rsa_pem());
    let (_, ec) = ec();
    let mut rows = vec![
        ("empty", "{}".to_owned()),
        ("not JSON", "{ \"kty\": ".to_owned()),
        ("a key set", json!({ "keys": [rsa] }).to_string()),
        ("a symmetric key", json!({ "kty": "oct", "k": "AAAA" }).to_string()),
        ("another curve", with(&ec, "crv", json!("P-521"))),
        ("another key type", with(&ec, "kty", json!("RSA"))),
        ("base64 instead of base64url", with(&ec, "d", json!("++++"))),
        ("a number instead of text", with(&rsa, "e", json!(65537))),
    ];
    for jwk in [&rsa, &ec] {
        for name in jwk.as_object().unwrap().keys() {
            let mut lacking = jwk.clone();
            lacking.as_object_mut().unwrap().remove(name);
            rows.push(("a missing member", lacking.to_string()));
        }
    }
    let public = json!({ "kty": "EC", "crv": "P-256", "x": ec["x"], "y": ec["y"] });
    rows.push(("a public key", public.to_string()));
    for (what, text) in rows {
        assert_eq!(read(&text).unwrap_err(), KeyError::NotAPrivateJwk, "{what}");
    }
    assert!(KeyError::NotAPrivateJwk.to_string().contains("n, e, d, p, q, dp, dq and qi"));
}

#[test]
fn numbers_of_different_keys_are_refused() {
    let (rsa, other) = (rsa_jwk(&rsa_pem()), rsa_jwk(&rsa_pem()));
    for name in ["n", "d", "p", "q", "dp", "dq", "qi"] {
        assert_eq!(read(&with(&rsa, name, other[name].clone())).unwrap_err(), KeyError::Inconsistent, "RSA {name}");
    }
    assert_eq!(read(&with(&rsa, "e", json!("Aw"))).unwrap_err(), KeyError::Inconsistent, "RSA e");
    // A key of one curve under the name of the other.
    let (own, larger) = (ec().1, p384().1);
    assert_eq!(read(&with(&own, "crv", json!("P-384"))).unwrap_err(), KeyError::Inconsistent);
    assert_eq!(read(&with(&larger, "crv", json!("P-256"))).unwrap_err(), KeyError::Inconsistent);
    for [(_, ec), (_, other)] in [[ec(), ec()], [p384(), p384()]] {
        for name in ["d", "x", "y"] {
            assert_eq!(read(&with(&ec, name, other[name].clone())).unwrap_err(), KeyError::Inconsistent, "EC {name}");
            assert_eq!(read(&with(&ec, name, json!("AQAB"))).unwrap_err(), KeyError::Inconsistent, "a short EC {name}");
            assert_eq!(read(&with(&ec, name, json!(""))).unwrap_err(), KeyError::Inconsistent, "no EC {name}");
        }
    }
}

#[test]
fn a_short_rsa_key_is_refused_in_either_form() {
    assert_eq!(read(SHORT).unwrap_err(), KeyError::TooShort);
    assert_eq!(read(&rsa_jwk(SHORT).to_string()).unwrap_err(), KeyError::TooShort);
}

#[test]
fn other_text_is_refused() {
    let certificate = pem("CERTIFICATE", b"no");
    for text in ["", " ", "-----BEGIN PRIVATE KEY-----", "[]", &certificate] {
        assert_eq!(read(text).unwrap_err(), KeyError::NotAKey, "{text}");
    }
    assert_eq!(SigningKeys::read(&[]).unwrap_err(), (0, KeyError::NotAKey));
    let good = Secret::new(rsa_pem());
    assert_eq!(SigningKeys::read(&[good, Secret::new("no")]).unwrap_err(), (1, KeyError::NotAKey));
}
