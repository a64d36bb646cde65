//! DRAWING OFFICE: Terraform's plans, states and HCL to a snapshot, and to the lines that declare what is in it.
//!
//! - `value`, `declared`: the one list of resources that all three producers make
//! - `plan`, `state`: `terraform show -json` of a plan, and states; `json` and `provider` serve both; `hcl`: a directory of HCL, evaluated without providers
//! - `mapping`: the table of Terraform's attributes and AWS's members; `assemble`: the list to a snapshot
//! - `fill`: what a plan does not know, named by the HCL of the same root
//! - `overlay`: a plan laid over what was observed
//! - `locate`: from a subject's fact back to file, line and column

mod assemble;
mod declared;
mod error;
mod fill;
mod hcl;
mod json;
mod locate;
mod mapping;
mod overlay;
mod plan;
mod plan_configuration;
mod plan_reference;
mod plan_values;
mod provider;
mod state;
mod state_zeros;
mod value;

pub use assemble::{Assembled, Options, Origin, assemble};
pub use declared::{Declared, Place, Root};
pub use error::TerraformError;
pub use fill::fill;
pub use hcl::{Evaluated, Inputs, evaluate};
pub use locate::{Code, Locator, Wanted, related};
pub use mapping::{backwards, keeps};
pub use overlay::overlay;
pub use plan::read_plan;
pub use state::read_state;
pub use value::{Reference, Unknown, Value};
