//! Whether plans cover a resource: which step kept it out, which tags nearly let it in, and which plans do the same work on it.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::near::near;
use super::plan;
use super::select::{Assigned, Outcome, Seen, resolve, sentence, step_name, why};
use super::world::Region;
use crate::snapshot::{BackupPlan, Observed, PlanRule, Reason, Tags};

/// What the selections of a Region make of one of its resources.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Coverage {
    /// Unknown where only AWS Backup's own list shows it, which keeps what is gone as long as there are points of it.
    pub exists: Observed<bool>,
    /// Whether a restore test made it; AWS Backup ignores those.
    pub is_restore_test: Observed<bool>,
    /// Whether at least one selection selects it, whatever the others do.
    pub is_selected: Observed<bool>,
    /// Where nothing selects it: the selection that it came farthest in. Null: it is selected, or none names it.
    pub closest: Observed<Dropped>,
    /// Where nothing selects it: tags that differ by their case, by blanks or by one letter from tags that would let it in.
    pub near_misses: Observed<Vec<NearMiss>>,
    /// Rules of two plans that both select it and do the same work: one schedule, one vault.
    pub duplicates: Observed<Vec<Duplicate>>,
}

/// A selection that names the resource and does not select it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Dropped {
    pub plan: String,
    pub selection: String,
    /// The first step that dropped it: `refused`, `not_resources`, `condition`, `account`, `region`, `unsupported_type`,
    /// `not_opted_in`, `restore_test`.
    pub step: String,
    /// What happened there, with its full stop.
    pub sentence: String,
}

/// A tag that is nearly the one that a selection wants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct NearMiss {
    pub plan: String,
    pub selection: String,
    /// `key=value`, as the resource has it.
    pub tag: String,
    /// `key=value`, as the selection wants it.
    pub wanted: String,
}

/// Two rules that make the same points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Duplicate {
    pub plan: String,
    pub rule: String,
    pub other_plan: String,
    pub other_rule: String,
}

/// Its key and its value.
type Tag<'a> = (&'a str, &'a str);

/// A tag that selections want, and which of them.
type Wanted<'a> = (Tag<'a>, Vec<usize>);

/// What is worked out once for all resources of a Region.
pub struct Survey<'w, 'a> {
    region: &'w Region<'a>,
    wanted: Vec<Wanted<'w>>,
    /// By a resource's tag key: the wanted tags whose keys it is near to. Most keys are near to none, however many values they have.
    near_keys: FxHashMap<String, Vec<usize>>,
    /// By a resource's tag: the wanted ones that it is near to.
    near: FxHashMap<(String, String), Vec<usize>>,
    duplicates: FxHashMap<(String, String), Observed<Vec<Duplicate>>>,
}

impl<'w, 'a> Survey<'w, 'a> {
    pub fn of(region: &'w Region<'a>) -> Self {
        let mut by_tag: FxHashMap<(&str, &str), Vec<usize>> = FxHashMap::default();
        for (at, selection) in region.assignments.selections.iter().enumerate() {
            let Some(criteria) = selection.criteria.known() else { continue };
            let listed = criteria.tags.known().into_iter().flatten();
            let listed = listed.map(|tag| (tag.condition_key.as_str(), tag.condition_value.as_str()));
            let conditions = criteria.conditions.known().into_iter().flatten().filter_map(|condition| condition.wanted_tag());
            listed.chain(conditions).for_each(|tag| by_tag.entry(tag).or_default().push(at));
        }
        let mut wanted: Vec<Wanted> = by_tag.into_iter().collect();
        wanted.sort();
        Survey { region, wanted, near_keys: FxHashMap::default(), near: FxHashMap::default(), duplicates: FxHashMap::default() }
    }

    /// `at` is the resource's number in the inventory.
    pub fn coverage(&mut self, at: usize, seen: &Seen) -> Coverage {
        let assignments = &self.region.assignments;
        let mut selecting: Vec<&Assigned> = Vec::new();
        let mut doubt: Vec<Reason> = assignments.unseen.clone();
        for (selection, open) in assignments.met(at) {
            match open {
                None => selecting.push(selection),
                Some(reasons) => doubt.extend_from_slice(reasons),
            }
        }
        doubt.sort();
        doubt.dedup();
        let is_selected = match (selecting.is_empty(), doubt.is_empty()) {
            (false, _) => Observed::Known(true),
            (true, true) => Observed::Known(false),
            (true, false) => Observed::Unknown(doubt.clone()),
        };
        let (closest, near_misses) = match &is_selected {
            Observed::Known(true) => (Observed::Absent, Observed::Known(Vec::new())),
            Observed::Known(false) => (self.closest(seen), self.near_misses(seen)),
            unknown => (Observed::Unknown(why(unknown)), Observed::Unknown(why(unknown))),
        };
        Coverage {
            exists: seen.exists.clone(),
            is_restore_test: seen.is_restore_test(),
            is_selected,
            closest,
            near_misses,
            duplicates: if doubt.is_empty() { self.duplicates(&selecting) } else { Observed::Unknown(doubt) },
        }
    }

    fn closest(&self, seen: &Seen) -> Observed<Dropped> {
        let assignments = &self.region.assignments;
        match assignments.closest(seen) {
            Err(open) => Observed::Unknown(open),
            Ok(None) => Observed::Absent,
            Ok(Some((selection, step))) => Observed::Known(Dropped {
                plan: selection.plan_name.clone(),
                selection: selection.name.clone(),
                step: step_name(&step).to_owned(),
                sentence: sentence(&Outcome::Dropped(step), seen, assignments.setting(selection)),
            }),
        }
    }

