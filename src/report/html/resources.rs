//! From where each resource can be recovered, and what stands in the way.

use super::known::text;
use crate::audit::{Answer, FromPlace, Recovery, recoveries};
use crate::report::Report;
use crate::report::table::{answer, listed, unexplained};

/// How much of what stands in the way is shown of one resource; the findings have it all.
const SHOWN: usize = 4;

pub struct Resources<'a> {
    /// The worst first.
    pub rows: Vec<Row<'a>>,
    /// Lists that may lack some.
    pub gaps: Vec<&'a str>,
}

pub struct Row<'a> {
    pub name: &'a str,
    pub id: &'a str,
    pub of_type: String,
    pub place: String,
    pub worst: Answer,
    pub cells: Vec<Cell>,
    /// What stands in the way, with the places that it shuts off.
    pub why: Vec<Why>,
    pub more: usize,
}

pub struct Cell {
    pub class: &'static str,
    pub text: String,
}

pub struct Why {
    pub places: String,
    /// The rule's id; empty where it is no finding.
    pub rule: String,
    pub text: String,
}

impl<'a> Resources<'a> {
    pub fn of(report: &Report<'a>) -> Self {
        let judged = recoveries(report.audit);
        let (mut rows, mut gaps) = (Vec::new(), Vec::new());
        for recovery in &judged {
            if recovery.facts.is_gap {
                gaps.push(recovery.subject.name());
            } else {
                rows.push(Row::of(recovery));
            }
        }
        rows.sort_by_key(|row| row.worst);
        Resources { rows, gaps }
    }

    pub fn count(&self, answer: Answer) -> usize {
        self.rows.iter().filter(|row| row.worst == answer).count()
    }
}

impl<'a> Row<'a> {
    fn of(recovery: &Recovery<'a>) -> Self {
        let facts = recovery.facts;
        let mut why: Vec<(Vec<&str>, String, String)> = Vec::new();
        for from in &recovery.places {
            for (rule, said) in said(from) {
                match why.iter_mut().find(|(_, of, text)| *of == rule && *text == said) {
                    Some((places, ..)) => places.push(from.place.name()),
                    None => why.push((vec![from.place.name()], rule, said)),
                }
            }
        }
        let more = why.len().saturating_sub(SHOWN);
        let shown = why.into_iter().take(SHOWN);
        Row {
            name: recovery.subject.name(),
            id: &recovery.subject.id,
            of_type: text(&facts.document, "/type").or_unknown().to_owned(),
            place: format!("{}/{}", facts.account, facts.region),
            worst: recovery.worst(),
            cells: recovery.places.iter().map(|from| Cell { class: class(from.answer), text: answer(from) }).collect(),
            why: shown.map(|(places, rule, text)| Why { places: listed(&places), rule, text }).collect(),
            more,
        }
    }
}

fn class(answer: Answer) -> &'static str {
    match answer {
        Answer::No => "bad",
        Answer::Unknown => "open",
        Answer::Yes => "good",
    }
}

/// Why nothing can be recovered from a place, or why that is not known: the rules that say so, and what they say.
fn said(from: &FromPlace) -> Vec<(String, String)> {
    let findings = from.blocked_by.iter().map(|finding| (finding.rule.id.clone(), finding.message()));
    let reasons = from.reasons.iter().map(|reason| (String::new(), reason.detail.clone()));
    let mut said: Vec<_> = findings.chain(reasons).collect();
    if from.answer == Answer::No && said.is_empty() {
        said.push((String::new(), unexplained(from).to_owned()));
    }
    said
}
