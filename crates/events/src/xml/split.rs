//! An XML file cut into its events, without holding more than one of them.

use std::io::BufRead;

use super::super::lines;
use super::pieces::{LARGEST_EVENT, Piece, Pieces};

/// One event, from `<Event` to `</Event>`.
pub(super) struct Whole {
    /// Where in the file it starts.
    pub(super) start: u64,
    /// Its text.
    pub(super) text: String,
}

/// A part of the file that holds no whole event.
pub(super) struct Broken {
    /// Where in the file.
    pub(super) at: u64,
    /// What is wrong.
    pub(super) what: String,
    /// What to do about it.
    pub(super) remedy: &'static str,
}

impl Broken {
    pub(super) fn new(at: u64, what: String) -> Self {
        Self { at, what, remedy: "the events around it are read; export it again" }
    }
}

enum Open {
    /// Between two events.
    Nothing,
    /// In an event, of which these are the bytes so far.
    Event(Piece),
    /// In an event that is given up, until it ends or the next one starts.
    GivenUp,
}

enum Tag {
    Start,
    End,
    Other,
}

/// Iterates over the events of a file and what is broken between them.
///
/// Well-formed XML has a `<` nowhere but where a tag starts, so the last `<`
/// before a `>` starts a tag even where what is before it is broken.
///
/// Spec: TEL-28, TEL-30, TEL-31
pub(super) struct Splitter<R> {
    pieces: Pieces<R>,
    open: Open,
    ended: bool,
}

impl<R: BufRead> Splitter<R> {
    pub(super) fn new(input: R) -> Self {
        Self { pieces: Pieces::new(input), open: Open::Nothing, ended: false }
    }

    fn take(&mut self, mut piece: Piece) -> Option<Result<Whole, Broken>> {
        let (tag, tag_length) = last_tag(&piece.bytes);
        let before_tag = piece.bytes.len() - tag_length;
        match tag {
            Tag::Start => {
                let broken = self.give_up("has no end before the next one starts");
                let before: Vec<u8> = piece.bytes.drain(..before_tag).collect();
                piece.start += self.pieces.encoding().length_in_file(&before);
                self.open = Open::Event(piece);
                broken
            }
            Tag::End => match std::mem::replace(&mut self.open, Open::Nothing) {
                Open::Event(event) => self.add(event, &piece.bytes).or_else(|| self.finish()),
                Open::GivenUp => None,
                Open::Nothing => {
                    let what = "an event ends here that did not start".to_owned();
                    Some(Err(Broken::new(piece.start, what)))
                }
            },
            Tag::Other => match std::mem::replace(&mut self.open, Open::Nothing) {
                Open::Event(event) => self.add(event, &piece.bytes),
                Open::GivenUp => {
                    self.open = Open::GivenUp;
                    None
                }
                Open::Nothing => stray(&piece),
            },
        }
    }

    /// Adds to the open event, or gives it up where it gets too large.
    ///
    /// Spec: TEL-30
    fn add(&mut self, mut event: Piece, bytes: &[u8]) -> Option<Result<Whole, Broken>> {
        let fits = event.bytes.len().saturating_add(bytes.len()) <= LARGEST_EVENT;
        if fits {
            event.bytes.extend_from_slice(bytes);
        }
        self.open = Open::Event(event);
        if fits { None } else { self.give_up("is larger than 16 MiB") }
    }

    fn finish(&mut self) -> Option<Result<Whole, Broken>> {
        let Open::Event(event) = std::mem::replace(&mut self.open, Open::Nothing) else {
            return None;
        };
        Some(String::from_utf8(event.bytes).map(|text| Whole { start: event.start, text }).map_err(|error| {
            let good = error.utf8_error().valid_up_to() as u64;
            let what = "the event here is not UTF-8".to_owned();
            Broken::new(event.start.saturating_add(good), what)
        }))
    }

    fn give_up(&mut self, why: &str) -> Option<Result<Whole, Broken>> {
        match std::mem::replace(&mut self.open, Open::GivenUp) {
            Open::Event(event) => Some(Err(Broken::new(event.start, format!("the event here {why}")))),
            Open::Nothing | Open::GivenUp => None,
        }
    }
}

impl<R: BufRead> Iterator for Splitter<R> {
    type Item = Result<Whole, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.pieces.next() {
                Ok(Some(piece)) => {
                    if let Some(part) = self.take(piece) {
                        return Some(part);
                    }
                }
                Ok(None) => {
                    self.ended = true;
                    return self.give_up("is cut off by the end of the file");
                }
                Err(error) => {
                    self.ended = true;
                    let what = format!("cannot be read from here on: {error}");
                    let remedy = lines::remedy(&error);
                    return Some(Err(Broken { at: self.pieces.position, what, remedy }));
                }
            }
        }
        None
    }
}

/// What is wrong with text between two events that ends in no tag, as the last of
/// a file does that was cut off.
fn stray(piece: &Piece) -> Option<Result<Whole, Broken>> {
    let is_harmless = piece.bytes.ends_with(b">") || piece.bytes.trim_ascii().is_empty();
    let what = "there is something here that is no event".to_owned();
    (!is_harmless).then_some(Err(Broken::new(piece.start, what)))
}

/// The tag a piece ends in, and its length.
fn last_tag(piece: &[u8]) -> (Tag, usize) {
    let Some(start) = memchr::memrchr(b'<', piece) else {
        return (Tag::Other, 0);
    };
    let (_, tag) = piece.split_at(start);
    let is_named = |name: &[u8], ends: &[u8]| {
        let next = tag.strip_prefix(name).and_then(|rest| rest.first());
        next.is_some_and(|byte| byte.is_ascii_whitespace() || ends.contains(byte))
    };
    if is_named(b"<Event", b">/") {
        (Tag::Start, tag.len())
    } else if is_named(b"</Event", b">") {
        (Tag::End, tag.len())
    } else {
        (Tag::Other, tag.len())
    }
}
