//! What AWS Backup does beside backing up: frameworks, report plans, restore testing, legal holds, tiers and scans. A list shows
//! less of an object than the call that is about it, so each has members that are not listed.

use serde_json::{Value, json};

use super::answer::Said;
use super::backup::{find, not_found};
use super::paging::Items;
use super::route::Route;
use super::world::{Member, member, on_the_wire, seen};

/// A kind of object: its collection in the world, what identifies it, what its list does not show, and the member without which
/// the caller may list it but not look at it.
struct Kind {
    collection: &'static str,
    identity: &'static str,
    unlisted: &'static [&'static str],
    described: Option<&'static str>,
}

const SCANS: Kind = Kind { collection: "ScanJobs", identity: "ScanJobId", unlisted: &[], described: None };
const FRAMEWORKS: Kind = Kind {
    collection: "Frameworks",
    identity: "FrameworkName",
    unlisted: &["FrameworkControls", "FrameworkStatus", "IdempotencyToken"],
    described: Some("FrameworkControls"),
};
const REPORTS: Kind = Kind { collection: "ReportPlans", identity: "ReportPlanName", unlisted: &[], described: None };
const TESTS: Kind = Kind {
    collection: "RestoreTestingPlans",
    identity: "RestoreTestingPlanName",
    unlisted: &["RecoveryPointSelection", "CreatorRequestId", "Selections"],
    described: Some("RecoveryPointSelection"),
};
const TESTED: Kind = Kind {
    collection: "Selections",
    identity: "RestoreTestingSelectionName",
    unlisted: &["ProtectedResourceArns", "ProtectedResourceConditions", "RestoreMetadataOverrides", "CreatorRequestId"],
    described: None,
};
const HOLDS: Kind = Kind {
    collection: "LegalHolds",
    identity: "LegalHoldId",
    unlisted: &["CancelDescription", "RetainRecordUntil", "RecoveryPointSelection"],
    described: None,
};
const TIERS: Kind = Kind {
    collection: "TieringConfigurations",
    identity: "TieringConfigurationName",
    unlisted: &["ResourceSelection", "CreatorRequestId"],
    described: Some("ResourceSelection"),
};

pub fn say<'a>(unit: &'a Value, route: &'a Route) -> Said<'a> {
    let subject = route.subject();
    let (plan, selection) = subject.split_once('/').unwrap_or((subject, ""));
    let in_plan = |then: &dyn Fn(&'a Value) -> Said<'a>| match find(unit, TESTS.collection, TESTS.identity, plan) {
        Some(plan) => then(plan),
        None => not_found(plan),
    };
    match route.operation.as_str() {
        "ListScanJobs" => listed(unit, &SCANS, "ScanJobs", route),
        "ListFrameworks" => listed(unit, &FRAMEWORKS, "Frameworks", route),
        "DescribeFramework" => got(unit, &FRAMEWORKS, subject, None, &["NumberOfControls"], route),
        "ListReportPlans" => listed(unit, &REPORTS, "ReportPlans", route),
        "ListRestoreTestingPlans" => listed(unit, &TESTS, "RestoreTestingPlans", route),
        "GetRestoreTestingPlan" => got(unit, &TESTS, subject, Some("RestoreTestingPlan"), &["Selections"], route),
        "ListRestoreTestingSelections" => in_plan(&|plan| listed(plan, &TESTED, "RestoreTestingSelections", route)),
        "GetRestoreTestingSelection" => in_plan(&|plan| got(plan, &TESTED, selection, Some("RestoreTestingSelection"), &[], route)),
        "ListLegalHolds" => listed(unit, &HOLDS, "LegalHolds", route),
        "GetLegalHold" => got(unit, &HOLDS, subject, None, &[], route),
        "ListTieringConfigurations" => listed(unit, &TIERS, "TieringConfigurations", route),
        "GetTieringConfiguration" => got(unit, &TIERS, subject, Some("TieringConfiguration"), &[], route),
        _ => Said::unknown(route),
    }
}

fn listed<'a>(of: &'a Value, kind: &'static Kind, wire: &'static str, route: &Route) -> Said<'a> {
    match seen(of, kind.collection) {
        Some(items) => {
            Said::List { items: Items::Of(items, Box::new(|item| on_the_wire(item, kind.unlisted))), member: wire, token: "NextToken" }
        }
        None => Said::denied(&route.action()),
    }
}

/// One object, without the members that only its list shows; where AWS wraps it, under the name of the wrapping.
fn got<'a>(of: &Value, kind: &Kind, id: &str, wrapping: Option<&str>, only_listed: &[&str], route: &Route) -> Said<'a> {
    let Some(object) = find(of, kind.collection, kind.identity, id) else { return not_found(id) };
    if kind.described.is_some_and(|name| matches!(member(object, name), Member::Hidden)) {
        return Said::denied(&route.action());
    }
    let sent = on_the_wire(object, only_listed);
    Said::Object(match wrapping {
        Some(name) => json!({ name: sent }),
        None => sent,
    })
}
