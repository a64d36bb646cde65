//! Files that are cut off, mixed up or wrong in other ways: an error or an answer, and never a panic.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::{Inputs, evaluate};

fn sources() -> Vec<(PathBuf, Vec<u8>)> {
    let directories = ["fixtures/terraform/root/environments/prod", "fixtures/terraform/root/modules/backup", "fixtures/terraform/awkward"];
    let files = directories.iter().flat_map(|directory| super::source::list(Path::new(directory)).unwrap());
    files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_file_makes_it_panic(which in any::<prop::sample::Index>(), edits in prop::collection::vec((any::<prop::sample::Index>(), 0..6_u8, "[\\[\\]{}()\"$%.=*?:\n,~a-e0-9é-]{1,4}"), 1..4)) {
        let sources = sources();
        let (path, mut bytes) = sources[which.index(sources.len())].clone();
        for (at, edit, text) in edits {
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            match edit {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..(at + 7).min(bytes.len()))),
                2 => bytes.splice(at..at, [0xff]).for_each(drop),
                _ => bytes.splice(at..at, text.into_bytes()).for_each(drop),
            }
        }
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(path.file_name().unwrap()), &bytes).unwrap();
        // A panic of the evaluator's own thread comes back as this.
        if let Err(error) = evaluate(directory.path(), &Inputs::default()) {
            prop_assert!(!error.to_string().contains("could not be evaluated"), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}

/// Depths at which a parser, a conversion or a drop could run out of stack.
#[test]
fn nothing_is_too_deep() {
    let deep = |open: &str, inner: &str, close: &str, times: usize| {
        format!("locals {{\n  a = {}{inner}{}\n}}\n", open.repeat(times), close.repeat(times))
    };
    let texts = [
        deep("[", "1", "]", 5_000),
        deep("(", "1", ")", 5_000),
        deep("{a=", "1", "}", 5_000),
        deep("f(", "1", ")", 5_000),
        deep("!", "true", "", 5_000),
        deep("\"${", "1", "}\"", 5_000),
        deep("[for x in ", "y", " : x]", 5_000),
        deep("true ? 1 : ", "1", "", 5_000),
        format!("locals {{\n  a = x{}\n}}\n", ".y".repeat(50_000)),
        format!("locals {{\n  a = 1{}\n}}\n", " + 1".repeat(50_000)),
        format!("{}{}", "a {\n".repeat(5_000), "}\n".repeat(5_000)),
    ];
    for text in texts {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("main.tf"), &text).unwrap();
        let _ = evaluate(directory.path(), &Inputs::default());
        std::fs::write(directory.path().join("main.tf"), "").unwrap();
        std::fs::write(directory.path().join("main.tf.json"), format!("{{\"locals\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000)))
            .unwrap();
        assert!(evaluate(directory.path(), &Inputs::default()).is_err());
    }
}
