use std::path::PathBuf;

use clap::Args;
use time::OffsetDateTime;

use super::error::CommandError;
use crate::federation;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Name of the files: NAME.pem for the private key, NAME.crt for its certificate
    #[arg(value_name = "NAME", value_parser = name)]
    name: PathBuf,
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
    let [key, certificate] = federation::new_key(&arguments.name).map_err(CommandError::failed)?;
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
