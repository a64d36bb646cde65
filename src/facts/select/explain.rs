//! One resource's story: what each selection of each plan makes of it, in sentences.

use serde::Serialize;

use super::super::world::World;
use super::inventory::Seen;
use super::resolve::{Admission, Outcome, RESTORE_TEST_TAG, Step, why};
use super::{Condition, Setting, TAG_PREFIX};
use crate::snapshot::{Observed, Reason, Snapshot, Tags, Timestamp};

/// What one selection makes of the resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Story {
    pub account: String,
    pub region: String,
    pub plan: String,
    pub selection: String,
    pub verdict: Verdict,
    /// One sentence, with its full stop.
    pub sentence: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Selected,
    /// The first step that dropped it, as rules name it.
    Dropped(&'static str),
    /// Surely not selected; it is not known which step is the first to drop it.
    DroppedSomewhere(Vec<Reason>),
    Unknown(Vec<Reason>),
}

/// What every selection in the snapshot makes of a resource, unit by unit and plan by plan. Empty where no list shows the resource,
/// or no plan has a selection.
pub fn explain(snapshot: &Snapshot, as_of: Timestamp, arn: &str) -> Vec<Story> {
    let world = World::of(snapshot, as_of);
    let seen = world.regions.iter().find_map(|region| region.assignments.inventory.find(arn));
    let Some(seen) = seen else { return Vec::new() };
    let mut stories = Vec::new();
    for region in &world.regions {
        for selection in &region.assignments.selections {
            let setting = region.assignments.setting(selection);
            let (verdict, told) = match region.assignments.resolve(selection, seen) {
                Ok(outcome) => (verdict(&outcome), sentence(&outcome, seen, setting)),
                Err(reasons) => (Verdict::Unknown(reasons.clone()), doubt("Whether it selects the resource is not known", &reasons)),
            };
            stories.push(Story {
                account: region.unit.account.clone(),
                region: region.unit.region.clone(),
                plan: selection.plan_name.clone(),
                selection: selection.name.clone(),
                verdict,
                sentence: told,
            });
        }
    }
    stories
}

fn verdict(outcome: &Outcome) -> Verdict {
    match outcome {
        Outcome::Selected(_) => Verdict::Selected,
        Outcome::Dropped(step) => Verdict::Dropped(step_name(step)),
        Outcome::DroppedSomewhere(reasons) => Verdict::DroppedSomewhere(reasons.clone()),
        Outcome::Unknown(reasons) => Verdict::Unknown(reasons.clone()),
    }
}

/// As rules read it.
pub fn step_name(step: &Step) -> &'static str {
    match step {
        Step::Refused => "refused",
        Step::NoEntry => "no_entry",
        Step::Excluded(_) => "not_resources",
        Step::Condition(_) => "condition",
        Step::Account => "account",
        Step::Region => "region",
        Step::Unsupported => "unsupported_type",
        Step::NotOptedIn => "not_opted_in",
        Step::RestoreTest => "restore_test",
    }
}

/// What happened to the resource, as one sentence.
pub fn sentence(outcome: &Outcome, seen: &Seen, setting: &Setting) -> String {
    match outcome {
        Outcome::Selected(Admission::Everything) => "It names nothing, and so selects everything.".to_owned(),
        Outcome::Selected(Admission::Entry(entry)) => format!("Its entry '{entry}' selects the resource."),
        Outcome::Selected(Admission::Tag(tag)) => {
            format!("The tag '{}={}' selects the resource.", tag.condition_key, tag.condition_value)
        }
        Outcome::Dropped(step) => dropped(step, seen, setting),
        Outcome::DroppedSomewhere(reasons) => doubt("It does not select the resource, and which step drops it first is not known", reasons),
        Outcome::Unknown(reasons) => doubt("Whether it selects the resource is not known", reasons),
    }
}

fn dropped(step: &Step, seen: &Seen, setting: &Setting) -> String {
    let Setting { account, region, .. } = setting;
    let types = seen.types.join("' or '");
    match step {
        Step::Refused => "It has conditions and neither resources nor tags, which AWS Backup refuses.".to_owned(),
        Step::NoEntry => "None of its resources and tags matches.".to_owned(),
        Step::Excluded(entry) => format!("Its NotResources entry '{entry}' excludes the resource."),
        Step::Condition(condition) => {
            let found = found(condition, &seen.tags);
            let text = |part: &Observed<String>| part.known().map_or("", String::as_str).to_owned();
            format!(
                "Its condition {} '{}={}' does not hold: {found}.",
                condition.operator.name(),
                text(&condition.key),
                text(&condition.value)
            )
        }
        Step::Account => format!("The resource is not in the plan's account '{account}'."),
        Step::Region => format!("The resource is not in the plan's Region '{region}'."),
        Step::Unsupported if types.is_empty() => "AWS Backup knows no resource type with such an ARN.".to_owned(),
        Step::Unsupported => format!("AWS Backup does not support '{types}' in '{region}'."),
        Step::NotOptedIn => format!("'{types}' is not opted in in '{region}', and the selection does not name the type or the resource."),
        Step::RestoreTest => format!("A restore test made the resource (tag '{RESTORE_TEST_TAG}'), and AWS Backup ignores those."),
    }
}

fn found(condition: &Condition, tags: &Observed<Tags>) -> String {
    let Some(key) = condition.key.known() else { return "its key is not known".to_owned() };
    let Some(bare) = key.strip_prefix(TAG_PREFIX) else { return format!("the key lacks the prefix '{TAG_PREFIX}'") };
    match tags.known().and_then(|tags| tags.get(bare)) {
        Some(value) => format!("the resource's tag '{bare}' is '{value}'"),
        None => format!("the resource has no tag '{bare}'"),
    }
}

fn doubt(what: &str, reasons: &[Reason]) -> String {
    let details: Vec<&str> = reasons.iter().map(|reason| reason.detail.as_str()).collect();
    let details = if details.is_empty() { why::<()>(&Observed::Absent)[0].detail.clone() } else { details.join("; ") };
    format!("{what}: {details}.")
}
