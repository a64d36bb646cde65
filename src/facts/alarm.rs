//! Alarms on AWS Backup's metrics, and what keeps one from ever telling anybody.

use schemars::JsonSchema;
use serde::Serialize;

use super::subject::{Facts, Kind, Subjects};
use super::truth::{any, every, faults, not, unless};
use super::watch::goes_by::{self, Direction, GoesBy, OF_VAULT, TABLE, goes_by};
use super::watch::{actions, delivery};
use super::world::{Region, World};
use crate::snapshot::{Alarm, Cause, Collection, Observed, Reason, Tags};

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
    /// What keeps it from telling anybody.
    pub faults: Observed<Vec<AlarmFault>>,
    /// When the table of AWS Backup's metrics was read, as YYYY-MM-DD.
    pub metrics_read_on: String,
}

/// Why an alarm tells nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AlarmFault {
    pub what: AlarmFaultKind,
    /// The metric, dimension, vault or treatment of missing data that it is about. Null: it is about the alarm.
    pub of: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlarmFaultKind {
    /// It has no action, and no composite alarm that has one goes by it.
    NoAction,
    /// It has actions, and they are switched off.
    ActionsOff,
    /// AWS Backup has no such metric.
    UnknownMetric,
    /// AWS Backup's metrics have no such dimension.
    UnknownDimension,
    /// Its dimension names a vault that does not exist.
    UnknownVault,
    /// It waits for too few jobs, and takes the lack of data for nothing: AWS Backup sends no zeros.
    SilenceIgnored,
    /// Once in alarm it stays so: AWS Backup sends no zeros that would end it.
    NeverEnds,
    /// It is in alarm whenever there is no job.
    AlwaysInAlarm,
    /// Each topic that it tells is gone, or has nobody who listens.
    Undeliverable,
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
        for (alarm, by) in unit.alarms.iter().filter_map(|alarm| Some((alarm, goes_by(alarm)?))) {
            let facts = alarm_facts(alarm, by, region, world);
            out.push(
                facts.arn.clone(),
                facts.name.clone(),
                Facts::new(unit.account.clone(), unit.region.clone(), Observed::Known(Tags::default()), &facts),
            );
        }
    }
}

fn alarm_facts(alarm: &Alarm, by: GoesBy, region: &Region, world: &World) -> AlarmFacts {
    let unit = region.unit;
    let vault = by.dimensions.as_ref().and_then(|dimensions| {
        let named = dimensions.iter().find(|dimension| dimension.name == OF_VAULT);
        named.map_or(Observed::Absent, |dimension| Observed::Known(dimension.value.clone()))
    });
    let derived = || format!("arn:{}:cloudwatch:{}:{}:alarm:{}", unit.partition, unit.region, unit.account, alarm.alarm_name);
    AlarmFacts {
        name: alarm.alarm_name.clone(),
        arn: alarm.alarm_arn.known().cloned().unwrap_or_else(derived),
        account: unit.account.clone(),
        region: unit.region.clone(),
        actions_enabled: actions::enabled(alarm),
        actions: alarm.alarm_actions.clone().absent_is(Vec::new()),
        treat_missing_data: goes_by::missing_data(alarm),
        faults: alarm_faults(alarm, &by, &vault, region, world),
        metric: by.metric,
        vault,
        metrics_read_on: TABLE.read_on.clone(),
    }
}

type Check = (AlarmFault, Observed<bool>);

fn check(what: AlarmFaultKind, of: Option<String>, holds: Observed<bool>) -> Check {
    (AlarmFault { what, of }, holds)
}

