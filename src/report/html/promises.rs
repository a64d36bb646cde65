//! What the specification promises, beside what was found.

use crate::audit::{Keeping, PromiseJudgement, promises};
use crate::report::Report;
use crate::report::table::doubts;

pub struct Promises<'a> {
    /// The worst first, then in the order of the specification.
    pub rows: Vec<Row<'a>>,
}

pub struct Row<'a> {
    pub says: &'a str,
    pub spec: String,
    pub keeping: Keeping,
    pub counts: String,
    /// Each with the id of its rule; empty where several say it.
    pub found: Vec<String>,
}

impl<'a> Promises<'a> {
    pub fn of(report: &Report<'a>) -> Self {
        let judged = promises(report.audit, &report.library.promises);
        let rank = |judged: &PromiseJudgement| Keeping::WORST_FIRST.iter().position(|keeping| *keeping == judged.keeping);
        let mut rows: Vec<_> = judged.iter().map(|judged| (rank(judged), Row::of(judged, report))).collect();
        rows.sort_by_key(|(rank, _)| *rank);
        Promises { rows: rows.into_iter().map(|(_, row)| row).collect() }
    }

    pub fn count(&self, keeping: Keeping) -> usize {
        self.rows.iter().filter(|row| row.keeping == keeping).count()
    }
}

impl<'a> Row<'a> {
    fn of(judged: &PromiseJudgement<'a>, report: &Report<'a>) -> Self {
        let counts = judged.counts();
        let found = match judged.keeping {
            Keeping::Verified => Vec::new(),
            Keeping::NotVerifiable => judged.promise.not_verifiable.iter().map(|reason| format!("No API can show it: {reason}.")).collect(),
            Keeping::Unproven => doubts(judged),
            Keeping::Contradicted => {
                let first = |share: &crate::audit::RuleShare<'a>| {
                    let first = share.failures(report.audit).next()?;
                    let more = share.counts().violations.saturating_sub(1);
                    let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
                    Some(format!("{}: {}{more}", share.rule, first.message()))
                };
                judged.rules.iter().filter_map(first).collect()
            }
        };
        Row {
            says: &judged.promise.says,
            spec: judged.promise.spec.join(", "),
            keeping: judged.keeping,
            counts: format!("{} fail, {} unknown, {} pass", counts.fail, counts.unknown, counts.pass),
            found,
        }
    }

    pub fn class(&self) -> &'static str {
        match self.keeping {
            Keeping::Contradicted => "bad",
            Keeping::Unproven => "open",
            Keeping::Verified => "good",
            Keeping::NotVerifiable => "aside",
        }
    }
}
