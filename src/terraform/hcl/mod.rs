//! A directory of HCL, evaluated without credentials, providers or `terraform init`.
//!
//! - `source`, `json`, `convert`, `json_body`, `template`: files to `syntax`, with the place of everything in it
//! - `tree`, `merge`, `installed`: modules and their calls
//! - `eval`, `functions`: expressions and what they refer to; `inputs`: values for the root's variables
//! - `root`: all of it, to the resources of a root

mod convert;
mod eval;
mod functions;
mod inputs;
mod installed;
mod json;
mod json_body;
mod merge;
mod root;
pub mod source;
pub mod syntax;
mod template;
pub mod tree;

pub use inputs::Inputs;
pub use root::{Evaluated, evaluate};

#[cfg(test)]
mod tests_broken;
#[cfg(test)]
mod tests_expressions;
#[cfg(test)]
mod tests_loader;
#[cfg(test)]
mod tests_oracle;
#[cfg(test)]
mod tests_root;
