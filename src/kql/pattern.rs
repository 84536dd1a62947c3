//! Chapter 35: regular expressions.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::{Captures, Regex, RegexBuilder};

use super::{Dynamic, Error, ErrorKind, limited};

/// How many bytes a compiled pattern may have: most have less than the first, and none more than the
/// second.
const SIZES: [usize; 2] = [1 << 20, 10 << 20];

/// How many bytes the compiled patterns that are kept may have.
const MAX_KEPT: usize = 64 << 20;

/// How many groups a pattern may have.
const MAX_GROUPS: usize = 16;

/// Compiles a pattern.
///
/// # Errors
///
/// Returns [`ErrorKind::InvalidArgument`] if it is not a pattern, and [`ErrorKind::Unsupported`] if
/// it is empty or too large.
///
/// ```
/// use rulespec::kql::{ErrorKind, pattern};
///
/// assert!(pattern(r"^\d{1,3}$")?.is_match("192"));
/// assert_eq!(pattern("a(?=b)").unwrap_err().kind(), ErrorKind::InvalidArgument);
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
///
/// Spec: RGX-01, RGX-02, RGX-03, RGX-16
pub fn pattern(text: &str) -> Result<Regex, Error> {
    match text {
        "" => Err(Error::new(ErrorKind::Unsupported, "an empty pattern is not specified")),
        text => compile(text, MAX_GROUPS),
    }
}

/// The patterns that a thread has compiled, by their texts, with an upper bound of their sizes.
#[derive(Default)]
struct Compiled {
    patterns: HashMap<String, Regex>,
    size: usize,
}

/// Compiles a text, or returns what was compiled before: this takes far longer than to match.
fn compile(text: &str, max_groups: usize) -> Result<Regex, Error> {
    thread_local!(static COMPILED: RefCell<Compiled> = RefCell::default());
    let pattern = COMPILED.with_borrow_mut(|compiled| compiled.get(text))?;
    match pattern.captures_len() <= max_groups + 1 {
        true => Ok(pattern),
        false => Err(invalid(format!("the pattern has more than {MAX_GROUPS} groups"))),
    }
}

impl Compiled {
    fn get(&mut self, text: &str) -> Result<Regex, Error> {
        if let Some(pattern) = self.patterns.get(text) {
            return Ok(pattern.clone());
        }
        let (pattern, size) = compile_anew(text)?;
        if self.size + size > MAX_KEPT {
            *self = Self::default();
        }
        self.size += size;
        self.patterns.insert(text.to_owned(), pattern.clone());
        Ok(pattern)
    }
}

/// Compiles a text. Returns it with an upper bound of its size.
fn compile_anew(text: &str) -> Result<(Regex, usize), Error> {
    for size in SIZES {
        match RegexBuilder::new(text).octal(true).size_limit(size).build() {
            Ok(pattern) => return Ok((pattern, size + text.len())),
            Err(regex::Error::CompiledTooBig(_)) => {}
            Err(error) => return Err(invalid(error.to_string().lines().last().unwrap_or_default())),
        }
    }
    Err(Error::new(ErrorKind::Unsupported, "the pattern is too large when compiled"))
}

/// Compiles what `trim`, `trim_start` and `trim_end` remove: a match at the start, a match at the
/// end, or both.
///
/// # Errors
///
/// Returns an error as [`pattern`] does. A named group is not supported in `trim`.
///
/// Spec: RGX-12, RGX-13
pub fn trim_pattern(text: &str, start: bool, end: bool) -> Result<Regex, Error> {
    if text.is_empty() {
        return Err(invalid("the pattern is empty"));
    }
    match (start, end) {
        (true, true) if text.contains("(?<") || text.contains("(?P<") => {
            Err(Error::new(ErrorKind::Unsupported, "a named group in trim"))
        }
        (true, true) => compile(&format!("^({text})|({text})$"), 2 * MAX_GROUPS + 2),
        (true, false) => compile(&format!("^({text})"), MAX_GROUPS + 1),
        (false, _) => compile(&format!("({text})$"), MAX_GROUPS + 1),
    }
}

fn invalid(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, detail)
}

/// The matches in a text, from left to right, which do not overlap.
///
/// # Errors
///
/// Returns an error if a match is empty: how those are counted is not specified.
///
/// Spec: RGX-08
pub fn matches<'t>(pattern: &Regex, text: &'t str) -> Result<Vec<Captures<'t>>, Error> {
    let found: Vec<Captures> = pattern.captures_iter(text).collect();
    match found.iter().any(|captures| captures[0].is_empty()) {
        true => Err(Error::new(ErrorKind::Unsupported, "a match of no characters")),
        false => Ok(found),
    }
}

