//! The snapshot as one world: objects found by their ARN across units, or the reason why they cannot be.

use rustc_hash::FxHashMap;

use super::elsewhere::Elsewhere;
use super::select::Assignments;
use super::sight::Sight;
use crate::snapshot::{Arn, BackupPlan, Cause, Collection, Key, Observed, Reason, Snapshot, Timestamp, Unit, Vault};

/// A unit, its ledger and its place in the world.
pub struct Region<'a> {
    pub unit: &'a Unit,
    pub sight: Sight<'a>,
    /// Its selections and resources, and who selects what.
    pub assignments: Assignments<'a>,
}

impl<'a> Region<'a> {
    pub fn of(unit: &'a Unit) -> Self {
        let sight = Sight::of(unit);
        let assignments = Assignments::of(unit, &sight);
        Region { unit, sight, assignments }
    }
}

/// What was found under an ARN.
pub enum Found<'w, 'a, T> {
    Here(&'a T, &'w Region<'a>),
    /// Looked up by its ARN from the unit that is given, which is not its own: nothing that belongs to it was listed.
    Glimpsed(&'a T, &'w Region<'a>),
    /// The collection it would stand in is whole, and it is not there.
    Missing,
    Unseen(Vec<Reason>),
}

/// All units, indexed.
pub struct World<'a> {
    pub as_of: Timestamp,
    pub regions: Vec<Region<'a>>,
    by_place: FxHashMap<(&'a str, &'a str), usize>,
    vaults: FxHashMap<String, (usize, &'a Vault)>,
    elsewhere: Elsewhere<'a>,
    plans: FxHashMap<String, (usize, &'a BackupPlan)>,
    keys: FxHashMap<&'a str, (usize, &'a Key)>,
}

impl<'a> World<'a> {
    pub fn of(snapshot: &'a Snapshot, as_of: Timestamp) -> Self {
        let regions: Vec<Region> = snapshot.units.iter().map(Region::of).collect();
        let mut world = World {
            as_of,
            by_place: FxHashMap::default(),
            vaults: FxHashMap::default(),
            elsewhere: Elsewhere::of(snapshot),
            plans: FxHashMap::default(),
            keys: FxHashMap::default(),
            regions,
        };
        for (at, unit) in snapshot.units.iter().enumerate() {
            world.by_place.insert((&unit.account, &unit.region), at);
            for vault in &unit.backup_vaults {
                world.vaults.insert(vault_arn(unit, vault), (at, vault));
            }
            for plan in &unit.backup_plans {
                world.plans.insert(plan_arn(unit, plan), (at, plan));
            }
            for key in &unit.keys {
                // Two units may describe one key; the key's own sees it best.
                let rank = |unit: &Unit| (!is_at_home(&key.arn, unit), unit.label());
                let best = world.keys.entry(&key.arn).or_insert((at, key));
                if rank(unit) < rank(&snapshot.units[best.0]) {
                    *best = (at, key);
                }
            }
        }
        world
    }

    pub fn vault(&self, arn: &str) -> Found<'_, 'a, Vault> {
        match self.vaults.get(arn) {
            Some((at, vault)) => Found::Here(vault, &self.regions[*at]),
            // Where its own unit was observed, that unit's list decides.
            None if self.is_elsewhere(arn) => {
                self.elsewhere.vault(arn, &self.regions).unwrap_or_else(|| self.absence(arn, Collection::BackupVaults))
            }
            None => self.absence(arn, Collection::BackupVaults),
        }
    }

    pub fn plan(&self, arn: &str) -> Found<'_, 'a, BackupPlan> {
        match self.plans.get(arn) {
            Some((at, plan)) => Found::Here(plan, &self.regions[*at]),
            None => self.absence(arn, Collection::BackupPlans),
        }
    }

    /// A key, wherever it was described; `asking` is the unit whose ledger tells why it was not.
    pub fn key(&self, arn: &str, asking: &Region) -> Result<&'a Key, Reason> {
        if let Some(reason) = asking.sight.failure("kms:DescribeKey", arn) {
            return Err(reason);
        }
        match self.keys.get(arn) {
            Some((_, key)) => Ok(key),
            None => Err(Reason::of_call(Cause::NotObserved, "kms:DescribeKey", format!("the snapshot does not hold key '{arn}'"))),
        }
    }

    /// The region in which a key was described.
    pub fn region_of_key(&self, arn: &str) -> Option<&Region<'a>> {
        self.keys.get(arn).map(|(at, _)| &self.regions[*at])
    }

