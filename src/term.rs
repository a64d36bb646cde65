//! The only place that knows of terminals, colour, width and progress.

use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Color;
use crate::collect::{Progress, Tally};
use crate::report::plain;
use crate::report::table::Look;

/// Without a terminal to ask, wide enough for a log and narrow enough for a person.
const WIDTH_OF_A_PIPE: usize = 100;

/// For a table that goes to a file.
pub const WIDTH_OF_A_FILE: usize = 120;

/// What stdout can do.
pub fn stdout(color: Color) -> Look {
    look(color, &io::stdout())
}

/// The same for sentences that are passed on: in a pipe no line is broken.
pub fn stdout_of_sentences(color: Color) -> Look {
    let stdout = io::stdout();
    Look { width: measured(&stdout).or_else(columns).unwrap_or(usize::MAX), ..look(color, &stdout) }
}

/// Help is never wider than this: long lines are hard to read.
const WIDEST_HELP: usize = 100;

/// How wide the help may be.
pub fn help_width() -> usize {
    let measured = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    measured.or_else(columns).unwrap_or(WIDEST_HELP).clamp(20, WIDEST_HELP)
}

/// What the shell says of the width, where it says it.
fn columns() -> Option<usize> {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0)
}

/// Whether there is a person who can answer: at both ends of the conversation, and not where a CI system says that it runs this.
pub fn may_ask() -> bool {
    let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    io::stdin().is_terminal() && io::stderr().is_terminal() && !is_ci
}

/// Asks on stderr and reads a line from stdin; `None` where the input ends.
pub fn ask(question: &str) -> io::Result<Option<String>> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question} ")?;
    stderr.flush()?;
    let mut line = String::new();
    match io::stdin().read_line(&mut line)? {
        0 => writeln!(stderr).map(|()| None),
        _ => Ok(Some(line.trim().to_owned())),
    }
}

/// What stderr can do.
pub fn stderr(color: Color) -> Look {
    look(color, &io::stderr())
}

fn look<S: IsTerminal + anstream::stream::RawStream + std::os::fd::AsFd>(color: Color, stream: &S) -> Look {
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        // NO_COLOR, CLICOLOR_FORCE, TERM=dumb and pipes, as everybody else reads them.
        Color::Auto => anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never,
    };
    Look { width: measured(stream).or_else(columns).unwrap_or(WIDTH_OF_A_PIPE), color }
}

/// The columns of the terminal that it is.
fn measured(stream: &impl std::os::fd::AsFd) -> Option<usize> {
    terminal_size::terminal_size_of(stream).map(|(width, _)| usize::from(width.0))
}

/// Writes to stdout. A reader that has gone away, as `head` does, is no error.
pub fn print(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a document to stdout piece by piece.
pub fn stream(document: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    match document(&mut stdout).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Says something to the person, not to the pipe. Nothing can be done when stderr is gone.
pub fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// How often a log is told how far a run is.
const EVERY: Duration = Duration::from_secs(10);
/// Over how long the rate is measured.
const MEASURED: Duration = Duration::from_secs(5);

/// What is being observed, at which rate, and for how much longer: a line that moves on a terminal, one every ten seconds in a log.
pub struct Watch {
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    told: Instant,
    /// Moments of the last seconds, with the work that was done by then.
    seen: VecDeque<(Instant, u64)>,
}

impl Watch {
    pub fn start() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        let now = Instant::now();
        Watch { bar, state: Mutex::new(State { started: now, told: now, seen: VecDeque::new() }) }
    }
}

impl State {
    /// The line for this moment, and whether a log wants it.
    fn line(&mut self, tally: &Tally, now: Instant) -> (String, bool) {
        let done = if tally.expected_points > 0 { tally.points } else { tally.ended };
        self.seen.push_back((now, done));
        while self.seen.len() > 2 && self.seen.front().is_some_and(|(at, _)| now.duration_since(*at) > MEASURED) {
            self.seen.pop_front();
        }
        let rate = self.seen.front().map_or(0.0, |(at, before)| {
            let seconds = now.duration_since(*at).as_secs_f64();
            if seconds > 0.0 { done.saturating_sub(*before) as f64 / seconds } else { 0.0 }
        });
        let mut line = format!("{} of {} calls", tally.ended, tally.begun);
        if tally.expected_points > 0 {
            line += &format!(", {} of {} recovery points, {rate:.0} a second", tally.points, tally.expected_points);
            let left = tally.expected_points.saturating_sub(tally.points) as f64;
            if rate > 0.0 && left > 0.0 {
                line += &format!(", {} left", span(left / rate));
            }
        } else {
            line += &format!(", {rate:.0} a second");
        }
        if tally.throttled > 0 {
            line += &format!(", {} throttled", tally.throttled);
        }
        line += &format!(": {}", plain(&tally.asking));
        let is_due = now.duration_since(self.told) >= EVERY;
        if is_due {
            self.told = now;
        }
        (line, is_due)
    }
}

/// `40 s`, `3 min`, `2 h`.
fn span(seconds: f64) -> String {
    match seconds {
        s if s < 60.0 => format!("{:.0} s", s.max(1.0)),
        s if s < 5400.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.0} h", s / 3600.0),
    }
}

impl Progress for Watch {
    fn tell(&self, tally: &Tally) {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (line, is_due) = state.line(tally, now);
        match &self.bar {
            Some(bar) => bar.set_message(line),
            None if is_due => say(&format!("after {}: {line}", span(now.duration_since(state.started).as_secs_f64()))),
            None => {}
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_tells_rate_and_time_left() {
        let start = Instant::now();
        let mut state = State { started: start, told: start, seen: VecDeque::new() };
        let tally = |points| Tally { points, expected_points: 100_000, begun: 9, ended: 4, asking: "X".to_owned(), ..Tally::default() };
        assert!(!state.line(&tally(0), start).1);
        let (line, _) = state.line(&tally(2000), start + Duration::from_secs(2));
        assert_eq!(line, "4 of 9 calls, 2000 of 100000 recovery points, 1000 a second, 2 min left: X");
        assert!(state.line(&tally(2000), start + Duration::from_secs(11)).1, "a log is told every ten seconds");
    }
}
