//! Untrusted text, escaped for display.
//!
//! Command lines, file names and error messages can be chosen by an attacker. Terminals act on
//! control characters, and invisible characters mislead readers, so both are escaped.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_general_category::{GeneralCategory as Category, get_general_category};

/// What begins a workflow command of GitHub, anywhere in a line.
const WORKFLOW_COMMAND: &str = "##[";

/// Escapes control characters and invisible characters: `\n`, `\x1b`, `\u{202e}`. A workflow command of
/// GitHub such as `##[error]` is escaped, too.
pub fn printable(text: &str) -> Cow<'_, str> {
    escape_with(text, |out, c| match c {
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\0'..='\x7f' => _ = write!(out, "\\x{:02x}", u32::from(c)),
        c => _ = write!(out, "\\u{{{:x}}}", u32::from(c)),
    })
}

/// Escapes at most the first `limit` characters. Appends the length of the text if it is cut.
pub fn shortened(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return printable(text).into_owned() };
    let start = text.get(..end).unwrap_or_default();
    format!("{}… ({} characters)", printable(start), text.chars().count())
}

/// Escapes the same characters in JSON text, with JSON escapes. The value stays the same.
pub fn json(text: &str) -> Cow<'_, str> {
    escape_with(text, |out, c| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// Escapes each line of a text, of which at most `limit` characters. None is a workflow command of GitHub,
/// also if it is indented.
pub fn lines(text: &str, limit: usize) -> impl Iterator<Item = String> {
    text.split('\n').map(move |line| inert(&shortened(line, limit)).into_owned())
}

/// Escapes the start of a line that GitHub would run as a workflow command, which may be indented.
pub(crate) fn inert(line: &str) -> Cow<'_, str> {
    match line.trim_start().starts_with("::") {
        true => Cow::Owned(line.replacen(':', "\\x3a", 1)),
        false => Cow::Borrowed(line),
    }
}

fn escape_with(text: &str, escape: impl Fn(&mut String, char)) -> Cow<'_, str> {
    // Most text is ASCII. To test its bytes is faster than to decode it.
    let is_deceptive_text = match text.is_ascii() {
        true => text.bytes().any(|byte| byte.is_ascii_control()),
        false => text.chars().any(is_deceptive),
    };
    if !is_deceptive_text && !text.contains(WORKFLOW_COMMAND) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        if is_deceptive(c) || c == '#' && text[at..].starts_with(WORKFLOW_COMMAND) {
            escape(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a character is neither visible nor a plain space: control characters, bidirectional
/// and other format characters, other spaces, and unassigned code points.
pub(crate) fn is_deceptive(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let category = get_general_category(c);
    matches!(
        category,
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::PrivateUse
            | Category::SpaceSeparator
            | Category::Unassigned
    ) || matches!(
        c,
        // Letters, marks and symbols without a glyph.
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_unchanged() {
        for text in ["bitsadmin /transfer \"a b\" C:\\x", "Größe 文件 🚀", ""] {
            assert!(matches!(printable(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn control_and_invisible_characters_are_escaped() {
        let cases = [
            ("\x1b[31m\x07", "\\x1b[31m\\x07"),
            ("a\r\nb\tc\0", "a\\r\\nb\\tc\\x00"),
            ("\x7f\u{9b}2J", "\\x7f\\u{9b}2J"),
            ("\u{202e}gpj.exe\u{2069}", "\\u{202e}gpj.exe\\u{2069}"),
            ("a\u{200b}b\u{200f}\u{feff}", "a\\u{200b}b\\u{200f}\\u{feff}"),
            ("a\u{a0}b\u{3000}c\u{2028}", "a\\u{a0}b\\u{3000}c\\u{2028}"),
            ("\u{3164}\u{fe0f}\u{e000}\u{e0041}", "\\u{3164}\\u{fe0f}\\u{e000}\\u{e0041}"),
        ];
        for (text, shown) in cases {
            assert_eq!(printable(text), shown);
        }
    }

    #[test]
    fn a_line_is_no_workflow_command() {
        assert_eq!(inert("  ::error::x"), "  \\x3a:error::x");
        assert_eq!(inert("a ::error::x"), "a ::error::x");
        let shown: Vec<String> = lines("a\n ::error::x\n\x1b", 9).collect();
        assert_eq!(shown, ["a", " \\x3a:error:… (11 characters)", "\\x1b"]);
        assert_eq!(printable("a ##[error]x"), "a \\x23#[error]x");
        assert_eq!(json("[\"##[error]x\"]"), "[\"\\u0023#[error]x\"]");
    }

    #[test]
    fn escaping_is_idempotent() {
        let all: String = ('\0'..='\u{ffff}').chain('\u{e0000}'..='\u{e0fff}').collect();
        let once = printable(&all).into_owned();
        assert!(!once.chars().any(is_deceptive));
        assert_eq!(printable(&once), once);
    }

    #[test]
    fn escaped_json_has_the_same_value() {
        let text = "\u{202e}\u{9b}\u{e0041}\x7f\x1b\n é";
        let json_text = serde_json::to_string(text).unwrap();
        let safe = json(&json_text);
        assert_eq!(safe, r#""\u202e\u009b\udb40\udc41\u007f\u001b\n é""#);
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }

    #[test]
    fn shortened_text_shows_its_length() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü\n", 3), "äöü… (4 characters)");
    }
}
