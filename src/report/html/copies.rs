//! A map of the copies that rules make between accounts (rows) and Regions (columns), and whether the copies arrived.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::known::{list, text};
use crate::audit::Audit;
use crate::facts::Kind;
use crate::snapshot::Arn;

/// A map of more rows or columns is a table.
const ROWS: usize = 10;
const COLUMNS: usize = 8;
const CELL: (f64, f64) = (210.0, 120.0);
const BOX: (f64, f64) = (150.0, 52.0);
/// Room for the accounts on the left, and for the Regions above.
const MARGIN: (f64, f64) = (20.0, 30.0);

/// An account and a Region.
type Place = (String, String);

pub struct Copies {
    pub routes: Vec<Route>,
    /// `None` where there are no copies, or too many places for a picture.
    pub map: Option<Map>,
}

/// All copies from one place to another.
#[derive(Default, Clone)]
pub struct Route {
    pub from: String,
    pub to: String,
    /// Copy actions of rules.
    pub rules: usize,
    /// Those of them whose destination does not exist, or of which that is not known.
    pub missing: usize,
    pub unseen: usize,
    /// Recovery points that should have been copied, by what became of the copy.
    pub arrived: usize,
    pub outstanding: usize,
    pub unknown: usize,
    /// Whether points that should have been copied may not have been listed.
    pub is_blind: bool,
}

pub struct Map {
    pub width: f64,
    pub height: f64,
    pub nodes: Vec<Node>,
    pub arrows: Vec<Arrow>,
}

pub struct Node {
    pub x: f64,
    pub y: f64,
    pub account: String,
    pub region: String,
    pub vaults: usize,
}

pub struct Arrow {
    pub path: String,
    /// Where its count stands.
    pub x: f64,
    pub y: f64,
    pub rules: usize,
    pub class: &'static str,
}

impl Copies {
    pub fn of(audit: &Audit) -> Self {
        let mut routes: BTreeMap<(Place, Place), Route> = BTreeMap::new();
        declared(audit, &mut routes);
        arrivals(audit, &mut routes);
        blindness(audit, &mut routes);
        let map = map(audit, &routes);
        let told = |(account, region): Place| format!("{account}/{region}");
        let routes = routes.into_iter().map(|((from, to), route)| Route { from: told(from), to: told(to), ..route }).collect();
        Copies { routes, map }
    }
}

/// What the rules of plans copy where.
fn declared(audit: &Audit, routes: &mut BTreeMap<(Place, Place), Route>) {
    let rules = audit.subjects.of(Kind::PlanRule);
    for subject in &rules.subjects {
        let facts = rules.facts_of(subject);
        for copy in list(&facts.document, "/copies").value().into_iter().flatten() {
            let to = (text(copy, "/destination/account").or_unknown(), text(copy, "/destination/region").or_unknown());
            let route = routes.entry((place(&facts.account, &facts.region), place(to.0, to.1))).or_default();
            route.rules += 1;
            match copy.pointer("/destination/exists").and_then(Value::as_bool) {
                Some(true) => {}
                Some(false) => route.missing += 1,
                None => route.unseen += 1,
            }
        }
    }
}

/// What became of the copies that recovery points should have. Points that look alike share their facts, which are read once.
fn arrivals(audit: &Audit, routes: &mut BTreeMap<(Place, Place), Route>) {
    let points = audit.subjects.of(Kind::RecoveryPoint);
    let mut count = vec![0; points.facts.len()];
    for subject in &points.subjects {
        if let Some(count) = count.get_mut(subject.facts) {
            *count += 1;
        }
    }
    for (facts, count) in points.facts.iter().zip(count) {
        for copy in list(&facts.document, "/copies").value().into_iter().flatten() {
            let to = text(copy, "/destination").value().and_then(Arn::parse);
            let to = to.map_or_else(|| place("unknown", "unknown"), |arn| place(arn.account, arn.region));
            let route = routes.entry((place(&facts.account, &facts.region), to)).or_default();
            match copy.get("arrived").and_then(Value::as_bool) {
                Some(true) => route.arrived += count,
                Some(false) => route.outstanding += count,
                None => route.unknown += count,
            }
        }
    }
}

