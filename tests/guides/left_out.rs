//! Lines of a guide that are not run, each with the reason. Whatever a stand-in can do for belongs in `stand_ins` instead.

use super::block::Block;

pub struct LeftOut {
    pub document: &'static str,
    /// A part of the line; a line that goes on in the next is left out with it.
    pub part: &'static str,
    pub because: &'static str,
}

pub const LEFT_OUT: &[LeftOut] = &[];

/// The commands of a block that are run.
pub fn without(block: &Block) -> String {
    let mut text = String::new();
    let mut is_left_out = false;
    let mut goes_on = false;
    for line in block.text.lines() {
        if !goes_on {
            is_left_out = LEFT_OUT.iter().any(|one| one.document == block.document && line.contains(one.part));
        }
        goes_on = line.ends_with('\\');
        if !is_left_out {
            text += line;
            text.push('\n');
        }
    }
    text
}
