//! What is wrong with a rule, shown with its lines.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use rulespec::query::Diagnostic;
use rulespec_check::printable::printable;

/// The width of the output, in characters.
const WIDTH: usize = 100;

/// Formats diagnostics of a text with the lines that they are about. `name` is that of the file.
pub fn render(name: &str, text: &str, diagnostics: &[Diagnostic], is_colored: bool) -> String {
    let name = printable(name);
    let renderer = if is_colored { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let groups: Vec<Vec<Group<'_>>> = diagnostics.iter().map(|one| groups(&name, text, one)).collect();
    let reports: Vec<String> = groups.iter().map(|groups| renderer.render(groups)).collect();
    reports.join("\n\n") + "\n"
}

fn groups<'a>(name: &'a str, text: &'a str, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let range = diagnostic.span.start..diagnostic.span.end;
    let snippet = Snippet::source(text).path(name).annotation(AnnotationKind::Primary.span(range));
    let title = Level::ERROR.primary_title(&diagnostic.message).id(diagnostic.kind.as_str());
    let mut group = title.element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    vec![group]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rulespec::query::Query;

    #[test]
    fn a_diagnostic_has_its_line_a_caret_and_help() {
        let text = "T\n| where a = \"b\\q\"";
        let refused = text.parse::<Query>().unwrap_err();
        let shown = render("my\u{1b}.kql", text, refused.all(), false);
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
