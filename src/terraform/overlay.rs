//! A plan laid over what was observed: a member takes the plan's value where the plan changes it, and keeps the observed one elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::assemble::Assembled;

/// By which member the objects of a list are told apart. Any other list is taken as a whole.
const IDENTITY: [(&str, &str); 17] = [
    ("BackupVaults", "BackupVaultName"),
    ("BackupPlans", "BackupPlanId"),
    ("Selections", "SelectionId"),
    ("Rules", "RuleName"),
    ("Keys", "Arn"),
    ("Resources", "ResourceARN"),
    ("Topics", "TopicArn"),
    ("Alarms", "AlarmName"),
    ("CompositeAlarms", "AlarmName"),
    ("EventRules", "Name"),
    ("Roles", "Arn"),
    ("Tables", "TableArn"),
    ("RestoreTestingPlans", "RestoreTestingPlanName"),
    ("RestoreTestingSelections", "RestoreTestingSelectionName"),
    ("Trails", "TrailARN"),
    ("Frameworks", "FrameworkName"),
    ("ReportPlans", "ReportPlanName"),
];

/// Members of a unit that say how it was observed, not what is there.
const OF_THE_LOOK: [&str; 9] = ["Account", "Region", "Partition", "Source", "Caller", "StartedAt", "FinishedAt", "Calls", "Complete"];

/// What a root tells of it is less than what was observed: a list of all resources of a type stays as whole as it was, and what the plan
/// makes stands in `Resources`.
const OBSERVED_BETTER: &str = "Inventory";

/// Changes the observed document into what there is after the plan. `prior` and `after` are the plan's two sides, both taken for all that
/// their root declares. Tells which accounts and Regions the plan changes that were not observed.
pub fn overlay(observed: &mut Value, prior: &Assembled, after: &Assembled) -> Vec<String> {
    let (before, then) = (units(&prior.document), units(&after.document));
    let mut unobserved = Vec::new();
    let Some(observed) = observed.get_mut("Units").and_then(Value::as_array_mut) else { return unobserved };
    let nothing = Map::new();
    for place in before.keys().chain(then.keys()).collect::<BTreeSet<_>>() {
        let (before, then) = (before.get(place).copied().unwrap_or(&nothing), then.get(place).copied().unwrap_or(&nothing));
        if content(before).eq(content(then)) {
            continue;
        }
        match observed.iter_mut().filter_map(Value::as_object_mut).find(|unit| place_of(unit).as_ref() == Some(place)) {
            Some(unit) => {
                let (before, then) = (content(before).collect(), content(then).collect());
                merge(unit, &before, &then);
            }
            None => {
                unobserved.push(format!("{}/{}", place.0, place.1));
                let mut unit = then.clone();
                // Nobody looked there: what the plan does not declare may be there.
                unit.insert("Complete".to_owned(), Value::Array(Vec::new()));
                if !then.is_empty() {
                    observed.push(Value::Object(unit));
                }
            }
        }
    }
    unobserved
}

fn units(document: &Value) -> BTreeMap<(String, String), &Map<String, Value>> {
    let units = document.get("Units").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    units.filter_map(|unit| Some((place_of(unit)?, unit))).collect()
}

fn place_of(unit: &Map<String, Value>) -> Option<(String, String)> {
    let text = |member: &str| unit.get(member).and_then(Value::as_str).map(str::to_owned);
    Some((text("Account")?, text("Region")?))
}

fn content(unit: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    unit.iter().filter(|(name, _)| !OF_THE_LOOK.contains(&name.as_str()) && *name != OBSERVED_BETTER)
}

type Members<'a> = BTreeMap<&'a String, &'a Value>;

/// Three ways: what the plan leaves as it is stays as it was observed.
fn merge(observed: &mut Map<String, Value>, before: &Members, then: &Members) {
    for name in before.keys().chain(then.keys()).copied().collect::<BTreeSet<_>>() {
        let (before, then) = (before.get(name).copied(), then.get(name).copied());
        if before == then {
            continue;
        }
        let identity = IDENTITY.iter().find(|(list, _)| list == name).map(|(_, identity)| *identity);
        match (identity, observed.get_mut(name.as_str()), then) {
            (Some(identity), Some(Value::Array(list)), _) => merge_lists(list, items(before, identity), items(then, identity), identity),
            (None, Some(Value::Object(object)), Some(Value::Object(then))) if !is_marker(object) && !is_marker(then) => {
                let nothing = Map::new();
                let before = before.and_then(Value::as_object).unwrap_or(&nothing);
                merge(object, &before.iter().collect(), &then.iter().collect());
            }
            (_, _, Some(then)) => _ = observed.insert(name.clone(), then.clone()),
            (_, _, None) => _ = observed.remove(name.as_str()),
        }
    }
}

/// `{"$unknown": ...}` and `{"$reference": ...}` stand for a value, and have no members.
fn is_marker(object: &Map<String, Value>) -> bool {
    object.keys().any(|name| name.starts_with('$'))
}

type Items<'a> = BTreeMap<&'a str, &'a Map<String, Value>>;

