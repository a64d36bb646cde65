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
#[cfg(test)]
mod tests;
mod types;

pub use points::{NoneUsable, PointsFacts};
pub use restores::{LastTest, RestoreFacts, SlowRestore};
pub use types::type_can_be_tested;

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
    pub tests: TestFacts,
    pub restores: RestoreFacts,
    /// What is proven: 0 nothing, 1 a restore testing plan covers it, 2 a restore was completed, 3 its result was validated,
    /// 4 so was one of a copy in another Region or account, 5 and its point was picked at random, and a cold one where there
    /// are such.
    pub proof_level: Observed<u8>,
}

/// Whether restore testing plans restore recovery points of it by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TestFacts {
    /// Whether they can select resources of its type.
    pub type_can_be_tested: Observed<bool>,
    /// When the table that tells this was read, as YYYY-MM-DD.
    pub types_read_on: String,
    /// Whether one takes points of it from where they are promised or lie.
    pub is_covered: Observed<bool>,
    /// The names of those that do, in order.
    pub covered_by: Observed<Vec<String>>,
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

/// One account and Region, and the recovery points of a resource there.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlaceFacts {
    pub kind: PlaceKind,
    pub account: String,
    pub region: String,
    pub points: PointsFacts,
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
        let (tests, restores, proof_level) = self.proof(asked, home, &promised, &places);
        RecoveryFacts {
            promised: promised.as_ref().map(|vaults| !vaults.is_empty()),
            recoverable: Recoverable::of(&here, &elsewhere),
            here,
            elsewhere,
            tests,
            restores,
            proof_level,
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
        let points = match self.unit(account, place) {
            Some(unit) => self.points.held(resource, unit).facts(),
            None => PointsFacts::unknown(&[not_observed(account, place, "backup:ListRecoveryPointsByBackupVault")]),
        };
        PlaceFacts { kind, account: account.to_owned(), region: place.to_owned(), points }
    }

    fn proof(
        &self,
        asked: &Asked,
        home: Option<usize>,
        promised: &Observed<Vaults>,
        places: &Observed<BTreeSet<(String, String)>>,
    ) -> (TestFacts, RestoreFacts, Observed<u8>) {
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
        let (restores, proof_level) = self.restores.facts(asked.arn, &types, scope, &tests);
        let facts = TestFacts {
            type_can_be_tested: types.can_be_tested(),
            types_read_on: types::read_on().to_owned(),
            is_covered: tests.is_covered(),
            covered_by: tests.names(),
        };
        (facts, restores, proof_level)
    }
}

impl Recoverable {
    fn of(here: &PlaceFacts, elsewhere: &Observed<Vec<PlaceFacts>>) -> Self {
        let at = |kind: PlaceKind| {
            elsewhere.as_ref().and_then(|places| {
                let there: Vec<Observed<bool>> =
                    places.iter().filter(|place| place.kind == kind).map(|place| place.points.has_usable()).collect();
                if there.contains(&Observed::Known(true)) { Observed::Known(true) } else { all(there).map(|_| false) }
            })
        };
        Recoverable {
            here: here.points.has_usable(),
            in_another_region: at(PlaceKind::OtherRegion),
            in_another_account: at(PlaceKind::OtherAccount),
        }
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
