//! Lifecycles: how long points stay warm, and when they are deleted.

use schemars::JsonSchema;
use serde::Serialize;

use crate::snapshot::{Lifecycle, Observed};

/// A lifecycle in force. AWS's absence and its -1 both mean never.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
pub struct LifecycleFacts {
    /// Days from the start of the job. Null: kept for ever.
    pub delete_after_days: Observed<i64>,
    /// Days from the start of the job. Null: never moved.
    pub move_to_cold_storage_after_days: Observed<i64>,
}

impl LifecycleFacts {
    pub fn of(lifecycle: &Observed<Lifecycle>) -> Self {
        let days = |member: fn(&Lifecycle) -> &Observed<i64>| {
            lifecycle.as_ref().and_then(|lifecycle| match member(lifecycle) {
                Observed::Known(-1) => Observed::Absent,
                days => days.clone(),
            })
        };
        LifecycleFacts {
            delete_after_days: days(|lifecycle| &lifecycle.delete_after_days),
            move_to_cold_storage_after_days: days(|lifecycle| &lifecycle.move_to_cold_storage_after_days),
        }
    }

    /// A copy without a lifecycle of its own inherits that of its source, and so does the expiry of one that says -1
    /// (API: CopyAction).
    pub fn of_copy(lifecycle: &Observed<Lifecycle>, rule: &LifecycleFacts) -> Self {
        match lifecycle {
            Observed::Absent => rule.clone(),
            Observed::Known(own) if own.delete_after_days == Observed::Known(-1) => {
                LifecycleFacts { delete_after_days: rule.delete_after_days.clone(), ..LifecycleFacts::of(lifecycle) }
            }
            _ => LifecycleFacts::of(lifecycle),
        }
    }
}
