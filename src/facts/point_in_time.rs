//! DynamoDB's own point-in-time recovery, which restores a table to any second of the last days, beside AWS Backup.

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::world::Region;
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, Table};

/// Point-in-time recovery of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PointInTimeFacts {
    pub enabled: Observed<bool>,
    /// How far back it reaches, 1 to 35. Null: it is off.
    pub days: Observed<i64>,
}

/// How far back it reaches where nothing else is said (API: PointInTimeRecoveryDescription).
const DEFAULT_DAYS: i64 = 35;

/// The tables of one Region, by ARN.
pub struct Tables<'w, 'a> {
    region: &'w Region<'a>,
    tables: FxHashMap<&'a str, &'a Table>,
}

impl<'w, 'a> Tables<'w, 'a> {
    pub fn of(region: &'w Region<'a>) -> Self {
        Tables { region, tables: region.unit.tables.iter().map(|table| (table.table_arn.as_str(), table)).collect() }
    }

    /// Absent for what is no DynamoDB table.
    pub fn point_in_time(&self, arn: &Arn) -> Observed<PointInTimeFacts> {
        if arn.service != "dynamodb" || arn.kind() != "table" {
            return Observed::Absent;
        }
        let description = self.recovery(arn);
        let status = description.as_ref().and_then(|described| described.point_in_time_recovery_status.clone().required(STATUS));
        let enabled = status.and_then(|status| match status.as_str() {
            "ENABLED" => Observed::Known(true),
            "DISABLED" => Observed::Known(false),
            other => {
                let detail = format!("point-in-time recovery of table '{}' is '{other}', neither on nor off", arn.name());
                Observed::unknown(Reason::new(Cause::Undetermined, detail))
            }
        });
        let period = description.and_then(|described| described.recovery_period_in_days.clone().absent_is(DEFAULT_DAYS));
        let days = enabled.clone().and_then(|enabled| if enabled { period } else { Observed::Absent });
        Observed::Known(PointInTimeFacts { enabled, days })
    }

    fn recovery(&self, arn: &Arn) -> Observed<crate::snapshot::PointInTimeRecovery> {
        let Some(table) = self.tables.get(arn.to_string().as_str()) else {
            let mut reasons = self.region.sight.gaps(Collection::Tables);
            if reasons.is_empty() {
                let detail = format!("the list of tables of {} does not hold '{}'", self.region.unit.label(), arn.name());
                reasons.push(Reason::of_call(Cause::NotObserved, "dynamodb:ListTables", detail));
            }
            return Observed::Unknown(reasons);
        };
        let described = self.region.sight.member(&table.continuous_backups_description, "dynamodb:DescribeContinuousBackups", arn.name());
        described
            .required("ContinuousBackupsDescription")
            .and_then(|described| described.point_in_time_recovery_description.required("PointInTimeRecoveryDescription"))
    }
}

const STATUS: &str = "PointInTimeRecoveryStatus";