/// Where the points of a place were not all listed, nothing is said of all of them.
fn blindness(audit: &Audit, routes: &mut BTreeMap<(Place, Place), Route>) {
    let points = audit.subjects.of(Kind::RecoveryPoint);
    let blind: BTreeSet<(&str, &str)> =
        points.facts.iter().filter(|facts| facts.is_gap).map(|facts| (facts.account.as_str(), facts.region.as_str())).collect();
    for ((from, _), route) in routes {
        route.is_blind = blind.contains(&(from.0.as_str(), from.1.as_str()));
    }
}

fn place(account: &str, region: &str) -> Place {
    (account.to_owned(), region.to_owned())
}

fn map(audit: &Audit, routes: &BTreeMap<(Place, Place), Route>) -> Option<Map> {
    let mut vaults: BTreeMap<Place, usize> = BTreeMap::new();
    let of_vaults = audit.subjects.of(Kind::Vault);
    for facts in of_vaults.subjects.iter().map(|subject| of_vaults.facts_of(subject)).filter(|facts| !facts.is_gap) {
        *vaults.entry(place(&facts.account, &facts.region)).or_default() += 1;
    }
    let ends: BTreeSet<&Place> = routes.keys().flat_map(|(from, to)| [from, to]).collect();
    let accounts: BTreeSet<&str> = ends.iter().map(|(account, _)| account.as_str()).collect();
    let regions: BTreeSet<&str> = ends.iter().map(|(_, region)| region.as_str()).collect();
    if ends.is_empty() || accounts.len() > ROWS || regions.len() > COLUMNS {
        return None;
    }
    let rank = |of: &BTreeSet<&str>, name: &str| of.iter().take_while(|other| **other < name).count() as f64;
    // The middle of a place's box.
    let middle = |(account, region): &Place| {
        (MARGIN.0 + CELL.0 * (rank(&regions, region) + 0.5), MARGIN.1 + CELL.1 * (rank(&accounts, account) + 0.5))
    };
    let nodes = ends.iter().map(|of| {
        let (x, y) = middle(of);
        Node {
            x: x - BOX.0 / 2.0,
            y: y - BOX.1 / 2.0,
            account: of.0.clone(),
            region: of.1.clone(),
            vaults: vaults.get(*of).copied().unwrap_or(0),
        }
    });
    Some(Map {
        width: MARGIN.0 * 2.0 + CELL.0 * regions.len() as f64,
        height: MARGIN.1 * 2.0 + CELL.1 * accounts.len() as f64,
        nodes: nodes.collect(),
        arrows: routes.iter().map(|((from, to), route)| Arrow::of(middle(from), middle(to), route)).collect(),
    })
}

impl Arrow {
    /// Bent to its own left, so that an arrow and the one back do not lie on each other.
    fn of(from: (f64, f64), to: (f64, f64), route: &Route) -> Self {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        let (path, x, y) = if length < 1.0 {
            let (left, right, top) = (from.0 - 30.0, from.0 + 30.0, from.1 - BOX.1 / 2.0);
            (
                format!("M{left:.1} {top:.1}C{left:.1} {:.1} {right:.1} {:.1} {right:.1} {top:.1}", top - 34.0, top - 34.0),
                from.0,
                top - 25.0,
            )
        } else {
            let bend = 2.0 * rise(dx, dy, length);
            let (x, y) = (from.0 + dx / 2.0 + dy / length * bend, from.1 + dy / 2.0 - dx / length * bend);
            let (start, end) = (edge(from, (x, y)), edge(to, (x, y)));
            let path = format!("M{:.1} {:.1}Q{x:.1} {y:.1} {:.1} {:.1}", start.0, start.1, end.0, end.1);
            // The middle of such a curve.
            (path, (start.0 + end.0) / 4.0 + x / 2.0, (start.1 + end.1) / 4.0 + y / 2.0)
        };
        Arrow { path, x: round(x), y: round(y), rules: route.rules, class: route.class() }
    }
}

