//! Which ends of a vault's jobs are noticed: by an alarm that tells somebody, or by a rule of EventBridge that has a target.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::plan;
use super::super::plan_rule::copies;
use super::super::truth::{any, every, unless};
use super::super::world::{Region, World, vault_arn};
use super::goes_by::{self, NAMESPACE, OF_VAULT, goes_by};
use super::{Ending, Jobs, Teller, actions, pattern};
use crate::snapshot::{Alarm, Cause, Collection, Dimension, EventRule, Metric, Observed, Reason, Vault};

/// From which Regions plans copy into a vault, by its ARN: indices into the world's regions.
pub struct Sources(BTreeMap<String, BTreeSet<usize>>);

impl Sources {
    pub fn of(world: &World) -> Self {
        let mut sources: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, region) in world.regions.iter().enumerate() {
            let rules = region.unit.backup_plans.iter().filter_map(|plan| plan::rules(plan, region).known().cloned());
            for action in rules.flatten().filter_map(|rule| copies(&rule).known().cloned()).flatten() {
                if let Observed::Known(to) = action.destination_backup_vault_arn {
                    sources.entry(to).or_default().insert(at);
                }
            }
        }
        Sources(sources)
    }
}

/// A vault, and all that may watch it.
pub struct Watched<'w, 'a> {
    pub vault: &'w Vault,
    pub region: &'w Region<'a>,
    pub world: &'w World<'a>,
    pub sources: &'w Sources,
}

impl Watched<'_, '_> {
    /// Whether one job that ends so is noticed.
    pub fn noticed(&self, ending: Ending, jobs: &Jobs) -> Observed<bool> {
        any([self.by_alarms(ending, jobs), self.by_rules(ending, jobs)])
    }

    /// Whether an alarm goes off where no backup is made.
    pub fn silence_noticed(&self) -> Observed<bool> {
        let alarms = self.region.unit.alarms.iter().map(|alarm| {
            let is_heartbeat = |metric: String| ["NumberOfBackupJobsCompleted", "NumberOfBackupJobsCreated"].contains(&metric.as_str());
            let told = goes_by::missing_data(alarm).and_then(|treated| match treated.as_str() {
                "missing" => actions::tells_of_no_data(alarm),
                _ => actions::tells(alarm, self.region),
            });
            every([self.goes_by(alarm, self.region, is_heartbeat), goes_by::set_off_by_none(alarm), told])
        });
        any(alarms.chain([unless(self.region.sight.gaps(Collection::Alarms))]))
    }

    /// Who hears of failed jobs of a vault without notifications.
    pub fn told_by_rule(&self, jobs: &Jobs) -> Observed<Teller> {
        let [backups, copies] = [Ending::BackupFailed, Ending::CopyFailed].map(|ending| self.by_rules(ending, jobs));
        let told = match &jobs.takes_backups {
            Observed::Known(true) => backups,
            Observed::Known(false) => copies,
            _ if backups == copies => backups,
            other => other.clone(),
        };
        told.map(|told| if told { Teller::EventRule } else { Teller::Nobody })
    }

    fn by_alarms(&self, ending: Ending, jobs: &Jobs) -> Observed<bool> {
        let of = |region: &Region| {
            let alarms = region.unit.alarms.iter().map(|alarm| {
                let is_it = |name: String| name == metric(ending);
                every([self.goes_by(alarm, region, is_it), goes_by::set_off_by_one(alarm), actions::tells(alarm, region)])
            });
            any(alarms.chain([unless(region.sight.gaps(Collection::Alarms))]))
        };
        let own = of(self.region);
        if ending != Ending::CopyFailed {
            return own;
        }
        let at_sources =
            self.copied_from().map(|region| of(region).and_then(|told| if told { unsettled("metrics") } else { Observed::Known(false) }));
        any([own, unless(jobs.unseen_writers.clone())].into_iter().chain(at_sources))
    }

    fn by_rules(&self, ending: Ending, jobs: &Jobs) -> Observed<bool> {
        let event = self.event(ending);
        let of = |region: &Region| {
            let rules = region.unit.event_rules.iter().map(|rule| tells(rule, &event, region));
            any(rules.chain([unless(region.sight.gaps(Collection::EventRules))]))
        };
        let own = of(self.region);
        if ending != Ending::CopyFailed {
            return own;
        }
        let places: Vec<Observed<bool>> = self.copied_from().map(of).chain([own]).collect();
        let unseen = unless(jobs.unseen_writers.clone());
        let everywhere = every(places.iter().cloned().chain([unseen.clone().map(|_| true)]));
        if everywhere == Observed::Known(true) {
            return everywhere;
        }
        any(places.into_iter().chain([unseen])).and_then(|told| if told { unsettled("events") } else { Observed::Known(false) })
    }

