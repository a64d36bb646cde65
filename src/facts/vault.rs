//! Vaults: the lock, the key, who writes into them and what lies in them.

use schemars::JsonSchema;
use serde::Serialize;

use std::collections::{BTreeMap, BTreeSet};

use super::access::AccessFacts;
use super::key::{self, KeyRef};
use super::lifecycle::LifecycleFacts;
use super::lock::LockFacts;
use super::plan;
use super::plan_rule::copies;
use super::subject::{Facts, Kind, Subjects};
use super::watch::{self, WatchFacts};
use super::world::{Found, Region, World, all, arn_of_vault, plan_name, vault_arn};
use crate::snapshot::{Arn, Cause, Collection, Observed, Reason, Tags, Vault};

/// A backup vault.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct VaultFacts {
    pub name: String,
    pub arn: String,
    pub account: String,
    pub region: String,
    /// `BACKUP_VAULT`, `LOGICALLY_AIR_GAPPED_BACKUP_VAULT` or `RESTORE_ACCESS_BACKUP_VAULT`.
    #[serde(rename = "type")]
    pub vault_type: Observed<String>,
    /// `CREATING`, `AVAILABLE`, `FAILED`; null on ordinary vaults.
    pub state: Observed<String>,
    /// Whether it holds recovery points, or a rule or copy writes into it.
    pub in_use: Observed<bool>,
    pub lock: LockFacts,
    /// The key that the vault names. Null: it names none.
    pub key: Observed<KeyRef>,
    /// The rules and copy actions that write into the vault.
    pub used_by: Observed<Vec<VaultUse>>,
    /// The vaults that rules copy this vault's points to.
    pub replicas: Observed<Vec<Replica>>,
    pub points: Observed<PointCounts>,
    pub access: AccessFacts,
    pub watch: WatchFacts,
    pub tags: Observed<Tags>,
}

/// A rule, or one of its copy actions, that writes into a vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VaultUse {
    pub plan: String,
    pub rule: String,
    /// Whether it is a copy action that writes here, not the rule itself.
    pub is_copy: bool,
    /// Days. Null: kept for ever.
    pub delete_after_days: Observed<i64>,
    /// Days. Null: never moved.
    pub move_to_cold_storage_after_days: Observed<i64>,
}

/// A vault that holds copies of this one's points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Replica {
    pub name: String,
    pub account: String,
    pub region: String,
    /// What the replica's key is, wherever it is used: the ARN, or the id that all Regions of a multi-Region key share.
    /// Null: the vault names no key.
    pub key_identity: Observed<String>,
}

/// What lies in a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct PointCounts {
    pub total: u64,
    /// Points that are kept for ever.
    pub unlimited: u64,
    /// Days. The longest retention of the others; 0 when there is none.
    pub longest_retention_days: i64,
}

/// Who writes where, gathered once over all plans.
pub struct Traffic {
    /// By the ARN of the vault that is written into.
    uses: BTreeMap<String, Vec<VaultUse>>,
    /// By the ARN of the vault that is copied from: the ARNs that are copied to.
    replicas: BTreeMap<String, Vec<String>>,
    /// Why the plans of the snapshot, taken together, may write more than this.
    gaps: Vec<Reason>,
}

impl Traffic {
    pub fn of(world: &World) -> Self {
        let mut traffic = Traffic { uses: BTreeMap::new(), replicas: BTreeMap::new(), gaps: Vec::new() };
        for region in &world.regions {
            traffic.gaps.extend(region.sight.gaps(Collection::BackupPlans));
            for plan in &region.unit.backup_plans {
                match plan::rules(plan, region) {
                    Observed::Known(rules) => rules.iter().for_each(|rule| traffic.add(rule, &plan_name(plan), region)),
                    other => traffic.gaps.extend(other.reasons().iter().cloned()),
                }
            }
        }
        for list in traffic.replicas.values_mut() {
            list.sort();
            list.dedup();
        }
        traffic
    }