    fn near_misses(&mut self, seen: &Seen) -> Observed<Vec<NearMiss>> {
        let none = Tags::default();
        let tags = match &*seen.tags {
            Observed::Known(tags) => tags,
            Observed::Absent => &none,
            unknown => return Observed::Unknown(why(unknown)),
        };
        // By selection: what the resource has, and what the selection wants in its place.
        let mut swaps: FxHashMap<usize, Vec<(Tag, Tag)>> = FxHashMap::default();
        for (key, value) in &tags.0 {
            for at in self.near_to(key, value) {
                let (wanted, selections) = &self.wanted[at];
                for selection in selections {
                    swaps.entry(*selection).or_default().push(((key, value), *wanted));
                }
            }
        }
        let assignments = &self.region.assignments;
        let mut found = BTreeSet::new();
        for (at, swaps) in swaps {
            let selection = &assignments.selections[at];
            let Observed::Known(criteria) = &selection.criteria else { continue };
            let mut mended = tags.clone();
            for ((key, _), _) in &swaps {
                mended.0.remove(*key);
            }
            mended.0.extend(swaps.iter().map(|(_, (key, value))| ((*key).to_owned(), (*value).to_owned())));
            let mended = Observed::Known(mended);
            let candidate = super::select::Candidate { tags: &mended, ..seen.candidate() };
            match resolve(criteria, &candidate, assignments.setting(selection)) {
                Outcome::Selected(_) => found.extend(swaps.iter().map(|((key, value), (wanted_key, wanted_value))| NearMiss {
                    plan: selection.plan_name.clone(),
                    selection: selection.name.clone(),
                    tag: format!("{key}={value}"),
                    wanted: format!("{wanted_key}={wanted_value}"),
                })),
                Outcome::Unknown(reasons) | Outcome::DroppedSomewhere(reasons) => return Observed::Unknown(reasons),
                Outcome::Dropped(_) => {}
            }
        }
        Observed::Known(found.into_iter().collect())
    }

    /// The wanted tags that this one is near to. A tag that some selection wants as it is was meant as it is.
    fn near_to(&mut self, key: &str, value: &str) -> Vec<usize> {
        let wanted = &self.wanted;
        if !self.near_keys.contains_key(key) {
            let is_near = |at: &usize| near(key, wanted[*at].0.0);
            self.near_keys.insert(key.to_owned(), (0..wanted.len()).filter(is_near).collect());
        }
        let near_keys = &self.near_keys[key];
        if near_keys.is_empty() {
            return Vec::new();
        }
        if let Some(known) = self.near.get(&(key.to_owned(), value.to_owned())) {
            return known.clone();
        }
        let is_wanted = wanted.binary_search_by(|(wanted, _)| wanted.cmp(&(key, value))).is_ok();
        let found: Vec<usize> = match is_wanted {
            true => Vec::new(),
            false => near_keys.iter().copied().filter(|at| near(value, wanted[*at].0.1)).collect(),
        };
        self.near.insert((key.to_owned(), value.to_owned()), found.clone());
        found
    }

    fn duplicates(&mut self, selecting: &[&Assigned]) -> Observed<Vec<Duplicate>> {
        let mut plans: Vec<&Assigned> = selecting.to_vec();
        plans.sort_by(|a, b| a.plan.backup_plan_id.cmp(&b.plan.backup_plan_id));
        plans.dedup_by(|a, b| a.plan.backup_plan_id == b.plan.backup_plan_id);
        let mut lists = Vec::new();
        for (at, one) in plans.iter().enumerate() {
            for other in &plans[at + 1..] {
                let pair = (one.plan.backup_plan_id.clone(), other.plan.backup_plan_id.clone());
                let region = self.region;
                let found = self.duplicates.entry(pair).or_insert_with(|| same_work(one, other, region));
                lists.push(found.clone());
            }
        }
        super::world::all(lists).map(|lists| {
            let mut found = lists.concat();
            found.sort();
            found
        })
    }
}

fn same_work(one: &Assigned, other: &Assigned, region: &Region) -> Observed<Vec<Duplicate>> {
    let rules = |plan: &BackupPlan| {
        plan::rules(plan, region)
            .and_then(|rules| super::world::all(rules.iter().map(|rule| work(rule).map(|work| (rule.rule_name.clone(), work)))))
    };
    rules(one.plan).and_then(|ones| {
        rules(other.plan).map(|others| {
            let mut found = Vec::new();
            for (rule, work) in &ones {
                let same = others.iter().filter(|(_, other)| work == other);
                found.extend(same.map(|(other_rule, _)| Duplicate {
                    plan: one.plan_name.clone(),
                    rule: rule.clone(),
                    other_plan: other.plan_name.clone(),
                    other_rule: other_rule.clone(),
                }));
            }
            found
        })
    })
}

/// When a rule runs, and where its points go.
fn work(rule: &PlanRule) -> Observed<[String; 3]> {
    let when = rule.schedule_expression.clone().absent_is("cron(0 5 ? * * *)".to_owned());
    let zone = rule.schedule_expression_timezone.clone().absent_is("Etc/UTC".to_owned());
    let vault = rule.target_backup_vault_name.clone().required("TargetBackupVaultName");
    when.and_then(|when| zone.and_then(|zone| vault.map(|vault| [when, if zone == "UTC" { "Etc/UTC".to_owned() } else { zone }, vault])))
}
