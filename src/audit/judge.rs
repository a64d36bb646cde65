//! Every rule on every subject: facts that look alike to a rule are judged once.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::cores;
use super::environment::Environments;
use super::finding::{Finding, Verdict};
use super::projection::{Fields, project};
use super::waiving::Waivings;
use crate::facts::{Facts, Kind, Subject, Subjects, SubjectsOfKind};
use crate::policy::{Engine, Judgement, Library, PolicyError, Rule, Violation};
use crate::snapshot::{Cause, Observed, Reason, Timestamp};

/// What a rule says of all subjects that look alike to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub verdict: Verdict,
    /// At least one when the verdict is `fail`, none otherwise.
    pub violations: Vec<Violation>,
    /// At least one when the verdict is `unknown`, none otherwise.
    pub reasons: Vec<Reason>,
    /// The fields that the rule was handed.
    pub evidence: Value,
    /// The parameters that it was handed.
    pub parameters: Value,
}

/// One rule's verdicts.
#[derive(Debug)]
pub struct RuleJudgement<'a> {
    pub rule: &'a Rule,
    pub kind: Kind,
    pub outcomes: Vec<Outcome>,
    /// For each of the kind's facts, the index of its outcome.
    of_facts: Vec<usize>,
}

/// All verdicts.
#[derive(Debug)]
pub struct Audit<'a> {
    pub as_of: Timestamp,
    pub subjects: &'a Subjects<'a>,
    pub environments: &'a Environments,
    /// From the most severe rule to the least, then by id.
    pub judgements: Vec<RuleJudgement<'a>>,
    /// Rules that the configuration switched off, by id.
    pub disabled: Vec<String>,
    /// The findings that somebody accepts.
    pub waivers: Waivings<'a>,
}

/// How many subjects came to which verdict, and how many findings `fail` came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub fail: usize,
    pub unknown: usize,
    pub pass: usize,
    pub not_applicable: usize,
    /// A subject can violate a rule in several ways.
    pub violations: usize,
}

/// Judges every subject by every rule.
pub fn judge<'a>(
    subjects: &'a Subjects<'a>,
    library: &'a Library,
    environments: &'a Environments,
    as_of: Timestamp,
) -> Result<Audit<'a>, PolicyError> {
    let count = Kind::ALL.iter().map(|kind| subjects.of(*kind).facts.len()).sum();
    let mut judgements = cores::judge_each(library, count, |rule, engine| judge_rule(rule, subjects, environments, engine))?;
    judgements.sort_by(|a, b| b.rule.severity.cmp(&a.rule.severity).then_with(|| a.rule.id.cmp(&b.rule.id)));
    Ok(Audit { as_of, subjects, environments, judgements, disabled: Vec::new(), waivers: Waivings::default() })
}

fn kind_of(rule: &Rule) -> Result<Kind, PolicyError> {
    rule.subject()
        .parse()
        .map_err(|()| PolicyError::File { file: rule.id.clone(), message: format!("'{}' is not a kind of subject", rule.subject()) })
}

fn judge_rule<'a>(
    rule: &'a Rule,
    subjects: &'a Subjects<'a>,
    environments: &Environments,
    engine: &mut Engine,
) -> Result<RuleJudgement<'a>, PolicyError> {
    let kind = kind_of(rule)?;
    let docket = Docket::of(rule);
    let mut outcomes = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    let of_facts = subjects.of(kind).facts.iter().map(|facts| {
        let (key, case) = docket.case(facts, environments);
        *known.entry(key).or_insert_with(|| {
            outcomes.push(docket.decide(case, engine));
            outcomes.len() - 1
        })
    });
    let of_facts = of_facts.collect();
    Ok(RuleJudgement { rule, kind, outcomes, of_facts })
}

/// A rule and the fields it is handed.
struct Docket<'a> {
    rule: &'a Rule,
    fields: Fields,
    applies_fields: Option<Fields>,
}

/// What a rule is handed of some facts.
struct Case {
    evidence: Value,
    parameters: Observed<Value>,
    reasons: Vec<Reason>,
    /// What `applies` alone reads, where all of that is known.
    applies: Option<Value>,
}

impl<'a> Docket<'a> {
    fn of(rule: &'a Rule) -> Self {
        let fields = Fields::of(rule.reads().iter().map(String::as_str));
        let applies_fields = rule.applies_reads.as_ref().map(|paths| Fields::of(paths.iter().map(String::as_str)));
        Docket { rule, fields, applies_fields }
    }

    /// The case, and the key that facts share which look alike to the rule.
    fn case(&self, facts: &Facts, environments: &Environments) -> (String, Case) {
        let parameters = environments.parameters(self.rule, facts);
        let projection = project(&facts.document, &self.fields);
        let mut reasons = projection.reasons;
        reasons.extend(parameters.reasons().iter().cloned());
        reasons.sort();
        reasons.dedup();
        let applies = match (&self.applies_fields, parameters.known()) {
            (Some(fields), Some(_)) => Some(project(&facts.document, fields))
                .filter(|projection| projection.reasons.is_empty())
                .map(|projection| projection.fields),
            _ => None,
        };
        // Unknown parameters leave no trace in the fields, and each subject must be told its own reason.
        let in_force = parameters.known().map_or_else(|| json!(parameters.reasons()), Value::clone);
        let key = format!("{}\n{in_force}", projection.fields);
        (key, Case { evidence: projection.fields, parameters, reasons, applies })
    }

