//! Keys: those that vaults and recovery points name, each asked in its own Region: DescribeKey, rotation, policy, aliases.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::call::{Page, Told, text};
use super::fault::Fault;
use super::ledger::Question;
use super::post::{Post, each};
use crate::snapshot::{Arn, Outcome};

const ALIASES: Page = Page { items: "Aliases", identity: "AliasName", token: "NextMarker" };
/// The most that ListAliases takes.
const PAGE_SIZE: i32 = 100;

/// The keys that the objects name in `EncryptionKeyArn`, and whether every one of them was described.
pub async fn observe<'a>(post: &Post, account: &str, objects: impl Iterator<Item = &'a Value>) -> (Vec<Value>, bool) {
    let named: BTreeSet<&str> =
        objects.filter_map(|object| object.get("EncryptionKeyArn")?.as_str()).filter(|arn| !arn.is_empty()).collect();
    let mut clients = BTreeMap::new();
    let asked: Vec<Asked> = named
        .into_iter()
        .map(|arn| {
            let parsed = Arn::parse(arn);
            let region = parsed.map_or(post.region.as_str(), |arn| arn.region);
            let kms = clients.entry(region).or_insert_with(|| post.session.kms(region)).clone();
            let is_own = parsed.is_none_or(|arn| arn.account == account);
            Asked { post: post.clone(), kms, arn: arn.to_owned(), owner: if is_own { Owner::Own } else { Owner::Foreign } }
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
    (keys.into_values().collect(), whole)
}

/// One key, and through whom it is asked about.
struct Asked {
    post: Post,
    kms: aws_sdk_kms::Client,
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
            for operation in ["GetKeyRotationStatus", "GetKeyPolicy", "ListAliases"] {
                asked.skip(operation, "DescribeKey was not answered");
            }
            return Answer::Unseen;
        }
    };
    if text(&key, "Arn").is_empty() {
        key.insert("Arn".to_owned(), asked.arn.as_str().into());
    }
    let (rotation, policy, aliases) = tokio::join!(asked.rotation(text(&key, "KeyManager")), asked.policy(), asked.aliases());
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
    if let Some(aliases) = aliases {
        key.insert("Aliases".to_owned(), Value::Array(aliases));
    }
    Answer::Key(key)
}

impl Asked {
    async fn describe(&self) -> Told {
        self.post
            .object(self.question("DescribeKey"), "KeyMetadata", not_found, |capture| {
                self.kms.describe_key().key_id(&self.arn).customize().interceptor(capture).send()
            })
            .await
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
            .object(self.question("GetKeyRotationStatus"), "KeyRotationEnabled", unsupported, |capture| {
                self.kms.get_key_rotation_status().key_id(&self.arn).customize().interceptor(capture).send()
            })
            .await
    }

    async fn policy(&self) -> Told {
        if self.owner == Owner::Foreign {
            return self.skip("GetKeyPolicy", "KMS answers it only in the key's own account");
        }
        self.post
            .object(self.question("GetKeyPolicy"), "Policy", not_found, |capture| {
                self.kms.get_key_policy().key_id(&self.arn).policy_name("default").customize().interceptor(capture).send()
            })
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
            .list(self.question("ListAliases"), ALIASES, |marker, capture| {
                self.kms.list_aliases().key_id(&self.arn).limit(PAGE_SIZE).set_marker(marker).customize().interceptor(capture).send()
            })
            .await;
        listing.is_whole().then(|| listing.items.into_iter().map(Value::Object).collect())
    }

    fn question(&self, operation: &'static str) -> Question {
        Question::new("kms", operation).about(self.arn.as_str())
    }

    fn skip(&self, operation: &'static str, why: &str) -> Told {
        self.post.skip(self.question(operation), why);
        Told::Silent(Outcome::Skipped)
    }
}

fn not_found(fault: &Fault) -> bool {
    fault.has_code(&["NotFoundException"])
}
