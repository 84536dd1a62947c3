//! `parse_command_line(line, "windows")`, borrowing from the line.
//!
//! An argument is what is left of a stretch of the line once some quotes and
//! backslashes are taken out of it. Where nothing lies between what is left, the
//! argument is borrowed; else it is put together. A backslash means something
//! only in front of a quote, so it is looked at only from there, backwards.
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
        let (argument, end) = argument(self.line, start);
        self.at = Some(end);
        Some(argument)
    }
}

/// The last argument but one and the last, `None` where the line has them not.
///
/// The arguments before these are passed over, not built.
///
/// ```
/// use rulespec::fast::command_line::last_two;
///
/// let [url, file] = last_two(r#"x /transfer j http://h/a "C:\a b""#);
/// assert_eq!((url.as_deref(), file.as_deref()), (Some("http://h/a"), Some(r"C:\a b")));
/// assert_eq!(last_two("x")[0], None);
/// ```
pub fn last_two(line: &str) -> [Option<Cow<'_, str>>; 2] {
    let line = up_to_nul(line);
    let bytes = line.as_bytes();
    let Some((name, rest)) = program_name(bytes) else { return [None, None] };
    let mut starts = [None, None];
    let mut at = rest;
    while let Some(start) = skip_separators(bytes, at) {
        starts = [starts[1], Some(start)];
        at = read_argument(bytes, start, |_| {});
    }
    let name = || Some(Cow::Borrowed(part(line, name)));
    match starts {
        [None, None] => [None, name()],
        [None, last] => [name(), last.map(|start| argument(line, start).0)],
        both => both.map(|start| start.map(|start| argument(line, start).0)),
    }
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
    /// The arguments that lie in the line in more pieces than one.
    built: String,
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
                at = self.push(line, start);
            }
        }
        Parsed { line, built: &self.built, spans: &self.spans }
    }

    /// Adds the argument that begins at `start`, and returns where it ends.
    fn push(&mut self, line: &str, start: usize) -> usize {
        let mut whole = start..start;
        let before = self.built.len();
        let built = &mut self.built;
        let end = read_argument(line.as_bytes(), start, |stretch| {
            if built.len() > before {
                built.push_str(part(line, stretch));
            } else if whole.is_empty() {
                whole = stretch;
            } else {
                built.push_str(part(line, whole.clone()));
                built.push_str(part(line, stretch));
            }
        });
        self.spans.push(match self.built.len() {
            after if after > before => Span { built: true, range: before..after },
            _ => Span { built: false, range: whole },
        });
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
fn argument(line: &str, start: usize) -> (Cow<'_, str>, usize) {
    let mut whole = Cow::Borrowed("");
    let end = read_argument(line.as_bytes(), start, |stretch| match &mut whole {
        Cow::Borrowed("") => whole = Cow::Borrowed(part(line, stretch)),
        whole => whole.to_mut().push_str(part(line, stretch)),
    });
    (whole, end)
}

/// Reads the argument that begins at `start`, hands over each stretch of the line
/// that belongs to it, none of them empty, and returns where it ends.
///
/// Spec: CMD-07, CMD-11, CMD-12, CMD-13, CMD-14, CMD-15, CMD-16, CMD-17, CMD-18
fn read_argument(line: &[u8], start: usize, mut keep: impl FnMut(Range<usize>)) -> usize {
    let mut keep = |stretch: Range<usize>| {
        if !stretch.is_empty() {
            keep(stretch);
        }
    };
    let mut quoted = false;
    // The stretch that is not handed over yet, and how much of it is looked at.
    let (mut from, mut at) = (start, start);
    loop {
        let found = if quoted { bytes::quote(line, at) } else { bytes::separator_or_quote(line, at) };
        if line.get(found) != Some(&b'"') {
            keep(from..found);
            return found;
        }
        let backslashes = backslashes_before(line, at, found);
        keep(from..found - backslashes.div_ceil(2));
        let doubled = || quoted && line.get(found + 1) == Some(&b'"');
        if backslashes % 2 == 1 {
            from = found;
        } else if doubled() {
            quoted = false;
            from = found + 1;
        } else {
            quoted = !quoted;
            from = found + 1;
            at = from;
            continue;
        }
        // A quote of the argument itself is the first of its stretch.
        at = from + 1;
    }
}

/// How many backslashes stand right before `end`, from `start` on.
fn backslashes_before(line: &[u8], start: usize, end: usize) -> usize {
    let before = line.get(start..end).unwrap_or_default();
    before.iter().rev().take_while(|&&byte| byte == b'\\').count()
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
