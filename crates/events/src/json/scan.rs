//! What decides of one JSON object, of those written plainly.
//!
//! Most objects are of no interest, and most are written plainly: without lone
//! surrogates, without numbers that fit nowhere, not nested deeply. What this reads,
//! [`Fields::read`] would have read to the same; the rest it leaves to that.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde_json::Value as Json;

use super::fields::{Fields, MOST, is_deciding, is_opened};
use crate::escapes;
use crate::value::Value;

/// Objects nested deeper are not plain.
const DEEPEST: usize = 24;
/// Numbers of more digits are not plain.
const DIGITS: usize = 18;
/// Paths that most events have: no memory need be had for them.
const KNOWN: [&str; 12] = [
    "winlog.channel",
    "winlog.provider_name",
    "winlog.event_id",
    "winlog.event_data.CommandLine",
    "winlog.event_data.Image",
    "winlog.event_data.NewProcessName",
    "winlog.event_data.OriginalFileName",
    "Event.System.Channel",
    "Event.System.EventID",
    "properties.FileName",
    "properties.ProcessCommandLine",
    "properties.Timestamp",
];

/// The values that decide, in their order; `None` where the object is not plain.
///
/// Spec: TEL-52, TEL-53
pub(super) fn fields(text: &str) -> Option<Fields<'_>> {
    let (path, values) = (String::with_capacity(64), Vec::with_capacity(8));
    let mut scan = Scan { text, at: 0, path, values, count: 0 };
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
            let decides = is_deciding(if key == "#text" { &scan.path } else { key });
            // Of most values the path is of no interest.
            let is_leaf = scan.peek()? != b'{' && !key.is_empty() && key != "#text";
            if is_leaf && !decides && !key.ends_with("Data") {
                return scan.unwanted(depth);
            }
            let before = scan.path.len();
            if key != "#text" {
                scan.path.push_str(if before == 0 { "" } else { "." });
                scan.path.push_str(key);
            }
            let name = (before == 0).then_some(key);
            scan.value(name, decides, depth)?;
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
    fn value(&mut self, name: Option<&'a str>, decides: bool, depth: usize) -> Option<()> {
        let is_list = self.path.ends_with("EventData.Data");
        if self.peek()? == b'{' && !is_list && is_opened(&self.path) {
            self.at += 1;
            return self.opened(depth);
        }
        if is_list || self.path.is_empty() {
            return None;
        }
        if !decides {
            return self.unwanted(depth);
        }
        let value = match self.peek()? {
            b'"' => Value::Text(self.string()?.unescaped()?),
            b'n' => self.word("null").map(|()| Value::Other(Json::Null))?,
            b'0'..=b'9' => Value::Other(Json::from(self.number()?.parse::<u64>().ok()?)),
            _ => return None,
        };
        let known = name.or_else(|| KNOWN.into_iter().find(|known| *known == self.path));
        let path = known.map_or_else(|| Cow::Owned(self.path.clone()), Cow::Borrowed);
        self.values.push((path, value));
        Some(())
    }

    /// Reads a value that decides nothing.
    fn unwanted(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.quoted().map(|_| ()),
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
        let start = self.at + 1;
        let is_escaped = self.quoted()?;
        let text = self.text.get(start..self.at - 1)?;
        Some(Literal { text, is_escaped })
    }

    /// Reads a string; says whether there is an escape in it.
    fn quoted(&mut self) -> Option<bool> {
        self.byte(b'"')?;
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
        self.at += 1;
        Some(is_escaped)
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
        if self.is_escaped { escapes::undone(self.text) } else { Some(Cow::Borrowed(self.text)) }
    }
}

/// Where, from `at` on, the next quote, backslash or control character stands; the
/// length of the text where there is none.
fn special(text: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*bytes);
        let equal = |byte: u8| (word ^ (ONES * u64::from(byte))).wrapping_sub(ONES);
        let below = word.wrapping_sub(ONES * 0x20);
        // What was borrowed from the byte before counts only behind the first one found.
        let found = (equal(b'"') | equal(b'\\') | below) & !word & HIGH;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f)).unwrap_or(rest.len())
}
