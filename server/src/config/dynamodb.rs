use super::{Endpoint, Source, cognito::word};

/// `[dynamodb]`: the tables.
///
/// Environment: `MYDATA_DYNAMODB__RECORDS_TABLE`, `__SESSIONS_TABLE`, `__ENDPOINT_URL`, `__BACKUP_DAYS`. Credentials and region come
/// from the AWS variables or the machine's role.
#[derive(Clone, Debug)]
pub struct DynamoDb {
    /// `records_table`
    pub records_table: String,
    /// `sessions_table`
    pub sessions_table: String,
    /// `endpoint_url`: the address of a DynamoDB-compatible engine. Default: AWS.
    pub endpoint_url: Option<Endpoint>,
    /// `backup_days`: for how long backups of the tables are kept, as citizens are told when they delete their data. With
    /// point-in-time recovery it is up to 35.
    pub backup_days: Option<u32>,
}

impl DynamoDb {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let table = |text: &str| word(text).filter(|name| (3..=255).contains(&name.len()));
        let expected = "the name of a table: 3 to 255 letters, digits, dots, dashes and underscores";
        let records_table = source.with_default("dynamodb.records_table", expected, "mydata-records", table);
        let sessions_table = source.with_default("dynamodb.sessions_table", expected, "mydata-sessions", table);
        let endpoint_url = source.optional("dynamodb.endpoint_url", Endpoint::EXPECTED, Endpoint::parse_base);
        let days = |text: &str| text.parse().ok().filter(|days| (1..=36_600).contains(days));
        let backup_days = source.optional("dynamodb.backup_days", "a whole number of days from 1 to 36600", days);
        if records_table.is_some() && records_table == sessions_table {
            source.fault("dynamodb.sessions_table", "must differ from records_table");
        }
        Some(Self { records_table: records_table?, sessions_table: sessions_table?, endpoint_url, backup_days })
    }
}