    /// The other Regions whose plans copy into the vault.
    fn copied_from(&self) -> impl Iterator<Item = &Region<'_>> {
        let own = (&self.region.unit.account, &self.region.unit.region);
        let sources = self.sources.0.get(&vault_arn(self.region.unit, self.vault));
        sources
            .into_iter()
            .flatten()
            .map(|at| &self.world.regions[*at])
            .filter(move |region| (&region.unit.account, &region.unit.region) != own)
    }

    /// Whether the alarm goes by such a metric of the vault.
    fn goes_by(&self, alarm: &Alarm, region: &Region, is_it: impl Fn(String) -> bool) -> Observed<bool> {
        let Some(by) = goes_by(alarm) else { return Observed::Known(false) };
        let covers = by.dimensions.and_then(|dimensions| self.covered(&dimensions, region));
        every([by.metric.required("MetricName").map(is_it), covers])
    }

    /// Whether a metric with these dimensions counts all the vault's jobs.
    fn covered(&self, dimensions: &[Dimension], region: &Region) -> Observed<bool> {
        let other_vault = dimensions.iter().any(|one| one.name == OF_VAULT && one.value != self.vault.backup_vault_name);
        if other_vault || dimensions.iter().any(|one| !goes_by::TABLE.dimensions.contains(&one.name)) {
            return Observed::Known(false);
        }
        match dimensions {
            [one] if one.name == OF_VAULT => Observed::Known(true),
            [] => without_dimensions(region),
            _ => Observed::unknown(Reason::new(Cause::Undetermined, "an alarm counts the jobs of one resource type only")),
        }
    }

    /// What EventBridge is sure to find in the event of such an end.
    fn event(&self, ending: Ending) -> Value {
        let arn = vault_arn(self.region.unit, self.vault);
        match ending {
            // Where it is sent is not documented, so that the account and the Region in it are not known.
            Ending::CopyFailed => {
                json!({"source": "aws.backup", "detail-type": "Copy Job State Change", "detail": {"state": "FAILED", "destinationBackupVaultArn": arn}})
            }
            _ => {
                let state = metric(ending).trim_start_matches("NumberOfBackupJobs").to_ascii_uppercase();
                json!({
                    "source": "aws.backup", "detail-type": "Backup Job State Change",
                    "account": self.region.unit.account, "region": self.region.unit.region,
                    "detail": {"state": state, "backupVaultName": self.vault.backup_vault_name, "backupVaultArn": arn},
                })
            }
        }
    }
}

fn metric(ending: Ending) -> &'static str {
    match ending {
        Ending::BackupFailed => "NumberOfBackupJobsFailed",
        Ending::BackupExpired => "NumberOfBackupJobsExpired",
        Ending::BackupAborted => "NumberOfBackupJobsAborted",
        Ending::CopyFailed => "NumberOfCopyJobsFailed",
    }
}

/// AWS does not document that its metrics exist without dimensions; one that was listed so shows it.
fn without_dimensions(region: &Region) -> Observed<bool> {
    let is_such = |metric: &Metric| {
        let of_backup = metric.namespace.is_absent() || metric.namespace.known().is_some_and(|space| space == NAMESPACE);
        of_backup && (metric.dimensions.is_absent() || metric.dimensions.known().is_some_and(Vec::is_empty))
    };
    let gaps = region.sight.gaps(Collection::Metrics);
    if !gaps.is_empty() {
        return Observed::Unknown(gaps);
    }
    if region.unit.metrics.iter().any(is_such) {
        return Observed::Known(true);
    }
    Observed::unknown(Reason::new(Cause::Undetermined, "an alarm names no vault, and AWS does not say whether it sends such a metric"))
}

/// Whether the rule hands such an event to somebody.
fn tells(rule: &EventRule, event: &Value, region: &Region) -> Observed<bool> {
    let on_default_bus = rule.event_bus_name.as_ref().map(|bus| bus == "default").absent_is(true);
    let enabled = rule.state.as_ref().required("State").and_then(|state| match state.as_str() {
        "ENABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" => Observed::Known(true),
        "DISABLED" => Observed::Known(false),
        other => Observed::unknown(Reason::new(Cause::Undetermined, format!("'{other}' is not a state of rules that Backstop knows"))),
    });
    // A rule without a pattern goes by a schedule.
    let matched = rule.event_pattern.as_ref().and_then(|text| pattern::matches(text, event)).absent_is(false);
    let targets = region.sight.member(&rule.targets, "events:ListTargetsByRule", &rule.name);
    every([on_default_bus, enabled, matched, targets.map(|targets| !targets.is_empty()).absent_is(false)])
}

fn unsettled(what: &str) -> Observed<bool> {
    let detail = format!("AWS does not say in which Region and account it sends the {what} of copies, and not all of them are watched");
    Observed::unknown(Reason::new(Cause::Undetermined, detail))
}
