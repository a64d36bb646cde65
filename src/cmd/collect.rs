//! `backstop collect`: the live account to a snapshot file, written whole or not at all.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::coverage::Coverage;
use super::output::Output;
use crate::cli::{self, Inventory};
use crate::collect::{self, CollectError, Document, JournalError, Options};
use crate::config::{self, InForce};
use crate::error::Error;
use crate::exit::Exit;
use crate::policy::Library;
use crate::snapshot::{self, Digest, Reading};
use crate::term::{self, Watch};

/// The SDK's futures are deep, and without optimization their frames are large.
const STACK: usize = 8 * 1024 * 1024;

/// Observes the account and writes the snapshot. The output is opened before AWS is called, so that a wrong path costs
/// no minutes.
pub fn run(args: &cli::Collect) -> Result<Exit, Error> {
    let output = Output::open(&args.output)?;
    // The rules are read while AWS answers.
    let rules = std::thread::spawn(Library::shipped);
    let journal = Journal::beside(&output, args.resume)?;
    let document = observe(&args.live, &journal, args.resume, false)?;
    output.write(|to| document.write(to))?;
    if args.resume {
        term::say(&format!("{} answers were taken over from the run that was interrupted.", document.recalled()));
    }
    let library = rules.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    term::say(Coverage::of(&document, &config::defaults(library)).to_string().trim_end());
    document.done();
    Ok(Exit::Clean)
}

/// The live account, read as any other snapshot is.
pub fn live(args: &cli::Live, digest: Digest, in_force: &InForce) -> Result<Reading, Error> {
    let document = observe(args, &Journal::temporary()?, false, false)?;
    term::say(Coverage::of(&document, in_force).to_string().trim_end());
    let unwritten = |source| Error::Output { path: std::env::temp_dir(), source };
    let mut file = tempfile::Builder::new().suffix(".json").tempfile().map_err(unwritten)?;
    let mut to = std::io::BufWriter::new(file.as_file_mut());
    document.write(&mut to).and_then(|()| to.flush()).map_err(unwritten)?;
    drop(to);
    document.done();
    Ok(snapshot::read(file.path(), digest)?)
}

/// One page of everything, to see which calls are allowed.
pub fn probe(args: &cli::Live) -> Result<Document, Error> {
    observe(args, &Journal::temporary()?, false, true)
}

fn observe(args: &cli::Live, journal: &Journal, resume: bool, is_probe: bool) -> Result<Document, Error> {
    let options = Options { journal: journal.path().to_owned(), resume, is_probe, ..options(args) };
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build().map_err(Error::Runtime)?;
    let watch = Watch::start();
    let result = runtime.block_on(async {
        tokio::select! {
            document = collect::observe(&options, &watch) => Ok(document?),
            () = interruption() => Err(Error::Interrupted { kept: None }),
        }
    });
    drop(watch);
    result.map_err(|error| journal.after(error, resume))
}

fn options(args: &cli::Live) -> Options {
    Options {
        profile: args.profile.clone(),
        regions: args.regions.clone(),
        all_regions: args.all_regions,
        accounts: args.accounts.clone(),
        organization: args.organization,
        role: args.role.clone(),
        external_id: args.external_id.clone(),
        max_rate: args.max_rate,
        inventory: inventory(&args.inventory),
        ..Options::default()
    }
}

/// AWS Backup's names of the types.
fn inventory(asked: &[Inventory]) -> Vec<String> {
    const NAMES: [(Inventory, &str); 8] = [
        (Inventory::Aurora, "Aurora"),
        (Inventory::DynamoDb, "DynamoDB"),
        (Inventory::Ebs, "EBS"),
        (Inventory::Ec2, "EC2"),
        (Inventory::Efs, "EFS"),
        (Inventory::Fsx, "FSx"),
        (Inventory::Rds, "RDS"),
        (Inventory::S3, "S3"),
    ];
    let wanted = |kind: &Inventory| !asked.contains(&Inventory::None) && (asked.contains(&Inventory::All) || asked.contains(kind));
    NAMES.iter().filter(|(kind, _)| wanted(kind)).map(|(_, name)| (*name).to_owned()).collect()
}

/// The file that answers go to as they come.
enum Journal {
    /// Beside the output; it outlives an interruption.
    Kept(PathBuf),
    Temporary(TempPath),
}

impl Journal {
    fn beside(output: &Output, resume: bool) -> Result<Self, Error> {
        let Some(file) = output.file() else {
            if resume {
                return Err(Error::usage("--resume needs a file", "give the --output of the run that was interrupted"));
            }
            return Journal::temporary();
        };
        let mut name = file.as_os_str().to_owned();
        name.push(".partial");
        let path = PathBuf::from(name);
        if !resume && holds_answers(&path) {
            term::say(&format!(
                "note: '{}' is what an interrupted run left; it is begun anew. --resume would have gone on with it.",
                path.display()
            ));
        }
        Ok(Journal::Kept(path))
    }

    fn temporary() -> Result<Self, Error> {
        let file = tempfile::NamedTempFile::new().map_err(|source| Error::Output { path: std::env::temp_dir(), source })?;
        Ok(Journal::Temporary(file.into_temp_path()))
    }

    fn path(&self) -> &Path {
        match self {
            Journal::Kept(path) => path,
            Journal::Temporary(path) => path,
        }
    }

    /// Keeps what is worth going on with, and says so; takes away the rest.
    fn after(&self, error: Error, resume: bool) -> Error {
        let Journal::Kept(path) = self else { return error };
        // It is another run's, to keep or to take away.
        if matches!(error, Error::Collect(CollectError::Journal(JournalError::InUse { .. }))) {
            return error;
        }
        let can_go_on =
            matches!(error, Error::Interrupted { .. } | Error::Collect(CollectError::Expired { .. } | CollectError::Journal(_)));
        if (resume || can_go_on) && holds_answers(path) {
            match error {
                Error::Interrupted { .. } => return Error::Interrupted { kept: Some(path.clone()) },
                _ => term::say(&format!("'{}' keeps what was collected up to then.", path.display())),
            }
        } else if !resume {
            let _ = std::fs::remove_file(path);
        }
        error
    }
}

/// More than a journal's first line, which is short.
fn holds_answers(journal: &Path) -> bool {
    let is_file = journal.metadata().is_ok_and(|metadata| metadata.is_file());
    is_file && File::open(journal).is_ok_and(|file| BufReader::new(file.take(64 * 1024)).split(b'\n').take(2).flatten().count() == 2)
}

/// Ctrl-C, or what a scheduler sends before it kills.
pub async fn interruption() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = tokio::signal::ctrl_c().await;
}
