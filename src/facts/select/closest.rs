//! Of the selections that name a resource and do not select it, the one that it came farthest in. What wants a tag that the resource
//! does not have drops it at its conditions or before: of those, the first by name that comes as far as that is as good as all.

use std::cmp::Reverse;

use super::assignments::{Assigned, Assignments};
use super::criteria::Criteria;
use super::index::Index;
use super::inventory::Seen;
use super::resolve::{Outcome, Step};
use crate::snapshot::Reason;

/// The colons of an ARN whose resource has none. A wildcard that stands for one part of an ARN cannot take in two of them then.
const COLONS: usize = 5;

/// Selections in the order of their names.
#[derive(Debug)]
pub struct Closest {
    by_name: Vec<usize>,
    /// Those that are sure to drop a resource without their tags, by their place in that order.
    sure: Index,
    /// The numbers of the others.
    unsure: Index,
}

/// A selection, the step that dropped the resource, and how far that is.
struct Drop<'w, 'a, 's> {
    rank: usize,
    at: usize,
    selection: &'w Assigned<'a>,
    step: Step<'s>,
}

impl Closest {
    pub fn of(selections: &[Assigned]) -> Self {
        let mut by_name: Vec<usize> = (0..selections.len()).collect();
        by_name.sort_by_key(|at| name(&selections[*at]));
        let is_sure = |selection: &Assigned| selection.criteria.known().is_some_and(is_sure);
        let sure = by_name.iter().map(|at| &selections[*at]).enumerate().filter(|(_, selection)| is_sure(selection));
        let unsure = selections.iter().enumerate().filter(|(_, selection)| !is_sure(selection));
        Closest { sure: Index::by_entry(sure), unsure: Index::by_entry(unsure), by_name }
    }

    /// The farthest, then the first by name. None: no selection names the resource. Else why it is not known how far it came.
    pub fn find<'w, 'a>(
        &'w self,
        resource: &Seen,
        all: &'w Assignments<'a>,
        by_entry: &Index,
        cheapest: &Index,
    ) -> Result<Option<(&'w Assigned<'a>, Step<'w>)>, Vec<Reason>> {
        let count = all.selections.len();
        let (Some(named), true) = (by_entry.lists(resource), resource.arn.matches(':').count() == COLONS) else {
            return farthest(by_entry.meeting(resource, count), resource, all).map(told);
        };
        // These may select it, but for what has nothing to do with tags; or they may leave something open.
        let mut asked = cheapest.meeting(resource, count);
        asked.retain(|at| named.iter().any(|list| list.binary_search(at).is_ok()));
        let eligible = asked.clone();
        asked.extend(self.unsure.meeting(resource, count));
        asked.sort_unstable();
        asked.dedup();
        let best = farthest(asked, resource, all)?;
        if best.as_ref().is_some_and(|best| best.rank > CONDITIONS) {
            return Ok(told(best));
        }
        let lists = self.sure.lists(resource).unwrap_or_default();
        let others = lists.into_iter().filter_map(|list| {
            let untagged = list.iter().map(|place| self.by_name[*place]).filter(|at| eligible.binary_search(at).is_err());
            let mut best: Option<Drop> = None;
            for at in untagged {
                best = better(best, drop_in(at, resource, all));
                if best.as_ref().is_some_and(|best| best.rank == CONDITIONS) {
                    break;
                }
            }
            best
        });
        Ok(told(others.fold(best, |best, other| better(best, Some(other)))))
    }
}

/// Whether nothing about it can be open where the resource's tags are known: every entry matches or does not, and every condition
/// holds or does not.
fn is_sure(criteria: &Criteria) -> bool {
    let entries = [&criteria.resources, &criteria.not_resources];
    let conditions = criteria.conditions.known();
    entries.iter().all(|list| list.known().is_some_and(|list| !list.iter().any(|entry| entry.has_odd_wildcard())))
        && criteria.tags.is_known()
        && conditions.is_some_and(|list| list.iter().all(|one| one.key.is_known() && one.value.is_known() && !one.operator.is_negated()))
}

