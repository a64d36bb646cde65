//! In which account and Region a resource is, and what to say where nobody tells.

use super::Options;
use super::identity::part;
use crate::snapshot::{Arn, Observed, SOME_ACCOUNT};
use crate::terraform::declared::Declared;
use crate::terraform::error::TerraformError;
use crate::terraform::value::Value;

pub struct Places<'o> {
    options: &'o Options,
    /// The addresses of what is in an account or Region that is not known.
    without_account: Vec<String>,
    without_region: Vec<String>,
    some_account: bool,
}

impl<'o> Places<'o> {
    pub fn of(options: &'o Options) -> Self {
        Places { options, without_account: Vec::new(), without_region: Vec::new(), some_account: false }
    }

    /// Account and Region, the Region empty for what belongs to the account as a whole. `None` where one is missing, which `finish` tells.
    pub fn place(&mut self, declared: &Declared) -> Option<(String, String)> {
        let arn = match declared.attributes.get("arn") {
            Some(Value::String(text)) if part(&declared.kind, "arn").is_some() => Arn::parse(text),
            _ => None,
        };
        let told = |part: fn(Arn<'_>) -> &str| arn.map(part).filter(|part| !part.is_empty()).map(str::to_owned);
        let account = told(|arn| arn.account).or_else(|| declared.place.account.known().cloned()).or_else(|| self.options.account.clone());
        let account = match (account, &declared.place.account) {
            (Some(account), _) => Some(account),
            (None, Observed::Absent) => {
                self.some_account = true;
                Some(SOME_ACCOUNT.to_owned())
            }
            (None, _) => None,
        };
        if account.is_none() {
            self.without_account.push(declared.address.clone());
        }
        if is_global(&declared.kind) {
            return account.map(|account| (account, String::new()));
        }
        let region = told(|arn| arn.region).or_else(|| declared.place.region.known().cloned()).or_else(|| self.options.region.clone());
        if region.is_none() {
            self.without_region.push(declared.address.clone());
        }
        Some((account?, region?))
    }

    pub fn finish(self) -> Result<Vec<String>, TerraformError> {
        if let Some(which) = some_of(&self.without_account) {
            let message = format!("the account of {which} is not known: the provider's configuration does not tell it");
            return Err(TerraformError::Usage { message, help: "give --default-account ID".to_owned() });
        }
        if let Some(which) = some_of(&self.without_region) {
            let message = format!("the Region of {which} is not known: the provider's configuration does not tell it");
            return Err(TerraformError::Usage { message, help: "give --default-region REGION".to_owned() });
        }
        let notice = || {
            format!(
                "the providers' configuration leaves the account to the credentials; it is called {SOME_ACCOUNT} here: give --default-account ID"
            )
        };
        Ok(self.some_account.then(notice).into_iter().collect())
    }
}

fn is_global(kind: &str) -> bool {
    kind.starts_with("aws_iam_") || kind == "aws_backup_global_settings"
}

/// `'a', 'b' and 3 more`.
fn some_of(addresses: &[String]) -> Option<String> {
    const SHOWN: usize = 3;
    let quoted: Vec<String> = addresses.iter().take(SHOWN).map(|address| format!("'{address}'")).collect();
    let rest = addresses.len().saturating_sub(SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    (!quoted.is_empty()).then(|| format!("{}{more}", quoted.join(", ")))
}
