//! How far back a resource can go, from where, and whether that was ever proven. What rules and reports read of it is here.
//!
//! - `points`: the recovery points of a resource in one unit, and which of them could be restored
//! - `promise`: where there should be some
//! - `testing`, `restores`: which restore testing plans cover it, and what was restored
//! - `types`: what depends on the resource type, as a dated table

mod points;
mod promise;
mod restores;
mod testing;
mod types;

pub use points::NoneUsable;
pub use restores::{LastTest, RestoreFacts, SlowRestore};

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::world::{Region, World, all};
use crate::snapshot::{Arn, Cause, Observed, Reason, Tags};
use points::Points;
use promise::{Promises, Vaults};
use restores::{Restores, Scope};
use testing::{Tested, Tests};
use types::Candidates;

/// What is known of a resource's recovery.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RecoveryFacts {
    /// Whether there should be recovery points: a plan selects the resource, or none does and one that still stands made points
    /// of it.
    pub promised: Observed<bool>,
    /// Its own account and Region.
    pub here: PlaceFacts,
    /// The other Regions and accounts that those plans copy to, in order. What lies where nobody promised it is not looked at.
    pub elsewhere: Observed<Vec<PlaceFacts>>,
    pub recoverable: Recoverable,
    pub restores: RestoreFacts,
}

/// From where there is something to restore. Copies count where they are promised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recoverable {
    pub here: Observed<bool>,
    /// Another Region of the same account.
    pub in_another_region: Observed<bool>,
    /// AWS Backup restores nothing into another account than the points lie in: they are copied back first.
    pub in_another_account: Observed<bool>,
}

/// Where recovery points lie, as seen from their resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    Here,
    /// Of the same account.
    OtherRegion,
    OtherAccount,
}

/// The recovery points of a resource in one account and Region. Hours are whole and count from the data, which is as old as the
/// start of the job that saved it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlaceFacts {
    pub kind: PlaceKind,
    pub account: String,
    pub region: String,
    /// Null: at least one point can be restored.
    pub none_usable: Observed<NoneUsable>,
    /// How many can be: complete, not expired, under a key that decrypts, and not part of a composite point.
    pub usable_points: Observed<u64>,
    /// How old the newest data is that can be restored. Null: there is none.
    pub newest_hours: Observed<i64>,
    pub newest_is_cold: Observed<bool>,
    /// How far back one can go. Null: nowhere.
    pub oldest_hours: Observed<i64>,
    /// The longest time between the start of a job and the completion of the next, within the shortest retention of the points.
    /// Null: fewer than two of them, or a continuous one.
    pub longest_gap_hours: Observed<i64>,
}

/// A resource, as its own unit knows it.
pub struct Asked<'r> {
    pub arn: &'r str,
    pub resource_type: &'r Observed<String>,
    pub tags: &'r Observed<Tags>,
    pub selected_by: &'r Observed<Vec<String>>,
}

/// Everything that tells of recovery, gathered once for all resources.
pub struct Recoveries<'w, 'a> {
    world: &'w World<'a>,
    points: Points<'w, 'a>,
    promises: Promises,
    restores: Restores<'w, 'a>,
}

impl<'w, 'a> Recoveries<'w, 'a> {
    pub fn of(world: &'w World<'a>) -> Self {
        Recoveries { world, points: Points::of(world), promises: Promises::of(world), restores: Restores::of(world) }
    }

    pub fn of_resource(&self, asked: &Asked, region: &Region) -> RecoveryFacts {
        let home = self.unit(&region.unit.account, &region.unit.region);
        let promised = match home {
            Some(unit) => {
                let own = self.points.in_unit(asked.arn, unit);
                self.promises.to(unit, asked.selected_by, own, self.points.gaps(unit), self.world)
            }
            None => Observed::not_observed(),
        };
        let places = promised.as_ref().and_then(|vaults| places(vaults, region));
        let here = self.place(asked.arn, &region.unit.account, &region.unit.region, region);
        let elsewhere = places.as_ref().map(|places| {
            let place = |(account, place): &(String, String)| self.place(asked.arn, account, place, region);
            places.iter().map(place).collect::<Vec<PlaceFacts>>()
        });
        RecoveryFacts {
            promised: promised.as_ref().map(|vaults| !vaults.is_empty()),
            recoverable: Recoverable::of(&here, &elsewhere),
            restores: self.restores_of(asked, home, &promised, &places),
            here,
            elsewhere,
        }
    }

    fn unit(&self, account: &str, region: &str) -> Option<usize> {
        self.world.regions.iter().position(|other| other.unit.account == account && other.unit.region == region)
    }

