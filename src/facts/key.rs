//! KMS keys: whose they are, what state they are in, what depends on them, and what their policy lets happen.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::document;
use super::subject::{Facts, Kind, Subjects};
use super::world::{self, Region, World};
use crate::snapshot::{Arn, Cause, Collection, Key, Observed, PolicyDocument, Reason, Vault};

/// Who manages a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyOwner {
    /// A customer managed key.
    Customer,
    /// An AWS managed key of the account, such as `aws/backup`.
    AwsManaged,
    /// A key of AWS's own that the account cannot see.
    AwsOwned,
}

/// A key, as the vault that names it needs it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KeyRef {
    pub arn: String,
    /// The ARN, or the key id that all Regions of a multi-Region key share.
    pub identity: String,
    pub owner: Observed<KeyOwner>,
    /// `Enabled`, `Disabled`, `PendingDeletion`, ...
    pub state: Observed<String>,
    /// Whole days until KMS deletes the key. Null: no deletion is pending.
    pub deleted_in_days: Observed<i64>,
    /// Whether the key policy denies `kms:ScheduleKeyDeletion` to everyone but named exemptions.
    pub deletion_denied: Observed<bool>,
}

/// A key that vaults or recovery points depend on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct KeySubjectFacts {
    /// Its alias, else its id.
    pub name: String,
    pub arn: String,
    pub account: String,
    pub region: String,
    pub owner: Observed<KeyOwner>,
    /// `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `Unavailable`, ...
    pub state: Observed<String>,
    /// Whether KMS can rotate it: a symmetric key whose material KMS made.
    pub can_rotate: Observed<bool>,
    pub rotation_enabled: Observed<bool>,
    /// The vaults that name it, in the order of their names.
    pub vaults: Observed<Vec<String>>,
    /// How many recovery points name it.
    pub recovery_points: Observed<u64>,
    /// Whether its policy lets AWS Backup, the roles that its vaults' plans use, or the account at large use it for backups.
    pub policy_lets_backup_use_it: Observed<bool>,
    /// The roles whose plans write into those vaults.
    pub backup_roles: Observed<Vec<String>>,
    pub deletion_denied: Observed<bool>,
}

/// What AWS Backup does with a key on behalf of a job (DG: encryption).
const BACKUP_USES: [&str; 4] = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"];

impl KeyRef {
    /// The key that a vault names; `region` is the unit that looked at the vault.
    pub fn of(vault: &Vault, region: &Region, world: &World) -> Observed<KeyRef> {
        if let Observed::Reference(address) = &vault.encryption_key_arn {
            // A key that Terraform has yet to create is one of the customer's.
            let later = || Reason::new(Cause::KnownAfterApply, format!("'{address}' is known only after apply"));
            return Observed::Known(KeyRef {
                arn: address.clone(),
                identity: address.clone(),
                owner: Observed::Known(KeyOwner::Customer),
                state: Observed::unknown(later()),
                deleted_in_days: Observed::unknown(later()),
                deletion_denied: Observed::unknown(later()),
            });
        }
        vault.encryption_key_arn.as_ref().map(|arn| {
            let key = match world.key(arn, region) {
                Ok(key) => Observed::Known(key),
                Err(reason) => Observed::unknown(reason),
            };
            let key_type = region.sight.described(&vault.encryption_key_type, vault);
            let owner = match (&key, &key_type) {
                // A key of AWS's own cannot be described, so that the vault's word is all there is.
                (_, Observed::Known(key_type)) if key_type == "AWS_OWNED_KMS_KEY" => Observed::Known(KeyOwner::AwsOwned),
                (Observed::Unknown(reasons), Observed::Unknown(more)) => Observed::Unknown([&reasons[..], more].concat()),
                _ => key.clone().and_then(owner),
            };
            KeyRef {
                identity: identity(arn).to_owned(),
                owner,
                state: key.clone().and_then(|key| key.key_state.clone().required("KeyState")),
                deleted_in_days: key.clone().and_then(|key| deleted_in_days(key, world)),
                deletion_denied: key
                    .and_then(|key| policy(key, region).and_then(|policy| document::denies_everyone(&policy, "kms:ScheduleKeyDeletion"))),
                arn: arn.clone(),
            }
        })
    }
}

/// All Regions of a multi-Region key share its id and its material.
pub fn identity(arn: &str) -> &str {
    Arn::parse(arn).map(|arn| arn.name()).filter(|id| id.starts_with("mrk-")).unwrap_or(arn)
}

pub fn owner(key: &Key) -> Observed<KeyOwner> {
    key.key_manager.clone().required("KeyManager").and_then(|manager| match manager.as_str() {
        "CUSTOMER" => Observed::Known(KeyOwner::Customer),
        "AWS" => Observed::Known(KeyOwner::AwsManaged),
        other => Observed::unknown(Reason::new(Cause::Undetermined, format!("'{other}' is not a key manager that Backstop knows"))),
    })
}

