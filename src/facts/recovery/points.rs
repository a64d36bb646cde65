//! Recovery points by resource and unit: which of them could be restored, how old the newest is, how far back they go.
//! Which of them there should be is `promise`'s to say.

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::types;
use crate::facts::lifecycle::LifecycleFacts;
use crate::facts::world::{Region, World, all, vault_arn};
use crate::snapshot::{Cause, Collection, Observed, Reason, RecoveryPoint};

const HOUR: i64 = 3_600_000;

/// The recovery points of a resource in one account and Region. Hours are whole and count from the data, which is as old as the
/// start of the job that saved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PointsFacts {
    /// Null: at least one point can be restored.
    pub none_usable: Observed<NoneUsable>,
    /// How many can be: complete, not expired, under a key that decrypts, and not part of a composite point.
    pub usable: Observed<u64>,
    /// How old the newest data is that can be restored. Null: there is none.
    pub newest_hours: Observed<i64>,
    pub newest_is_cold: Observed<bool>,
    /// How far back one can go. Null: nowhere.
    pub oldest_hours: Observed<i64>,
    /// The longest time between the start of a job and the completion of the next, within the shortest retention of the points.
    /// Null: fewer than two of them, or a continuous one.
    pub longest_gap_hours: Observed<i64>,
}

impl PointsFacts {
    pub fn unknown(reasons: &[Reason]) -> Self {
        PointsFacts {
            none_usable: Observed::Unknown(reasons.to_vec()),
            usable: Observed::Unknown(reasons.to_vec()),
            newest_hours: Observed::Unknown(reasons.to_vec()),
            newest_is_cold: Observed::Unknown(reasons.to_vec()),
            oldest_hours: Observed::Unknown(reasons.to_vec()),
            longest_gap_hours: Observed::Unknown(reasons.to_vec()),
        }
    }

    pub fn has_usable(&self) -> Observed<bool> {
        self.none_usable.as_ref().map(|_| false).absent_is(true)
    }
}

/// All points of the snapshot, ready to be asked for those of one resource.
pub struct Points<'w, 'a> {
    world: &'w World<'a>,
    /// By resource: the index of the unit that a point lies in, and the point.
    by_resource: FxHashMap<&'a str, Vec<(usize, &'a RecoveryPoint)>>,
    /// By unit: why there may be more points of any resource than those.
    gaps: Vec<Vec<Reason>>,
    /// By unit and key: whether the key decrypts.
    keys: FxHashMap<(usize, &'a str), Observed<bool>>,
}

/// What can be done with a point.
enum Use {
    Restorable(Data),
    /// It is there, and its age is not known.
    Ageless(Vec<Reason>),
    Unfinished,
    Expired,
    Undecryptable,
    /// Part of a composite point, which is what counts.
    Part,
    /// It may be usable; with the moment of the newest data that it can hold, where that is known.
    Unclear(Option<i64>, Vec<Reason>),
}

/// A usable point. All moments in milliseconds since 1970.
#[derive(Clone)]
struct Data {
    /// The newest data that it holds.
    newest: i64,
    oldest: i64,
    is_continuous: bool,
    usable_at: Observed<i64>,
    is_cold: Observed<bool>,
    /// Days. Absent: for ever.
    kept: Observed<i64>,
}

/// Why none of the points of a resource can be restored: how many there are, and what is wrong with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct NoneUsable {
    pub count: u64,
    /// `PARTIAL`, `STOPPED` or `CREATING`.
    pub unfinished: u64,
    /// `EXPIRED` or `DELETING`.
    pub expired: u64,
    /// Complete, under a key that is disabled, about to be deleted, or without its material.
    pub undecryptable: u64,
}

/// The points of one resource in one unit.
pub struct Held {
    usable: Vec<Data>,
    ageless: Vec<Reason>,
    unclear: Vec<(Option<i64>, Vec<Reason>)>,
    none: NoneUsable,
    gaps: Vec<Reason>,
    as_of: i64,
}

