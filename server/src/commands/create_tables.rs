use std::path::PathBuf;

use super::{error::CommandError, with_config::with_config};
use crate::aws;

/// `server create-tables`
pub(super) async fn run(file: Option<PathBuf>) -> Result<(), CommandError> {
    with_config(file, async |config| {
        let client = aws::dynamodb_client(config, &aws::settings(config).await);
        aws::create_tables(&client, &config.dynamodb).await.map_err(CommandError::failed)?;
        println!("tables {} and {} exist", config.dynamodb.records_table, config.dynamodb.sessions_table);
        Ok(())
    })
    .await
}
