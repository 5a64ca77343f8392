//! `server federation new-key NAME`: a private key for a bridge, and the certificate to register it with.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{
    CertificateParams, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256, RsaKeySize,
};
use time::{Duration, OffsetDateTime};

/// How long the certificate is valid. Some providers ignore the end date; the others require a new certificate by then.
pub const CERTIFICATE_VALIDITY: Duration = Duration::days(2 * 365);

/// Why no key was created.
#[derive(Debug, thiserror::Error)]
pub enum NewKeyError {
    /// A file cannot be written. Existing files are never overwritten.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The key or its certificate cannot be created.
    #[error("cannot create the key ({0})")]
    Key(#[from] rcgen::Error),
}

/// The type of a new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// RSA with 2048 bits. Signs RS256.
    Rsa2048,
    /// RSA with 3072 bits, which is secure beyond 2030 (NIST SP 800-57 part 1, table 2). Signs RS256.
    Rsa3072,
    /// RSA with 4096 bits. Signs RS256.
    Rsa4096,
    /// The curve P-256. Signs ES256.
    P256,
    /// The curve P-384. Signs ES384.
    P384,
}

impl KeyType {
    fn generate(self) -> Result<KeyPair, rcgen::Error> {
        let rsa = |size| KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, size);
        match self {
            Self::Rsa2048 => rsa(RsaKeySize::_2048),
            Self::Rsa3072 => rsa(RsaKeySize::_3072),
            Self::Rsa4096 => rsa(RsaKeySize::_4096),
            Self::P256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
            Self::P384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
        }
    }
}

/// Creates a key `NAME.pem`, which only its owner can read, and the certificate `NAME.crt`. Returns both
/// paths.
///
/// # Errors
/// One of the files exists already or cannot be written.
pub fn new_key(name: &Path, key_type: KeyType) -> Result<[PathBuf; 2], NewKeyError> {
    let [key_path, certificate_path] = ["pem", "crt"].map(|extension| {
        let mut path = name.as_os_str().to_owned();
        path.push(format!(".{extension}"));
        PathBuf::from(path)
    });
    let key = key_type.generate()?;
    let mut certificate = CertificateParams::default();
    let common_name = name.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    certificate.distinguished_name.push(DnType::CommonName, common_name);
    let now = OffsetDateTime::now_utc();
    (certificate.not_before, certificate.not_after) = (now, now + CERTIFICATE_VALIDITY);
    let certificate = certificate.self_signed(&key)?;
    // Create both files or none: a key without its certificate would block the next attempt.
    let key_file = create(&key_path, 0o600)?;
    let certificate_file = create(&certificate_path, 0o644).inspect_err(|_| drop(fs::remove_file(&key_path)))?;
    write(key_file, &key_path, &pem("PRIVATE KEY", key.serialized_der()))?;
    write(certificate_file, &certificate_path, &pem("CERTIFICATE", certificate.der()))?;
    Ok([key_path, certificate_path])
}

/// DER as PEM, in lines of 64 characters (RFC 7468, 2).
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines = encoded.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line) + "\n");
    format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", lines.collect::<String>())
}

fn create(path: &Path, mode: u32) -> Result<File, NewKeyError> {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    file.map_err(|error| NewKeyError::File(path.to_owned(), error))
}

fn write(mut file: File, path: &Path, text: &str) -> Result<(), NewKeyError> {
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| NewKeyError::File(path.to_owned(), error))
}
