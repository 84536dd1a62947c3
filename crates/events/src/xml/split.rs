//! The events of an XML file, split without having more than one of them in memory.

use std::io::BufRead;

use super::pieces::{MAX_EVENT_SIZE, Piece, PieceReader};
use crate::lines;

/// One event, from `<Event` to `</Event>`.
pub(super) struct EventText {
    /// The offset in the file.
    pub(super) offset: u64,
    pub(super) text: String,
}

/// A part of the file that is not a complete event.
pub(super) struct SplitError {
    /// The offset in the file.
    pub(super) offset: u64,
    /// What is wrong.
    pub(super) what: String,
    /// What to do about it.
    pub(super) remedy: &'static str,
}

impl SplitError {
    fn new(offset: u64, what: String) -> Self {
        Self { offset, what, remedy: "the events around it were read; export it again" }
    }

    /// An error of the event at this offset. The problem is a predicate: "is malformed".
    pub(super) fn event(offset: u64, problem: &str) -> Self {
        Self::new(offset, format!("the event here {problem}"))
    }
}

type SplitResult = Result<EventText, SplitError>;

enum State {
    BetweenEvents,
    /// In an event with these bytes so far.
    InEvent(Piece),
    /// In an event that cannot be read, up to its end or the start of the next one.
    Skipping,
}

enum Tag {
    EventStart,
    EventEnd,
    Other,
}

/// Iterates over the events of a file and the errors between them.
///
/// In well-formed XML, a `<` is always the start of a tag. So the last `<` before a `>` starts a
/// tag even if the text before it is damaged.
///
/// Spec: TEL-28, TEL-30, TEL-31
pub(super) struct EventSplitter<R> {
    pieces: PieceReader<R>,
    state: State,
    has_ended: bool,
}

impl<R: BufRead> EventSplitter<R> {
    pub(super) fn new(input: R) -> Self {
        Self { pieces: PieceReader::new(input), state: State::BetweenEvents, has_ended: false }
    }

    fn process(&mut self, mut piece: Piece) -> Option<SplitResult> {
        let (tag, tag_len) = last_tag(&piece.bytes);
        match tag {
            Tag::EventStart => {
                let error = self.abandon_event("has no end before the next one starts");
                let before: Vec<u8> = piece.bytes.drain(..piece.bytes.len() - tag_len).collect();
                piece.offset += self.pieces.encoding().encoded_len(&before);
                self.state = State::InEvent(piece);
                error
            }
            Tag::EventEnd => match std::mem::replace(&mut self.state, State::BetweenEvents) {
                State::InEvent(event) => self.append(event, &piece.bytes).or_else(|| self.finish_event()),
                State::Skipping => None,
                State::BetweenEvents => {
                    let what = "an event ends here that never started".to_owned();
                    Some(Err(SplitError::new(piece.offset, what)))
                }
            },
            Tag::Other => match std::mem::replace(&mut self.state, State::BetweenEvents) {
                State::InEvent(event) => self.append(event, &piece.bytes),
                State::Skipping => {
                    self.state = State::Skipping;
                    None
                }
                State::BetweenEvents => stray_text(&piece),
            },
        }
    }

    /// Appends to the current event, or abandons it if it becomes too large.
    ///
    /// Spec: TEL-30
    fn append(&mut self, mut event: Piece, bytes: &[u8]) -> Option<SplitResult> {
        let fits = event.bytes.len().saturating_add(bytes.len()) <= MAX_EVENT_SIZE;
        if fits {
            event.bytes.extend_from_slice(bytes);
        }
        self.state = State::InEvent(event);
        if fits { None } else { self.abandon_event("is larger than 16 MiB") }
    }

    fn finish_event(&mut self) -> Option<SplitResult> {
        let State::InEvent(event) = std::mem::replace(&mut self.state, State::BetweenEvents) else {
            return None;
        };
        Some(match String::from_utf8(event.bytes) {
            Ok(text) => Ok(EventText { offset: event.offset, text }),
            Err(error) => {
                let offset = event.offset.saturating_add(error.utf8_error().valid_up_to() as u64);
                Err(SplitError::event(offset, "is not UTF-8"))
            }
        })
    }

    fn abandon_event(&mut self, problem: &str) -> Option<SplitResult> {
        match std::mem::replace(&mut self.state, State::Skipping) {
            State::InEvent(event) => Some(Err(SplitError::event(event.offset, problem))),
            State::BetweenEvents | State::Skipping => None,
        }
    }
}

impl<R: BufRead> Iterator for EventSplitter<R> {
    type Item = SplitResult;

    fn next(&mut self) -> Option<SplitResult> {
        while !self.has_ended {
            match self.pieces.next() {
                Ok(Some(piece)) => {
                    if let Some(event) = self.process(piece) {
                        return Some(event);
                    }
                }
                Ok(None) => {
                    self.has_ended = true;
                    return self.abandon_event("is cut off by the end of the file");
                }
                Err(error) => {
                    self.has_ended = true;
                    let what = format!("cannot be read from here on: {error}");
                    let remedy = lines::remedy(&error);
                    return Some(Err(SplitError { offset: self.pieces.position, what, remedy }));
                }
            }
        }
        None
    }
}

/// Reports text between two events that does not end in a tag, such as the end of a truncated file.
fn stray_text(piece: &Piece) -> Option<SplitResult> {
    let is_harmless = piece.bytes.ends_with(b">") || piece.bytes.trim_ascii().is_empty();
    let what = "there is text here outside of any event".to_owned();
    (!is_harmless).then_some(Err(SplitError::new(piece.offset, what)))
}

/// The tag that a piece ends with, and its length.
fn last_tag(piece: &[u8]) -> (Tag, usize) {
    let Some(start) = memchr::memrchr(b'<', piece) else {
        return (Tag::Other, 0);
    };
    let (_, tag) = piece.split_at(start);
    let has_name = |name: &[u8], ends: &[u8]| {
        let next = tag.strip_prefix(name).and_then(|rest| rest.first());
        next.is_some_and(|byte| byte.is_ascii_whitespace() || ends.contains(byte))
    };
    if has_name(b"<Event", b">/") {
        (Tag::EventStart, tag.len())
    } else if has_name(b"</Event", b">") {
        (Tag::EventEnd, tag.len())
    } else {
        (Tag::Other, tag.len())
    }
}
