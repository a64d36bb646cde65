//! Keys: those that vaults and recovery points name, each asked in its own Region: DescribeKey, rotation, policy, aliases,
//! grants.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::call::{Found, Page, Told, text};
use super::fault::Fault;
use super::lay::put_list;
use super::ledger::Question;
use super::post::{Post, each};
use crate::snapshot::{Arn, Outcome};

const ALIASES: Page = Page { items: "Aliases", identity: "AliasName", token: "NextMarker" };
const GRANTS: Page = Page { items: "Grants", identity: "GrantId", token: "NextMarker" };
/// The most that both calls take.
const PAGE_SIZE: i32 = 100;

/// The keys that an object names in `EncryptionKeyArn`.
pub fn named(object: &Value) -> Option<String> {
    object.get("EncryptionKeyArn")?.as_str().filter(|arn| !arn.is_empty()).map(str::to_owned)
}

/// The keys that are named, and whether every one of them was described.
pub async fn observe(post: &Post, account: &str, named: &BTreeSet<String>) -> Found {
    let mut clients = BTreeMap::new();
    let asked: Vec<Asked> = named
        .iter()
        .map(|arn| {
            let parsed = Arn::parse(arn);
            let region = parsed.map_or(post.region.as_str(), |arn| arn.region);
            let kms = clients.entry(region).or_insert_with(|| post.session.kms(region)).clone();
            let is_own = parsed.is_none_or(|arn| arn.account == account);
            Asked {
                post: post.clone(),
                kms,
                region: region.to_owned(),
                arn: arn.to_owned(),
                owner: if is_own { Owner::Own } else { Owner::Foreign },
            }
        })
        .collect();
    let answers = each(asked, key).await;
    let whole = answers.iter().all(|answer| !matches!(answer, Answer::Unseen));
    let mut keys: BTreeMap<String, Value> = BTreeMap::new();
    for answer in answers {
        if let Answer::Key(key) = answer {
            keys.insert(text(&key, "Arn").to_owned(), Value::Object(key));
        }
    }
    Found { items: keys.into_values().collect(), whole }
}

/// Keys of two askings as those of one.
pub fn together(one: Found, other: Found) -> Found {
    let mut items = [one.items, other.items].concat();
    let arn = |key: &Value| key.get("Arn").and_then(Value::as_str).unwrap_or_default().to_owned();
    items.sort_by_key(arn);
    // Two names, such as an alias and an id, can be one key's.
    items.dedup_by_key(|key| arn(key));
    Found { items, whole: one.whole && other.whole }
}

/// One key, and through whom it is asked about.
struct Asked {
    post: Post,
    kms: aws_sdk_kms::Client,
    region: String,
    arn: String,
    owner: Owner,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Own,
    Foreign,
}

enum Answer {
    Key(Map<String, Value>),
    /// KMS says that there is no such key.
    Gone,
    Unseen,
}

async fn key(asked: Asked) -> Answer {
    let mut key = match asked.describe().await {
        Told::Known(mut body) => match body.remove("KeyMetadata") {
            Some(Value::Object(metadata)) => metadata,
            _ => return Answer::Unseen,
        },
        Told::Absent => return Answer::Gone,
        Told::Silent(_) => {
            for operation in ["GetKeyRotationStatus", "GetKeyPolicy", "ListAliases", "ListGrants"] {
                asked.skip(operation, "DescribeKey was not answered");
            }
            return Answer::Unseen;
        }
    };
    if text(&key, "Arn").is_empty() {
        key.insert("Arn".to_owned(), asked.arn.as_str().into());
    }
    let (rotation, policy, aliases, grants) =
        tokio::join!(asked.rotation(text(&key, "KeyManager")), asked.policy(), asked.aliases(), asked.grants());
    match rotation {
        Told::Known(mut rotation) => {
            rotation.remove("KeyId");
            key.extend(rotation);
        }
        Told::Absent => _ = key.insert("KeyRotationEnabled".to_owned(), Value::Null),
        Told::Silent(_) => {}
    }
    match policy {
        Told::Known(mut body) => _ = body.remove("Policy").and_then(|policy| key.insert("Policy".to_owned(), policy)),
        Told::Absent => _ = key.insert("Policy".to_owned(), Value::Null),
        Told::Silent(_) => {}
    }
    put_list(&mut key, "Aliases", aliases);
    put_list(&mut key, "Grants", grants);
    Answer::Key(key)
}

impl Asked {
    async fn describe(&self) -> Told {
        self.post.object(self.question("DescribeKey"), "KeyMetadata", not_found, self.kms.describe_key().key_id(&self.arn).send()).await
    }

    async fn rotation(&self, manager: &str) -> Told {
        // That keys of this kind or origin do not rotate is an answer.
        fn unsupported(fault: &Fault) -> bool {
            fault.has_code(&["UnsupportedOperationException"])
        }
        if manager == "AWS" {
            return self.skip("GetKeyRotationStatus", "AWS rotates its managed keys itself, every year");
        }
        self.post
            .object(
                self.question("GetKeyRotationStatus"),
                "KeyRotationEnabled",
                unsupported,
                self.kms.get_key_rotation_status().key_id(&self.arn).send(),
            )
            .await
    }

    async fn policy(&self) -> Told {
        if self.owner == Owner::Foreign {
            return self.skip("GetKeyPolicy", "KMS answers it only in the key's own account");
        }
        self.post
            .object(
                self.question("GetKeyPolicy"),
                "Policy",
                not_found,
                self.kms.get_key_policy().key_id(&self.arn).policy_name("default").send(),
            )
            .await
    }

    /// `None` unless the list is whole.
    async fn aliases(&self) -> Option<Vec<Value>> {
        if self.owner == Owner::Foreign {
            self.skip("ListAliases", "KMS answers it only in the key's own account");
            return None;
        }
        let listing = self
            .post
            .list(self.question("ListAliases"), ALIASES, |marker| {
                self.kms.list_aliases().key_id(&self.arn).limit(PAGE_SIZE).set_marker(marker).send()
            })
            .await;
        listing.only_whole()
    }

    /// `None` unless the list is whole.
    async fn grants(&self) -> Option<Vec<Value>> {
        if self.owner == Owner::Foreign {
            self.skip("ListGrants", "grants of a key of another account are that account's to read");
            return None;
        }
        let listing = self
            .post
            .list(self.question("ListGrants"), GRANTS, |marker| {
                self.kms.list_grants().key_id(&self.arn).limit(PAGE_SIZE).set_marker(marker).send()
            })
            .await;
        listing.only_whole()
    }

    fn question(&self, operation: &'static str) -> Question {
        Question::new("kms", operation).about(self.arn.as_str()).at(self.region.as_str())
    }

    fn skip(&self, operation: &'static str, why: &str) -> Told {
        self.post.skip(self.question(operation), why);
        Told::Silent(Outcome::Skipped)
    }
}

fn not_found(fault: &Fault) -> bool {
    fault.has_code(&["NotFoundException"])
}
