//! Whether CloudTrail writes down what is done to backups in a Region: a trail of all Regions that logs management events.

use schemars::JsonSchema;
use serde::Serialize;

use super::truth::{any, every, unless};
use super::world::Region;
use crate::snapshot::{AdvancedEventSelector, Cause, Collection, EventSelector, FieldSelector, Observed, Reason, Trail};

/// The trails that log one Region.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TrailFacts {
    pub region: String,
    /// Whether one of them is of all Regions, is logging, and takes AWS Backup's changing management events.
    pub covered: Observed<bool>,
    /// What each trail of the Region that does not cover it lacks, in the order of their names.
    pub short: Observed<Vec<TrailFault>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct TrailFault {
    pub trail: String,
    pub fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It logs one Region only.
    OneRegion,
    /// It is switched off.
    NotLogging,
    /// Its selectors leave out management events that change something, or AWS Backup's.
    Selectors,
}

const BACKUP: &str = "backup.amazonaws.com";

impl TrailFacts {
    pub fn of(region: &Region) -> Self {
        let gaps = region.sight.gaps(Collection::Trails);
        let faults: Vec<Observed<Option<TrailFault>>> = region.unit.trails.iter().map(|trail| fault(trail, region)).collect();
        let covers = faults.iter().cloned().map(|fault| fault.map(|fault| fault.is_none()));
        let covered = any(covers.chain([unless(gaps.clone())]));
        let listed = if gaps.is_empty() { Observed::Known(()) } else { Observed::Unknown(gaps) };
        let short = listed.and_then(|()| super::world::all(faults)).map(|faults| {
            let mut faults: Vec<TrailFault> = faults.into_iter().flatten().collect();
            faults.sort();
            faults
        });
        TrailFacts { region: region.unit.region.clone(), covered, short }
    }
}

/// The first thing that keeps a trail from covering the Region; `None` where nothing does.
fn fault(trail: &Trail, region: &Region) -> Observed<Option<TrailFault>> {
    let name = trail.name.known().unwrap_or(&trail.trail_arn).clone();
    let found = |fault| Observed::Known(Some(TrailFault { trail: name.clone(), fault }));
    trail.is_multi_region_trail.clone().required("IsMultiRegionTrail").and_then(|everywhere| {
        if !everywhere {
            return found(Fault::OneRegion);
        }
        let status = region.sight.member(&trail.status, "cloudtrail:GetTrailStatus", &trail.trail_arn).required("Status");
        status.and_then(|status| status.is_logging.required("IsLogging")).and_then(|logging| {
            if !logging {
                return found(Fault::NotLogging);
            }
            takes_changes(trail, region).and_then(|takes| if takes { Observed::Known(None) } else { found(Fault::Selectors) })
        })
    })
}

/// Whether the trail takes the management events by which backups are changed.
fn takes_changes(trail: &Trail, region: &Region) -> Observed<bool> {
    // Without selectors of its own a trail takes all management events, which DescribeTrails tells as well.
    if trail.has_custom_event_selectors.known() == Some(&false) {
        return Observed::Known(true);
    }
    const ACTION: &str = "cloudtrail:GetEventSelectors";
    if let Some(reason) = region.sight.failure(ACTION, &trail.trail_arn) {
        return Observed::unknown(reason);
    }
    match (&trail.event_selectors, &trail.advanced_event_selectors) {
        (Observed::Known(selectors), _) if !selectors.is_empty() => any(selectors.iter().map(basic)),
        (_, Observed::Known(selectors)) if !selectors.is_empty() => any(selectors.iter().map(advanced)),
        (Observed::Unknown(_), Observed::Unknown(_)) => {
            region.sight.member(&trail.event_selectors, ACTION, &trail.trail_arn).map(|_| false)
        }
        _ => {
            Observed::unknown(Reason::new(Cause::NotObserved, format!("the snapshot does not hold the selectors of '{}'", trail.trail_arn)))
        }
    }
}

fn basic(selector: &EventSelector) -> Observed<bool> {
    every([
        // AWS's defaults (API: EventSelector).
        selector.include_management_events.clone().absent_is(true),
        selector.read_write_type.as_ref().map(|takes| takes == "All" || takes == "WriteOnly").absent_is(true),
        selector.exclude_management_event_sources.as_ref().map(|without| !without.iter().any(|source| source == BACKUP)).absent_is(true),
    ])
}

fn advanced(selector: &AdvancedEventSelector) -> Observed<bool> {
    selector.field_selectors.clone().required("FieldSelectors").and_then(|fields| {
        let is_of_management = any(fields.iter().filter(|one| one.field == "eventCategory").map(|one| holds(one, "Management")));
        let rest = fields.iter().filter(|one| one.field != "eventCategory").map(|one| match one.field.as_str() {
            "readOnly" => holds(one, "false"),
            "eventSource" => holds(one, BACKUP),
            "eventType" => holds(one, "AwsApiCall"),
            other => {
                Observed::unknown(Reason::new(Cause::Undetermined, format!("an event selector goes by '{other}', which is not evaluated")))
            }
        });
        every([is_of_management].into_iter().chain(rest))
    })
}

