//! What AWS's documents say of selections, as cases (B1 and B2 of them), and the worlds in which a type's own list matters.

use std::path::Path;

use serde_json::{Value, json};

use super::super::{Kind, derive};
use super::super::{SelectionVerdict, story};
use super::explain::step_name;
use super::{Candidate, Criteria, Outcome, Setting, resolve};
use crate::snapshot::{Observed, SelectionBody, Snapshot, Tags, Timestamp, from_slice};

const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const VOLUME: &str = "arn:aws:ec2:us-east-1:111122223333:volume/vol-1";
const DATABASE: &str = "arn:aws:rds:us-east-1:111122223333:db:orders";
const CLUSTER: &str = "arn:aws:rds:us-east-1:111122223333:cluster:orders";
const BUCKET: &str = "arn:aws:s3:::orders-logs";
const FILES: &str = "arn:aws:fsx:us-east-1:111122223333:file-system/fs-1";
const ECS: &str = "arn:aws:ecs:us-east-1:111122223333:cluster/orders";

fn type_of(arn: &str) -> &'static [&'static str] {
    match arn {
        TABLE => &["DynamoDB"],
        VOLUME => &["EBS"],
        DATABASE => &["RDS"],
        CLUSTER => &["Aurora"],
        BUCKET => &["S3"],
        FILES => &["FSx"],
        _ => &[],
    }
}

/// What a selection makes of a resource with these tags where only these types are opted in.
fn said_where(opted_in: &[&str], body: Value, arn: &str, tags: Value) -> String {
    let all = ["Aurora", "DynamoDB", "EBS", "FSx", "RDS", "S3"];
    let setting = Setting {
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        supported: Observed::Known(all.map(str::to_owned).to_vec()),
        opt_in: Observed::Known(all.iter().map(|name| ((*name).to_owned(), opted_in.contains(name))).collect()),
    };
    let tags: Observed<Tags> = serde_json::from_value(tags).unwrap();
    let needs_opt_in = [CLUSTER, FILES].contains(&arn);
    let candidate = Candidate { arn, tags: &tags, types: type_of(arn), doubt: &[], needs_opt_in };
    let criteria = Criteria::of(&serde_json::from_value::<SelectionBody>(body).unwrap());
    match resolve(&criteria, &candidate, &setting) {
        Outcome::Selected(_) => "selected".to_owned(),
        Outcome::Dropped(step) => step_name(&step).to_owned(),
        Outcome::DroppedSomewhere(_) => "dropped".to_owned(),
        Outcome::Unknown(reasons) => format!("unknown: {}", reasons[0].detail),
    }
}

fn said(body: Value, arn: &str, tags: Value) -> String {
    said_where(&["Aurora", "DynamoDB", "EBS", "FSx", "RDS", "S3"], body, arn, tags)
}

fn of(entries: &[&str]) -> Value {
    json!({ "Resources": entries })
}