fn deleted_in_days(key: &Key, world: &World) -> Observed<i64> {
    key.key_state.clone().required("KeyState").and_then(|state| {
        if state != "PendingDeletion" {
            return Observed::Absent;
        }
        key.deletion_date.as_ref().map(|date| date.hours_since(world.as_of).div_euclid(24)).required("DeletionDate")
    })
}

fn policy(key: &Key, region: &Region) -> Observed<PolicyDocument> {
    region.sight.member(&key.policy, "kms:GetKeyPolicy", &key.arn).required("Policy")
}

/// Everything in the snapshot that names a key.
#[derive(Default)]
struct Dependents {
    vaults: BTreeSet<String>,
    points: u64,
    /// Of the roles whose plans write into those vaults.
    roles: Vec<Observed<Vec<String>>>,
}

/// Why keys may have more dependents.
#[derive(Default)]
struct Unseen<'a> {
    /// By Region: only vaults of a key's own Region can name it.
    vaults: BTreeMap<&'a str, BTreeSet<Reason>>,
    points: BTreeSet<Reason>,
}

impl Unseen<'_> {
    fn or<T>(reasons: Option<&BTreeSet<Reason>>, known: T) -> Observed<T> {
        match reasons {
            Some(reasons) if !reasons.is_empty() => Observed::Unknown(reasons.iter().cloned().collect()),
            _ => Observed::Known(known),
        }
    }
}

/// Makes a subject of each key that vaults or recovery points name, and of what may have gone unseen.
pub fn derive(world: &World, subjects: &mut Subjects) {
    let out = subjects.of_mut(Kind::Key);
    let mut dependents: BTreeMap<&str, Dependents> = BTreeMap::new();
    let mut unseen = Unseen::default();
    for region in &world.regions {
        let mut gaps = region.sight.gaps(Collection::BackupVaults);
        for vault in &region.unit.backup_vaults {
            match &vault.encryption_key_arn {
                Observed::Known(arn) => {
                    let of = dependents.entry(arn).or_default();
                    of.vaults.insert(vault.backup_vault_name.clone());
                    of.roles.push(roles_into(&vault.backup_vault_name, region));
                }
                other => gaps.extend(other.reasons().iter().cloned()),
            }
        }
        unseen.vaults.entry(&region.unit.region).or_default().extend(gaps.iter().cloned());
        // Some keys are named by recovery points alone.
        let unlisted = region.sight.gaps(Collection::RecoveryPoints);
        unseen.points.extend(unlisted.iter().cloned());
        gaps.extend(unlisted);
        for point in &region.unit.recovery_points {
            match &point.encryption_key_arn {
                Observed::Known(arn) => dependents.entry(arn).or_default().points += 1,
                Observed::Unknown(reasons) => {
                    unseen.points.extend(reasons.iter().cloned());
                    gaps.extend(reasons.iter().cloned());
                }
                _ => {}
            }
        }
        if !gaps.is_empty() {
            gaps.sort();
            gaps.dedup();
            let id = format!("arn:{}:kms:{}:{}:key/*", region.unit.partition, region.unit.region, region.unit.account);
            out.push(id, format!("keys of {} that were not seen", region.unit.label()), Facts::gap(region, gaps));
        }
    }
    for (arn, of) in dependents {
        let Some(region) = world.region_of_key(arn).or_else(|| asking(world, arn)) else { continue };
        let facts = key_facts(arn, of, &unseen, region, world);
        let tags = Observed::unknown(Reason::new(Cause::NotObserved, "the tags of keys are not collected"));
        let (account, place) = (facts.account.clone(), facts.region.clone());
        out.push(arn.to_owned(), facts.name.clone(), Facts::new(account, place, tags, &facts));
    }
}

/// The first region whose vaults or points name a key that was not described anywhere.
fn asking<'w, 'a>(world: &'w World<'a>, arn: &str) -> Option<&'w Region<'a>> {
    let names = |named: &Observed<String>| named.known().is_some_and(|named| named == arn);
    let by_vault = world.regions.iter().find(|region| region.unit.backup_vaults.iter().any(|vault| names(&vault.encryption_key_arn)));
    by_vault
        .or_else(|| world.regions.iter().find(|region| region.unit.recovery_points.iter().any(|point| names(&point.encryption_key_arn))))
}

