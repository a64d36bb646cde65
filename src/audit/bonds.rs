//! What a resource's recovery hangs on: the plans that select it with their rules and roles, the selections that do, the vaults these
//! rules write into, and the keys of those vaults. Where no plan selects it, the selection that comes closest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::facts::{Facts, Kind, Subjects};

/// A subject, by its kind and its place among those of its kind.
pub type Bond = (Kind, usize);

/// An account, a Region, and a plan's name in them.
type Plan<'a> = (&'a str, &'a str, &'a str);

/// A plan, and the name of a selection of it.
type Chosen<'a> = (Plan<'a>, &'a str);

/// All subjects, by what ties them to resources.
pub struct Bonds<'a> {
    subjects: &'a Subjects<'a>,
    by_plan: BTreeMap<Plan<'a>, BTreeSet<Bond>>,
    by_id: BTreeMap<(Kind, &'a str), usize>,
    by_selection: BTreeMap<Chosen<'a>, usize>,
    /// The selections that select a resource, by its ARN.
    selecting: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Bonds<'a> {
    pub fn of(subjects: &'a Subjects<'a>) -> Self {
        let mut bonds =
            Bonds { subjects, by_plan: BTreeMap::new(), by_id: BTreeMap::new(), by_selection: BTreeMap::new(), selecting: BTreeMap::new() };
        for kind in [Kind::Account, Kind::Vault, Kind::Key] {
            for (at, subject) in subjects.of(kind).subjects.iter().enumerate() {
                bonds.by_id.insert((kind, &subject.id), at);
            }
        }
        for (kind, path) in [(Kind::Plan, "/name"), (Kind::PlanRule, "/plan/name"), (Kind::Role, "/plans")] {
            let of_kind = subjects.of(kind);
            for (at, subject) in of_kind.subjects.iter().enumerate() {
                let facts = of_kind.facts_of(subject);
                for plan in texts(facts.document.pointer(path)) {
                    bonds.by_plan.entry((&facts.account, &facts.region, plan)).or_default().insert((kind, at));
                }
            }
        }
        let selections = subjects.of(Kind::Selection);
        for (at, subject) in selections.subjects.iter().enumerate() {
            let facts = selections.facts_of(subject);
            for (plan, name) in texts(facts.document.get("plan")).zip(texts(facts.document.get("name"))) {
                bonds.by_selection.insert(((&facts.account, &facts.region, plan), name), at);
            }
            texts(facts.document.get("selected")).for_each(|arn| bonds.selecting.entry(arn).or_default().push(at));
        }
        bonds
    }

    /// The subjects that a resource's recovery hangs on, but for the resource itself. Where it is not known which plans select
    /// it, those of no plan are among them.
    pub fn of_resource(&self, facts: &'a Facts, arn: &str) -> BTreeSet<Bond> {
        let mut bound = BTreeSet::new();
        bound.extend(self.find(Kind::Account, |id| id.ends_with(&format!("::{}:root", facts.account))));
        let closest = |member: &str| facts.document.pointer("/coverage/closest")?.get(member)?.as_str();
        let closest = closest("plan").zip(closest("selection"));
        let closest = closest.and_then(|(plan, selection)| self.by_selection.get(&((&*facts.account, &*facts.region, plan), selection)));
        let selections = self.selecting.get(arn).into_iter().flatten().chain(closest);
        bound.extend(selections.map(|at| (Kind::Selection, *at)));
        for plan in texts(facts.document.get("selected_by")) {
            let Some(of_plan) = self.by_plan.get(&(&*facts.account, &*facts.region, plan)) else { continue };
            bound.extend(of_plan);
            for (kind, at) in of_plan {
                if *kind == Kind::PlanRule {
                    self.add_vaults(*at, &mut bound);
                }
            }
        }
        bound
    }

    fn add_vaults(&self, rule: usize, bound: &mut BTreeSet<Bond>) {
        let of_kind = self.subjects.of(Kind::PlanRule);
        let document = &of_kind.facts_of(&of_kind.subjects[rule]).document;
        let copies = document.get("copies").and_then(Value::as_array).into_iter().flatten();
        let destinations = copies.filter_map(|copy| copy.pointer("/destination"));
        for vault in document.get("target_vault").into_iter().chain(destinations) {
            for (kind, path) in [(Kind::Vault, "/arn"), (Kind::Key, "/key/arn")] {
                let id = vault.pointer(path).and_then(Value::as_str);
                bound.extend(id.and_then(|id| self.by_id.get(&(kind, id))).map(|at| (kind, *at)));
            }
        }
    }

    fn find(&self, kind: Kind, is_it: impl Fn(&str) -> bool) -> Option<Bond> {
        self.by_id.iter().find(|((of, id), _)| *of == kind && is_it(id)).map(|(_, at)| (kind, *at))
    }
}

/// The text, or the texts of the list, that stand there.
fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    value.and_then(Value::as_str).into_iter().chain(list.filter_map(Value::as_str))
}
