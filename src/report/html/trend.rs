//! What the nights of a history came to, one beside the other: findings, doubts, and resources that could be recovered.

use std::fmt::Write;

use super::findings::counted;
use crate::audit::{NightInNumbers, Trend, TrendEntry};
use crate::policy::Severity;

/// Of a picture, whose width is stretched to what there is.
const WIDTH: f64 = 700.0;
const HEIGHT: f64 = 80.0;
/// Few nights are not drawn as wide as the page.
const WIDEST: f64 = 28.0;
/// From here on, a night is missing.
const HOURS_BETWEEN: i64 = 36;

pub struct Nights<'a> {
    pub trend: &'a Trend,
    pub charts: Vec<Chart>,
}

/// A bar for each night, on a scale of its own.
pub struct Chart {
    pub title: String,
    /// Class and name of each part of a bar, from the bottom.
    pub parts: Vec<(&'static str, &'static str)>,
    pub highest: usize,
    pub bars: Vec<Bar>,
    /// What the picture shows, in words.
    pub told: String,
}

/// A part of a bar, or the mark of what is not known.
pub struct Bar {
    pub class: &'static str,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl<'a> Nights<'a> {
    pub fn of(trend: &'a Trend) -> Self {
        let by_severity: Vec<_> = Severity::WORST_FIRST.iter().map(|severity| (severity.name(), severity.name())).collect();
        let mut charts = vec![
            chart("Findings", by_severity, trend, |night| Some(night.failed.to_vec())),
            chart("Could not be judged", vec![("open", "unknown")], trend, |night| Some(vec![night.unknown])),
        ];
        let mut told = trend.entries.iter().filter_map(numbers).filter(|night| night.recovered.is_some());
        // Of this night it is always known: one alone is no trend.
        if told.nth(1).is_some() {
            let parts = vec![("good", "yes"), ("open", "not known"), ("bad", "no")];
            charts.push(chart("Resources that can be recovered from every place", parts, trend, |night| {
                night.recovered.map(|of| vec![of.yes, of.unknown, of.no])
            }));
        }
        Nights { trend, charts }
    }

    /// Of the newest night that there is something to compare with.
    pub fn last_step(&self) -> String {
        let Some(night) = self.trend.entries.iter().rev().find_map(numbers) else { return String::new() };
        let Some(since) = night.since else { return "There is no night before this one to compare with.".to_owned() };
        match night.step {
            Some(step) => format!("Since {since}: {} new, {} gone, {} of which nobody can say any more.", step.new, step.gone, step.lost),
            None => format!("This audit cannot be compared with that of {since}: {}.", night.differs.join("; ")),
        }
    }

    /// The rows of the table, the newest first.
    pub fn rows(&self) -> Vec<Row<'a>> {
        let mut rows: Vec<Row> = Vec::new();
        let mut follows_gap = false;
        for entry in &self.trend.entries {
            match entry {
                TrendEntry::Gap { name, why } => rows.push(Row { entry: Err((name, why)), note: String::new() }),
                TrendEntry::Night(night) => rows.push(Row { entry: Ok(night), note: note(night, follows_gap) }),
            }
            follows_gap = matches!(entry, TrendEntry::Gap { .. });
        }
        rows.reverse();
        rows
    }

    pub fn first(&self) -> String {
        self.trend.entries.iter().find_map(numbers).map(day).unwrap_or_default()
    }

    pub fn newest(&self) -> String {
        self.trend.entries.iter().rev().find_map(numbers).map(day).unwrap_or_default()
    }

    pub fn gaps(&self) -> usize {
        self.trend.gaps().count()
    }

    pub fn width(&self) -> f64 {
        WIDTH
    }

    pub fn height(&self) -> f64 {
        HEIGHT
    }
}

pub struct Row<'a> {
    /// What could not be read is its name and why.
    pub entry: Result<&'a NightInNumbers, (&'a str, &'a str)>,
    pub note: String,
}

impl Row<'_> {
    /// New, gone, and no longer known since the night before; a dash where that cannot be said.
    pub fn steps(&self) -> [String; 3] {
        let step = self.entry.ok().and_then(|night| night.step);
        step.map_or_else(|| ["–", "–", "–"].map(str::to_owned), |step| [step.new, step.gone, step.lost].map(|count| count.to_string()))
    }

    pub fn recovered(&self) -> String {
        match self.entry.ok().and_then(|night| night.recovered) {
            Some(of) => format!("{} of {}", of.yes, of.total()),
            None => "not told".to_owned(),
        }
    }
}

