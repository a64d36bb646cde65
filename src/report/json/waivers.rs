//! Waivers in the JSON report: on a finding, and all of them with what they came to.

use schemars::JsonSchema;
use serde::Serialize;

use serde_json::{Value, json};

use crate::audit::{Audit, Finding, Waiver, Waiving, Waivings};

const SCHEMA: &str = "backstop/waivers/1";

/// Why a failure does not count.
#[derive(Serialize, JsonSchema)]
pub struct WaiverOut<'a> {
    reason: &'a str,
    /// The last day, in UTC, on which it waives.
    expires: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    approver: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<&'a str>,
    file: &'a str,
    line: usize,
}

/// A waiver, and what it came to.
#[derive(Serialize, JsonSchema)]
pub struct WaivingOut<'a> {
    /// The rule's id.
    rule: &'a str,
    /// What the subject's id must match; `*` stands for any run of characters, `?` for one.
    resource: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    /// `active`, `lapsing` (it holds, and soon will not) or `lapsed` (it waives nothing any more).
    status: &'a str,
    /// Until its last day; negative where that has passed.
    days_left: i64,
    /// `used`; `unused`; `undecided` where something that it may be about could not be judged; `not_audited` where its rule is switched
    /// off, or its account or Region was not looked at. Left out where there was no audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<&'a str>,
    /// How many findings it is about. One that has lapsed waives none of them. Left out where there was no audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<usize>,
    #[serde(flatten)]
    waiver: WaiverOut<'a>,
}

impl<'a> WaiverOut<'a> {
    /// That of a finding; `None` where the finding counts.
    pub fn of_finding(finding: &Finding, audit: &'a Audit<'a>) -> Option<Self> {
        audit.waiving(finding).map(|waiving| WaiverOut::of(waiving.waiver, &audit.waivers))
    }

    pub fn of(waiver: &'a Waiver, waivings: &Waivings<'a>) -> Self {
        let Waiver { reason, expires, approver, ticket, line, .. } = waiver;
        let file = waivings.waivers.map_or("", |waivers| waivers.file.as_str());
        WaiverOut { reason, expires: expires.to_string(), approver: approver.as_deref(), ticket: ticket.as_deref(), file, line: *line }
    }
}

impl<'a> WaivingOut<'a> {
    fn of(waiving: &Waiving<'a>, waivings: &Waivings<'a>) -> Self {
        let waiver = waiving.waiver;
        WaivingOut {
            rule: &waiver.rule,
            resource: &waiver.resource,
            account: waiver.account.as_deref(),
            region: waiver.region.as_deref(),
            status: waiving.standing.name(),
            days_left: waiving.days_left,
            effect: waiving.effect.map(|effect| effect.name()),
            findings: waiving.effect.map(|_| waiving.findings),
            waiver: WaiverOut::of(waiver, waivings),
        }
    }
}

/// All of them, in the file's order; `None` where there is no file.
pub fn all<'a>(waivings: &Waivings<'a>) -> Option<Vec<WaivingOut<'a>>> {
    waivings.waivers.map(|_| waivings.all.iter().map(|waiving| WaivingOut::of(waiving, waivings)).collect())
}

/// The list by itself.
pub fn list(waivings: &Waivings) -> Value {
    json!({ "schema": SCHEMA, "waivers": all(waivings).unwrap_or_default() })
}
