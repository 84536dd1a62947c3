//! The lines of an input, read with a limit on their length.

use std::io::{BufRead, Error, ErrorKind, Result};

/// What [`read_part`] read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing: the input has ended.
    Eof,
    /// The rest of the line, with its line feed unless the input ends without one.
    Rest,
    /// As many bytes as the limit allows. The line continues.
    Truncated,
}

/// Reads up to the end of the line, but at most `limit` bytes, and replaces the content of the
/// buffer with them.
///
/// # Errors
///
/// Returns an error if the input does.
pub(super) fn read_part(input: &mut impl BufRead, limit: usize, buffer: &mut Vec<u8>) -> Result<Part> {
    buffer.clear();
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            available => available?,
        };
        if available.is_empty() {
            return Ok(if buffer.is_empty() { Part::Eof } else { Part::Rest });
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
            return Ok(Part::Truncated);
        }
    }
}

/// What to do about an error of the input.
pub(super) fn remedy(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::FileTooLarge | ErrorKind::Unsupported => {
            "everything before it was read; unpack it yourself if you trust it"
        }
        _ => "everything before it was read; get an undamaged copy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_whole_or_in_parts() {
        let mut input = std::io::BufReader::with_capacity(3, &b"ab\n\nabcdefg\nz"[..]);
        let mut read = vec![];
        let mut buffer = vec![];
        loop {
            match read_part(&mut input, 5, &mut buffer).unwrap() {
                Part::Eof => break,
                part => read.push((part, String::from_utf8(buffer.clone()).unwrap())),
            }
        }
        let expected = [
            (Part::Rest, "ab\n"),
            (Part::Rest, "\n"),
            (Part::Truncated, "abcde"),
            (Part::Rest, "fg\n"),
            (Part::Rest, "z"),
        ];
        assert_eq!(read, expected.map(|(part, text)| (part, text.to_owned())));
    }
}
