//! Misreadings of chapter 10: command lines.

use super::definition::misreadings;
use super::tokenizer::{CORRECT, Quoting, Reading, is_blank, split, split_as_shell, up_to};
use rulespec::kql::{Dynamic, Error, ErrorKind, Semantics, parse_command_line};

misreadings! {
    "drops-program-name" misreads "CMD-01":
        "the program name is not among the arguments",
        parse_command_line = |by, line, parser| {
            change(by, line, parser, |arguments| arguments.drain(..arguments.len().min(1)).for_each(drop))
        };
    "nul-as-blank" misreads "CMD-02":
        "U+0000 separates arguments, as a space does",
        parse_command_line = |by, line, parser| parse(by, &line.replace('\0', " "), parser);
    "escapes-in-program-name" misreads "CMD-03":
        "a backslash escapes a quote in the program name too",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { program_name: escaped_program_name, ..CORRECT })
        };
    "program-name-as-argument" misreads "CMD-03":
        "the program name is parsed like any other argument",
        parse_command_line = |by, line, parser| match is_blank_line(line) {
            true => parse(by, line, parser),
            false => change(by, &format!("x {line}"), parser, |arguments| drop(arguments.remove(0))),
        };
    "keeps-program-quotes" misreads "CMD-04":
        "the quotes around the program name are kept",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match (CORRECT.program_name)(line) {
                (name, taken) if line.first() == Some(&'"') => {
                    let closing = if taken <= line.len() { "\"" } else { "" };
                    (format!("\"{name}{closing}"), taken)
                }
                bare => bare,
            };
            split(by, line, parser, &Reading { program_name, ..CORRECT })
        };
    "program-name-ends-at-blank" misreads "CMD-04":
        "a quoted program name ends at the first space or tab",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match line {
                ['"', name @ ..] => up_to(name, |c| c == '"' || is_blank(c), 1),
                line => (CORRECT.program_name)(line),
            };
            split(by, line, parser, &Reading { program_name, ..CORRECT })
        };
    "program-name-goes-on-after-quotes" misreads "CMD-05":
        "text directly after the closing quote still belongs to the program name",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match line {
                ['"', ..] => toggling_program_name(line),
                line => (CORRECT.program_name)(line),
            };
            split(by, line, parser, &Reading { program_name, ..CORRECT })
        };
    "quotes-within-program-name" misreads "CMD-06":
        "spaces and tabs between quotes inside a program name do not end it",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match line {
                ['"', ..] => (CORRECT.program_name)(line),
                line => toggling_program_name(line),
            };
            split(by, line, parser, &Reading { program_name, ..CORRECT })
        };
    "ucrt-program-name" misreads "CMD-06":
        "the program name is parsed as the C runtime does: a quote anywhere in it toggles quoting",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { program_name: toggling_program_name, ..CORRECT })
        };
    "drops-quotes-in-program-name" misreads "CMD-06":
        "quotes inside a program name are dropped",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match (CORRECT.program_name)(line) {
                (name, taken) if line.first() != Some(&'"') => (name.replace('"', ""), taken),
                quoted => quoted,
            };
            split(by, line, parser, &Reading { program_name, ..CORRECT })
        };
    "only-space-ends-program-name" misreads "CMD-06":
        "a tab does not end the program name",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match line {
                ['"', ..] => (CORRECT.program_name)(line),
                line => up_to(line, |c| c == ' ', 0),
            };
            split(by, line, parser, &Reading { program_name, ..CORRECT })
        };
    "strips-leading-blanks" misreads "CMD-08":
        "leading spaces and tabs are skipped",
        parse_command_line = |by, line, parser| match is_blank_line(line) {
            true => parse(by, line, parser),
            false => parse(by, line.trim_start_matches(is_blank), parser),
        };
    "all-white-space-separates" misreads "CMD-09":
        "any whitespace separates arguments, including line feeds and no-break spaces",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { separates: char::is_whitespace, ..CORRECT })
        };
    "only-space-separates" misreads "CMD-09":
        "a tab does not separate arguments",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { separates: |c| c == ' ', ..CORRECT });
    "every-blank-separates" misreads "CMD-09":
        "each of two adjacent spaces or tabs separates, with an empty argument between them",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { separators_together: false, ..CORRECT });
    "trailing-blank-adds-argument" misreads "CMD-10":
        "trailing spaces or tabs add an empty argument",
        parse_command_line = |by, line, parser| {
            let separated = line.ends_with(is_blank) && !is_blank_line(line) && !is_unclosed(by, line);
            change(by, line, parser, |arguments| arguments.extend(separated.then(|| "".into())))
        };
    "keeps-quotes" misreads "CMD-11":
        "the quotes around a quoted part are kept",
        parse_command_line = |by, line, parser| {
            let quote = |quoting, argument: &str| ("\"", (CORRECT.quote)(quoting, argument).1);
            split(by, line, parser, &Reading { quote, ..CORRECT })
        };
    "split-on-blanks" misreads "CMD-11":
        "the line is split at spaces and tabs, and quotes are ordinary characters",
        parse_command_line = |by, line, parser| match is_blank_line(line) || parser != "windows" {
            true => parse(by, line, parser),
            false => Ok(Dynamic::strings(line.split(is_blank).filter(|part| !part.is_empty()))),
        };
    "quotes-only-at-the-start" misreads "CMD-11":
        "a quote in the middle of an argument does not start a quoted part",
        parse_command_line = |by, line, parser| {
            let quote = |quoting, argument: &str| match quoting {
                Quoting::Outside if !argument.is_empty() => ("\"", Quoting::Outside),
                quoting => (CORRECT.quote)(quoting, argument),
            };
            split(by, line, parser, &Reading { quote, ..CORRECT })
        };
    "drops-empty-arguments" misreads "CMD-07":
        "empty arguments are dropped",
        parse_command_line = |by, line, parser| match is_blank_line(line) {
            true => parse(by, line, parser),
            false => change(by, line, parser, |arguments| {
                let mut program_name = true;
                arguments.retain(|argument| {
                    std::mem::take(&mut program_name) || argument.as_str() != Some("")
                });
            }),
        };
    "backslash-always-escapes" misreads "CMD-12":
        "a backslash escapes any character that follows and is dropped",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { elsewhere: |count| count / 2, ..CORRECT });
    "two-backslashes-are-one" misreads "CMD-12":
        "two backslashes become one everywhere",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { elsewhere: |count| count.div_ceil(2), ..CORRECT })
        };
    "even-backslashes-stay" misreads "CMD-13":
        "an even number of backslashes before a quote is kept unchanged",
        parse_command_line = |by, line, parser| {
            let before_quote = |count| match count % 2 {
                0 => (count, false),
                _ => (CORRECT.before_quote)(count),
            };
            split(by, line, parser, &Reading { before_quote, ..CORRECT })
        };
    "last-backslash-escapes" misreads "CMD-13":
        "the last backslash before a quote escapes the quote, however many precede it",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { before_quote: |count| (count - 1, true), ..CORRECT })
        };
    "odd-backslashes-stay" misreads "CMD-14":
        "an odd number of backslashes before a quote is kept, and the quote opens or closes a quoted part",
        parse_command_line = |by, line, parser| {
            let before_quote = |count| match count % 2 {
                0 => (CORRECT.before_quote)(count),
                _ => (count, false),
            };
            split(by, line, parser, &Reading { before_quote, ..CORRECT })
        };
    "backslashes-escape-nothing" misreads "CMD-14":
        "a backslash is an ordinary character, even before a quote",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { before_quote: |count| (count, false), ..CORRECT })
        };
    "ucrt-double-quotes" misreads "CMD-15":
        "two quotes inside a quoted part are one literal quote, and the quoted part continues",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { quote: ucrt_quote, ..CORRECT });
    "ucrt-command-line" misreads "CMD-15":
        "the line, including the program name, is split as the C runtime has done since 2008",
        parse_command_line = |by, line, parser| {
            let program_name = toggling_program_name;
            split(by, line, parser, &Reading { quote: ucrt_quote, program_name, ..CORRECT })
        };
    "quotes-only-toggle" misreads "CMD-15":
        "every quote opens or closes a quoted part, and none is literal",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { quote: toggle, ..CORRECT });
    "unclosed-quote-fails" misreads "CMD-16":
        "an unclosed quote is an error",
        parse_command_line = |by, line, parser| match is_unclosed(by, line) {
            true => Err(unclosed()),
            false => parse(by, line, parser),
        };
    "backslashes-keep-quotes-together" misreads "CMD-17":
        "a quote after a closing quote is literal even if backslashes are between them",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { backslashes_reset_quoting: false, ..CORRECT })
        };
    "single-quotes-group" misreads "CMD-18":
        "single quotes work like double quotes",
        parse_command_line = |by, line, parser| parse(by, &line.replace('\'', "\""), parser);
    "carets-escape" misreads "CMD-18":
        "a caret escapes the next character, as in cmd.exe, and is dropped",
        parse_command_line = |by, line, parser| parse(by, &line.replace('^', ""), parser);
    "arguments-in-lower-case" misreads "CMD-18":
        "arguments are converted to lower case",
        parse_command_line = |by, line, parser| parse(by, &line.to_ascii_lowercase(), parser);
    "posix-shell-split" misreads "CMD-18":
        "the line is split as a POSIX shell splits it",
        parse_command_line = |by, line, parser| match is_blank_line(line) || parser != "windows" {
            true => parse(by, line, parser),
            false => split_as_shell(line).map(Dynamic::strings).ok_or_else(unclosed),
        };
    "question-marks-beyond-ascii" misreads "CMD-23":
        "every non-ASCII character becomes a question mark",
        parse_command_line = |by, line, parser| parse(by, &line.replace(|c: char| !c.is_ascii(), "?"), parser);
    "bytes-as-characters" misreads "CMD-23":
        "each byte of UTF-8 becomes a separate character",
        parse_command_line = |by, line, parser| parse(by, &line.bytes().map(char::from).collect::<String>(), parser);
    "empty-line-fails" misreads "CMD-19":
        "an empty line is an error",
        parse_command_line = |by, line, parser| match line {
            "" => Err(Error::new(ErrorKind::WrongType, "the line is empty")),
            line => parse(by, line, parser),
        };
    "blank-line-is-an-argument" misreads "CMD-20":
        "a line of spaces and tabs is one argument, the line itself",
        parse_command_line = |by, line, parser| match !line.is_empty() && is_blank_line(line) {
            true => Ok(Dynamic::strings([line])),
            false => parse(by, line, parser),
        };
    "unknown-parser-splits-nothing" misreads "CMD-21":
        "with an unknown parser type, the whole line is one argument",
        parse_command_line = |by, line, parser| match parser.eq_ignore_ascii_case("windows") {
            true => parse(by, line, parser),
            false => Ok(Dynamic::strings([line])),
        };
    "parser-in-other-case-finds-nothing" misreads "CMD-22":
        "if the parser type is `windows` in another case, there are no arguments",
        parse_command_line = |by, line, parser| match parser != "windows" && parser.eq_ignore_ascii_case("windows") {
            true => Ok(Dynamic::Array(vec![])),
            false => parse(by, line, parser),
        };
    "digits-as-numbers" misreads "CMD-24":
        "an argument of digits becomes a number",
        parse_command_line = |by, line, parser| {
            change(by, line, parser, |arguments| arguments.iter_mut().for_each(number_for_digits))
        };
}

