use std::path::{Path, PathBuf};

use super::error::CommandError;
use crate::{
    config::{Config, Source},
    local_profile::LocalProfile,
};

/// Calls `work` with the configuration in `file`. Without a file, uses the local profile if this build has one.
pub(super) async fn with_config(
    file: Option<PathBuf>,
    work: impl AsyncFnOnce(&Config) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    if let Some(file) = file {
        return work(&read(&file)?).await;
    }
    let profile = local_profile().await?;
    let result = work(profile.config()).await;
    profile.shutdown().await;
    result
}

/// Reads the configuration in `file`.
pub(super) fn read(file: &Path) -> Result<Config, CommandError> {
    Config::read(Source::load(file)).map_err(|faults| CommandError::Usage(format!("{}: {faults}", file.display())))
}

/// Starts the local profile.
pub(super) async fn local_profile() -> Result<LocalProfile, CommandError> {
    LocalProfile::start()
        .await
        .map_err(|error| if error.is_usage() { CommandError::usage(error) } else { CommandError::failed(error) })
}
