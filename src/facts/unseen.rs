//! Resources of a type whose own list is not whole: one subject stands for all that may have gone unseen. It is not in doubt about what
//! is known of them all the same. The tagging API lists whatever has or had tags, and AWS Backup whatever it has points of, so that
//! what neither shows has no tags and no points. Where no selection takes resources without tags, nobody promised them any.

use serde_json::{Map, Value, json};

use super::recovery::type_can_be_tested;
use super::select;
use super::subject::Facts;
use super::world::Region;
use crate::snapshot::{Collection, Observed, Reason, Tags, UNKNOWN};

/// The members of a resource's facts.
const FIELDS: [&str; 11] =
    ["name", "arn", "account", "region", "type", "tags", "selected_by", "coverage", "recovery", "jobs", "point_in_time"];

pub fn of_type(name: &str, reasons: &[Reason], region: &Region) -> Facts {
    let unknown = || json!({ UNKNOWN: reasons });
    let mut document: Map<String, Value> = FIELDS.iter().map(|field| ((*field).to_owned(), unknown())).collect();
    document.insert("account".to_owned(), json!(region.unit.account));
    document.insert("region".to_owned(), json!(region.unit.region));
    document.insert("type".to_owned(), json!(name));
    let may_have_points = !region.sight.gaps(Collection::ProtectedResources).is_empty();
    let mut facts = Facts::gap(region, reasons.to_vec());
    if !may_have_points && select::reasons_to_select_untagged(name, region).is_empty() {
        facts.tags = Observed::Known(Tags::default());
        document.insert("tags".to_owned(), json!({}));
        document.insert("selected_by".to_owned(), json!([]));
        document.insert(
            "coverage".to_owned(),
            json!({
                "exists": unknown(), "is_restore_test": false, "is_selected": false, "closest": null, "near_misses": [],
                "duplicates": [],
            }),
        );
        document.insert(
            "recovery".to_owned(),
            json!({
                "promised": false, "here": unknown(), "elsewhere": [], "recoverable": unknown(),
                "tests": {
                    "type_can_be_tested": type_can_be_tested(name), "types_read_on": unknown(), "is_covered": unknown(),
                    "covered_by": unknown(),
                },
                "restores": {
                    "last_restored_days_ago": unknown(), "last_validated_days_ago": unknown(), "slowest": unknown(), "last_test": null,
                },
                "proof_level": unknown(),
            }),
        );
        // Jobs of resources that no list shows are told by the account.
        document.insert("jobs".to_owned(), json!({ "any": false, "failures": [], "hours_since_success": unknown(), "due": null }));
        if name != "DynamoDB" {
            document.insert("point_in_time".to_owned(), Value::Null);
        }
    }
    facts.document = Value::Object(document);
    facts
}