    fn add(&mut self, rule: &crate::snapshot::PlanRule, plan: &str, region: &Region) {
        let of_rule = LifecycleFacts::of(&rule.lifecycle);
        let entry = |lifecycle: LifecycleFacts, is_copy: bool| VaultUse {
            plan: plan.to_owned(),
            rule: rule.rule_name.clone(),
            is_copy,
            delete_after_days: lifecycle.delete_after_days,
            move_to_cold_storage_after_days: lifecycle.move_to_cold_storage_after_days,
        };
        let target = match &rule.target_backup_vault_name {
            Observed::Known(name) => arn_of_vault(region.unit, name),
            other => return self.gaps.extend(other.clone().required("TargetBackupVaultName").reasons().iter().cloned()),
        };
        match &rule.target_logically_air_gapped_backup_vault_arn {
            Observed::Known(air_gapped) => self.uses.entry(air_gapped.clone()).or_default().push(entry(of_rule.clone(), false)),
            other => self.gaps.extend(other.reasons().iter().cloned()),
        }
        match copies(rule) {
            Observed::Known(actions) => {
                for action in actions {
                    match &action.destination_backup_vault_arn {
                        Observed::Known(to) => {
                            self.uses
                                .entry(to.clone())
                                .or_default()
                                .push(entry(LifecycleFacts::of_copy(&action.lifecycle, &of_rule), true));
                            self.replicas.entry(target.clone()).or_default().push(to.clone());
                        }
                        other => self.gaps.extend(other.clone().required("DestinationBackupVaultArn").reasons().iter().cloned()),
                    }
                }
            }
            other => self.gaps.extend(other.reasons().iter().cloned()),
        }
        self.uses.entry(target).or_default().push(entry(of_rule, false));
    }

    fn gaps_or<T>(&self, known: T, more: Vec<Reason>) -> Observed<T> {
        if self.gaps.is_empty() && more.is_empty() {
            return Observed::Known(known);
        }
        let mut reasons: Vec<Reason> = self.gaps.iter().cloned().chain(more).collect();
        reasons.sort();
        reasons.dedup();
        Observed::Unknown(reasons)
    }
}

/// Makes a subject of each vault, and of what may have gone unseen.
pub fn derive(world: &World, traffic: &Traffic, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Vault);
    let sources = watch::Sources::of(world);
    for region in &world.regions {
        let gaps = region.sight.gaps(Collection::BackupVaults);
        if !gaps.is_empty() {
            out.push(
                arn_of_vault(region.unit, "*"),
                format!("vaults of {} that were not listed", region.unit.label()),
                Facts::gap(region, gaps),
            );
        }
        let contents = contents(region);
        for vault in &region.unit.backup_vaults {
            let facts = vault_facts(vault, contents.get(vault.backup_vault_name.as_str()), traffic, &sources, region, world);
            let tags = facts.tags.clone();
            out.push(facts.arn.clone(), facts.name.clone(), Facts::new(facts.account.clone(), facts.region.clone(), tags, &facts));
        }
    }
}

pub fn tags(vault: &Vault, region: &Region) -> Observed<Tags> {
    region.sight.member(&vault.tags, "backup:ListTags", &vault_arn(region.unit, vault)).absent_is(Tags::default())
}

fn vault_facts(
    vault: &Vault,
    contents: Option<&Contents>,
    traffic: &Traffic,
    sources: &watch::Sources,
    region: &Region,
    world: &World,
) -> VaultFacts {
    let arn = vault_arn(region.unit, vault);
    let counted = contents.map_or(0, |contents| contents.counts.total);
    let point_gaps = region.sight.gaps_in_points(vault, counted);
    let points = if point_gaps.is_empty() {
        contents.map_or_else(|| Observed::Known(Contents::default().counts), Contents::observed)
    } else {
        Observed::Unknown(point_gaps.clone())
    };
    let uses = traffic.uses.get(&arn).cloned().unwrap_or_default();
    // Points from a vault in a unit that was not observed show that rules write here which nobody saw.
    let mut strangers = contents.map(|contents| contents.unseen_sources(world)).unwrap_or_default();
    // So may points that were not listed.
    strangers.extend(point_gaps);
    // Somebody locked it, so somebody means to write into it, and a lock that refuses all of it leaves no point to tell whom.
    if uses.is_empty() && vault.locked.known() != Some(&false) {
        let detail = format!(
            "no plan that was observed writes into the locked vault '{}'; plans of other Regions or accounts may",
            vault.backup_vault_name
        );
        strangers.push(Reason::of_call(Cause::NotObserved, "backup:ListBackupPlans", detail));
    }
    let in_use = match (&points, &uses[..]) {
        _ if counted > 0 || vault.number_of_recovery_points.known().is_some_and(|&count| count > 0) => Observed::Known(true),
        (_, [_, ..]) => Observed::Known(true),
        (Observed::Unknown(reasons), []) => Observed::Unknown(reasons.clone()),
        (_, []) => traffic.gaps_or(false, Vec::new()),
    };
    let replicas = traffic.replicas.get(&arn).into_iter().flatten().map(|to| Observed::Known(replica(to, world)));
    let seen_or_not = |seen: bool, more: &[Reason]| if seen { Observed::Known(true) } else { traffic.gaps_or(false, more.to_vec()) };
    let jobs = watch::Jobs {
        takes_backups: seen_or_not(uses.iter().any(|of| !of.is_copy), &strangers),
        takes_copies: seen_or_not(
            uses.iter().any(|of| of.is_copy) || contents.is_some_and(|contents| !contents.copied_from.is_empty()),
            &strangers,
        ),
        gives_copies: seen_or_not(traffic.replicas.contains_key(&arn), &[]),
        unseen_writers: traffic.gaps.iter().chain(&strangers).cloned().collect(),
    };
    VaultFacts {
        name: vault.backup_vault_name.clone(),
        account: region.unit.account.clone(),
        region: region.unit.region.clone(),
        vault_type: vault.vault_type.clone(),
        state: region.sight.described(&vault.vault_state, vault),
        in_use,
        lock: LockFacts::of(vault, region, world.as_of),
        key: KeyRef::of(vault, region, world),
        used_by: traffic.gaps_or(uses, strangers),
        replicas: all(replicas).and_then(|replicas| traffic.gaps_or(replicas, Vec::new())),
        points,
        access: AccessFacts::of(vault, region),
        watch: WatchFacts::of(vault, jobs, sources, region, world),
        tags: tags(vault, region),
        arn,
    }
}

