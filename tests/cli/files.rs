//! What is told of a file that is not what it should be, or that takes nothing.

use std::fs;

use crate::{WORLD, backstop, code, command, file, stderr};

#[test]
fn a_file_that_is_no_json_object_is_told_as_such() {
    for text in ["[]", "  [[\"backstop/snapshot/1\"], []]", "\u{feff}{}", "report"] {
        let (_directory, path) = file(text);
        let output = backstop(&["audit", path.to_str().expect("a text")]);
        assert_eq!(code(&output), 4, "{text}");
        assert!(stderr(&output).contains("line 1, column 1: it does not begin with '{', as a snapshot does"), "{}", stderr(&output));
    }
    let (_directory, path) = file("");
    assert!(stderr(&backstop(&["audit", path.to_str().expect("a text")])).contains("' is not a snapshot: line 1, column 0: EOF"));
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_that_takes_nothing_is_called_by_its_name() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    for arguments in [&["audit", WORLD][..], &["facts", WORLD], &["rules", "list"], &["permissions"], &["diff", WORLD, WORLD]] {
        let output = command(arguments).stdout(full()).output().expect("backstop starts");
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains("cannot write to standard output: No space left on device"), "{}", stderr(&output));
    }
}
