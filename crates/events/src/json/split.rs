//! JSON text, arriving in pieces, as the objects that may be events.
//!
//! An event is an object at the top or an element of a list: of an array at the
//! top, or of an array that a wrapping object holds. Lists are never held as a
//! whole. Brackets and quotes alone are looked at here; whether an object is good
//! JSON its reader finds out.

use std::ops::ControlFlow;

use memchr::memchr3;
use serde_json::Value as Json;

use super::super::Position;

/// Longer objects are faults.
pub(super) const LONGEST: usize = 16 << 20;

/// Lists within lists beyond this many are forgotten, outermost first. Only
/// damaged input has them.
const DEEPEST: usize = 16;

/// What a splitter found.
pub(super) struct Found<'s> {
    pub(super) position: Position,
    pub(super) what: What<'s>,
}

/// What stands there.
pub(super) enum What<'s> {
    /// The text of an object, or of whatever else has balanced brackets.
    Object(&'s [u8]),
    /// The text of an array that is a row of a table with these columns.
    Row(&'s [u8], &'s [String]),
    /// Something of which nothing can be made.
    Broken(String),
}

/// A list whose elements are handed on one by one.
struct List {
    kind: Kind,
    /// The object that holds it.
    holder: Option<Open>,
    position: Position,
}

enum Kind {
    /// Its elements are events.
    Events,
    /// Its elements are tables that hold rows.
    Tables,
    /// Its elements are rows with these columns.
    Rows(Vec<String>),
}

/// An object that has begun and not ended.
struct Open {
    position: Position,
    line: u64,
    bytes: Vec<u8>,
    /// How long it is, though it may be too long to be held.
    length: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Where in `bytes` the last string of depth 1 begins and ends.
    string: (usize, usize),
    /// Whether a colon came after that string, and nothing after the colon.
    at_value: bool,
    /// Whether it holds a list that was handed on, and is no event itself.
    is_wrapper: bool,
}

