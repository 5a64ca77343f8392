use aws_sdk_dynamodb::types::TimeToLiveSpecification;
use server::aws::{TableError, check_tables, create_tables};

use super::Tables;

#[tokio::test]
async fn tables_can_be_created_again_and_pass_the_check() {
    let tables = Tables::create().await;
    create_tables(&tables.client, &tables.names).await.unwrap();
    let checked = check_tables(&tables.client, &tables.names).await;
    assert_eq!(checked.len(), 2);
    for (name, result) in checked {
        assert!(result.is_ok(), "{name}: {result:?}");
    }
}

#[tokio::test]
async fn a_missing_table_is_named() {
    let tables = Tables::without_tables().await;
    let checked = check_tables(&tables.client, &tables.names).await;
    let names: Vec<_> = checked.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [&tables.names.records_table, &tables.names.sessions_table]);
    for (name, result) in checked {
        assert!(
            matches!(&result, Err(TableError::Unavailable(error)) if error.reason == "ResourceNotFoundException"),
            "{name}: {result:?}"
        );
    }
}

#[tokio::test]
async fn a_table_of_the_wrong_shape_is_reported() {
    let tables = Tables::create().await;
    // Swap the two tables.
    let mut swapped = tables.names.clone();
    std::mem::swap(&mut swapped.records_table, &mut swapped.sessions_table);
    for (name, result) in check_tables(&tables.client, &swapped).await {
        assert!(matches!(result, Err(TableError::Shape { .. })), "{name}: {result:?}");
    }
    let off = TimeToLiveSpecification::builder().attribute_name("expires_at").enabled(false).build().unwrap();
    let request = tables.client.update_time_to_live().table_name(&tables.names.sessions_table);
    request.time_to_live_specification(off).send().await.unwrap();
    let checked = check_tables(&tables.client, &tables.names).await;
    assert!(checked[0].1.is_ok());
    assert!(matches!(&checked[1].1, Err(TableError::Shape { problem, .. }) if problem.contains("time to live")));
}
