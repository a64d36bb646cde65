//! Why nothing could be observed. A single call that fails is not an error but an entry of the ledger.

use super::journal::JournalError;
use super::unit::Observation;

/// There is no snapshot, and why.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    #[error("no Region is configured")]
    NoRegion,
    #[error("'{region}' is not the code of a Region")]
    NotARegion { region: String },
    #[error("'{value}', which {named_by} gives as the endpoint, is not a URL")]
    NotAnEndpoint { named_by: String, value: String },
    #[error("no AWS credentials could be resolved{}: {reason}", of_profile(profile.as_deref()))]
    NoCredentials { profile: Option<String>, reason: String },
    #[error("AWS does not say who is looking: sts:GetCallerIdentity in {region} was not answered: {reason}")]
    NoIdentity { region: String, reason: String },
    #[error("the account's Regions are not known: account:ListRegions was not answered: {reason}")]
    RegionsUnknown { reason: String },
    #[error("the organization's accounts are not known: organizations:ListAccounts was not answered: {reason}")]
    AccountsUnknown { reason: String },
    #[error("'{account}' is not an account id of twelve digits")]
    NotAnAccount { account: String },
    #[error("the credentials ran out half-way, at {asked}: {reason}")]
    Expired { asked: String, reason: String },
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("AWS answered none of {calls} calls; the first one that failed: {reason}")]
    NothingAnswered { calls: usize, reason: String },
}

fn of_profile(profile: Option<&str>) -> String {
    profile.map(|profile| format!(" from profile '{profile}'")).unwrap_or_default()
}

impl CollectError {
    /// The command line or the configuration is at fault, not AWS.
    pub fn is_usage(&self) -> bool {
        use CollectError::{Journal, NoRegion, NotARegion, NotAnAccount, NotAnEndpoint};
        matches!(self, NoRegion | NotARegion { .. } | NotAnEndpoint { .. } | NotAnAccount { .. } | Journal(_))
    }

    /// What to do about it, as a sentence.
    pub fn help(&self) -> &'static str {
        match self {
            CollectError::NoRegion => "Give --region, set AWS_REGION, or set 'region' in the profile.",
            CollectError::NotARegion { .. } => "Write a Region as AWS codes it, such as us-east-1.",
            CollectError::NotAnEndpoint { .. } => "Take it away to reach AWS itself, or write it as https://HOST or http://HOST:PORT.",
            CollectError::NoCredentials { .. } => {
                "Log in ('aws sso login', 'aws configure'), give --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            }
            CollectError::NoIdentity { .. } => {
                "Check that the credentials are still valid, that the Region is enabled, and that its endpoints can be reached."
            }
            CollectError::RegionsUnknown { .. } => "Allow account:ListRegions, or name the Regions with --region.",
            CollectError::AccountsUnknown { .. } => {
                "Ask from the management account or a delegated administrator, allow organizations:ListAccounts, or name the accounts with --account."
            }
            CollectError::NotAnAccount { .. } => "Write an account as its id, such as --account 111122223333.",
            CollectError::Expired { .. } => "Renew the credentials; --resume goes on with what was collected up to then.",
            CollectError::Journal(JournalError::Write { .. }) => "Make room or give another --output, then go on with --resume.",
            CollectError::Journal(JournalError::InUse { .. }) => "Wait until it ends, or give another --output.",
            CollectError::Journal(_) => "Run without --resume to begin anew.",
            CollectError::NothingAnswered { .. } => {
                "Check that the credentials allow reading AWS Backup, and that the Regions' endpoints can be reached."
            }
        }
    }

    pub(super) fn nothing_answered(units: &[Observation]) -> Self {
        let calls = units.iter().map(|unit| unit.calls).sum();
        let reason = units.iter().find_map(|unit| unit.first_error.clone()).unwrap_or_else(|| "no call was made".to_owned());
        CollectError::NothingAnswered { calls, reason }
    }
}
