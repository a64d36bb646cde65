//! The placeholders of the rules' pages: what each means, and where its value comes from. The only table of them.

use super::case::{Case, Seen};
use super::{retentions, worked};
use crate::facts::Kind::{self, Alarm, Key, Plan, PlanRule, RecoveryPoint, Resource, Selection, Vault};

/// A placeholder of the pages.
pub struct Term {
    pub name: &'static str,
    /// As the end of a sentence that begins with its name.
    pub means: &'static str,
    pub from: From,
}

/// Where a value comes from.
pub enum From {
    /// From these facts, by the kind of subject; lists are transparent.
    Facts(&'static [(Kind, &'static str)]),
    /// The parameter of the same name in small letters.
    Parameter,
    /// It follows from several facts.
    Worked(fn(&Case) -> Seen),
    /// It is for people to choose.
    Chosen,
}

/// Whether people choose its value; `None` where the pages have no such placeholder.
pub fn is_chosen(name: &str) -> Option<bool> {
    term(name).map(|term| matches!(term.from, From::Chosen))
}

pub fn term(name: &str) -> Option<&'static Term> {
    VOCABULARY.iter().find(|term| term.name == name)
}

const fn facts(name: &'static str, means: &'static str, from: &'static [(Kind, &'static str)]) -> Term {
    Term { name, means, from: From::Facts(from) }
}

const fn parameter(name: &'static str, means: &'static str) -> Term {
    Term { name, means, from: From::Parameter }
}

const fn worked(name: &'static str, means: &'static str, from: fn(&Case) -> Seen) -> Term {
    Term { name, means, from: From::Worked(from) }
}

const fn chosen(name: &'static str, means: &'static str) -> Term {
    Term { name, means, from: From::Chosen }
}

