//! Text of others, made safe to show.
//!
//! Command lines, file names and error texts come from whoever wrote the events.
//! A terminal would obey the control characters among them, and a reader would be
//! misled by the invisible ones, so both are shown as escapes.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_general_category::{GeneralCategory as Category, get_general_category};

/// The text with every character that does not show as itself written as an
/// escape: `\n`, `\x1b`, `\u{202e}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, |out, c| match c {
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\0'..='\x7f' => _ = write!(out, "\\x{:02x}", u32::from(c)),
        c => _ = write!(out, "\\u{{{:x}}}", u32::from(c)),
    })
}

/// The first `limit` characters of a text, made [printable], and how many
/// characters it has where that is more.
pub fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => printable(text).into_owned(),
        Some((at, _)) => {
            let start = text.get(..at).unwrap_or_default();
            format!("{}… ({} characters)", printable(start), text.chars().count())
        }
    }
}

/// JSON text with the same characters as JSON escapes: the same value, safe to
/// show.
pub fn json(text: &str) -> Cow<'_, str> {
    escaped(text, |out, c| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            _ = write!(out, "\\u{unit:04x}");
        }
    })
}

fn escaped(text: &str, escape: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_deceptive(c) {
            true => escape(&mut out, c),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether a character is anything but visible text or a plain space: controls,
/// bidirectional and other format characters, blanks that look like a space or
/// like nothing, and what Unicode has not assigned.
fn is_deceptive(c: char) -> bool {
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
        // Letters, marks and symbols that have no shape of their own.
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{2800}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_alone() {
        for text in ["bitsadmin /transfer \"a b\" C:\\x", "Größe 文件 🚀", ""] {
            assert!(matches!(printable(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn no_control_or_invisible_character_is_left() {
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
    fn escaping_twice_is_escaping_once() {
        let all: String = ('\0'..='\u{ffff}').chain('\u{e0000}'..='\u{e0fff}').collect();
        let once = printable(&all).into_owned();
        assert!(!once.chars().any(is_deceptive));
        assert_eq!(printable(&once), once);
    }

    #[test]
    fn escaped_json_is_the_same_value() {
        let text = "\u{202e}\u{9b}\u{e0041}\x7f\x1b\n é";
        let json_text = serde_json::to_string(text).unwrap();
        let safe = json(&json_text);
        assert_eq!(safe, r#""\u202e\u009b\udb40\udc41\u007f\u001b\n é""#);
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }

    #[test]
    fn long_text_is_cut_visibly() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöü\n", 3), "äöü… (4 characters)");
    }
}
