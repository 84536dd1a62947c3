//! The records of a CSV text, each with the line that it begins on.

use std::io::{BufRead, Cursor, Read, Result as IoResult};

use crate::lines::{self, Part};

/// The maximum length of a record, in bytes.
const MAX_RECORD_LEN: usize = 16 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What is wrong with a record, and what to do about it.
pub(super) struct RecordError {
    pub(super) what: String,
    pub(super) remedy: &'static str,
}

impl RecordError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: "correct the row, or export it again" }
    }

    fn unclosed_quote() -> Self {
        Self::new("a quote is never closed")
    }
}

/// Reads records one by one.
///
/// A record continues on the next line while a quote is open. If the quote turns out to be wrong,
/// only the first line of the record is given up. The other lines are read again, each as a record
/// of its own, so no line is read more than twice.
pub(super) struct RecordReader<R> {
    input: RewindReader<R>,
    delimiter: char,
    /// Whether the delimiter is known, so that text after a quote is known to be damage.
    has_delimiter: bool,
    line: u64,
    record: Vec<u8>,
    start_line: u64,
    has_ended: bool,
}

impl<R: BufRead> RecordReader<R> {
    pub(super) fn new(input: R) -> Self {
        let input = RewindReader { unread: Cursor::new(vec![]), input };
        Self {
            input,
            delimiter: ',',
            has_delimiter: false,
            line: 1,
            record: vec![],
            start_line: 1,
            has_ended: false,
        }
    }

    pub(super) fn set_delimiter(&mut self, delimiter: char) {
        self.delimiter = delimiter;
        self.has_delimiter = true;
    }

    /// The line that the last record begins on.
    pub(super) fn start_line(&self) -> u64 {
        self.start_line
    }

    /// Reads the next record, without its line ending. Returns `None` at the end of the input and
    /// after an error of the input.
    ///
    /// Spec: TEL-64, TEL-66
    pub(super) fn next(&mut self) -> Option<Result<&[u8], RecordError>> {
        if self.has_ended {
            return None;
        }
        self.start_line = self.line;
        match self.fill_record() {
            Err(error) => Some(Err(error)),
            Ok(false) => None,
            Ok(true) => {
                let record = self.record.strip_suffix(b"\n").unwrap_or(&self.record);
                Some(Ok(record.strip_suffix(b"\r").unwrap_or(record)))
            }
        }
    }

    /// Reads a record into `self.record`. Returns false at the end of the input.
    fn fill_record(&mut self) -> Result<bool, RecordError> {
        self.record.clear();
        let is_single_line = self.input.has_unread();
        let mut state = FieldState::Start;
        let mut buffer = vec![];
        let mut is_damaged = false;
        loop {
            let limit = MAX_RECORD_LEN - self.record.len();
            let part = self.read_part(limit, &mut buffer)?;
            if part == Part::Eof && self.record.is_empty() {
                return Ok(false);
            }
            if self.line == 1 && self.record.is_empty() && buffer.starts_with(BYTE_ORDER_MARK) {
                buffer.drain(..BYTE_ORDER_MARK.len());
            }
            for byte in &buffer {
                let next = state.after(char::from(*byte), self.delimiter);
                is_damaged |= state == FieldState::AfterQuote
                    && next == FieldState::Unquoted
                    && !matches!(byte, b'\r' | b'\n' | b' ')
                    && self.has_delimiter;
                state = next;
            }
            self.record.extend_from_slice(&buffer);
            self.line += u64::from(part == Part::Rest);
            match part {
                // Quotes around a part of a field would make it lose them, or even swallow other rows.
                Part::Rest if state != FieldState::Quoted && is_damaged => {
                    self.unread_all_but_first_line();
                    return Err(RecordError::new("text follows a closing quote"));
                }
                Part::Rest if state != FieldState::Quoted => return Ok(true),
                Part::Rest
                    if self.record.len() < MAX_RECORD_LEN && !is_single_line && buffer.ends_with(b"\n") => {}
                Part::Truncated if !self.unread_all_but_first_line() => {
                    let len = self.skip_line()?;
                    let what = format!("a row of {len} bytes is longer than {MAX_RECORD_LEN} bytes");
                    return Err(RecordError::new(what));
                }
                Part::Truncated => return Err(RecordError::unclosed_quote()),
                Part::Rest | Part::Eof => {
                    self.unread_all_but_first_line();
                    return Err(RecordError::unclosed_quote());
                }
            }
        }
    }

