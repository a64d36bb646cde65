//! The log: runs become bytes. Results are made as they are written, since there can be very many and each is large.

use std::io::{Result as IoResult, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::{CharEscape, Formatter};
use serde_sarif::sarif;

use super::{Rules, notices};
use crate::audit::{Audit, Finding};
use crate::report::plain;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const VERSION: &str = "2.1.0";

#[derive(Serialize)]
struct Log<'p, 'a, R: Serialize> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run<'p, 'a, R>>,
}

/// A run and the findings that become its results.
#[derive(Serialize)]
pub struct Run<'p, 'a, R: Serialize> {
    #[serde(flatten)]
    pub frame: sarif::Run,
    pub results: Results<'p, 'a, R>,
}

/// Findings, and how one of them becomes a result.
pub struct Results<'p, 'a, R> {
    pub findings: Vec<Finding<'a>>,
    pub press: &'p dyn Fn(&Finding<'a>) -> R,
}

impl<R: Serialize> Serialize for Results<'_, '_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings.iter().map(self.press))
    }
}

impl<'p, 'a, R: Serialize> Run<'p, 'a, R> {
    pub fn new(
        driver: sarif::ToolComponent,
        invocation: sarif::Invocation,
        automation: sarif::RunAutomationDetails,
        findings: Vec<Finding<'a>>,
        press: &'p dyn Fn(&Finding<'a>) -> R,
    ) -> Self {
        let frame = sarif::Run::builder()
            .tool(sarif::Tool::builder().driver(driver).build())
            .invocations(vec![invocation])
            .automation_details(automation)
            .column_kind("unicodeCodePoints")
            .build();
        Run { frame, results: Results { findings, press } }
    }
}

/// Backstop itself, with every rule it judged by: a viewer compares runs by these, so they must not vary with what was found.
pub fn driver(rules: &Rules, tags: usize) -> sarif::ToolComponent {
    let mut driver = sarif::ToolComponent::builder()
        .name("Backstop")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .short_description(sarif::MultiformatMessageString::builder().text(concat!(env!("CARGO_PKG_DESCRIPTION"), ".")).build())
        .rules(rules.descriptors(tags))
        .notifications(notices::descriptors())
        .build();
    driver.information_uri = Some(env!("CARGO_PKG_REPOSITORY").to_owned()).filter(|uri| !uri.is_empty());
    driver
}

/// Which series of runs this one belongs to. Viewers split the id at its last slash into the series and the run.
pub fn automation(category: &str, audit: &Audit) -> sarif::RunAutomationDetails {
    let id = format!("{}/{}", plain(category), audit.as_of.to_chrono().date_naive());
    sarif::RunAutomationDetails { id: Some(id), ..sarif::RunAutomationDetails::default() }
}

pub fn write<R: Serialize>(runs: Vec<Run<R>>) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::new();
    Log { schema: SCHEMA, version: VERSION, runs }
        .serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, LinePerResult::default()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Compact JSON, but for a line break before each element of a run's lists, so that two logs can be compared line by line.
/// All texts pass through here: none gets out with a character that steers a terminal or reorders what it stands in.
#[derive(Default)]
struct LinePerResult {
    depth: usize,
}

impl LinePerResult {
    /// log, runs, run, results.
    const DEPTH: usize = 4;
    const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> IoResult<()> {
        self.depth += 1;
        writer.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> IoResult<()> {
        self.depth -= 1;
        writer.write_all(bracket)
    }
}

impl Formatter for LinePerResult {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> IoResult<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> IoResult<()> {
        self.close(writer, b"]")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> IoResult<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> IoResult<()> {
        self.close(writer, b"}")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> IoResult<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth <= Self::DEPTH { writer.write_all(b"\n") } else { Ok(()) }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> IoResult<()> {
        writer.write_all(plain(fragment).as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> IoResult<()> {
        writer.write_all(match escape {
            CharEscape::Quote => b"\\\"",
            CharEscape::ReverseSolidus => b"\\\\",
            CharEscape::Solidus => b"\\/",
            CharEscape::LineFeed => b"\\n",
            CharEscape::CarriageReturn => b"\\r",
            CharEscape::Tab => b"\\t",
            CharEscape::Backspace | CharEscape::FormFeed | CharEscape::AsciiControl(_) => Self::REPLACEMENT,
        })
    }
}
