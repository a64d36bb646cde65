//! `backstop verify`: bundles of evidence, offline.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::bundle::{self, Again};
use super::output;
use crate::cli;
use crate::error::Error;
use crate::evidence::{self, Checked, Fault, Files, PublicKey};
use crate::exit::Exit;
use crate::report::plain;
use crate::term;

pub fn run(args: &cli::Verify) -> Result<Exit, Error> {
    let key = args.public_key.as_deref().map(public_key).transpose()?;
    let mut worst = Exit::Clean;
    let mut before: Option<String> = None;
    for path in &args.bundles {
        let (exit, hash, text) = verify(path, key.as_ref(), before.as_deref())?;
        term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
        // What is wrong outweighs what cannot be said.
        worst = if exit == Exit::Findings || worst == Exit::Clean { exit } else { worst };
        before = Some(hash);
    }
    Ok(worst)
}

/// The hash of a bundle's manifest, for the next one to name.
pub fn hash_of(path: &Path) -> Result<String, Error> {
    let checked = evidence::check(&read(path)?.0, None);
    match checked.faults.first() {
        None => Ok(checked.hash),
        Some(Fault { file, message }) => Err(Error::Bundle { path: path.join(file), message: message.clone() }),
    }
}

fn public_key(path: &Path) -> Result<PublicKey, Error> {
    let bytes = fs::read(path).map_err(|source| Error::ConfigFile { path: path.to_owned(), source })?;
    PublicKey::parse(&bytes).map_err(|error| Error::usage(format!("'{}' is no public key: {error}", path.display()), KEY_HELP))
}

pub const KEY_HELP: &str =
    "`openssl genpkey -algorithm ed25519 -out key.pem` makes a key, and `openssl pkey -in key.pem -pubout` tells its public part";

fn verify(path: &Path, key: Option<&PublicKey>, before: Option<&str>) -> Result<(Exit, String, String), Error> {
    let (files, damage) = read(path)?;
    let Checked { mut faults, manifest, hash, is_signed } = evidence::check(&files, key);
    // Of what cannot be unpacked there is nothing to say but that.
    if files.is_empty() && damage.is_some() {
        faults.clear();
    }
    // Only where all files are as they were, or none can be read, does it say anything that the archive around them is not.
    if faults.is_empty() {
        faults.extend(damage);
    }
    let mut sentences = Vec::new();
    if let (Some(manifest), Some(before)) = (&manifest, before)
        && manifest.previous.as_deref() != Some(before)
    {
        let message = "it is not chained to the bundle before it".to_owned();
        faults.push(Fault { file: evidence::MANIFEST.to_owned(), message });
    }
    let mut exit = Exit::Clean;
    if let (Some(manifest), true) = (&manifest, faults.is_empty()) {
        match bundle::again(&files, manifest).map_err(|error| within(path, error))? {
            Again::Same => sentences.push("Judged again, its snapshot comes to the same reports, byte by byte.".to_owned()),
            Again::Other(paths) => faults.extend(
                paths.into_iter().map(|file| Fault { file, message: "judged again, the snapshot comes to another one".to_owned() }),
            ),
            Again::Cannot(why) => {
                exit = Exit::Unknown;
                sentences.push(format!("It could not be judged again: {}.", plain(&why)));
            }
        }
        sentences.push(match (is_signed, key) {
            (true, Some(_)) => "The key that was given signed it.".to_owned(),
            (true, None) => "It is signed; by whom was not looked at, because no --public-key was given.".to_owned(),
            (false, _) => "It is not signed: whoever can write it can make all of it anew.".to_owned(),
        });
        sentences.push(match &manifest.previous {
            Some(previous) => format!("It follows the bundle whose manifest has the SHA-256 {}.", plain(previous)),
            None => "It is the first of its chain.".to_owned(),
        });
        sentences.push(format!("As of {}: {}", manifest.as_of, plain(&manifest.conclusion.reason)));
    }
    let name = plain(&path.to_string_lossy()).into_owned();
    if !faults.is_empty() {
        let mut text = format!("{name}: not what it was when it was made.\n");
        for Fault { file, message } in faults {
            text += &format!("  {}: {}\n", plain(&file), plain(&message));
        }
        return Ok((Exit::Findings, hash, text));
    }
    let count = files.len();
    let mut text = format!("{name}: every byte of its {count} files is as it was.\n  manifest.json has the SHA-256 {hash}.\n");
    for sentence in sentences {
        text += &format!("  {sentence}\n");
    }
    Ok((exit, hash, text))
}

/// The files of a directory or an archive; of an archive also what is wrong with it where its files can be read.
fn read(path: &Path) -> Result<(Files, Option<Fault>), Error> {
    let unreadable = |source| Error::ConfigFile { path: path.to_owned(), source };
    if path.is_dir() {
        let mut files = BTreeMap::new();
        gather(path, "", &mut files).map_err(unreadable)?;
        return Ok((files, None));
    }
    let packed = fs::read(path).map_err(unreadable)?;
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let damaged = |message: String| Fault { file: file.clone(), message };
    let whole = evidence::decompress(&packed).and_then(|archive| Ok((evidence::unpack(&archive)?, archive)));
    let (files, archive) = match whole {
        Ok(whole) => whole,
        Err(error) => return Ok((Files::new(), Some(damaged(format!("it is damaged, or no bundle: {error}"))))),
    };
    let is_same = || -> io::Result<bool> {
        let again = evidence::archive(&files)?;
        let mut compressed = Vec::new();
        output::compress(&mut compressed, |to| to.write_all(&again))?;
        // Another version may compress otherwise, and then the files alone tell.
        let of_this_version = evidence::check(&files, None).manifest.is_none_or(|manifest| manifest.is_of_this_version());
        Ok(again == archive && (compressed == packed || !of_this_version))
    };
    let damage = match is_same() {
        Ok(true) => None,
        // What is missing then tells more.
        _ if files.is_empty() => None,
        _ => Some(damaged("its files are as they were, and it is not".to_owned())),
    };
    Ok((files, damage))
}

/// What a bundle holds is wrong: which bundle, and which of its files.
fn within(bundle: &Path, error: Error) -> Error {
    match error {
        Error::Bundle { path, message } => Error::Bundle { path: bundle.join(path), message },
        other => Error::Bundle { path: bundle.to_owned(), message: other.to_string() },
    }
}

fn gather(directory: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => gather(&entry.path(), &format!("{name}/"), files)?,
            (_, true) => _ = files.insert(name, fs::read(entry.path())?),
            // A link leads anywhere, and a bundle has none; the manifest does not know it.
            _ => _ = files.insert(name, Vec::new()),
        }
    }
    Ok(())
}
