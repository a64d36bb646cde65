//! What changed between two runs: a sentence that can be forwarded, what is weaker, and what became of each resource.

use std::collections::BTreeMap;
use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Value, json};

use super::plain;
use super::table::{Look, wrapped};
use crate::audit::{Difference, Entry, Record, Turn};
use crate::facts::{Kind, Weakened};
use crate::policy::Severity;
use crate::snapshot::Timestamp;

const SCHEMA: &str = "backstop/diff/1";
/// How many of the subjects that have the same to tell are named.
const NAMED: usize = 5;

pub struct Diff<'a> {
    pub former: &'a Record,
    pub latter: &'a Record,
    pub difference: &'a Difference,
    /// `None` where not both are snapshots.
    pub weakened: Option<&'a [Weakened]>,
}

#[derive(Serialize, JsonSchema)]
struct Document<'a> {
    /// Always `backstop/diff/1`.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// As of when the first was judged.
    from: Timestamp,
    /// As of when the second was judged.
    to: Timestamp,
    /// Whether anything is new, newly blind, no longer judged, no longer looked into, or weaker.
    worse: bool,
    summary: String,
    /// Locks, policies, retention, plans and keys that protect less; left out where not both are snapshots.
    #[serde(skip_serializing_if = "Option::is_none")]
    weakened: Option<&'a [Weakened]>,
    /// Accounts with Regions that were looked into the first time only.
    unseen: Vec<UnitOut<'a>>,
    /// Rules that were judged the first time only.
    unjudged_rules: &'a [String],
    /// By account, Region, kind and name of the subject, then what is worse first.
    changes: Vec<ChangeOut<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct UnitOut<'a> {
    account: &'a str,
    region: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct ChangeOut<'a> {
    change: Turn,
    /// The rule's id.
    rule: &'a str,
    severity: Severity,
    subject: SubjectOut<'a>,
    message: &'a str,
    /// What it said before, where it says something else now.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
struct SubjectOut<'a> {
    kind: Kind,
    id: &'a str,
    name: &'a str,
    account: &'a str,
    region: &'a str,
}

impl Diff<'_> {
    pub fn is_worse(&self) -> bool {
        self.difference.is_worse() || self.weakened.is_some_and(|weakened| !weakened.is_empty())
    }

    /// One or more sentences that stand by themselves.
    fn sentence(&self) -> String {
        let weakened = self.weakened.unwrap_or_default();
        let mut parts = Vec::new();
        for (turn, one, many) in [
            (Turn::New, "new finding", "new findings"),
            (Turn::Blind, "verdict no longer known", "verdicts no longer known"),
            (Turn::Unjudged, "finding whose rule is no longer judged", "findings whose rule is no longer judged"),
            (Turn::Waived, "finding newly waived", "findings newly waived"),
            (Turn::Exempt, "finding whose rule no longer applies", "findings whose rules no longer apply"),
            (Turn::Gone, "finding gone", "findings gone"),
            (Turn::Changed, "finding changed", "findings changed"),
            (Turn::Seen, "doubt cleared", "doubts cleared"),
        ] {
            let count = self.difference.count(turn);
            let severities = if turn == Turn::New { self.severities() } else { String::new() };
            match count {
                0 => {}
                1 => parts.push(format!("1 {one}{severities}")),
                _ => parts.push(format!("{count} {many}{severities}")),
            }
        }
        let since = format!("{} than at {}", if self.is_worse() { "Worse" } else { "Not worse" }, self.former.as_of);
        let verdicts = if parts.is_empty() { "no verdict changed".to_owned() } else { parts.join(", ") };
        let mut text = format!("{since}: {verdicts}.");
        if let [first, others @ ..] = weakened {
            let more = if others.is_empty() { String::new() } else { format!(" And {} more protect less.", others.len()) };
            let _ = write!(text, " {}{more}", first.message);
        }
        if self.latter.as_of < self.former.as_of {
            let _ = write!(text, " The second of the two is the older one, of {}.", self.latter.as_of);
        }
        for (account, region) in &self.difference.unseen {
            let _ = write!(text, " Nobody looked into {account}/{region} this time.");
        }
        for rule in &self.difference.unjudged {
            let _ = write!(text, " Rule {rule} is no longer judged.");
        }
        plain(&text).into_owned()
    }

    /// ` (1 critical, 2 high)`.
    fn severities(&self) -> String {
        let of = |severity: Severity| self.entries(Turn::New).filter(|entry| entry.told.severity == severity).count();
        let counts = Severity::WORST_FIRST.into_iter().map(|severity| (of(severity), severity)).filter(|(count, _)| *count > 0);
        format!(" ({})", counts.map(|(count, severity)| format!("{count} {severity}")).collect::<Vec<_>>().join(", "))
    }

    fn entries(&self, turn: Turn) -> impl Iterator<Item = &Entry> {
        self.difference.entries.iter().filter(move |entry| entry.turn == turn)
    }
}

