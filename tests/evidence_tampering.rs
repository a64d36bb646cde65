//! `backstop verify` in the face of somebody who means harm: bundles that are empty, changed, forged, or made to burst.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use backstop::evidence::{self, ENVELOPE, Files, MANIFEST, Manifest, SEAL, SigningKey, close};
use serde_json::{Value, json};
use tempfile::TempDir;

const SMALL: [&str; 3] = ["fixtures/half_blind.json", "--config", "fixtures/half_blind.toml"];
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Desk(TempDir::new().expect("a directory"));
        std::fs::write(desk.path("key"), SEED).expect("written");
        std::fs::write(desk.path("public"), PUBLIC).expect("written");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A signed bundle of a small world.
    fn bundle(&self, name: &str) -> PathBuf {
        let (path, key) = (self.path(name), self.path("key"));
        let target = format!("bundle={}", path.display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        let output = command.arg("audit").args(SMALL).args(["--output", &target, "--sign-key"]).arg(key).env_clear().output();
        assert!(path.exists(), "{output:?}");
        path
    }

    /// Puts an archive there as `audit` would write it, whatever is in it.
    fn archive(&self, name: &str, entries: impl FnOnce(&mut tar::Builder<Vec<u8>>)) -> PathBuf {
        let mut archive = tar::Builder::new(Vec::new());
        entries(&mut archive);
        let path = self.path(name);
        std::fs::write(&path, compressed(&archive.into_inner().expect("an archive"))).expect("written");
        path
    }

    fn verify(&self, path: &Path) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        command.arg("verify").arg(path).arg("--public-key").arg(self.path("public")).env_clear().output().expect("it runs")
    }

    /// What is said of a bundle that is not what it was.
    #[track_caller]
    fn refused(&self, path: &Path) -> String {
        let output = self.verify(path);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(": not what it was when it was made."), "{said}");
        said
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
    encoder.include_checksum(true).expect("it takes it");
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("compressed")
}

fn files(root: &Path) -> Files {
    fn gather(directory: &Path, root: &Path, found: &mut Files) {
        for path in std::fs::read_dir(directory).expect("a directory").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                gather(&path, root, found);
            } else {
                let name = path.strip_prefix(root).expect("below it").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(path).expect("a file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(root, root, &mut found);
    found
}

fn put(root: &Path, files: &Files) {
    let _ = std::fs::remove_dir_all(root);
    for (name, bytes) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        std::fs::write(path, bytes).expect("written");
    }
}

/// The files after a change, with all hashes made anew, and signed with a key or not.
fn forged(mut files: Files, key: Option<&str>, change: impl FnOnce(&mut Files, &mut Value)) -> Files {
    for own in [ENVELOPE, SEAL] {
        files.remove(own);
    }
    let was = Manifest::parse(&files.remove(MANIFEST).expect("a manifest")).expect("a manifest");
    let mut told = json!({ "previous": was.previous, "backstop": was.backstop, "conclusion": was.conclusion });
    change(&mut files, &mut told);
    let conclusion = serde_json::from_value(told["conclusion"].take()).expect("a conclusion");
    let previous = told["previous"].as_str().map(str::to_owned);
    let mut manifest = Manifest::of(&files, was.as_of, conclusion, previous);
    manifest.backstop = told["backstop"].as_str().expect("a version").to_owned();
    let key = key.map(|seed| SigningKey::parse(seed.as_bytes()).expect("a key"));
    close(files, &manifest, key.as_ref()).0
}

#[test]
fn a_bundle_without_any_file_is_not_whole() {
    let desk = Desk::new();
    let empty = desk.path("empty");
    std::fs::create_dir(&empty).expect("made");
    let archive = desk.archive("empty.tar.zst", |_| {});
    for path in [&empty, &archive] {
        let told = desk.refused(path);
        assert!(told.contains("manifest.json: it is missing") && told.contains("SHA256SUMS: it is missing"), "{told}");
    }
}

/// The unit tests flip every byte of a bundle that is made up.
#[test]
fn a_flipped_byte_anywhere_in_a_real_bundle_names_its_file_alone() {
    let desk = Desk::new();
    // One rule stands for all, and of what is long the beginning.
    let files = forged(files(&desk.bundle("bundle")), Some(SEED), |files, _| {
        let rule = files.keys().find(|path| path.ends_with(".rego")).cloned();
        files.retain(|path, _| !path.starts_with("policies/") || Some(path) == rule.as_ref());
        files.values_mut().for_each(|bytes| bytes.truncate(5000));
    });
    let key = evidence::PublicKey::parse(PUBLIC.as_bytes()).expect("a key");
    for (path, bytes) in &files {
        for at in (0..bytes.len()).step_by((bytes.len() / 50).max(1)).chain(bytes.len().checked_sub(1)) {
            let mut changed = files.clone();
            changed.get_mut(path).expect("it is there")[at] ^= 0x04;
            let named: Vec<String> = evidence::check(&changed, Some(&key)).faults.into_iter().map(|fault| fault.file).collect();
            assert_eq!(named, [path.as_str()], "byte {at} of {path}");
        }
    }
}

#[test]
fn an_archive_with_anything_besides_its_files_is_not_whole_and_nothing_is_written() {
    let desk = Desk::new();
    let files = files(&desk.bundle("bundle"));
    let header = |kind: tar::EntryType, size: u64| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_mode(0o644);
        header
    };
    let add = |to: &mut tar::Builder<Vec<u8>>, name: &str, kind: tar::EntryType, content: &[u8]| {
        let mut header = header(kind, content.len() as u64);
        // Straight into the header: the builder takes no path that leads out.
        header.as_gnu_mut().expect("a header").name[..name.len()].copy_from_slice(name.as_bytes());
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name("/etc/passwd").expect("a name");
        }
        header.set_cksum();
        to.append(&header, content).expect("added");
    };
    let whole = |to: &mut tar::Builder<Vec<u8>>, without: &str| {
        for (name, bytes) in files.iter().filter(|(name, _)| *name != without) {
            add(to, name, tar::EntryType::Regular, bytes);
        }
    };
    assert_eq!(desk.verify(&desk.bundle("whole.tar.zst")).status.code(), Some(0));
    let outside = desk.path("outside").to_string_lossy().into_owned();
    let cases: [(&str, &str, tar::EntryType, &str); 8] = [
        ("", "../outside", tar::EntryType::Regular, "../outside: the manifest does not know it"),
        ("", &outside, tar::EntryType::Regular, "outside: the manifest does not know it"),
        ("", "snapshot.json", tar::EntryType::Regular, "a file is twice in it"),
        ("", "link", tar::EntryType::Symlink, "'link' in it is no ordinary file"),
        ("snapshot.json", "snapshot.json", tar::EntryType::Symlink, "'snapshot.json' in it is no ordinary file"),
        ("snapshot.json", "snapshot.json", tar::EntryType::Link, "'snapshot.json' in it is no ordinary file"),
        ("", "reports/", tar::EntryType::Directory, "'reports/' in it is no ordinary file"),
        ("", "pipe", tar::EntryType::Fifo, "'pipe' in it is no ordinary file"),
    ];
    for (at, (without, name, kind, told)) in cases.into_iter().enumerate() {
        let content: &[u8] = if kind == tar::EntryType::Regular { b"x" } else { b"" };
        let path = desk.archive(&format!("{at}.tar.zst"), |to| {
            whole(to, without);
            add(to, name, kind, content);
        });
        let said = desk.refused(&path);
        assert!(said.contains(told), "{name}: {said}");
    }
    assert!(!desk.path("outside").exists());
}

