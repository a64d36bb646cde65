//! Whether a finding on something that a resource's recovery hangs on is about this resource, and from where it shuts it off.

use serde_json::Value;

use super::finding::Finding;
use crate::facts::{Facts, Kind, type_named};
use crate::policy::Place;
use crate::snapshot::Arn;

/// Some findings are about one resource type, one Region or one entry of a selection, which need not be the resource's.
pub fn concerns(finding: &Finding, resource: &Facts, arn: &str) -> bool {
    let Some(violation) = finding.violation else { return true };
    let of = violation.of.as_deref().unwrap_or_default();
    match finding.kind {
        Kind::Account => {
            // What is told of tables, of Regions, or of resources that no list shows.
            let is_region = finding.facts.document["regions"].as_array().is_some_and(|regions| regions.iter().any(|it| it == of));
            (!is_region || of == resource.region)
                && (!violation.at.starts_with("dynamodb.") || is_of(resource, "DynamoDB"))
                && !violation.at.starts_with("unlisted_resources.")
        }
        Kind::PlanRule | Kind::Role | Kind::Selection if type_named(of).is_some() => is_of(resource, of),
        Kind::Selection if of.starts_with("arn:") => arn.starts_with(of.split(['*', '?']).next().unwrap_or_default()),
        _ => true,
    }
}

/// True where the type is not known.
fn is_of(resource: &Facts, name: &str) -> bool {
    resource.document["type"].as_str().is_none_or(|own| own == name)
}

/// Whether a failure keeps a resource from being recovered from one place.
pub fn blocks(finding: &Finding, place: Place, resource: &Facts) -> bool {
    let blocks = &finding.rule.metadata.custom.blocks;
    let at = finding.violation.map_or("", |violation| violation.at.as_str());
    let of = finding.violation.and_then(|violation| violation.of.as_deref()).unwrap_or_default();
    let is_selected = resource.document["selected_by"].as_array().is_some_and(|plans| !plans.is_empty());
    blocks.contains(&place)
        // What keeps points from being made explains nothing where nobody wants them copied, nor does what keeps an account from copying.
        && (place == Place::Here || is_promised(place, resource) || !blocks.contains(&Place::Here) && finding.kind != Kind::Account)
        // How one selection misses a resource explains nothing where another selects it.
        && !(is_selected && (finding.kind == Kind::Selection || at.starts_with("coverage.")))
        && match lies_at(finding) {
            // Copies come from here, so that a key that lets no point be made here keeps them away as well.
            Some(it) => Place::of(it, home(resource)) == place || finding.kind == Kind::Key && Place::of(it, home(resource)) == Place::Here,
            None => true,
        }
        && match (at, place) {
            ("copies.cross_region", _) => place == Place::AnotherRegion,
            ("copies.cross_account", _) => place == Place::AnotherAccount,
            (_, Place::Here) => !of.starts_with("copy/"),
            _ => true,
        }
}

fn home(resource: &Facts) -> (&str, &str) {
    (&resource.account, &resource.region)
}

/// The account and Region that a finding concerns: those of the vault that it names, or of the vault or key that it is about.
fn lies_at<'f>(finding: &Finding<'f>) -> Option<(&'f str, &'f str)> {
    let named = finding.violation.and_then(|violation| violation.of.as_deref()).and_then(Arn::parse);
    match named.filter(|arn| arn.kind() == "backup-vault") {
        Some(vault) => Some((vault.account, vault.region)),
        None => matches!(finding.kind, Kind::Vault | Kind::Key).then(|| home(finding.facts)),
    }
}

/// Whether a plan copies the resource's points to such a place, or makes them there.
pub fn is_promised(place: Place, resource: &Facts) -> bool {
    match place {
        Place::Here => true,
        _ => elsewhere(&resource.document).any(|it| it["kind"] == kind_of(place)),
    }
}

/// As the facts call it.
pub fn kind_of(place: Place) -> &'static str {
    match place {
        Place::Here => "here",
        Place::AnotherRegion => "other_region",
        Place::AnotherAccount => "other_account",
    }
}

/// The other places in which there should be points.
pub fn elsewhere(document: &Value) -> impl Iterator<Item = &Value> {
    document.pointer("/recovery/elsewhere").and_then(Value::as_array).into_iter().flatten()
}
