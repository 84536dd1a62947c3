//! The result as Markdown and as annotations of a GitHub workflow.

use std::fmt::Write;

use super::answer::SIDES;
use super::difference::{Difference, Finding};
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

    /// The result as workflow commands: an error for each finding, and a notice. `file` is the file that
    /// the errors are about.
    pub fn github(&self, file: Option<&str>) -> String {
        let mut out = String::new();
        let file = file.map(|file| format!("file={},", property(file))).unwrap_or_default();
        for (index, finding) in self.findings.iter().enumerate() {
            let title = property(&finding.title(SIDES));
            _ = writeln!(out, "::error {file}title={title}::{}", message(&lines(index, finding)[1..]));
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