fn replica(arn: &str, world: &World) -> Replica {
    let place = Arn::parse(arn);
    let part = |of: fn(&Arn) -> String| place.as_ref().map(of).unwrap_or_default();
    Replica {
        name: place.map_or(arn, |arn| arn.name()).to_owned(),
        account: part(|arn| arn.account.to_owned()),
        region: part(|arn| arn.region.to_owned()),
        key_identity: match world.vault(arn) {
            Found::Here(vault, _) | Found::Glimpsed(vault, _) => vault.encryption_key_arn.as_ref().map(|arn| key::identity(arn).to_owned()),
            Found::Missing => Observed::unknown(Reason::new(Cause::Undetermined, format!("vault '{arn}' does not exist"))),
            Found::Unseen(reasons) => Observed::Unknown(reasons),
        },
    }
}

/// What the points in a vault come to.
#[derive(Default)]
struct Contents {
    counts: PointCounts,
    /// The first hole in a point's lifecycle.
    unknown: Option<Vec<Reason>>,
    copied_from: BTreeSet<String>,
    /// The first hole in what points say of the vault that they were copied from.
    unknown_source: Vec<Reason>,
}

impl Contents {
    fn observed(&self) -> Observed<PointCounts> {
        self.unknown.clone().map_or(Observed::Known(self.counts), Observed::Unknown)
    }

    fn unseen_sources(&self, world: &World) -> Vec<Reason> {
        let unseen = self.copied_from.iter().filter_map(|arn| match Arn::parse(arn) {
            Some(place) if world.region(place.account, place.region).is_some() => None,
            Some(place) => Some(format!("{}/{} was not observed, and '{arn}' copies into this vault", place.account, place.region)),
            None => None,
        });
        let unseen = unseen.map(|detail| Reason::of_call(Cause::NotObserved, "backup:ListBackupPlans", detail));
        unseen.chain(self.unknown_source.iter().cloned()).collect()
    }
}

fn contents<'a>(region: &Region<'a>) -> BTreeMap<&'a str, Contents> {
    let mut by_vault: BTreeMap<&str, Contents> = BTreeMap::new();
    for point in &region.unit.recovery_points {
        let Observed::Known(vault) = &point.backup_vault_name else { continue };
        let contents = by_vault.entry(vault).or_default();
        contents.counts.total += 1;
        match &point.source_backup_vault_arn {
            Observed::Known(source) if !contents.copied_from.contains(source) => {
                contents.copied_from.insert(source.clone());
            }
            Observed::Unknown(reasons) => contents.unknown_source.clone_from(reasons),
            _ => {}
        }
        match LifecycleFacts::of(&point.lifecycle).delete_after_days {
            Observed::Known(days) => contents.counts.longest_retention_days = contents.counts.longest_retention_days.max(days),
            Observed::Absent => contents.counts.unlimited += 1,
            other => contents.unknown = Some(other.reasons().to_vec()),
        }
    }
    by_vault
}