fn parse(by: &Semantics, line: &str, parser: &str) -> Result<Dynamic, Error> {
    parse_command_line(line, parser, &by.profile)
}

/// Parses the line as the reference does, then changes the arguments.
fn change(
    by: &Semantics,
    line: &str,
    parser: &str,
    change: impl FnOnce(&mut Vec<Dynamic>),
) -> Result<Dynamic, Error> {
    let mut parsed = parse(by, line, parser)?;
    if let Dynamic::Array(arguments) = &mut parsed {
        change(arguments);
    }
    Ok(parsed)
}

/// Whether the line is empty or blank up to its first NUL.
fn is_blank_line(line: &str) -> bool {
    line.split('\0').next().unwrap_or_default().chars().all(is_blank)
}

/// Whether the last quote is unclosed, so that text appended to the line extends the last
/// argument.
fn is_unclosed(by: &Semantics, line: &str) -> bool {
    let line = line.split('\0').next().unwrap_or_default();
    let count = |line: &str| match parse(by, line, "windows") {
        Ok(Dynamic::Array(arguments)) => arguments.len(),
        _ => 0,
    };
    !is_blank_line(line) && count(line) == count(&format!("{line} x"))
}

fn unclosed() -> Error {
    Error::new(ErrorKind::WrongType, "a quote is not closed")
}