impl<'w, 'a> Points<'w, 'a> {
    pub fn of(world: &'w World<'a>) -> Self {
        let mut points = Points { world, by_resource: FxHashMap::default(), gaps: Vec::new(), keys: FxHashMap::default() };
        for (at, region) in world.regions.iter().enumerate() {
            let mut gaps = gaps(region);
            let mut of_nothing: Option<&str> = None;
            for point in &region.unit.recovery_points {
                match &point.resource_arn {
                    Observed::Known(resource) => points.by_resource.entry(resource).or_default().push((at, point)),
                    _ => of_nothing = Some(of_nothing.map_or(&point.recovery_point_arn, |other| other.min(&point.recovery_point_arn))),
                }
                if let Observed::Known(key) = &point.encryption_key_arn {
                    points.keys.entry((at, key)).or_insert_with(|| decrypts(key, region, world));
                }
            }
            gaps.extend(
                of_nothing
                    .map(|point| Reason::new(Cause::NotObserved, format!("the snapshot does not say of which resource '{point}' is"))),
            );
            points.gaps.push(gaps);
        }
        points
    }

    /// Why points of any resource may be in the unit that were not seen.
    pub fn gaps(&self, unit: usize) -> &[Reason] {
        &self.gaps[unit]
    }

    pub fn in_unit<'p>(&'p self, resource: &str, unit: usize) -> impl Iterator<Item = &'a RecoveryPoint> + use<'p, 'w, 'a> {
        let of_resource = self.by_resource.get(resource).map_or(&[][..], Vec::as_slice);
        of_resource.iter().filter(move |(at, _)| *at == unit).map(|(_, point)| *point)
    }

    pub fn held(&self, resource: &str, unit: usize) -> Held {
        let as_of = self.world.as_of.millis();
        let gaps = self.gaps[unit].clone();
        let mut held = Held { usable: Vec::new(), ageless: Vec::new(), unclear: Vec::new(), none: NoneUsable::default(), gaps, as_of };
        for point in self.in_unit(resource, unit) {
            match self.usability(unit, point) {
                Use::Part => continue,
                Use::Restorable(data) => held.usable.push(data),
                Use::Ageless(reasons) => held.ageless.extend(reasons),
                Use::Unclear(made, reasons) => held.unclear.push((made, reasons)),
                Use::Unfinished => held.none.unfinished += 1,
                Use::Expired => held.none.expired += 1,
                Use::Undecryptable => held.none.undecryptable += 1,
            }
            held.none.count += 1;
        }
        held
    }

    /// A status that is not known hides everything else, so that whoever sees less counts nothing otherwise.
    fn usability(&self, unit: usize, point: &RecoveryPoint) -> Use {
        let may_be_continuous = point.status.known().is_none_or(|status| status == "AVAILABLE")
            && point.resource_type.known().is_none_or(|name| !types::lag_minutes(name).is_absent());
        let made = point.creation_date.known().map(|date| date.millis()).filter(|_| !may_be_continuous);
        let unclear = |reasons: &[Reason]| Use::Unclear(made, reasons.to_vec());
        match &point.parent_recovery_point_arn {
            Observed::Known(_) | Observed::Reference(_) => return Use::Part,
            Observed::Unknown(reasons) => return unclear(reasons),
            Observed::Absent => {}
        }
        let status = match point.status.as_ref().required("Status") {
            Observed::Known(status) => status.as_str(),
            other => return unclear(other.reasons()),
        };
        match status {
            "COMPLETED" | "AVAILABLE" => {}
            "PARTIAL" | "STOPPED" | "CREATING" => return Use::Unfinished,
            "EXPIRED" | "DELETING" => return Use::Expired,
            other => {
                let detail = format!("'{other}' is not a status of a recovery point that Backstop knows");
                return unclear(&[Reason::new(Cause::Undetermined, detail)]);
            }
        }
        match &point.encryption_key_arn {
            Observed::Known(key) => match self.keys.get(&(unit, key.as_str())) {
                Some(Observed::Known(false)) => return Use::Undecryptable,
                Some(Observed::Unknown(reasons)) => return unclear(reasons),
                _ => {}
            },
            Observed::Unknown(reasons) => return unclear(reasons),
            // Nothing names a key that somebody could take away.
            Observed::Absent | Observed::Reference(_) => {}
        }
        data(point, status == "AVAILABLE", self.world.as_of.millis())
    }
}