/// What the manifest does not cover: times and owners, the order of the files, how they were compressed, and what follows them.
#[test]
fn an_archive_with_the_same_files_in_other_bytes_is_not_whole() {
    let desk = Desk::new();
    let packed = std::fs::read(desk.bundle("whole.tar.zst")).expect("the archive");
    let archive = zstd::decode_all(packed.as_slice()).expect("zstd");
    let skippable = [&packed[..], &[0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0], b"more"].concat();
    let all = files(&desk.bundle("bundle"));
    let put = |to: &mut tar::Builder<Vec<u8>>, name: &String, mtime: u64| {
        let mut header = tar::Header::new_gnu();
        header.set_size(all[name].len() as u64);
        header.set_mode(0o644);
        header.set_mtime(mtime);
        to.append_data(&mut header, name, all[name].as_slice()).expect("added");
    };
    std::fs::write(desk.path("followed.tar.zst"), skippable).expect("written");
    std::fs::write(desk.path("packed.tar.zst"), zstd::encode_all(archive.as_slice(), 19).expect("zstd")).expect("written");
    desk.archive("later.tar.zst", |to| all.keys().for_each(|name| put(to, name, 1)));
    desk.archive("turned.tar.zst", |to| all.keys().rev().for_each(|name| put(to, name, 0)));
    for name in ["followed.tar.zst", "packed.tar.zst", "later.tar.zst", "turned.tar.zst"] {
        let said = desk.refused(&desk.path(name));
        assert!(said.contains(&format!("{name}: its files are as they were, and it is not")), "{said}");
    }
}

#[test]
fn an_archive_that_would_fill_the_memory_is_refused_before_it_does() {
    let desk = Desk::new();
    let zeros = desk.path("zeros.tar.zst");
    let mut encoder = zstd::Encoder::new(std::fs::File::create(&zeros).expect("a file"), 3).expect("an encoder");
    let block = vec![0; 1 << 20];
    for _ in 0..300 {
        encoder.write_all(&block).expect("written");
    }
    encoder.finish().expect("compressed");
    let said = desk.refused(&zeros);
    assert!(said.contains("zeros.tar.zst: it is damaged, or no bundle: it unpacks to far more"), "{said}");
    // A sparse file of which nothing is there but its length.
    let sparse = desk.archive("sparse.tar.zst", |to| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::GNUSparse);
        header.set_size(0);
        let gnu = header.as_gnu_mut().expect("a header");
        gnu.name[..6].copy_from_slice(b"sparse");
        gnu.realsize.copy_from_slice(b"77777777777\0");
        gnu.sparse[0].offset.copy_from_slice(b"77777777777\0");
        gnu.sparse[0].numbytes.copy_from_slice(b"00000000000\0");
        header.set_cksum();
        to.append(&header, &b""[..]).expect("added");
    });
    assert!(desk.refused(&sparse).contains("'sparse' in it is no ordinary file"));
}