pub static VOCABULARY: &[Term] = &[
    // Where.
    worked("AWS_REGION", "the Region", worked::region),
    worked("ACCOUNT_ID", "the account", worked::account),
    worked("AWS_PARTITION", "the partition of ARNs: aws, aws-cn, aws-us-gov", worked::partition),
    facts("REPLICA_REGION", "the Region of the replica vault", &[(Vault, "replicas.region")]),
    facts("DYNAMODB_REGION", "the Region whose plans need the features", &[(Kind::Account, "dynamodb.region")]),
    facts("UNCOVERED_REGION", "the Region that no trail covers", &[(Kind::Account, "trails.region")]),
    // Vaults and their locks.
    worked("VAULT_NAME", "the vault", worked::vault_name),
    facts("VAULT_ARN", "the vault's ARN", &[(Vault, "arn")]),
    worked("LOCK_MIN_DAYS", "the least retention that the lock is to allow", retentions::lock_minimum),
    worked("LOCK_MAX_DAYS", "the longest retention that the lock is to allow", retentions::lock_maximum),
    worked("COPY_LOCK_MIN_DAYS", "the least retention that the destination's lock is to allow", retentions::copy_lock_minimum),
    worked("COPY_LOCK_MAX_DAYS", "the longest retention that the destination's lock is to allow", retentions::copy_lock_maximum),
    parameter("LOCK_CHANGEABLE_DAYS", "the days in which the lock can still be changed"),
    worked("TOPIC_ARN", "the SNS topic that is to be told, in the same account and Region", worked::topic),
    parameter("REQUIRED_EVENTS", "the events that the topic must be told of"),
    // Plans and their rules.
    worked("PLAN_ID", "the backup plan's id", worked::plan_id),
    worked("PLAN_NAME", "the backup plan", worked::plan_name),
    facts("PLAN_ARN", "the backup plan's ARN", &[(Plan, "arn")]),
    facts("CLOSEST_PLAN_NAME", "the plan that comes closest to selecting it", &[(Resource, "coverage.closest.plan")]),
    facts("RULE_NAME", "the rule of the plan", &[(PlanRule, "name"), (Plan, "rules.name"), (RecoveryPoint, "made_by.rule")]),
    worked("DAILY_RULE_NAME", "the rule of the plan that is to run every day", worked::daily_rule),
    worked("WEEKLY_RULE_NAME", "the rule of the plan that is to run every week", worked::weekly_rule),
    parameter("RETENTION_DAYS", "for how many days daily points are kept"),
    worked("WEEKLY_RETENTION_DAYS", "for how many days weekly points are kept", retentions::weekly_retention),
    worked("REQUIRED_POINT_DAYS", "for how many days the point is to be kept", retentions::required_of_point),
    worked("TWO_WAITS_DAYS", "days: twice the longest wait between two runs", retentions::two_waits),
    worked("FITTING_RETENTION_DAYS", "a retention that the locks of all vaults it writes into allow", retentions::fitting_retention),
    parameter("COLD_STORAGE_AFTER_DAYS", "the day on which points move to cold storage"),
    facts("TRANSITION_DAYS", "the day on which points move to cold storage", &[(PlanRule, "lifecycle.move_to_cold_storage_after_days")]),
    worked("COLD_RETENTION_DAYS", "a retention that leaves points 90 days in cold storage", retentions::cold_retention),
    parameter("START_WINDOW_MINUTES", "within how many minutes a job begins"),
    parameter("COMPLETION_WINDOW_MINUTES", "within how many minutes a job is done"),
    worked("DAILY_SCHEDULE", "the daily schedule that the policy asks for", worked::daily_schedule),
    worked("DAILY_TIMEZONE", "its time zone", worked::daily_zone),
    worked("WEEKLY_SCHEDULE", "the weekly schedule that the policy asks for", worked::weekly_schedule),
    worked("WEEKLY_TIMEZONE", "its time zone", worked::weekly_zone),
    facts("SCHEDULE_NOW", "the rule's schedule", &[(PlanRule, "schedule.expression")]),
    // Copies.
    worked("DESTINATION_VAULT_ARN", "the vault that is copied to, by its ARN", worked::destination),
    worked("DESTINATION_VAULT_NAME", "the vault that is copied to", worked::destination_name),
    worked("DESTINATION_REGION", "the Region that is copied to", worked::destination_region),
    worked("DESTINATION_ACCOUNT_ID", "the account that is copied to", worked::destination_account),
    worked("REPLICA_VAULT_ARN", "a vault in another Region, by its ARN; it must exist first", worked::replica),
    worked("ISOLATED_VAULT_ARN", "a vault in another account of the organization, by its ARN", worked::isolated),
    // Selections and roles.
    worked("SELECTION_ID", "the selection's id", worked::selection_id),
    worked("SELECTION_NAME", "the selection", worked::selection_name),
    worked("NEW_SELECTION_NAME", "a name for the new selection, which no other of the plan has", worked::new_selection_name),
    facts("DANGLING_ARNS", "the ARNs that are to be taken out", &[(Selection, "reach.dangling")]),
    facts("FOREIGN_ENTRIES", "the entries that are to be taken out", &[(Selection, "reach.foreign.entry")]),
    facts("UNSUPPORTED_ENTRIES", "the entries that are to be taken out", &[(Selection, "reach.unsupported.entry")]),
    facts("ODD_WILDCARDS", "the entries that are to be taken out", &[(Selection, "reach.odd_wildcards")]),
    facts("OPTED_OUT_TYPE", "the resource type that is not opted in", &[(Selection, "reach.opted_out.type")]),
    worked("MISSING_CONDITIONS", "conditions on the tags that the selection does not ask for", worked::missing_conditions),
    worked("ROLE_ARN", "the role that AWS Backup takes on, by its ARN", worked::role_arn),
    worked("ROLE_NAME", "the role", worked::role_name),
    // Resources, their tags and their points.
    worked("RESOURCE_ARN", "the resource", worked::resource_arn),
    worked("RESOURCE_NAME", "the resource's name", worked::resource_name),
    facts("RESOURCE_TYPE", "the resource's type, as AWS Backup names it", &[(Resource, "type"), (RecoveryPoint, "resource_type")]),
    facts("UNLISTED_ARN", "the resource that only jobs name", &[(Kind::Account, "unlisted_resources.arn")]),
    worked("UNLISTED_NAME", "the name of that resource", worked::unlisted_name),
    worked("UNLISTED_REGION", "the Region of that resource", worked::unlisted_region),
    facts("TESTED_BY_PLAN", "the restore testing plan", &[(Resource, "recovery.restores.last_test.plan")]),
    facts("WANTED_TAG_KEY", "the tag's key, as the selection wants it", &[(Resource, "coverage.near_misses.wanted=key")]),
    facts("WANTED_TAG_VALUE", "the tag's value, as the selection wants it", &[(Resource, "coverage.near_misses.wanted=value")]),
    facts("MISSPELT_TAG_KEY", "the tag's key, as the resource has it", &[(Resource, "coverage.near_misses.tag=key")]),
    worked("WANTED_TAGS", "the tags that the closest selection asks for and the resource lacks", worked::wanted_tags),
    worked("MISSING_TAGS", "the tags that are missing", worked::missing_tags),
    worked("TAG_KEY", "the key of a tag that the selection asks for", worked::tag_key),
    chosen("TAG_VALUE", "the tag's value"),
    worked("RECOVERY_POINT_ARN", "the recovery point", worked::recovery_point),
    worked("SNAPSHOT_ID", "the EBS snapshot", worked::snapshot_id),
    worked("DB_SNAPSHOT_ID", "the snapshot of the database", worked::db_snapshot_id),
    parameter("PITR_DAYS", "for how many days the table can be taken back"),
    // Keys and alarms.
    facts("KEY_ARN", "the key", &[(Key, "arn"), (Vault, "key.arn")]),
    facts("ALARM_NAME", "the alarm", &[(Alarm, "name")]),
    facts("METRIC_NAME", "the metric", &[(Alarm, "metric")]),
    // What nothing that was observed can tell.
    chosen("KEEP_DAYS", "for how many days it is needed"),
    chosen("NEW_KEY_ARN", "a customer managed key, by its ARN, in the same Region"),
    chosen("NEW_VAULT_NAME", "a name for the new vault"),
    chosen("NEW_SCHEDULE", "a schedule, such as cron(0 5 ? * * *)"),
    chosen("NEW_DB_SNAPSHOT_ID", "a name for the encrypted snapshot"),
    chosen("POINT_ARN", "a recovery point, by its ARN"),
    chosen("POINT_KEY_ARN", "the key of a recovery point, as the list shows it"),
    chosen("KEY_STORE_ID", "the custom key store of the key"),
    chosen("BREAK_GLASS_ROLE_ARN", "the role that is kept for emergencies, by its ARN"),
    chosen("ORGANIZATION_ID", "the organization, o-..."),
    chosen("RESOURCE_PATTERN", "which resources, such as arn:aws:dynamodb:*:*:table/*"),
    chosen("SUBSCRIPTION_ARN", "the subscription of the topic, by its ARN"),
    chosen("REPLICA_TOPIC_ARN", "an SNS topic in the destination's Region, by its ARN"),
    chosen("EMAIL_ADDRESS", "who is to hear of it"),
    chosen("RESTORE_JOB_ID", "the restore job, as the list shows it"),
    chosen("RESTORE_TESTING_PLAN", "a name of letters, digits and _"),
    chosen("RESTORE_TESTING_SELECTION", "a name of letters, digits and _"),
    chosen("RESTORE_ROLE_ARN", "the role that restores, by its ARN"),
    chosen("TRAIL_NAME", "the trail"),
    chosen("BUCKET_NAME", "the bucket that the trail writes into"),
];
