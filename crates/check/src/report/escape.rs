//! Escapes untrusted text, so that none of it is markup in the format it is written to.
//!
//! Control and invisible characters are shown as [`printable`] escapes in every format.

use crate::printable::printable;

/// The characters that are markup in a format, and what to write for each.
type Replacements = [(char, &'static str)];

const XML: &Replacements = &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;")];

const MARKDOWN: &Replacements = &[
    ('&', "&amp;"),
    ('<', "&lt;"),
    ('\\', r"\\"),
    ('|', r"\|"),
    ('`', r"\`"),
    ('*', r"\*"),
    ('_', r"\_"),
    ('[', r"\["),
    (']', r"\]"),
    ('!', r"\!"),
    ('~', r"\~"),
    ('#', r"\#"),
];

const CONTENT: &Replacements = &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")];

/// Text for XML or HTML: as element content or in an attribute in double quotes.
///
/// Line feeds are kept. XML 1.0 forbids some control characters, but none of them is
/// left after [`printable`].
pub(crate) fn xml(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| replace(&printable(line), XML)).collect();
    lines.join("\n")
}

/// Text for a cell of a Markdown table.
pub(crate) fn markdown(text: &str) -> String {
    replace(&printable(text), MARKDOWN)
}

/// Text for the content of an HTML element. Unlike [`xml`], it keeps quotes, which are common in
/// answers, and escapes line feeds.
pub(crate) fn content(text: &str) -> String {
    replace(&printable(text), CONTENT)
}

fn replace(text: &str, replacements: &Replacements) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match replacements.iter().find(|(from, _)| *from == c) {
            Some((_, to)) => out += to,
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_are_escaped() {
        assert_eq!(xml("<a b=\"'&\">\n\x1b"), "&lt;a b=&quot;'&amp;&quot;&gt;\n\\x1b");
        assert_eq!(markdown("<b>|`*_#\n"), r"&lt;b>\|\`\*\_\#\\n");
        assert_eq!(content("</script>\"&\u{2028}\n"), r#"&lt;/script&gt;"&amp;\u{2028}\n"#);
    }
}