    fn decide(&self, case: Case, engine: &mut Engine) -> Outcome {
        let parameters = case.parameters.known().cloned().unwrap_or(Value::Null);
        let (verdict, violations, reasons) = match self.verdict(&case, &parameters, engine) {
            Ok(Judgement::NotApplicable) => (Verdict::NotApplicable, Vec::new(), Vec::new()),
            Ok(Judgement::Holds) if case.reasons.is_empty() => (Verdict::Pass, Vec::new(), Vec::new()),
            Ok(Judgement::Violated(violations)) if case.reasons.is_empty() => (Verdict::Fail, violations, Vec::new()),
            Ok(_) => (Verdict::Unknown, Vec::new(), case.reasons),
            Err(error) => {
                (Verdict::Unknown, Vec::new(), vec![Reason::new(Cause::RuleError, format!("rule '{}' failed: {error}", self.rule.id))])
            }
        };
        Outcome { verdict, violations, reasons, evidence: case.evidence, parameters }
    }

    /// Unknown is decided before Rego runs; all it may still say of unknown facts is that the rule does not concern them.
    fn verdict(&self, case: &Case, parameters: &Value, engine: &mut Engine) -> Result<Judgement, String> {
        if case.reasons.is_empty() {
            return engine.judge(self.rule, &input(&case.evidence, parameters));
        }
        match &case.applies {
            Some(fields) if !engine.applies(self.rule, &input(fields, parameters))? => Ok(Judgement::NotApplicable),
            _ => Ok(Judgement::Holds),
        }
    }
}

/// The declared fields with the parameters beside them.
fn input(fields: &Value, parameters: &Value) -> Value {
    let mut input = fields.clone();
    if let (Value::Object(input), Value::Object(parameters)) = (&mut input, parameters)
        && !parameters.is_empty()
    {
        input.insert("params".to_owned(), Value::Object(parameters.clone()));
    }
    input
}

/// The exact inputs of one rule, subject by subject, as `{"id", "name", "input"}`, or `"unknown"` in place of the input.
pub fn inputs(rule: &Rule, subjects: &Subjects, environments: &Environments) -> Result<Vec<Value>, PolicyError> {
    let docket = Docket::of(rule);
    let of_kind = subjects.of(kind_of(rule)?);
    let written = of_kind.subjects.iter().map(|subject| {
        let (_, case) = docket.case(of_kind.facts_of(subject), environments);
        let parameters = case.parameters.known().cloned().unwrap_or(Value::Null);
        let mut entry = json!({ "id": subject.id, "name": subject.name(), "input": input(&case.evidence, &parameters) });
        if !case.reasons.is_empty() {
            entry["unknown"] = json!(case.reasons);
        }
        entry
    });
    Ok(written.collect())
}

impl<'a> RuleJudgement<'a> {
    /// The outcome for the facts with this index.
    pub fn outcome(&self, facts: usize) -> &Outcome {
        &self.outcomes[self.of_facts[facts]]
    }

    pub fn counts(&self, subjects: &Subjects) -> Counts {
        let mut counts = Counts::default();
        for subject in &subjects.of(self.kind).subjects {
            let outcome = self.outcome(subject.facts);
            counts.violations += outcome.violations.len();
            match outcome.verdict {
                Verdict::Fail => counts.fail += 1,
                Verdict::Unknown => counts.unknown += 1,
                Verdict::Pass => counts.pass += 1,
                Verdict::NotApplicable => counts.not_applicable += 1,
            }
        }
        counts
    }

    /// Its findings, in the order of their subjects' ids.
    pub fn findings<'s>(&'s self, subjects: &'s SubjectsOfKind<'s>) -> impl Iterator<Item = Finding<'s>> {
        subjects.subjects.iter().flat_map(move |subject| self.findings_on(subject, subjects))
    }

    /// Its findings on one subject.
    pub fn findings_on<'s>(&'s self, subject: &'s Subject<'s>, subjects: &'s SubjectsOfKind<'s>) -> impl Iterator<Item = Finding<'s>> {
        let outcome = self.outcome(subject.facts);
        let finding =
            Finding { rule: self.rule, kind: self.kind, subject, facts: subjects.facts_of(subject), outcome, violation: None, ordinal: 0 };
        let alone = outcome.violations.is_empty().then_some(finding);
        let mut seen: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
        let violations = outcome.violations.iter().map(move |violation| {
            let count = seen.entry((&violation.at, violation.of.as_deref())).or_default();
            *count += 1;
            Finding { violation: Some(violation), ordinal: *count - 1, ..finding }
        });
        alone.into_iter().chain(violations)
    }
}

impl Audit<'_> {
    /// All findings: the most severe rules first, then by rule, then by subject.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        self.judgements.iter().flat_map(|judgement| judgement.findings(self.subjects.of(judgement.kind)))
    }

    /// Whether a rule itself went wrong.
    pub fn rule_errors(&self) -> impl Iterator<Item = &Reason> {
        let outcomes = self.judgements.iter().flat_map(|judgement| &judgement.outcomes);
        outcomes.flat_map(|outcome| &outcome.reasons).filter(|reason| reason.cause == Cause::RuleError)
    }
}
