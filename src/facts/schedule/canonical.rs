//! One text for all expressions that run at the same times: `cron(0 5 * * ? *)` is `cron(0 5 ? * * *)`, and so is 07:00 in a
//! zone that is always two hours ahead. What comes to the same in some months only, as the 31st and the last day of January do,
//! is not seen to be one.

use super::cron::{Cron, WEEKDAYS, YEARS};
use super::runs::Schedule;

/// What a parameter may be followed by, and a canonical text is where its clocks change.
const IN_ZONE: &str = " in ";

/// The canonical text of a parameter's schedule: AWS's cron expression, in UTC or followed by ` in ` and a zone. None where it
/// is no schedule.
pub fn canonical(text: &str) -> Option<String> {
    let (expression, zone) = text.rsplit_once(IN_ZONE).unwrap_or((text, "Etc/UTC"));
    Schedule::read(expression.trim(), zone.trim()).ok().map(|schedule| schedule.canonical())
}

impl Schedule {
    /// The same for all schedules that run at the same times.
    pub fn canonical(&self) -> String {
        let cron = &self.cron;
        match self.clock.fixed_offset().and_then(|offset| in_utc(cron, offset)) {
            Some((hours, minutes)) => text(cron, &hours, &minutes),
            None => format!("{}{IN_ZONE}{}", text(cron, &cron.hours, &cron.minutes), self.clock.name()),
        }
    }
}

/// Hours and minutes in UTC, where the days stay what they are and the times are still hours by minutes.
fn in_utc(cron: &Cron, offset: i64) -> Option<(Vec<u32>, Vec<u32>)> {
    let mut times: Vec<i64> = cron.minutes_of_day.iter().map(|minute| minute - offset).collect();
    let on_every_date = cron.fires_on_all_days() && months(cron).len() == 12 && years(cron).len() == YEARS.count();
    if !on_every_date && times.iter().any(|time| !(0..1440).contains(time)) {
        return None;
    }
    times.iter_mut().for_each(|time| *time = time.rem_euclid(1440));
    times.sort_unstable();
    let distinct = |of: &dyn Fn(i64) -> i64| {
        let mut values: Vec<u32> = times.iter().map(|time| of(*time) as u32).collect();
        values.sort_unstable();
        values.dedup();
        values
    };
    let (hours, minutes) = (distinct(&|time| time / 60), distinct(&|time| time % 60));
    (hours.len() * minutes.len() == times.len()).then_some((hours, minutes))
}

fn text(cron: &Cron, hours: &[u32], minutes: &[u32]) -> String {
    let (day_of_month, day_of_week) = days(cron);
    let (months, years) = (list(&months(cron), 12), list(&years(cron), YEARS.count()));
    format!("cron({} {} {day_of_month} {months} {day_of_week} {years})", list(minutes, 60), list(hours, 24))
}

fn months(cron: &Cron) -> Vec<u32> {
    (1..=12).filter(|month| cron.fires_in_month(*month)).collect()
}

fn years(cron: &Cron) -> Vec<u32> {
    YEARS.filter(|year| cron.fires_in(*year as i32)).collect()
}

fn list(values: &[u32], all: usize) -> String {
    if values.len() == all {
        return "*".to_owned();
    }
    let texts: Vec<String> = values.iter().map(u32::to_string).collect();
    texts.join(",")
}

/// The day of the month and of the week, by what they come to and not by how they were written.
fn days(cron: &Cron) -> (String, String) {
    let kinds = cron.kinds_of_days();
    let of = |fires: &dyn Fn(u32, u32, u32) -> bool| {
        // Length of the month, day, and weekday from Sunday, 0.
        kinds.iter().enumerate().all(|(at, mask)| {
            let (length, first) = (28 + at as u32 / 7, at as u32 % 7);
            (1..=length).all(|day| (mask >> (day - 1) & 1 == 1) == fires(length, day, (first + day - 1) % 7))
        })
    };
    if cron.fires_on_all_days() {
        return ("?".to_owned(), "*".to_owned());
    }
    // Of the months that have 31 days, one begins on each weekday.
    let weekdays: Vec<u32> = (0..7).filter(|weekday| kinds[21 + *weekday as usize] & 1 == 1).collect();
    if of(&|_, _, weekday| weekdays.contains(&weekday)) {
        let names: Vec<&str> = weekdays.iter().map(|at| WEEKDAYS[*at as usize]).collect();
        return ("?".to_owned(), names.join(","));
    }
    let numbers: Vec<u32> = (1..=31).filter(|day| kinds[21] >> (day - 1) & 1 == 1).collect();
    if of(&|_, day, _| numbers.contains(&day)) {
        return (list(&numbers, 31), "?".to_owned());
    }
    if of(&|length, day, _| day == length) {
        return ("L".to_owned(), "?".to_owned());
    }
    for (at, name) in WEEKDAYS.iter().enumerate() {
        if of(&|length, day, weekday| weekday as usize == at && day + 7 > length) {
            return ("?".to_owned(), format!("{name}L"));
        }
        if let Some(nth) = (1..=5).find(|nth| of(&|_, day, weekday| weekday as usize == at && (day - 1) / 7 + 1 == *nth)) {
            return ("?".to_owned(), format!("{name}#{nth}"));
        }
    }
    let nearest = |wanted: u32| {
        of(&|length, day, weekday| {
            let that = (weekday + 70 + wanted - day) % 7;
            wanted <= length
                && day
                    == match that {
                        0 if wanted == length => wanted - 2,
                        0 => wanted + 1,
                        6 if wanted == 1 => 3,
                        6 => wanted - 1,
                        _ => wanted,
                    }
        })
    };
    match (1..=31).find(|wanted| nearest(*wanted)) {
        Some(wanted) => (format!("{wanted}W"), "?".to_owned()),
        // No expression that the grammar takes comes to anything else.
        None => (format!("{kinds:x?}"), "?".to_owned()),
    }
}