/// Of a point that can be restored.
fn data(point: &RecoveryPoint, is_available: bool, as_of: i64) -> Use {
    let created = match point.creation_date.clone().required("CreationDate") {
        Observed::Known(created) => created.millis(),
        other => return Use::Ageless(other.reasons().to_vec()),
    };
    // A continuous point follows its resource; any other holds what was there when its job started.
    let lag = if is_available {
        point.resource_type.as_ref().required("ResourceType").and_then(|name| types::lag_minutes(name))
    } else {
        Observed::Absent
    };
    let newest = match &lag {
        Observed::Known(minutes) => as_of - minutes * 60_000,
        Observed::Unknown(reasons) => return Use::Ageless(reasons.clone()),
        _ => created,
    };
    let cold = point.calculated_lifecycle.as_ref().and_then(|lifecycle| lifecycle.move_to_cold_storage_at.as_ref());
    Use::Restorable(Data {
        newest: newest.min(as_of),
        oldest: created.min(as_of),
        is_continuous: lag.is_known(),
        usable_at: point.completion_date.as_ref().required("CompletionDate").map(|date| date.millis()),
        is_cold: cold.map(|date| date.millis() <= as_of).absent_is(false),
        kept: LifecycleFacts::of(&point.lifecycle).delete_after_days,
    })
}

/// Why the points of a unit's vaults are not all there.
fn gaps(region: &Region) -> Vec<Reason> {
    let mut reasons = region.sight.gaps(Collection::BackupVaults);
    let mut listed: FxHashMap<&str, u64> = FxHashMap::default();
    for name in region.unit.recovery_points.iter().filter_map(|point| point.backup_vault_name.known()) {
        *listed.entry(name).or_default() += 1;
    }
    for vault in &region.unit.backup_vaults {
        reasons.extend(region.sight.gaps_in_points(vault, listed.get(vault.backup_vault_name.as_str()).copied().unwrap_or(0)));
    }
    reasons.sort();
    reasons.dedup();
    reasons
}

/// Whether data under the key can be decrypted, as far as its state tells (KMS: key states).
fn decrypts(key: &str, region: &Region, world: &World) -> Observed<bool> {
    let described = match world.key(key, region) {
        Ok(key) => key,
        Err(reason) => {
            // A key of AWS's own cannot be described, and is never taken away.
            let is_aws_owned = region.unit.backup_vaults.iter().any(|vault| {
                vault.encryption_key_arn.known().is_some_and(|of_vault| of_vault == key)
                    && region.sight.described(&vault.encryption_key_type, vault).known().is_some_and(|owner| owner == "AWS_OWNED_KMS_KEY")
            });
            return if is_aws_owned { Observed::Known(true) } else { Observed::unknown(reason) };
        }
    };
    described.key_state.clone().required("KeyState").and_then(|state| match state.as_str() {
        "Enabled" | "Updating" => Observed::Known(true),
        "Creating" | "Disabled" | "PendingDeletion" | "PendingImport" | "PendingReplicaDeletion" | "Unavailable" => Observed::Known(false),
        other => Observed::unknown(Reason::new(Cause::Undetermined, format!("'{other}' is not a state of a key that Backstop knows"))),
    })
}

/// The ARN of the vault that points of a Region name.
pub fn vault_named(name: &str, region: &Region) -> Option<String> {
    region.unit.backup_vaults.iter().find(|vault| vault.backup_vault_name == name).map(|vault| vault_arn(region.unit, vault))
}

impl Held {
    pub fn facts(&self) -> PointsFacts {
        PointsFacts {
            none_usable: self.none_usable(),
            usable: self.usable_points(),
            newest_hours: self.newest().map(|data| (self.as_of - data.newest).div_euclid(HOUR)),
            newest_is_cold: self.newest().and_then(|data| data.is_cold.clone()),
            oldest_hours: self.oldest_hours(),
            longest_gap_hours: self.longest_gap_hours(),
        }
    }

