//! What a viewer must know besides the results: calls that brought nothing, and what is not listed.

use serde_json::json;
use serde_sarif::sarif::{
    ConfigurationOverride, Invocation, MultiformatMessageString, Notification, ReportingConfiguration, ReportingDescriptor,
    ReportingDescriptorReference,
};

use super::rules::name;
use super::{Rules, message, properties};
use crate::report::waivers::{self, Concern};
use crate::report::{Report, UnitSummary, plain};
use crate::snapshot::{Call, Outcome};

/// What a notification can be about, in the order of `driver.notifications`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    CallDenied,
    CallThrottled,
    CallFailed,
    CallTruncated,
    CallSkipped,
    VerdictsNotListed,
    FindingsNotShown,
    WaiverLapsed,
    WaiverOfConcern,
}

struct Described {
    id: &'static str,
    level: &'static str,
    meaning: &'static str,
    advice: &'static str,
}

impl Notice {
    const ALL: [Notice; 9] = [
        Notice::CallDenied,
        Notice::CallThrottled,
        Notice::CallFailed,
        Notice::CallTruncated,
        Notice::CallSkipped,
        Notice::VerdictsNotListed,
        Notice::FindingsNotShown,
        Notice::WaiverLapsed,
        Notice::WaiverOfConcern,
    ];

    fn described(self) -> Described {
        let described = |id, level, meaning, advice| Described { id, level, meaning, advice };
        let allow = "Give the caller permission for the action, and audit again.";
        let again = "Audit again.";
        match self {
            Notice::CallDenied => described("call-denied", "warning", "AWS refused a call that the audit needs.", allow),
            Notice::CallThrottled => described("call-throttled", "warning", "AWS throttled a call until it was given up.", again),
            Notice::CallFailed => described("call-failed", "warning", "A call that the audit needs failed.", again),
            Notice::CallTruncated => described("call-truncated", "warning", "A listing ended before its last page.", again),
            Notice::CallSkipped => described(
                "call-skipped",
                "note",
                "A call was not made, by choice or because one before it failed.",
                "Look for the call before it.",
            ),
            Notice::VerdictsNotListed => described(
                "verdicts-not-listed",
                "note",
                "Subjects that are fine were counted and not listed.",
                "The JSON report lists all of them.",
            ),
            Notice::FindingsNotShown => described(
                "findings-not-shown",
                "warning",
                "There are more findings than code scanning shows.",
                "The complete SARIF report lists all of them.",
            ),
            Notice::WaiverLapsed => described(
                "waiver-lapsed",
                "warning",
                "A waiver has lapsed, and what it waived counts again.",
                "Mend what it is about, or accept it anew.",
            ),
            Notice::WaiverOfConcern => described(
                "waiver-of-concern",
                "note",
                "A waiver lapses soon, holds for very long or waives nothing.",
                "Look at its line in the waivers file.",
            ),
        }
    }

    pub fn notification(self, text: &str) -> Notification {
        let Described { id, level, .. } = self.described();
        let descriptor =
            ReportingDescriptorReference { id: Some(id.to_owned()), index: Some(self as i64), ..ReportingDescriptorReference::default() };
        Notification::builder().descriptor(descriptor).level(level).message(message(plain(text))).build()
    }

    fn of_call(call: &Call, unit: &UnitSummary) -> Option<Notification> {
        let (notice, what) = match call.outcome {
            Outcome::Ok => return None,
            Outcome::Denied => (Notice::CallDenied, "was denied"),
            Outcome::Throttled => (Notice::CallThrottled, "was throttled until it was given up"),
            Outcome::Failed => (Notice::CallFailed, "failed"),
            Outcome::Truncated => (Notice::CallTruncated, "ended before its last page"),
            Outcome::Skipped => (Notice::CallSkipped, "was not made"),
        };
        let on = call.subject.as_ref().map(|subject| format!(" on '{subject}'")).unwrap_or_default();
        let error = call.error.as_ref().map(|error| format!(" AWS said: {error}")).unwrap_or_default();
        let mut notification = notice.notification(&format!("{}{on} in {}/{} {what}.{error}", call.action(), unit.account, unit.region));
        notification.time_utc = call.time.map(|time| time.to_string());
        notification.properties = Some(properties([
            ("account", json!(unit.account)),
            ("region", json!(unit.region)),
            ("action", json!(call.action())),
            ("requestIds", json!(call.request_ids)),
        ]));
        Some(notification)
    }
}

pub fn descriptors() -> Vec<ReportingDescriptor> {
    let text = |text: &str| MultiformatMessageString::builder().text(text).build();
    let descriptor = |notice: Notice| {
        let Described { id, level, meaning, advice } = notice.described();
        ReportingDescriptor::builder()
            .id(id)
            .name(name(id))
            .short_description(text(meaning))
            .full_description(text(&format!("{meaning} {advice}")))
            .help(text(advice))
            .default_configuration(ReportingConfiguration { level: Some(level.into()), ..ReportingConfiguration::default() })
            .build()
    };
    Notice::ALL.into_iter().map(descriptor).collect()
}

/// How the run ended. It succeeded even where calls did not: what was not seen is told call by call and verdict by verdict.
pub fn invocation(report: &Report, rules: &Rules, notifications: Vec<Notification>) -> Invocation {
    let disabled = report.audit.disabled.iter().filter(|id| rules.index(id).is_some());
    let off = || ReportingConfiguration { enabled: Some(false), ..ReportingConfiguration::default() };
    let overrides: Vec<_> =
        disabled.map(|id| ConfigurationOverride::builder().configuration(off()).descriptor(rules.reference(id)).build()).collect();
    let mut invocation = Invocation::builder()
        .execution_successful(true)
        .exit_code(i64::from(report.conclusion.exit.code()))
        .exit_code_description(plain(&report.conclusion.reason))
        .tool_execution_notifications(notifications)
        .build();
    let waivers = waivers::said(report.audit).into_iter().map(|said| match said.concern {
        Concern::Lapsed => Notice::WaiverLapsed.notification(&said.sentence),
        Concern::TooLong | Concern::Lapsing | Concern::Unused => Notice::WaiverOfConcern.notification(&said.sentence),
    });
    invocation.tool_configuration_notifications = Some(waivers.collect::<Vec<_>>()).filter(|told| !told.is_empty());
    invocation.rule_configuration_overrides = Some(overrides).filter(|overrides| !overrides.is_empty());
    invocation
}

/// The calls of an account that were not answered.
pub fn calls<'r>(report: &'r Report, account: &'r str) -> impl Iterator<Item = Notification> + 'r {
    let units = report.snapshot.units.iter().filter(move |unit| unit.account == account);
    units.flat_map(|unit| unit.calls_not_ok.iter().filter_map(|call| Notice::of_call(call, unit)))
}