    /// Whether this account and Region was observed at all.
    pub fn region(&self, account: &str, region: &str) -> Option<&Region<'a>> {
        self.by_place.get(&(account, region)).map(|at| &self.regions[*at])
    }

    fn is_elsewhere(&self, arn: &str) -> bool {
        Arn::parse(arn).is_some_and(|arn| self.region(arn.account, arn.region).is_none())
    }

    fn absence<T>(&self, arn: &str, collection: Collection) -> Found<'_, 'a, T> {
        let Some(parts) = Arn::parse(arn) else {
            return Found::Unseen(vec![Reason::new(Cause::Undetermined, format!("'{arn}' is not an ARN"))]);
        };
        match self.region(parts.account, parts.region) {
            Some(region) => {
                let gaps = region.sight.gaps(collection);
                if gaps.is_empty() { Found::Missing } else { Found::Unseen(gaps) }
            }
            None => {
                let detail = format!("{}/{} was not observed, and '{arn}' is there", parts.account, parts.region);
                Found::Unseen(vec![Reason::of_call(Cause::NotObserved, collection.filled_by()[0], detail)])
            }
        }
    }
}

fn is_at_home(arn: &str, unit: &Unit) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.account == unit.account && arn.region == unit.region)
}

/// The vault's ARN; AWS's form of it where the snapshot leaves it out.
pub fn vault_arn(unit: &Unit, vault: &Vault) -> String {
    vault.backup_vault_arn.known().cloned().unwrap_or_else(|| arn_of_vault(unit, &vault.backup_vault_name))
}

/// The ARN of a vault that a rule of this unit calls by its name.
pub fn arn_of_vault(unit: &Unit, name: &str) -> String {
    format!("arn:{}:backup:{}:{}:backup-vault:{name}", unit.partition, unit.region, unit.account)
}

/// The plan's ARN; AWS's form of it where the snapshot leaves it out.
pub fn plan_arn(unit: &Unit, plan: &BackupPlan) -> String {
    let derived = || format!("arn:{}:backup:{}:{}:backup-plan:{}", unit.partition, unit.region, unit.account, plan.backup_plan_id);
    plan.backup_plan_arn.known().cloned().unwrap_or_else(derived)
}

/// The plan's name: from its body, else from the list of plans, else its id.
pub fn plan_name(plan: &BackupPlan) -> String {
    let body = plan.backup_plan.known().and_then(|body| body.backup_plan_name.known());
    body.or(plan.backup_plan_name.known()).unwrap_or(&plan.backup_plan_id).clone()
}

/// Gathers what is known of many; unknown, with all the reasons, when one is.
pub fn all<T>(items: impl IntoIterator<Item = Observed<T>>) -> Observed<Vec<T>> {
    let mut known = Vec::new();
    let mut reasons = Vec::new();
    for item in items {
        match item {
            Observed::Known(value) => known.push(value),
            Observed::Unknown(because) => reasons.extend(because),
            Observed::Absent => {}
            Observed::Reference(to) => reasons.push(Reason::new(Cause::KnownAfterApply, format!("'{to}' is known only after apply"))),
        }
    }
    if reasons.is_empty() {
        return Observed::Known(known);
    }
    reasons.sort();
    reasons.dedup();
    Observed::Unknown(reasons)
}
