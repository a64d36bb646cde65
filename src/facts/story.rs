//! The story of one resource, as it is declared: what each selection makes of it, and when the rules that cover it run and where they
//! put its points. What came of that, recovery points and jobs, are facts of the resource itself.

use schemars::JsonSchema;
use serde::Serialize;

use super::lifecycle::LifecycleFacts;
use super::plan;
use super::plan_rule::copies;
use super::schedule::Schedules;
use super::select::{Outcome, Step, doubt, sentence};
use super::world::{Region, World, arn_of_vault, plan_name};
use crate::snapshot::{CopyAction, Observed, PlanRule, Reason, Snapshot, Timestamp};

/// How many of the next runs are told.
const RUNS: usize = 3;

/// What is declared for a resource.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Story {
    /// The selections that select it, may do so, or name it in vain; those that select it first.
    pub selections: Vec<SelectionStory>,
    /// How many other selections name it by neither resource nor tag.
    pub others: usize,
    /// Why there may be selections that nobody saw.
    pub unseen: Vec<Reason>,
    /// The rules of the plans that select it, or may.
    pub rules: Vec<RuleStory>,
}

/// What one selection makes of the resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SelectionStory {
    pub account: String,
    pub region: String,
    pub plan: String,
    pub selection: String,
    pub verdict: SelectionVerdict,
    /// The entry that selects it, or the first step that dropped it; with its full stop.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SelectionVerdict {
    Selected,
    /// AWS's documents, or what was seen, do not settle it.
    Unknown,
    Dropped,
}

/// A rule that makes points of the resource.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RuleStory {
    pub plan: String,
    pub rule: String,
    /// AWS's cron.
    pub schedule: Observed<String>,
    /// An IANA zone.
    pub timezone: Observed<String>,
    /// The next runs. Null: the schedule is not valid.
    pub next_runs: Observed<Vec<Timestamp>>,
    pub start_window_minutes: Observed<i64>,
    pub completion_window_minutes: Observed<i64>,
    pub vault: Kept,
    pub copies: Observed<Vec<Kept>>,
}

/// Where points go, and for how long.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Kept {
    /// ARN of the vault.
    pub vault: Observed<String>,
    /// Days. Null: kept for ever.
    pub delete_after_days: Observed<i64>,
    /// Days. Null: never moved.
    pub move_to_cold_storage_after_days: Observed<i64>,
}

/// The story of the resource with this ARN. Without selections and rules where no list shows it.
pub fn story(snapshot: &Snapshot, as_of: Timestamp, arn: &str) -> Story {
    let world = World::of(snapshot, as_of);
    let mut story = Story { selections: Vec::new(), others: 0, unseen: Vec::new(), rules: Vec::new() };
    let home = world.regions.iter().find_map(|region| region.assignments.inventory.find(arn).map(|seen| (region, seen)));
    let Some((home, seen)) = home else { return story };
    story.unseen.clone_from(&home.assignments.unseen);
    for region in &world.regions {
        for selection in &region.assignments.selections {
            let outcome = region.assignments.resolve(selection, seen);
            let verdict = match &outcome {
                Ok(Outcome::Dropped(Step::NoEntry)) => {
                    story.others += 1;
                    continue;
                }
                Ok(Outcome::Selected(_)) => SelectionVerdict::Selected,
                Ok(Outcome::Dropped(_) | Outcome::DroppedSomewhere(_)) => SelectionVerdict::Dropped,
                Ok(Outcome::Unknown(_)) | Err(_) => SelectionVerdict::Unknown,
            };
            story.selections.push(SelectionStory {
                account: region.unit.account.clone(),
                region: region.unit.region.clone(),
                plan: selection.plan_name.clone(),
                selection: selection.name.clone(),
                verdict,
                sentence: match outcome {
                    Ok(outcome) => sentence(&outcome, seen, region.assignments.setting(selection)),
                    Err(reasons) => doubt("Whether it selects the resource is not known", &reasons),
                },
            });
        }
    }
    story.selections.sort_by(|a, b| (a.verdict, &a.account, &a.region, &a.plan).cmp(&(b.verdict, &b.account, &b.region, &b.plan)));
    story.rules = rules(&story.selections, home, as_of);
    story
}

fn rules(selections: &[SelectionStory], home: &Region, as_of: Timestamp) -> Vec<RuleStory> {
    let covers = |plan: &str| {
        let of_plan =
            |story: &&SelectionStory| story.plan == plan && story.account == home.unit.account && story.region == home.unit.region;
        selections.iter().filter(of_plan).any(|story| story.verdict != SelectionVerdict::Dropped)
    };
    let mut schedules = Schedules::as_of(as_of);
    let mut told = Vec::new();
    for plan in home.unit.backup_plans.iter().filter(|plan| covers(&plan_name(plan))) {
        match plan::rules(plan, home) {
            Observed::Known(rules) => told.extend(rules.iter().map(|rule| told_of(rule, plan_name(plan), home, &mut schedules, as_of))),
            other => told.push(not_known(plan_name(plan), &other)),
        }
    }
    told
}

fn told_of(rule: &PlanRule, plan: String, home: &Region, schedules: &mut Schedules, as_of: Timestamp) -> RuleStory {
    let facts = schedules.facts(rule);
    let lifecycle = LifecycleFacts::of(&rule.lifecycle);
    let copy = |action: &CopyAction| {
        Kept::of(
            action.destination_backup_vault_arn.clone().required("DestinationBackupVaultArn"),
            LifecycleFacts::of_copy(&action.lifecycle, &lifecycle),
        )
    };
    RuleStory {
        plan,
        rule: rule.rule_name.clone(),
        schedule: facts.expression,
        timezone: facts.timezone,
        next_runs: schedules.of(rule).map(|schedule| schedule.next_runs(as_of, RUNS)),
        start_window_minutes: rule.start_window_minutes.clone().absent_is(480),
        completion_window_minutes: rule.completion_window_minutes.clone().absent_is(7 * 24 * 60),
        copies: copies(rule).map(|actions| actions.iter().map(copy).collect()),
        vault: Kept::of(
            rule.target_backup_vault_name.clone().required("TargetBackupVaultName").map(|name| arn_of_vault(home.unit, &name)),
            lifecycle,
        ),
    }
}

/// Stands for the rules of a plan that could not be read.
fn not_known<T>(plan: String, rules: &Observed<T>) -> RuleStory {
    let reasons = || rules.reasons().to_vec();
    let kept = Kept {
        vault: Observed::Unknown(reasons()),
        delete_after_days: Observed::Unknown(reasons()),
        move_to_cold_storage_after_days: Observed::Unknown(reasons()),
    };
    RuleStory {
        plan,
        rule: "*".to_owned(),
        schedule: Observed::Unknown(reasons()),
        timezone: Observed::Unknown(reasons()),
        next_runs: Observed::Unknown(reasons()),
        start_window_minutes: Observed::Unknown(reasons()),
        completion_window_minutes: Observed::Unknown(reasons()),
        vault: kept,
        copies: Observed::Unknown(reasons()),
    }
}

impl Kept {
    fn of(vault: Observed<String>, lifecycle: LifecycleFacts) -> Self {
        Kept {
            vault,
            delete_after_days: lifecycle.delete_after_days,
            move_to_cold_storage_after_days: lifecycle.move_to_cold_storage_after_days,
        }
    }
}
