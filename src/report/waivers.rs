//! What there is to say of waivers besides the findings that they waive, and their list.

use anstyle::{AnsiColor, Style};

use super::plain;
use super::table::{Look, grid};
use crate::audit::{Audit, Effect, Finding, Standing, Waiving, Waivings};

/// Why a person should look at a waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// It has lapsed: what it waived counts again.
    Lapsed,
    /// It holds for longer than the configuration lets one be given.
    TooLong,
    Lapsing,
    Unused,
}

/// One sentence on a waiver that needs a look.
pub struct Said<'a> {
    pub concern: Concern,
    pub waiving: &'a Waiving<'a>,
    /// With its file and line in front.
    pub sentence: String,
}

/// What follows a finding's message where it is waived: ` (waived until 2026-12-31)`.
pub fn mark(finding: &Finding, audit: &Audit) -> String {
    audit.waiving(finding).map_or_else(String::new, |waiving| format!(" (waived until {})", waiving.waiver.expires))
}

/// What is to be said: of those that have lapsed first.
pub fn said<'a>(audit: &'a Audit<'a>) -> Vec<Said<'a>> {
    let Some(waivers) = audit.waivers.waivers else { return Vec::new() };
    let max_days = i64::from(waivers.terms.max_days);
    let mut said: Vec<Said> = Vec::new();
    for waiving in &audit.waivers.all {
        let (day, days) = (waiving.waiver.expires, waiving.days_left);
        let mut say = |concern, what: String| {
            let waiver = waiving.waiver;
            let sentence = format!("{}:{}: the waiver of {} on {} {what}", waivers.file, waiver.line, waiver.rule, waiver.resource);
            said.push(Said { concern, waiving, sentence });
        };
        match (waiving.standing, waiving.effect) {
            (Standing::Lapsed, effect) => {
                let then = match (waiving.findings, effect) {
                    (0, Some(Effect::Unused)) => "; it has nothing to waive any more".to_owned(),
                    (0, _) => String::new(),
                    (count, _) => format!("; {} again", count_of(count)),
                };
                say(Concern::Lapsed, format!("lapsed: its last day was {day}, {} ago{then}.", days_of(-days)));
            }
            (_, Some(Effect::Unused)) => say(Concern::Unused, "waives nothing: no finding is under it.".to_owned()),
            (Standing::Lapsing, _) => say(Concern::Lapsing, format!("lapses soon: its last day is {day}, {}.", in_days(days))),
            (Standing::Active, _) if days > max_days => {
                say(Concern::TooLong, format!("holds until {day}, for {days} days more; the configuration allows {max_days}."));
            }
            (Standing::Active, _) => {}
        }
    }
    said.sort_by_key(|said| said.concern);
    said
}

fn count_of(findings: usize) -> String {
    if findings == 1 { "1 finding counts".to_owned() } else { format!("{findings} findings count") }
}

fn days_of(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

fn in_days(days: i64) -> String {
    if days == 0 { "today".to_owned() } else { format!("in {}", days_of(days)) }
}

/// A waiver on a line: where it stands, what it is about, and how it stands.
pub fn line(waiving: &Waiving, file: &str) -> String {
    let waiver = waiving.waiver;
    plain(&format!("{file}:{}: {} on {}: {}", waiver.line, waiver.rule, waiver.resource, standing(waiving).join(", "))).into_owned()
}

/// `lapsed, 2026-11-01, 22 days ago, unused`
fn standing(waiving: &Waiving) -> Vec<String> {
    let when = if waiving.days_left < 0 { format!("{} ago", days_of(-waiving.days_left)) } else { in_days(waiving.days_left) };
    let effect = waiving.effect.map(|effect| match (effect, waiving.findings) {
        (Effect::Used, 1) => "1 finding".to_owned(),
        (Effect::Used, count) => format!("{count} findings"),
        (Effect::Undecided, _) => "not enough was seen".to_owned(),
        (Effect::NotAudited, _) => "not audited".to_owned(),
        (Effect::Unused, _) => "unused".to_owned(),
    });
    [waiving.standing.name().to_owned(), waiving.waiver.expires.to_string(), when].into_iter().chain(effect).collect()
}

/// All waivers as a table: those that have lapsed, those that soon will, and the others, each in the file's order.
pub fn list(waivings: &Waivings, look: Look) -> String {
    let file = waivings.waivers.map_or("", |waivers| waivers.file.as_str());
    let mut all: Vec<&Waiving> = waivings.all.iter().collect();
    all.sort_by_key(|waiving| waiving.standing);
    if all.is_empty() {
        return format!("{} holds no waiver.\n", plain(file));
    }
    let mut table = grid(look);
    table.set_header(vec!["Status", "Rule, resource", "Reason"]);
    for waiving in &all {
        let waiver = waiving.waiver;
        let only = waiver.account.iter().chain(&waiver.region).map(|part| format!("only in {}", plain(part)));
        let about: Vec<String> = [plain(&waiver.rule).into_owned(), plain(&waiver.resource).into_owned()].into_iter().chain(only).collect();
        let by = waiver.approver.as_ref().map(|approver| format!("approved by {}", plain(approver)));
        let ticket = waiver.ticket.as_ref().map(|ticket| plain(ticket).into_owned());
        let at = plain(&format!("{file}:{}", waiver.line)).into_owned();
        let reason: Vec<String> =
            [plain(&waiver.reason).into_owned()].into_iter().chain(by).chain(ticket).chain(std::iter::once(at)).collect();
        table.add_row(vec![standing(waiving).join("\n"), about.join("\n"), reason.join("\n")]);
    }
    let count = |standing: Standing| all.iter().filter(|waiving| waiving.standing == standing).count();
    let [lapsed, lapsing, active] = [Standing::Lapsed, Standing::Lapsing, Standing::Active].map(count);
    let style = if lapsed > 0 { AnsiColor::Red.on_default().bold() } else { Style::new().bold() };
    let heading = format!("{lapsed} lapsed, {lapsing} lapsing, {active} active");
    let heading = if look.color { format!("{style}{heading}{style:#}") } else { heading };
    format!("{heading}\n\n{table}\n")
}
