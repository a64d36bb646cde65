//! SARIF for GitHub code scanning: what should be an alert, within the limits that GitHub sets on an upload.
//! An alert that is missing from an upload is closed as fixed. So an account that was not fully seen is left out.

use std::collections::BTreeMap;

use super::sarif::{Notice, Rules, Run, TAGS_SHOWN, automation, by_account, driver, invocation, result, source_root, write};
use super::{Report, plain};
use crate::audit::{Finding, Verdict};
use crate::code_scanning::limits::{RESULTS, RESULTS_SHOWN, RUNS};

/// How many reasons are told for an account that is left out.
const REASONS_TOLD: usize = 3;

/// The file, and the accounts that it leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// `None`: every account is left out, and there must be no file.
    pub bytes: Option<Vec<u8>>,
    pub withheld: Vec<Withheld>,
}

/// An account that has no run in the file, so that its alerts stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    pub account: String,
    /// Each without its full stop.
    pub reasons: Vec<String>,
}

/// One run for each account that was fully seen, with its failures: the most severe rules first, then by rule and subject.
/// An account without failures has a run without results, which closes its alerts. In `category`, `{account}` stands for
/// the account; where several accounts would share a category it is appended, since GitHub refuses a category twice.
pub fn render(report: &Report, category: &str) -> Result<Rendered, serde_json::Error> {
    let rules = Rules::of(report);
    // Code scanning knows no suppressions: the alert of what is waived is closed, and opened again when the waiver lapses.
    let accounts = by_account(report, |docket: &mut Docket, finding| docket.add(finding, report.audit.waiving(&finding).is_some()));
    let several = accounts.len() > 1;
    let driver = driver(&rules, TAGS_SHOWN);
    let press = |finding: &Finding| result(finding, &rules, report.declaration(finding));
    let mut runs = Vec::new();
    let mut withheld = Vec::new();
    for (account, docket) in accounts {
        let is_declared = !source_of(account, report).is_empty();
        let reasons = match if is_declared { docket.of_source_code(report) } else { docket.blindness() } {
            reasons if !reasons.is_empty() => reasons,
            _ if runs.len() == RUNS => vec![format!("a file holds at most {RUNS} accounts; audit this one separately")],
            _ => {
                let invocation = invocation(report, &rules, docket.not_shown().into_iter().collect());
                let category = category_of(account, category, several) + source_of(account, report);
                let automation = automation(&category, report.audit);
                let mut run = Run::new(driver.clone(), invocation, automation, docket.failures, &press);
                run.frame.original_uri_base_ids = source_root(report);
                runs.push(run);
                continue;
            }
        };
        withheld.push(Withheld { account: plain(account).into_owned(), reasons });
    }
    let bytes = if runs.is_empty() { None } else { Some(write(runs)?) };
    Ok(Rendered { bytes, withheld })
}

fn category_of(account: &str, category: &str, several: bool) -> String {
    let category = category.trim().trim_end_matches('/');
    if several && !category.contains("{account}") {
        return format!("{category}/{account}");
    }
    category.replace("{account}", account)
}

/// What is found in source code and what is found in the account must not close each other's alerts.
fn source_of(account: &str, report: &Report) -> &'static str {
    let mut units = report.snapshot.units.iter().filter(|unit| unit.account == account).peekable();
    if units.peek().is_some() && units.all(|unit| unit.is_declared) { "/terraform" } else { "" }
}

/// The failures of one account, and what was not seen of it.
#[derive(Default)]
struct Docket<'a> {
    /// No more than fit into a run.
    failures: Vec<Finding<'a>>,
    failures_in_all: usize,
    /// Whether a rule passed or failed on anything.
    judged: bool,
    /// Unknown verdicts that more permissions or another run could settle.
    blind: usize,
    /// Why, and of how many verdicts.
    reasons: BTreeMap<&'a str, usize>,
}

impl<'a> Docket<'a> {
    fn add(&mut self, finding: Finding<'a>, is_waived: bool) {
        self.judged |= matches!(finding.verdict(), Verdict::Pass | Verdict::Fail);
        match finding.verdict() {
            Verdict::Fail if is_waived => {}
            Verdict::Fail => {
                self.failures_in_all += 1;
                if self.failures.len() < RESULTS {
                    self.failures.push(finding);
                }
            }
            Verdict::Unknown => {
                let mut blinding = finding
                    .outcome
                    .reasons
                    .iter()
                    .filter(|reason| reason.cause.is_blindness() && !reason.cause.is_of_source_code())
                    .peekable();
                self.blind += usize::from(blinding.peek().is_some());
                for reason in blinding {
                    *self.reasons.entry(&reason.detail).or_default() += 1;
                }
            }
            Verdict::Pass | Verdict::NotApplicable => {}
        }
    }

    /// Why what Terraform declares must be left out. What source code cannot tell it never tells, so only what was not read counts.
    fn of_source_code(&self, report: &Report) -> Vec<String> {
        let partial = report.snapshot.partial.iter().map(|reason| plain(reason).into_owned());
        partial.chain(self.nothing_to_judge()).collect()
    }

    fn nothing_to_judge(&self) -> Option<String> {
        (!self.judged).then(|| "nothing was there to judge".to_owned())
    }

    /// Why the account must be left out; empty when it was fully seen.
    fn blindness(&self) -> Vec<String> {
        if self.blind == 0 {
            return self.nothing_to_judge().into_iter().collect();
        }
        let mut by_weight: Vec<(&str, usize)> = self.reasons.iter().map(|(detail, count)| (*detail, *count)).collect();
        by_weight.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let verdicts = if self.blind == 1 { "1 verdict is unknown".to_owned() } else { format!("{} verdicts are unknown", self.blind) };
        let told = by_weight.iter().take(REASONS_TOLD).map(|(detail, _)| plain(detail).into_owned());
        let more = match by_weight.len().saturating_sub(REASONS_TOLD) {
            0 => None,
            1 => Some("and 1 other reason".to_owned()),
            more => Some(format!("and {more} other reasons")),
        };
        std::iter::once(verdicts).chain(told).chain(more).collect()
    }

    /// What is beyond GitHub's limits.
    fn not_shown(&self) -> Option<serde_sarif::sarif::Notification> {
        let listed = self.failures.len();
        (listed > RESULTS_SHOWN).then(|| {
            let beyond = match self.failures_in_all - listed {
                0 => String::new(),
                beyond => format!(" {beyond} of them are not in this file, since GitHub takes no more than {RESULTS}."),
            };
            let text = format!(
                "There are {} findings, of which code scanning shows the {RESULTS_SHOWN} most severe.{beyond}",
                self.failures_in_all
            );
            Notice::FindingsNotShown.notification(&text)
        })
    }
}
