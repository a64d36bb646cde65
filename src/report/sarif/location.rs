//! Where a finding is shown: at the line that declares what it is about, else under a path made of its account, Region and kind.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_sarif::sarif::{ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region};

use super::message;
use super::rules::sentence;
use crate::audit::Finding;
use crate::report::{Report, plain};
use crate::snapshot::{Declaration, SourceSpan};

/// What relative paths of source files are relative to: by convention, the root of the repository.
const SOURCE_ROOT: &str = "%SRCROOT%";
const KEPT_IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Names the root for viewers that ask for it; nothing where no source code was given.
pub fn source_root(report: &Report) -> Option<BTreeMap<String, ArtifactLocation>> {
    let root = ArtifactLocation { description: Some(message("The root of the repository.")), ..ArtifactLocation::default() };
    (!report.declarations.is_empty()).then(|| BTreeMap::from([(SOURCE_ROOT.to_owned(), root)]))
}

/// The place, with the subject and, where it is declared, its address.
pub fn location(finding: &Finding, declaration: Option<&Declaration>) -> Location {
    let subject = LogicalLocation { name: Some(plain(finding.subject.name()).into_owned()), ..resource(&finding.subject.id) };
    let address = declaration.map(|declaration| resource(&declaration.address));
    Location {
        physical_location: Some(declaration.map_or_else(|| synthetic(finding), |declaration| physical(&declaration.span))),
        logical_locations: Some(std::iter::once(subject).chain(address).collect()),
        ..Location::default()
    }
}

/// The calls of modules on the way, and what the value comes from.
pub fn related(declaration: &Declaration) -> Vec<Location> {
    let place = |(id, related): (i64, &crate::snapshot::Related)| Location {
        id: Some(id),
        physical_location: Some(physical(&related.span)),
        message: Some(message(sentence(&related.text))),
        ..Location::default()
    };
    (1..).zip(&declaration.related).map(place).collect()
}

fn resource(name: &str) -> LogicalLocation {
    let name = Some(plain(name).into_owned());
    LogicalLocation { fully_qualified_name: name, kind: Some("resource".to_owned()), ..LogicalLocation::default() }
}

fn physical(span: &SourceSpan) -> PhysicalLocation {
    let number = |number: usize| i64::try_from(number).ok();
    let region = Region {
        start_line: number(span.line),
        start_column: number(span.column),
        end_line: number(span.end_line),
        end_column: number(span.end_column),
        ..Region::default()
    };
    let uri = utf8_percent_encode(&span.file, KEPT_IN_PATHS).to_string();
    at(ArtifactLocation { uri: Some(uri), uri_base_id: Some(SOURCE_ROOT.to_owned()), ..ArtifactLocation::default() }, region)
}

/// A file that does not exist, since GitHub refuses a result without one.
fn synthetic(finding: &Finding) -> PhysicalLocation {
    let region = Region { start_line: Some(1), start_column: Some(1), end_line: Some(1), end_column: Some(2), ..Region::default() };
    at(ArtifactLocation { uri: Some(finding.location()), ..ArtifactLocation::default() }, region)
}

fn at(artifact: ArtifactLocation, region: Region) -> PhysicalLocation {
    PhysicalLocation { artifact_location: Some(artifact), region: Some(region), ..PhysicalLocation::default() }
}