fn number_for_digits(argument: &mut Dynamic) {
    if let Some(number) = argument.as_str().and_then(|text| text.parse::<i64>().ok()) {
        *argument = Dynamic::Long(number);
    }
}

/// Parses a quoted program name in which `\"` is an escaped quote.
fn escaped_program_name(line: &[char]) -> (String, usize) {
    let ['"', name @ ..] = line else {
        return (CORRECT.program_name)(line);
    };
    let mut found = String::new();
    let mut rest = name;
    while let [c, after @ ..] = rest {
        rest = match (c, after) {
            ('"', _) => break,
            ('\\', ['"', after @ ..]) => {
                found.push('"');
                after
            }
            (&c, after) => {
                found.push(c);
                after
            }
        };
    }
    (found, line.len() - rest.len() + 1)
}

/// Parses a program name up to a blank outside quotes, and drops all its quotes.
fn toggling_program_name(line: &[char]) -> (String, usize) {
    let mut inside = false;
    let mut ends = |c: char| {
        inside ^= c == '"';
        c <= ' ' && !inside
    };
    let end = line.iter().position(|&c| ends(c)).unwrap_or(line.len());
    (line[..end].iter().filter(|&&c| c != '"').collect(), end + 1)
}

fn ucrt_quote(quoting: Quoting, _: &str) -> (&'static str, Quoting) {
    match quoting {
        Quoting::Outside => ("", Quoting::Inside),
        Quoting::Inside => ("", Quoting::JustClosed),
        Quoting::JustClosed => ("\"", Quoting::Inside),
    }
}

fn toggle(quoting: Quoting, _: &str) -> (&'static str, Quoting) {
    let inside = quoting == Quoting::Inside;
    ("", if inside { Quoting::Outside } else { Quoting::Inside })
}
