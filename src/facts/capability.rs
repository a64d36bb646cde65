//! What AWS Backup can do with each resource type: a dated table, and what the Region's settings say over it.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::select::stars;
use super::world::Region;
use crate::snapshot::{Arn, Cause, Observed, Reason};

/// A resource type that a plan selects, and what AWS Backup can do with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SelectedType {
    /// As AWS Backup names it: `DynamoDB`.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// When the table that the abilities come from was read, as YYYY-MM-DD.
    pub read_on: String,
    pub can_copy_to_region: Observed<bool>,
    pub can_copy_to_account: Observed<bool>,
    pub has_cold_storage: Observed<bool>,
    pub is_incremental: Observed<bool>,
    /// Whether AWS Backup encrypts its points with the vault's key, whatever key the resource has.
    pub is_fully_managed: Observed<bool>,
    /// The owners of the keys that existing points of the type in the plan's Region are encrypted with. Empty for a fully
    /// managed type, where it does not matter; unknown while there is no point.
    pub source_key_owners: Observed<Vec<String>>,
}

/// A row of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceType {
    pub name: String,
    arn: Vec<String>,
    /// Shapes that another type's ARNs have, and some of this one.
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    pub shared: bool,
    #[serde(default)]
    opt_in_by_arn: bool,
    #[serde(default)]
    listed_by: Vec<String>,
    #[serde(default)]
    advanced: bool,
    #[serde(default)]
    copy_region: bool,
    #[serde(default)]
    copy_account: bool,
    #[serde(default)]
    cold: bool,
    #[serde(default)]
    incremental: bool,
    #[serde(default)]
    managed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    read_on: String,
    #[allow(dead_code)]
    source: String,
    never_supported: Vec<String>,
    #[serde(rename = "type")]
    types: Vec<ResourceType>,
}

// The table is part of the program and read by a test, so that it cannot be wrong at run time.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("resource_types.toml")).unwrap_or(Table {
        read_on: String::new(),
        source: String::new(),
        never_supported: Vec::new(),
        types: Vec::new(),
    })
});

/// The types whose ARNs can look like this one; several where types share a shape, none where AWS Backup knows no such type.
pub fn types_of(arn: &Arn) -> Vec<&'static ResourceType> {
    let shape = format!("{}:{}", arn.service, arn.resource);
    TABLE.types.iter().filter(|row| row.arn.iter().any(|pattern| stars(pattern, &shape))).collect()
}

/// The names of all types that a resource with this ARN may be of.
pub fn names_of(arn: &Arn) -> Vec<&'static str> {
    let shape = format!("{}:{}", arn.service, arn.resource);
    let has = |row: &&ResourceType| row.arn.iter().chain(&row.also).any(|pattern| stars(pattern, &shape));
    TABLE.types.iter().filter(has).map(|row| row.name.as_str()).collect()
}

/// Whether AWS Backup asks for the type's opt-in even where a selection names the ARN, because other types share its shape
/// (DG: assigning-resources-json).
pub fn needs_opt_in_by_arn(arn: &Arn) -> bool {
    types_of(arn).iter().any(|row| row.opt_in_by_arn)
}

/// Whether AWS's documents say that AWS Backup supports nothing of this service.
pub fn is_never_supported(service: &str) -> bool {
    TABLE.never_supported.iter().any(|never| never == service)
}

/// Whether ARNs of the service name no type, as those of S3 buckets.
pub fn is_typeless(service: &str) -> bool {
    TABLE.types.iter().flat_map(|row| &row.arn).any(|pattern| pattern.split_once(':') == Some((service, "*")))
}

/// The types of a service, as ARNs name it.
pub fn types_of_service(service: &str) -> impl Iterator<Item = &'static ResourceType> {
    TABLE.types.iter().filter(move |row| row.arn.iter().any(|pattern| pattern.split(':').next() == Some(service)))
}

/// The calls that list all resources of a type, tagged or not; none where Backstop knows no such list.
pub fn listed_by(name: &str) -> &'static [String] {
    type_named(name).map_or(&[], |row| &row.listed_by)
}

/// When the table was read, as YYYY-MM-DD.
pub fn read_on() -> &'static str {
    &TABLE.read_on
}

/// Every type that the table knows.
pub fn all_names() -> impl Iterator<Item = &'static str> {
    TABLE.types.iter().map(|row| row.name.as_str())
}

/// Whether any type belongs to the service, as ARNs name it.
pub fn knows_service(service: &str) -> bool {
    TABLE.types.iter().flat_map(|row| &row.arn).any(|pattern| pattern.split(':').next() == Some(service))
}

/// When the table was read, as YYYY-MM-DD.
pub fn types_read_on() -> &'static str {
    &TABLE.read_on
}

/// A type by AWS Backup's name for it, as recovery points carry it.
pub fn type_named(name: &str) -> Option<&'static ResourceType> {
    TABLE.types.iter().find(|row| row.name == name)
}

impl ResourceType {
    /// What can be done with the type in this Region.
    pub fn selected(&self, region: &Region, source_key_owners: Observed<Vec<String>>) -> SelectedType {
        let ability = |can: bool| if can && self.advanced { advanced_features(region, &self.name) } else { Observed::Known(can) };
        let is_fully_managed = ability(self.managed);
        // The vault's key encrypts points of a fully managed type, whatever key the source has.
        let source_key_owners =
            is_fully_managed.as_ref().and_then(|managed| if *managed { Observed::Known(Vec::new()) } else { source_key_owners });
        SelectedType {
            resource_type: self.name.clone(),
            read_on: TABLE.read_on.clone(),
            can_copy_to_region: ability(self.copy_region),
            can_copy_to_account: ability(self.copy_account),
            has_cold_storage: ability(self.cold),
            is_incremental: Observed::Known(self.incremental),
            is_fully_managed,
            source_key_owners,
        }
    }

    /// Whether points after the first hold changes only.
    pub fn is_incremental(&self) -> bool {
        self.incremental
    }

    /// Whether points of the type are said to be encrypted with the vault's key: those that AWS Backup fully manages, and
    /// DynamoDB, whose points are so only with advanced features.
    pub fn is_said_to_use_vault_key(&self) -> bool {
        self.managed
    }
}

/// Both preferences must be on (DG: advanced-ddb-backup).
pub(super) fn advanced_features(region: &Region, name: &str) -> Observed<bool> {
    let settings = region.sight.member(&region.unit.region_settings, "backup:DescribeRegionSettings", &region.unit.region);
    settings.and_then(|settings| {
        let preference = |of: &Observed<std::collections::BTreeMap<String, bool>>| {
            of.as_ref().and_then(|by_type| match by_type.get(name) {
                Some(&on) => Observed::Known(on),
                None => Observed::unknown(Reason::new(Cause::NotObserved, format!("the Region settings do not name '{name}'"))),
            })
        };
        let opted_in = preference(&settings.resource_type_opt_in_preference);
        let managed = preference(&settings.resource_type_management_preference);
        match (opted_in, managed) {
            (Observed::Known(false), _) | (_, Observed::Known(false)) => Observed::Known(false),
            (Observed::Known(true), managed) => managed.required("ResourceTypeManagementPreference"),
            (opted_in, _) => opted_in.required("ResourceTypeOptInPreference"),
        }
    })
}