fn farthest<'w, 'a>(asked: Vec<usize>, resource: &Seen, all: &'w Assignments<'a>) -> Result<Option<Drop<'w, 'a, 'w>>, Vec<Reason>> {
    let mut best = None;
    let mut open = Vec::new();
    for at in asked {
        let selection = &all.selections[at];
        match all.resolve(selection, resource) {
            Ok(Outcome::Dropped(step)) => best = better(best, dropped(at, selection, step)),
            Ok(Outcome::DroppedSomewhere(reasons) | Outcome::Unknown(reasons)) | Err(reasons) => open.extend(reasons),
            Ok(Outcome::Selected(_)) => {}
        }
    }
    if open.is_empty() {
        return Ok(best);
    }
    open.sort();
    open.dedup();
    Err(open)
}

fn drop_in<'w, 'a>(at: usize, resource: &Seen, all: &'w Assignments<'a>) -> Option<Drop<'w, 'a, 'w>> {
    let selection = &all.selections[at];
    match all.resolve(selection, resource) {
        Ok(Outcome::Dropped(step)) => dropped(at, selection, step),
        _ => None,
    }
}

/// None where it does not name the resource after all.
fn dropped<'w, 'a, 's>(at: usize, selection: &'w Assigned<'a>, step: Step<'s>) -> Option<Drop<'w, 'a, 's>> {
    (step != Step::NoEntry).then(|| Drop { rank: rank(&step), at, selection, step })
}

fn better<'w, 'a, 's>(one: Option<Drop<'w, 'a, 's>>, other: Option<Drop<'w, 'a, 's>>) -> Option<Drop<'w, 'a, 's>> {
    let order = |drop: &Drop<'w, 'a, 's>| (drop.rank, Reverse((name(drop.selection), drop.at)));
    match (one, other) {
        (Some(one), Some(other)) => Some(if order(&other) > order(&one) { other } else { one }),
        (one, other) => one.or(other),
    }
}

fn told<'w, 'a, 's>(drop: Option<Drop<'w, 'a, 's>>) -> Option<(&'w Assigned<'a>, Step<'s>)> {
    drop.map(|drop| (drop.selection, drop.step))
}

fn name<'s>(selection: &'s Assigned) -> (&'s str, &'s str) {
    (&selection.plan_name, &selection.name)
}

/// How far along AWS's steps it came.
fn rank(step: &Step) -> usize {
    match step {
        Step::NoEntry => 0,
        Step::Refused => 1,
        Step::Excluded(_) => 2,
        Step::Condition(_) => CONDITIONS,
        Step::Account => 4,
        Step::Region => 5,
        Step::Unsupported => 6,
        Step::NotOptedIn => 7,
        Step::RestoreTest => 8,
    }
}

