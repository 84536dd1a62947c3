//! Lines of an input, with a bound on what is held.

use std::io::{BufRead, Error, ErrorKind, Result};

/// How much of a line [`next`] read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing: the input has ended.
    Nothing,
    /// What is left of the line, with its line feed where it has one.
    Rest,
    /// As much as was allowed; the line goes on.
    Some,
}

/// Reads on to the end of the line, but at most `limit` bytes, into an emptied
/// buffer.
///
/// # Errors
///
/// The input's.
pub(super) fn next(input: &mut impl BufRead, limit: usize, buffer: &mut Vec<u8>) -> Result<Part> {
    buffer.clear();
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            available => available?,
        };
        if available.is_empty() {
            return Ok(if buffer.is_empty() { Part::Nothing } else { Part::Rest });
        }
        let available = available.get(..limit - buffer.len()).unwrap_or(available);
        let end = memchr::memchr(b'\n', available).map(|at| at + 1);
        let used = end.unwrap_or(available.len());
        buffer.extend_from_slice(available.get(..used).unwrap_or(available));
        input.consume(used);
        if end.is_some() {
            return Ok(Part::Rest);
        }
        if buffer.len() >= limit {
            return Ok(Part::Some);
        }
    }
}

/// What to do where an input cannot be read on.
pub(super) fn remedy(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::FileTooLarge => "what stands before is read; unpack it yourself, if you trust it",
        _ => "what stands before is read; get an undamaged copy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_whole_or_in_parts() {
        let mut input = std::io::BufReader::with_capacity(3, &b"ab\n\nabcdefg\nz"[..]);
        let mut read = vec![];
        let mut buffer = vec![];
        loop {
            match next(&mut input, 5, &mut buffer).unwrap() {
                Part::Nothing => break,
                part => read.push((part, String::from_utf8(buffer.clone()).unwrap())),
            }
        }
        let expected = [
            (Part::Rest, "ab\n"),
            (Part::Rest, "\n"),
            (Part::Some, "abcde"),
            (Part::Rest, "fg\n"),
            (Part::Rest, "z"),
        ];
        assert_eq!(read, expected.map(|(part, text)| (part, text.to_owned())));
    }
}
