//! The flags that name Terraform's files, and the verb that looks lines up.

use std::path::PathBuf;

use clap::Args;

use super::WhyFormat;

#[derive(Debug, Args)]
#[command(next_help_heading = "Terraform")]
pub struct Terraform {
    /// A plan, as `terraform show -json` writes it. Alone: audit what it makes. With a snapshot or --live: what it changes there
    #[arg(long = "terraform-plan", value_name = "FILE")]
    pub plan: Option<PathBuf>,

    /// The directory of a root: findings get the lines that cause them, and where nothing else is given its HCL is audited. May be repeated
    #[arg(long = "terraform", value_name = "DIR")]
    pub roots: Vec<PathBuf>,

    /// A state, raw or as `terraform show -json` writes it: which resource each AWS object belongs to. Audited, before
    /// any HCL, where neither AWS nor a plan is
    #[arg(long = "terraform-state", value_name = "FILE")]
    pub states: Vec<PathBuf>,

    /// A file of variables for the HCL; may be repeated
    #[arg(long = "var-file", value_name = "FILE", requires = "roots")]
    pub var_files: Vec<PathBuf>,

    /// A variable for the HCL; may be repeated, and wins over files
    #[arg(long = "var", value_name = "NAME=VALUE", requires = "roots")]
    pub vars: Vec<String>,

    /// Take the root for all there is: what it does not declare does not exist. Without it, that is unknown
    #[arg(long)]
    pub assume_complete: bool,

    /// The account of providers that do not name theirs
    #[arg(long, value_name = "ID", value_parser = account)]
    pub default_account: Option<String>,

    /// The Region of providers that do not name theirs
    #[arg(long, value_name = "REGION")]
    pub default_region: Option<String>,
}

pub(super) fn account(text: &str) -> Result<String, String> {
    let is_one = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_one { Ok(text.to_owned()) } else { Err("an account id has twelve digits".to_owned()) }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backstop locate module.backup.aws_backup_vault.main --terraform environments/prod
  backstop locate 'module.backup.aws_backup_plan.main[0]' --path 'rule{rule_name=daily}.lifecycle.delete_after' --terraform environments/prod
  backstop locate arn:aws:backup:us-east-1:111122223333:backup-vault:main --terraform environments/prod --terraform-state prod.tfstate")]
pub struct Locate {
    /// Terraform's address of a resource, or the ARN of an AWS object
    #[arg(value_name = "ARN|ADDRESS")]
    pub what: String,

    /// An attribute or block inside of it; a repeated block is chosen by one of its attributes: rule{rule_name=daily}
    #[arg(long, value_name = "PATH", default_value = "")]
    pub path: String,

    /// What to print
    #[arg(long, value_enum, default_value_t = WhyFormat::Text)]
    pub format: WhyFormat,

    #[command(flatten)]
    pub terraform: Terraform,
}
