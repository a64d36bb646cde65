//! From a subject and the field that a violation names, or from an address, to the line that declares it.

use std::collections::BTreeMap;

use super::address::Address;
use super::facet::{Candidate, Wanted, Whose, candidates};
use super::path::Path;
use super::root::{Code, Root, Written};
use crate::snapshot::Declaration;
use crate::terraform::assemble::Origin;
use crate::terraform::value::Value;

/// The roots that declare what was observed.
pub struct Locator<'a> {
    roots: Vec<Root<'a>>,
    origins: BTreeMap<&'a str, Vec<&'a Origin>>,
    written: Written,
}

impl<'a> Locator<'a> {
    /// The origins tell which resource each AWS object comes from: by states, by a plan, or by what the roots themselves evaluate to.
    pub fn new(roots: impl IntoIterator<Item = Code<'a>>, origins: &'a [Origin]) -> Self {
        let mut by_arn: BTreeMap<&str, Vec<&Origin>> = BTreeMap::new();
        origins.iter().for_each(|origin| by_arn.entry(&origin.arn).or_default().push(origin));
        by_arn.values_mut().for_each(|same| same.sort());
        Locator { roots: roots.into_iter().map(Root::new).collect(), origins: by_arn, written: Written::of(origins.iter()) }
    }

    /// The resources of Terraform that an AWS object is made of.
    pub fn origins(&self, arn: &str) -> impl Iterator<Item = &'a Origin> {
        self.origins.get(arn).into_iter().flatten().copied()
    }

    /// What is written at a path inside the resource with this address; the nearest there is, if that is gone.
    pub fn locate_address(&self, address: &str, path: &str) -> Option<Declaration> {
        self.declaration(&Address::parse(address)?, &Path::parse(path)?, "", "", None)
    }

    /// The line that declares what a finding is about, or the nearest; `None` for what no root that was given has to do with.
    pub fn locate(&self, wanted: &Wanted) -> Option<Declaration> {
        let mut near = None;
        let mut absent: Option<String> = None;
        for candidate in candidates(wanted) {
            let Some(mut found) = self.found(&candidate, wanted) else {
                absent.get_or_insert(candidate.kind);
                continue;
            };
            if candidate.beside {
                let lacks = absent.as_ref().filter(|kind| kind.starts_with("aws_"));
                let lacks = lacks.map(|kind| format!("no {kind} is declared for it"));
                found.note = lacks.into_iter().chain(found.note).reduce(|a, b| format!("{a}; {b}"));
                found.exact = false;
            }
            if found.exact {
                return Some(found);
            }
            near.get_or_insert(found);
        }
        near
    }

    fn found(&self, candidate: &Candidate, wanted: &Wanted) -> Option<Declaration> {
        let at = |address: &str, arn: &str| self.declaration(&Address::parse(address)?, &candidate.path, arn, plan_of(wanted), wanted.of);
        match &candidate.whose {
            Whose::Object { arn, part } => {
                let is_it =
                    |origin: &&Origin| (candidate.kind == "*" || candidate.kind == origin.kind) && (part.is_none() || *part == origin.part);
                match self.origins(arn).find(is_it) {
                    Some(origin) => at(&origin.address, arn),
                    None => self.named(candidate, arn, wanted),
                }
            }
            Whose::Place { account, region } if candidate.kind == "provider" => {
                self.roots.iter().find_map(|root| root.provider(account, region.as_deref()))
            }
            Whose::Place { account, region } => self.roots.iter().find_map(|root| {
                let placed = root.placed(&candidate.kind, account, region.as_deref()).next()?;
                root.declaration(&Address::parse(&placed.address)?, &candidate.path, wanted.of, &self.written)
            }),
        }
    }

    /// In the root that most speaks for; the first of those that are alike.
    fn declaration(&self, address: &Address, path: &Path, arn: &str, name: &str, element: Option<&str>) -> Option<Declaration> {
        let best = self.roots.iter().rev().max_by_key(|root| root.fits(address, arn, name))?;
        best.declaration(address, path, element, &self.written)
    }

    /// Plans and selections have ids that AWS makes up. Where no state tells them, the subject's own are found by name.
    fn named(&self, candidate: &Candidate, arn: &str, wanted: &Wanted) -> Option<Declaration> {
        let name = match (candidate.kind.as_str(), wanted.kind) {
            _ if wanted.id.split('#').next() != Some(arn) => return None,
            ("aws_backup_plan", "plan" | "plan_rule") => plan_of(wanted),
            ("aws_backup_selection", "selection") => wanted.name.split_once(" / ")?.1,
            _ => return None,
        };
        self.roots.iter().find_map(|root| {
            let mut placed = root.placed(&candidate.kind, wanted.account, Some(wanted.region));
            let same = placed.find(|declared| matches!(declared.attributes.get("name"), Some(Value::String(own)) if own == name))?;
            root.declaration(&Address::parse(&same.address)?, &candidate.path, wanted.of, &self.written)
        })
    }
}

/// The name of a plan, of which rules and selections are called `plan / rule`.
fn plan_of<'w>(wanted: &Wanted<'w>) -> &'w str {
    wanted.name.split_once(" / ").map_or(wanted.name, |(plan, _)| plan)
}
