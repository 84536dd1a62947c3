//! Chapter 10: `parse_command_line(line, "windows")`, which is CommandLineToArgvW.

mod steps;

use super::profile::{BlankCommandLine, EmptyCommandLine, Nul, ParserCase, TypedStrings, UnknownParser};
use super::{Datetime, Dynamic, Error, ErrorKind, Profile};

pub use steps::{Step, explain_command_line};

/// Splits a Windows command line into its arguments.
///
/// Returns a dynamic array of strings that begins with the program name. Under some
/// profiles, the result for an empty or blank line or for an unknown parser is null, and an
/// argument can become a datetime.
///
/// # Errors
///
/// Returns [`ErrorKind::UnknownParser`] if `parser` is not `windows` and the profile makes
/// that an error.
///
/// ```
/// use rulespec::kql::{Dynamic, Profile, parse_command_line};
///
/// let line = r#""C:\Program Files\x.exe" /a "" b\\"c d""#;
/// let parsed = parse_command_line(line, "windows", &Profile::default())?;
/// assert_eq!(parsed, Dynamic::strings(["C:\\Program Files\\x.exe", "/a", "", "b\\c d"]));
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
///
/// Spec: CMD-01, CMD-02, CMD-19, CMD-20, CMD-21, CMD-24
pub fn parse_command_line(line: &str, parser: &str, profile: &Profile) -> Result<Dynamic, Error> {
    if parser != "windows" && !accepts_parser(parser, profile)? {
        return Ok(Dynamic::Null);
    }
    let line = match profile.nul {
        Nul::Ends => line.split('\0').next().unwrap_or(""),
        Nul::Ordinary => line,
    };
    if line.is_empty() {
        return Ok(match profile.empty_command_line {
            EmptyCommandLine::EmptyArray => Dynamic::Array(vec![]),
            EmptyCommandLine::Null => Dynamic::Null,
            EmptyCommandLine::EmptyArgument => Dynamic::strings([""]),
        });
    }
    if line.chars().all(is_separator) {
        return Ok(match profile.blank_command_line {
            BlankCommandLine::EmptyArgument => Dynamic::strings([""]),
            BlankCommandLine::EmptyArray => Dynamic::Array(vec![]),
            BlankCommandLine::Null => Dynamic::Null,
        });
    }
    Ok(Dynamic::Array(split(line).into_iter().map(|argument| element(argument, profile)).collect()))
}

/// Converts an argument to an element of the array.
///
/// Spec: CMD-24
fn element(argument: String, profile: &Profile) -> Dynamic {
    match profile.typed_strings {
        TypedStrings::AsWritten => argument.into(),
        TypedStrings::Typed if is_guid(&argument) => argument.to_ascii_lowercase().into(),
        TypedStrings::Typed if is_date_and_time(&argument) => {
            argument.parse::<Datetime>().map_or(argument.into(), Dynamic::Datetime)
        }
        TypedStrings::Typed => argument.into(),
    }
}

/// Whether the text is 32 hexadecimal digits in hyphen-separated groups of 8, 4, 4, 4 and 12.
///
/// Spec: CMD-24
#[doc(hidden)]
pub fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the text starts with `YYYY-MM-DDThh:mm:ss`.
///
/// Spec: CMD-24
fn is_date_and_time(text: &str) -> bool {
    let pattern = "0000-00-00T00:00:00".chars();
    let matches = |(expected, c): (char, char)| {
        if expected == '0' { c.is_ascii_digit() } else { c == expected }
    };
    text.len() >= pattern.clone().count() && pattern.zip(text.chars()).all(matches)
}

/// Whether a parser type other than `windows` is accepted; if it is not, the result is null.
///
/// Spec: CMD-21, CMD-22
fn accepts_parser(parser: &str, profile: &Profile) -> Result<bool, Error> {
    let unknown = || {
        let detail = format!("parse_command_line has no parser {parser:?}; it has \"windows\"");
        Error::new(ErrorKind::UnknownParser, detail)
    };
    if parser.eq_ignore_ascii_case("windows") {
        match profile.parser_case {
            ParserCase::Error => Err(unknown()),
            ParserCase::Null => Ok(false),
        }
    } else {
        match profile.unknown_parser {
            UnknownParser::Error => Err(unknown()),
            UnknownParser::Null => Ok(false),
            UnknownParser::Accepted => Ok(true),
        }
    }
}

/// Splits a line that is not empty into its arguments.
///
/// Spec: CMD-01, CMD-10, CMD-23
fn split(line: &str) -> Vec<String> {
    let line: Vec<char> = line.chars().collect();
    let (program, rest) = program_name(&line);
    let mut arguments = vec![program];
    let mut rest = skip_separators(rest);
    while !rest.is_empty() {
        let (argument, after) = next_argument(rest);
        arguments.push(argument);
        rest = skip_separators(after);
    }
    arguments
}

/// Splits the line into the program name and the rest.
///
/// Spec: CMD-03, CMD-04, CMD-05, CMD-06, CMD-08
fn program_name(line: &[char]) -> (String, &[char]) {
    let (quoted, name) = match line {
        ['"', name @ ..] => (true, name),
        name => (false, name),
    };
    let is_end = |c: char| if quoted { c == '"' } else { ('\u{1}'..='\u{20}').contains(&c) };
    match name.iter().position(|&c| is_end(c)) {
        Some(end) => (name[..end].iter().collect(), &name[end + 1..]),
        None => (name.iter().collect(), &[]),
    }
}

/// Spec: CMD-09
fn is_separator(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// Spec: CMD-09, CMD-10
fn skip_separators(line: &[char]) -> &[char] {
    let count = line.iter().take_while(|&&c| is_separator(c)).count();
    &line[count..]
}

/// Splits a line that does not start with a separator into its first argument and the rest.
///
/// Spec: CMD-07, CMD-11, CMD-12, CMD-13, CMD-14, CMD-15, CMD-16, CMD-17, CMD-18
fn next_argument(line: &[char]) -> (String, &[char]) {
    let mut argument = String::new();
    let mut quoted = false;
    let mut rest = line;
    loop {
        rest = match rest {
            [] => break,
            ['\\', ..] => backslashes(rest, &mut argument),
            // A quote directly after a closing quote is text (CMD-15).
            ['"', '"', after @ ..] if quoted => {
                argument.push('"');
                quoted = false;
                after
            }
            ['"', after @ ..] => {
                quoted = !quoted;
                after
            }
            [c, ..] if is_separator(*c) && !quoted => break,
            [c, after @ ..] => {
                argument.push(*c);
                after
            }
        };
    }
    (argument, rest)
}

/// Reads a run of backslashes, and the quote after it if the run escapes the quote.
///
/// Spec: CMD-12, CMD-13, CMD-14
fn backslashes<'a>(line: &'a [char], argument: &mut String) -> &'a [char] {
    let count = line.iter().take_while(|&&c| c == '\\').count();
    let rest = &line[count..];
    let ['"', after @ ..] = rest else {
        argument.extend(std::iter::repeat_n('\\', count));
        return rest;
    };
    argument.extend(std::iter::repeat_n('\\', count / 2));
    if count.is_multiple_of(2) {
        return rest;
    }
    argument.push('"');
    after
}
