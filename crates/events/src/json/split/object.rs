//! An object that arrives in pieces.

use memchr::memchr3;
use serde_json::Value as Json;

use super::{ListKind, MAX_OBJECT_LEN, is_blank};
use crate::Position;

/// How deep in an object its keys are looked at.
const MAX_KEY_DEPTH: usize = 2;

/// An object that has started and not ended yet.
pub(super) struct PartialObject {
    pub(super) position: Position,
    /// The number of the line that it starts on.
    pub(super) line: u64,
    /// The text so far, empty if it is too long.
    pub(super) bytes: Vec<u8>,
    /// The length of the text so far.
    pub(super) len: usize,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// The start and end in `bytes` of the last strings at depth 1 and at depth 2.
    strings: [(usize, usize); MAX_KEY_DEPTH],
    /// Whether the last string is followed by a colon and no value yet.
    is_value_next: bool,
    /// Whether the object wraps a list, and thus is not an event itself.
    pub(super) is_wrapper: bool,
}

/// Why [`PartialObject::advance`] stopped.
pub(super) enum Step {
    /// The object continues in the next piece.
    Incomplete,
    /// A string is open at the end of the line.
    UnclosedString,
    /// A list starts whose elements are reported one by one.
    EnterList(ListKind),
    /// The object has ended.
    End,
}

impl PartialObject {
    pub(super) fn new(position: Position, line: u64) -> Self {
        Self {
            position,
            line,
            bytes: vec![],
            len: 0,
            depth: 0,
            in_string: false,
            is_escaped: false,
            strings: [(0, 0); MAX_KEY_DEPTH],
            is_value_next: false,
            is_wrapper: false,
        }
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.len > MAX_OBJECT_LEN
    }

    /// Processes a piece. Returns what comes after it. The columns are those of rows whose object names
    /// none.
    pub(super) fn advance<'p>(&mut self, piece: &'p [u8], columns: Option<&[String]>) -> (Step, &'p [u8]) {
        let mut at = 0;
        // The text before this offset is in `self.bytes`.
        let mut pushed = 0;
        while let Some(&byte) = piece.get(at) {
            if self.in_string && !self.is_escaped && !matches!(byte, b'"' | b'\\' | b'\n') {
                let rest = piece.get(at..).unwrap_or_default();
                at += memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
                continue;
            }
            at += 1;
            let step = if self.in_string && byte == b'\n' {
                Some(Step::UnclosedString)
            } else {
                if matches!(byte, b'"' | b':' | b'[') && (1..=MAX_KEY_DEPTH).contains(&self.depth) {
                    self.push(piece.get(pushed..at).unwrap_or_default());
                    pushed = at;
                }
                self.process(byte, columns)
            };
            if let Some(step) = step {
                match step {
                    // What is around the list may be an event too. The list itself is left out of it.
                    Step::EnterList(_) => self.push(b"]"),
                    Step::Incomplete | Step::UnclosedString | Step::End => {
                        self.push(piece.get(pushed..at).unwrap_or_default());
                    }
                }
                return (step, piece.get(at..).unwrap_or_default());
            }
        }
        self.push(piece.get(pushed..).unwrap_or_default());
        (Step::Incomplete, &[])
    }

    fn push(&mut self, bytes: &[u8]) {
        self.len = self.len.saturating_add(bytes.len());
        if self.is_too_long() {
            self.bytes = vec![];
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn process(&mut self, byte: u8, columns: Option<&[String]>) -> Option<Step> {
        if self.in_string {
            self.process_in_string(byte);
            return None;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                let start = self.bytes.len();
                if let Some(string) = self.string() {
                    *string = (start, 0);
                }
            }
            b'[' => match self.list_of_key(columns) {
                Some(kind) => {
                    self.is_wrapper = true;
                    self.is_value_next = false;
                    return Some(Step::EnterList(kind));
                }
                None => self.depth += 1,
            },
            b'{' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    return Some(Step::End);
                }
            }
            _ => {}
        }
        self.is_value_next = byte == b':' || self.is_value_next && is_blank(byte);
        None
    }

    fn process_in_string(&mut self, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = true,
            b'"' => {
                self.in_string = false;
                let end = self.bytes.len().saturating_sub(1);
                if let Some(string) = self.string() {
                    string.1 = end;
                }
            }
            _ => {}
        }
    }

    /// The last string at the current depth.
    fn string(&mut self) -> Option<&mut (usize, usize)> {
        self.strings.get_mut(self.depth.checked_sub(1)?)
    }

    /// The kind of list that the value of the current key is, if it is one.
    ///
    /// Spec: TEL-65
    fn list_of_key(&self, columns: Option<&[String]>) -> Option<ListKind> {
        let text = |(start, end)| self.bytes.get::<std::ops::Range<usize>>(start..end);
        let [outer, inner] = self.strings;
        match (self.depth, text(outer).filter(|_| self.is_value_next)?) {
            (1, b"records" | b"Results" | b"results" | b"value" | b"events" | b"Records" | b"hits") => {
                Some(ListKind::Events)
            }
            (1, b"tables" | b"Tables") => Some(ListKind::Tables),
            (1, b"rows" | b"Rows") => {
                self.columns().or_else(|| columns.map(<[String]>::to_vec)).map(ListKind::Rows)
            }
            (2, b"hits") if text(inner) == Some(b"hits") => Some(ListKind::Events),
            _ => None,
        }
    }

    /// The columns of a frame of a Kusto answer that has the header of a table, whose rows are in other
    /// frames.
    pub(super) fn table_header(&self) -> Option<Vec<String>> {
        memchr::memmem::find(&self.bytes, b"\"TableHeader\"")?;
        columns_of(&serde_json::from_slice(&self.bytes).ok()?)
    }

    /// The names of the columns that a table gives before its rows.
    fn columns(&self) -> Option<Vec<String>> {
        let before_key = self.bytes.get(..self.strings[0].0.checked_sub(1)?)?.trim_ascii_end();
        let mut text = before_key.strip_suffix(b",")?.to_vec();
        text.push(b'}');
        columns_of(&serde_json::from_slice(&text).ok()?)
    }
}

fn columns_of(table: &Json) -> Option<Vec<String>> {
    let columns = table.get("columns").or_else(|| table.get("Columns"))?.as_array()?;
    let name =
        |column: &Json| column.get("name").or_else(|| column.get("ColumnName"))?.as_str().map(str::to_owned);
    columns.iter().map(name).collect()
}