    /// Null where one of the points, seen or not, can be restored for sure.
    fn none_usable(&self) -> Observed<NoneUsable> {
        if self.has_usable() {
            return Observed::Absent;
        }
        self.certain(self.unclear.iter().map(|(_, reasons)| reasons)).map(|()| self.none)
    }

    fn has_usable(&self) -> bool {
        !self.usable.is_empty() || !self.ageless.is_empty()
    }

    /// Unknown where a point that was not seen, or is not understood, might change the answer.
    fn certain<'r>(&'r self, doubts: impl Iterator<Item = &'r Vec<Reason>>) -> Observed<()> {
        let mut reasons = self.gaps.clone();
        reasons.extend(doubts.flatten().cloned());
        reasons.extend(self.ageless.iter().cloned());
        if reasons.is_empty() {
            return Observed::Known(());
        }
        reasons.sort();
        reasons.dedup();
        Observed::Unknown(reasons)
    }

    /// The newest data that can be had; warm before cold.
    fn newest(&self) -> Observed<&Data> {
        let best = self.usable.iter().max_by_key(|data| (data.newest, data.is_cold == Observed::Known(false)));
        // A point that is older for sure changes nothing, whatever else is not known of it.
        let may_be_newer = |made: &Option<i64>| made.is_none_or(|made| best.is_none_or(|best| made >= best.newest));
        let doubts = self.unclear.iter().filter(|(made, _)| may_be_newer(made)).map(|(_, reasons)| reasons);
        self.certain(doubts).and_then(|()| best.map_or(Observed::Absent, Observed::Known))
    }

    /// Whether one of the points that can be restored lies in cold storage.
    pub fn has_cold_point(&self) -> Observed<bool> {
        self.certain(self.unclear.iter().map(|(_, reasons)| reasons)).and_then(|()| {
            let cold = all(self.usable.iter().map(|data| data.is_cold.clone()));
            cold.map(|cold| cold.contains(&true))
        })
    }

    fn oldest_hours(&self) -> Observed<i64> {
        let oldest = self.usable.iter().map(|data| data.oldest).min();
        let doubts = self.unclear.iter().map(|(_, reasons)| reasons);
        self.certain(doubts).and_then(|()| oldest.map_or(Observed::Absent, |at| Observed::Known((self.as_of - at).div_euclid(HOUR))))
    }

    fn usable_points(&self) -> Observed<u64> {
        self.certain(self.unclear.iter().map(|(_, reasons)| reasons)).map(|()| self.usable.len() as u64)
    }

    /// The longest that data was at risk: from the start of a job to when the next point could be used. Of points that were made
    /// longer ago than the shortest retention among them, some are gone, so that only the time since then tells.
    fn longest_gap_hours(&self) -> Observed<i64> {
        self.certain(self.unclear.iter().map(|(_, reasons)| reasons)).and_then(|()| {
            if self.usable.iter().any(|data| data.is_continuous) {
                return Observed::Absent;
            }
            let kept = all(self.usable.iter().map(|data| data.kept.clone()));
            kept.and_then(|kept| {
                let since = kept.into_iter().min().map_or(i64::MIN, |days| self.as_of.saturating_sub(days.saturating_mul(24 * HOUR)));
                let within = self.usable.iter().filter(|data| data.newest >= since);
                let runs = all(within.map(|data| data.usable_at.clone().map(|at| (at, data.newest))));
                runs.and_then(|mut runs| {
                    runs.sort_unstable();
                    let mut longest = None;
                    let mut newest = None;
                    for (usable_at, data) in runs {
                        longest = longest.max(newest.map(|newest: i64| usable_at - newest));
                        newest = newest.max(Some(data));
                    }
                    longest.map_or(Observed::Absent, |gap| Observed::Known(gap.div_euclid(HOUR)))
                })
            })
        })
    }
}
