//! `parse_command_line(line, "windows")`, borrowing from the line.
//!
//! Most arguments lie in the line as they are, in quotes or not, and are borrowed;
//! the others, which hold a quote or a backslash that means something, are built
//! byte by byte.
//!
//! All of it takes time in proportion to the line, whatever the line is.

mod reading;

use std::borrow::Cow;
use std::ops::Range;

use reading::{part, plain_argument, program_name, read_argument, skip_separators, up_to_nul};

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
    Split { line: up_to_nul(line), at: None, scratch: Scratch::default() }
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
    let mut arguments = Vec::with_capacity((line.len() / 16).min(254) + 2);
    let Some((name, mut at)) = program_name(line.as_bytes()) else { return arguments };
    arguments.push(part(line, name).to_owned());
    let mut scratch = Scratch::default();
    while let Some(start) = skip_separators(line.as_bytes(), at) {
        let argument;
        (argument, at) = match plain_argument(line.as_bytes(), start) {
            Some((range, end)) if range.is_empty() => (String::new(), end),
            Some((range, end)) => (part(line, range).to_owned(), end),
            None => scratch.build(line.as_bytes(), start),
        };
        if arguments.len() == arguments.capacity() {
            // The rest of the line as full of them as what is read.
            arguments.reserve((line.len() - start) / (start / arguments.len()).max(1));
        }
        arguments.push(argument);
    }
    arguments
}

/// The iterator that [`split`] returns.
#[derive(Debug, Clone)]
pub struct Split<'a> {
    line: &'a str,
    /// Where the rest begins, once the program name is taken.
    at: Option<usize>,
    scratch: Scratch,
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
        let (argument, end) = next_argument(self.line, start, &mut self.scratch);
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
    /// The arguments that do not lie in the line as they are, and then anything.
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
        let (line, mut used) = (up_to_nul(line), 0);
        // No argument is longer than what it is built from.
        if self.built.len() < line.len() {
            self.built.resize(line.len(), 0);
        }
        if let Some((name, rest)) = program_name(line.as_bytes()) {
            self.spans.push(Span { built: false, range: name });
            let mut at = rest;
            while let Some(start) = skip_separators(line.as_bytes(), at) {
                let span;
                (span, at) = match plain_argument(line.as_bytes(), start) {
                    Some((range, end)) => (Span { built: false, range }, end),
                    None => {
                        let free = self.built.get_mut(used..).unwrap_or_default();
                        let (length, end) = read_argument(line.as_bytes(), start, free);
                        used += length;
                        (Span { built: true, range: used - length..used }, end)
                    }
                };
                self.spans.push(span);
            }
        }
        // Only ASCII is left out of the line, so it is UTF-8 as the line is.
        let built = self.built.get(..used).and_then(|built| std::str::from_utf8(built).ok());
        Parsed { line, built: built.unwrap_or_default(), spans: &self.spans }
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
fn next_argument<'a>(line: &'a str, start: usize, scratch: &mut Scratch) -> (Cow<'a, str>, usize) {
    match plain_argument(line.as_bytes(), start) {
        Some((range, end)) => (Cow::Borrowed(part(line, range)), end),
        None => {
            let (built, end) = scratch.build(line.as_bytes(), start);
            (Cow::Owned(built), end)
        }
    }
}

/// Where arguments are built, before it is known how long they are.
#[derive(Debug, Clone, Default)]
struct Scratch(Vec<u8>);

impl Scratch {
    /// The argument that begins at `start`, which is not plain, and where it ends.
    fn build(&mut self, line: &[u8], start: usize) -> (String, usize) {
        self.0.resize(line.len(), 0);
        let (length, end) = read_argument(line, start, &mut self.0);
        let built = std::str::from_utf8(self.0.get(..length).unwrap_or_default());
        // Only ASCII is left out of the line, so it is UTF-8 as the line is.
        (built.unwrap_or_default().to_owned(), end)
    }
}
