//! JUnit's XML, as Jenkins' schema has it: a suite for each rule, a case for each subject. Only what is known to hold is green.
//! Counts stand at the suites alone, because the schema's versions do not agree on any others.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::clauses::clauses;
use super::{Report, plain};
use crate::audit::{Finding, RuleJudgement, Verdict};
use crate::exit::Exit;

/// Cases of one rule that passed or were skipped; the rest is counted, lest the fine recovery points of a large account fill gigabytes.
const FINE_LISTED: usize = 1_000;

/// What a CI system is told of a subject.
enum Case {
    Pass,
    Fail,
    /// Unknown is red: CI systems show what is skipped as if it did not matter.
    Error,
    /// The rule does not concern it.
    Skip,
    /// Somebody accepts it until a date.
    Waived,
    /// It was there before the change that the run is about.
    Known,
}

/// The suites in the order of the rules, after one that tells what the run comes to.
pub fn write(report: &Report, out: impl Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites").with_attribute(("name", "backstop")).write_inner_content(|xml| {
        conclusion(report, xml)?;
        report.audit.judgements.iter().try_for_each(|judgement| suite(report, judgement, xml))
    })?;
    xml.get_mut().write_all(b"\n")
}

/// Without it a run in which nothing was there to judge would have no case that is not green.
fn conclusion(report: &Report, xml: &mut Writer<impl Write>) -> io::Result<()> {
    let exit = report.conclusion.exit;
    let reason = plain(&report.conclusion.reason);
    let mut counts = Counts { tests: 1, ..Counts::default() };
    match exit {
        Exit::Clean => {}
        Exit::Findings => counts.failures = 1,
        _ => counts.errors = 1,
    }
    open(report, "backstop", &counts, xml).write_inner_content(|xml| {
        properties(xml, [("as_of", report.audit.as_of.to_string()), ("snapshot_sha256", report.snapshot.digest.clone())])?;
        let case = xml.create_element("testcase").with_attributes([("name", "conclusion"), ("classname", "backstop")]);
        match exit {
            Exit::Clean => case.write_empty()?,
            Exit::Findings => case.write_inner_content(|xml| told(xml, "failure", &reason, exit.meaning(), &reason))?,
            _ => case.write_inner_content(|xml| told(xml, "error", &reason, exit.meaning(), &reason))?,
        };
        xml.create_element("system-out").write_text_content(BytesText::new(&reason))?;
        Ok(())
    })?;
    Ok(())
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    not_listed: usize,
}

fn open<'w, W: Write>(report: &Report, name: &str, counts: &Counts, xml: &'w mut Writer<W>) -> quick_xml::writer::ElementWriter<'w, W> {
    let number = |count: usize| count.to_string();
    xml.create_element("testsuite")
        .with_attribute(("name", plain(name).as_ref()))
        .with_attribute(("tests", number(counts.tests).as_str()))
        .with_attribute(("failures", number(counts.failures).as_str()))
        .with_attribute(("errors", number(counts.errors).as_str()))
        .with_attribute(("skipped", number(counts.skipped).as_str()))
        .with_attribute(("timestamp", report.audit.as_of.to_string().as_str()))
}

