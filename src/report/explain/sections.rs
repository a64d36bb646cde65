//! The parts of a rule's page that tell what to do: what to know first, the console's steps, and blocks of code.

/// What to do, as the page writes it, with its placeholders.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Mending {
    /// What to know before.
    pub first: String,
    pub console: String,
    pub cli: Vec<Part>,
    pub terraform: Vec<Part>,
}

/// A sentence or a block of code.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    Prose(String),
    Code(String),
}

/// Reads `How to mend` of a page.
pub fn mending(page: &str) -> Mending {
    let mut mending = Mending::default();
    let (mut is_in, mut heading, mut lines) = (false, "", Vec::new());
    for line in page.lines().chain(["## "]) {
        if line.starts_with("## ") || (is_in && line.starts_with("### ")) {
            if is_in {
                mending.put(heading, &lines);
            }
            lines.clear();
            is_in = if line.starts_with("## ") { line == "## How to mend" } else { is_in };
            heading = line.trim_start_matches('#').trim();
        } else {
            lines.push(line);
        }
    }
    mending
}

impl Mending {
    fn put(&mut self, heading: &str, lines: &[&str]) {
        match heading {
            "Console" => self.console = paragraphs(lines),
            "AWS CLI" => self.cli = parts(lines),
            "Terraform" => self.terraform = parts(lines),
            _ => self.first = paragraphs(lines),
        }
    }
}

fn parts(lines: &[&str]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = lines.iter();
    let mut prose = Vec::new();
    while let Some(line) = rest.next() {
        if line.starts_with("```") {
            let said = paragraphs(&std::mem::take(&mut prose));
            parts.extend((!said.is_empty()).then_some(Part::Prose(said)));
            let code: Vec<&str> = rest.by_ref().take_while(|line| !line.starts_with("```")).copied().collect();
            parts.push(Part::Code(code.join("\n") + "\n"));
        } else {
            prose.push(*line);
        }
    }
    let said = paragraphs(&prose);
    parts.extend((!said.is_empty()).then_some(Part::Prose(said)));
    parts
}

/// Paragraphs, each on a line of its own.
fn paragraphs(lines: &[&str]) -> String {
    let paragraphs = lines.split(|line| line.trim().is_empty()).filter(|lines| !lines.is_empty());
    paragraphs.map(|lines| lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_taken_apart_by_its_headings() {
        let page = "## Why\n\nBecause.\n\n## How to mend\n\nFirst\nthis.\n\n### Console\n\nOpen it.\n\n### AWS CLI\n\nNote.\n\n```sh\na\n\nb\n```\n\nThen.\n\n\
                    ### Terraform\n\n```hcl\nx = 1\n```\n\n## What it does not show\n\n### Console\n\nNothing.\n";
        let code = |text: &str| Part::Code(text.to_owned());
        let prose = |text: &str| Part::Prose(text.to_owned());
        assert_eq!(
            mending(page),
            Mending {
                first: "First this.".to_owned(),
                console: "Open it.".to_owned(),
                cli: vec![prose("Note."), code("a\n\nb\n"), prose("Then.")],
                terraform: vec![code("x = 1\n")],
            }
        );
        assert_eq!(mending("## Why\n"), Mending::default());
    }
}
