//! Schedules: what a rule's expression and time zone come to.
//!
//! - `cron`: AWS's grammar; `clock`: time zones; `runs`: the moments at which a schedule runs
//! - `gaps`: how far apart they are; `canonical`: whether two schedules are one

mod canonical;
mod clock;
mod cron;
mod gaps;
mod runs;

pub use canonical::canonical;
pub use cron::Fault;
pub use runs::{Schedule, Unreadable};

pub(super) use runs::{minute_of, time_of};

use std::cell::OnceCell;
use std::rc::Rc;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::snapshot::{Cause, Observed, PlanRule, Reason, Timestamp};
use gaps::Gaps;

/// When a rule runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScheduleFacts {
    /// AWS's cron; its default where the rule declares none.
    pub expression: Observed<String>,
    /// An IANA zone.
    pub timezone: Observed<String>,
    /// Whether AWS's grammar allows it, it fires at all, and not more often than AWS Backup supports.
    pub valid: Observed<bool>,
    /// What is wrong with it, as a sentence goes on after the expression: 'never fires'. Null: it is valid.
    pub fault: Observed<String>,
    /// One text for all schedules that run at the same times: `cron(0 5 ? * * *)`, followed by ` in Europe/Berlin` where the
    /// clocks change. Null: it is not valid.
    pub canonical: Observed<String>,
    /// Whole hours, rounded up, of the longest wait between two runs, daylight saving included. Null: it never fires.
    pub largest_gap_hours: Observed<i64>,
    /// Whether there is a run on every calendar day.
    pub runs_every_day: Observed<bool>,
    /// Whether there is a run in every seven calendar days.
    pub runs_every_week: Observed<bool>,
    /// What the wall clock shows when a run is next lost because the clocks go forward over it: `2027-03-28 02:30`. Null where
    /// none ever is, or where another run comes as soon as ever.
    pub skipped_run: Observed<String>,
    /// What the wall clock shows when a run next falls into an hour that comes twice. Null: none ever does.
    pub repeated_run: Observed<String>,
}

/// What AWS Backup runs on where a rule says nothing (API: BackupRuleInput).
pub const DEFAULT_EXPRESSION: &str = "cron(0 5 ? * * *)";
const DEFAULT_ZONE: &str = "Etc/UTC";
/// AWS Backup supports hourly at most (DG: plan-options-and-configuration).
const SHORTEST_WAIT: i64 = 60;

/// Reads schedules, each of them once.
pub struct Schedules {
    from: NaiveDate,
    known: FxHashMap<(String, String), Rc<Read>>,
}

/// What an expression in a zone comes to.
enum Read {
    Valid(Box<Valid>),
    /// It never fires, whatever else is wrong with it.
    Dead(String),
    /// AWS Backup does not support it, and no document says what it makes of it.
    TooOften(String),
    Unclear(Reason),
}

/// A schedule that runs. What its runs are like takes years of them to tell, and not everybody asks.
struct Valid {
    schedule: Schedule,
    from: NaiveDate,
    gaps: OnceCell<Gaps>,
}

impl Valid {
    fn gaps(&self) -> &Gaps {
        self.gaps.get_or_init(|| self.schedule.gaps(self.from))
    }
}

impl Schedules {
    pub fn as_of(time: Timestamp) -> Self {
        Schedules { from: time.to_chrono().date_naive(), known: FxHashMap::default() }
    }

    /// The first day that is looked at.
    pub fn from(&self) -> NaiveDate {
        self.from
    }

    /// The schedule of a rule. Absent: it is not valid, or never fires.
    pub fn of(&mut self, rule: &PlanRule) -> Observed<Schedule> {
        self.read_rule(rule).and_then(|read| match &*read {
            Read::Valid(valid) => Observed::Known(valid.schedule.clone()),
            Read::Dead(_) => Observed::Absent,
            Read::TooOften(fault) => Observed::unknown(too_often(fault)),
            Read::Unclear(reason) => Observed::unknown(reason.clone()),
        })
    }