fn alarm_faults(alarm: &Alarm, by: &GoesBy, vault: &Observed<String>, region: &Region, world: &World) -> Observed<Vec<AlarmFault>> {
    let composite = actions::told_by_composite(alarm, region);
    let acts = any([actions::acts(&alarm.alarm_actions), actions::acts(&alarm.insufficient_data_actions)]);
    let untold = every([not(composite.clone()), acts.clone()]);
    let metric = by.metric.clone().required("MetricName");
    let mut own = vec![
        check(AlarmFaultKind::NoAction, None, every([not(composite), not(acts)])),
        check(AlarmFaultKind::ActionsOff, None, every([untold, not(actions::enabled(alarm))])),
        check(AlarmFaultKind::UnknownMetric, metric.known().cloned(), metric.map(|metric| !TABLE.metrics.contains(&metric))),
    ];
    own.extend(dimension_faults(by));
    own.extend(missing_data_faults(alarm));
    let lost = vault.as_ref().and_then(|name| not(exists(name, by, region, world))).absent_is(false);
    let of_vault = vec![check(AlarmFaultKind::UnknownVault, vault.known().cloned(), lost)];
    let listeners = alarm.alarm_actions.clone().absent_is(Vec::new()).and_then(|actions| delivery::all_dead(&actions, region));
    let heard = any([actions::acts(&alarm.insufficient_data_actions), actions::told_by_composite(alarm, region)]);
    faults([own, of_vault, vec![check(AlarmFaultKind::Undeliverable, None, every([listeners, not(heard)]))]])
}

fn dimension_faults(by: &GoesBy) -> Vec<Check> {
    match &by.dimensions {
        Observed::Known(dimensions) => {
            let strange = dimensions.iter().filter(|dimension| !TABLE.dimensions.contains(&dimension.name));
            let mut names: Vec<String> = strange.map(|dimension| dimension.name.clone()).collect();
            names.sort();
            names.into_iter().map(|name| check(AlarmFaultKind::UnknownDimension, Some(name), Observed::Known(true))).collect()
        }
        other => vec![check(AlarmFaultKind::UnknownDimension, None, other.as_ref().map(|_| false))],
    }
}

/// A metric of AWS Backup has data only while it is not zero, so that what is done without data is what mostly happens.
fn missing_data_faults(alarm: &Alarm) -> Vec<Check> {
    let treated = goes_by::missing_data(alarm);
    let direction = goes_by::direction(alarm);
    let of = treated.known().cloned();
    let is = |wanted: Direction| direction.clone().map(|direction| direction == wanted);
    let treats = |as_one_of: &'static [&'static str]| treated.as_ref().map(|treated| as_one_of.contains(&treated.as_str()));
    let unasked = every([treats(&["missing"]), not(actions::acts(&alarm.insufficient_data_actions))]);
    let ignored = any([treats(&["ignore", "notBreaching"]), unasked]);
    vec![
        check(AlarmFaultKind::SilenceIgnored, of.clone(), every([is(Direction::Below), ignored])),
        check(AlarmFaultKind::NeverEnds, of.clone(), every([is(Direction::Above), treats(&["ignore"])])),
        check(AlarmFaultKind::AlwaysInAlarm, of, every([is(Direction::Above), treats(&["breaching"])])),
    ]
}

/// Whether there is a vault that the metric can be about. Where AWS sends the metrics of copies is not documented: they name the
/// destination, which may be in any Region.
fn exists(name: &str, by: &GoesBy, region: &Region, world: &World) -> Observed<bool> {
    let is_in = |region: &Region| region.unit.backup_vaults.iter().any(|vault| vault.backup_vault_name == name);
    let here = any([Observed::Known(is_in(region)), unless(region.sight.gaps(Collection::BackupVaults))]);
    let of_copies = by.metric.as_ref().map(|metric| metric.contains("CopyJobs"));
    let elsewhere = of_copies.and_then(|of_copies| {
        if !of_copies {
            return Observed::Known(false);
        }
        let others = world.regions.iter().any(is_in);
        let told = if others { "in another Region or account" } else { "where nobody looked" };
        let detail = format!("the vault '{name}' may be {told}, and AWS does not say where it sends the metrics of copies");
        Observed::unknown(Reason::new(Cause::Undetermined, detail))
    });
    any([here, elsewhere.absent_is(false)])
}
