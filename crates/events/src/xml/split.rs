//! The events of an XML file, split without having more than one of them in memory.

use std::io::BufRead;

use super::gap::Gap;
use super::pieces::{MAX_EVENT_SIZE, Piece, PieceReader};
use crate::lines;

/// How many elements around an event are remembered.
const MAX_DEPTH: usize = 64;

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
    /// In a comment between events, which begins at this offset and has so many events so far.
    InComment {
        offset: u64,
        events: u64,
    },
    /// In an event with these bytes so far.
    InEvent(Piece),
    /// In an event that cannot be read, up to its end or the start of the next one.
    Skipping,
}

const COMMENT_START: &[u8] = b"<!--";

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
/// Spec: TEL-28, TEL-30, TEL-31, TEL-105
pub(super) struct EventSplitter<R> {
    pieces: PieceReader<R>,
    state: State,
    /// What follows the last event.
    gap: Gap,
    /// The names of the elements around the last event, outermost first.
    around: Vec<String>,
    /// Whether there is anything but elements without events.
    has_items: bool,
    has_ended: bool,
}

impl<R: BufRead> EventSplitter<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            pieces: PieceReader::new(input),
            state: State::BetweenEvents,
            gap: Gap::default(),
            around: vec![],
            has_items: false,
            has_ended: false,
        }
    }

    /// The names of the elements of a file without events.
    pub(super) fn names(&self) -> Option<String> {
        self.gap.content(false).close_all().names()
    }

    fn process(&mut self, piece: Piece) -> Option<SplitResult> {
        match std::mem::replace(&mut self.state, State::BetweenEvents) {
            State::BetweenEvents => self.process_between(piece),
            State::InComment { offset, events } => self.process_comment(offset, events, &piece.bytes),
            State::InEvent(event) => match last_tag(&piece.bytes) {
                (Tag::EventStart, tag_len) => {
                    self.start_event(piece, tag_len);
                    Some(Err(SplitError::event(event.offset, "has no end before the next one starts")))
                }
                (Tag::EventEnd, _) => Some(finish_event(event, &piece.bytes)),
                (Tag::Other, _) => self.append(event, &piece.bytes),
            },
            State::Skipping => {
                match last_tag(&piece.bytes) {
                    (Tag::EventStart, tag_len) => self.start_event(piece, tag_len),
                    (Tag::EventEnd, _) => {}
                    (Tag::Other, _) => self.state = State::Skipping,
                }
                None
            }
        }
    }

    fn process_between(&mut self, piece: Piece) -> Option<SplitResult> {
        let encoding = self.pieces.encoding();
        if let Some(start) = memchr::memmem::find(&piece.bytes, COMMENT_START) {
            let (before, comment) = piece.bytes.split_at(start);
            self.gap.push(piece.offset, before, encoding);
            let offset = piece.offset.saturating_add(encoding.encoded_len(before));
            let comment = comment.get(COMMENT_START.len()..).unwrap_or_default();
            return self.process_comment(offset, 0, comment);
        }
        match last_tag(&piece.bytes) {
            (Tag::EventStart, tag_len) => {
                let before = piece.bytes.get(..piece.bytes.len() - tag_len).unwrap_or_default();
                self.gap.push(piece.offset, before, encoding);
                self.start_event(piece, tag_len);
                self.end_gap()
            }
            (Tag::EventEnd, _) => {
                let gap = std::mem::take(&mut self.gap);
                let offset = if gap.is_empty() { piece.offset } else { gap.offset };
                Some(Err(SplitError::new(offset, "an event ends here that never started".to_owned())))
            }
            (Tag::Other, _) => {
                self.gap.push(piece.offset, &piece.bytes, encoding);
                None
            }
        }
    }

    /// Counts the events in a comment between events.
    fn process_comment(&mut self, offset: u64, events: u64, bytes: &[u8]) -> Option<SplitResult> {
        let events = events + u64::from(matches!(last_tag(bytes), (Tag::EventStart, _)));
        if !bytes.ends_with(b"-->") {
            self.state = State::InComment { offset, events };
            return None;
        }
        let remedy = "take them out of the comment if they are to be read";
        let what = format!("events in the comment here, which are not read: {events}");
        (events > 0).then_some(Err(SplitError { offset, what, remedy }))
    }

    /// Starts the event whose tag this piece ends with.
    fn start_event(&mut self, mut piece: Piece, tag_len: usize) {
        let before: Vec<u8> = piece.bytes.drain(..piece.bytes.len() - tag_len).collect();
        piece.offset += self.pieces.encoding().encoded_len(&before);
        self.state = State::InEvent(piece);
    }

    /// Reports what is between the last event and the one that has started, unless it is known.
    fn end_gap(&mut self) -> Option<SplitResult> {
        let gap = std::mem::take(&mut self.gap);
        if gap.is_empty() {
            return None;
        }
        let content = gap.content(true);
        let problem = content.problem();
        self.around.truncate(self.around.len().saturating_sub(content.ended));
        self.around.extend(content.into_open());
        self.around.truncate(MAX_DEPTH);
        Some(Err(SplitError::new(gap.offset, problem?)))
    }

    /// Reports what the file ends with, if that is no complete event.
    fn end_file(&mut self) -> Option<SplitResult> {
        match std::mem::replace(&mut self.state, State::BetweenEvents) {
            State::InEvent(event) => {
                Some(Err(SplitError::event(event.offset, "is cut off by the end of the file")))
            }
            State::InComment { offset, events } => {
                let what = format!("the comment here has no end; events in it, which are not read: {events}");
                Some(Err(SplitError::new(offset, what)))
            }
            State::BetweenEvents if self.has_items => {
                let gap = std::mem::take(&mut self.gap);
                let content = gap.content(false).close_all();
                if let Some(problem) = content.problem() {
                    return Some(Err(SplitError::new(gap.offset, problem)));
                }
                let open = self.around.len().checked_sub(content.ended.saturating_add(1))?;
                let what = format!("the file ends before </{}>", self.around.get(open)?);
                Some(Err(SplitError::new(self.pieces.position, what)))
            }
            State::BetweenEvents | State::Skipping => None,
        }
    }

    /// Appends to an event, or abandons it if it becomes too large.
    ///
    /// Spec: TEL-30
    fn append(&mut self, mut event: Piece, bytes: &[u8]) -> Option<SplitResult> {
        if event.bytes.len().saturating_add(bytes.len()) > MAX_EVENT_SIZE {
            self.state = State::Skipping;
            return Some(Err(SplitError::event(event.offset, "is larger than 16 MiB")));
        }
        event.bytes.extend_from_slice(bytes);
        self.state = State::InEvent(event);
        None
    }
}