impl Open {
    fn new(position: Position, line: u64) -> Self {
        Self {
            position,
            line,
            bytes: vec![],
            length: 0,
            depth: 0,
            in_string: false,
            escaped: false,
            string: (0, 0),
            at_value: false,
            is_wrapper: false,
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        self.length = self.length.saturating_add(bytes.len());
        if self.length > LONGEST {
            self.bytes = vec![];
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    fn is_too_long(&self) -> bool {
        self.length > LONGEST
    }

    /// The key whose value is due, where it is one of depth 1.
    fn key(&self) -> Option<&[u8]> {
        let (start, end) = self.string;
        self.bytes.get(start..end).filter(|_| self.at_value && self.depth == 1)
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

/// How an object goes on after a byte.
enum Step {
    On,
    /// A list begins that is handed on element by element.
    List(Kind),
    /// The object ends.
    End,
}

/// Splits JSON text; remembers between pieces what is open.
#[derive(Default)]
pub(super) struct Splitter {
    lists: Vec<List>,
    open: Option<Open>,
    elements: u64,
    /// Whether the further lines of a broken object are being passed over.
    lost: bool,
    /// Whether the rest of a line is being passed over.
    passing: bool,
}

/// Takes what a splitter finds.
pub(super) type Take<'t> = dyn FnMut(Found<'_>) -> ControlFlow<()> + 't;

impl Splitter {
    /// Whether a line that is one object can be read without the splitter.
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_none() && self.lists.is_empty()
    }

    /// Takes the next piece, which ends where a line ends or before.
    ///
    /// Spec: TEL-62, TEL-63, TEL-64, TEL-65, TEL-66
    pub(super) fn feed(
        &mut self,
        piece: &[u8],
        line: u64,
        starts_line: bool,
        take: &mut Take<'_>,
    ) -> ControlFlow<()> {
        if starts_line && piece.starts_with(b"{\"") {
            self.break_off(line, "the object is cut off by the next", take)?;
        }
        self.passing &= !starts_line;
        self.lost &= self.open.is_none() && !begins_anew(piece, starts_line);
        if self.passing || self.lost {
            return ControlFlow::Continue(());
        }
        let mut rest = piece;
        while !rest.is_empty() {
            rest = match self.open.take() {
                Some(open) => self.within(open, rest, line, take)?,
                None => self.between(rest, line, take)?,
            };
        }
        ControlFlow::Continue(())
    }

    /// Says what the end of the input leaves open.
    ///
    /// Spec: TEL-63, TEL-66
    pub(super) fn finish(&mut self, take: &mut Take<'_>) -> ControlFlow<()> {
        if self.open.is_some() {
            return self.break_off(0, "the input ends before the object does", take);
        }
        match self.lists.first() {
            Some(list) => {
                let what = "the input ends before the array does".to_owned();
                take(Found { position: list.position, what: What::Broken(what) })
            }
            None => ControlFlow::Continue(()),
        }
    }

    fn break_off(&mut self, line: u64, why: &str, take: &mut Take<'_>) -> ControlFlow<()> {
        let Some(open) = self.open.take() else {
            return ControlFlow::Continue(());
        };
        self.lost = open.line < line;
        let what = if open.is_too_long() { too_long(open.length) } else { why.to_owned() };
        take(Found { position: open.position, what: What::Broken(what) })
    }

    /// Reads between objects, up to the next; gives back what comes after.
    fn between<'p>(&mut self, piece: &'p [u8], line: u64, take: &mut Take<'_>) -> ControlFlow<(), &'p [u8]> {
        let Some((&first, rest)) = piece.split_first() else {
            return ControlFlow::Continue(piece);
        };
        match first {
            b'[' if self.lists.is_empty() => self.begin_list(Kind::Events, None, Position::Line(line)),
            b'{' | b'[' => {
                let position = self.next_position(line);
                self.open = Some(Open::new(position, line));
                return ControlFlow::Continue(piece);
            }
            b']' if !self.lists.is_empty() => self.open = self.lists.pop().and_then(|list| list.holder),
            b',' => {}
            byte if is_blank(byte) => {}
            _ => return self.pass_over(piece, line, take),
        }
        ControlFlow::Continue(rest)
    }

    fn next_position(&mut self, line: u64) -> Position {
        match self.lists.last() {
            None => Position::Line(line),
            Some(List { kind: Kind::Tables, position, .. }) => *position,
            Some(_) => {
                self.elements += 1;
                Position::Element(self.elements)
            }
        }
    }

    /// Passes over what is no object: up to the next element in a list, to the
    /// end of the line elsewhere.
    ///
    /// Spec: TEL-62
    fn pass_over<'p>(
        &mut self,
        piece: &'p [u8],
        line: u64,
        take: &mut Take<'_>,
    ) -> ControlFlow<(), &'p [u8]> {
        let in_list = !self.lists.is_empty();
        let is_end = |byte: &u8| *byte == b'\n' || in_list && matches!(byte, b'{' | b'[' | b']' | b',');
        let end = piece.iter().position(is_end).unwrap_or(piece.len());
        self.passing = end == piece.len();
        let position = self.next_position(line);
        take(Found { position, what: What::Broken("here stands no json object".to_owned()) })?;
        ControlFlow::Continue(piece.get(end..).unwrap_or_default())
    }

    fn begin_list(&mut self, kind: Kind, holder: Option<Open>, position: Position) {
        if self.lists.len() == DEEPEST {
            self.lists.remove(0);
        }
        self.lists.push(List { kind, holder, position });
    }

    /// Reads within an object; gives back what comes after it.
    fn within<'p>(
        &mut self,
        mut open: Open,
        piece: &'p [u8],
        line: u64,
        take: &mut Take<'_>,
    ) -> ControlFlow<(), &'p [u8]> {
        let mut at = 0;
        // What stands before this is in `open`.
        let mut pushed = 0;
        while let Some(&byte) = piece.get(at) {
            if open.in_string && !open.escaped && !matches!(byte, b'"' | b'\\' | b'\n') {
                let left = piece.get(at..).unwrap_or_default();
                at += memchr3(b'"', b'\\', b'\n', left).unwrap_or(left.len());
                continue;
            }
            at += 1;
            if open.in_string && byte == b'\n' {
                open.push(piece.get(pushed..at).unwrap_or_default());
                self.open = Some(open);
                self.break_off(line, "a string is cut off by the end of the line", take)?;
                return ControlFlow::Continue(piece.get(at..).unwrap_or_default());
            }
            if matches!(byte, b'"' | b':' | b'[') && open.depth == 1 {
                open.push(piece.get(pushed..at).unwrap_or_default());
                pushed = at;
            }
            match step(&mut open, byte, self.lists.last().map(|list| &list.kind)) {
                Step::On => {}
                Step::List(kind) => {
                    open.bytes = vec![];
                    open.length = 0;
                    let position = open.position;
                    self.begin_list(kind, Some(open), position);
                    return ControlFlow::Continue(piece.get(at..).unwrap_or_default());
                }
                Step::End => {
                    open.push(piece.get(pushed..at).unwrap_or_default());
                    self.end(&open, take)?;
                    return ControlFlow::Continue(piece.get(at..).unwrap_or_default());
                }
            }
        }
        open.push(piece.get(pushed..).unwrap_or_default());
        self.open = Some(open);
        ControlFlow::Continue(&[])
    }

    fn end(&self, open: &Open, take: &mut Take<'_>) -> ControlFlow<()> {
        let kind = self.lists.last().map(|list| &list.kind);
        let what = match kind {
            _ if open.is_wrapper => return ControlFlow::Continue(()),
            _ if open.is_too_long() => What::Broken(too_long(open.length)),
            Some(Kind::Rows(columns)) if open.bytes.starts_with(b"[") => What::Row(&open.bytes, columns),
            _ => What::Object(&open.bytes),
        };
        take(Found { position: open.position, what })
    }
}

