//! What is wrong with a rule, shown with its lines.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use rulespec::query::{Diagnostic, Span};
use rulespec::rule::Problem;
use rulespec_check::printable::printable;

/// The width of the output, in characters.
const WIDTH: usize = 100;

/// Something wrong with a rule: with its query, or with the rest of its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The kind of error, by the name that vectors use, or `template`.
    pub kind: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where it is, if it is in one place.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
}

impl From<&Diagnostic> for Notice {
    fn from(diagnostic: &Diagnostic) -> Self {
        let Diagnostic { kind, message, span, help } = diagnostic.clone();
        Self { kind: kind.as_str(), message, span: Some(span), help }
    }
}

impl From<Problem> for Notice {
    fn from(problem: Problem) -> Self {
        Self { kind: "template", message: problem.message, span: problem.span, help: problem.help }
    }
}

/// Formats notices of a text with the lines that they are about. `name` is that of the file.
pub fn render(name: &str, text: &str, notices: &[Notice], is_colored: bool) -> String {
    let name = printable(name);
    let renderer = if is_colored { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let reports = notices.iter().map(|notice| renderer.render(&[group(&name, text, notice)]));
    reports.collect::<Vec<_>>().join("\n\n") + "\n"
}

fn group<'a>(name: &'a str, text: &'a str, notice: &'a Notice) -> Group<'a> {
    let title = Level::ERROR.primary_title(&notice.message).id(notice.kind);
    let mut group = match notice.span {
        Some(span) => {
            let annotation = AnnotationKind::Primary.span(span.start..span.end);
            title.element(Snippet::source(text).path(name).annotation(annotation))
        }
        None => title.element(Origin::path(name)),
    };
    if let Some(help) = &notice.help {
        group = group.element(Level::HELP.message(help));
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;
    use rulespec::query::Query;

    #[test]
    fn a_diagnostic_has_its_line_a_caret_and_help() {
        let text = "T\n| where a = \"b\\q\"";
        let refused = text.parse::<Query>().unwrap_err();
        let shown =
            render("my\u{1b}.kql", text, &refused.all().iter().map(Notice::from).collect::<Vec<_>>(), false);
        assert_eq!(
            shown,
            "error[syntax]: this is no escape of KQL
 --> my\\x1b.kql:2:15
  |
2 | | where a = \"b\\q\"
  |               ^^
  |
  = help: write \\\\ for a backslash, or put @ before the literal
"
        );
    }
}
