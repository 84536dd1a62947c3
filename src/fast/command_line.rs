//! `parse_command_line(line, "windows")`, with arguments borrowed from the line.
//!
//! Most arguments are a contiguous part of the line and are borrowed. Arguments with
//! embedded quotes or escapes are built byte by byte.
//!
//! All functions take time linear in the length of the line.

mod reading;

use std::borrow::Cow;
use std::ops::Range;

use reading::{part, plain_argument, program_name, read_argument, skip_separators, up_to_nul};

/// Returns an iterator over the arguments of a line, starting with the program name.
///
/// An argument is borrowed from the line if it is a contiguous part of it.
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

/// The arguments of a line as owned strings.
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
            // Assume as many arguments per byte in the rest of the line as so far.
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
    /// The start of the rest of the line; `None` before the program name is read.
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

/// The last two arguments; `None` if the line lacks them.
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

/// A reusable buffer for the arguments of a line.
///
/// It does not allocate once it has grown to the size of the longest line.
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
    /// The arguments that are not contiguous parts of the line, followed by unused bytes.
    built: Vec<u8>,
}

/// The location of an argument.
#[derive(Debug, Clone)]
struct Span {
    /// Whether the range is in `built` rather than in the line.
    built: bool,
    range: Range<usize>,
}

impl Arguments {
    /// Parses a line, replacing the arguments of the previous one.
    pub fn parse<'a>(&'a mut self, line: &'a str) -> Parsed<'a> {
        self.spans.clear();
        let (line, mut used) = (up_to_nul(line), 0);
        // No argument is longer than its source.
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
        // Only ASCII bytes of the line are omitted, so the rest is valid UTF-8.
        let built = self.built.get(..used).and_then(|built| std::str::from_utf8(built).ok());
        Parsed { line, built: built.unwrap_or_default(), spans: &self.spans }
    }
}

/// The arguments of one line, stored in an [`Arguments`].
#[derive(Debug, Clone, Copy)]
pub struct Parsed<'a> {
    line: &'a str,
    built: &'a str,
    spans: &'a [Span],
}

impl<'a> Parsed<'a> {
    /// The number of arguments.
    pub fn len(self) -> usize {
        self.spans.len()
    }

    /// Whether there are no arguments, because the line is empty.
    pub fn is_empty(self) -> bool {
        self.spans.is_empty()
    }

    /// The argument at this index. The program name is at 0.
    pub fn get(self, index: usize) -> Option<&'a str> {
        self.spans.get(index).map(|span| self.text(span))
    }

    /// Returns an iterator over the arguments.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'a str> + ExactSizeIterator {
        self.spans.iter().map(move |span| self.text(span))
    }

    fn text(self, span: &Span) -> &'a str {
        part(if span.built { self.built } else { self.line }, span.range.clone())
    }
}

/// The argument that starts at `start`, and its end.
fn next_argument<'a>(line: &'a str, start: usize, scratch: &mut Scratch) -> (Cow<'a, str>, usize) {
    match plain_argument(line.as_bytes(), start) {
        Some((range, end)) => (Cow::Borrowed(part(line, range)), end),
        None => {
            let (built, end) = scratch.build(line.as_bytes(), start);
            (Cow::Owned(built), end)
        }
    }
}

/// A buffer in which arguments are built.
#[derive(Debug, Clone, Default)]
struct Scratch(Vec<u8>);

impl Scratch {
    /// Builds the argument that starts at `start` and is not plain. Returns it and its end.
    fn build(&mut self, line: &[u8], start: usize) -> (String, usize) {
        self.0.resize(line.len(), 0);
        let (length, end) = read_argument(line, start, &mut self.0);
        let built = std::str::from_utf8(self.0.get(..length).unwrap_or_default());
        // Only ASCII bytes of the line are omitted, so the rest is valid UTF-8.
        (built.unwrap_or_default().to_owned(), end)
    }
}