    fn place(&self, resource: &str, account: &str, place: &str, home: &Region) -> PlaceFacts {
        let kind = match (account == home.unit.account, place == home.unit.region) {
            (true, true) => PlaceKind::Here,
            (true, false) => PlaceKind::OtherRegion,
            (false, _) => PlaceKind::OtherAccount,
        };
        let (account, region) = (account.to_owned(), place.to_owned());
        let Some(unit) = self.unit(&account, &region) else {
            let reasons = vec![not_observed(&account, &region, "backup:ListRecoveryPointsByBackupVault")];
            return PlaceFacts {
                kind,
                account,
                region,
                none_usable: Observed::Unknown(reasons.clone()),
                usable_points: Observed::Unknown(reasons.clone()),
                newest_hours: Observed::Unknown(reasons.clone()),
                newest_is_cold: Observed::Unknown(reasons.clone()),
                oldest_hours: Observed::Unknown(reasons.clone()),
                longest_gap_hours: Observed::Unknown(reasons),
            };
        };
        let held = self.points.held(resource, unit);
        PlaceFacts {
            kind,
            account,
            region,
            none_usable: held.none_usable(),
            usable_points: held.usable_points(),
            newest_hours: held.newest_hours(),
            newest_is_cold: held.newest_is_cold(),
            oldest_hours: held.oldest_hours(),
            longest_gap_hours: held.longest_gap_hours(),
        }
    }

    fn restores_of(
        &self,
        asked: &Asked,
        home: Option<usize>,
        promised: &Observed<Vaults>,
        places: &Observed<BTreeSet<(String, String)>>,
    ) -> RestoreFacts {
        let types = Candidates::of(asked.arn, asked.resource_type);
        let resource = Tested { arn: asked.arn, types: &types, tags: asked.tags, promised };
        let mut tests = Tests { covering: Vec::new(), doubts: places.reasons().to_vec() };
        let mut doubts = places.reasons().to_vec();
        let mut units: Vec<usize> = home.into_iter().collect();
        for (account, region) in places.known().into_iter().flatten() {
            match self.unit(account, region) {
                Some(unit) => units.push(unit),
                None => {
                    tests.doubts.push(not_observed(account, region, "backup:ListRestoreTestingPlans"));
                    doubts.push(not_observed(account, region, "backup:ListRestoreJobs"));
                }
            }
        }
        for unit in &units {
            testing::look(&mut tests, &resource, *unit, &self.world.regions[*unit], &self.points);
        }
        tests.doubts.sort();
        tests.doubts.dedup();
        tests.covering.sort();
        let has_cold_points = all(units.iter().map(|unit| self.points.held(asked.arn, *unit).has_cold_point()));
        let has_cold_points = has_cold_points.map(|of_units| of_units.contains(&true));
        let scope = Scope { home: home.unwrap_or_default(), units, doubts, has_cold_points };
        self.restores.facts(asked.arn, &types, scope, &tests)
    }
}

impl Recoverable {
    fn of(here: &PlaceFacts, elsewhere: &Observed<Vec<PlaceFacts>>) -> Self {
        let at = |kind: PlaceKind| {
            elsewhere.as_ref().and_then(|places| {
                let there: Vec<Observed<bool>> =
                    places.iter().filter(|place| place.kind == kind).map(PlaceFacts::has_usable_point).collect();
                if there.contains(&Observed::Known(true)) { Observed::Known(true) } else { all(there).map(|_| false) }
            })
        };
        Recoverable {
            here: here.has_usable_point(),
            in_another_region: at(PlaceKind::OtherRegion),
            in_another_account: at(PlaceKind::OtherAccount),
        }
    }
}

impl PlaceFacts {
    pub fn has_usable_point(&self) -> Observed<bool> {
        self.none_usable.as_ref().map(|_| false).absent_is(true)
    }
}

/// The accounts and Regions of these vaults, but for the resource's own.
fn places(vaults: &Vaults, home: &Region) -> Observed<BTreeSet<(String, String)>> {
    let of_each = vaults.iter().map(|vault| match Arn::parse(vault) {
        Some(arn) => Observed::Known((arn.account.to_owned(), arn.region.to_owned())),
        None => Observed::unknown(Reason::new(Cause::Undetermined, format!("'{vault}' is not the ARN of a vault"))),
    });
    let is_home = |(account, region): &(String, String)| *account == home.unit.account && *region == home.unit.region;
    all(of_each).map(|places| places.into_iter().filter(|place| !is_home(place)).collect())
}

fn not_observed(account: &str, region: &str, action: &str) -> Reason {
    Reason::of_call(Cause::NotObserved, action, format!("{account}/{region} was not observed, and copies of the resource go there"))
}
