//! The only place that knows of terminals, colour, width and progress.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Color;
use crate::collect::Progress;
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
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0);
    let measured = terminal_size::terminal_size_of(stream).map(|(width, _)| usize::from(width.0));
    Look { width: measured.or(asked).unwrap_or(WIDTH_OF_A_PIPE), color }
}

/// Writes to stdout. A reader that has gone away, as `head` does, is no error.
pub fn print(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Says something to the person, not to the pipe. Nothing can be done when stderr is gone.
pub fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A spinner on a terminal; in a log nothing but what matters.
pub struct Watch(Option<ProgressBar>);

impl Watch {
    pub fn start() -> Self {
        Watch(io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        }))
    }
}

impl Progress for Watch {
    fn note(&self, what: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(plain(what).into_owned());
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
