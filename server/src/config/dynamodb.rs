use super::{Endpoint, Source, cognito::word};

/// `[dynamodb]`: the tables.
///
/// Environment: `MYDATA_DYNAMODB__RECORDS_TABLE`, `__SESSIONS_TABLE`, `__ENDPOINT_URL`; credentials and region come from
/// AWS's own variables or the machine's role.
#[derive(Clone, Debug)]
pub struct DynamoDb {
    /// `records_table`
    pub records_table: String,
    /// `sessions_table`
    pub sessions_table: String,
    /// `endpoint_url`: another engine than AWS's.
    pub endpoint_url: Option<Endpoint>,
}

impl DynamoDb {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let records_table =
            source.with_default("dynamodb.records_table", "the name of a table", "mydata-records", word);
        let sessions_table =
            source.with_default("dynamodb.sessions_table", "the name of a table", "mydata-sessions", word);
        let endpoint_url = source.optional("dynamodb.endpoint_url", Endpoint::EXPECTED, Endpoint::parse);
        if records_table.is_some() && records_table == sessions_table {
            source.fault("dynamodb.sessions_table", "must be another table than records_table");
        }
        Some(Self { records_table: records_table?, sessions_table: sessions_table?, endpoint_url })
    }
}