/// `extract(pattern, group, text)`: what the group captures in the first match, or `""`.
///
/// # Errors
///
/// Returns an error if the pattern has no such group.
///
/// Spec: RGX-05, RGX-06
pub fn extract(pattern: &Regex, group: i64, text: &str) -> Result<String, Error> {
    let group = usize::try_from(group).ok().filter(|group| *group < pattern.captures_len());
    let group =
        group.ok_or_else(|| Error::new(ErrorKind::Unsupported, "a group that the pattern does not have"))?;
    let found = pattern.captures(text).and_then(|captures| captures.get(group));
    Ok(found.map(|found| found.as_str().to_owned()).unwrap_or_default())
}

/// `extract_all(pattern, groups, text)`: what the groups capture in all matches: an array of
/// strings if it is one group, otherwise an array of arrays. The result is null if there is no
/// match.
///
/// # Errors
///
/// Returns an error as [`matches()`] does, or if the pattern has no group of a name.
///
/// Spec: RGX-09, RGX-10, RGX-11
pub fn extract_all(pattern: &Regex, groups: Option<&[Dynamic]>, text: &str) -> Result<Dynamic, Error> {
    let every: Vec<usize> = (1..pattern.captures_len()).collect();
    let chosen = groups.unwrap_or_default().iter().map(|group| index(pattern, group));
    let chosen = chosen.collect::<Result<Vec<usize>, Error>>()?;
    let chosen: Vec<usize> = chosen.into_iter().filter(|group| every.contains(group)).collect();
    let groups = if chosen.is_empty() { every } else { chosen };
    let found = matches(pattern, text)?;
    if found.is_empty() {
        return Ok(Dynamic::Null);
    }
    let text = |captures: &Captures, group| captures.get(group).map_or("", |found| found.as_str()).to_owned();
    Ok(Dynamic::Array(match groups[..] {
        [group] => found.iter().map(|captures| text(captures, group).into()).collect(),
        _ => {
            let of = |captures| Dynamic::strings(groups.iter().map(|group| text(captures, *group)));
            found.iter().map(of).collect()
        }
    }))
}

/// The index of a group that is given by its index or its name.
fn index(pattern: &Regex, group: &Dynamic) -> Result<usize, Error> {
    let found = match group {
        Dynamic::Long(index) => usize::try_from(*index).ok().filter(|index| *index > 0),
        Dynamic::String(name) => pattern.capture_names().position(|other| other == Some(name)),
        _ => None,
    };
    found.ok_or_else(|| Error::new(ErrorKind::Unsupported, "this group of extract_all is not specified"))
}

/// One part of what `replace_regex` puts in the place of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// This text.
    Text(String),
    /// What the group with this index captures; the whole match is group 0.
    Group(usize),
}

/// Parses what `replace_regex` puts in the place of a match, in which `\1` is a group.
///
/// # Errors
///
/// Returns an error for what is not specified: another character after a backslash, a group of two
/// digits, and a group that the pattern does not have.
///
/// Spec: RGX-07
pub fn pieces(pattern: &Regex, rewrite: &str) -> Result<Vec<Piece>, Error> {
    let mut parts = rewrite.split('\\');
    let mut pieces = vec![Piece::Text(parts.next().unwrap_or_default().to_owned())];
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let group = part[..digits].parse().ok().filter(|group| *group < pattern.captures_len());
        let (Some(group), 1) = (group, digits) else {
            return Err(Error::new(ErrorKind::Unsupported, format!("\\{part} in a replacement")));
        };
        pieces.extend([Piece::Group(group), Piece::Text(part[1..].to_owned())]);
    }
    Ok(pieces)
}

/// `replace_regex(text, pattern, rewrite)`: the text with every match replaced.
///
/// # Errors
///
/// Returns an error as [`matches()`] and [`pieces`] do.
///
/// Spec: RGX-07, RGX-08
pub fn replace_regex(text: &str, pattern: &Regex, rewrite: &str) -> Result<String, Error> {
    let pieces = pieces(pattern, rewrite)?;
    let mut replaced = String::new();
    let mut end = 0;
    for captures in matches(pattern, text)? {
        let Some(found) = captures.get(0) else { continue };
        replaced += &text[end..found.start()];
        end = found.end();
        for piece in &pieces {
            replaced += match piece {
                Piece::Text(text) => text,
                Piece::Group(group) => captures.get(*group).map_or("", |found| found.as_str()),
            };
        }
        limited(replaced.len())?;
    }
    Ok(replaced + &text[end..])
}
