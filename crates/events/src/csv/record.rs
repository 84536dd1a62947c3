//! The records of a CSV text, each with the line it begins on.

use std::io::{BufRead, Cursor, Error, Read, Result as IoResult};

use super::super::lines::{self, Part};

/// Longer records are faults.
pub(super) const LONGEST: usize = 16 << 20;

/// Why a record is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Broken {
    /// The input could not be read on: why, and what to do.
    Input(String, &'static str),
    /// A quote is opened and never closed.
    Quote,
    /// It is longer than [`LONGEST`], so long.
    TooLong(usize),
}

impl From<&Error> for Broken {
    fn from(error: &Error) -> Self {
        Self::Input(error.to_string(), lines::remedy(error))
    }
}

/// Reads records one by one.
///
/// A record goes on over lines while a quote is open. Where that turns out to be
/// wrong, only its first line is given up and the others are read again, now
/// each as a record of its own: so no line is read more than twice.
pub(super) struct Records<R> {
    input: Rewound<R>,
    delimiter: char,
    line: u64,
    record: Vec<u8>,
    start: u64,
    has_ended: bool,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R) -> Self {
        let input = Rewound { again: Cursor::new(vec![]), input };
        Self { input, delimiter: ',', line: 1, record: vec![], start: 1, has_ended: false }
    }

    pub(super) fn set_delimiter(&mut self, delimiter: char) {
        self.delimiter = delimiter;
    }

    /// The line that the record read last begins on.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// Reads the next record, without its line end; `None` at the end of the
    /// input and after an error of the input.
    ///
    /// Spec: TEL-64, TEL-66
    pub(super) fn next(&mut self) -> Option<Result<&[u8], Broken>> {
        if self.has_ended {
            return None;
        }
        self.start = self.line;
        match self.collect() {
            Err(broken) => Some(Err(broken)),
            Ok(false) => None,
            Ok(true) => {
                let record = self.record.strip_suffix(b"\n").unwrap_or(&self.record);
                Some(Ok(record.strip_suffix(b"\r").unwrap_or(record)))
            }
        }
    }

    /// Collects a record; says whether there was one.
    fn collect(&mut self) -> Result<bool, Broken> {
        self.record.clear();
        let one_line = self.input.is_again();
        let mut quoting = Quoting::FieldStart;
        let mut buffer = vec![];
        loop {
            let part =
                lines::next(&mut self.input, LONGEST - self.record.len(), &mut buffer).map_err(|error| {
                    self.has_ended = true;
                    Broken::from(&error)
                })?;
            if part == Part::Nothing && self.record.is_empty() {
                return Ok(false);
            }
            quoting =
                buffer.iter().fold(quoting, |quoting, byte| quoting.after(char::from(*byte), self.delimiter));
            self.record.extend_from_slice(&buffer);
            self.line += u64::from(part == Part::Rest);
            match part {
                Part::Rest if quoting != Quoting::Quoted => return Ok(true),
                Part::Rest if self.record.len() < LONGEST && !one_line && buffer.ends_with(b"\n") => {}
                Part::Some if !self.give_back() => return Err(Broken::TooLong(self.pass_over()?)),
                Part::Some => return Err(Broken::Quote),
                Part::Rest | Part::Nothing => {
                    self.give_back();
                    return Err(Broken::Quote);
                }
            }
        }
    }

    /// Puts all but the first line of the record back; says whether there was more
    /// than one.
    pub(super) fn give_back(&mut self) -> bool {
        let Some(end) = memchr::memchr(b'\n', &self.record) else {
            return false;
        };
        let others = self.record.split_off(end + 1);
        let is_several = !others.is_empty();
        self.line = self.start + 1;
        self.input.put_back(others);
        is_several
    }

    /// Passes over the rest of a line; returns the length of the record with it.
    fn pass_over(&mut self) -> Result<usize, Broken> {
        let mut length = self.record.len();
        let mut buffer = vec![];
        loop {
            let part = lines::next(&mut self.input, 64 << 10, &mut buffer);
            length = length.saturating_add(buffer.len());
            match part {
                Ok(Part::Some) => {}
                Ok(Part::Rest | Part::Nothing) => break,
                Err(error) => {
                    self.has_ended = true;
                    return Err(Broken::from(&error));
                }
            }
        }
        self.line += 1;
        Ok(length)
    }
}

/// Where in a field a byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoting {
    FieldStart,
    Bare,
    Quoted,
    /// After a quote in a quoted field: its end, or the first half of a quote.
    AfterQuote,
}

impl Quoting {
    fn after(self, char: char, delimiter: char) -> Self {
        match (self, char) {
            (Self::Quoted, '"') => Self::AfterQuote,
            (Self::Quoted, _) => Self::Quoted,
            (Self::FieldStart | Self::AfterQuote, '"') => Self::Quoted,
            (_, char) if char == delimiter => Self::FieldStart,
            _ => Self::Bare,
        }
    }
}

/// The fields of a record.
///
/// Quotes that enclose a field are taken off, and two in it are one. Any other
/// quote is a character like any.
pub(super) fn split(record: &str, delimiter: char) -> Vec<String> {
    let mut fields = vec![];
    let mut field = String::new();
    let mut quoting = Quoting::FieldStart;
    for char in record.chars() {
        let after = quoting.after(char, delimiter);
        match (quoting, after) {
            (_, Quoting::FieldStart) => fields.push(std::mem::take(&mut field)),
            (Quoting::FieldStart, Quoting::Quoted) | (_, Quoting::AfterQuote) => {}
            _ => field.push(char),
        }
        quoting = after;
    }
    fields.push(field);
    fields
}

/// An input of which a part was put back.
struct Rewound<R> {
    again: Cursor<Vec<u8>>,
    input: R,
}

impl<R> Rewound<R> {
    fn is_again(&self) -> bool {
        self.again.position() < self.again.get_ref().len() as u64
    }

    fn put_back(&mut self, mut bytes: Vec<u8>) {
        let at = usize::try_from(self.again.position()).unwrap_or(usize::MAX);
        bytes.extend_from_slice(self.again.get_ref().get(at..).unwrap_or_default());
        self.again = Cursor::new(bytes);
    }
}

impl<R: BufRead> Read for Rewound<R> {
    fn read(&mut self, into: &mut [u8]) -> IoResult<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Rewound<R> {
    fn fill_buf(&mut self) -> IoResult<&[u8]> {
        if self.is_again() { self.again.fill_buf() } else { self.input.fill_buf() }
    }

    fn consume(&mut self, count: usize) {
        if self.is_again() {
            self.again.consume(count);
        } else {
            self.input.consume(count);
        }
    }
}
