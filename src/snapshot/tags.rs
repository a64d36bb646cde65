//! Tags: `{"key": "value"}` as AWS Backup returns them, `[{"Key": ..., "Value": ...}]` as the tagging API does.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Keys and values are compared with their case, as AWS does.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "TagsForm", into = "BTreeMap<String, String>")]
#[schemars(with = "TagsForm")]
pub struct Tags(pub BTreeMap<String, String>);

impl Tags {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

impl From<Tags> for BTreeMap<String, String> {
    fn from(tags: Tags) -> Self {
        tags.0
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected tags: an object of texts, or a list of objects with Key and Value")]
enum TagsForm {
    List(Vec<Tag>),
    Map(BTreeMap<String, String>),
    /// `aws backup list-tags` prints the map under `Tags`.
    Wrapped {
        #[serde(rename = "Tags")]
        tags: BTreeMap<String, String>,
    },
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

impl From<TagsForm> for Tags {
    fn from(form: TagsForm) -> Self {
        Tags(match form {
            TagsForm::List(list) => list.into_iter().map(|tag| (tag.key, tag.value)).collect(),
            TagsForm::Map(map) | TagsForm::Wrapped { tags: map } => map,
        })
    }
}
