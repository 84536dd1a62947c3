//! The result as Markdown and as annotations of a GitHub workflow.

use std::fmt::Write;

use super::answer::SIDES;
use super::difference::{Difference, Fault, Finding};
use super::text::finding_text;
use crate::report::Painter;
use crate::report::escape::markdown;
use crate::report::github::{message, property};

impl Difference {
    /// The result as a section of Markdown: a code block for each finding.
    pub fn markdown(&self) -> String {
        let [a, b] = self.sides.each_ref().map(|name| markdown(name));
        let mut out = format!("### {a} and {b}\n");
        for (index, finding) in self.findings.iter().enumerate() {
            _ = write!(out, "\n{}. {}\n\n", index + 1, markdown(&finding.title(SIDES)));
            for line in lines(index, finding).iter().skip(1) {
                // An indented block needs no fence that the text could close.
                _ = writeln!(out, "       {line}");
            }
        }
        let summary = self.summary(Painter::default());
        let summary: Vec<String> = summary.lines().map(markdown).collect();
        _ = write!(out, "\n{}\n", summary.join("  \n"));
        out
    }

    /// The result as workflow commands: an error for each finding and for each part of the recorded events
    /// that could not be read, and a notice. `file` is the file that the findings are about.
    pub fn github(&self, file: Option<&str>) -> String {
        let mut out = String::new();
        let file = file.map(|file| format!("file={},", property(file))).unwrap_or_default();
        for (index, finding) in self.findings.iter().enumerate() {
            let title = property(&finding.title(SIDES));
            _ = writeln!(out, "::error {file}title={title}::{}", message(&lines(index, finding)[1..]));
        }
        for Fault { place, what, remedy } in &self.unread.faults {
            let file = place["file"].as_str().unwrap_or_default();
            let line = place["line"].as_u64().map(|line| format!(",line={line}")).unwrap_or_default();
            let lines = [what.clone(), remedy.clone()];
            _ = writeln!(
                out,
                "::error file={}{line},title=cannot be read::{}",
                property(file),
                message(&lines)
            );
        }
        let summary: Vec<String> = self.summary(Painter::default()).lines().map(str::to_owned).collect();
        _ = writeln!(out, "::notice title=rulespec diff::{}", message(&summary));
        out
    }
}

fn lines(index: usize, finding: &Finding) -> Vec<String> {
    let text = finding_text(index + 1, finding, Painter::default());
    text.lines().map(str::to_owned).collect()
}
