//! What waivers do to an audit. A verdict stays what it is: a waived failure is marked, and nothing else is touched.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::finding::{Finding, Verdict};
use super::judge::{Audit, RuleJudgement};
use super::waiver::{Standing, Waiver, Waivers};
use crate::facts::{Facts, Subject};
use crate::snapshot::{Arn, Timestamp, Unit};

/// All waivers, and the findings that they waive.
#[derive(Debug, Default)]
pub struct Waivings<'a> {
    /// `None` where there is no waivers file.
    pub waivers: Option<&'a Waivers>,
    /// In the file's order.
    pub all: Vec<Waiving<'a>>,
    /// By rule, subject and the index of the subject's facts: the index of the waiver that holds longest.
    waived: FxHashMap<(&'a str, &'a str, usize), usize>,
    by_rule: BTreeMap<&'a str, Waived>,
}

/// How much of a rule is waived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waived {
    pub subjects: usize,
    pub findings: usize,
}

/// One waiver in an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiving<'a> {
    pub waiver: &'a Waiver,
    pub standing: Standing,
    pub days_left: i64,
    /// How many findings it is about. One that has lapsed waives none of them.
    pub findings: usize,
    /// `None` where there was no audit.
    pub effect: Option<Effect>,
}

/// What a waiver is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It is about findings.
    Used,
    /// Something that it is or may be about could not be judged: it may be needed once that is seen.
    Undecided,
    /// Its rule is switched off, or its account or Region was not audited.
    NotAudited,
    /// All that it can be about was judged, and no finding is among it.
    Unused,
}

impl Effect {
    pub fn name(self) -> &'static str {
        match self {
            Effect::Used => "used",
            Effect::Undecided => "undecided",
            Effect::NotAudited => "not_audited",
            Effect::Unused => "unused",
        }
    }
}

/// The waivers of one rule, so that a subject is not held against each of them.
#[derive(Default)]
struct OfRule<'a> {
    exact: FxHashMap<&'a str, Vec<usize>>,
    patterns: Vec<usize>,
    in_doubt: BTreeSet<usize>,
}

