//! Accounts, Regions, partitions.

use serde_json::json;

use super::*;
use crate::terraform::error::TerraformError;

fn vault(account: Observed<String>, region: Observed<String>) -> Declared {
    Declared { place: Place { account, region }, ..declared("aws_backup_vault.v", json!({"name": "v"})) }
}

fn known(text: &str) -> Observed<String> {
    Observed::Known(text.to_owned())
}

fn later() -> Observed<String> {
    Observed::unknown(Reason::new(Cause::NotEvaluated, "var.account"))
}

fn usage(vault: Declared) -> (String, String) {
    match assemble(&root(vec![vault]), &Options::default()) {
        Err(error @ TerraformError::Usage { .. }) => (error.to_string(), error.help()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_account_that_nobody_tells_is_a_placeholder_and_one_that_is_unknown_an_error() {
    let assembled = assemble(&root(vec![vault(Observed::Absent, known(REGION))]), &Options::default()).unwrap();
    assert_eq!(assembled.document["Units"][0]["Account"], "000000000000");
    assert!(assembled.notices[0].contains("--default-account ID"));
    let (message, help) = usage(vault(later(), known(REGION)));
    assert!(message.contains("'aws_backup_vault.v'") && help.contains("--default-account"), "{message}");
    let options = Options { account: Some(ACCOUNT.to_owned()), ..Options::default() };
    let assembled = assemble(&root(vec![vault(later(), known(REGION))]), &options).unwrap();
    assert_eq!((assembled.document["Units"][0]["Account"].as_str(), assembled.notices.len()), (Some(ACCOUNT), 0));
}

#[test]
fn a_region_that_nobody_tells_is_asked_for() {
    for region in [Observed::Absent, later()] {
        let (message, help) = usage(vault(known(ACCOUNT), region.clone()));
        assert!(message.contains("Region") && help.contains("--default-region"), "{message}");
        let options = Options { region: Some("eu-west-1".to_owned()), ..Options::default() };
        let assembled = assemble(&root(vec![vault(known(ACCOUNT), region)]), &options).unwrap();
        assert_eq!(assembled.document["Units"][0]["Region"], "eu-west-1");
    }
}

#[test]
fn an_arn_tells_better_than_the_provider() {
    let mut vault = vault(known(ACCOUNT), later());
    vault.attributes.insert("arn".to_owned(), Value::String("arn:aws:backup:eu-west-1:444455556666:backup-vault:v".to_owned()));
    let assembled = assemble(&root(vec![vault]), &Options::default()).unwrap();
    assert_eq!(read(&assembled).units[0].label(), "444455556666/eu-west-1");
}

#[test]
fn what_belongs_to_the_account_needs_no_region_and_makes_no_unit() {
    let mut role = declared("aws_iam_role.r", json!({"name": "r"}));
    role.place.region = Observed::Absent;
    let assembled = assemble(&root(vec![role]), &Options::default()).unwrap();
    assert_eq!(read(&assembled).units.len(), 0);
    assert_eq!(assembled.origins[0].arn, "arn:aws:iam::111122223333:role/r");
}

#[test]
fn arns_are_of_the_regions_partition() {
    let mut role = declared("aws_iam_role.r", json!({"name": "r"}));
    role.place.region = Observed::Absent;
    for (region, partition) in [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-west-2", "aws")] {
        let assembled = assemble(&root(vec![vault(known(ACCOUNT), known(region)), role.clone()]), &Options::default()).unwrap();
        let unit = &read(&assembled).units[0];
        assert_eq!(unit.partition, partition);
        assert_eq!(unit.backup_vaults[0].backup_vault_arn, known(&format!("arn:{partition}:backup:{region}:{ACCOUNT}:backup-vault:v")));
        assert_eq!(assembled.origins[1].arn, format!("arn:{partition}:iam::{ACCOUNT}:role/r"));
    }
}

#[test]
fn topics_and_trails_stand_also_where_another_region_needs_them() {
    let in_west = |mut declared: Declared| {
        declared.place.region = known("us-west-2");
        declared
    };
    let topic = in_west(declared("aws_sns_topic.t", json!({"name": "t"})));
    let unused = in_west(declared("aws_sns_topic.u", json!({"name": "u"})));
    let trail = in_west(declared("aws_cloudtrail.t", json!({"name": "t", "is_multi_region_trail": true})));
    let local = in_west(declared("aws_cloudtrail.l", json!({"name": "l"})));
    let alarm = declared("aws_cloudwatch_metric_alarm.a", json!({"alarm_name": "a", "alarm_actions": [{"$": "aws_sns_topic.t#arn"}]}));
    let units = read(&assemble(&root(vec![topic, unused, trail, local, alarm]), &Options::default()).unwrap()).units;
    let topics = |at: usize| units[at].topics.iter().map(|topic| topic.topic_arn.rsplit(':').next().unwrap()).collect::<Vec<_>>();
    let trails = |at: usize| units[at].trails.iter().filter_map(|trail| trail.name.known().map(String::as_str)).collect::<Vec<_>>();
    assert_eq!((topics(0), topics(1)), (vec!["t"], vec!["t", "u"]));
    assert_eq!((trails(0), trails(1)), (vec!["t"], vec!["l", "t"]));
    assert_eq!(units[0].trails[0].home_region, known("us-west-2"));
}

#[test]
fn roles_stand_where_plans_name_them() {
    let (_, unit) = unit(everything());
    assert_eq!(unit.roles.len(), 1);
    let unnamed = declared("aws_iam_role.other", json!({"name": "other"}));
    let (_, unit) = super::unit(everything().into_iter().chain([unnamed]).collect());
    assert_eq!(unit.roles.len(), 1);
}
