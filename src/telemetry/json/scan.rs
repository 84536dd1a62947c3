//! What decides of one JSON object, of those written plainly.
//!
//! Most objects are of no interest, and most are written plainly: without lone
//! surrogates, without numbers that fit nowhere, not nested deeply. What this reads,
//! [`Fields::read`] would have read to the same; the rest it leaves to that.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::fields::{Fields, MOST, is_deciding, is_opened};
use crate::telemetry::value::Value;

/// Objects nested deeper are not plain.
const DEEPEST: usize = 24;
/// Numbers of more digits are not plain.
const DIGITS: usize = 18;

/// The values that decide, in their order; `None` where the object is not plain.
///
/// Spec: TEL-52, TEL-53
pub(super) fn fields(text: &str) -> Option<Fields<'_>> {
    let mut scan = Scan { text, at: 0, path: String::new(), values: Vec::with_capacity(16), count: 0 };
    scan.blanks();
    scan.byte(b'{')?;
    scan.opened(DEEPEST)?;
    scan.blanks();
    (scan.at == text.len()).then_some(Fields { values: scan.values })
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    path: String,
    values: Vec<(Cow<'a, str>, Value<'a>)>,
    count: usize,
}

/// A string that was read: what stands between its quotes.
struct Literal<'a> {
    text: &'a str,
    is_escaped: bool,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn byte(&mut self, byte: u8) -> Option<()> {
        let is_there = self.peek()? == byte;
        self.at += usize::from(is_there);
        is_there.then_some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let is_there = self.text.as_bytes().get(self.at..)?.starts_with(word.as_bytes());
        self.at += word.len();
        is_there.then_some(())
    }

    /// Reads the members of an object that is taken apart, after its bracket.
    fn opened(&mut self, depth: usize) -> Option<()> {
        self.members(depth, |scan, key, depth| {
            // Of most values the path is of no interest.
            let is_leaf = scan.peek()? != b'{' && !key.is_empty() && key != "#text";
            if is_leaf && !key.ends_with("Data") && !is_deciding(key) {
                return scan.unwanted(depth);
            }
            let before = scan.path.len();
            if key != "#text" {
                scan.path.push_str(if before == 0 { "" } else { "." });
                scan.path.push_str(key);
            }
            let name = (before == 0).then_some(key);
            scan.value(name, depth)?;
            scan.path.truncate(before);
            Some(())
        })
    }

    /// Reads members up to the closing bracket, `member` each value.
    fn members(
        &mut self,
        depth: usize,
        member: impl Fn(&mut Self, &'a str, usize) -> Option<()>,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.blanks();
        if self.byte(b'}').is_some() {
            return Some(());
        }
        loop {
            self.count += 1;
            self.blanks();
            let key = self.string().filter(|key| !key.is_escaped && self.count < MOST)?;
            self.blanks();
            self.byte(b':')?;
            self.blanks();
            member(self, key.text, depth)?;
            self.blanks();
            if self.byte(b',').is_none() {
                return self.byte(b'}');
            }
        }
    }

    /// Reads the value at the current path, and keeps it where it decides.
    fn value(&mut self, name: Option<&'a str>, depth: usize) -> Option<()> {
        let is_list = self.path.ends_with("EventData.Data");
        if self.peek()? == b'{' && !is_list && is_opened(&self.path) {
            self.at += 1;
            return self.opened(depth);
        }
        if is_list || self.path.is_empty() {
            return None;
        }
        if !is_deciding(&self.path) {
            return self.unwanted(depth);
        }
        let value = match self.peek()? {
            b'"' => Value::Text(self.string()?.unescaped()?),
            b'n' => self.word("null").map(|()| Value::Other(Json::Null))?,
            b'0'..=b'9' => Value::Other(Json::from(self.number()?.parse::<u64>().ok()?)),
            _ => return None,
        };
        let path = name.map_or_else(|| Cow::Owned(self.path.clone()), Cow::Borrowed);
        self.values.push((path, value));
        Some(())
    }

    /// Reads a value that decides nothing.
    fn unwanted(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(|_| ()),
            b'n' => self.word("null"),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'{' => {
                self.at += 1;
                self.members(depth, |scan, _, depth| scan.unwanted(depth))
            }
            b'[' => self.unwanted_list(depth),
            _ => self.number().map(|_| ()),
        }
    }

    fn unwanted_list(&mut self, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        self.byte(b'[')?;
        self.blanks();
        if self.byte(b']').is_some() {
            return Some(());
        }
        loop {
            self.count += 1;
            self.blanks();
            (self.count < MOST).then(|| self.unwanted(depth))??;
            self.blanks();
            if self.byte(b',').is_none() {
                return self.byte(b']');
            }
        }
    }

    /// Reads a number of few digits, without an exponent.
    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.at += usize::from(self.peek()? == b'-');
        let whole = self.digits()?;
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        if self.byte(b'.').is_some() {
            self.digits()?;
        }
        let is_over = !matches!(self.peek()?, b'e' | b'E');
        self.text.get(start..self.at).filter(|_| is_over)
    }

    fn digits(&mut self) -> Option<&'a str> {
        let start = self.at;
        while self.peek()?.is_ascii_digit() {
            self.at += 1;
        }
        self.text.get(start..self.at).filter(|digits| (1..=DIGITS).contains(&digits.len()))
    }

    fn string(&mut self) -> Option<Literal<'a>> {
        self.byte(b'"')?;
        let start = self.at;
        let mut is_escaped = false;
        loop {
            self.at = special(self.text.as_bytes(), self.at);
            match self.peek()? {
                b'"' => break,
                b'\\' => self.escape()?,
                _ => return None,
            }
            is_escaped = true;
        }
        let text = self.text.get(start..self.at)?;
        self.at += 1;
        Some(Literal { text, is_escaped })
    }

    /// Reads an escape that stands for one character.
    fn escape(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        match rest.get(1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
            b'u' => {
                let digits = rest.get(2..6)?;
                let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
                let is_surrogate =
                    matches!(digits, [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]);
                (is_hex && !is_surrogate).then(|| self.at += 6)?;
            }
            _ => return None,
        }
        Some(())
    }
}