pub fn json(diff: &Diff) -> Value {
    json!(Document {
        schema: SCHEMA,
        from: diff.former.as_of,
        to: diff.latter.as_of,
        worse: diff.is_worse(),
        summary: diff.sentence(),
        weakened: diff.weakened,
        unseen: diff.difference.unseen.iter().map(|(account, region)| UnitOut { account, region }).collect(),
        unjudged_rules: &diff.difference.unjudged,
        changes: diff.difference.entries.iter().map(change).collect(),
    })
}

fn change(entry: &Entry) -> ChangeOut<'_> {
    let Entry { turn, told, before } = entry;
    let subject = SubjectOut { kind: told.kind, id: &told.subject, name: &told.name, account: &told.account, region: &told.region };
    ChangeOut { change: *turn, rule: &told.rule, severity: told.severity, subject, message: &told.message, before: before.as_deref() }
}

/// The JSON Schema of what `json` makes.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document>();
    schema.insert("$id".to_owned(), SCHEMA.into());
    schema.insert("title".to_owned(), "Backstop difference".into());
    schema.to_value()
}

pub fn render(diff: &Diff, look: Look) -> String {
    let paint = |style: Style, text: &str| if look.color { format!("{style}{text}{style:#}") } else { text.to_owned() };
    let red = AnsiColor::Red.on_default().bold();
    let mut text = wrapped("", &diff.sentence(), look.width);
    let weakened = diff.weakened.unwrap_or_default();
    if !weakened.is_empty() {
        let _ = write!(text, "\n{}\n", paint(red, &format!("PROTECTS LESS: {}", weakened.len())));
        for one in weakened {
            let head = format!("  {}/{}  ", plain(&one.account), plain(&one.region));
            text += &wrapped(&head, &plain(&one.message), look.width);
        }
    }
    for (subjects, entries) in alike(&diff.difference.entries) {
        let Some(told) = entries.first().map(|entry| &entry.told) else { continue };
        let place = if told.region.is_empty() { told.account.clone() } else { format!("{}/{}", told.account, told.region) };
        let names: Vec<String> = subjects.iter().take(NAMED).map(|name| format!("'{}'", plain(name))).collect();
        let more = if subjects.len() > NAMED { format!(" and {} more", subjects.len() - NAMED) } else { String::new() };
        let heading = format!("{} {}{more}, {}", told.kind.noun(subjects.len()), names.join(", "), plain(&place));
        text += &format!("\n{}", wrapped("", &heading, look.width));
        for Entry { turn, told, before } in entries {
            let (word, style) = match turn {
                Turn::New => ("NEW", red),
                Turn::Blind => ("BLIND", AnsiColor::Magenta.on_default().bold()),
                Turn::Unjudged => ("NOT JUDGED", AnsiColor::Magenta.on_default().bold()),
                Turn::Changed => ("CHANGED", AnsiColor::Yellow.on_default()),
                Turn::Waived => ("WAIVED", AnsiColor::Yellow.on_default().bold()),
                Turn::Exempt => ("EXEMPT", AnsiColor::Yellow.on_default().bold()),
                Turn::Gone => ("GONE", AnsiColor::Green.on_default().bold()),
                Turn::Seen => ("CLEARED", AnsiColor::Green.on_default()),
            };
            let word = format!("{word:<10}");
            let message = format!("{}: {}", told.rule, plain(&told.message));
            let lines = wrapped(&format!("  {word}  {:<8}  ", told.severity), &message, look.width);
            text += &lines.replacen(&word, &paint(style, &word), 1);
            if let Some(before) = before {
                text += &wrapped(&format!("  {:<10}  {:<8}  ", "", ""), &format!("before: {}", plain(before)), look.width);
            }
        }
    }
    text
}

/// Names of subjects of one place of which the same is to be told, with what it is: a Region that nobody sees blinds a thousand points alike.
fn alike(entries: &[Entry]) -> impl Iterator<Item = (Vec<&str>, &[Entry])> {
    let mut at: BTreeMap<Vec<_>, usize> = BTreeMap::new();
    let mut groups: Vec<(Vec<&str>, &[Entry])> = Vec::new();
    let subject = |entry: &Entry| (entry.told.kind, entry.told.account.clone(), entry.told.region.clone(), entry.told.subject.clone());
    for of_subject in entries.chunk_by(|a, b| subject(a) == subject(b)) {
        let said = |Entry { turn, told, before }: &'_ Entry| {
            (told.kind, told.account.clone(), told.region.clone(), *turn, told.rule.clone(), told.message.clone(), before.clone())
        };
        let name = of_subject.first().map_or("", |entry| entry.told.name.as_str());
        let group = *at.entry(of_subject.iter().map(said).collect()).or_insert(groups.len());
        match groups.get_mut(group) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], of_subject)),
        }
    }
    groups.into_iter()
}
