//! The lines of an input in blocks of limited size, so that several threads can share them.

use std::io::{BufRead, Error, ErrorKind};

/// The maximum length of a block, and thus of a line that is in memory as a whole.
pub(super) const MAX_BLOCK_LEN: usize = 1 << 20;

/// Consecutive lines of an input.
#[derive(Debug)]
pub(super) struct Block {
    bytes: Vec<u8>,
    /// The number of the first line.
    line: u64,
    /// Whether the first line starts in this block.
    starts_line: bool,
    /// Whether the input ends with this block.
    is_last: bool,
    /// The error that ended the input after this block, and the number of the line.
    pub(super) error: Option<(u64, Error)>,
}

/// A line of a block, or the part of it that is in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'b> {
    /// The text, including its line feed.
    pub(super) bytes: &'b [u8],
    /// The number, counted from 1.
    pub(super) number: u64,
    /// Whether the line starts here.
    pub(super) is_start: bool,
    /// Whether the line ends here.
    pub(super) is_end: bool,
    /// The offset in the block of the next line.
    pub(super) next_offset: usize,
}

impl Block {
    /// The lines from this offset, which is that of the line with this index.
    pub(super) fn lines(&self, offset: usize, index: u64) -> impl Iterator<Item = Line<'_>> {
        let mut start = offset;
        let mut number = self.line.saturating_add(index);
        std::iter::from_fn(move || {
            let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
            let feed = memchr::memchr(b'\n', rest);
            let bytes = feed.and_then(|feed| rest.get(..=feed)).unwrap_or(rest);
            let next_offset = start.saturating_add(bytes.len());
            let is_start = start > 0 || self.starts_line;
            let line = Line { bytes, number, is_start, is_end: feed.is_some() || self.is_last, next_offset };
            start = next_offset;
            number = number.saturating_add(1);
            Some(line)
        })
    }
}

/// Reads an input block by block. A block has complete lines, except for lines longer than
/// [`MAX_BLOCK_LEN`], which are split.
pub(super) struct BlockReader<R> {
    input: R,
    /// The length from which a block is long enough.
    min_len: usize,
    /// The start of a line whose end has not been read yet.
    partial_line: Vec<u8>,
    line: u64,
    starts_line: bool,
    has_ended: bool,
}

impl<R: BufRead> BlockReader<R> {
    pub(super) fn new(input: R, min_len: usize) -> Self {
        Self { input, min_len, partial_line: vec![], line: 1, starts_line: true, has_ended: false }
    }

    /// Reads until the block is long enough and has a line feed.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let mut has_feed = false;
        while bytes.len() < MAX_BLOCK_LEN && !(has_feed && bytes.len() >= self.min_len) {
            let available = match self.input.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                available => available?,
            };
            if available.is_empty() {
                self.has_ended = true;
                break;
            }
            let available = available.get(..MAX_BLOCK_LEN - bytes.len()).unwrap_or(available);
            has_feed |= memchr::memchr(b'\n', available).is_some();
            bytes.extend_from_slice(available);
            let used = available.len();
            self.input.consume(used);
        }
        Ok(())
    }
}

impl<R: BufRead> Iterator for BlockReader<R> {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        if self.has_ended {
            return None;
        }
        let mut bytes = std::mem::take(&mut self.partial_line);
        let error = self.fill(&mut bytes).err();
        let end = memchr::memrchr(b'\n', &bytes).map(|feed| feed.saturating_add(1));
        match (&error, end) {
            (Some(_), end) => bytes.truncate(end.unwrap_or(0)),
            (None, Some(end)) if !self.has_ended => self.partial_line = bytes.split_off(end),
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

    /// Every line of an input that supplies `chunk_len` bytes at a time.
    fn lines(input: &[u8], chunk_len: usize, min_len: usize) -> Vec<(String, u64, bool, bool)> {
        let mut read = vec![];
        for block in BlockReader::new(std::io::BufReader::with_capacity(chunk_len, input), min_len) {
            assert!(block.error.is_none());
            for line in block.lines(0, 0) {
                let text = String::from_utf8(line.bytes.to_vec()).unwrap();
                read.push((text, line.number, line.is_start, line.is_end));
            }
        }
        read
    }

    #[test]
    fn blocks_of_any_size_have_complete_lines() {
        for (chunk_len, min_len) in [(1, 1), (3, 1), (3, 8), (100, 1), (100, 100)] {
            let expected = [("ab\n", 1), ("\n", 2), ("abcdefg\n", 3), ("z", 4)];
            let expected = expected.map(|(text, number)| (text.to_owned(), number, true, true));
            assert_eq!(lines(b"ab\n\nabcdefg\nz", chunk_len, min_len), expected);
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_split() {
        let long = "x".repeat(MAX_BLOCK_LEN + 5) + "\ny\n";
        for min_len in [1, 1 << 18] {
            let read = lines(long.as_bytes(), 1 << 16, min_len);
            let read: Vec<_> = read.into_iter().map(|(text, n, s, e)| (text.len(), n, s, e)).collect();
            assert_eq!(read, [(MAX_BLOCK_LEN, 1, true, false), (6, 1, false, true), (2, 2, true, true)]);
        }
    }

    #[test]
    fn lines_from_an_offset_have_their_numbers() {
        let block = BlockReader::new(&b"a\nbb\nc"[..], MAX_BLOCK_LEN).next().unwrap();
        let first = block.lines(0, 0).next().unwrap();
        let rest: Vec<_> = block.lines(first.next_offset, 1).map(|line| (line.bytes, line.number)).collect();
        assert_eq!(rest, [(&b"bb\n"[..], 2), (b"c", 3)]);
    }
}
