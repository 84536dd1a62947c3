//! `parse_command_line(line, "windows")`, borrowing from the line.
//!
//! Most arguments lie in the line as they are, in quotes or not, and are borrowed;
//! the others, which hold a quote or a backslash that means something, are built
//! byte by byte.
//!
//! All of it takes time in proportion to the line, whatever the line is.

use std::borrow::Cow;
use std::ops::Range;

use super::bytes;

/// The arguments of a line, one after the other, the program name first.
///
/// Each is borrowed from the line where it lies there in one piece.
///
/// ```
/// use std::borrow::Cow;
/// use rulespec::fast::command_line::split;
///
/// let arguments: Vec<Cow<str>> = split(r#"x.exe "a b" c\"d"#).collect();
/// assert_eq!(arguments, ["x.exe", "a b", "c\"d"]);
/// assert!(matches!(arguments[..], [Cow::Borrowed(_), Cow::Borrowed(_), Cow::Owned(_)]));
/// ```
pub fn split(line: &str) -> Split<'_> {
    Split { line: up_to_nul(line), at: None }
}

/// The arguments of a line, as strings of their own.
///
/// ```
/// use rulespec::fast::command_line::split_to_owned;
///
/// assert_eq!(split_to_owned(r#"x.exe "a b""#), ["x.exe", "a b"]);
/// ```
pub fn split_to_owned(line: &str) -> Vec<String> {
    let line = up_to_nul(line);
    // An argument and its separator take 16 bytes or more in most lines.
    let mut arguments = Vec::with_capacity(line.len() / 16 + 2);
    let Some((name, mut at)) = program_name(line.as_bytes()) else { return arguments };
    arguments.push(part(line, name).to_owned());
    while let Some(start) = skip_separators(line.as_bytes(), at) {
        let argument;
        (argument, at) = next_argument(line, start);
        arguments.push(argument.into_owned());
    }
    arguments
}

/// The iterator that [`split`] returns.
#[derive(Debug, Clone)]
pub struct Split<'a> {
    line: &'a str,
    /// Where the rest begins, once the program name is taken.
    at: Option<usize>,
}

impl<'a> Iterator for Split<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Cow<'a, str>> {
        let Some(at) = self.at else {
            let (name, rest) = program_name(self.line.as_bytes())?;
            self.at = Some(rest);
            return Some(Cow::Borrowed(part(self.line, name)));
        };
        let start = skip_separators(self.line.as_bytes(), at)?;
        let (argument, end) = next_argument(self.line, start);
        self.at = Some(end);
        Some(argument)
    }
}

/// The last argument but one and the last, `None` where the line has them not.
///
/// The arguments before these are not kept.
///
/// ```
/// use rulespec::fast::command_line::last_two;
///
/// let [url, file] = last_two(r#"x /transfer j http://h/a "C:\a b""#);
/// assert_eq!((url.as_deref(), file.as_deref()), (Some("http://h/a"), Some(r"C:\a b")));
/// assert_eq!(last_two("x")[0], None);
/// ```
pub fn last_two(line: &str) -> [Option<Cow<'_, str>>; 2] {
    let mut two = [None, None];
    for argument in split(line) {
        two = [two[1].take(), Some(argument)];
    }
    two
}

/// A buffer for the arguments of one line after another.
///
/// Once it has grown to the longest line it allocates nothing.
///
/// ```
/// use rulespec::fast::command_line::Arguments;
///
/// let mut arguments = Arguments::default();
/// for line in ["x.exe a", r#"y.exe "" b\"c"#] {
///     println!("{:?}", arguments.parse(line).iter().collect::<Vec<_>>());
/// }
/// let parsed = arguments.parse(r#"y.exe "" b\"c"#);
/// assert_eq!(parsed.iter().collect::<Vec<_>>(), ["y.exe", "", "b\"c"]);
/// assert_eq!(parsed.get(2), Some("b\"c"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Arguments {
    spans: Vec<Span>,
    /// The arguments that do not lie in the line as they are.
    built: Vec<u8>,
}

/// Where an argument lies.
#[derive(Debug, Clone)]
struct Span {
    /// In `built` (true), or in the line.
    built: bool,
    range: Range<usize>,
}

impl Arguments {
    /// The arguments of a line; those of the line before are gone.
    pub fn parse<'a>(&'a mut self, line: &'a str) -> Parsed<'a> {
        self.spans.clear();
        self.built.clear();
        let line = up_to_nul(line);
        if let Some((name, rest)) = program_name(line.as_bytes()) {
            self.spans.push(Span { built: false, range: name });
            let mut at = rest;
            while let Some(start) = skip_separators(line.as_bytes(), at) {
                at = self.push(line.as_bytes(), start);
            }
        }
        // Only ASCII is left out of the line, so it is UTF-8 as the line is.
        let built = std::str::from_utf8(&self.built).unwrap_or_default();
        Parsed { line, built, spans: &self.spans }
    }

