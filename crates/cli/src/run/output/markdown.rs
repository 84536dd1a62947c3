//! Output as Markdown, to paste into a ticket.
//!
//! Nothing of an event is interpreted as Markdown: its values are in code, whose delimiters are
//! longer than any run of backticks in it, and control characters are escaped. A URL in code is no
//! link.

use std::io::Write;
use std::rc::Rc;

use rulespec::fast::alerts::CollectedAlert as Alert;
use rulespec::rule::Rule;
use rulespec_check::printable::printable;

use super::rule::About;
use super::{Output, Target, cards, entity};
use crate::run::finding::Finding;
use crate::run::summary::{INTERRUPTED, Tally, grouped};

/// Writes a section per event, after a heading for the rule.
pub struct Sections {
    about: Rc<About>,
    target: Target,
    count: u64,
}

impl Sections {
    /// Sections written to `target`.
    pub fn new(about: Rc<About>, target: Target) -> Self {
        Self { about, target, count: 0 }
    }

    fn section(&mut self, heading: &str) -> anyhow::Result<()> {
        if self.count == 0 {
            write!(self.target, "{}", head(&self.about))?;
        }
        self.count += 1;
        Ok(write!(self.target, "\n### {}. {heading}\n\n", self.count)?)
    }

    fn line(&mut self, label: &str, value: &str) -> anyhow::Result<()> {
        match (label, value) {
            (_, "") => Ok(()),
            // One of several values under a label.
            ("", value) => Ok(writeln!(self.target, "  - {}", code(value))?),
            ("arguments", value) => Ok(writeln!(self.target, "- arguments:\n  - {}", code(value))?),
            (label, value) => Ok(writeln!(self.target, "- {label}: {}", code(value))?),
        }
    }

    /// Writes what was read, so that a ticket says what its detections come from.
    fn end(&mut self, what: &str, tally: &Tally) -> anyhow::Result<()> {
        if self.count == 0 {
            write!(self.target, "{}\nNo {what}.\n", head(&self.about))?;
        }
        write!(self.target, "\n### Input\n\n")?;
        if tally.interrupted {
            self.line("interrupted", INTERRUPTED)?;
        }
        for (label, value) in tally.input() {
            self.line(label, &value)?;
        }
        Ok(self.target.flush()?)
    }
}

impl Output for Sections {
    fn finding(&mut self, finding: &Finding) -> anyhow::Result<()> {
        // The rule knows two directions, and Markdown none: the text is our own.
        let heading = match (&finding.detection, finding.text("Direction").as_str()) {
            (Some(_), _) if !self.about.is_transfer() => "Match",
            (Some(_), "Upload") => "Upload",
            (Some(_), _) => "Download",
            (None, _) => "No match",
        };
        self.section(heading)?;
        self.line("time (UTC)", &finding.time_text())?;
        self.line("device", &finding.text("DeviceName"))?;
        self.line("account", &finding.account())?;
        let path = Some(finding.text_of_event("FolderPath")).filter(|path| !path.is_empty());
        self.line("process", &path.unwrap_or_else(|| finding.text_of_event("FileName")))?;
        self.line("process id", &finding.text_of_event("ProcessId"))?;
        self.line("started by", &finding.text_of_event("InitiatingProcessFileName"))?;
        for (label, value) in
            cards::lines(finding, &self.about).into_iter().filter(|(label, _)| label != "command")
        {
            self.line(&label, &value)?;
        }
        let command = finding.text("ProcessCommandLine");
        if !command.is_empty() {
            write!(self.target, "- command:\n\n{}", block(&command, "  "))?;
        }
        Ok(self.target.flush()?)
    }

    fn end(&mut self, tally: &Tally) -> anyhow::Result<()> {
        self.end("detections", tally)
    }
}

/// Writes a section per alert, after a heading for the rule.
pub fn alerts(alerts: &[Alert], tally: &Tally, about: Rc<About>, target: Target) -> anyhow::Result<()> {
    let mut sections = Sections::new(about, target);
    for alert in alerts {
        sections.section("Alert")?;
        sections.line("window start", &alert.window_start.to_string())?;
        sections.line("window end", &alert.window_end.to_string())?;
        sections.line("runs at", &alert.runs_at.to_string())?;
        sections.line("results", &grouped(alert.results))?;
        for entity in &alert.entities {
            sections.line("entity", &entity::text(entity))?;
        }
        if alert.entities_left_out > 0 {
            sections.line("entities left out", &grouped(alert.entities_left_out as u64))?;
        }
    }
    sections.end("alerts", tally)
}

