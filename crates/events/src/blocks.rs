//! Lines of an input, in blocks, with a bound on what is held.

use std::io::{BufRead, Error, ErrorKind};

/// A line longer than this is never held as a whole.
pub(super) const LONGEST: usize = 1 << 20;

/// Lines of an input that follow each other.
#[derive(Debug)]
pub(super) struct Block {
    bytes: Vec<u8>,
    /// The number of its first line.
    line: u64,
    /// Whether that line begins here.
    starts_line: bool,
    /// Whether the input ends here.
    is_last: bool,
    /// Why nothing can be read after it, and the number of the line where.
    pub(super) error: Option<(u64, Error)>,
}

/// A line of a block, or the part of one that the block has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'b> {
    /// Its text, with its line feed where it has one.
    pub(super) bytes: &'b [u8],
    /// Its number, counted from 1.
    pub(super) number: u64,
    /// Whether its begin is here.
    pub(super) starts: bool,
    /// Whether its end is here.
    pub(super) ends: bool,
    /// How many bytes of the block come before the next line.
    pub(super) end: usize,
}

impl Block {
    /// The lines, but for those before a line that begins at `from`, which are so
    /// many.
    pub(super) fn lines(&self, from: usize, before: u64) -> impl Iterator<Item = Line<'_>> {
        let mut start = from;
        let mut number = self.line.saturating_add(before);
        std::iter::from_fn(move || {
            let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
            let feed = memchr::memchr(b'\n', rest);
            let bytes = feed.and_then(|feed| rest.get(..=feed)).unwrap_or(rest);
            let end = start.saturating_add(bytes.len());
            let starts = start > 0 || self.starts_line;
            let line = Line { bytes, number, starts, ends: feed.is_some() || self.is_last, end };
            start = end;
            number = number.saturating_add(1);
            Some(line)
        })
    }
}

/// Reads an input block by block. A block has whole lines, but for a line longer
/// than [`LONGEST`], which comes in parts.
pub(super) struct Blocks<R> {
    input: R,
    /// How much a block has at least, where the input has it.
    least: usize,
    /// The begin of a line whose end was not read yet.
    left: Vec<u8>,
    line: u64,
    starts_line: bool,
    has_ended: bool,
}

impl<R: BufRead> Blocks<R> {
    pub(super) fn new(input: R, least: usize) -> Self {
        Self { input, least, left: vec![], line: 1, starts_line: true, has_ended: false }
    }

    /// Reads on until a block is full; says why it cannot, where it cannot.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let mut has_feed = false;
        while bytes.len() < LONGEST && !(has_feed && bytes.len() >= self.least) {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                available => available?,
            };
            if available.is_empty() {
                self.has_ended = true;
                break;
            }
            let available = available.get(..LONGEST - bytes.len()).unwrap_or(available);
            has_feed |= memchr::memchr(b'\n', available).is_some();
            bytes.extend_from_slice(available);
            let used = available.len();
            self.input.consume(used);
        }
        Ok(())
    }
}

impl<R: BufRead> Iterator for Blocks<R> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        if self.has_ended {
            return None;
        }
        let mut bytes = std::mem::take(&mut self.left);
        let error = self.fill(&mut bytes).err();
        let feed = memchr::memrchr(b'\n', &bytes).map(|feed| feed.saturating_add(1));
        match (&error, feed) {
            (Some(_), feed) => bytes.truncate(feed.unwrap_or(0)),
            (None, Some(feed)) if !self.has_ended => self.left = bytes.split_off(feed),
            (None, _) => {}
        }
        let (line, starts_line) = (self.line, self.starts_line);
        self.line = line.saturating_add(memchr::memchr_iter(b'\n', &bytes).count() as u64);
        self.starts_line = bytes.last().map_or(starts_line, |last| *last == b'\n');
        self.has_ended |= error.is_some();
        let error = error.map(|error| (self.line, error));
        Some(Block { bytes, line, starts_line, is_last: self.has_ended, error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of an input that gives so many bytes at a time.
    fn lines(input: &[u8], at_once: usize, least: usize) -> Vec<(String, u64, bool, bool)> {
        let mut read = vec![];
        for block in Blocks::new(std::io::BufReader::with_capacity(at_once, input), least) {
            assert!(block.error.is_none());
            for line in block.lines(0, 0) {
                let text = String::from_utf8(line.bytes.to_vec()).unwrap();
                read.push((text, line.number, line.starts, line.ends));
            }
        }
        read
    }

    #[test]
    fn lines_come_whole_whatever_the_blocks_are() {
        for (at_once, least) in [(1, 1), (3, 1), (3, 8), (100, 1), (100, 100)] {
            let expected = ["ab\n", "\n", "abcdefg\n", "z"].map(str::to_owned);
            let expected: Vec<_> =
                expected.into_iter().zip(1..).map(|(text, n)| (text, n, true, true)).collect();
            assert_eq!(lines(b"ab\n\nabcdefg\nz", at_once, least), expected);
        }
    }

    #[test]
    fn a_line_that_is_too_long_comes_in_parts() {
        let long = "x".repeat(LONGEST + 5) + "\ny\n";
        for least in [1, 1 << 18] {
            let read: Vec<_> = lines(long.as_bytes(), 1 << 16, least)
                .into_iter()
                .map(|(t, n, s, e)| (t.len(), n, s, e))
                .collect();
            assert_eq!(read, [(LONGEST, 1, true, false), (6, 1, false, true), (2, 2, true, true)]);
        }
    }

    #[test]
    fn the_lines_after_some_are_numbered_on() {
        let block = Blocks::new(&b"a\nbb\nc"[..], LONGEST).next().unwrap();
        let first = block.lines(0, 0).next().unwrap();
        let rest: Vec<_> = block.lines(first.end, 1).map(|line| (line.bytes, line.number)).collect();
        assert_eq!(rest, [(&b"bb\n"[..], 2), (b"c", 3)]);
    }
}
