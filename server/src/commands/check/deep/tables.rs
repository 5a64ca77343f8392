//! The tables as an operator sees them: what protects them, and what limits their cost. Their keys, indexes and time to live are
//! checked with the server's own rights.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Findings, Line, NOT_AWS, Operator, line, secrets::region_of};
use crate::commands::check::caller::{CallError, Service};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TableOutput {
    table: Table,
}

/// What the check reads of a table. A setting that is missing has AWS's default.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Table {
    deletion_protection_enabled: bool,
    billing_mode_summary: Option<Billing>,
    on_demand_throughput: Ceilings,
    #[serde(rename = "SSEDescription")]
    encryption: Option<Encryption>,
    global_secondary_indexes: Vec<Index>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Billing {
    billing_mode: Option<String>,
}

/// On-demand ceilings. -1 means none. Some emulators write numbers as texts.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Ceilings {
    max_read_request_units: Value,
    max_write_request_units: Value,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Encryption {
    #[serde(rename = "SSEType")]
    kind: Option<String>,
    #[serde(rename = "KMSMasterKeyArn")]
    key_arn: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Index {
    index_name: String,
    on_demand_throughput: Ceilings,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BackupsOutput {
    continuous_backups_description: Backups,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Backups {
    point_in_time_recovery_description: Recovery,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Recovery {
    point_in_time_recovery_status: Option<String>,
    recovery_period_in_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Insights {
    contributor_insights_status: Option<String>,
}

/// AWS's default of point-in-time recovery, and its longest.
const DEFAULT_RECOVERY_DAYS: u32 = 35;
const TEMPLATE: &str = "infra/data.yaml";

impl Ceilings {
    fn read(&self) -> Option<i64> {
        number(&self.max_read_request_units)
    }

    fn write(&self) -> Option<i64> {
        number(&self.max_write_request_units)
    }
}

fn number(value: &Value) -> Option<i64> {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    number.filter(|number| *number > 0)
}

/// The lines about both tables.
pub(super) async fn check(operator: &Operator<'_>) -> Vec<Line> {
    let tables = &operator.config.dynamodb;
    let mut lines = Vec::new();
    for (name, is_lasting) in [(&tables.records_table, true), (&tables.sessions_table, false)] {
        lines.extend(operator.table(name, is_lasting).await);
    }
    lines
}

impl Operator<'_> {
    /// The lines about one table. `is_lasting` says whether its items are worth restoring.
    async fn table(&self, name: &str, is_lasting: bool) -> Vec<Line> {
        let subject = |part: &str| format!("table {name} {part}");
        let table = match self.dynamodb::<TableOutput>("DescribeTable", name).await {
            Ok(TableOutput { table }) => table,
            Err(error) => {
                let problem = if error.is_not_found() {
                    format!(
                        "there is no such table in {}: compare the setting, and the region of these credentials",
                        self.region
                    )
                } else {
                    error.explain("dynamodb:DescribeTable")
                };
                return vec![line(&subject("protection"), Err(problem))];
            }
        };
        let mut protection = Findings::default();
        protection.need(table.deletion_protection_enabled, || {
            format!("one call deletes the table: set DeletionProtectionEnabled ({TEMPLATE})")
        });
        vec![
            line(&subject("protection"), protection.result("it cannot be deleted by mistake")),
            line(&subject("backups"), self.backups(name, is_lasting).await),
            line(&subject("encryption"), self.encryption(&table).await),
            line(&subject("capacity"), table.capacity().result("on demand, up to its ceilings")),
            line(&subject("insights"), self.insights(name).await),
        ]
    }

    async fn dynamodb<T: DeserializeOwned>(&self, operation: &str, table: &str) -> Result<T, CallError> {
        self.in_region(&self.region).json(Service::DynamoDb, operation, &json!({ "TableName": table })).await
    }

    async fn backups(&self, name: &str, is_lasting: bool) -> Result<String, String> {
        let found = match self.dynamodb::<BackupsOutput>("DescribeContinuousBackups", name).await {
            Err(error) if error.is_unknown_operation() => return Ok(NOT_AWS.to_owned()),
            found => found.map_err(|error| error.explain("dynamodb:DescribeContinuousBackups"))?,
        };
        let recovery = found.continuous_backups_description.point_in_time_recovery_description;
        let told = self.config.dynamodb.backup_days;
        let mut findings = Findings::default();
        if recovery.point_in_time_recovery_status.as_deref() != Some("ENABLED") {
            let fix =
                format!("point-in-time recovery is off, so what a mistake deletes is lost: turn it on ({TEMPLATE})");
            if is_lasting {
                findings.need(false, || fix)
            } else {
                findings.advise(false, || "point-in-time recovery is off".to_owned())
            }
            return findings.result("sessions are not worth restoring");
        }
        let days = recovery.recovery_period_in_days.unwrap_or(DEFAULT_RECOVERY_DAYS);
        match told {
            None => findings.advise(false, || {
                format!(
                    "citizens are not told that deleted data is in backups for {days} days: set dynamodb.backup_days"
                )
            }),
            Some(told) => {
                findings.need(days <= told, || {
                    format!("deleted data is in backups for {days} days, but citizens are told {told}: set dynamodb.backup_days, or RecoveryPeriodInDays")
                });
                findings.need(days >= told || !is_lasting, || {
                    format!("deleted data is in backups for {days} days only, but citizens are told {told}: set dynamodb.backup_days, or RecoveryPeriodInDays")
                });
            }
        }
        findings.result(&format!("every moment of the last {days} day(s) can be restored"))
    }

    async fn encryption(&self, table: &Table) -> Result<String, String> {
        let own = table.encryption.as_ref().filter(|encryption| {
            encryption.kind.as_deref().is_none_or(|kind| kind == "KMS")
                && !matches!(encryption.status.as_deref(), Some("DISABLED" | "DISABLING"))
        });
        let fix = format!("set SSESpecification with a key of your own ({TEMPLATE})");
        let Some(arn) = own.and_then(|encryption| encryption.key_arn.as_deref()) else {
            return Err(format!(
                "the key is one that AWS owns, so access to it can be neither limited nor logged: {fix}"
            ));
        };
        if self.key(region_of(arn).unwrap_or(&self.region), arn).await? {
            return Ok(format!("under the key {arn}"));
        }
        Err(format!("the key is one that AWS manages, so access to it cannot be limited: {fix}"))
    }

    async fn insights(&self, name: &str) -> Result<String, String> {
        let found = match self.dynamodb::<Insights>("DescribeContributorInsights", name).await {
            Err(error) if error.is_unknown_operation() => return Ok(NOT_AWS.to_owned()),
            found => found.map_err(|error| error.explain("dynamodb:DescribeContributorInsights"))?,
        };
        let status = found.contributor_insights_status.unwrap_or_else(|| "DISABLED".to_owned());
        let mut findings = Findings::default();
        findings.need(["ENABLED", "ENABLING"].contains(&status.as_str()), || {
            format!("they are {status}, so no one sees which keys are throttled: set ContributorInsightsSpecification ({TEMPLATE})")
        });
        findings.result("they are on")
    }
}

impl Table {
    fn capacity(&self) -> Findings {
        let mut found = Findings::default();
        let mode = self.billing_mode_summary.as_ref().and_then(|billing| billing.billing_mode.as_deref());
        if mode != Some("PAY_PER_REQUEST") {
            found.need(false, || format!("the table has provisioned capacity, so a rush of citizens is throttled: set BillingMode to PAY_PER_REQUEST ({TEMPLATE})"));
            return found;
        }
        let own = &self.on_demand_throughput;
        for (name, ceiling) in [("MaxReadRequestUnits", own.read()), ("MaxWriteRequestUnits", own.write())] {
            found.need(ceiling.is_some(), || format!("{name} has no ceiling, so a flood of requests costs without end: set OnDemandThroughput ({TEMPLATE})"));
        }
        for index in &self.global_secondary_indexes {
            let of_index = &index.on_demand_throughput;
            for (name, table, index_ceiling) in [
                ("MaxReadRequestUnits", own.read(), of_index.read()),
                ("MaxWriteRequestUnits", own.write(), of_index.write()),
            ] {
                let is_lower = matches!((table, index_ceiling), (Some(table), Some(index)) if index < table);
                found.need(!is_lower, || {
                    format!("{name} of the index {} is lower than the table's, so the table is throttled before its own ceiling: set it to the same", index.index_name)
                });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests;
