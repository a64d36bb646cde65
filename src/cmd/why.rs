//! `backstop why`: the story of one resource, from a snapshot or the live account.

use super::{collect, input, waivers};
use crate::audit::{self, Audit, Waivings};
use crate::cli::{self, Color, WhyFormat};
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::{self, Kind};
use crate::report::plain;
use crate::report::why::{self, Why};
use crate::snapshot::{self, Arn, Digest};
use crate::term;

pub fn run(args: &cli::Why, color: Color) -> Result<Exit, Error> {
    if Arn::parse(&args.resource).is_none() {
        return Err(Error::usage(
            format!("'{}' is not an ARN", args.resource),
            "write the resource's whole ARN, such as arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        ));
    }
    let policy = input::policy(&args.policy)?;
    let waivers = waivers::read(&args.waivers, args.policy.config.as_deref(), &policy)?;
    let reading = match (&args.snapshot, args.demo) {
        (_, true) => input::demo(Digest::Skip)?,
        (Some(path), false) => snapshot::read(path, Digest::Skip)?,
        (None, false) => collect::live(&args.live, Digest::Skip, &policy)?,
    };
    let as_of = input::as_of(args.policy.as_of, &reading.snapshot);
    let subjects = facts::derive(&reading.snapshot, as_of);
    let mut audit = audit::judge(&subjects, &policy.library, &policy.environments, as_of)?;
    if let Some(waivers) = &waivers {
        audit.waivers = Waivings::of(&audit, waivers, &reading.snapshot.units);
    }
    let Some(told) = audit::tell(&audit, &args.resource) else { return not_listed(&args.resource, &audit) };
    let story = facts::story(&reading.snapshot, as_of, &args.resource);
    let why = Why { audit: &audit, as_of, recovery: &told.recovery, story: &story, plans: told.plans, verdicts: told.verdicts };
    let text = match args.format {
        WhyFormat::Text => why::render(&why, term::stdout(color)),
        WhyFormat::Json => format!("{:#}\n", why::json(&why)),
    };
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    Ok(Exit::Clean)
}

/// That no list shows a resource proves something only where all lists are whole.
fn not_listed(resource: &str, audit: &Audit) -> Result<Exit, Error> {
    let resources = audit.subjects.of(Kind::Resource);
    let types = Arn::parse(resource).map(|arn| facts::names_of(&arn)).unwrap_or_default();
    let place = Arn::parse(resource).map(|arn| (arn.account, arn.region)).unwrap_or_default();
    let mut reasons: Vec<String> = Vec::new();
    for subject in &resources.subjects {
        let facts = resources.facts_of(subject);
        let is_there = (place.0.is_empty() || facts.account == place.0) && (place.1.is_empty() || facts.region == place.1);
        // A list of another type would not show it either.
        let may_show_it = facts.document["type"].as_str().is_none_or(|name| types.contains(&name));
        if facts.is_gap && is_there && may_show_it {
            reasons.push(subject.name().to_owned());
        }
    }
    let is_observed = |account: &str, region: &str| {
        let accounts = audit.subjects.of(Kind::Account);
        accounts.facts.iter().any(|facts| {
            let regions = facts.document["regions"].as_array().into_iter().flatten();
            (account.is_empty() || facts.account == account) && (region.is_empty() || regions.into_iter().any(|it| it == region))
        })
    };
    if !is_observed(place.0, place.1) {
        reasons.push(format!("{}/{} was not observed", place.0, place.1));
    }
    if reasons.is_empty() {
        let near = resources.subjects.iter().filter(|subject| !resources.facts_of(subject).is_gap).map(|subject| subject.id.as_ref());
        return Err(Error::usage(
            format!("no list shows '{resource}'{}", crate::config::nearest(near, resource)),
            "`backstop facts SNAPSHOT` prints the resources that there are",
        ));
    }
    term::say(&plain(&format!("No list shows '{resource}', and not all was seen: {}.", reasons.join("; "))));
    Ok(Exit::Unknown)
}