impl<'a> Waivings<'a> {
    /// How the waivers stand at a moment, without an audit.
    pub fn listed(waivers: &'a Waivers, as_of: Timestamp) -> Self {
        let listed = |waiver: &'a Waiver| Waiving {
            waiver,
            standing: waiver.standing(as_of, waivers.terms),
            days_left: waiver.days_left(as_of),
            findings: 0,
            effect: None,
        };
        Waivings { waivers: Some(waivers), all: waivers.all.iter().map(listed).collect(), ..Waivings::default() }
    }

    /// What the waivers do to an audit of these units.
    pub fn of(audit: &Audit<'a>, waivers: &'a Waivers, units: &[Unit]) -> Self {
        let mut waivings = Waivings::listed(waivers, audit.as_of);
        let mut rules: BTreeMap<&str, OfRule> = BTreeMap::new();
        for (at, waiver) in waivers.all.iter().enumerate() {
            let of_rule = rules.entry(&waiver.rule).or_default();
            let like = if waiver.is_exact() { of_rule.exact.entry(&waiver.resource).or_default() } else { &mut of_rule.patterns };
            like.push(at);
        }
        for judgement in &audit.judgements {
            if let Some(of_rule) = rules.get_mut(judgement.rule.id.as_str()) {
                waivings.settle(judgement, audit, of_rule, units);
            }
        }
        for waiving in &mut waivings.all {
            waiving.effect.get_or_insert(Effect::NotAudited);
        }
        waivings
    }

    fn settle(&mut self, judgement: &RuleJudgement<'a>, audit: &Audit<'a>, of_rule: &mut OfRule, units: &[Unit]) {
        let of_kind = audit.subjects.of(judgement.kind);
        for subject in &of_kind.subjects {
            let (outcome, facts) = (judgement.outcome(subject.facts), of_kind.facts_of(subject));
            match outcome.verdict {
                Verdict::Fail => self.fail(judgement, subject, facts, outcome.violations.len(), of_rule),
                Verdict::Unknown => {
                    let in_doubt = if facts.is_gap { of_rule.possible(facts, self) } else { of_rule.about(subject, facts, self) };
                    of_rule.in_doubt.extend(in_doubt);
                }
                Verdict::Pass | Verdict::NotApplicable => {}
            }
        }
        for at in of_rule.all() {
            if let Some(waiving) = self.all.get_mut(at) {
                waiving.effect = Some(match waiving.findings {
                    1.. => Effect::Used,
                    0 if of_rule.in_doubt.contains(&at) => Effect::Undecided,
                    0 if is_audited(waiving.waiver, units) => Effect::Unused,
                    0 => Effect::NotAudited,
                });
            }
        }
    }

    fn fail(&mut self, judgement: &RuleJudgement<'a>, subject: &'a Subject<'a>, facts: &Facts, violations: usize, of_rule: &OfRule) {
        let about = of_rule.about(subject, facts, self);
        for at in &about {
            if let Some(waiving) = self.all.get_mut(*at) {
                waiving.findings += violations;
            }
        }
        let holding = about.into_iter().filter_map(|at| self.all.get(at).map(|waiving| (waiving, at)));
        let longest =
            holding.filter(|(waiving, _)| waiving.standing != Standing::Lapsed).rev().max_by_key(|(waiving, _)| waiving.days_left);
        if let Some((_, at)) = longest {
            let rule = judgement.rule.id.as_str();
            self.waived.insert((rule, &subject.id, subject.facts), at);
            let waived = self.by_rule.entry(rule).or_default();
            waived.subjects += 1;
            waived.findings += violations;
        }
    }

    /// How much of a rule is waived.
    pub fn of_rule(&self, rule: &str) -> Waived {
        self.by_rule.get(rule).copied().unwrap_or_default()
    }

    /// How many findings are waived in all.
    pub fn findings(&self) -> usize {
        self.by_rule.values().map(|waived| waived.findings).sum()
    }

    pub fn lapsed(&self) -> impl Iterator<Item = &Waiving<'a>> {
        self.all.iter().filter(|waiving| waiving.standing == Standing::Lapsed)
    }

    fn waiving(&self, finding: &Finding) -> Option<&Waiving<'a>> {
        let at = self.waived.get(&(finding.rule.id.as_str(), &*finding.subject.id, finding.subject.facts))?;
        self.all.get(*at)
    }
}

impl OfRule<'_> {
    fn all(&self) -> impl Iterator<Item = usize> {
        self.exact.values().flatten().chain(&self.patterns).copied()
    }

    /// The waivers that are about a subject, in the file's order.
    fn about(&self, subject: &Subject, facts: &Facts, waivings: &Waivings) -> Vec<usize> {
        let is_about = |at: &usize| waivings.all.get(*at).is_some_and(|waiving| waiving.waiver.concerns(&subject.id, facts));
        let exact = self.exact.get(&*subject.id).into_iter().flatten();
        let mut about: Vec<usize> = exact.chain(&self.patterns).copied().filter(is_about).collect();
        about.sort_unstable();
        about
    }

    /// The waivers that may be about what was not seen there.
    fn possible(&self, facts: &Facts, waivings: &Waivings) -> Vec<usize> {
        self.all().filter(|at| waivings.all.get(*at).is_some_and(|waiving| waiving.waiver.may_concern(facts))).collect()
    }
}

/// Whether what the waiver names lies where somebody looked.
fn is_audited(waiver: &Waiver, units: &[Unit]) -> bool {
    let arn = Arn::parse(&waiver.resource);
    let named = |part: Option<&str>| part.filter(|part| !part.is_empty() && !part.contains(['*', '?'])).map(str::to_owned);
    let account = waiver.account.clone().or_else(|| named(arn.map(|arn| arn.account)));
    let region = waiver.region.clone().or_else(|| named(arn.map(|arn| arn.region)));
    let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
    units.iter().any(|unit| is(&account, &unit.account) && is(&region, &unit.region))
}

impl<'a> Audit<'a> {
    /// The waiver of a finding that fails; `None` where it counts.
    pub fn waiving(&self, finding: &Finding) -> Option<&Waiving<'a>> {
        finding.violation.and_then(|_| self.waivers.waiving(finding))
    }
}
