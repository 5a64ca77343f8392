use std::path::PathBuf;

use clap::{Args, ValueEnum};
use time::OffsetDateTime;

use super::error::CommandError;
use crate::federation::{self, KeyType};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Name of the files: NAME.pem for the private key, NAME.crt for its certificate
    #[arg(value_name = "NAME", value_parser = name)]
    name: PathBuf,
    /// Size of an RSA key
    #[arg(long, value_enum, default_value_t = Bits::Rsa3072)]
    bits: Bits,
    /// Make an EC key instead of an RSA key
    #[arg(long, value_enum, conflicts_with = "bits")]
    curve: Option<Curve>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Bits {
    #[value(name = "2048")]
    Rsa2048,
    #[value(name = "3072")]
    Rsa3072,
    #[value(name = "4096")]
    Rsa4096,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Curve {
    #[value(name = "P-256")]
    P256,
    #[value(name = "P-384")]
    P384,
}

impl Arguments {
    const fn key_type(&self) -> KeyType {
        match (self.curve, self.bits) {
            (Some(Curve::P256), _) => KeyType::P256,
            (Some(Curve::P384), _) => KeyType::P384,
            (None, Bits::Rsa2048) => KeyType::Rsa2048,
            (None, Bits::Rsa3072) => KeyType::Rsa3072,
            (None, Bits::Rsa4096) => KeyType::Rsa4096,
        }
    }
}

fn name(text: &str) -> Result<PathBuf, &'static str> {
    if text.is_empty() || text.starts_with('-') || text.ends_with('/') {
        Err("the files need a name")
    } else {
        Ok(PathBuf::from(text))
    }
}

/// `server federation new-key NAME`. Needs no configuration: the key is created before its provider is configured.
pub(super) fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let [key, certificate] =
        federation::new_key(&arguments.name, arguments.key_type()).map_err(CommandError::failed)?;
    println!(
        "{} is the private key. Add it to signing_key_files. If the list has a key in use, add the new one after it.\n\
         {} is its certificate, valid until {}. Register it with the provider.\n\
         The provider's guide describes how to change keys without an outage.",
        key.display(),
        certificate.display(),
        (OffsetDateTime::now_utc() + federation::CERTIFICATE_VALIDITY).date(),
    );
    Ok(())
}
