//! Splits JSON text, which arrives in pieces, into the objects that may be events.
//!
//! An event is a top-level object or an element of a list. A list is a top-level array, or an array
//! in an object that wraps it. A list is never in memory as a whole. The splitter only looks at
//! brackets and quotes; whether an object is valid JSON is determined when it is parsed.

mod object;

use std::ops::ControlFlow;

use crate::Position;
use object::{PartialObject, Step};

/// The maximum length of an object, in bytes.
const MAX_OBJECT_LEN: usize = 16 << 20;

/// The maximum depth of lists within lists. Beyond it, the outermost lists are forgotten. Only
/// damaged input exceeds it.
const MAX_LIST_DEPTH: usize = 16;

/// How many U+0000 in a row, in bytes, are ignored between objects. More of them are no JSON, but
/// the hole of a file that was never written, or not yet.
const MAX_NULS: usize = 64 << 10;

/// A part of the text that the splitter reports.
pub(super) struct Fragment<'s> {
    pub(super) position: Position,
    pub(super) content: Content<'s>,
}

pub(super) enum Content<'s> {
    /// An object, or any other text with balanced brackets.
    Object(&'s [u8]),
    /// An object whose lists were taken out of it, and reported one element at a time.
    Wrapper(&'s [u8]),
    /// An array that is a row of a table with these columns.
    Row(&'s [u8], &'s [String]),
    /// Text that is neither, and what is wrong with it.
    Invalid(String),
}

/// A list whose elements are reported one by one.
struct List {
    kind: ListKind,
    /// The object that contains the list.
    parent: Option<PartialObject>,
    position: Position,
}

enum ListKind {
    /// The elements are events.
    Events,
    /// The elements are tables, which have rows.
    Tables,
    /// The elements are rows with these columns.
    Rows(Vec<String>),
}

/// Splits JSON text, and keeps its state between the pieces.
#[derive(Default)]
pub(super) struct ObjectSplitter {
    lists: Vec<List>,
    /// The object that has started and not ended yet.
    object: Option<PartialObject>,
    element_count: u64,
    /// The columns of the last table whose rows are in other objects.
    columns: Option<Vec<String>>,
    /// How many U+0000 precede, with no other text than blanks between them.
    nuls: usize,
    /// Whether lines are being skipped after an abandoned object, up to one that may start another.
    is_resyncing: bool,
    /// Whether the rest of a line is being skipped.
    is_skipping_line: bool,
}

pub(super) type FragmentSink<'t> = dyn FnMut(Fragment<'_>) -> ControlFlow<()> + 't;

impl ObjectSplitter {
    /// Whether a line that is one object can be read without the splitter.
    pub(super) fn is_idle(&self) -> bool {
        self.object.is_none() && self.lists.is_empty()
    }

    /// Processes the next piece, which is a line or a part of one.
    ///
    /// Spec: TEL-62, TEL-63, TEL-64, TEL-65, TEL-66
    pub(super) fn feed(
        &mut self,
        piece: &[u8],
        line: u64,
        is_line_start: bool,
        sink: &mut FragmentSink<'_>,
    ) -> ControlFlow<()> {
        if is_line_start && piece.starts_with(b"{\"") {
            self.abandon_object(line, "the object is cut off by the next one", sink)?;
        }
        self.is_skipping_line &= !is_line_start;
        self.is_resyncing &= self.object.is_none() && !(is_line_start && is_resync_point(piece));
        if self.is_skipping_line || self.is_resyncing {
            return ControlFlow::Continue(());
        }
        let mut rest = piece;
        while !rest.is_empty() {
            rest = match self.object.take() {
                Some(object) => self.continue_object(object, rest, line, sink)?,
                None => self.between_objects(rest, line, sink)?,
            };
        }
        ControlFlow::Continue(())
    }

    /// Reports an object or a list that is incomplete at the end of the input.
    ///
    /// Spec: TEL-63, TEL-66
    pub(super) fn finish(&mut self, sink: &mut FragmentSink<'_>) -> ControlFlow<()> {
        if self.object.is_some() {
            return self.abandon_object(0, "the input ends before the object does", sink);
        }
        match self.lists.first() {
            Some(list) => invalid(list.position, "the input ends before the array does", sink),
            None => ControlFlow::Continue(()),
        }
    }

    /// Reports an object or a list that is incomplete at the end of a line, and does not continue it.
    ///
    /// Spec: TEL-93
    pub(super) fn finish_line(&mut self, sink: &mut FragmentSink<'_>) -> ControlFlow<()> {
        let list = self.lists.first().map(|list| list.position).filter(|_| self.object.is_none());
        self.lists.clear();
        self.abandon_object(0, "the line ends before the object does", sink)?;
        match list {
            Some(position) => invalid(position, "the line ends before the array does", sink),
            None => ControlFlow::Continue(()),
        }
    }

    fn abandon_object(&mut self, line: u64, reason: &str, sink: &mut FragmentSink<'_>) -> ControlFlow<()> {
        let Some(object) = self.object.take() else {
            return ControlFlow::Continue(());
        };
        self.is_resyncing = object.line < line;
        match object.is_too_long() {
            true => invalid(object.position, &too_long(&object), sink),
            false => invalid(object.position, reason, sink),
        }
    }

