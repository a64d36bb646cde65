//! Terraform's files as the command line names them, and what of them is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::input::{Before, Input};
use crate::cli;
use crate::error::Error;
use crate::snapshot::{self, Digest, Reading, Snapshot};
use crate::terraform::{self, Code, Evaluated, Inputs, Locator, Options, Origin, Root};

/// What `terraform plan` itself takes a Region from where a provider names none.
const REGION_VARIABLES: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// Read, and evaluated where they are HCL.
pub struct Files {
    plan: Option<Root>,
    states: Vec<Root>,
    roots: Vec<Evaluated>,
    inputs: Inputs,
    options: Options,
}

impl Files {
    pub fn read(args: &cli::Terraform) -> Result<Self, Error> {
        let inputs = inputs(args)?;
        let roots: Vec<Evaluated> = args.roots.iter().map(|root| terraform::evaluate(root, &inputs)).collect::<Result<_, _>>()?;
        let mut plan = args.plan.as_deref().map(terraform::read_plan).transpose()?;
        if let Some(plan) = &mut plan {
            roots.iter().for_each(|evaluated| terraform::fill(plan, &evaluated.root));
        }
        let region = || REGION_VARIABLES.iter().find_map(|name| std::env::var(name).ok()).filter(|region| !region.is_empty());
        Ok(Files {
            plan,
            states: args.states.iter().map(|path| terraform::read_state(path)).collect::<Result<_, _>>()?,
            roots,
            inputs,
            options: Options {
                account: args.default_account.clone(),
                region: args.default_region.clone().or_else(region),
                assume_complete: args.assume_complete,
            },
        })
    }

    pub fn is_empty(&self) -> bool {
        self.plan.is_none() && self.states.is_empty() && self.roots.is_empty()
    }

    /// What finds lines in the roots; `None` where none was given.
    pub fn locator<'a>(&'a self, origins: &'a [Origin]) -> Option<Locator<'a>> {
        let code = |evaluated: &'a Evaluated| Code { tree: &evaluated.tree, inputs: &self.inputs, declared: &evaluated.root.declared };
        (!self.roots.is_empty()).then(|| Locator::new(self.roots.iter().map(code), origins))
    }

    /// What is judged: what was observed, with the plan laid over it; else the plan, else the state, else the HCL.
    pub fn input(&self, observed: Option<Reading>, digest: Digest) -> Result<Input, Error> {
        let options = match &observed {
            Some(reading) => self.options_beside(&reading.snapshot),
            None => self.options.clone(),
        };
        let mut input = match (observed, &self.plan) {
            (Some(reading), Some(plan)) => overlay(reading, plan, &options, digest)?,
            (Some(reading), None) => Input { reading, before: None, notices: Vec::new(), origins: Vec::new(), partial: None },
            (None, Some(plan)) => planned(plan, &options, digest)?,
            (None, None) => self.declared(&options, digest)?,
        };
        // The others only tell which line an object comes from.
        input.origins.extend(self.origins_by(&options)?);
        input.origins.sort();
        input.origins.dedup();
        Ok(input)
    }

    /// Which resource each AWS object belongs to, by all that was given.
    pub fn origins(&self) -> Result<Vec<Origin>, Error> {
        let mut origins = self.origins_by(&self.options)?;
        if let Some(plan) = &self.plan {
            origins.extend(terraform::assemble(plan, &self.options)?.origins);
            origins.extend(terraform::assemble(&prior(plan), &self.options)?.origins);
        }
        origins.sort();
        origins.dedup();
        Ok(origins)
    }

    fn origins_by(&self, options: &Options) -> Result<Vec<Origin>, Error> {
        let mut origins = Vec::new();
        for root in self.states.iter().chain(self.roots.iter().map(|evaluated| &evaluated.root)) {
            origins.extend(terraform::assemble(root, options)?.origins);
        }
        Ok(origins)
    }

    fn declared(&self, options: &Options, digest: Digest) -> Result<Input, Error> {
        let root = match (self.states.as_slice(), self.roots.as_slice()) {
            ([state], _) => state,
            ([], [root]) => &root.root,
            _ => {
                return Err(Error::usage(
                    "several roots or states cannot be judged as one",
                    "give one of them, or a snapshot beside them: they then only tell the lines",
                ));
            }
        };
        let assembled = terraform::assemble(root, options)?;
        Ok(Input {
            reading: reading(assembled.document, digest)?,
            before: None,
            notices: notices(root, assembled.notices),
            origins: assembled.origins,
            partial: partial(root),
        })
    }

