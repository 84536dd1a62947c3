//! Chapter 10 misread.

use super::Misreading;
use super::tokeniser::{Quoting, RIGHT, Reading, is_blank, split, split_as_shell, up_to};
use crate::kql::{Dynamic, Error, ErrorKind, Semantics, parse_command_line};

pub(super) const MISREADINGS: &[Misreading] = &[
    Misreading {
        name: "drops-program-name",
        says: "the program name is not among the arguments",
        breaks: "CMD-01",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                change(by, line, parser, |arguments| arguments.drain(..arguments.len().min(1)).for_each(drop))
            }
        },
    },
    Misreading {
        name: "digits-as-numbers",
        says: "an argument of digits comes out as a number",
        breaks: "CMD-01",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                change(by, line, parser, |arguments| arguments.iter_mut().for_each(number_for_digits))
            }
        },
    },
    Misreading {
        name: "nul-as-blank",
        says: "U+0000 separates arguments as a blank does",
        breaks: "CMD-02",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| right(by, &line.replace('\0', " "), parser)
        },
    },
    Misreading {
        name: "escapes-in-program-name",
        says: "a backslash before a quote escapes it in the program name too",
        breaks: "CMD-03",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                split(by, line, parser, &Reading { program_name: escaped_program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "program-name-as-argument",
        says: "the program name is read as any other argument",
        breaks: "CMD-03",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match is_nothing(line) {
                true => right(by, line, parser),
                false => change(by, &format!("x {line}"), parser, |arguments| drop(arguments.remove(0))),
            }
        },
    },
    Misreading {
        name: "keeps-program-quotes",
        says: "the quotes around the program name belong to it",
        breaks: "CMD-04",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let program_name = |line: &[char]| match (RIGHT.program_name)(line) {
                    (name, taken) if line.first() == Some(&'"') => {
                        let closing = if taken <= line.len() { "\"" } else { "" };
                        (format!("\"{name}{closing}"), taken)
                    }
                    bare => bare,
                };
                split(by, line, parser, &Reading { program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "program-name-ends-at-blank",
        says: "a program name in quotes ends at the first blank all the same",
        breaks: "CMD-04",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let program_name = |line: &[char]| match line {
                    ['"', name @ ..] => up_to(name, |c| c == '"' || is_blank(c), 1),
                    line => (RIGHT.program_name)(line),
                };
                split(by, line, parser, &Reading { program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "program-name-goes-on-after-quotes",
        says: "what stands directly behind the quotes still belongs to the program name",
        breaks: "CMD-05",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let program_name = |line: &[char]| match line {
                    ['"', ..] => toggling_program_name(line),
                    line => (RIGHT.program_name)(line),
                };
                split(by, line, parser, &Reading { program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "quotes-within-program-name",
        says: "quotes within a program name hold its blanks together",
        breaks: "CMD-06",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let program_name = |line: &[char]| match line {
                    ['"', ..] => (RIGHT.program_name)(line),
                    line => toggling_program_name(line),
                };
                split(by, line, parser, &Reading { program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "ucrt-program-name",
        says: "the program name is read as the C runtime reads it: quotes toggle anywhere in it",
        breaks: "CMD-06",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                split(by, line, parser, &Reading { program_name: toggling_program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "drops-quotes-in-program-name",
        says: "quotes within a program name are dropped",
        breaks: "CMD-06",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let program_name = |line: &[char]| match (RIGHT.program_name)(line) {
                    (name, taken) if line.first() != Some(&'"') => (name.replace('"', ""), taken),
                    quoted => quoted,
                };
                split(by, line, parser, &Reading { program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "only-space-ends-program-name",
        says: "a tab does not end the program name",
        breaks: "CMD-06",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let program_name = |line: &[char]| match line {
                    ['"', ..] => (RIGHT.program_name)(line),
                    line => up_to(line, |c| c == ' ', 0),
                };
                split(by, line, parser, &Reading { program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "strips-leading-blanks",
        says: "blanks at the start of the line are skipped",
        breaks: "CMD-08",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match is_nothing(line) {
                true => right(by, line, parser),
                false => right(by, line.trim_start_matches(is_blank), parser),
            }
        },
    },
    Misreading {
        name: "all-white-space-separates",
        says: "any white space separates arguments, line feeds and no-break spaces too",
        breaks: "CMD-09",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                split(by, line, parser, &Reading { separates: char::is_whitespace, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "only-space-separates",
        says: "a tab does not separate arguments",
        breaks: "CMD-09",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| split(by, line, parser, &Reading { separates: |c| c == ' ', ..RIGHT })
        },
    },
    Misreading {
        name: "every-blank-separates",
        says: "of two blanks together each separates, and an empty argument lies between",
        breaks: "CMD-09",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| split(by, line, parser, &Reading { separators_together: false, ..RIGHT })
        },
    },
    Misreading {
        name: "trailing-blank-adds-argument",
        says: "after blanks at the end comes an empty argument",
        breaks: "CMD-10",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let separated = line.ends_with(is_blank) && !is_nothing(line) && !is_unclosed(by, line);
                change(by, line, parser, |arguments| arguments.extend(separated.then(|| "".into())))
            }
        },
    },
    Misreading {
        name: "keeps-quotes",
        says: "the quotes around a quoted part belong to the argument",
        breaks: "CMD-11",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let quote = |quoting, sofar: &str| ("\"", (RIGHT.quote)(quoting, sofar).1);
                split(by, line, parser, &Reading { quote, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "split-on-blanks",
        says: "the line is split at blanks, and quotes are characters like any other",
        breaks: "CMD-11",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match is_nothing(line) || parser != "windows" {
                true => right(by, line, parser),
                false => Ok(Dynamic::strings(line.split(is_blank).filter(|part| !part.is_empty()))),
            }
        },
    },
    Misreading {
        name: "quotes-only-at-the-start",
        says: "a quote in the middle of an argument opens nothing",
        breaks: "CMD-11",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let quote = |quoting, sofar: &str| match quoting {
                    Quoting::Outside if !sofar.is_empty() => ("\"", Quoting::Outside),
                    quoting => (RIGHT.quote)(quoting, sofar),
                };
                split(by, line, parser, &Reading { quote, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "drops-empty-arguments",
        says: "an empty argument is left out",
        breaks: "CMD-07",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match is_nothing(line) {
                true => right(by, line, parser),
                false => change(by, line, parser, |arguments| {
                    let mut program_name = true;
                    arguments.retain(|argument| {
                        std::mem::take(&mut program_name) || argument.as_str() != Some("")
                    });
                }),
            }
        },
    },
    Misreading {
        name: "backslash-always-escapes",
        says: "a backslash escapes whatever follows and is dropped itself",
        breaks: "CMD-12",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| split(by, line, parser, &Reading { elsewhere: |count| count / 2, ..RIGHT })
        },
    },
    Misreading {
        name: "two-backslashes-are-one",
        says: "two backslashes are one wherever they stand",
        breaks: "CMD-12",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                split(by, line, parser, &Reading { elsewhere: |count| count.div_ceil(2), ..RIGHT })
            }
        },
    },
    Misreading {
        name: "even-backslashes-stay",
        says: "backslashes in an even number before a quote all stay",
        breaks: "CMD-13",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let before_quote = |count| match count % 2 {
                    0 => (count, false),
                    _ => (RIGHT.before_quote)(count),
                };
                split(by, line, parser, &Reading { before_quote, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "last-backslash-escapes",
        says: "the last backslash before a quote escapes it, however many there are",
        breaks: "CMD-13",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                split(by, line, parser, &Reading { before_quote: |count| (count - 1, true), ..RIGHT })
            }
        },
    },
    Misreading {
        name: "odd-backslashes-stay",
        says: "backslashes in an odd number before a quote all stay, and the quote opens or closes",
        breaks: "CMD-14",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let before_quote = |count| match count % 2 {
                    0 => (RIGHT.before_quote)(count),
                    _ => (count, false),
                };
                split(by, line, parser, &Reading { before_quote, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "backslashes-escape-nothing",
        says: "a backslash is a character like any other before a quote too",
        breaks: "CMD-14",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                split(by, line, parser, &Reading { before_quote: |count| (count, false), ..RIGHT })
            }
        },
    },
    Misreading {
        name: "ucrt-double-quotes",
        says: "two quotes within a quoted part are one as text, and the part goes on",
        breaks: "CMD-15",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| split(by, line, parser, &Reading { quote: ucrt_quote, ..RIGHT })
        },
    },
    Misreading {
        name: "ucrt-command-line",
        says: "the line is split as the C runtime does it since 2008, the program name too",
        breaks: "CMD-15",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                let program_name = toggling_program_name;
                split(by, line, parser, &Reading { quote: ucrt_quote, program_name, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "quotes-only-toggle",
        says: "every quote opens or closes, and none is text",
        breaks: "CMD-15",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| split(by, line, parser, &Reading { quote: toggle, ..RIGHT })
        },
    },
    Misreading {
        name: "unclosed-quote-fails",
        says: "a quote that nothing closes is an error",
        breaks: "CMD-16",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match is_unclosed(by, line) {
                true => Err(unclosed()),
                false => right(by, line, parser),
            }
        },
    },
    Misreading {
        name: "backslashes-keep-quotes-together",
        says: "a quote after a closing quote is text even where backslashes stand between them",
        breaks: "CMD-17",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| {
                split(by, line, parser, &Reading { backslashes_part_quotes: false, ..RIGHT })
            }
        },
    },
    Misreading {
        name: "single-quotes-group",
        says: "single quotes do what double quotes do",
        breaks: "CMD-18",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| right(by, &line.replace('\'', "\""), parser)
        },
    },
    Misreading {
        name: "carets-escape",
        says: "a caret escapes the next character, as in cmd.exe, and is dropped",
        breaks: "CMD-18",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| right(by, &line.replace('^', ""), parser)
        },
    },
    Misreading {
        name: "arguments-in-lower-case",
        says: "arguments come out in lower case",
        breaks: "CMD-18",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| right(by, &line.to_ascii_lowercase(), parser)
        },
    },
    Misreading {
        name: "posix-shell-split",
        says: "the line is split as a POSIX shell splits it",
        breaks: "CMD-18",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match is_nothing(line) || parser != "windows" {
                true => right(by, line, parser),
                false => split_as_shell(line).map(Dynamic::strings).ok_or_else(unclosed),
            }
        },
    },
    Misreading {
        name: "question-marks-beyond-ascii",
        says: "a character beyond ASCII becomes a question mark",
        breaks: "CMD-23",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| right(by, &line.replace(|c: char| !c.is_ascii(), "?"), parser)
        },
    },
    Misreading {
        name: "bytes-as-characters",
        says: "each byte of UTF-8 is a character of its own",
        breaks: "CMD-23",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| right(by, &line.bytes().map(char::from).collect::<String>(), parser)
        },
    },
    Misreading {
        name: "empty-line-fails",
        says: "an empty line is an error",
        breaks: "CMD-19",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match line {
                "" => Err(Error::new(ErrorKind::WrongType, "the line is empty")),
                line => right(by, line, parser),
            }
        },
    },
    Misreading {
        name: "blank-line-is-an-argument",
        says: "a line of blanks is one argument that holds the blanks",
        breaks: "CMD-20",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match !line.is_empty() && is_nothing(line) {
                true => Ok(Dynamic::strings([line])),
                false => right(by, line, parser),
            }
        },
    },
    Misreading {
        name: "unknown-parser-splits-nothing",
        says: "under an unknown parser type the whole line is one argument",
        breaks: "CMD-21",
        apply: |engine| {
            engine.semantics.parse_command_line = |by, line, parser| match parser.eq_ignore_ascii_case("windows") {
                true => right(by, line, parser),
                false => Ok(Dynamic::strings([line])),
            }
        },
    },
    Misreading {
        name: "parser-in-other-case-finds-nothing",
        says: "under a parser type in another case there are no arguments",
        breaks: "CMD-22",
        apply: |engine| {
            engine.semantics.parse_command_line =
                |by, line, parser| match parser != "windows" && parser.eq_ignore_ascii_case("windows") {
                    true => Ok(Dynamic::Array(vec![])),
                    false => right(by, line, parser),
                }
        },
    },
];

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
