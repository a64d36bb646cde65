//! Override files: what they declare goes into the block of the same name, attribute by attribute.

use super::syntax::{Block, Body};

/// Takes the blocks of an override file into those of the others.
pub fn merge(blocks: &mut Vec<Block>, overrides: Vec<Block>) {
    for block in overrides {
        if block.kind == "locals" {
            locals(blocks, block);
            continue;
        }
        match blocks.iter_mut().find(|base| same(base, &block)) {
            Some(base) => body(&mut base.body, block.body),
            None => blocks.push(block),
        }
    }
}

fn same(base: &Block, block: &Block) -> bool {
    let alias = |block: &Block| block.body.attribute("alias").and_then(|alias| alias.value.as_text().map(str::to_owned));
    base.kind == block.kind && base.labels == block.labels && (block.kind != "provider" || alias(base) == alias(block))
}

/// A local is overridden by its own name, in whichever block it stands.
fn locals(blocks: &mut Vec<Block>, mut block: Block) {
    block.body.attributes.retain(|attribute| {
        let mut attributes = blocks.iter_mut().filter(|base| base.kind == "locals").flat_map(|base| &mut base.body.attributes);
        match attributes.find(|base| base.name == attribute.name) {
            Some(base) => {
                *base = attribute.clone();
                false
            }
            None => true,
        }
    });
    blocks.push(block);
}

fn body(base: &mut Body, body: Body) {
    for attribute in body.attributes {
        match base.attributes.iter_mut().find(|base| base.name == attribute.name) {
            Some(base) => *base = attribute,
            None => base.attributes.push(attribute),
        }
    }
    // Blocks of one kind replace all of that kind; only `lifecycle` is merged by attribute.
    let (merged, replaced): (Vec<Block>, Vec<Block>) = body.blocks.into_iter().partition(|block| block.kind == "lifecycle");
    let makes =
        |block: &Block| if block.kind == "dynamic" { block.labels.first().cloned().unwrap_or_default() } else { block.kind.clone() };
    let kinds: Vec<String> = replaced.iter().map(makes).collect();
    base.blocks.retain(|block| !kinds.contains(&makes(block)));
    base.blocks.extend(replaced);
    for block in merged {
        match base.blocks.iter_mut().find(|base| base.kind == block.kind) {
            Some(base) => self::body(&mut base.body, block.body),
            None => base.blocks.push(block),
        }
    }
}
