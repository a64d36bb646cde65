//! Whether something holds, where parts of it may be unknown: what one part decides needs no other.

use std::collections::BTreeSet;

use crate::snapshot::{Cause, Observed, Reason};

/// True where one is, though others be unknown.
pub fn any(parts: impl IntoIterator<Item = Observed<bool>>) -> Observed<bool> {
    decided_by(true, parts)
}

/// False where one is, though others be unknown.
pub fn every(parts: impl IntoIterator<Item = Observed<bool>>) -> Observed<bool> {
    decided_by(false, parts)
}

pub fn not(part: Observed<bool>) -> Observed<bool> {
    part.map(|holds| !holds)
}

/// False but for what may not have been seen: to stand among the parts of [`any`].
pub fn unless(gaps: Vec<Reason>) -> Observed<bool> {
    if gaps.is_empty() { Observed::Known(false) } else { Observed::Unknown(gaps) }
}

fn decided_by(decisive: bool, parts: impl IntoIterator<Item = Observed<bool>>) -> Observed<bool> {
    let mut reasons = BTreeSet::new();
    for part in parts {
        match part {
            Observed::Known(holds) if holds == decisive => return Observed::Known(decisive),
            Observed::Known(_) => {}
            other => reasons.extend(why(other)),
        }
    }
    if reasons.is_empty() { Observed::Known(!decisive) } else { Observed::Unknown(reasons.into_iter().collect()) }
}

/// What keeps something from working, in steps. The faults of a step are told where all of it was seen and no step before had
/// any, so that nobody who sees less is told other ones. Parts that no document settles hide no fault beside them.
pub fn faults<T>(steps: impl IntoIterator<Item = Vec<(T, Observed<bool>)>>) -> Observed<Vec<T>> {
    let mut undetermined = BTreeSet::new();
    for step in steps {
        let mut sure = Vec::new();
        let mut unseen = BTreeSet::new();
        for (fault, holds) in step {
            match holds {
                Observed::Known(true) => sure.push(fault),
                Observed::Known(false) => {}
                other => {
                    let reasons = why(other);
                    let of = if reasons.iter().any(|reason| reason.cause.is_blindness()) { &mut unseen } else { &mut undetermined };
                    of.extend(reasons);
                }
            }
        }
        if !unseen.is_empty() {
            return Observed::Unknown(unseen.into_iter().collect());
        }
        if !sure.is_empty() {
            return Observed::Known(sure);
        }
    }
    if undetermined.is_empty() { Observed::Known(Vec::new()) } else { Observed::Unknown(undetermined.into_iter().collect()) }
}

/// Why a part is not known; absence says nothing here.
fn why(part: Observed<bool>) -> Vec<Reason> {
    match part {
        Observed::Unknown(reasons) => reasons,
        Observed::Reference(to) => vec![Reason::new(Cause::KnownAfterApply, format!("'{to}' is known only after apply"))],
        _ => vec![Reason::new(Cause::NotObserved, "the snapshot does not hold it")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unseen() -> Observed<bool> {
        Observed::not_observed()
    }

    fn unsettled() -> Observed<bool> {
        Observed::unknown(Reason::new(Cause::Undetermined, "nobody says"))
    }

    #[test]
    fn one_part_decides_whatever_is_unknown_of_the_others() {
        assert_eq!(any([unseen(), Observed::Known(true)]), Observed::Known(true));
        assert!(any([unseen(), Observed::Known(false)]).is_unknown());
        assert_eq!(any([]), Observed::Known(false));
        assert_eq!(every([unseen(), Observed::Known(false)]), Observed::Known(false));
        assert!(every([Observed::Known(true), Observed::Absent]).is_unknown());
    }

    #[test]
    fn a_step_that_was_not_seen_hides_all_after_it_and_one_that_nobody_settles_hides_nothing() {
        let faults = |first, second| faults([vec![("first", first)], vec![("second", second)]]);
        assert_eq!(faults(Observed::Known(true), unseen()), Observed::Known(vec!["first"]));
        assert!(faults(unseen(), Observed::Known(true)).is_unknown());
        assert_eq!(faults(unsettled(), Observed::Known(true)), Observed::Known(vec!["second"]));
        assert!(faults(unsettled(), Observed::Known(false)).is_unknown());
    }
}
