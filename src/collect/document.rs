//! The snapshot document as it is written: units one after the other, the recovery points of each copied from the journal.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::run::Run;
use super::unit::Observation;
use crate::snapshot::SCHEMA;

/// Everything that was observed.
#[derive(Debug)]
pub struct Document {
    units: Vec<Observation>,
    run: Arc<Run>,
}

impl Document {
    pub fn new(units: Vec<Observation>, run: Arc<Run>) -> Self {
        Document { units, run }
    }

    /// The units without their recovery points.
    pub fn units(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.units.iter().map(|unit| &unit.members)
    }

    /// Requests that AWS throttled, retries included.
    pub fn throttled(&self) -> u64 {
        self.run.meter.tally().throttled
    }

    /// Answers that were taken over from an interrupted run.
    pub fn recalled(&self) -> usize {
        self.run.journal.recalled()
    }

    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        write!(to, "{{\"Schema\":\"{SCHEMA}\",\"Units\":[")?;
        for (at, unit) in self.units.iter().enumerate() {
            to.write_all(if at == 0 { b"{" } else { b",{" })?;
            for (name, value) in &unit.members {
                serde_json::to_writer(&mut *to, name)?;
                to.write_all(b":")?;
                serde_json::to_writer(&mut *to, value)?;
                to.write_all(b",")?;
            }
            // Last, so that readers can stream them.
            to.write_all(b"\"RecoveryPoints\":[")?;
            for (at, range) in unit.points.iter().enumerate() {
                if at > 0 {
                    to.write_all(b",")?;
                }
                self.run.journal.read(*range, to)?;
            }
            to.write_all(b"]}")?;
        }
        to.write_all(b"]}\n")
    }

    /// Takes the journal away: the document is written.
    pub fn done(self) {
        self.run.journal.remove();
    }
}
