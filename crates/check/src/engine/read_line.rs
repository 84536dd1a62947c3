use std::io::{self, BufRead, Read};

/// A line exceeds the maximum length. The rest of it has not been read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineTooLong;

/// Reads a line, including its line feed. Returns `None` at the end of the stream; the last line
/// may lack a line feed.
///
/// Spec: PRO-01, PRO-13
pub(super) fn read_line(
    reader: &mut impl BufRead,
    max_len: usize,
) -> io::Result<Option<Result<Vec<u8>, LineTooLong>>> {
    let mut line = vec![];
    // One more byte for the line feed.
    let length = reader.by_ref().take(max_len as u64 + 1).read_until(b'\n', &mut line)?;
    if length > max_len && !line.ends_with(b"\n") {
        return Ok(Some(Err(LineTooLong)));
    }
    Ok((length > 0).then_some(Ok(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_limited_in_length() {
        let mut input = &b"abc\n\nabcd\nx"[..];
        let mut next = || read_line(&mut input, 3).unwrap();
        assert_eq!(next(), Some(Ok(b"abc\n".to_vec())));
        assert_eq!(next(), Some(Ok(b"\n".to_vec())));
        assert_eq!(next(), Some(Err(LineTooLong)));
        assert_eq!(next(), Some(Ok(b"\n".to_vec())));
        assert_eq!(next(), Some(Ok(b"x".to_vec())));
        assert_eq!(next(), None);
    }
}
