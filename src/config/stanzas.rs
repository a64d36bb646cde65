//! waivers.toml changed: a stanza added at its end, or some taken out, and everything else kept byte for byte.

use crate::audit::Waiver;

use super::text::quoted;
use super::waivers::headers;

/// The waiver as a stanza.
pub fn stanza(waiver: &Waiver) -> String {
    let mut text = "[[waiver]]\n".to_owned();
    let mut line = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            text += &format!("{name} = {}\n", quoted(value));
        }
    };
    line("rule", Some(&waiver.rule));
    line("resource", Some(&waiver.resource));
    line("account", waiver.account.as_deref());
    line("region", waiver.region.as_deref());
    line("reason", Some(&waiver.reason));
    line("approver", waiver.approver.as_deref());
    line("ticket", waiver.ticket.as_deref());
    text + &format!("expires = {}\n", waiver.expires)
}

/// The file's text with a stanza after all that is there.
pub fn append(text: &str, stanza: &str) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text += newline;
    }
    if !text.trim().is_empty() && !text.ends_with(&newline.repeat(2)) {
        text += newline;
    }
    text + &stanza.replace('\n', newline)
}

/// The file's text without the stanzas that stand at these indexes, the comment directly above each included; `None` where the
/// waivers are not written as stanzas. What stands at the beginning of the file stays: it is about the file.
pub fn remove(text: &str, which: &[usize]) -> Option<String> {
    let headers = headers(text);
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for at in which {
        let (_, whole) = headers.get(*at)?;
        let start = with_comment(text, whole.start).max(from);
        let end = after_line(text, whole.end);
        let next = end + blank_lines(text.get(end..)?);
        kept += text.get(from..start)?;
        // At the end of the file, the blank lines before a stanza go with it.
        if text.get(next..)?.is_empty() {
            let trimmed = kept.trim_end_matches(['\n', '\r']).len();
            let newline = kept.get(trimmed..)?.find('\n').map_or(0, |at| at + 1);
            kept.truncate(trimmed + newline);
        }
        from = next;
    }
    Some(kept + text.get(from..)?)
}

/// Where the line ends that holds this byte, its line break included.
fn after_line(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |found| at + found + 1)
}

/// How many bytes the blank lines take that a text begins with.
fn blank_lines(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum()
}

/// Where the comment begins that stands directly above a header, or else where the header's line begins.
fn with_comment(text: &str, header: usize) -> usize {
    let head = text.get(..header).unwrap_or_default();
    let line = head.rfind('\n').map_or(0, |at| at + 1);
    let lines = head.get(..line).unwrap_or_default().split_inclusive('\n').rev();
    let comment: usize = lines.take_while(|line| line.trim_start().starts_with('#')).map(str::len).sum();
    if comment == line { line } else { line - comment }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Ours.\n\n# one\n[[waiver]]\nrule = \"a\" # why\n\n# two\n[[waiver]]\nrule = '''\n[[waiver]]\n'''\n\n[[waiver]]\nrule = \"c\"\n# the end\n";

    #[test]
    fn what_is_taken_out_goes_with_its_comment_and_the_rest_stays_as_it_is() {
        let first = "# one\n[[waiver]]\nrule = \"a\" # why\n\n";
        let second = "# two\n[[waiver]]\nrule = '''\n[[waiver]]\n'''\n\n";
        let third = "[[waiver]]\nrule = \"c\"\n";
        assert_eq!(remove(FILE, &[]).as_deref(), Some(FILE));
        assert_eq!(remove(FILE, &[0]), Some(FILE.replace(first, "")));
        assert_eq!(remove(FILE, &[1]), Some(FILE.replace(second, "")));
        assert_eq!(remove(FILE, &[2]), Some(FILE.replace(third, "")));
        assert_eq!(remove(FILE, &[0, 1, 2]).as_deref(), Some("# Ours.\n\n# the end\n"));
        assert_eq!(remove("# Ours.\n[[waiver]]\nrule = 1\n\n\n", &[0]).as_deref(), Some("# Ours.\n"));
        assert_eq!(remove("[[waiver]]\nrule = 1\n\n[[waiver]]\nrule = 2", &[1]).as_deref(), Some("[[waiver]]\nrule = 1\n"));
        assert_eq!(remove("waiver = [{ rule = 1 }]\n", &[0]), None);
        assert_eq!(remove(FILE, &[3]), None);
    }

    proptest::proptest! {
        #[test]
        fn taking_out_leaves_what_would_have_been_written_without_it(
            stanzas in proptest::collection::vec((0..3usize, 0..3usize, proptest::bool::ANY), 0..6), head in proptest::bool::ANY
        ) {
            let block = |comments: usize, keys: usize| {
                format!("{}[[waiver]]\n{}\n", "# on it\n".repeat(comments), "key = '[[waiver]] #' # why\n".repeat(keys.min(1)))
            };
            let head = if head { "# Ours.\n\n" } else { "\n" };
            let written = |all: bool| {
                let blocks = stanzas.iter().filter(|(.., out)| all || !out).map(|(comments, keys, _)| block(*comments, *keys));
                head.to_owned() + &blocks.collect::<String>()
            };
            let out: Vec<usize> = stanzas.iter().enumerate().filter(|(_, (.., out))| *out).map(|(at, _)| at).collect();
            let left = remove(&written(true), &out).expect("they are stanzas");
            let wanted = written(false);
            proptest::prop_assert_eq!(left.trim_end(), wanted.trim_end());
        }
    }

    #[test]
    fn a_stanza_comes_last_and_every_text_survives_it() {
        for before in ["", "# Ours.", "a = 1\n", "a = 1\r\n\r\n", "\n\n"] {
            let text = append(before, "[[waiver]]\nrule = \"x\"\n");
            assert!(text.starts_with(before), "{text:?}");
            assert_eq!(headers(&text).len(), 1, "{text:?}");
        }
        for hostile in ["\"", "\\", "'''", "\u{1b}[31m\n\t\r", "\u{7f}\u{80}\u{2028}", "ünï𝄞", "#=[]"] {
            let parsed: toml::Table = toml::from_str(&format!("a = {}", quoted(hostile))).expect("it is TOML");
            assert_eq!(parsed["a"].as_str(), Some(hostile));
        }
    }
}
