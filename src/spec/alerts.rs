//! Notifications and alarms: whether AWS tells what is promised to be told.

use super::terms::Terms;
use super::{Contradiction, contradiction};
use crate::facts::vault_events;

pub fn events(terms: &Terms) -> Option<Contradiction> {
    let events = terms.texts("required_events")?;
    let among = |is_such: fn(&str) -> bool| events.value.iter().filter(|event| is_such(event)).cloned().collect::<Vec<String>>();
    let (changed, never) = (among(vault_events::has_changed), among(vault_events::is_never_sent));
    let mut follows = Vec::new();
    if !never.is_empty() {
        follows.push(format!("AWS delivers no '{}'.", never.join("', '")));
    }
    if !changed.is_empty() {
        follows.push(format!(
            "AWS's guides do not agree on whether '{}' is delivered: one of 2026 calls it deprecated, a later one has it again.",
            changed.join("', '")
        ));
    }
    follows.push(format!(
        "What is always delivered is the event of a job that ended, '..._COMPLETED', and it tells of failures as well as of successes \
         (table of {}).",
        vault_events::read_on()
    ));
    let promised = vec![events.side(format!("Notifications tell of {}.", events.value.join(", ")))];
    (!changed.is_empty() || !never.is_empty())
        .then(|| contradiction("events-not-certain", promised, follows.join(" "), &["required_events"]))
}

/// A job EXPIRED when it had not begun by the end of its start window (DG: cloudwatch). Of one that overruns its completion
/// window AWS's documents say that it is cancelled, which is ABORTED, and in other places that it expires.
pub fn overrun(terms: &Terms) -> Option<Contradiction> {
    let state = terms.text("overrun_state").filter(|state| ["EXPIRED", "ABORTED"].contains(&state.value.as_str()))?;
    let promised =
        vec![state.side(format!("An alarm on jobs that are {} tells of those that exceed their completion window.", state.value))];
    let follows =
        "A job is EXPIRED when it did not start in time. Of one that started and did not end in time AWS's documents say EXPIRED in one \
                   place and cancelled, that is ABORTED, in another: an alarm on one of the two states may miss it."
            .to_owned();
    Some(contradiction("overrun-not-told", promised, follows, &[]))
}
