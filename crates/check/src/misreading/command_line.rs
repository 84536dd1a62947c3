//! Chapter 10 misread.

use super::tokeniser::{Quoting, RIGHT, Reading, is_blank, split, split_as_shell, up_to};
use rulespec::kql::{Dynamic, Error, ErrorKind, Semantics, parse_command_line};

misreadings! {
    "drops-program-name" misreads "CMD-01":
        "the program name is not among the arguments",
        parse_command_line = |by, line, parser| {
            change(by, line, parser, |arguments| arguments.drain(..arguments.len().min(1)).for_each(drop))
        };
    "nul-as-blank" misreads "CMD-02":
        "U+0000 separates arguments as a blank does",
        parse_command_line = |by, line, parser| right(by, &line.replace('\0', " "), parser);
    "escapes-in-program-name" misreads "CMD-03":
        "a backslash before a quote escapes it in the program name too",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { program_name: escaped_program_name, ..RIGHT })
        };
    "program-name-as-argument" misreads "CMD-03":
        "the program name is read as any other argument",
        parse_command_line = |by, line, parser| match is_nothing(line) {
            true => right(by, line, parser),
            false => change(by, &format!("x {line}"), parser, |arguments| drop(arguments.remove(0))),
        };
    "keeps-program-quotes" misreads "CMD-04":
        "the quotes around the program name belong to it",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match (RIGHT.program_name)(line) {
                (name, taken) if line.first() == Some(&'"') => {
                    let closing = if taken <= line.len() { "\"" } else { "" };
                    (format!("\"{name}{closing}"), taken)
                }
                bare => bare,
            };
            split(by, line, parser, &Reading { program_name, ..RIGHT })
        };
    "program-name-ends-at-blank" misreads "CMD-04":
        "a program name in quotes ends at the first blank all the same",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match line {
                ['"', name @ ..] => up_to(name, |c| c == '"' || is_blank(c), 1),
                line => (RIGHT.program_name)(line),
            };
            split(by, line, parser, &Reading { program_name, ..RIGHT })
        };
    "program-name-goes-on-after-quotes" misreads "CMD-05":
        "what stands directly behind the quotes still belongs to the program name",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match line {
                ['"', ..] => toggling_program_name(line),
                line => (RIGHT.program_name)(line),
            };
            split(by, line, parser, &Reading { program_name, ..RIGHT })
        };
    "quotes-within-program-name" misreads "CMD-06":
        "quotes within a program name hold its blanks together",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match line {
                ['"', ..] => (RIGHT.program_name)(line),
                line => toggling_program_name(line),
            };
            split(by, line, parser, &Reading { program_name, ..RIGHT })
        };
    "ucrt-program-name" misreads "CMD-06":
        "the program name is read as the C runtime reads it: quotes toggle anywhere in it",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { program_name: toggling_program_name, ..RIGHT })
        };
    "drops-quotes-in-program-name" misreads "CMD-06":
        "quotes within a program name are dropped",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match (RIGHT.program_name)(line) {
                (name, taken) if line.first() != Some(&'"') => (name.replace('"', ""), taken),
                quoted => quoted,
            };
            split(by, line, parser, &Reading { program_name, ..RIGHT })
        };
    "only-space-ends-program-name" misreads "CMD-06":
        "a tab does not end the program name",
        parse_command_line = |by, line, parser| {
            let program_name = |line: &[char]| match line {
                ['"', ..] => (RIGHT.program_name)(line),
                line => up_to(line, |c| c == ' ', 0),
            };
            split(by, line, parser, &Reading { program_name, ..RIGHT })
        };
    "strips-leading-blanks" misreads "CMD-08":
        "blanks at the start of the line are skipped",
        parse_command_line = |by, line, parser| match is_nothing(line) {
            true => right(by, line, parser),
            false => right(by, line.trim_start_matches(is_blank), parser),
        };
    "all-white-space-separates" misreads "CMD-09":
        "any white space separates arguments, line feeds and no-break spaces too",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { separates: char::is_whitespace, ..RIGHT })
        };
    "only-space-separates" misreads "CMD-09":
        "a tab does not separate arguments",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { separates: |c| c == ' ', ..RIGHT });
    "every-blank-separates" misreads "CMD-09":
        "of two blanks together each separates, and an empty argument lies between",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { separators_together: false, ..RIGHT });
    "trailing-blank-adds-argument" misreads "CMD-10":
        "after blanks at the end comes an empty argument",
        parse_command_line = |by, line, parser| {
            let separated = line.ends_with(is_blank) && !is_nothing(line) && !is_unclosed(by, line);
            change(by, line, parser, |arguments| arguments.extend(separated.then(|| "".into())))
        };
    "keeps-quotes" misreads "CMD-11":
        "the quotes around a quoted part belong to the argument",
        parse_command_line = |by, line, parser| {
            let quote = |quoting, sofar: &str| ("\"", (RIGHT.quote)(quoting, sofar).1);
            split(by, line, parser, &Reading { quote, ..RIGHT })
        };
    "split-on-blanks" misreads "CMD-11":
        "the line is split at blanks, and quotes are characters like any other",
        parse_command_line = |by, line, parser| match is_nothing(line) || parser != "windows" {
            true => right(by, line, parser),
            false => Ok(Dynamic::strings(line.split(is_blank).filter(|part| !part.is_empty()))),
        };
    "quotes-only-at-the-start" misreads "CMD-11":
        "a quote in the middle of an argument opens nothing",
        parse_command_line = |by, line, parser| {
            let quote = |quoting, sofar: &str| match quoting {
                Quoting::Outside if !sofar.is_empty() => ("\"", Quoting::Outside),
                quoting => (RIGHT.quote)(quoting, sofar),
            };
            split(by, line, parser, &Reading { quote, ..RIGHT })
        };
    "drops-empty-arguments" misreads "CMD-07":
        "an empty argument is left out",
        parse_command_line = |by, line, parser| match is_nothing(line) {
            true => right(by, line, parser),
            false => change(by, line, parser, |arguments| {
                let mut program_name = true;
                arguments.retain(|argument| {
                    std::mem::take(&mut program_name) || argument.as_str() != Some("")
                });
            }),
        };
    "backslash-always-escapes" misreads "CMD-12":
        "a backslash escapes whatever follows and is dropped itself",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { elsewhere: |count| count / 2, ..RIGHT });
    "two-backslashes-are-one" misreads "CMD-12":
        "two backslashes are one wherever they stand",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { elsewhere: |count| count.div_ceil(2), ..RIGHT })
        };
    "even-backslashes-stay" misreads "CMD-13":
        "backslashes in an even number before a quote all stay",
        parse_command_line = |by, line, parser| {
            let before_quote = |count| match count % 2 {
                0 => (count, false),
                _ => (RIGHT.before_quote)(count),
            };
            split(by, line, parser, &Reading { before_quote, ..RIGHT })
        };
    "last-backslash-escapes" misreads "CMD-13":
        "the last backslash before a quote escapes it, however many there are",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { before_quote: |count| (count - 1, true), ..RIGHT })
        };
    "odd-backslashes-stay" misreads "CMD-14":
        "backslashes in an odd number before a quote all stay, and the quote opens or closes",
        parse_command_line = |by, line, parser| {
            let before_quote = |count| match count % 2 {
                0 => (RIGHT.before_quote)(count),
                _ => (count, false),
            };
            split(by, line, parser, &Reading { before_quote, ..RIGHT })
        };
    "backslashes-escape-nothing" misreads "CMD-14":
        "a backslash is a character like any other before a quote too",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { before_quote: |count| (count, false), ..RIGHT })
        };
    "ucrt-double-quotes" misreads "CMD-15":
        "two quotes within a quoted part are one as text, and the part goes on",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { quote: ucrt_quote, ..RIGHT });
    "ucrt-command-line" misreads "CMD-15":
        "the line is split as the C runtime does it since 2008, the program name too",
        parse_command_line = |by, line, parser| {
            let program_name = toggling_program_name;
            split(by, line, parser, &Reading { quote: ucrt_quote, program_name, ..RIGHT })
        };
    "quotes-only-toggle" misreads "CMD-15":
        "every quote opens or closes, and none is text",
        parse_command_line = |by, line, parser| split(by, line, parser, &Reading { quote: toggle, ..RIGHT });
    "unclosed-quote-fails" misreads "CMD-16":
        "a quote that nothing closes is an error",
        parse_command_line = |by, line, parser| match is_unclosed(by, line) {
            true => Err(unclosed()),
            false => right(by, line, parser),
        };
    "backslashes-keep-quotes-together" misreads "CMD-17":
        "a quote after a closing quote is text even where backslashes stand between them",
        parse_command_line = |by, line, parser| {
            split(by, line, parser, &Reading { backslashes_part_quotes: false, ..RIGHT })
        };
    "single-quotes-group" misreads "CMD-18":
        "single quotes do what double quotes do",
        parse_command_line = |by, line, parser| right(by, &line.replace('\'', "\""), parser);
    "carets-escape" misreads "CMD-18":
        "a caret escapes the next character, as in cmd.exe, and is dropped",
        parse_command_line = |by, line, parser| right(by, &line.replace('^', ""), parser);
    "arguments-in-lower-case" misreads "CMD-18":
        "arguments come out in lower case",
        parse_command_line = |by, line, parser| right(by, &line.to_ascii_lowercase(), parser);
    "posix-shell-split" misreads "CMD-18":
        "the line is split as a POSIX shell splits it",
        parse_command_line = |by, line, parser| match is_nothing(line) || parser != "windows" {
            true => right(by, line, parser),
            false => split_as_shell(line).map(Dynamic::strings).ok_or_else(unclosed),
        };
    "question-marks-beyond-ascii" misreads "CMD-23":
        "a character beyond ASCII becomes a question mark",
        parse_command_line = |by, line, parser| right(by, &line.replace(|c: char| !c.is_ascii(), "?"), parser);
    "bytes-as-characters" misreads "CMD-23":
        "each byte of UTF-8 is a character of its own",
        parse_command_line = |by, line, parser| right(by, &line.bytes().map(char::from).collect::<String>(), parser);
    "empty-line-fails" misreads "CMD-19":
        "an empty line is an error",
        parse_command_line = |by, line, parser| match line {
            "" => Err(Error::new(ErrorKind::WrongType, "the line is empty")),
            line => right(by, line, parser),
        };
    "blank-line-is-an-argument" misreads "CMD-20":
        "a line of blanks is one argument that holds the blanks",
        parse_command_line = |by, line, parser| match !line.is_empty() && is_nothing(line) {
            true => Ok(Dynamic::strings([line])),
            false => right(by, line, parser),
        };
    "unknown-parser-splits-nothing" misreads "CMD-21":
        "under an unknown parser type the whole line is one argument",
        parse_command_line = |by, line, parser| match parser.eq_ignore_ascii_case("windows") {
            true => right(by, line, parser),
            false => Ok(Dynamic::strings([line])),
        };
    "parser-in-other-case-finds-nothing" misreads "CMD-22":
        "under a parser type in another case there are no arguments",
        parse_command_line = |by, line, parser| match parser != "windows" && parser.eq_ignore_ascii_case("windows") {
            true => Ok(Dynamic::Array(vec![])),
            false => right(by, line, parser),
        };
    "digits-as-numbers" misreads "CMD-24":
        "an argument of digits comes out as a number",
        parse_command_line = |by, line, parser| {
            change(by, line, parser, |arguments| arguments.iter_mut().for_each(number_for_digits))
        };
}