impl<R: BufRead> Iterator for EventSplitter<R> {
    type Item = SplitResult;

    fn next(&mut self) -> Option<SplitResult> {
        while !self.has_ended {
            match self.pieces.next() {
                Ok(Some(piece)) => {
                    if let Some(event) = self.process(piece) {
                        self.has_items = true;
                        return Some(event);
                    }
                }
                Ok(None) => {
                    self.has_ended = true;
                    return self.end_file();
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

/// The event that ends with these bytes.
fn finish_event(mut event: Piece, bytes: &[u8]) -> SplitResult {
    if event.bytes.len().saturating_add(bytes.len()) > MAX_EVENT_SIZE {
        return Err(SplitError::event(event.offset, "is larger than 16 MiB"));
    }
    event.bytes.extend_from_slice(bytes);
    String::from_utf8(event.bytes).map(|text| EventText { offset: event.offset, text }).map_err(|error| {
        let offset = event.offset.saturating_add(error.utf8_error().valid_up_to() as u64);
        SplitError::event(offset, "is not UTF-8")
    })
}

/// The tag that a piece ends with, and its length.
fn last_tag(piece: &[u8]) -> (Tag, usize) {
    let Some(start) = memchr::memrchr(b'<', piece) else {
        return (Tag::Other, 0);
    };
    let (_, tag) = piece.split_at(start);
    let kind = match (tag.strip_prefix(b"</"), tag.strip_prefix(b"<")) {
        (Some(name), _) if local_name(name) == b"Event" => Tag::EventEnd,
        (None, Some(name)) if local_name(name) == b"Event" => Tag::EventStart,
        _ => Tag::Other,
    };
    (kind, tag.len())
}

/// Whether a text begins with the tag of an event or of several, in whatever namespace.
///
/// Spec: TEL-28
pub(crate) fn begins_event(text: &[u8]) -> bool {
    text.strip_prefix(b"<").is_some_and(|name| matches!(local_name(name), b"Event" | b"Events"))
}

/// The name that a complete tag begins with, without the prefix of its namespace.
fn local_name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/' | b'<'));
    let name = end.and_then(|end| tag.get(..end)).unwrap_or_default();
    let prefix = memchr::memchr(b':', name).map_or(0, |colon| colon.saturating_add(1));
    name.get(prefix..).unwrap_or_default()
}
