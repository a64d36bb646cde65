//! What a selection no longer takes, by what it says: each entry that it has lost, and each that now keeps something out.

use crate::facts::wildcard;
use crate::snapshot::{ConditionParameter, Conditions, Observed, SelectionBody, TagCondition};

/// How many of a list are named.
const NAMED: usize = 5;

/// What goes on after "Selection 'x' of plan 'y'", once for each way in which it takes less. What is not known on either side tells nothing.
pub(super) fn narrowed(was: &SelectionBody, is: &SelectionBody) -> Vec<String> {
    let mut ways = Vec::new();
    let named = |body: &SelectionBody| Some((list(&body.resources)?, list(&body.list_of_tags)?));
    if let (Some((resources, tags)), Some((resources_now, tags_now))) = (named(was), named(is)) {
        // One that names nothing tries all that there is.
        let takes_all = |resources: &[String], tags: &[TagCondition]| resources.is_empty() && tags.is_empty();
        match (takes_all(&resources, &tags), takes_all(&resources_now, &tags_now)) {
            (_, true) => {}
            (true, false) => ways.push("took everything, and takes only what it names".to_owned()),
            (false, false) => {
                let gone = resources.iter().filter(|entry| !resources_now.iter().any(|now| wildcard(now, entry))).cloned();
                ways.extend(told(gone.collect(), |gone| format!("does not name {gone} any more")));
                let gone = tags.iter().filter(|tag| !tags_now.contains(tag));
                let gone = gone.map(|tag| format!("{}={}", tag.condition_key, tag.condition_value));
                ways.extend(told(gone.collect(), |gone| format!("does not take what is tagged {gone} any more")));
            }
        }
    }
    if let (Some(was), Some(is)) = (list(&was.not_resources), list(&is.not_resources)) {
        let added = is.iter().filter(|entry| !was.iter().any(|before| wildcard(before, entry))).cloned();
        ways.extend(told(added.collect(), |added| format!("now leaves out {added}")));
    }
    if let (Some(was), Some(is)) = (conditions(&was.conditions), conditions(&is.conditions)) {
        let added = is.into_iter().filter(|condition| !was.contains(condition));
        ways.extend(told(added.collect(), |added| format!("now takes only what meets {added}")));
    }
    ways
}

fn told(entries: Vec<String>, sentence: impl FnOnce(String) -> String) -> Option<String> {
    let more = entries.len().checked_sub(NAMED + 1).map(|more| format!(" and {} more", more + 1)).unwrap_or_default();
    let shown = entries.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    (!entries.is_empty()).then(|| sentence(shown + &more))
}

fn list<T: Clone>(list: &Observed<Vec<T>>) -> Option<Vec<T>> {
    match list {
        Observed::Known(entries) => Some(entries.clone()),
        Observed::Absent => Some(Vec::new()),
        Observed::Reference(_) | Observed::Unknown(_) => None,
    }
}

/// All conditions, each as it is written; `None` where one is not known.
fn conditions(conditions: &Observed<Conditions>) -> Option<Vec<String>> {
    let conditions = match conditions {
        Observed::Known(conditions) => conditions.clone(),
        Observed::Absent => Conditions::default(),
        Observed::Reference(_) | Observed::Unknown(_) => return None,
    };
    let mut written = Vec::new();
    for (operator, of_operator) in [
        ("StringEquals", &conditions.string_equals),
        ("StringLike", &conditions.string_like),
        ("StringNotEquals", &conditions.string_not_equals),
        ("StringNotLike", &conditions.string_not_like),
    ] {
        for ConditionParameter { condition_key, condition_value } in list(of_operator)? {
            written.push(format!("{operator} {}={}", condition_key.known()?, condition_value.known()?));
        }
    }
    Some(written)
}