fn right(by: &Semantics, line: &str, parser: &str) -> Result<Dynamic, Error> {
    parse_command_line(line, parser, &by.profile)
}

/// The reference's arguments, changed afterwards.
fn change(
    by: &Semantics,
    line: &str,
    parser: &str,
    change: impl FnOnce(&mut Vec<Dynamic>),
) -> Result<Dynamic, Error> {
    let mut parsed = right(by, line, parser)?;
    if let Dynamic::Array(arguments) = &mut parsed {
        change(arguments);
    }
    Ok(parsed)
}

/// Whether there is nothing to split.
fn is_nothing(line: &str) -> bool {
    line.split('\0').next().unwrap_or_default().chars().all(is_blank)
}

/// Whether a quote stays open, so that what is added goes into the last argument.
fn is_unclosed(by: &Semantics, line: &str) -> bool {
    let line = line.split('\0').next().unwrap_or_default();
    let count = |line: &str| match right(by, line, "windows") {
        Ok(Dynamic::Array(arguments)) => arguments.len(),
        _ => 0,
    };
    !is_nothing(line) && count(line) == count(&format!("{line} x"))
}

fn unclosed() -> Error {
    Error::new(ErrorKind::WrongType, "a quote is not closed")
}

fn number_for_digits(argument: &mut Dynamic) {
    if let Some(number) = argument.as_str().and_then(|text| text.parse::<i64>().ok()) {
        *argument = Dynamic::Long(number);
    }
}

/// In quotes, with `\"` for a quote.
fn escaped_program_name(line: &[char]) -> (String, usize) {
    let ['"', name @ ..] = line else {
        return (RIGHT.program_name)(line);
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

/// Up to a blank outside quotes, quotes dropped wherever they stand.
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
