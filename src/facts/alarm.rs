//! Alarms on AWS Backup's metrics.

use schemars::JsonSchema;
use serde::Serialize;

use super::subject::{Facts, Kind, Subjects};
use super::world::World;
use crate::snapshot::{Alarm, Collection, Observed, Tags, Unit};

/// A CloudWatch alarm in the namespace `AWS/Backup`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AlarmFacts {
    pub name: String,
    pub arn: String,
    pub account: String,
    pub region: String,
    pub metric: Observed<String>,
    /// The vault that its dimensions name. Null: none.
    pub vault: Observed<String>,
    pub actions_enabled: Observed<bool>,
    pub actions: Observed<Vec<String>>,
    /// `missing`, `ignore`, `breaching` or `notBreaching`.
    pub treat_missing_data: Observed<String>,
}

/// Makes a subject of each alarm on AWS Backup's metrics, and of what may have gone unseen.
pub fn derive(world: &World, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Alarm);
    for region in &world.regions {
        let unit = region.unit;
        let gaps = region.sight.gaps(Collection::Alarms);
        if !gaps.is_empty() {
            let id = format!("arn:{}:cloudwatch:{}:{}:alarm:*", unit.partition, unit.region, unit.account);
            out.push(id, format!("alarms of {} that were not listed", unit.label()), Facts::gap(region, gaps));
        }
        for alarm in unit.alarms.iter().filter(|alarm| alarm.namespace.known().is_some_and(|space| space == "AWS/Backup")) {
            let facts = alarm_facts(alarm, unit);
            out.push(
                facts.arn.clone(),
                facts.name.clone(),
                Facts::new(unit.account.clone(), unit.region.clone(), Observed::Known(Tags::default()), &facts),
            );
        }
    }
}

fn alarm_facts(alarm: &Alarm, unit: &Unit) -> AlarmFacts {
    let vault = alarm.dimensions.clone().absent_is(Vec::new()).and_then(|dimensions| {
        let named = dimensions.into_iter().find(|dimension| dimension.name == "BackupVaultName");
        named.map_or(Observed::Absent, |dimension| Observed::Known(dimension.value))
    });
    let derived = || format!("arn:{}:cloudwatch:{}:{}:alarm:{}", unit.partition, unit.region, unit.account, alarm.alarm_name);
    AlarmFacts {
        name: alarm.alarm_name.clone(),
        arn: alarm.alarm_arn.known().cloned().unwrap_or_else(derived),
        account: unit.account.clone(),
        region: unit.region.clone(),
        metric: alarm.metric_name.clone(),
        vault,
        actions_enabled: alarm.actions_enabled.clone().required("ActionsEnabled"),
        actions: alarm.alarm_actions.clone().absent_is(Vec::new()),
        treat_missing_data: alarm.treat_missing_data.clone().absent_is("missing".to_owned()),
    }
}
