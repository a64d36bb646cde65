//! COURT: subjects and rules become verdicts. Pure functions; no files, no clock, no output.
//!
//! - `environment`: which environment a subject belongs to, and the parameters in force there
//! - `projection`: a rule sees only what it reads
//! - `judge`: every rule on every subject, each distinct projection once; `cores`: rules beside each other
//! - `finding`: one verdict as reports tell it; `fingerprint`: its identity across runs
//! - `promise`: one verdict for each promise of the specification
//! - `bonds`: what a resource's recovery hangs on; `concern`: which findings there are about it; `recovery`: one verdict for each resource
//! - `comparison`: what a former audit did not say
//! - `record`, `difference`: what a run found, and what became of that in another; `night`, `trend`: the same in numbers, for many of them
//! - `waiver`: a finding that somebody accepts until a date; `waiving`: what waivers do to an audit
//! - `gate`: what the run comes to

mod bonds;
mod comparison;
mod concern;
mod cores;
mod difference;
mod environment;
mod finding;
mod fingerprint;
mod gate;
mod judge;
mod night;
mod projection;
mod promise;
mod record;
mod recovery;
mod trend;
mod waiver;
mod waiving;

pub use comparison::{Baseline, Change, Comparison, Former};
pub use difference::{Difference, Entry, Turn};
pub use environment::{Environment, Environments};
pub use finding::{Finding, Verdict};
pub use fingerprint::fingerprint;
pub use gate::{Conclusion, Gate};
pub use judge::{Audit, Counts, Outcome, RuleJudgement, inputs, judge};
pub use night::{Ground, Night, Recovered, Step, VerdictOfNight};
pub use promise::{Keeping, PromiseJudgement, RuleShare, promises};
pub use record::{Record, Recorded};
pub use recovery::{Answer, FromPlace, Recovery, Told, recoveries, tell};
pub use trend::{Entry as TrendEntry, NightInNumbers, Trend};
pub use waiver::{Standing, Waiver, WaiverTerms, Waivers};
pub use waiving::{Effect, Waived, Waiving, Waivings};