impl<'a> Literal<'a> {
    fn unescaped(&self) -> Option<Cow<'a, str>> {
        if !self.is_escaped {
            return Some(Cow::Borrowed(self.text));
        }
        let mut plain = String::with_capacity(self.text.len());
        let mut rest = self.text;
        while let Some((before, escape)) = rest.split_once('\\') {
            if !escape.starts_with(['\\', '"', '/']) {
                return serde_json::from_str(&format!("\"{}\"", self.text)).ok().map(Cow::Owned);
            }
            plain.push_str(before);
            let (escaped, after) = escape.split_at_checked(1)?;
            plain.push_str(escaped);
            rest = after;
        }
        plain.push_str(rest);
        Some(Cow::Owned(plain))
    }
}

/// Where, from `at` on, the next quote, backslash or control character stands; the
/// length of the text where there is none.
fn special(text: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word & HIGH;
    let equal = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*bytes);
        let found = equal(word, b'"') | equal(word, b'\\') | below(word, 0x20);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fields::Want;
    use super::*;

    #[test]
    fn plain_objects_are_read() {
        for text in [
            r#"{"EventID": 1, "Image": "C:\\a.exe", "x": [1, -2.5, true, {"y": "\u00e9\n"}], "z": null}"#,
            r#"{"winlog":{"event_id":"1","event_data":{"CommandLine":"\"a\" b\t","other":{}}},"n":0}"#,
            r##"{"Event":{"System":{"Provider":{"#attributes":{"Name":"p"}},"EventID":{"#text":7}}}}"##,
            "{}",
        ] {
            assert_eq!(fields(text), Some(Fields::read_all(text, Want::Deciding).unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left() {
        let deep = "[".repeat(40) + &"]".repeat(40);
        for text in [
            r#"{"a": "\ud83d"}"#,
            r#"{"a": 1e5}"#,
            r#"{"a": 12345678901234567890}"#,
            r#"{"a": 01}"#,
            r#"{"EventID": [1]}"#,
            r#"{"EventData": {"Data": []}}"#,
            r#"{"a": 1} x"#,
            r#"{"a": 1"#,
            "{\"a\": \"\u{1}\"}",
            &format!(r#"{{"a": {deep}}}"#),
        ] {
            assert_eq!(fields(text), None, "{text}");
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        let pieces = vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            " ",
            "\\",
            "\\\\",
            "\\u0041",
            "\\ud800",
            "\\n",
            "1",
            "0",
            "-",
            ".",
            "e5",
            "null",
            "true",
            "false",
            "\"a\"",
            "\"EventID\"",
            "\"Image\":",
            "\"Event\":{",
            "\"System\":",
            "\"#text\":",
            "\"EventData\":",
            "\"Data\":",
            "\"winlog\":{",
            "\"event_data\":",
            "\"x\":",
            "é",
            "\t",
        ];
        prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
    }

    fn json() -> impl Strategy<Value = Json> {
        let key = prop::sample::select(vec![
            "Event",
            "System",
            "EventData",
            "Data",
            "winlog",
            "event_data",
            "Image",
            "Name",
            "Type",
            "#text",
            "x",
            "properties",
            "a.b",
            "winlog.event_id",
            "EventID",
        ]);
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            "[a-c\"\\\\\n\u{0}é😀]{0,5}".prop_map(Json::from),
        ];
        leaf.prop_recursive(5, 40, 5, move |inner| {
            let members = prop::collection::vec((key.clone().prop_map(str::to_owned), inner.clone()), 0..5);
            prop_oneof![
                3 => members.prop_map(|members| Json::Object(members.into_iter().collect())),
                1 => prop::collection::vec(inner, 0..3).prop_map(Json::Array),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_scanned_is_what_would_be_read(text in prop_oneof![
            piece().prop_map(|text| format!("{{{text}}}")),
            json().prop_map(|json| json.to_string()),
        ]) {
            if let Some(scanned) = fields(&text) {
                prop_assert_eq!(scanned, Fields::read_all(&text, Want::Deciding).unwrap());
            }
        }
    }
}
