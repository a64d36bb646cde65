//! What the status message of a job says about its cause: a dated table of the messages that AWS documents.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a job failed, and which rules find the cause in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FailureCause {
    /// `retention-outside-lock`: names the cause for good.
    pub id: String,
    /// As a sentence says it after a colon.
    pub words: String,
    /// The ids of the rules; empty where no configuration that can be observed is at fault.
    pub rules: Vec<String>,
    /// When the table of messages was read, as YYYY-MM-DD.
    pub read_on: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    says: Vec<String>,
    words: String,
    rules: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    read_on: String,
    #[allow(dead_code)]
    source: String,
    #[serde(rename = "cause")]
    causes: Vec<Row>,
}

// The table is part of the program and read by a test, so that it cannot be wrong at run time.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table: Table = toml::from_str(include_str!("job_messages.toml")).unwrap_or(Table {
        read_on: String::new(),
        source: String::new(),
        causes: Vec::new(),
    });
    table.causes.iter_mut().flat_map(|row| &mut row.says).for_each(|said| *said = said.to_lowercase());
    table
});

/// The cause that the message names; `None` where AWS documents no such message.
pub fn cause(message: &str) -> Option<FailureCause> {
    let message = message.to_lowercase();
    let row = TABLE.causes.iter().find(|row| row.says.iter().any(|said| message.contains(said)))?;
    Some(FailureCause { id: row.id.clone(), words: row.words.clone(), rules: row.rules.clone(), read_on: TABLE.read_on.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(message: &str) -> Option<String> {
        cause(message).map(|cause| cause.id)
    }

    #[test]
    fn the_table_reads_and_every_cause_has_its_own_id() {
        let mut ids: Vec<&String> = TABLE.causes.iter().map(|row| &row.id).collect();
        assert!(ids.len() > 15, "the table could not be read");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), TABLE.causes.len());
    }

    #[test]
    fn every_message_of_the_table_leads_to_its_own_cause() {
        for row in &TABLE.causes {
            for said in &row.says {
                assert_eq!(id(said).as_ref(), Some(&row.id), "{said}");
            }
        }
    }

    #[test]
    fn messages_as_aws_writes_them_are_recognised() {
        let within = "The retention specified in the job is not within the range specified for the target Backup Vault";
        assert_eq!(id(within).as_deref(), Some("retention-outside-lock"));
        assert_eq!(id(&format!("Copy job failed. {within}.")).as_deref(), Some("retention-outside-lock"));
        let role = "IAM Role arn:aws:iam::111122223333:role/x cannot be assumed by AWS Backup";
        assert_eq!(id(role).as_deref(), Some("role-not-assumable"));
        let denied = "Access Denied trying to call AWS Backup service";
        assert_eq!(id(denied).as_deref(), Some("not-authorized"));
        let key = "KMS key is either disabled or pending deletion or access to KMS key is denied";
        assert_eq!(id(key).as_deref(), Some("key-out-of-reach"));
        assert_eq!(id("Something that AWS has never said"), None);
    }
}
