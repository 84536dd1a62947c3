//! An object that arrives in pieces.

use memchr::memchr3;
use serde_json::Value as Json;

use super::{ListKind, MAX_OBJECT_LEN, is_blank};
use crate::Position;

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
    /// The start and end in `bytes` of the last string at depth 1.
    string: (usize, usize),
    /// Whether that string is followed by a colon and no value yet.
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
            string: (0, 0),
            is_value_next: false,
            is_wrapper: false,
        }
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.len > MAX_OBJECT_LEN
    }

    /// Processes a piece that is an element of a list of this kind. Returns what comes after it.
    pub(super) fn advance<'p>(&mut self, piece: &'p [u8], list: Option<&ListKind>) -> (Step, &'p [u8]) {
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
                if matches!(byte, b'"' | b':' | b'[') && self.depth == 1 {
                    self.push(piece.get(pushed..at).unwrap_or_default());
                    pushed = at;
                }
                self.process(byte, list)
            };
            if let Some(step) = step {
                match step {
                    Step::EnterList(_) => (self.bytes, self.len) = (vec![], 0),
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

    fn process(&mut self, byte: u8, list: Option<&ListKind>) -> Option<Step> {
        if self.in_string {
            self.process_in_string(byte);
            return None;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.depth == 1 {
                    self.string = (self.bytes.len(), 0);
                }
            }
            b'[' => match self.list_of_key(list) {
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
                if self.depth == 1 {
                    self.string.1 = self.bytes.len().saturating_sub(1);
                }
            }
            _ => {}
        }
    }

    /// The kind of list that the value of the current key is, if it is one.
    ///
    /// Spec: TEL-65
    fn list_of_key(&self, list: Option<&ListKind>) -> Option<ListKind> {
        let (start, end) = self.string;
        let key = self.bytes.get(start..end).filter(|_| self.is_value_next && self.depth == 1)?;
        match (key, list) {
            (b"records" | b"Results" | b"results", _) => Some(ListKind::Events),
            (b"tables", _) => Some(ListKind::Tables),
            (b"rows", Some(ListKind::Tables)) => self.columns().map(ListKind::Rows),
            _ => None,
        }
    }

    /// The names of the columns that a table gives before its rows.
    fn columns(&self) -> Option<Vec<String>> {
        let before_key = self.bytes.get(..self.string.0.checked_sub(1)?)?.trim_ascii_end();
        let mut text = before_key.strip_suffix(b",")?.to_vec();
        text.push(b'}');
        let table: Json = serde_json::from_slice(&text).ok()?;
        let columns = table.get("columns")?.as_array()?;
        columns.iter().map(|column| Some(column.get("name")?.as_str()?.to_owned())).collect()
    }
}