fn key_facts(arn: &str, of: Dependents, unseen: &Unseen, region: &Region, world: &World) -> KeySubjectFacts {
    let key = match world.key(arn, region) {
        Ok(key) => Observed::Known(key),
        Err(reason) => Observed::unknown(reason),
    };
    let parsed = Arn::parse(arn);
    let account = parsed.map_or(region.unit.account.as_str(), |arn| arn.account).to_owned();
    let place = parsed.map_or(region.unit.region.as_str(), |arn| arn.region).to_owned();
    let vaults = Unseen::or(unseen.vaults.get(place.as_str()), of.vaults.into_iter().collect());
    let seen_roles = world::all(of.roles).map(|lists| lists.into_iter().flatten().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>());
    let backup_roles = seen_roles.and_then(|roles| vaults.as_ref().map(|_| roles));
    let policy = key.clone().and_then(|key| policy(key, region));
    let can_rotate = key.clone().and_then(|key| {
        let symmetric = key.key_spec.clone().required("KeySpec").map(|spec| spec == "SYMMETRIC_DEFAULT");
        symmetric.and_then(|symmetric| key.origin.clone().required("Origin").map(|origin| symmetric && origin == "AWS_KMS"))
    });
    let policy_lets_backup_use_it = policy.as_ref().and_then(|policy| lets_backup(policy, &backup_roles, &place, region));
    KeySubjectFacts {
        name: key.known().and_then(|key| alias(key)).unwrap_or_else(|| parsed.map_or(arn, |arn| arn.name()).to_owned()),
        arn: arn.to_owned(),
        region: place,
        owner: key.clone().and_then(owner),
        state: key.clone().and_then(|key| key.key_state.clone().required("KeyState")),
        rotation_enabled: key.clone().and_then(|key| region.sight.member(&key.key_rotation_enabled, "kms:GetKeyRotationStatus", arn)),
        can_rotate,
        vaults,
        recovery_points: Unseen::or(Some(&unseen.points), of.points),
        policy_lets_backup_use_it,
        backup_roles,
        deletion_denied: policy.and_then(|policy| document::denies_everyone(&policy, "kms:ScheduleKeyDeletion")),
        account,
    }
}

fn alias(key: &Key) -> Option<String> {
    key.aliases.known()?.iter().map(|alias| alias.alias_name.clone()).min()
}

/// A role that is denied by name cannot use the key, whoever else may. Then the account at large: a key policy that trusts its
/// account's IAM policies leaves the decision to them. That account is the roles' own, which need not be the key's.
fn lets_backup(policy: &PolicyDocument, roles: &Observed<Vec<String>>, place: &str, region: &Region) -> Observed<bool> {
    if let Observed::Unknown(reasons) = roles
        && document::denies_somebody(policy, &BACKUP_USES)
    {
        return Observed::Unknown(reasons.clone());
    }
    let of_each: Vec<Observed<bool>> =
        roles.known().into_iter().flatten().map(|role| document::denies(policy, role, &BACKUP_USES, place)).collect();
    if of_each.contains(&Observed::Known(true)) {
        return Observed::Known(false);
    }
    if let Some(undecided) = of_each.into_iter().find(Observed::is_unknown) {
        return undecided;
    }
    let mut accounts: BTreeSet<&str> =
        roles.known().into_iter().flatten().filter_map(|role| Arn::parse(role)).map(|arn| arn.account).collect();
    if accounts.is_empty() {
        accounts.insert(&region.unit.account);
    }
    let roots = accounts.into_iter().map(|account| format!("arn:{}:iam::{account}:root", region.unit.partition));
    let mut principals: Vec<String> = roots.chain(["backup.amazonaws.com".to_owned()]).collect();
    principals.extend(roles.known().into_iter().flatten().cloned());
    let lets = document::lets_any(policy, &principals, &BACKUP_USES, place);
    match (lets, roles) {
        // A role that was not seen might be the one that the policy names.
        (Observed::Known(false), Observed::Unknown(reasons)) => Observed::Unknown(reasons.clone()),
        (lets, _) => lets,
    }
}

/// The roles of the plans that write into a vault of this Region.
fn roles_into(vault: &str, region: &Region) -> Observed<Vec<String>> {
    let gaps = region.sight.gaps(Collection::BackupPlans);
    if !gaps.is_empty() {
        return Observed::Unknown(gaps);
    }
    let of_each = region.unit.backup_plans.iter().map(|plan| {
        let body = region.sight.member(&plan.backup_plan, "backup:GetBackupPlan", &plan.backup_plan_id);
        body.and_then(|body| body.rules).and_then(|rules| {
            if !rules.iter().any(|rule| rule.target_backup_vault_name.known().is_some_and(|name| name == vault)) {
                // A rule whose target is not known may write here.
                let targets = rules.into_iter().map(|rule| rule.target_backup_vault_name.required("TargetBackupVaultName"));
                return world::all(targets).map(|_| Vec::new());
            }
            super::select::selections(plan, region).and_then(|bodies| world::all(bodies.into_iter().map(|body| body.iam_role_arn)))
        })
    });
    world::all(of_each).map(|lists| lists.into_iter().flatten().collect())
}
