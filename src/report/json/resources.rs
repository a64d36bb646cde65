//! The JSON of a resource's recovery.

use schemars::JsonSchema;
use serde::Serialize;

use super::{FailureOut, SubjectOut};
use crate::audit::{Answer, Audit, FromPlace, Recovery};
use crate::facts::Kind;
use crate::policy::Place;
use crate::snapshot::Reason;

/// From where a resource can be recovered.
#[derive(Serialize, JsonSchema)]
pub struct ResourceOut<'a> {
    subject: SubjectOut<'a>,
    from: Vec<FromOut<'a>>,
}

/// Whether it can be recovered from one place.
#[derive(Serialize, JsonSchema)]
pub struct FromOut<'a> {
    place: Place,
    recoverable: Answer,
    /// How old the newest data there is, in whole hours. Null: there is none, or it is not known.
    newest_hours: Option<i64>,
    /// The findings that stand in the way, the most severe first.
    blocked_by: Vec<FailureOut<'a>>,
    /// Why it is `unknown`.
    reasons: &'a [Reason],
}

pub fn out<'a>(judged: &'a Recovery<'a>, audit: &'a Audit<'a>) -> ResourceOut<'a> {
    ResourceOut {
        subject: SubjectOut::of(Kind::Resource, judged.subject, judged.facts),
        from: judged.places.iter().map(|from| FromOut::of(from, audit)).collect(),
    }
}

impl<'a> FromOut<'a> {
    pub fn of(from: &'a FromPlace<'a>, audit: &'a Audit<'a>) -> Self {
        FromOut {
            place: from.place,
            recoverable: from.answer,
            newest_hours: from.newest_hours,
            blocked_by: from.blocked_by.iter().map(|finding| FailureOut::of(finding, audit)).collect(),
            reasons: &from.reasons,
        }
    }
}