/// Takes one byte of an object; `list` is the kind of list it is an element of.
fn step(open: &mut Open, byte: u8, list: Option<&Kind>) -> Step {
    if open.in_string {
        step_in_string(open, byte);
        return Step::On;
    }
    match byte {
        b'"' => {
            open.in_string = true;
            if open.depth == 1 {
                open.string = (open.bytes.len(), 0);
            }
        }
        b'[' => match list_of_key(open, list) {
            Some(kind) => {
                open.is_wrapper = true;
                open.at_value = false;
                return Step::List(kind);
            }
            None => open.depth += 1,
        },
        b'{' => open.depth += 1,
        b'}' | b']' => {
            open.depth = open.depth.saturating_sub(1);
            if open.depth == 0 {
                return Step::End;
            }
        }
        _ => {}
    }
    open.at_value = byte == b':' || open.at_value && is_blank(byte);
    Step::On
}

fn step_in_string(open: &mut Open, byte: u8) {
    match byte {
        _ if open.escaped => open.escaped = false,
        b'\\' => open.escaped = true,
        b'"' => {
            open.in_string = false;
            if open.depth == 1 {
                open.string.1 = open.bytes.len().saturating_sub(1);
            }
        }
        _ => {}
    }
}

/// What kind of list the value of the key at hand is, where it is one.
///
/// Spec: TEL-65
fn list_of_key(open: &Open, list: Option<&Kind>) -> Option<Kind> {
    match (open.key()?, list) {
        (b"records" | b"Results" | b"results", _) => Some(Kind::Events),
        (b"tables", _) => Some(Kind::Tables),
        (b"rows", Some(Kind::Tables)) => open.columns().map(Kind::Rows),
        _ => None,
    }
}

/// Whether something whole may begin where a line begins so.
fn begins_anew(piece: &[u8], starts_line: bool) -> bool {
    let first = piece.iter().find(|byte| !is_blank(**byte));
    starts_line && matches!(first, Some(b'{' | b'[' | b']'))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0)
}

fn too_long(length: usize) -> String {
    format!("an object of {length} bytes is longer than {LONGEST} bytes")
}
