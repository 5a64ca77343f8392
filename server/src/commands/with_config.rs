use std::{
    env,
    path::{Path, PathBuf},
};

use super::error::CommandError;
use crate::{
    config::{Config, Source},
    local_profile::LocalProfile,
};

/// The variable whose presence makes the environment the whole configuration, also in a build with the local profile.
const USER_POOL: &str = "MYDATA_COGNITO__USER_POOL_ID";

/// Calls `work` with the configuration in `file`, or in the environment if it has one. Without either, uses the local profile if this build
/// has one.
pub(super) async fn with_config(
    file: Option<PathBuf>,
    work: impl AsyncFnOnce(&Config) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    if let Some(config) = configured(file.as_deref())? {
        return work(&config).await;
    }
    let profile = local_profile().await?;
    let result = work(profile.config()).await;
    profile.shutdown().await;
    result
}

/// The configuration in `file`, else in the environment. `None` if there is neither.
pub(super) fn configured(file: Option<&Path>) -> Result<Option<Config>, CommandError> {
    if let Some(file) = file {
        let config = Config::read(Source::load(file));
        return config.map(Some).map_err(|faults| CommandError::Usage(format!("{}: {faults}", file.display())));
    }
    // The local profile has variables of its own, and lets the others override it.
    let has_user_pool = env::var_os(USER_POOL).is_some_and(|value| !value.is_empty());
    if LocalProfile::IS_INCLUDED && !has_user_pool {
        return Ok(None);
    }
    let config = Config::read_variables(Source::from_environment()).transpose();
    config.map_err(|faults| CommandError::Usage(format!("environment (no file is given with --config): {faults}")))
}

/// Starts the local profile.
pub(super) async fn local_profile() -> Result<LocalProfile, CommandError> {
    LocalProfile::start()
        .await
        .map_err(|error| if error.is_usage() { CommandError::usage(error) } else { CommandError::failed(error) })
}