    pub fn facts(&mut self, rule: &PlanRule) -> ScheduleFacts {
        let read = self.read_rule(rule);
        let of_gaps = |take: &dyn Fn(&Gaps) -> Observed<i64>| {
            read.as_ref().and_then(|read| match &**read {
                Read::Valid(valid) => take(valid.gaps()),
                Read::Dead(_) => Observed::Absent,
                Read::TooOften(fault) => Observed::unknown(too_often(fault)),
                Read::Unclear(reason) => Observed::unknown(reason.clone()),
            })
        };
        let flag = |take: &dyn Fn(&Gaps) -> bool| of_gaps(&|gaps| Observed::Known(take(gaps).into())).absent_is(0).map(|flag| flag == 1);
        let text = |take: &dyn Fn(&Schedule, &Gaps) -> Option<String>| {
            read.as_ref().and_then(|read| match &**read {
                Read::Valid(valid) => take(&valid.schedule, valid.gaps()).map_or(Observed::Absent, Observed::Known),
                Read::Dead(_) | Read::TooOften(_) => Observed::Absent,
                Read::Unclear(reason) => Observed::unknown(reason.clone()),
            })
        };
        let fault = read.as_ref().and_then(|read| match &**read {
            Read::Valid(_) => Observed::Absent,
            Read::Dead(fault) | Read::TooOften(fault) => Observed::Known(fault.clone()),
            Read::Unclear(reason) => Observed::unknown(reason.clone()),
        });
        let valid = match &fault {
            Observed::Known(_) => Observed::Known(false),
            Observed::Absent => Observed::Known(true),
            other => other.clone().map(|_| false),
        };
        ScheduleFacts {
            valid,
            fault,
            canonical: text(&|schedule, _| Some(schedule.canonical())),
            largest_gap_hours: of_gaps(&|gaps| Observed::Known((gaps.largest + 59).div_euclid(60))),
            runs_every_day: flag(&|gaps| gaps.every_day),
            runs_every_week: flag(&|gaps| gaps.every_week),
            skipped_run: text(&|_, gaps| gaps.skipped.clone()),
            repeated_run: text(&|_, gaps| gaps.repeated.clone()),
            expression: expression(rule),
            timezone: timezone(rule),
        }
    }

    fn read_rule(&mut self, rule: &PlanRule) -> Observed<Rc<Read>> {
        settled(expression(rule)).and_then(|expression| settled(timezone(rule)).map(|zone| self.read(expression, zone)))
    }

    fn read(&mut self, expression: String, zone: String) -> Rc<Read> {
        let from = self.from;
        self.known.entry((expression, zone)).or_insert_with_key(|(expression, zone)| Rc::new(read(expression, zone, from))).clone()
    }
}

/// In force: the rule's own, or AWS's default.
fn expression(rule: &PlanRule) -> Observed<String> {
    rule.schedule_expression.clone().absent_is(DEFAULT_EXPRESSION.to_owned())
}

fn timezone(rule: &PlanRule) -> Observed<String> {
    rule.schedule_expression_timezone.clone().absent_is(DEFAULT_ZONE.to_owned())
}

/// What Terraform only refers to has no times to compare.
pub(super) fn settled<T>(value: Observed<T>) -> Observed<T> {
    match value {
        Observed::Reference(to) => Observed::unknown(Reason::new(Cause::KnownAfterApply, format!("'{to}' is known only after apply"))),
        other => other,
    }
}

fn read(expression: &str, zone: &str, from: NaiveDate) -> Read {
    let unclear = |detail: String| Read::Unclear(Reason::new(Cause::Undetermined, detail));
    let schedule = match Schedule::read(expression, zone) {
        Ok(schedule) => schedule,
        Err(Unreadable::Expression(Fault::Refused(fault))) => return Read::Dead(fault),
        Err(Unreadable::Expression(Fault::Undocumented(why))) => return unclear(format!("of '{expression}': {why}")),
        Err(Unreadable::Zone(zone)) => return unclear(format!("time zone '{zone}' is not known")),
    };
    if !schedule.ever_fires(from) {
        return Read::Dead(format!("never fires, from {from} on"));
    }
    if let Some(wait) = schedule.cron.shortest_wait().filter(|wait| *wait < SHORTEST_WAIT) {
        return Read::TooOften(format!("fires after {wait} minutes already, and AWS Backup supports hourly at most"));
    }
    Read::Valid(Box::new(Valid { schedule, from, gaps: OnceCell::new() }))
}

fn too_often(fault: &str) -> Reason {
    Reason::new(Cause::Undetermined, format!("the schedule {fault}; AWS does not say when it then backs up"))
}