    /// Adds the argument that begins at `start`, and returns where it ends.
    fn push(&mut self, line: &[u8], start: usize) -> usize {
        if let Some((range, end)) = plain_argument(line, start) {
            self.spans.push(Span { built: false, range });
            return end;
        }
        let before = self.built.len();
        let end = read_argument(line, start, |byte| self.built.push(byte));
        self.spans.push(Span { built: true, range: before..self.built.len() });
        end
    }
}

/// The arguments of one line, in an [`Arguments`].
#[derive(Debug, Clone, Copy)]
pub struct Parsed<'a> {
    line: &'a str,
    built: &'a str,
    spans: &'a [Span],
}

impl<'a> Parsed<'a> {
    /// How many there are.
    pub fn len(self) -> usize {
        self.spans.len()
    }

    /// Whether there are none, as of an empty line.
    pub fn is_empty(self) -> bool {
        self.spans.is_empty()
    }

    /// The argument of this number, the program name being 0.
    pub fn get(self, number: usize) -> Option<&'a str> {
        self.spans.get(number).map(|span| self.text(span))
    }

    /// All of them, in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'a str> + ExactSizeIterator {
        self.spans.iter().map(move |span| self.text(span))
    }

    fn text(self, span: &Span) -> &'a str {
        part(if span.built { self.built } else { self.line }, span.range.clone())
    }
}

/// The argument that begins at `start`, and where it ends.
fn next_argument(line: &str, start: usize) -> (Cow<'_, str>, usize) {
    let bytes = line.as_bytes();
    if let Some((range, end)) = plain_argument(bytes, start) {
        return (Cow::Borrowed(part(line, range)), end);
    }
    let mut built = vec![];
    let end = read_argument(bytes, start, |byte| built.push(byte));
    // Only ASCII is left out of the line, so it is UTF-8 as the line is.
    (Cow::Owned(String::from_utf8(built).unwrap_or_default()), end)
}

/// The argument that begins at `start`, where it lies in the line as it is: it has
/// no quotes, or one pair around it all. With it, where it ends.
///
/// Spec: CMD-07, CMD-11, CMD-18
fn plain_argument(line: &[u8], start: usize) -> Option<(Range<usize>, usize)> {
    if line.get(start) != Some(&b'"') {
        let end = bytes::separator_or_quote(line, start);
        return (line.get(end) != Some(&b'"')).then_some((start..end, end));
    }
    let (inside, end) = (start + 1, bytes::quote(line, start + 1));
    let escaped = end > inside && end < line.len() && line.get(end - 1) == Some(&b'\\');
    let alone = matches!(line.get(end + 1), None | Some(b' ' | b'\t'));
    (alone && !escaped).then_some((inside..end, end + 1))
}

/// Reads the argument that begins at `start`, hands over each byte of it, and
/// returns where it ends.
///
/// Spec: CMD-07, CMD-11, CMD-12, CMD-13, CMD-14, CMD-15, CMD-16, CMD-17, CMD-18
fn read_argument(line: &[u8], start: usize, mut emit: impl FnMut(u8)) -> usize {
    let mut quoted = false;
    let mut at = start;
    while let Some(&byte) = line.get(at) {
        at += 1;
        match byte {
            b'"' => {
                // Of two quotes that close, the second belongs to the argument.
                if quoted && line.get(at) == Some(&b'"') {
                    emit(b'"');
                    at += 1;
                }
                quoted = !quoted;
            }
            b'\\' => at = read_backslashes(line, at - 1, &mut emit),
            b' ' | b'\t' if !quoted => return at - 1,
            byte => emit(byte),
        }
    }
    at
}

/// Reads the backslashes that stand at `start`, and the quote after them where
/// their number makes it belong to the argument; returns where they end.
///
/// Spec: CMD-12, CMD-13, CMD-14
#[inline]
fn read_backslashes(line: &[u8], start: usize, emit: &mut impl FnMut(u8)) -> usize {
    let mut end = start;
    while line.get(end) == Some(&b'\\') {
        end += 1;
    }
    let count = end - start;
    let before_quote = line.get(end) == Some(&b'"');
    for _ in 0..if before_quote { count / 2 } else { count } {
        emit(b'\\');
    }
    if before_quote && count % 2 == 1 {
        emit(b'"');
        return end + 1;
    }
    end
}

/// The program name, and where the rest begins; `None` of an empty line.
///
/// Spec: CMD-03, CMD-04, CMD-05, CMD-06, CMD-08
fn program_name(line: &[u8]) -> Option<(Range<usize>, usize)> {
    let (start, end) = match line.first()? {
        b'"' => (1, bytes::quote(line, 1)),
        _ => (0, bytes::blank_or_control(line, 0)),
    };
    Some((start..end, end + 1))
}

/// Where the next argument begins; `None` where there is none.
///
/// Spec: CMD-09, CMD-10
fn skip_separators(line: &[u8], at: usize) -> Option<usize> {
    let rest = line.get(at..)?;
    rest.iter().position(|&byte| byte != b' ' && byte != b'\t').map(|blanks| at + blanks)
}

/// Spec: CMD-23
fn up_to_nul(line: &str) -> &str {
    match memchr::memchr(0, line.as_bytes()) {
        Some(nul) => part(line, 0..nul),
        None => line,
    }
}

/// A part of a text, cut next to ASCII characters.
fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}
