//! `backstop locate`: the file, line and column that declare a resource or an attribute of it.

use std::fmt::Write;

use serde_json::json;

use super::terraform::Files;
use crate::cli::{self, WhyFormat};
use crate::error::Error;
use crate::exit::Exit;
use crate::report::plain;
use crate::snapshot::{Arn, Declaration, SourceSpan};
use crate::term;

pub fn run(args: &cli::Locate) -> Result<Exit, Error> {
    let files = Files::read(&args.terraform)?;
    let origins = files.origins()?;
    let Some(locator) = files.locator(&origins) else {
        return Err(Error::usage("there is no root to look into", "give the root's directory: --terraform DIR"));
    };
    let addresses: Vec<String> = match Arn::parse(&args.what) {
        Some(_) => locator.origins(&args.what).map(|origin| origin.address.clone()).collect(),
        None => vec![args.what.clone()],
    };
    let mut found: Vec<Declaration> = addresses.iter().filter_map(|address| locator.locate_address(address, &args.path)).collect();
    found.sort();
    found.dedup();
    // Of the resources that an object is made of, those that have the path.
    if found.iter().any(|one| one.exact) {
        found.retain(|one| one.exact);
    }
    if found.is_empty() {
        return Err(Error::usage(
            format!("nothing that was given declares '{}'", plain(&args.what)),
            "write a resource's address as Terraform does, or an ARN together with the state that knows it: --terraform-state FILE",
        ));
    }
    let text = match args.format {
        WhyFormat::Text => found.iter().fold(String::new(), |text, one| text + &told(one)),
        WhyFormat::Json => format!("{:#}\n", json!(found)),
    };
    term::print(text.as_bytes()).map_err(|source| Error::Output { path: "-".into(), source })?;
    Ok(Exit::Clean)
}

/// The place as editors and terminals open it, then what belongs to it.
fn told(one: &Declaration) -> String {
    let nearest = if one.exact { "" } else { ", nearest" };
    let mut text = format!("{}  {}{nearest}\n", place(&one.span), plain(&one.address));
    if let Some(note) = &one.note {
        let _ = writeln!(text, "  note: {}", plain(note));
    }
    for related in &one.related {
        let _ = writeln!(text, "  {}  {}", place(&related.span), plain(&related.text));
    }
    text
}

fn place(span: &SourceSpan) -> String {
    format!("{}:{}:{}", plain(&span.file), span.line, span.column)
}