fn tag(key: &str, value: &str) -> Value {
    json!({ "ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value })
}

fn filtered(operator: &str, parameters: &[(&str, &str)]) -> Value {
    let parameters: Vec<Value> = parameters.iter().map(|(key, value)| json!({ "ConditionKey": key, "ConditionValue": value })).collect();
    json!({ "Resources": ["*"], "Conditions": { operator: parameters } })
}

#[test]
fn one_of_several_resources_is_enough_and_one_of_several_exclusions_too() {
    assert_eq!(said(of(&[VOLUME, TABLE]), TABLE, json!({})), "selected");
    assert_eq!(said(of(&[VOLUME, BUCKET]), TABLE, json!({})), "no_entry");
    let excluding = json!({ "Resources": ["*"], "NotResources": [VOLUME, "arn:aws:dynamodb:*:*:table/*"] });
    assert_eq!(said(excluding, TABLE, json!({})), "not_resources");
}

#[test]
fn one_of_several_listed_tags_is_enough() {
    let body = json!({ "ListOfTags": [tag("Environment", "prod"), tag("Project", "orders")] });
    assert_eq!(said(body, TABLE, json!({ "Project": "orders" })), "selected");
}

#[test]
fn a_listed_tag_with_the_prefix_of_conditions_matches_nothing() {
    let body = json!({ "ListOfTags": [tag("aws:ResourceTag/Environment", "prod")] });
    assert_eq!(said(body, TABLE, json!({ "Environment": "prod" })), "no_entry");
}

#[test]
fn resources_and_listed_tags_are_a_union() {
    let body = json!({ "Resources": ["arn:aws:rds:*:*:db:*"], "ListOfTags": [tag("Backup", "true")] });
    assert_eq!(said(body.clone(), DATABASE, json!({})), "selected");
    assert_eq!(said(body, TABLE, json!({ "Backup": "true" })), "selected");
}

#[test]
fn all_conditions_must_hold_and_their_keys_need_the_prefix() {
    let prod = ("aws:ResourceTag/Environment", "prod");
    let both = filtered("StringEquals", &[prod, ("aws:ResourceTag/Project", "orders")]);
    assert_eq!(said(both.clone(), TABLE, json!({ "Environment": "prod", "Project": "orders" })), "selected");
    assert_eq!(said(both, TABLE, json!({ "Environment": "prod" })), "condition");
    assert_eq!(said(filtered("StringEquals", &[("Environment", "prod")]), TABLE, json!({ "Environment": "prod" })), "condition");
    let contradicting = filtered("StringEquals", &[prod, ("aws:ResourceTag/Environment", "dev")]);
    assert_eq!(said(contradicting, TABLE, json!({ "Environment": "prod" })), "condition");
}

#[test]
fn what_a_negated_condition_makes_of_a_tag_that_is_not_there_nobody_knows() {
    for operator in ["StringNotEquals", "StringNotLike"] {
        let body = filtered(operator, &[("aws:ResourceTag/Environment", "dev")]);
        assert!(said(body.clone(), TABLE, json!({})).starts_with("unknown: AWS does not say"));
        assert_eq!(said(body.clone(), TABLE, json!({ "Environment": "prod" })), "selected");
        assert_eq!(said(body, TABLE, json!({ "Environment": "dev" })), "condition");
    }
}

#[test]
fn keys_and_values_are_compared_with_their_case() {
    let body = json!({ "ListOfTags": [tag("environment", "prod")] });
    assert_eq!(said(body.clone(), TABLE, json!({ "Environment": "prod" })), "no_entry");
    assert_eq!(said(body, TABLE, json!({ "environment": "Prod" })), "no_entry");
}

#[test]
fn prod_star_and_star_rod_star_match_production() {
    for pattern in ["prod*", "*rod*"] {
        let body = filtered("StringLike", &[("aws:ResourceTag/Environment", pattern)]);
        assert_eq!(said(body.clone(), TABLE, json!({ "Environment": "production" })), "selected");
        assert_eq!(said(body, TABLE, json!({ "Environment": "staging" })), "condition");
    }
}

#[test]
fn a_star_does_not_match_a_blank_and_a_question_mark_only_itself() {
    let body = filtered("StringLike", &[("aws:ResourceTag/Environment", "prod*")]);
    assert_eq!(said(body, TABLE, json!({ "Environment": "prod server" })), "condition");
    assert_eq!(said(of(&["arn:aws:dynamodb:us-east-1:111122223333:table/order?"]), TABLE, json!({})), "no_entry");
}

#[test]
fn wildcards_at_the_end_and_for_region_and_account_are_documented() {
    assert_eq!(said(of(&["arn:aws:ec2:*:*:volume/*"]), VOLUME, json!({})), "selected");
    assert_eq!(said(of(&["arn:aws:rds:*:*:db:*"]), DATABASE, json!({})), "selected");
    assert_eq!(said(of(&["arn:aws:dynamodb:us-east-1:111122223333:table/ord*"]), TABLE, json!({})), "selected");
}

#[test]
fn whether_a_wildcard_in_the_resource_id_matches_nobody_knows() {
    let unsettled = "unknown: AWS's documents contradict each other";
    assert!(said(of(&["arn:aws:s3:::*-logs"]), BUCKET, json!({})).starts_with(unsettled));
    assert!(said(of(&["arn:aws:dynamodb:*:*:table/*ers"]), TABLE, json!({})).starts_with(unsettled));
    assert_eq!(said(of(&["arn:aws:s3:::*-data"]), BUCKET, json!({})), "no_entry");
    assert_eq!(said(of(&["arn:aws:s3:::*-logs", "arn:aws:s3:::orders*"]), BUCKET, json!({})), "selected");
}

#[test]
fn conditions_that_stand_alone_are_refused_and_never_everything() {
    let body = json!({ "Conditions": { "StringEquals": [{ "ConditionKey": "aws:ResourceTag/a", "ConditionValue": "b" }] } });
    assert_eq!(said(body, TABLE, json!({ "a": "b" })), "refused");
}

#[test]
fn a_selection_that_names_nothing_takes_all_that_is_opted_in() {
    assert_eq!(said(json!({}), TABLE, json!({})), "selected");
    assert_eq!(said_where(&["EBS"], json!({}), TABLE, json!({})), "not_opted_in");
}

#[test]
fn a_plan_stays_in_its_account_and_region_whatever_its_wildcards_say() {
    let all = of(&["arn:aws:dynamodb:*:*:table/*"]);
    assert_eq!(said(all.clone(), "arn:aws:dynamodb:us-east-1:999999999999:table/orders", json!({})), "account");
    assert_eq!(said(all, "arn:aws:dynamodb:eu-west-1:111122223333:table/orders", json!({})), "region");
}

#[test]
fn what_is_named_by_arn_or_by_type_does_not_need_the_opt_in() {
    assert_eq!(said_where(&[], of(&[TABLE]), TABLE, json!({})), "selected");
    assert_eq!(said_where(&[], of(&["arn:aws:dynamodb:*:*:table/*"]), TABLE, json!({})), "selected");
}

#[test]
fn what_is_reached_by_tag_star_or_service_needs_the_opt_in() {
    let by_tag = json!({ "ListOfTags": [tag("a", "b")] });
    assert_eq!(said_where(&[], by_tag, VOLUME, json!({ "a": "b" })), "not_opted_in");
    for entry in ["*", "arn:aws:ec2:*", "arn:aws:ec2:*:*:*"] {
        assert_eq!(said_where(&[], of(&[entry]), VOLUME, json!({})), "not_opted_in", "{entry}");
        assert_eq!(said_where(&["EBS"], of(&[entry]), VOLUME, json!({})), "selected", "{entry}");
    }
}

#[test]
fn where_a_type_and_a_tag_reach_it_the_type_wins() {
    let body = json!({ "Resources": ["arn:aws:ec2:*:*:volume/*"], "ListOfTags": [tag("a", "b")] });
    assert_eq!(said_where(&[], body, VOLUME, json!({ "a": "b" })), "selected");
}

#[test]
fn types_that_share_the_shape_of_their_arns_need_the_opt_in_even_so() {
    assert_eq!(said_where(&["RDS"], of(&["arn:aws:rds:*:*:cluster:*"]), CLUSTER, json!({})), "not_opted_in");
    assert_eq!(said_where(&[], of(&["arn:aws:fsx:*:*:file-system/*"]), FILES, json!({})), "not_opted_in");
    assert!(said_where(&[], of(&[CLUSTER]), CLUSTER, json!({})).starts_with("unknown: AWS does not say"), "its own ARN is named");
}

#[test]
fn db_means_instances_and_cluster_means_clusters_of_all_engines() {
    assert_eq!(said(of(&["arn:aws:rds:*:*:db:*"]), CLUSTER, json!({})), "no_entry");
    assert_eq!(said(of(&["arn:aws:rds:*:*:cluster:*"]), DATABASE, json!({})), "no_entry");
    assert_eq!(said(of(&["arn:aws:rds:*:*:cluster:*"]), CLUSTER, json!({})), "selected");
}

#[test]
fn what_a_restore_test_made_is_ignored() {
    assert_eq!(said(of(&["*"]), TABLE, json!({ "awsbackup-restore-test": "x" })), "restore_test");
}

#[test]
fn an_ecs_cluster_is_not_supported() {
    assert_eq!(said(of(&["arn:aws:ecs:*:*:cluster/*"]), ECS, json!({})), "unsupported_type");
}

fn world(changes: &[(&str, Value)]) -> Snapshot {
    let mut unit = json!({
        "Account": "111122223333", "Region": "us-east-1", "Source": "aws",
        "Complete": ["BackupPlans", "Resources", "ProtectedResources", "Tables"],
        "SupportedResourceTypes": { "ResourceTypes": ["Aurora", "DynamoDB", "EBS"] },
        "RegionSettings": { "ResourceTypeOptInPreference": { "Aurora": true, "DynamoDB": false, "EBS": true } },
        "BackupPlans": [{
            "BackupPlanId": "p", "BackupPlanName": "nightly",
            "Selections": [{ "SelectionId": "s", "BackupSelection": { "SelectionName": "all", "Resources": ["*"] } }],
        }],
        "Tables": [{ "TableArn": TABLE }],
    });
    for (member, value) in changes {
        unit[*member] = value.clone();
    }
    let document = json!({ "Schema": "backstop/snapshot/1", "Units": [unit] });
    from_slice(document.to_string().as_bytes(), Path::new("world.json")).unwrap()
}

fn as_of() -> Timestamp {
    "2026-11-22T06:00:00Z".parse().unwrap()
}

#[test]
fn a_resource_that_never_had_a_tag_is_a_subject_without_tags() {
    let snapshot = world(&[]);
    let subjects = derive(&snapshot, as_of());
    let of_kind = subjects.of(Kind::Resource);
    let table = of_kind.subjects.iter().find(|subject| subject.id == TABLE).unwrap();
    assert_eq!(of_kind.facts_of(table).document["tags"], json!({}));
    assert_eq!(of_kind.facts_of(table).document["coverage"]["closest"]["step"], "not_opted_in");
}

#[test]
fn a_subject_stands_for_each_type_whose_list_is_not_whole_and_knows_its_type() {
    let whole = json!([{ "ResourceType": "EBS", "Complete": true, "Resources": [] }]);
    let snapshot = world(&[("Inventory", whole)]);
    let subjects = derive(&snapshot, as_of());
    let gaps: Vec<&Value> =
        subjects.of(Kind::Resource).facts.iter().filter(|facts| facts.is_gap).map(|facts| &facts.document["type"]).collect();
    assert_eq!(gaps, ["Aurora"]);
}

#[test]
fn what_only_aws_backup_still_lists_is_gone_once_its_own_list_is_whole() {
    let gone = json!([{ "ResourceArn": VOLUME, "ResourceType": "EBS" }]);
    let there = |snapshot: &Snapshot| derive(snapshot, as_of()).of(Kind::Resource).subjects.iter().any(|subject| subject.id == VOLUME);
    assert!(there(&world(&[("ProtectedResources", gone.clone())])));
    let whole = json!([{ "ResourceType": "EBS", "Complete": true, "Resources": [] }]);
    assert!(!there(&world(&[("ProtectedResources", gone), ("Inventory", whole)])));
}

#[test]
fn the_opt_in_of_the_management_account_decides_for_plans_that_the_organization_made() {
    let plan =
        |id: &str| json!([{ "BackupPlanId": id, "Selections": [{ "SelectionId": "s", "BackupSelection": { "Resources": ["*"] } }] }]);
    let verdict = |id| story(&world(&[("BackupPlans", plan(id))]), as_of(), TABLE).selections[0].verdict;
    assert_eq!(verdict("own"), SelectionVerdict::Dropped);
    assert_eq!(verdict("orgs/4232272a-ed54-3a88-b1d0-ace894b6c24c"), SelectionVerdict::Unknown);
}

#[test]
fn a_resource_is_told_what_each_selection_makes_of_it() {
    let stories = story(&world(&[]), as_of(), TABLE).selections;
    let told: Vec<&str> = stories.iter().map(|story| story.sentence.as_str()).collect();
    assert_eq!(told, ["'DynamoDB' is not opted in in 'us-east-1', and the selection does not name the type or the resource."]);
    assert_eq!((stories[0].plan.as_str(), stories[0].selection.as_str()), ("nightly", "all"));
}

#[test]
fn a_resource_of_another_region_whose_copies_lie_here_is_none_of_this_region() {
    let elsewhere = VOLUME.replace("us-east-1", "us-west-2");
    let snapshot = world(&[("ProtectedResources", json!([{ "ResourceArn": elsewhere, "ResourceType": "EBS" }]))]);
    assert!(!derive(&snapshot, as_of()).of(Kind::Resource).subjects.iter().any(|subject| subject.id == elsewhere));
}

#[test]
fn types_that_no_selection_takes_without_a_tag_are_in_no_doubt_though_nobody_listed_them() {
    let doubtful = |plans: Value| {
        let whole = [("BackupPlans", plans), ("ProtectedResources", json!([]))];
        let snapshot = world(&whole);
        let subjects = derive(&snapshot, as_of());
        let resources = subjects.of(Kind::Resource);
        let volumes = resources.subjects.iter().find(|subject| subject.name().starts_with("EBS resources")).expect("a gap");
        resources.facts_of(volumes).document["selected_by"].get("$unknown").is_some()
    };
    let plan = |body: Value| json!([{ "BackupPlanId": "p", "Selections": [{ "SelectionId": "s", "BackupSelection": body }] }]);
    let by_tag = json!([{ "ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes" }]);
    assert!(!doubtful(plan(json!({ "Resources": ["arn:aws:dynamodb:*:*:table/*"] }))));
    assert!(!doubtful(plan(json!({ "ListOfTags": by_tag }))));
    assert!(doubtful(plan(json!({ "Resources": ["arn:aws:ec2:*:*:volume/*"] }))));
    assert!(doubtful(plan(json!({ "Resources": [VOLUME] }))));
}