/// Whether a field with this value fulfils a selector: one of what it asks for, and nothing of what it excludes.
fn holds(selector: &FieldSelector, value: &str) -> Observed<bool> {
    type Comparison = fn(&str, &str) -> bool;
    let equal: Comparison = |value, text| value == text;
    let starts: Comparison = |value, text| value.starts_with(text);
    let ends: Comparison = |value, text| value.ends_with(text);
    let found =
        |texts: &Observed<Vec<String>>, compare: Comparison| texts.as_ref().map(|texts| texts.iter().any(|text| compare(value, text)));
    let asks = [(&selector.equals, equal), (&selector.starts_with, starts), (&selector.ends_with, ends)];
    let excludes = [(&selector.not_equals, equal), (&selector.not_starts_with, starts), (&selector.not_ends_with, ends)];
    let is_set = |texts: &Observed<Vec<String>>| !texts.is_absent() && texts.known().is_none_or(|texts| !texts.is_empty());
    let asked: Vec<_> = asks.into_iter().filter(|(texts, _)| is_set(texts)).collect();
    let fulfilled = if asked.is_empty() { Observed::Known(true) } else { any(asked.into_iter().map(|(texts, by)| found(texts, by))) };
    let excluded = excludes.into_iter().filter(|(texts, _)| is_set(texts)).map(|(texts, by)| found(texts, by));
    every([fulfilled, super::truth::not(any(excluded))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Unit;
    use serde_json::{Value, json};

    fn covered(trail: Value, complete: bool) -> TrailFacts {
        let complete = if complete { json!(["Trails"]) } else { json!([]) };
        let unit = json!({"Account": "111122223333", "Region": "us-east-1", "Source": "aws", "Complete": complete, "Trails": [trail]});
        let unit: Unit = serde_json::from_value(unit).unwrap();
        TrailFacts::of(&Region::of(&unit))
    }

    fn trail(changes: Value) -> Value {
        let mut trail = json!({
            "TrailARN": "arn:t", "Name": "audit", "IsMultiRegionTrail": true, "Status": {"IsLogging": true},
            "EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": true, "ExcludeManagementEventSources": ["kms.amazonaws.com"]}],
        });
        trail.as_object_mut().unwrap().extend(changes.as_object().cloned().unwrap());
        trail
    }

    #[test]
    fn a_trail_covers_a_region_where_it_logs_all_regions_and_the_changes_of_backups() {
        assert_eq!(covered(trail(json!({})), true).covered, Observed::Known(true));
        assert_eq!(covered(trail(json!({})), false).covered, Observed::Known(true));
        for (changes, fault) in [
            (json!({"IsMultiRegionTrail": false, "Status": null}), Fault::OneRegion),
            (json!({"Status": {"IsLogging": false}}), Fault::NotLogging),
            (json!({"EventSelectors": [{"ReadWriteType": "ReadOnly"}]}), Fault::Selectors),
            (json!({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": false}]}), Fault::Selectors),
        ] {
            let facts = covered(trail(changes.clone()), true);
            assert_eq!(facts.covered, Observed::Known(false), "{changes}");
            assert_eq!(facts.short, Observed::Known(vec![TrailFault { trail: "audit".to_owned(), fault }]));
            assert!(covered(trail(changes), false).covered.is_unknown());
        }
    }

    #[test]
    fn advanced_selectors_are_read_field_by_field() {
        let advanced = |fields: Value| {
            let mut trail = trail(json!({"AdvancedEventSelectors": [{"FieldSelectors": fields}]}));
            trail.as_object_mut().unwrap().remove("EventSelectors");
            covered(trail, true).covered
        };
        let management = json!({"Field": "eventCategory", "Equals": ["Management"]});
        assert_eq!(advanced(json!([management])), Observed::Known(true));
        assert_eq!(advanced(json!([management, {"Field": "readOnly", "Equals": ["true"]}])), Observed::Known(false));
        assert_eq!(advanced(json!([management, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}])), Observed::Known(true));
        assert_eq!(advanced(json!([management, {"Field": "eventSource", "NotEquals": [BACKUP]}])), Observed::Known(false));
        assert_eq!(advanced(json!([{"Field": "eventCategory", "Equals": ["Data"]}])), Observed::Known(false));
        assert!(advanced(json!([management, {"Field": "userIdentity.arn", "Equals": ["x"]}])).is_unknown());
    }

    #[test]
    fn what_was_not_asked_is_unknown_but_for_a_trail_that_has_no_selectors() {
        let mut unasked = trail(json!({}));
        unasked.as_object_mut().unwrap().remove("EventSelectors");
        assert!(covered(unasked.clone(), true).covered.is_unknown());
        unasked["HasCustomEventSelectors"] = json!(false);
        assert_eq!(covered(unasked, true).covered, Observed::Known(true));
        let mut unasked = trail(json!({}));
        unasked.as_object_mut().unwrap().remove("Status");
        assert!(covered(unasked, true).covered.is_unknown());
    }
}
