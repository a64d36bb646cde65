//! Functions that read files of the repository, and those of their names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha512};

use super::Arguments;
use crate::terraform::hcl::eval::val::{LONGEST, Outcome, Val, fail};
use crate::terraform::hcl::eval::{Bound, Evaluator, Scope, operators};
use crate::terraform::hcl::source;

pub fn call(evaluator: &Evaluator<'_>, arguments: &Arguments<'_>) -> Option<Outcome> {
    let read: fn(&Evaluator<'_>, &Arguments<'_>, Vec<u8>) -> Outcome = match arguments.name {
        "file" => |_, _, bytes| text(bytes).map(Val::text),
        "filebase64" => |_, _, bytes| Ok(Val::text(STANDARD.encode(bytes))),
        "filesha256" => |_, _, bytes| Ok(Val::text(hex::encode(Sha256::digest(bytes)))),
        "filesha512" => |_, _, bytes| Ok(Val::text(hex::encode(Sha512::digest(bytes)))),
        "filebase64sha256" => |_, _, bytes| Ok(Val::text(STANDARD.encode(Sha256::digest(bytes)))),
        "filebase64sha512" => |_, _, bytes| Ok(Val::text(STANDARD.encode(Sha512::digest(bytes)))),
        "templatefile" => template,
        "fileexists" => {
            return Some(named(arguments).map(|path| match path {
                Err(unknown) => unknown,
                Ok(path) => match inside(evaluator, &path) {
                    Some(there) => Val::Bool(there.is_file()),
                    None if absent(evaluator, &path) => Val::Bool(false),
                    None => elsewhere(),
                },
            }));
        }
        "basename" => return Some(named(arguments).map(|path| path.map_or_else(|unknown| unknown, |path| Val::text(base(&path))))),
        "dirname" => return Some(named(arguments).map(|path| path.map_or_else(|unknown| unknown, |path| Val::text(directory(&path))))),
        _ => return None,
    };
    let path = match named(arguments) {
        Ok(Ok(path)) => path,
        Ok(Err(unknown)) => return Some(Ok(unknown)),
        Err(failure) => return Some(Err(failure)),
    };
    Some(match inside(evaluator, &path) {
        Some(there) if there.metadata().is_ok_and(|there| there.is_file() && there.len() <= LONGEST as u64) => {
            match std::fs::read(&there) {
                Ok(bytes) => read(evaluator, arguments, bytes),
                Err(_) => Ok(elsewhere()),
            }
        }
        None if absent(evaluator, &path) => fail(format!("{}() of a file that is not there", arguments.name)),
        _ => Ok(elsewhere()),
    })
}

fn named(arguments: &Arguments<'_>) -> Outcome<Result<String, Val>> {
    match operators::text(arguments.get(0)?)? {
        Val::Text(path) => Ok(Ok(path.to_string())),
        unknown => Ok(Err(unknown.any_unknown().unwrap_or(Val::Null))),
    }
}

fn elsewhere() -> Val {
    Val::not_evaluated("a file that is outside of the repository or cannot be read")
}

/// Terraform reads from the directory of the root.
fn wanted(evaluator: &Evaluator<'_>, path: &str) -> Option<PathBuf> {
    Some(evaluator.tree.modules.first()?.directory.join(path))
}

/// The file, symlinks followed, if it is there and in the repository.
fn inside(evaluator: &Evaluator<'_>, path: &str) -> Option<PathBuf> {
    wanted(evaluator, path)?.canonicalize().ok().filter(|there| there.starts_with(&evaluator.repository))
}

/// Whether it is certain that there is no such file.
fn absent(evaluator: &Evaluator<'_>, path: &str) -> bool {
    !path.starts_with('~') && wanted(evaluator, path).is_some_and(|path| matches!(path.try_exists(), Ok(false)))
}

fn text(bytes: Vec<u8>) -> Outcome<String> {
    String::from_utf8(bytes).or_else(|_| fail("a file that is not UTF-8"))
}

/// Sees only the names that it is given.
fn template(evaluator: &Evaluator<'_>, arguments: &Arguments<'_>, bytes: Vec<u8>) -> Outcome {
    let given: &BTreeMap<String, Val> = match arguments.get(1)? {
        Val::Object(map) => &map.values,
        unknown @ (Val::Unknown(_) | Val::Handle(_)) => return Ok(unknown.any_unknown().unwrap_or(Val::Null)),
        other => return fail(format!("templatefile() takes an object, not {}", other.kind())),
    };
    let Some(expression) = source::template(&text(bytes)?) else {
        return Ok(Val::not_evaluated("a file that cannot be read as a template"));
    };
    let mut names = given.iter();
    with(evaluator, &expression, &mut names, Scope::constant())
}

/// Binds one name after the other.
fn with<'v>(
    evaluator: &Evaluator<'_>,
    expression: &crate::terraform::hcl::syntax::Expression,
    names: &mut dyn Iterator<Item = (&'v String, &'v Val)>,
    scope: Scope<'_>,
) -> Outcome {
    let bounds: Vec<(&str, Val)> = names.map(|(name, value)| (name.as_str(), value.clone())).collect();
    if bounds.len() > 500 {
        return Ok(Val::not_evaluated("a template with more than 500 names"));
    }
    nest(evaluator, expression, &bounds, scope)
}

fn nest(
    evaluator: &Evaluator<'_>,
    expression: &crate::terraform::hcl::syntax::Expression,
    names: &[(&str, Val)],
    scope: Scope<'_>,
) -> Outcome {
    match names.split_first() {
        None => evaluator.evaluate(expression, scope),
        Some(((name, value), rest)) => {
            let bound = Bound { name, value: value.clone(), outer: scope.bound };
            nest(evaluator, expression, rest, scope.with(&bound))
        }
    }
}

fn base(path: &str) -> String {
    match path.trim_end_matches('/').rsplit('/').next() {
        Some("") if path.is_empty() => ".".to_owned(),
        Some("") | None => "/".to_owned(),
        Some(name) => name.to_owned(),
    }
}

/// Go takes `.` and `..` out of it as well; paths with those are left to it.
fn directory(path: &str) -> String {
    let parent = Path::new(path.rsplit_once('/').map_or("", |(directory, _)| directory));
    let text = parent.components().collect::<PathBuf>().to_string_lossy().into_owned();
    match (text.is_empty(), path.starts_with('/')) {
        (true, true) => "/".to_owned(),
        (true, false) => ".".to_owned(),
        _ => text,
    }
}