fn properties<W: Write>(xml: &mut Writer<W>, entries: impl IntoIterator<Item = (impl AsRef<str>, String)>) -> io::Result<()> {
    xml.create_element("properties").write_inner_content(|xml| {
        for (name, value) in entries {
            let attributes = [("name", plain(name.as_ref())), ("value", plain(&value))];
            xml.create_element("property").with_attributes(attributes.iter().map(|(key, text)| (*key, text.as_ref()))).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

fn suite(report: &Report, judgement: &RuleJudgement, xml: &mut Writer<impl Write>) -> io::Result<()> {
    let subjects = report.audit.subjects.of(judgement.kind);
    let mut counts = Counts::default();
    let mut fine = 0;
    let mut cases = Vec::new();
    for subject in &subjects.subjects {
        let findings: Vec<Finding> = judgement.findings_on(subject, subjects).collect();
        let Some(first) = findings.first() else { continue };
        let case = match first.verdict() {
            Verdict::NotApplicable => Case::Skip,
            Verdict::Pass => Case::Pass,
            Verdict::Fail if findings.iter().all(|finding| report.audit.waiving(finding).is_some()) => Case::Waived,
            Verdict::Fail | Verdict::Unknown if !findings.iter().any(|finding| report.shows(finding)) => Case::Known,
            Verdict::Fail => Case::Fail,
            Verdict::Unknown => Case::Error,
        };
        if matches!(case, Case::Pass | Case::Skip) {
            fine += 1;
            if fine > FINE_LISTED {
                counts.not_listed += 1;
                continue;
            }
        }
        counts.tests += 1;
        match case {
            Case::Pass => {}
            Case::Fail => counts.failures += 1,
            Case::Error => counts.errors += 1,
            Case::Skip | Case::Waived | Case::Known => counts.skipped += 1,
        }
        cases.push((subject, case));
    }
    let rule = judgement.rule;
    open(report, &rule.id, &counts, xml).write_inner_content(|xml| {
        let own = [("title".to_owned(), rule.metadata.title.clone()), ("severity".to_owned(), rule.severity.to_string())];
        let clauses = clauses(rule).map(|clause| (format!("{} {}", clause.framework, clause.clause), clause.strength.to_string()));
        properties(xml, own.into_iter().chain(clauses))?;
        for (subject, case) in &cases {
            let findings: Vec<Finding> = judgement.findings_on(subject, subjects).filter(|finding| shown(report, finding, case)).collect();
            write_case(report, &findings, case, xml)?;
        }
        if counts.not_listed > 0 {
            let text = format!("{} more subjects that do not violate the rule are not listed.", counts.not_listed);
            xml.create_element("system-out").write_text_content(BytesText::new(&text))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A case that fails tells only of what makes it fail.
fn shown(report: &Report, finding: &Finding, case: &Case) -> bool {
    !matches!(case, Case::Fail) || report.shows(finding)
}

fn write_case(report: &Report, findings: &[Finding], case: &Case, xml: &mut Writer<impl Write>) -> io::Result<()> {
    let Some(first) = findings.first() else { return Ok(()) };
    // Jenkins takes what stands before the last dot for a package: the family.
    let class = plain(&first.rule.id).replace('/', ".");
    let name = plain(&first.subject.id);
    let element = xml.create_element("testcase").with_attributes([("name", name.as_ref()), ("classname", class.as_str())]);
    let message = plain(&first.message()).into_owned();
    match case {
        Case::Pass => _ = element.write_empty()?,
        Case::Skip => _ = element.write_inner_content(|xml| told(xml, "skipped", &message, "not_applicable", ""))?,
        Case::Waived => {
            let why = report.audit.waiving(first).map(|waiving| plain(&waiving.waiver.justification()).into_owned()).unwrap_or_default();
            let message = format!("Waived ({why}): {message}");
            element.write_inner_content(|xml| told(xml, "skipped", &message, "waived", &body(report, findings)))?;
        }
        Case::Known => {
            let message = format!("It was there before: {message}");
            element.write_inner_content(|xml| told(xml, "skipped", &message, "known", &body(report, findings)))?;
        }
        Case::Error => _ = element.write_inner_content(|xml| told(xml, "error", &message, "unknown", &body(report, findings)))?,
        Case::Fail => {
            let more = findings.len() - 1;
            let message = if more == 0 { message } else { format!("{message} (and {more} more)") };
            element.write_inner_content(|xml| told(xml, "failure", &message, first.rule.severity.name(), &body(report, findings)))?;
        }
    }
    Ok(())
}

fn told<W: Write>(xml: &mut Writer<W>, element: &str, message: &str, kind: &str, body: &str) -> io::Result<()> {
    let element = xml.create_element(element).with_attributes([("message", message), ("type", kind)]);
    if body.is_empty() {
        element.write_empty()?
    } else {
        element.write_text_content(BytesText::new(body))?
    };
    Ok(())
}

/// Lines that lead to the evidence.
fn body(report: &Report, findings: &[Finding]) -> String {
    let mut lines = Vec::new();
    for finding in findings {
        lines.push(plain(&finding.message()).into_owned());
        if finding.verdict() == Verdict::Fail {
            lines.push(format!("Do: {}", plain(finding.rule.metadata.custom.remediation.trim())));
        }
        let name = plain(finding.subject.name());
        lines.push(format!("About: {} '{name}' in {} {}", finding.kind.noun(1), finding.facts.account, finding.facts.region));
        if let Some(declaration) = report.declaration(finding) {
            lines.push(format!("Declared at: {}:{}", plain(&declaration.span.file), declaration.span.line));
        }
        lines.push(format!("Fingerprint: {}", finding.fingerprint()));
    }
    lines.push(format!("Snapshot: {}", report.snapshot.digest));
    lines.join("\n")
}