fn numbers(entry: &TrendEntry) -> Option<&NightInNumbers> {
    match entry {
        TrendEntry::Night(night) => Some(night),
        TrendEntry::Gap { .. } => None,
    }
}

fn day(night: &NightInNumbers) -> String {
    night.as_of.to_string().chars().take(10).collect()
}

/// What keeps a night from being compared with the one before, and what lies between the two.
fn note(night: &NightInNumbers, follows_gap: bool) -> String {
    let Some(since) = night.since else { return String::new() };
    let mut note = Vec::new();
    if !night.differs.is_empty() {
        note.push(format!("not comparable: {}", night.differs.join("; ")));
    }
    let hours = night.as_of.hours_since(since);
    if follows_gap {
        note.push(format!("compared with {since}"));
    } else if hours > HOURS_BETWEEN {
        note.push(format!("{} without a result before it", counted(usize::try_from(hours / 24).unwrap_or_default(), "day")));
    }
    note.join("; ")
}

fn chart(
    title: &str,
    parts: Vec<(&'static str, &'static str)>,
    trend: &Trend,
    counts: impl Fn(&NightInNumbers) -> Option<Vec<usize>>,
) -> Chart {
    let of_night = |entry: &TrendEntry| numbers(entry).and_then(&counts);
    let highest = trend.entries.iter().filter_map(of_night).map(|counts| counts.iter().sum()).max().unwrap_or(0);
    let slot = (WIDTH / trend.entries.len().max(1) as f64).min(WIDEST);
    let left = WIDTH - slot * trend.entries.len() as f64;
    let mut bars = Vec::new();
    let mut told = format!("{title}, from the oldest night to the newest:");
    for (at, entry) in trend.entries.iter().enumerate() {
        let x = left + slot * at as f64;
        let bar = |class, y: f64, height: f64| Bar { class, x: round(x), y: round(y), width: round(slot * 0.8), height: round(height) };
        if numbers(entry).is_some_and(|night| !night.differs.is_empty()) {
            bars.push(Bar { width: 0.0, ..bar("break", 0.0, HEIGHT) });
        }
        let Some(counts) = of_night(entry) else {
            bars.push(bar("gap", 0.0, HEIGHT));
            told += " not known,";
            continue;
        };
        let mut y = HEIGHT;
        for ((class, _), count) in parts.iter().zip(&counts) {
            let height = *count as f64 / highest.max(1) as f64 * (HEIGHT - 4.0);
            y -= height;
            if *count > 0 {
                bars.push(bar(class, y, height));
            }
        }
        let _ = match (&counts[..], parts.first()) {
            ([first, ..], Some((_, name))) if parts.len() == 3 => write!(told, " {first} {name},"),
            _ => write!(told, " {},", counts.iter().sum::<usize>()),
        };
    }
    let told = format!("{}.", told.trim_end_matches([',', ':']));
    Chart { title: title.to_owned(), parts, highest, bars, told }
}

fn round(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Night;

    fn trend() -> Trend {
        let mut trend = Trend::default();
        trend.push(Night::empty("2026-11-20T05:00:00Z".parse().expect("a time")));
        trend.miss("x".to_owned(), "it is cut".to_owned());
        trend.push(Night::empty("2026-11-22T05:00:00Z".parse().expect("a time")));
        trend
    }

    #[test]
    fn a_night_that_could_not_be_read_is_marked_and_is_no_zero() {
        let trend = trend();
        let nights = Nights::of(&trend);
        for chart in &nights.charts {
            let classes: Vec<_> = chart.bars.iter().map(|bar| bar.class).collect();
            assert_eq!(classes, ["gap"], "{}", chart.title);
        }
        assert_eq!(nights.charts[0].told, "Findings, from the oldest night to the newest: 0, not known, 0.");
        let rows = nights.rows();
        assert_eq!(rows[1].entry, Err(("x", "it is cut")));
        assert_eq!(rows[0].note, "compared with 2026-11-20T05:00:00Z");
        assert_eq!(rows[0].recovered(), "not told");
    }

    #[test]
    fn bars_stand_beside_each_other_with_the_newest_at_the_right_edge() {
        let trend = trend();
        let chart = chart("Unknown", vec![("open", "unknown")], &trend, |night| Some(vec![night.failures() + 4]));
        let at: Vec<_> = chart.bars.iter().map(|bar| (bar.class, bar.x, bar.y)).collect();
        assert_eq!(at, [("open", WIDTH - 3.0 * WIDEST, 4.0), ("gap", WIDTH - 2.0 * WIDEST, 0.0), ("open", WIDTH - WIDEST, 4.0)]);
        assert_eq!(chart.highest, 4);
    }
}
