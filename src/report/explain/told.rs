//! What a rule says of the subjects that were asked about, as text: the verdict, what was seen, what to do, and how to waive it.

use anstyle::{AnsiColor, Style};

use super::document::{Explained, On};
use super::fix::{Fix, Open, Step, Why};
use crate::audit::Verdict;
use crate::report::plain;
use crate::report::table::{Look, wrapped};

/// From how many values of one path on the rest is counted.
const VALUES: usize = 12;

pub fn render(explained: &Explained, look: Look) -> String {
    let pen = Pen { look };
    let subjects: Vec<String> = explained.subjects.iter().map(|on| pen.subject(on, explained)).collect();
    let mut text = subjects.join("\n\n");
    if explained.more > 0 {
        text += &format!("\n{} more belong to it; name one by its own id, or ask for --format json.\n", explained.more);
    }
    text
}

struct Pen {
    look: Look,
}

impl Pen {
    fn heading(&self, style: Style, text: &str) -> String {
        let text = plain(text);
        if self.look.color { format!("{style}{text}{style:#}\n") } else { format!("{text}\n") }
    }

    fn section(&self, text: &str) -> String {
        "\n".to_owned() + &self.heading(Style::new().bold(), text)
    }

    fn line(&self, indent: usize, text: &str) -> String {
        wrapped(&" ".repeat(indent), &plain(text), self.look.width)
    }

    fn paragraphs(&self, text: &str) -> String {
        text.lines().map(|line| self.line(2, line)).collect()
    }

    fn subject(&self, on: &On, explained: &Explained) -> String {
        let color = match on.verdict {
            Verdict::Fail => AnsiColor::Red,
            Verdict::Unknown => AnsiColor::Magenta,
            Verdict::Pass => AnsiColor::Green,
            Verdict::NotApplicable => AnsiColor::Cyan,
        };
        let verdict = on.verdict.name().replace('_', " ").to_uppercase();
        let rule = &explained.rule;
        let mut text = self.heading(color.on_default().bold(), &format!("{verdict}: {} {}", rule.id, rule.title));
        text += &self.line(0, &format!("{} '{}'", on.kind.noun(1), on.name));
        text += &self.line(0, &on.id);
        let region = if on.region.is_empty() { String::new() } else { format!("/{}", on.region) };
        let environment = on.environment.as_ref().map_or("environment not known".to_owned(), |name| format!("environment '{name}'"));
        let as_of = explained.as_of.map(|time| format!(", as of {time}")).unwrap_or_default();
        text += &self.line(0, &format!("{}{region}, {environment}, {}{as_of}", on.account, rule.severity.name()));
        text += "\n";
        for message in &on.messages {
            text += &self.line(2, message);
        }
        text += &self.declared(on);
        text + &self.values(on) + &self.unknown(on) + &on.fix.as_ref().map(|fix| self.fix(fix, on)).unwrap_or_default() + &self.waiver(on)
    }

    fn declared(&self, on: &On) -> String {
        let line = |declaration: &crate::snapshot::Declaration| {
            let how = if declaration.exact { "declared at" } else { "belongs near" };
            let span = &declaration.span;
            self.line(2, &format!("{how} {}:{}:{} ({})", span.file, span.line, span.column, declaration.address))
        };
        let mut lines: Vec<String> = on.declarations.iter().map(line).collect();
        lines.dedup();
        lines.concat()
    }

    fn values(&self, on: &On) -> String {
        let mut text = self.section("WHAT WAS SEEN");
        for seen in &on.values {
            let hidden = seen.values.len().saturating_sub(VALUES);
            let shown = seen.values.iter().take(VALUES).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = if hidden > 0 { format!(" and {hidden} more") } else { String::new() };
            text += &self.line(2, &format!("{} = {shown}{more}", seen.path));
        }
        if on.values.is_empty() {
            text += &self.line(2, "nothing");
        }
        for parameter in &on.parameters {
            text += &self.line(2, &format!("required: {} = {} ({})", parameter.name, parameter.value, parameter.set_by));
        }
        text
    }

    fn unknown(&self, on: &On) -> String {
        if on.unknown.is_empty() {
            return String::new();
        }
        let mut text = self.section("NOT KNOWN");
        let mut allowed = Vec::new();
        for blind in &on.unknown {
            text += &self.line(2, &blind.reason.to_string());
            if let Some(statement) = blind.allow.as_ref().map(ToString::to_string).filter(|statement| !allowed.contains(statement)) {
                text += &self.line(4, "This IAM statement allows it:");
                // On a line of its own, to be copied.
                text += &format!("    {statement}\n");
                allowed.push(statement);
            }
        }
        text
    }

    fn fix(&self, fix: &Fix, on: &On) -> String {
        let mut text = self.section("WHAT TO DO") + &self.paragraphs(&fix.first);
        let place = if on.region.is_empty() { format!("account {}", on.account) } else { format!("account {}, {}", on.account, on.region) };
        text += &self.section(&format!("CONSOLE: {place}"));
        text += &self.paragraphs(&fix.console);
        let cli = format!("AWS CLI: with credentials of account {}", on.account);
        for (name, steps) in [(cli.as_str(), &fix.cli), ("TERRAFORM", &fix.terraform)] {
            text += &self.section(name);
            text += &self.steps(steps);
        }
        text + &self.open(&fix.open)
    }

    fn steps(&self, steps: &[Step]) -> String {
        let mut text = String::new();
        for step in steps {
            match step.is_code {
                // As it is, to be copied; what it holds was escaped when it was filled in.
                true => text += &format!("\n{}\n", step.text.trim_end()),
                false => text += &self.paragraphs(&step.text),
            }
        }
        text
    }

    fn open(&self, open: &[Open]) -> String {
        let mut text = String::new();
        for (why, heading) in [
            (Why::Choose, "CHOOSE, in what stands above"),
            (Why::NotSeen, "NOT SEEN, and to be filled in above"),
            (Why::NoneFits, "NOTHING FITS, and why"),
        ] {
            let of_it: Vec<&Open> = open.iter().filter(|open| open.why == why).collect();
            if !of_it.is_empty() {
                text += &self.section(heading);
            }
            for one in of_it {
                let several = if one.one_of.is_empty() { String::new() } else { format!("; there is {}", one.one_of.join(", ")) };
                let reason = one.reason.as_ref().map(|reason| format!("; {reason}")).unwrap_or_default();
                text += &self.line(2, &format!("{}: {}{several}{reason}", one.name, one.means));
            }
        }
        text
    }

    fn waiver(&self, on: &On) -> String {
        let Some(stanza) = &on.waiver else { return String::new() };
        let mut text = self.section("OR ACCEPT IT until a date, in waivers.toml, with the reason filled in");
        // The stanza escapes what it holds.
        text += &format!("\n{}", stanza.lines().map(|line| plain(line) + "\n").collect::<String>());
        text
    }
}