fn items<'a>(list: Option<&'a Value>, identity: &str) -> Items<'a> {
    let objects = list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    objects.filter_map(|object| Some((object.get(identity)?.as_str()?, object))).collect()
}

fn merge_lists(observed: &mut Vec<Value>, before: Items, then: Items, identity: &str) {
    let named = |item: &Value, name: &str| item.get(identity).and_then(Value::as_str) == Some(name);
    for name in before.keys().filter(|name| !then.contains_key(*name)) {
        observed.retain(|item| !named(item, name));
    }
    for (name, then) in then {
        let prior = before.get(name).copied();
        if prior == Some(then) {
            continue;
        }
        match observed.iter_mut().find(|item| named(item, name)).and_then(Value::as_object_mut) {
            Some(item) => {
                let nothing = Map::new();
                merge(item, &prior.unwrap_or(&nothing).iter().collect(), &then.iter().collect());
            }
            None => observed.push(Value::Object(then.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unit(vaults: Value) -> Assembled {
        let document =
            json!({"Units": [{"Account": "111122223333", "Region": "us-east-1", "Source": "terraform-plan", "BackupVaults": vaults}]});
        Assembled { document, ..Assembled::default() }
    }

    fn laid_over(observed: Value, before: Value, then: Value) -> Value {
        let mut document = unit(observed).document;
        assert_eq!(overlay(&mut document, &unit(before), &unit(then)), Vec::<String>::new());
        document["Units"][0]["BackupVaults"].take()
    }

    #[test]
    fn what_the_plan_leaves_as_it_is_stays_as_it_was_observed() {
        let observed = json!([{"BackupVaultName": "a", "Locked": true, "MaxRetentionDays": 60, "NumberOfRecoveryPoints": 7}]);
        let plan = json!([{"BackupVaultName": "a", "Locked": false}]);
        assert_eq!(laid_over(observed.clone(), plan.clone(), plan), observed);
    }

    #[test]
    fn a_member_that_the_plan_changes_takes_its_value_and_the_others_stay() {
        let observed =
            json!([{"BackupVaultName": "a", "Locked": true, "MaxRetentionDays": 60, "MinRetentionDays": 1, "NumberOfRecoveryPoints": 7}]);
        let before = json!([{"BackupVaultName": "a", "Locked": true, "MaxRetentionDays": 60, "MinRetentionDays": 1}]);
        let then = json!([{"BackupVaultName": "a", "Locked": true, "MaxRetentionDays": {"$unknown": "x"}}]);
        let expected =
            json!([{"BackupVaultName": "a", "Locked": true, "MaxRetentionDays": {"$unknown": "x"}, "NumberOfRecoveryPoints": 7}]);
        assert_eq!(laid_over(observed, before, then), expected);
    }

    #[test]
    fn objects_come_and_go_with_the_plan_and_others_are_left_alone() {
        let observed = json!([{"BackupVaultName": "a"}, {"BackupVaultName": "by hand"}]);
        let result = laid_over(observed, json!([{"BackupVaultName": "a"}]), json!([{"BackupVaultName": "b"}]));
        assert_eq!(result, json!([{"BackupVaultName": "by hand"}, {"BackupVaultName": "b"}]));
    }

    #[test]
    fn a_rule_keeps_what_only_aws_knows_of_it() {
        let plan = |days: i64, id: Value| json!([{"BackupPlanId": "p", "BackupPlan": {"Rules": [{"RuleName": "daily", "Days": days, "RuleId": id}]}}]);
        let side = |days| Assembled {
            document: json!({"Units": [{"Account": "1", "Region": "r", "BackupPlans": [{"BackupPlanId": "p", "BackupPlan": {"Rules": [{"RuleName": "daily", "Days": days}]}}]}]}),
            ..Assembled::default()
        };
        let mut document = json!({"Units": [{"Account": "1", "Region": "r", "BackupPlans": plan(35, json!("id"))}]});
        overlay(&mut document, &side(35), &side(7));
        assert_eq!(document["Units"][0]["BackupPlans"], plan(7, json!("id")));
    }

    #[test]
    fn a_list_of_all_resources_of_a_type_stays_as_it_was_observed() {
        let list = |arns: Value| json!([{"ResourceType": "RDS", "Complete": true, "Resources": arns}]);
        let side = |arns: Value| Assembled {
            document: json!({"Units": [{"Account": "1", "Region": "r", "Inventory": list(arns), "Topics": []}]}),
            ..Assembled::default()
        };
        let mut document = side(json!([{"ResourceArn": "by hand"}])).document;
        overlay(&mut document, &side(json!([])), &side(json!([{"ResourceArn": "planned"}])));
        assert_eq!(document["Units"][0]["Inventory"], list(json!([{"ResourceArn": "by hand"}])));
    }

    #[test]
    fn a_place_that_was_not_observed_is_named_and_nothing_in_it_is_complete() {
        let mut document = json!({"Units": []});
        let then = unit(json!([{"BackupVaultName": "a"}]));
        let unobserved = overlay(&mut document, &Assembled::default(), &then);
        assert_eq!(unobserved, ["111122223333/us-east-1"]);
        assert_eq!(document["Units"][0]["Complete"], json!([]));
    }
}