/// The heading, and what the rule is. Text of the rule is in code, unless it is our own.
fn head(about: &About) -> String {
    let [id, _, severity, techniques] = about.texts();
    let own = [Rule::bitsadmin_activity().id.clone().unwrap_or_default(), String::new()].contains(&id);
    let plain = |text: &str| if own && !id.is_empty() { text.to_owned() } else { code(text) };
    let mut head = format!("## {}\n\n", plain(about.title()));
    for (label, text) in [("rule", &id), ("severity", &severity), ("techniques", &techniques)] {
        if !text.is_empty() {
            head += &format!("- {label}: {}\n", plain(text));
        }
    }
    head
}

/// A value as a code span. It is not empty.
fn code(value: &str) -> String {
    let value = printable(value);
    let fence = fence(&value, 1);
    // One space at either end is removed again, unless there is nothing but spaces.
    let is_padded = value.starts_with(['`', ' ']) || value.ends_with(['`', ' ']);
    let is_blank = value.bytes().all(|byte| byte == b' ');
    let pad = if is_padded && !is_blank { " " } else { "" };
    format!("{fence}{pad}{value}{pad}{fence}")
}

/// A value as a fenced block of code, indented as part of a list.
fn block(value: &str, indent: &str) -> String {
    let value = printable(value);
    let fence = fence(&value, 3);
    format!("{indent}{fence}text\n{indent}{value}\n{indent}{fence}\n")
}

