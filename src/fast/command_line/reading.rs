//! Functions that read one argument or separator.
//!
//! Those that are called for every argument are inlined: most arguments are short, and a
//! call would take as long as the work.

use std::ops::Range;

use crate::fast::bytes;

/// The range of the argument that starts at `start`, and the end including a closing quote.
///
/// Returns `None` unless the argument is a contiguous part of the line: it must be without
/// quotes or fully enclosed in one pair of quotes.
///
/// Spec: CMD-07, CMD-11, CMD-18
#[inline]
pub(super) fn plain_argument(line: &[u8], start: usize) -> Option<(Range<usize>, usize)> {
    if line.get(start) != Some(&b'"') {
        let end = bytes::find_separator_or_quote(line, start);
        return (line.get(end) != Some(&b'"')).then_some((start..end, end));
    }
    let (inside, end) = (start + 1, bytes::find_quote(line, start + 1));
    let escaped = end > inside && end < line.len() && line.get(end - 1) == Some(&b'\\');
    let alone = matches!(line.get(end + 1), None | Some(b' ' | b'\t'));
    (alone && !escaped).then_some((inside..end, end + 1))
}

/// Reads the argument that starts at `start` and writes it to `to`, which must be at least
/// as long as the rest of the line. Returns the argument's length and its end in the line.
///
/// Spec: CMD-07, CMD-11, CMD-12, CMD-13, CMD-14, CMD-15, CMD-16, CMD-17, CMD-18
#[inline(never)]
pub(super) fn read_argument(line: &[u8], start: usize, to: &mut [u8]) -> (usize, usize) {
    let (mut quoted, mut length, mut at) = (false, 0, start);
    let mut write = |byte| {
        if let Some(place) = to.get_mut(length) {
            *place = byte;
        }
        length += 1;
    };
    while let Some(rest) = line.get(at..) {
        match *rest {
            // Of two closing quotes, the second is part of the argument.
            [b'"', b'"', ..] if quoted => {
                write(b'"');
                at += 2;
                quoted = false;
            }
            [b'"', ..] => {
                at += 1;
                quoted = !quoted;
            }
            // Runs of one and two backslashes are common, so they are not counted.
            [b'\\', b'"', ..] => {
                write(b'"');
                at += 2;
            }
            [b'\\', b'\\', b'"', ..] => {
                write(b'\\');
                at += 2;
            }
            [b'\\', ..] => {
                let (consumed, written) = backslashes(rest);
                (0..written).for_each(|_| write(b'\\'));
                at += consumed;
            }
            [b' ' | b'\t', ..] if !quoted => break,
            [byte, ..] => {
                write(byte);
                at += 1;
            }
            [] => break,
        }
    }
    (length, at)
}

/// How many leading backslashes to consume, and how many of them to write.
///
/// A backslash that escapes a quote is not consumed.
///
/// Spec: CMD-12, CMD-13, CMD-14
fn backslashes(text: &[u8]) -> (usize, usize) {
    let count = text.iter().take_while(|&&byte| byte == b'\\').count();
    match text.get(count) {
        Some(b'"') => (count - count % 2, count / 2),
        _ => (count, count),
    }
}

/// The program name and the start of the rest of the line; `None` if the line is empty.
///
/// Spec: CMD-03, CMD-04, CMD-05, CMD-06, CMD-08
#[inline]
pub(super) fn program_name(line: &[u8]) -> Option<(Range<usize>, usize)> {
    let (start, end) = match line.first()? {
        b'"' => (1, bytes::find_quote(line, 1)),
        _ => (0, bytes::find_blank_or_control(line, 0)),
    };
    Some((start..end, end + 1))
}

/// The start of the next argument; `None` if there is none.
///
/// Spec: CMD-09, CMD-10
#[inline]
pub(super) fn skip_separators(line: &[u8], at: usize) -> Option<usize> {
    let rest = line.get(at..)?;
    rest.iter().position(|&byte| byte != b' ' && byte != b'\t').map(|blanks| at + blanks)
}

/// The line up to the first NUL.
///
/// Spec: CMD-23
#[inline]
pub(super) fn up_to_nul(line: &str) -> &str {
    match memchr::memchr(0, line.as_bytes()) {
        Some(nul) => part(line, 0..nul),
        None => line,
    }
}

/// A part of a text, with bounds next to ASCII characters.
#[inline]
pub(super) fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}
