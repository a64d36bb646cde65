//! What a selection makes of a resource, in sentences.

use super::inventory::Seen;
use super::resolve::{Admission, Outcome, RESTORE_TEST_TAG, Step, why};
use super::{Condition, Setting, TAG_PREFIX};
use crate::snapshot::{Observed, Reason, Tags};

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

/// What is not known, and why, as one sentence.
pub fn doubt(what: &str, reasons: &[Reason]) -> String {
    let details: Vec<&str> = reasons.iter().map(|reason| reason.detail.as_str()).collect();
    let details = if details.is_empty() { why::<()>(&Observed::Absent)[0].detail.clone() } else { details.join("; ") };
    format!("{what}: {details}.")
}
