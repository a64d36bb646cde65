//! Recovery point and recovery time: whether what is set can be kept.

use super::schedules::runs;
use super::terms::Terms;
use super::{Contradiction, contradiction};

/// Just before a late run's point can be used, the newest one is that of the run before: the wait between two runs, the start
/// window and the completion window lie between.
pub fn data_loss(terms: &Terms) -> Option<Contradiction> {
    let objective = terms.number("rpo_hours")?;
    let schedule = terms.text("daily_schedule")?;
    let start = terms.number("start_window_minutes")?;
    let completion = terms.number("completion_window_minutes")?;
    let runs = runs(&schedule.value)?;
    let gap = runs.windows(2).map(|pair| (pair[1] - pair[0]).num_minutes()).max()?;
    let guaranteed = gap.saturating_add(start.value).saturating_add(completion.value);
    if guaranteed <= objective.value.saturating_mul(60) {
        return None;
    }
    let mut follows = format!(
        "Up to {} can be lost: {} between two runs, {} minutes until the later one starts and {} until it is done.",
        hours(guaranteed),
        hours(gap),
        start.value,
        completion.value
    );
    let mut parameters = vec!["completion_window_minutes", "daily_schedule", "rpo_hours", "start_window_minutes"];
    if terms.flag("require_replication")
        && let Some(copy) = terms.number("copy_deadline_hours")
    {
        follows += &format!(" In the other Region the copy's {} hours come to that.", copy.value);
        parameters.extend(["copy_deadline_hours", "require_replication"]);
        parameters.sort_unstable();
    }
    let promised = vec![
        objective.side(format!("No more than {} hours of data are lost.", objective.value)),
        schedule.side(format!("Daily backups run at '{}'.", schedule.value)),
        start.side(format!("A backup starts within {} minutes.", start.value)),
        completion.side(format!("A backup completes within {} minutes.", completion.value)),
    ];
    Some(contradiction("data-loss-not-bounded", promised, follows, &parameters))
}

fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours} hours and {minutes} minutes"),
    }
}

pub fn recovery_times(terms: &Terms) -> Option<Contradiction> {
    let objective = terms.number("rto_hours")?;
    let elsewhere = terms.number("cross_region_recovery_hours")?;
    let promised = vec![
        objective.side(format!("After the loss of a Region the system is back in {} hours.", objective.value)),
        elsewhere.side(format!("Recovery in the other Region takes up to {} hours.", elsewhere.value)),
    ];
    let follows =
        "Both tell of the same event, and recovery elsewhere is what the first one consists of: it cannot take longer.".to_owned();
    (elsewhere.value > objective.value).then(|| contradiction("two-recovery-times", promised, follows, &["rto_hours"]))
}