/// How far a curve is bent, from half the distance of its control point; its middle lies a little farther off, because it begins at the edge
/// of a box. Where the straight line would lead across other boxes, it passes between them and the next.
fn rise(dx: f64, dy: f64, length: f64) -> f64 {
    let skips = |distance: f64, cell: f64| distance.abs() > cell * 1.5;
    match () {
        () if dy.abs() < 1.0 && skips(dx, CELL.0) => CELL.1 / 2.0 + 5.0,
        () if dx.abs() < 1.0 && skips(dy, CELL.1) => CELL.0 / 2.0 - 23.0,
        () => 10.0 + length * 0.06,
    }
}

/// Where the line from the middle of a box towards a point leaves the box.
fn edge(middle: (f64, f64), towards: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (towards.0 - middle.0, towards.1 - middle.1);
    let reach = ((BOX.0 / 2.0) / dx.abs().max(0.01)).min((BOX.1 / 2.0) / dy.abs().max(0.01));
    (middle.0 + dx * reach, middle.1 + dy * reach)
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

impl Route {
    pub fn class(&self) -> &'static str {
        if self.missing > 0 || self.outstanding > 0 {
            "bad"
        } else if self.unseen > 0 || self.unknown > 0 || self.is_blind {
            "open"
        } else if self.arrived > 0 {
            "good"
        } else {
            "aside"
        }
    }

    pub fn told(&self) -> String {
        let mut parts = Vec::new();
        for (count, what) in [
            (self.missing, "to a vault that does not exist"),
            (self.unseen, "to a vault of which that is not known"),
            (self.outstanding, "not arrived"),
            (self.unknown, "not known whether arrived"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        if self.is_blind {
            parts.push("some points were not listed".to_owned());
        }
        match (parts.is_empty(), self.arrived) {
            (false, _) => parts.join(", "),
            (true, 0) => "no point yet that should be there".to_owned(),
            (true, _) => "all arrived".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_green_only_where_copies_arrived_and_nothing_is_in_doubt() {
        let arrived = || Route { rules: 1, arrived: 3, ..Route::default() };
        assert_eq!(arrived().class(), "good");
        assert_eq!(Route { arrived: 0, ..arrived() }.class(), "aside");
        assert_eq!(Route { is_blind: true, ..arrived() }.class(), "open");
        assert_eq!(Route { unseen: 1, ..arrived() }.class(), "open");
        assert_eq!(Route { unknown: 1, ..arrived() }.class(), "open");
        assert_eq!(Route { missing: 1, is_blind: true, ..arrived() }.class(), "bad");
        assert_eq!(Route { outstanding: 1, ..arrived() }.class(), "bad");
    }

    #[test]
    fn an_arrow_past_a_box_has_its_count_beside_it_and_within_the_picture() {
        let route = || Route { rules: 1, ..Route::default() };
        let across = Arrow::of((125.0, 90.0), (545.0, 90.0), &route());
        assert!(across.y < 90.0 - BOX.1 / 2.0 - 30.0 && across.y > 10.0, "{}", across.y);
        let down = Arrow::of((125.0, 90.0), (125.0, 330.0), &route());
        let off = (down.x - 125.0).abs();
        assert!(off > BOX.0 / 2.0 + 5.0 && off < CELL.0 / 2.0 + 5.0, "{}", down.x);
    }

    #[test]
    fn an_arrow_leaves_a_box_at_its_edge() {
        assert_eq!(edge((100.0, 100.0), (310.0, 100.0)), (175.0, 100.0));
        assert_eq!(edge((100.0, 100.0), (100.0, 0.0)), (100.0, 74.0));
        assert_eq!(edge((100.0, 100.0), (0.0, 0.0)), (74.0, 74.0));
    }
}
