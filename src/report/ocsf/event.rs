//! An event as OCSF has it, member by member. It borrows: there may be an event for each of a million verdicts.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::snapshot::Declaration;

#[derive(Serialize)]
pub struct Event<'a> {
    pub activity_id: u64,
    pub activity_name: &'static str,
    pub category_uid: u64,
    pub category_name: &'static str,
    pub class_uid: u64,
    pub class_name: &'static str,
    pub type_uid: u64,
    pub type_name: String,
    /// Milliseconds since 1970.
    pub time: i64,
    pub severity_id: u64,
    pub severity: &'static str,
    pub message: &'a str,
    pub metadata: &'a RawValue,
    pub cloud: Cloud<'a>,
    pub finding_info: FindingInfo<'a>,
    pub compliance: Compliance<'a>,
    pub resources: [Resource<'a>; 1],
    pub evidences: [Evidence<'a>; 1],
    pub unmapped: Unmapped<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remediation: Option<Remediation<'a>>,
}

#[derive(Serialize)]
pub struct Cloud<'a> {
    pub provider: &'static str,
    pub account: Account<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub region: &'a str,
}

#[derive(Serialize)]
pub struct Account<'a> {
    pub uid: &'a str,
    pub r#type: &'static str,
    pub type_id: u64,
}

#[derive(Serialize)]
pub struct FindingInfo<'a> {
    pub uid: &'a str,
    pub title: &'a str,
    pub desc: &'a str,
    pub analytic: Analytic<'a>,
}

#[derive(Serialize)]
pub struct Analytic<'a> {
    pub uid: &'a str,
    pub name: &'a str,
    pub r#type: &'static str,
    pub type_id: u64,
}

#[derive(Serialize)]
pub struct Compliance<'a> {
    pub control: &'a str,
    pub standards: &'a RawValue,
    pub requirements: &'a RawValue,
    pub control_parameters: Vec<Parameter<'a>>,
    pub status: &'static str,
    pub status_id: u64,
    pub status_details: Vec<String>,
}

/// OCSF's values are texts.
#[derive(Serialize)]
pub struct Parameter<'a> {
    pub name: &'a str,
    pub value: String,
}

#[derive(Serialize)]
pub struct Resource<'a> {
    pub uid: &'a str,
    pub name: &'a str,
    pub r#type: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub region: &'a str,
}

#[derive(Serialize)]
pub struct Evidence<'a> {
    pub uid: &'a str,
    pub name: &'static str,
    pub data: &'a Value,
    /// Of the bundle that the same run made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<&'a RawValue>,
}

/// What OCSF has no member for.
#[derive(Serialize)]
pub struct Unmapped<'a> {
    pub verdict: &'static str,
    pub clauses: &'a RawValue,
    pub snapshot_sha256: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declaration: Option<&'a Declaration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle: Option<&'a RawValue>,
}

#[derive(Serialize)]
pub struct Remediation<'a> {
    pub desc: &'a str,
    pub references: &'a RawValue,
}