    /// Processes text between objects, up to the next object. Returns the rest.
    fn between_objects<'p>(
        &mut self,
        piece: &'p [u8],
        line: u64,
        sink: &mut FragmentSink<'_>,
    ) -> ControlFlow<(), &'p [u8]> {
        let Some((&first, rest)) = piece.split_first() else {
            return ControlFlow::Continue(piece);
        };
        if first == 0 {
            return self.skip_nuls(piece, line, sink);
        }
        if !is_blank(first) {
            self.nuls = 0;
        }
        match first {
            b'[' if self.lists.is_empty() => self.enter_list(ListKind::Events, None, Position::Line(line)),
            b'{' | b'[' => {
                let position = self.next_position(line);
                self.object = Some(PartialObject::new(position, line));
                return ControlFlow::Continue(piece);
            }
            b']' if !self.lists.is_empty() => self.object = self.lists.pop().and_then(|list| list.parent),
            b',' => {}
            byte if is_blank(byte) => {}
            _ => return self.skip_invalid(piece, line, sink),
        }
        ControlFlow::Continue(rest)
    }

    /// Skips all U+0000 at the start of a piece, and reports them once if there are too many.
    /// Returns the rest.
    ///
    /// Spec: TEL-67
    fn skip_nuls<'p>(
        &mut self,
        piece: &'p [u8],
        line: u64,
        sink: &mut FragmentSink<'_>,
    ) -> ControlFlow<(), &'p [u8]> {
        let mut rest = piece;
        // Blocks are compared much faster than bytes.
        while let Some(more) = rest.strip_prefix(&[0; 1024]) {
            rest = more;
        }
        while let Some(more) = rest.strip_prefix(b"\0") {
            rest = more;
        }
        let before = self.nuls;
        self.nuls = before.saturating_add(piece.len() - rest.len());
        if before <= MAX_NULS && self.nuls > MAX_NULS {
            let what = format!("more than {} KiB of U+0000", MAX_NULS >> 10);
            invalid(Position::Line(line), &what, sink)?;
        }
        ControlFlow::Continue(rest)
    }

    fn next_position(&mut self, line: u64) -> Position {
        match self.lists.last() {
            None => Position::Line(line),
            Some(List { kind: ListKind::Tables, position, .. }) => *position,
            Some(List { kind: ListKind::Events | ListKind::Rows(_), .. }) => {
                self.element_count += 1;
                Position::Element(self.element_count)
            }
        }
    }

    /// Skips text that is not an object: in a list up to the next element, otherwise up to the end
    /// of the line. Returns the rest.
    ///
    /// Spec: TEL-62
    fn skip_invalid<'p>(
        &mut self,
        piece: &'p [u8],
        line: u64,
        sink: &mut FragmentSink<'_>,
    ) -> ControlFlow<(), &'p [u8]> {
        let in_list = !self.lists.is_empty();
        let is_end = |byte: &u8| *byte == b'\n' || in_list && matches!(byte, b'{' | b'[' | b']' | b',');
        let end = piece.iter().position(is_end).unwrap_or(piece.len());
        self.is_skipping_line = end == piece.len();
        invalid(self.next_position(line), "not a JSON object", sink)?;
        ControlFlow::Continue(piece.get(end..).unwrap_or_default())
    }

    fn enter_list(&mut self, kind: ListKind, parent: Option<PartialObject>, position: Position) {
        if self.lists.len() == MAX_LIST_DEPTH {
            self.lists.remove(0);
        }
        self.lists.push(List { kind, parent, position });
    }

    /// Processes the text of an object. Returns the text after the object.
    fn continue_object<'p>(
        &mut self,
        mut object: PartialObject,
        piece: &'p [u8],
        line: u64,
        sink: &mut FragmentSink<'_>,
    ) -> ControlFlow<(), &'p [u8]> {
        let (step, rest) = object.advance(piece, self.columns.as_deref());
        match step {
            Step::Incomplete => self.object = Some(object),
            Step::UnclosedString => {
                self.object = Some(object);
                self.abandon_object(line, "a string is cut off by the end of the line", sink)?;
            }
            Step::EnterList(kind) => {
                let position = object.position;
                self.enter_list(kind, Some(object), position);
            }
            Step::End => self.report_object(&object, sink)?,
        }
        ControlFlow::Continue(rest)
    }

    fn report_object(&mut self, object: &PartialObject, sink: &mut FragmentSink<'_>) -> ControlFlow<()> {
        if object.is_wrapper {
            let content = Content::Wrapper(&object.bytes);
            return match object.is_too_long() {
                true => ControlFlow::Continue(()),
                false => sink(Fragment { position: object.position, content }),
            };
        }
        if object.is_too_long() {
            return invalid(object.position, &too_long(object), sink);
        }
        let text = &*object.bytes;
        if let Some(columns) = object.table_header() {
            self.columns = Some(columns);
        }
        let content = match self.lists.last().map(|list| &list.kind) {
            Some(ListKind::Rows(columns)) if text.starts_with(b"[") => Content::Row(text, columns),
            Some(ListKind::Events | ListKind::Tables | ListKind::Rows(_)) | None => Content::Object(text),
        };
        sink(Fragment { position: object.position, content })
    }
}

fn invalid(position: Position, what: &str, sink: &mut FragmentSink<'_>) -> ControlFlow<()> {
    sink(Fragment { position, content: Content::Invalid(what.to_owned()) })
}

fn too_long(object: &PartialObject) -> String {
    format!("an object of {} bytes is longer than {MAX_OBJECT_LEN} bytes", object.len)
}

/// Whether an object or a list may start, or a list may end, at the start of this line.
fn is_resync_point(line: &[u8]) -> bool {
    let first = line.iter().find(|byte| !is_blank(**byte));
    matches!(first, Some(b'{' | b'[' | b']'))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0)
}
