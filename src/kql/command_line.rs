//! Chapter 10: `parse_command_line(line, "windows")`, that is
//! CommandLineToArgvW.

use super::profile::{BlankCommandLine, EmptyCommandLine, Nul, ParserCase, TypedStrings, UnknownParser};
use super::{Datetime, Dynamic, Error, ErrorKind, Profile};

/// Splits a Windows command line into its arguments.
///
/// Returns a dynamic array of strings, the program name first. Under some profiles the
/// answer for an empty or blank line, or for an unknown parser, is null, and an argument
/// may become a datetime.
///
/// # Errors
///
/// [`ErrorKind::UnknownParser`] if `parser` is not `windows` and the profile does not
/// accept it.
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
    if parser != "windows" && !other_parser_passes(parser, profile)? {
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
    let arguments = arguments(line).into_iter();
    Ok(Dynamic::Array(arguments.map(|argument| element(argument, profile)).collect()))
}

/// An argument as an element of the array.
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

/// 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, with hyphens between them.
///
/// Spec: CMD-24
fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `YYYY-MM-DDThh:mm:ss`, whatever follows.
///
/// Spec: CMD-24
fn is_date_and_time(text: &str) -> bool {
    let form = "0000-00-00T00:00:00".chars();
    let fits = |(form, c): (char, char)| if form == '0' { c.is_ascii_digit() } else { form == c };
    text.len() >= form.clone().count() && form.zip(text.chars()).all(fits)
}

/// Whether a parser type other than `windows` is accepted (true) or makes the answer
/// null (false).
///
/// Spec: CMD-21, CMD-22
fn other_parser_passes(parser: &str, profile: &Profile) -> Result<bool, Error> {
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

/// The arguments of a line that is not empty.
///
/// Spec: CMD-01, CMD-10, CMD-23
fn arguments(line: &str) -> Vec<String> {
    let line: Vec<char> = line.chars().collect();
    let (program, mut rest) = program_name(&line);
    let mut found = vec![program];
    loop {
        rest = skip_separators(rest);
        if rest.is_empty() {
            return found;
        }
        let (argument, after) = next_argument(rest);
        found.push(argument);
        rest = after;
    }
}

/// Takes the program name off the front of the line.
///
/// Spec: CMD-03, CMD-04, CMD-05, CMD-06, CMD-08
fn program_name(line: &[char]) -> (String, &[char]) {
    let (quoted, name) = match line {
        ['"', name @ ..] => (true, name),
        name => (false, name),
    };
    let ends = |c: char| if quoted { c == '"' } else { ('\u{1}'..='\u{20}').contains(&c) };
    match name.iter().position(|&c| ends(c)) {
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
    let blanks = line.iter().take_while(|&&c| is_separator(c)).count();
    &line[blanks..]
}

/// Where the reader of an argument stands towards quotes.
#[derive(Clone, Copy, PartialEq)]
enum Quoting {
    Outside,
    Inside,
    /// The last character closed a quoted part.
    JustClosed,
}

/// Takes one argument off the front of a line that starts with no separator.
///
/// Spec: CMD-07, CMD-11, CMD-12, CMD-13, CMD-14, CMD-15, CMD-16, CMD-17, CMD-18
fn next_argument(line: &[char]) -> (String, &[char]) {
    let mut argument = String::new();
    let mut quoting = Quoting::Outside;
    let mut rest = line;
    while let [c, after @ ..] = rest {
        let (c, mut next) = (*c, after);
        match c {
            '\\' => {
                next = backslashes(rest, &mut argument);
                quoting = not_just_closed(quoting);
            }
            '"' => quoting = quote(quoting, &mut argument),
            c if is_separator(c) && quoting != Quoting::Inside => break,
            c => {
                argument.push(c);
                quoting = not_just_closed(quoting);
            }
        }
        rest = next;
    }
    (argument, rest)
}

/// Reads a run of backslashes, and the quote after it where the run escapes it.
///
/// Spec: CMD-12, CMD-13, CMD-14
fn backslashes<'a>(line: &'a [char], argument: &mut String) -> &'a [char] {
    let count = line.iter().take_while(|&&c| c == '\\').count();
    let rest = &line[count..];
    match rest {
        ['"', after @ ..] => {
            argument.extend(std::iter::repeat_n('\\', count / 2));
            if count % 2 == 0 {
                return rest;
            }
            argument.push('"');
            after
        }
        _ => {
            argument.extend(std::iter::repeat_n('\\', count));
            rest
        }
    }
}

/// Reads a quote that no backslash escapes.
///
/// Spec: CMD-11, CMD-15
fn quote(quoting: Quoting, argument: &mut String) -> Quoting {
    match quoting {
        Quoting::Outside => Quoting::Inside,
        Quoting::Inside => Quoting::JustClosed,
        Quoting::JustClosed => {
            argument.push('"');
            Quoting::Outside
        }
    }
}

/// Spec: CMD-17
fn not_just_closed(quoting: Quoting) -> Quoting {
    match quoting {
        Quoting::Inside => Quoting::Inside,
        Quoting::Outside | Quoting::JustClosed => Quoting::Outside,
    }
}