/// The rank of conditions.
const CONDITIONS: usize = 3;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::*;
    use crate::facts::world::Region;
    use crate::snapshot::from_slice;

    const ENTRIES: [&str; 8] = [
        "*",
        "arn:aws:dynamodb:*:*:table/*",
        "arn:aws:dynamodb:us-east-1:111122223333:table/t-1*",
        "arn:aws:dynamodb:us-east-1:111122223333:table/t-3",
        "arn:aws:ec2:*:*:volume/*",
        "arn:aws:ec2:*:*:volume/*1",
        "arn:aws:rds:*:*:db:*",
        "arn:aws:rds:*:*:d*",
    ];
    const TAGS: [(&str, &str); 4] = [("env", "prod"), ("env", "dev"), ("team", "a"), ("team", "b")];

    /// Numbers below a bound, by Marsaglia's shifts.
    struct Draw(u64);

    impl Draw {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 8) as usize % bound
        }

        fn body(&mut self) -> Value {
            let mut body = json!({ "Resources": [ENTRIES[self.below(8)], ENTRIES[self.below(8)]] });
            if self.below(5) == 0 {
                body["NotResources"] = json!([ENTRIES[self.below(8)]]);
            }
            if self.below(5) == 0 {
                let (key, value) = TAGS[self.below(4)];
                body["ListOfTags"] = json!([{ "ConditionKey": key, "ConditionValue": value }]);
                body["Resources"] = json!([]);
            }
            let operator = ["StringEquals", "StringEquals", "StringLike", "StringNotEquals"][self.below(4)];
            let (key, value) = TAGS[self.below(4)];
            let wanted = json!([{ "ConditionKey": format!("aws:ResourceTag/{key}"), "ConditionValue": value }]);
            match self.below(12) {
                0 => body["Conditions"] = json!({ "$unknown": "x" }),
                1 => {}
                _ => body["Conditions"] = json!({ operator: wanted }),
            }
            body
        }

        fn unit(&mut self) -> Value {
            let plan = |draw: &mut Draw| {
                let id = draw.below(1000).to_string();
                let body = |at: usize, draw: &mut Draw| json!({ "SelectionId": format!("s-{at}"), "BackupSelection": draw.body() });
                let selections: Vec<Value> = (0..4).map(|at| body(at, draw)).collect();
                json!({ "BackupPlanId": id, "BackupPlanName": id, "Selections": selections })
            };
            let plans: Vec<Value> = (0..3).map(|_| plan(self)).collect();
            let resource = |at: usize, draw: &mut Draw| {
                let kind =
                    ["dynamodb:us-east-1:111122223333:table/t", "ec2:us-east-1:111122223333:volume/v", "rds:us-east-1:111122223333:db:d"];
                let tags: serde_json::Map<String, Value> =
                    (0..draw.below(3)).map(|_| TAGS[draw.below(4)]).map(|(key, value)| (key.to_owned(), json!(value))).collect();
                let tags = if draw.below(12) == 0 { json!({ "$unknown": "x" }) } else { json!(tags) };
                json!({ "ResourceARN": format!("arn:aws:{}-{at}", kind[at % 3]), "Tags": tags })
            };
            let resources: Vec<Value> = (0..12).map(|at| resource(at, self)).collect();
            let on = json!({ "DynamoDB": self.below(2) == 0, "EBS": true, "RDS": true });
            json!({
                "Account": "111122223333", "Region": "us-east-1", "Source": "aws", "Complete": ["BackupPlans", "Resources"],
                "SupportedResourceTypes": { "ResourceTypes": ["DynamoDB", "EBS"] },
                "RegionSettings": { "ResourceTypeOptInPreference": on }, "BackupPlans": plans, "Resources": resources,
            })
        }
    }

    #[test]
    fn the_closest_selection_is_that_which_asking_all_of_them_finds() {
        let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
        let (mut found, mut open) = (0, 0);
        for _ in 0..300 {
            let document = json!({ "Schema": "backstop/snapshot/1", "Units": [draw.unit()] });
            let snapshot = from_slice(document.to_string().as_bytes(), Path::new("world.json")).unwrap();
            let region = Region::of(&snapshot.units[0]);
            let all = &region.assignments;
            let by_entry = Index::by_entry(all.selections.iter().enumerate());
            for resource in &all.inventory.seen {
                let asked = by_entry.meeting(resource, all.selections.len());
                let expected = farthest(asked, resource, all).map(told);
                let plain = |found: Result<Option<(&Assigned, Step)>, Vec<Reason>>| {
                    found.map(|found| found.map(|(selection, step)| format!("{:?} {step:?}", name(selection))))
                };
                match &expected {
                    Ok(Some(_)) => found += 1,
                    Ok(None) => {}
                    Err(_) => open += 1,
                }
                assert_eq!(plain(all.closest(resource)), plain(expected), "of '{}' in {document}", resource.arn);
            }
        }
        assert!(found > 500 && open > 100, "{found} were found, {open} were left open");
    }
}