/// Backticks: at least `min`, and more than are in a row in the value.
fn fence(value: &str, min: usize) -> String {
    let longest = value.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(min.max(longest.saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io;
    use std::ops::ControlFlow;
    use std::rc::Rc;

    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};
    use rulespec::kql::{Datetime, Semantics, Table};
    use rulespec::query::Context;
    use rulespec::rule::Rule;
    use rulespec_events::{Item, read_bytes};
    use serde_json::json;

    use super::*;

    /// The text of a page that is not from the event.
    const OURS: [&str; 27] = [
        "Bitsadmin Activity",
        "rule: 2a1dc4c2-a8d6-4a0e-8539-9b971c851195",
        "severity: Medium",
        "techniques: T1197, T1105, T1048",
        "1. Download",
        "1. Upload",
        "1. No match",
        "time (UTC)",
        "device",
        "account",
        "remote",
        "local",
        "seen in",
        "entity",
        "decides",
        "also",
        "direction",
        "arguments:",
        "command:",
        "process",
        "process id",
        "started by",
        "Input",
        "interrupted",
        "files",
        "skipped",
        "events",
    ];

    /// A target whose content can be read.
    #[derive(Clone, Default)]
    struct Page(Rc<RefCell<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The page of a detection with these values, and the values as they are displayed.
    fn page(device: &str, account: &str, url: &str, file: &str) -> (String, Vec<String>) {
        let command = format!("bitsadmin /addfile {url} {file}");
        let row = json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "bitsadmin.exe", "DeviceName": device,
            "FolderPath": file, "InitiatingProcessFileName": device, "ProcessId": 12,
            "InitiatingProcessAccountName": account, "ProcessCommandLine": command});
        let mut findings = vec![];
        let text = row.to_string();
        let flow = read_bytes(text.as_bytes(), &"a`b.jsonl".into(), &Default::default(), &mut |item| {
            let Item::Event(event) = item else { panic!("{item:?}") };
            let (rule, table) = (Rule::bitsadmin_activity(), event.table().unwrap());
            let context = Context { kql: &Semantics::default(), now: Datetime::UNIX_EPOCH };
            let bound = rule.bind(table.columns(), context).unwrap();
            let detection =
                Some(bound.run(&table, context).unwrap()).filter(|table| !table.rows().is_empty());
            let row = table.rows_by_name().next().unwrap();
            let explanation = Some(rule.explain(&bound, row, context).unwrap());
            let entities = |table: &Table| table.rows_by_name().flat_map(|row| rule.entities(row)).collect();
            let entities = detection.as_ref().map(entities);
            findings.push(Finding { event: *event, detection, duplicate_of: None, entities, explanation });
            ControlFlow::Continue(())
        });
        assert_eq!((flow, findings.len()), (ControlFlow::Continue(()), 1));
        let page = Page::default();
        let mut sections = Sections::new(About::builtin(), Box::new(page.clone()));
        let mut shown = vec![];
        for finding in &findings {
            sections.finding(finding).unwrap();
            let names = ["DeviceName", "RemoteUrl", "LocalFile", "ProcessCommandLine"];
            shown.extend(names.map(|name| finding.text(name)));
            shown.push(finding.account());
        }
        let tally = Tally { read: 1, interrupted: true, ..Tally::default() };
        Output::end(&mut sections, &tally).unwrap();
        let shown = shown.iter().map(|text| printable(text).into_owned()).filter(|text| !text.is_empty());
        (String::from_utf8(page.0.take()).unwrap(), shown.collect())
    }

    /// The text outside of code, the kinds of blocks, and the content of each piece of code.
    fn parse(page: &str) -> (Vec<String>, Vec<String>) {
        let (mut outside, mut code, mut block) = (vec![], vec![], None);
        for event in Parser::new_ext(page, Options::all()) {
            match (event, &mut block) {
                (Event::Code(text), _) => code.push(text.into_string()),
                (Event::Start(Tag::CodeBlock(_)), block) => *block = Some(String::new()),
                (Event::End(pulldown_cmark::TagEnd::CodeBlock), block) => code.extend(block.take()),
                (Event::Text(text), Some(block)) => block.push_str(&text),
                (event, _) => outside.push(format!("{event:?}")),
            }
        }
        let code = code.into_iter().map(|text| text.strip_suffix('\n').unwrap_or(&text).to_owned());
        (outside, code.collect())
    }

    /// Text with what Markdown, and the renderers of tickets, may interpret.
    fn hostile() -> impl Strategy<Value = String> {
        let part = prop::sample::select(vec![
            "`",
            "``",
            "```",
            "````",
            "~~~",
            "|",
            "\n",
            "\r\n",
            "\n\n",
            "\n```\n",
            "<img src=x>",
            "</code>",
            "<!--",
            "](http://x)",
            "![a](b)",
            "http://x",
            "@all",
            "#",
            "- ",
            "1. ",
            "* ",
            "> ",
            "\\",
            "\\`",
            "&lt;",
            "&#96;",
            "\u{202e}",
            "\u{1b}[31m",
            "\0",
            "\u{2028}",
            " ",
            "   ",
            "\t",
            "a",
            "é",
            "$x$",
            "[^1]: x",
            "---",
            "===",
        ]);
        prop_oneof![prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat()), any::<String>()]
    }

    #[test]
    fn a_value_is_shown_exactly() {
        for (value, expected) in [
            ("a", "`a`"),
            ("a`b", "``a`b``"),
            ("`", "`` ` ``"),
            (" a ", "`  a  `"),
            ("  ", "`  `"),
            ("a\nb|", "`a\\nb|`"),
        ] {
            assert_eq!(code(value), expected);
        }
        assert_eq!(block("a\n```\n````", "  "), "  `````text\n  a\\n```\\n````\n  `````\n");
    }

    #[test]
    fn a_ticket_has_the_process_its_arguments_and_what_was_read() {
        let (page, _) = page("ws07", "eva", "http://x/a", "C:\\a");
        for part in [
            "- process: `C:\\a`\n- process id: `12`\n- started by: `ws07`\n",
            "- arguments:\n  - `[0] \"bitsadmin\"`\n  - `[1] \"/addfile\"`\n",
            "\n### Input\n\n- interrupted: `only part of the input was read`\n- files: `1 read`\n- events: `0`\n",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }

    proptest! {
        #[test]
        fn nothing_of_an_event_is_markdown(
            device in hostile(), account in hostile(), url in hostile(), file in hostile()
        ) {
            let (page, shown) = page(&device, &account, &url, &file);
            let (outside, code) = parse(&page);
            // Nothing but our labels is outside of code, and no block but headings, lists and code.
            for event in outside {
                let text = event.strip_prefix("Text(Borrowed(\"").and_then(|rest| rest.strip_suffix("\"))"));
                let is_ours = match text {
                    Some(text) => OURS.contains(&text.strip_suffix(": ").unwrap_or(text)),
                    None => ["Heading", "List", "Item", "Paragraph"].iter().any(|tag| event.contains(tag)),
                };
                prop_assert!(is_ours, "{event}\n{page}");
            }
            for value in shown {
                prop_assert!(code.contains(&value), "{value:?} {code:?}\n{page}");
            }
        }
    }
}
