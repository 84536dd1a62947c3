//! Text in CSV that a spreadsheet does not run as a formula.
//!
//! Command lines and the answers of engines can be chosen by an attacker, and a spreadsheet
//! calculates a cell that begins with `=`, `+`, `-` or `@`. CSV quotes do not prevent that. An
//! apostrophe in front of the cell does.
//!
//! The start of a cell is not the only place where a formula may begin. Where the decimal
//! separator is a comma, spreadsheets split a line of CSV at its semicolons, and do not know our
//! quotes. Pasted text is split at tabs, and a line break begins a row. Therefore every *start*
//! is guarded: the start of the text, and the place after each `;`, tab, carriage return and line
//! feed in it.
//!
//! A start gets an apostrophe if it is followed by
//!
//! * a formula: `=`, `+`, `-`, `@` or one of their full-width forms, after any spaces, quotation
//!   marks, control characters and invisible characters;
//! * at the start of the text, a tab or line break, after the same characters;
//! * an apostrophe, so that the exact text can be restored: [`exact`] removes one apostrophe from
//!   each start that has one.
//!
//! Excel may drop the apostrophes from a file that it saves again.

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::printable::is_deceptive;

/// How text becomes a cell of CSV.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cells {
    /// As [`safe`] text.
    #[default]
    Safe,
    /// As it is.
    Raw,
}

impl Cells {
    /// The cell of a text.
    pub fn text(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Safe => safe(text),
            Self::Raw => Cow::Borrowed(text),
        }
    }

    /// The cell of a JSON value. A number is left as it is: a negative number is no formula.
    pub fn json(self, value: &Json) -> String {
        match value {
            Json::Number(number) => number.to_string(),
            Json::Null | Json::Bool(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
                self.text(&value.to_string()).into_owned()
            }
        }
    }
}

/// Puts an apostrophe before everything that a spreadsheet could take as a formula.
///
/// ```
/// use rulespec_check::spreadsheet::safe;
///
/// assert_eq!(safe("=1+1"), "'=1+1");
/// assert_eq!(safe("bitsadmin /list; -x"), "bitsadmin /list;' -x");
/// assert_eq!(safe("a-b=c"), "a-b=c");
/// ```
pub fn safe(text: &str) -> Cow<'_, str> {
    let mut guarded = starts(text).filter(|at| needs_guard(text, *at)).peekable();
    if guarded.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut written = 0;
    for at in guarded {
        out += text.get(written..at).unwrap_or_default();
        out.push('\'');
        written = at;
    }
    Cow::Owned(out + text.get(written..).unwrap_or_default())
}

/// Restores the text from its [`safe`] form.
///
/// ```
/// use rulespec_check::spreadsheet::exact;
///
/// assert_eq!(exact("'=1+1"), "=1+1");
/// assert_eq!(exact("''a';'b"), "'a';b");
/// ```
pub fn exact(safe: &str) -> Cow<'_, str> {
    let mut guards = starts(safe).filter(|at| rest(safe, *at).starts_with('\'')).peekable();
    if guards.peek().is_none() {
        return Cow::Borrowed(safe);
    }
    let mut out = String::with_capacity(safe.len());
    let mut written = 0;
    for at in guards {
        out += safe.get(written..at).unwrap_or_default();
        written = at.saturating_add(1);
    }
    Cow::Owned(out + safe.get(written..).unwrap_or_default())
}

/// The places where a spreadsheet may begin a cell.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices(ends_cell).map(|(at, end)| at.saturating_add(end.len())))
}

fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

fn needs_guard(text: &str, at: usize) -> bool {
    let rest = rest(text, at);
    let first = rest.chars().find(|c| !is_skipped(*c));
    rest.starts_with('\'')
        || match first {
            Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => true,
            Some('\t' | '\r' | '\n') => at == 0,
            Some(_) | None => false,
        }
}

/// Whether some spreadsheet begins another cell after this character, whatever the quotes.
fn ends_cell(c: char) -> bool {
    matches!(c, ';' | '\t' | '\r' | '\n')
}

/// Whether a spreadsheet may ignore this character at the start of a cell.
fn is_skipped(c: char) -> bool {
    matches!(c, ' ' | '"') || (is_deceptive(c) && !ends_cell(c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn formulas_get_an_apostrophe() {
        for formula in [
            "=cmd|' /C calc'!A0",
            "@SUM(1)",
            "+1",
            "-1",
            "-2+3",
            "\t=1",
            "\r=1",
            "\nx",
            "\tx",
            "＝1",
            "＋1",
            "－1",
            "＠A1",
            " =1",
            "\u{a0}\u{3000}=1",
            "\u{feff}=1",
            "\0=1",
            "\"=1",
            "\" =1\"",
            "'=1",
            "''",
            "  \t x",
        ] {
            assert!(safe(formula).starts_with('\''), "{formula:?}");
            assert_eq!(exact(&safe(formula)), formula);
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        for text in
            ["", "a=b", "1", "1-2", "bitsadmin -x", "a 'b'", "[-1,\"=1\"]", "\\t=1", ";", "a\r\nb", "a,=1"]
        {
            assert!(matches!(safe(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    /// With a semicolon as the separator, as in most of Europe, `x,"a;=1"` has two cells.
    #[test]
    fn formulas_after_other_separators_get_an_apostrophe_too() {
        for (text, cell) in [
            ("a;=1", "a;'=1"),
            ("a; \"@x", "a;' \"@x"),
            ("a\t+1", "a\t'+1"),
            ("a\n-1", "a\n'-1"),
            ("a\r\n=1;;=2", "a\r\n'=1;;'=2"),
            ("a;'b", "a;''b"),
            ("\t=1", "'\t'=1"),
            ("=SUM(1;-1)", "'=SUM(1;'-1)"),
        ] {
            assert_eq!(safe(text), cell);
            assert_eq!(exact(cell), text);
        }
    }

    #[test]
    fn only_json_numbers_are_numbers() {
        let cells = [json!(-1), json!(-1.5), json!("-1"), json!("=1"), json!([-1]), json!(null)];
        let safe = cells.each_ref().map(|value| Cells::Safe.json(value));
        assert_eq!(safe, ["-1", "-1.5", "'\"-1\"", "'\"=1\"", "[-1]", "null"]);
        assert_eq!(
            cells.each_ref().map(|value| Cells::Raw.json(value)),
            cells.map(|value| value.to_string())
        );
        assert_eq!(Cells::Raw.text("=1"), "=1");
    }

    proptest! {
        /// The safe form can be undone, and no start of it is followed by a formula.
        #[test]
        fn safe_text_has_no_formula_and_can_be_undone(text in "[-=+@＝; '\"\t\r\n\u{200b}a]{0,12}") {
            let cell = safe(&text);
            prop_assert_eq!(exact(&cell), text.as_str());
            for part in cell.split(ends_cell) {
                let first = part.chars().find(|c| !is_skipped(*c));
                prop_assert!(!first.is_some_and(|c| "=+-@＝＋－＠".contains(c)), "{cell:?}: {part:?}");
            }
        }
    }
}
