//! Recovery points: encryption, retention, the rule that made them, and whether their copies arrived.

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::arrival::{Arrival, Arrivals};
use super::capability;
use super::lifecycle::LifecycleFacts;
use super::lock::{LockFacts, LockMode};
use super::origin::{Origin, Origins};
use super::orphan::{SourceFacts, Sources};
use super::subject::{Facts, Kind, Subject, Subjects, SubjectsOfKind};
use super::vault;
use super::world::{Region, World, vault_arn};
use crate::snapshot::{Cause, Collection, Observed, Reason, RecoveryPoint, Vault};

/// A recovery point. It has no name of its own here: points that look alike are judged once.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RecoveryPointFacts {
    pub account: String,
    pub region: String,
    pub vault: PointVault,
    pub resource_type: Observed<String>,
    /// `COMPLETED`, `AVAILABLE`, `PARTIAL`, `EXPIRED`, `DELETING`, `STOPPED`, `CREATING`.
    pub status: Observed<String>,
    pub encrypted: Observed<bool>,
    /// Whether the type is one whose points are said to be encrypted with the vault's key.
    pub uses_vault_key: Observed<bool>,
    /// Whether the point's key is the vault's key.
    pub has_vault_key: Observed<bool>,
    pub lifecycle: LifecycleFacts,
    /// The rule that made the point, as the plan stands now. Null: made on demand, or the rule is gone.
    pub made_by: Observed<MadeBy>,
    /// Whether it was copied here from another vault.
    pub is_copy: Observed<bool>,
    /// The copies that the rule which made the point asks for.
    pub copies: Observed<Vec<PointCopy>>,
    pub source: SourceFacts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PointVault {
    pub name: Observed<String>,
    pub lock_mode: Observed<LockMode>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MadeBy {
    pub plan: String,
    pub rule: String,
    /// Days the rule (or, for a copy, its copy action) keeps points. Null: for ever.
    pub delete_after_days: Observed<i64>,
}

/// A copy that a point should have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PointCopy {
    pub destination: String,
    /// Whether a completed copy is at the destination.
    pub arrived: Observed<bool>,
    /// Whole hours from the start of the backup to the copy's arrival, or until now while it has not arrived.
    pub hours: Observed<i64>,
}

/// Everything in which a point can differ from another of its Region. Points of one shape share their facts, so that a
/// million points cost no more to judge than the few hundred shapes they have.
#[derive(PartialEq, Eq, Hash)]
struct Shape<'a> {
    vault: &'a Observed<String>,
    resource_type: &'a Observed<String>,
    status: &'a Observed<String>,
    encrypted: &'a Observed<bool>,
    has_vault_key: Observed<bool>,
    lifecycle: LifecycleFacts,
    origin: Origin,
    arrivals: Observed<Vec<Arrival>>,
    source: SourceFacts,
}

/// Makes a subject of each recovery point, and of what may have gone unseen.
pub fn derive<'a>(world: &World<'a>, subjects: &mut Subjects<'a>) {
    let origins = Origins::of(world);
    let arrivals = Arrivals::of(world, &origins);
    let sources = Sources::of(world);
    let out = subjects.of_mut(Kind::RecoveryPoint);
    for region in &world.regions {
        let vaults: FxHashMap<&str, &Vault> =
            region.unit.backup_vaults.iter().map(|vault| (vault.backup_vault_name.as_str(), vault)).collect();
        gaps(region, &vaults, out);
        let mut shapes: FxHashMap<Shape, usize> = FxHashMap::default();
        for point in &region.unit.recovery_points {
            let vault = point.backup_vault_name.known().and_then(|name| vaults.get(name.as_str()).copied());
            let origin = origins.of_point(point, vault, region, world);
            let shape = Shape {
                vault: &point.backup_vault_name,
                resource_type: &point.resource_type,
                status: &point.status,
                encrypted: &point.is_encrypted,
                has_vault_key: has_vault_key(point, vault),
                lifecycle: LifecycleFacts::of(&point.lifecycle),
                arrivals: arrivals.of_point(point, &origin, region, world),
                source: sources.of_point(point, &origin.is_copy, region),
                origin,
            };
            let facts = match shapes.get(&shape) {
                Some(&facts) => facts,
                None => {
                    out.facts.push(facts(&shape, vault, &origins, region, world));
                    shapes.insert(shape, out.facts.len() - 1);
                    out.facts.len() - 1
                }
            };
            out.subjects.push(Subject::unnamed(&point.recovery_point_arn, facts));
        }
    }
}

