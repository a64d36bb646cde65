//! Subjects: what rules judge. Who a subject is, and the facts that it shares with all that look alike.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::world::Region;
use super::{account, alarm, key, plan, plan_rule, recovery_point, resource, role, selection, vault};
use crate::snapshot::{Cause, Observed, Reason, Tags, UNKNOWN};

/// The ten kinds of thing that a rule can judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Account,
    Vault,
    Plan,
    PlanRule,
    Selection,
    Resource,
    RecoveryPoint,
    Key,
    Role,
    Alarm,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::Account,
        Kind::Vault,
        Kind::Plan,
        Kind::PlanRule,
        Kind::Selection,
        Kind::Resource,
        Kind::RecoveryPoint,
        Kind::Key,
        Kind::Role,
        Kind::Alarm,
    ];

    /// As rules and reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Account => "account",
            Kind::Vault => "vault",
            Kind::Plan => "plan",
            Kind::PlanRule => "plan_rule",
            Kind::Selection => "selection",
            Kind::Resource => "resource",
            Kind::RecoveryPoint => "recovery_point",
            Kind::Key => "key",
            Kind::Role => "role",
            Kind::Alarm => "alarm",
        }
    }

    /// As a sentence names one, and many.
    pub fn noun(self, count: usize) -> &'static str {
        let (one, many) = match self {
            Kind::Account => ("account", "accounts"),
            Kind::Vault => ("vault", "vaults"),
            Kind::Plan => ("plan", "plans"),
            Kind::PlanRule => ("plan rule", "plan rules"),
            Kind::Selection => ("selection", "selections"),
            Kind::Resource => ("resource", "resources"),
            Kind::RecoveryPoint => ("recovery point", "recovery points"),
            Kind::Key => ("key", "keys"),
            Kind::Role => ("role", "roles"),
            Kind::Alarm => ("alarm", "alarms"),
        };
        if count == 1 { one } else { many }
    }

    /// The JSON Schema of such a subject's facts.
    pub fn schema(self) -> Value {
        let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let mut schema = match self {
            Kind::Account => generator.into_root_schema_for::<account::AccountFacts>(),
            Kind::Vault => generator.into_root_schema_for::<vault::VaultFacts>(),
            Kind::Plan => generator.into_root_schema_for::<plan::PlanFacts>(),
            Kind::PlanRule => generator.into_root_schema_for::<plan_rule::PlanRuleFacts>(),
            Kind::Selection => generator.into_root_schema_for::<selection::SelectionFacts>(),
            Kind::Resource => generator.into_root_schema_for::<resource::ResourceFacts>(),
            Kind::RecoveryPoint => generator.into_root_schema_for::<recovery_point::RecoveryPointFacts>(),
            Kind::Key => generator.into_root_schema_for::<key::KeySubjectFacts>(),
            Kind::Role => generator.into_root_schema_for::<role::RoleFacts>(),
            Kind::Alarm => generator.into_root_schema_for::<alarm::AlarmFacts>(),
        };
        schema.insert("$id".to_owned(), format!("backstop/subject/{}/1", self.name()).into());
        schema.to_value()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Kind::ALL.into_iter().find(|kind| kind.name() == text).ok_or(())
    }
}

/// One thing to judge. Its facts stand in [`SubjectsOfKind::facts`], once for all subjects that share them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Stable across runs: an ARN where AWS gives one.
    pub id: Cow<'a, str>,
    /// Empty where the end of the id is the name.
    own_name: Box<str>,
    /// Index into [`SubjectsOfKind::facts`].
    pub facts: usize,
}

impl<'a> Subject<'a> {
    /// A subject that people call by the last part of its id.
    pub(super) fn unnamed(id: &'a str, facts: usize) -> Self {
        Subject { id: Cow::Borrowed(id), own_name: Box::default(), facts }
    }

    /// What a person calls it.
    pub fn name(&self) -> &str {
        if self.own_name.is_empty() { self.id.rsplit([':', '/']).next().unwrap_or(&self.id) } else { &self.own_name }
    }
}

/// Facts that one or many subjects share.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub account: String,
    /// Empty for what belongs to a whole account.
    pub region: String,
    /// The tags that tell the environment: the subject's own, its plan's or its vault's.
    pub tags: Observed<Tags>,
    /// An object of the kind's schema; or `{"$unknown": [...]}` for subjects that could not be listed.
    pub document: Value,
    /// Stands for subjects that may exist and were not seen, not for one that was.
    pub is_gap: bool,
}

impl Facts {
    pub(super) fn new(account: String, region: String, tags: Observed<Tags>, facts: &impl Serialize) -> Self {
        // A subject is a plain struct of texts, numbers and lists, which JSON can always hold; were it otherwise the subject
        // must come out unknown and not empty.
        let document = serde_json::to_value(facts)
            .unwrap_or_else(|error| unknown_document(&[Reason::new(Cause::Failed, format!("its facts could not be written: {error}"))]));
        Facts { account, region, tags, document, is_gap: false }
    }

    /// Stands for the subjects of a unit that could not be listed.
    pub(super) fn gap(region: &Region, reasons: Vec<Reason>) -> Self {
        Facts {
            account: region.unit.account.clone(),
            region: region.unit.region.clone(),
            tags: Observed::Unknown(reasons.clone()),
            document: unknown_document(&reasons),
            is_gap: true,
        }
    }
}

fn unknown_document(reasons: &[Reason]) -> Value {
    serde_json::json!({ UNKNOWN: reasons })
}

/// All subjects of one kind, in the order of their ids.
#[derive(Debug, Clone, Default)]
pub struct SubjectsOfKind<'a> {
    pub subjects: Vec<Subject<'a>>,
    pub facts: Vec<Facts>,
}

impl<'a> SubjectsOfKind<'a> {
    /// Adds a subject with facts of its own.
    pub fn push(&mut self, id: String, name: String, facts: Facts) {
        self.subjects.push(Subject { id: Cow::Owned(id), own_name: name.into(), facts: self.facts.len() });
        self.facts.push(facts);
    }

    pub fn facts_of(&self, subject: &Subject) -> &Facts {
        &self.facts[subject.facts]
    }
}

/// Everything there is to judge.
#[derive(Debug, Clone, Default)]
pub struct Subjects<'a> {
    kinds: [SubjectsOfKind<'a>; 10],
}

impl<'a> Subjects<'a> {
    pub fn of(&self, kind: Kind) -> &SubjectsOfKind<'a> {
        &self.kinds[kind as usize]
    }

    /// To add to, or to change what is not to be derived.
    pub fn of_mut(&mut self, kind: Kind) -> &mut SubjectsOfKind<'a> {
        &mut self.kinds[kind as usize]
    }

    /// Orders each kind by id, so that every report comes out the same.
    pub(super) fn sort(&mut self) {
        for kind in &mut self.kinds {
            kind.subjects.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        }
    }
}