    /// One account or one Region that was observed is the one that providers mean which name none.
    fn options_beside(&self, snapshot: &Snapshot) -> Options {
        let only = |values: BTreeSet<&String>| if values.len() == 1 { values.into_iter().next().cloned() } else { None };
        Options {
            account: self.options.account.clone().or_else(|| only(snapshot.units.iter().map(|unit| &unit.account).collect())),
            region: self.options.region.clone().or_else(|| only(snapshot.units.iter().map(|unit| &unit.region).collect())),
            ..self.options.clone()
        }
    }
}

fn inputs(args: &cli::Terraform) -> Result<Inputs, Error> {
    let pair = |text: &String| {
        let (name, value) = text
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| Error::usage("--var names no value", "write --var NAME=VALUE"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("TF_VAR_"))
        .collect();
    Ok(Inputs {
        var_files: args.var_files.clone(),
        vars: args.vars.iter().map(pair).collect::<Result<_, Error>>()?,
        environment,
        workspace: std::env::var("TF_WORKSPACE").ok().filter(|name| !name.is_empty()),
    })
}

fn planned(plan: &Root, options: &Options, digest: Digest) -> Result<Input, Error> {
    let after = terraform::assemble(plan, options)?;
    let prior = terraform::assemble(&prior(plan), options)?;
    let before = (!plan.prior.is_empty())
        .then(|| reading(prior.document, Digest::Skip).map(|reading| Before { snapshot: reading.snapshot, is_observed: false }))
        .transpose()?;
    let origins = after.origins.into_iter().chain(prior.origins).collect();
    Ok(Input { reading: reading(after.document, digest)?, before, notices: notices(plan, after.notices), origins, partial: partial(plan) })
}

/// The plan's two sides are taken for all that their root declares: only where they differ does the plan change anything.
fn overlay(observed: Reading, plan: &Root, options: &Options, digest: Digest) -> Result<Input, Error> {
    let whole = Options { assume_complete: true, ..options.clone() };
    let (before, after) = (terraform::assemble(&prior(plan), &whole)?, terraform::assemble(plan, &whole)?);
    let mut snapshot = observed.snapshot;
    // They are most of a large snapshot, and no plan makes any.
    let points: Vec<_> = snapshot.units.iter_mut().map(|unit| std::mem::take(&mut unit.recovery_points)).collect();
    let mut document = serde_json::to_value(&snapshot).map_err(|error| Error::Output { path: "-".into(), source: error.into() })?;
    for (unit, points) in snapshot.units.iter_mut().zip(points) {
        unit.recovery_points = points;
    }
    let unobserved = terraform::overlay(&mut document, &before, &after);
    let mut reading = reading(document, Digest::Skip)?;
    for unit in &mut reading.snapshot.units {
        if let Some(was) = snapshot.units.iter().find(|was| was.label() == unit.label()) {
            unit.recovery_points.clone_from(&was.recovery_points);
        }
    }
    let mut notices = notices(plan, after.notices);
    if !unobserved.is_empty() {
        notices
            .push(format!("The plan also changes {}, which nobody observed: what is there besides is not known.", unobserved.join(", ")));
    }
    let origins = before.origins.into_iter().chain(after.origins).collect();
    let reading = Reading::of(reading.snapshot, digest);
    Ok(Input { reading, before: Some(Before { snapshot, is_observed: true }), notices, origins, partial: None })
}

fn prior(plan: &Root) -> Root {
    Root { declared: plan.prior.clone(), prior: Vec::new(), ..plan.clone() }
}

fn notices(root: &Root, assembled: Vec<String>) -> Vec<String> {
    root.notices.iter().cloned().chain(assembled).collect()
}

/// Why the root does not tell all that its code says.
fn partial(root: &Root) -> Option<String> {
    let unset = || match root.unset.as_slice() {
        [] => None,
        names => Some(format!("no value was given with --var or --var-file for {}", quoted(names))),
    };
    root.partial.as_ref().map(|reason| reason.detail.clone()).or_else(unset)
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

fn reading(document: serde_json::Value, digest: Digest) -> Result<Reading, Error> {
    Ok(snapshot::from_value(document, Path::new("what Terraform declares"), digest)?)
}