    fn read_part(&mut self, limit: usize, buffer: &mut Vec<u8>) -> Result<Part, RecordError> {
        lines::read_part(&mut self.input, limit, buffer).map_err(|error| {
            self.has_ended = true;
            RecordError { what: error.to_string(), remedy: lines::remedy(&error) }
        })
    }

    /// Puts all but the first line of the record back into the input. Returns whether there were
    /// several lines. A record that is read again never has several, so nothing is copied for it.
    pub(super) fn unread_all_but_first_line(&mut self) -> bool {
        let Some(end) = memchr::memchr(b'\n', &self.record) else {
            return false;
        };
        let others = self.record.split_off(end + 1);
        let has_others = !others.is_empty();
        self.line = self.start_line + 1;
        if has_others {
            self.input.unread(others);
        }
        has_others
    }

    /// Skips the rest of a line. Returns the length of the record including that rest.
    fn skip_line(&mut self) -> Result<usize, RecordError> {
        let mut len = self.record.len();
        let mut buffer = vec![];
        while self.read_part(64 << 10, &mut buffer)? == Part::Truncated {
            len = len.saturating_add(buffer.len());
        }
        self.line += 1;
        Ok(len.saturating_add(buffer.len()))
    }
}

/// The position of a byte relative to its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldState {
    Start,
    Unquoted,
    Quoted,
    /// After a quote in a quoted field: either the field has ended or a second quote follows.
    AfterQuote,
}

impl FieldState {
    fn after(self, char: char, delimiter: char) -> Self {
        match (self, char) {
            (Self::Quoted, '"') => Self::AfterQuote,
            (Self::Quoted, _) => Self::Quoted,
            (Self::Start | Self::AfterQuote, '"') => Self::Quoted,
            (_, char) if char == delimiter => Self::Start,
            _ => Self::Unquoted,
        }
    }
}

/// Splits a record into its fields. Returns the first `max` of them, and how many there are.
///
/// Quotes around a field are removed, and two quotes in it are one. Any other quote is an ordinary
/// character.
pub(super) fn split(record: &str, delimiter: char, max: usize) -> (Vec<String>, usize) {
    let mut fields = vec![];
    let mut field = String::new();
    let mut count = 1;
    let mut state = FieldState::Start;
    for char in record.chars() {
        let next = state.after(char, delimiter);
        match (state, next) {
            (_, FieldState::Start) => {
                if fields.len() < max {
                    fields.push(std::mem::take(&mut field));
                }
                count += 1;
            }
            (FieldState::Start, FieldState::Quoted) | (_, FieldState::AfterQuote) => {}
            _ if fields.len() < max => field.push(char),
            _ => {}
        }
        state = next;
    }
    if fields.len() < max {
        fields.push(field);
    }
    (fields, count)
}

/// An input that bytes can be put back into.
struct RewindReader<R> {
    unread: Cursor<Vec<u8>>,
    input: R,
}

impl<R> RewindReader<R> {
    fn has_unread(&self) -> bool {
        self.unread.position() < self.unread.get_ref().len() as u64
    }

    fn unread(&mut self, mut bytes: Vec<u8>) {
        let at = usize::try_from(self.unread.position()).unwrap_or(usize::MAX);
        bytes.extend_from_slice(self.unread.get_ref().get(at..).unwrap_or_default());
        self.unread = Cursor::new(bytes);
    }
}

impl<R: BufRead> Read for RewindReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for RewindReader<R> {
    fn fill_buf(&mut self) -> IoResult<&[u8]> {
        if self.has_unread() { self.unread.fill_buf() } else { self.input.fill_buf() }
    }

    fn consume(&mut self, count: usize) {
        if self.has_unread() {
            self.unread.consume(count);
        } else {
            self.input.consume(count);
        }
    }
}
