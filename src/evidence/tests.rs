//! Every byte of a bundle is guarded, and the file that a changed one is in is named.

use super::*;

// Section 7.1 of RFC 8032, test 1.
const SEED: &[u8] = b"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\n";
const PUBLIC: &[u8] = b"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const PRIVATE_PEM: &[u8] =
    b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const PUBLIC_PEM: &[u8] =
    b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

fn bundle(key: Option<&SigningKey>) -> Files {
    let files: Files = [("snapshot.json", "{\"a\": 1}"), ("reports/report.json", "{}\n"), ("empty", "")]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into();
    let conclusion = Conclusion { exit_code: 1, reason: "Failed: 1 high finding.".to_owned() };
    let manifest = Manifest::of(&files, "2026-11-22T09:00:00Z".parse().expect("a time"), conclusion, Some("0".repeat(64)));
    close(files, &manifest, key).0
}

fn named(files: &Files, key: Option<&PublicKey>) -> Vec<String> {
    check(files, key).faults.into_iter().map(|fault| fault.file).collect()
}

#[test]
fn any_changed_byte_names_its_file_alone_with_and_without_the_key() {
    let key = SigningKey::parse(SEED).expect("a key");
    let public = PublicKey::parse(PUBLIC).expect("a key");
    for (files, key) in [(bundle(None), None), (bundle(Some(&key)), None), (bundle(Some(&key)), Some(&public))] {
        assert_eq!(named(&files, key), [""; 0]);
        for (path, bytes) in &files {
            for at in 0..bytes.len() {
                for flip in [0x01, 0x20, 0x80] {
                    let mut changed = files.clone();
                    changed.get_mut(path).expect("it is there")[at] ^= flip;
                    assert_eq!(named(&changed, key), [path.as_str()], "byte {at} of {path}");
                }
            }
        }
    }
}

#[test]
fn what_is_missing_added_cut_or_longer_is_named() {
    let files = bundle(None);
    for path in files.keys() {
        let mut changed = files.clone();
        changed.remove(path);
        assert_eq!(named(&changed, None), [path.as_str()]);
        let mut changed = files.clone();
        changed.get_mut(path).expect("it is there").push(b'\n');
        assert_eq!(named(&changed, None), [path.as_str()]);
    }
    let mut changed = files;
    changed.insert("reports/other.json".to_owned(), Vec::new());
    assert_eq!(named(&changed, None), ["reports/other.json"]);
    assert!(!named(&Files::new(), None).is_empty());
}

/// Whoever makes all hashes anew still lacks the key.
#[test]
fn a_bundle_that_was_made_anew_does_not_pass_for_one_that_the_key_signed() {
    let [key, other] =
        [SEED, b"0000000000000000000000000000000000000000000000000000000000000001"].map(|seed| SigningKey::parse(seed).expect("a key"));
    let public = PublicKey::parse(PUBLIC_PEM).expect("a key");
    assert_eq!(named(&bundle(Some(&key)), Some(&public)), [""; 0]);
    assert_eq!(named(&bundle(Some(&other)), Some(&public)), [ENVELOPE]);
    assert_eq!(named(&bundle(None), Some(&public)), [ENVELOPE]);
}

#[test]
fn keys_are_taken_in_both_forms_and_nothing_of_a_wrong_one_is_told() {
    let signed = |bytes: &[u8]| bundle(Some(&SigningKey::parse(bytes).expect("a key")));
    assert_eq!(signed(SEED), signed(PRIVATE_PEM));
    for wrong in [&b"secret"[..], PUBLIC_PEM, b"", &SEED[1..], b"\xff\xfe"] {
        let error = SigningKey::parse(wrong).err().expect("it is no key").to_string();
        assert!(!error.contains("secret"), "{error}");
    }
    assert!(PublicKey::parse(PRIVATE_PEM).is_err());
}

#[test]
fn an_archive_is_the_same_bytes_for_the_same_files_and_brings_them_back() {
    let mut files = bundle(None);
    files.insert("long/".repeat(60) + "name", vec![7; 2000]);
    let packed = archive(&files).expect("packed");
    assert_eq!(packed, archive(&files.clone()).expect("packed"));
    assert_eq!(unpack(&packed).expect("unpacked"), files);
    for at in 0..packed.len() {
        let mut changed = packed.clone();
        changed[at] ^= 1;
        // It may be read as other files, and never panics.
        if let Ok(found) = unpack(&changed) {
            assert!(found != files || archive(&found).expect("packed") != changed);
        }
    }
}