fn gaps(region: &Region, vaults: &FxHashMap<&str, &Vault>, out: &mut SubjectsOfKind) {
    let unlisted = region.sight.gaps(Collection::BackupVaults);
    if !unlisted.is_empty() {
        let id = format!("arn:{}:backup:{}:{}:recovery-point:*", region.unit.partition, region.unit.region, region.unit.account);
        out.push(id, format!("recovery points of vaults of {} that were not listed", region.unit.label()), Facts::gap(region, unlisted));
    }
    let mut listed: FxHashMap<&str, u64> = FxHashMap::default();
    for name in region.unit.recovery_points.iter().filter_map(|point| point.backup_vault_name.known()) {
        *listed.entry(name).or_default() += 1;
    }
    let mut names: Vec<&&str> = vaults.keys().collect();
    names.sort();
    for name in names {
        let vault = vaults[*name];
        let gaps = region.sight.gaps_in_points(vault, listed.get(*name).copied().unwrap_or(0));
        if !gaps.is_empty() {
            let facts = Facts { tags: vault::tags(vault, region), ..Facts::gap(region, gaps) };
            out.push(
                format!("{}#recovery-points", vault_arn(region.unit, vault)),
                format!("recovery points of vault '{name}' that were not listed"),
                facts,
            );
        }
    }
}

fn has_vault_key(point: &RecoveryPoint, vault: Option<&Vault>) -> Observed<bool> {
    let Some(vault) = vault else { return Observed::unknown(no_vault()) };
    match (&point.encryption_key_arn, &vault.encryption_key_arn) {
        (Observed::Known(own), Observed::Known(of_vault)) => Observed::Known(own == of_vault),
        (Observed::Unknown(reasons), _) | (_, Observed::Unknown(reasons)) => Observed::Unknown(reasons.clone()),
        (_, Observed::Absent) => Observed::unknown(Reason::new(Cause::Undetermined, "the vault names no key to compare with")),
        _ => Observed::unknown(Reason::new(Cause::NotObserved, "the recovery point names no key")),
    }
}

fn no_vault() -> Reason {
    Reason::of_call(Cause::NotObserved, "backup:ListBackupVaults", "the snapshot holds the recovery point and not its vault")
}

fn facts(shape: &Shape, vault: Option<&Vault>, origins: &Origins, region: &Region, world: &World) -> Facts {
    let lock_mode = vault.map_or_else(|| Observed::unknown(no_vault()), |vault| LockFacts::of(vault, region, world.as_of).mode);
    let resource_type = shape.resource_type.clone().required("ResourceType");
    let facts = RecoveryPointFacts {
        account: region.unit.account.clone(),
        region: region.unit.region.clone(),
        vault: PointVault { name: shape.vault.clone().required("BackupVaultName"), lock_mode },
        uses_vault_key: resource_type.as_ref().and_then(|name| uses_vault_key(name)),
        resource_type,
        status: shape.status.clone().required("Status"),
        encrypted: shape.encrypted.clone().required("IsEncrypted"),
        has_vault_key: shape.has_vault_key.clone(),
        lifecycle: shape.lifecycle.clone(),
        made_by: origins.made_by(&shape.origin),
        is_copy: shape.origin.is_copy.clone(),
        copies: origins.copies(&shape.origin, &shape.arrivals),
        source: shape.source.clone(),
    };
    let tags = vault.map_or_else(|| Observed::unknown(no_vault()), |vault| vault::tags(vault, region));
    Facts::new(facts.account.clone(), facts.region.clone(), tags, &facts)
}

fn uses_vault_key(name: &str) -> Observed<bool> {
    match capability::type_named(name) {
        Some(row) => Observed::Known(row.is_said_to_use_vault_key()),
        None => Observed::unknown(Reason::new(Cause::Undetermined, format!("'{name}' is not a resource type that Backstop knows"))),
    }
}
