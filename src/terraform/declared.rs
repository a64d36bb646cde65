//! The resources of one root, whichever of the three producers read them.

use std::collections::BTreeMap;

use super::value::Value;
use crate::snapshot::{Observed, Reason, Source};

/// One root: what it declares, or what stands in its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Root {
    /// `terraform-plan`, `terraform-state` or `terraform`.
    pub source: Source,
    /// What there is after the plan, in the state, or in the HCL. Managed resources only, sorted by address.
    pub declared: Vec<Declared>,
    /// Of a plan: each resource as it is before the plan, those that it destroys included. Empty otherwise.
    pub prior: Vec<Declared>,
    /// What a person should know of the root as a whole; one sentence each.
    pub notices: Vec<String>,
    /// Set where the plan leaves out a part of the root, so that nothing may be concluded from what is not in it.
    pub partial: Option<Reason>,
    /// The root's variables without a value on which something in `declared` depends. What there is, is known; what it is, is not.
    pub unset: Vec<String>,
}

/// One instance of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// Absolute, with instance keys: `module.a["x.y"].aws_backup_vault.main[0]`.
    pub address: String,
    /// The resource type: `aws_backup_vault`.
    pub kind: String,
    pub place: Place,
    /// Only those of the mapping table are kept, so that secrets stay where they are. An attribute that is missing here was not set.
    pub attributes: BTreeMap<String, Value>,
    /// Set where `count` or `for_each` is not known: it may be there or not.
    pub may_exist: Option<Reason>,
}

/// Where the resource's provider acts, as its configuration tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Place {
    /// Twelve digits. Absent: the provider's configuration leaves it to the credentials.
    pub account: Observed<String>,
    /// Absent: the provider's configuration leaves it to the environment.
    pub region: Observed<String>,
}