#[test]
fn whoever_makes_all_hashes_anew_is_told_by_the_signature() {
    let desk = Desk::new();
    let whole = files(&desk.bundle("bundle"));
    let envelope = whole[ENVELOPE].clone();
    let path = desk.path("forged");
    let harmless = |files: &mut Files, _: &mut Value| files.get_mut("backstop.toml").expect("it is there").push(b'\n');
    for (key, told) in [(None, "nobody signed the bundle"), (Some("1".repeat(64)), "it was not signed with that key")] {
        put(&path, &forged(whole.clone(), key.as_deref(), harmless));
        let said = desk.refused(&path);
        assert!(said.contains(ENVELOPE) && said.contains(told), "{said}");
    }
    // The old signature under the new manifest, with a seal that fits both.
    let mut files = forged(whole, Some(SEED), harmless);
    let sums: String = [(MANIFEST, &files[MANIFEST]), (ENVELOPE, &envelope)]
        .map(|(name, bytes)| format!("{}  {name}\n", evidence::sha256(bytes)))
        .concat();
    files.insert(ENVELOPE.to_owned(), envelope);
    files.insert(SEAL.to_owned(), sums.into_bytes());
    put(&path, &files);
    let said = desk.refused(&path);
    assert!(said.contains("manifest.dsse.json: it speaks of another manifest"), "{said}");
    // And a signature that was taken out is named itself.
    files.remove(ENVELOPE);
    put(&path, &files);
    let said = desk.refused(&path);
    assert!(said.contains("manifest.dsse.json: it is missing"), "{said}");
}

#[test]
fn what_a_forged_bundle_says_steers_no_terminal_and_names_the_bundle() {
    let desk = Desk::new();
    let whole = files(&desk.bundle("bundle"));
    let path = desk.path("forged");
    let hostile = "\u{1b}]0;x\u{7}\u{1b}[2J\u{202e}";
    let as_told = |files: &mut Files, manifest: &mut Value| {
        let inputs = files.get_mut("inputs.json").expect("it is there");
        let mut told: Value = serde_json::from_slice(inputs).expect("JSON");
        told["environment"] = json!(hostile);
        *inputs = told.to_string().into_bytes();
        manifest["previous"] = json!(hostile);
        manifest["conclusion"]["reason"] = json!(hostile);
    };
    for version in [env!("CARGO_PKG_VERSION"), hostile] {
        let files = forged(whole.clone(), Some(SEED), |files, manifest| {
            as_told(files, manifest);
            manifest["backstop"] = json!(version);
        });
        put(&path, &files);
        let output = desk.verify(&path);
        let said = said(&output);
        let code = if version == hostile { 3 } else { 4 };
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{said:?}");
        assert!(said.contains("forged"), "{said}");
    }
}

/// Neither a configuration nor waivers that lie about, nor how the machine is set up, are part of what is judged again.
#[test]
fn where_and_how_a_bundle_is_verified_makes_no_difference() {
    let desk = Desk::new();
    let bundle = desk.bundle("bundle.tar.zst");
    let elsewhere = desk.path("elsewhere");
    std::fs::create_dir(&elsewhere).expect("made");
    for name in ["backstop.toml", "waivers.toml"] {
        std::fs::write(elsewhere.join(name), "this is no TOML").expect("written");
    }
    let wrong = elsewhere.join("backstop.toml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.arg("verify").arg(&bundle).arg("--public-key").arg(desk.path("public")).current_dir(&elsewhere).env_clear();
    command.env("BACKSTOP_CONFIG", &wrong).env("BACKSTOP_WAIVERS", &wrong).env("TZ", "Pacific/Kiritimati").env("LANG", "tr_TR.UTF-8");
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(said(&output), said(&desk.verify(&bundle)));
    // Nor does it, where one is made.
    let second = desk.path("second.tar.zst");
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    let here = std::env::current_dir().expect("a directory");
    command.arg("audit").arg(here.join(SMALL[0])).arg("--config").arg(here.join(SMALL[2])).current_dir(desk.0.path()).env_clear();
    command.args(["--output", &format!("bundle={}", second.display()), "--sign-key", "key"]);
    command.env("TZ", "Pacific/Kiritimati").env("LANG", "tr_TR.UTF-8").output().expect("it runs");
    assert_eq!(std::fs::read(bundle).expect("the bundle"), std::fs::read(second).expect("the bundle"));
}
