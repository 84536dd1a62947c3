//! `CommandLineToArgvW` again, with replaceable parts.

use rulespec::kql::{Dynamic, Error, Semantics, parse_command_line};

/// One way to split a command line.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// Parses the program name. Returns it and how many characters it consumed.
    pub(super) program_name: fn(&[char]) -> (String, usize),
    /// What separates arguments.
    pub(super) separates: fn(char) -> bool,
    /// Whether consecutive separators count as one.
    pub(super) separators_together: bool,
    /// For a number of backslashes before a quote: how many are kept, and whether the
    /// quote is literal.
    pub(super) before_quote: fn(usize) -> (usize, bool),
    /// For a number of backslashes with no quote after them: how many are kept.
    pub(super) elsewhere: fn(usize) -> usize,
    /// What a quote does, given the state and the argument so far: the text that it adds
    /// to the argument, and the new state.
    pub(super) quote: fn(Quoting, &str) -> (&'static str, Quoting),
    /// Whether a quote that follows a closing quote and backslashes opens a quoted part.
    pub(super) backslashes_reset_quoting: bool,
}

/// The position in an argument relative to its quotes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Quoting {
    Outside,
    Inside,
    JustClosed,
}

/// The correct way, as in chapter 10.
pub(super) const CORRECT: Reading = Reading {
    program_name,
    separates: is_blank,
    separators_together: true,
    before_quote: |count| (count / 2, count % 2 == 1),
    elsewhere: |count| count,
    quote: |quoting, _| match quoting {
        Quoting::Outside => ("", Quoting::Inside),
        Quoting::Inside => ("", Quoting::JustClosed),
        Quoting::JustClosed => ("\"", Quoting::Outside),
    },
    backslashes_reset_quoting: true,
};

pub(super) fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

fn program_name(line: &[char]) -> (String, usize) {
    match line {
        ['"', name @ ..] => up_to(name, |c| c == '"', 1),
        name => up_to(name, |c| c <= ' ', 0),
    }
}

/// The text before the first character for which `ends` is true, and how many characters
/// that consumes: the text, its terminator, and `before` characters that precede it.
pub(super) fn up_to(line: &[char], ends: fn(char) -> bool, before: usize) -> (String, usize) {
    let name: String = line.iter().take_while(|&&c| !ends(c)).collect();
    let taken = before + name.chars().count() + 1;
    (name, taken)
}

/// Splits a line as `reading` says. Blank lines and other parser types are left to the
/// reference.
pub(super) fn split(by: &Semantics, line: &str, parser: &str, reading: &Reading) -> Result<Dynamic, Error> {
    let read = line.split('\0').next().unwrap_or_default();
    if parser != "windows" || read.chars().all(is_blank) {
        return parse_command_line(line, parser, &by.profile);
    }
    let line: Vec<char> = read.chars().collect();
    Ok(Dynamic::strings(arguments(&line, reading)))
}

fn arguments(line: &[char], reading: &Reading) -> Vec<String> {
    let (program, taken) = (reading.program_name)(line);
    let mut found = vec![program];
    let mut rest = line.get(taken..).unwrap_or_default();
    loop {
        if reading.separators_together {
            let separators = rest.iter().take_while(|&&c| (reading.separates)(c)).count();
            rest = &rest[separators..];
        }
        if rest.is_empty() {
            return found;
        }
        let (argument, after) = argument(rest, reading);
        found.push(argument);
        rest = after.get(1..).unwrap_or_default();
    }
}

/// Parses one argument. The rest of the line begins with the separator that ends it.
fn argument<'a>(line: &'a [char], reading: &Reading) -> (String, &'a [char]) {
    let mut argument = String::new();
    let mut quoting = Quoting::Outside;
    let mut rest = line;
    while let [c, after @ ..] = rest {
        rest = match c {
            '\\' => {
                if reading.backslashes_reset_quoting {
                    quoting = not_just_closed(quoting);
                }
                backslashes(rest, &mut argument, reading)
            }
            '"' => {
                let (text, then) = (reading.quote)(quoting, &argument);
                argument.push_str(text);
                quoting = then;
                after
            }
            &c if (reading.separates)(c) && quoting != Quoting::Inside => break,
            &c => {
                argument.push(c);
                quoting = not_just_closed(quoting);
                after
            }
        };
    }
    (argument, rest)
}

fn backslashes<'a>(line: &'a [char], argument: &mut String, reading: &Reading) -> &'a [char] {
    let count = line.iter().take_while(|&&c| c == '\\').count();
    let rest = &line[count..];
    let ['"', after @ ..] = rest else {
        argument.push_str(&"\\".repeat((reading.elsewhere)(count)));
        return rest;
    };
    let (kept, quote_is_literal) = (reading.before_quote)(count);
    argument.push_str(&"\\".repeat(kept));
    if !quote_is_literal {
        return rest;
    }
    argument.push('"');
    after
}

fn not_just_closed(quoting: Quoting) -> Quoting {
    if quoting == Quoting::Inside { Quoting::Inside } else { Quoting::Outside }
}

/// Splits a line as a POSIX shell does. Returns `None` if a quote is unclosed.
pub(super) fn split_as_shell(line: &str) -> Option<Vec<String>> {
    let mut found = vec![];
    let mut current: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (None, c) if c.is_ascii_whitespace() => found.extend(current.take()),
            (None, '\'' | '"') => {
                quote = Some(c);
                current.get_or_insert_default();
            }
            (Some(open), c) if c == open => quote = None,
            (None, '\\') => current.get_or_insert_default().push(characters.next()?),
            (Some('"'), '\\') => {
                let next = characters.next()?;
                let kept = if next == '"' || next == '\\' { "" } else { "\\" };
                current.get_or_insert_default().push_str(kept);
                current.get_or_insert_default().push(next);
            }
            (_, c) => current.get_or_insert_default().push(c),
        }
    }
    found.extend(current);
    quote.is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rulespec::Function;
    use rulespec::suite::vectors;

    #[test]
    fn correct_splitting_equals_the_reference() {
        let by = Semantics::default();
        for vector in
            vectors().unwrap().iter().filter(|vector| vector.r#fn == Function::ParseCommandLine.name())
        {
            let [line, parser] = [0, 1].map(|n| vector.args[n].as_str().unwrap());
            let expected = parse_command_line(line, parser, &by.profile);
            assert_eq!(split(&by, line, parser, &CORRECT), expected, "{}", vector.id);
        }
    }

    #[test]
    fn shell_splitting_joins_adjacent_parts_and_handles_both_kinds_of_quotes() {
        let parts = split_as_shell(r#"a'b c'"d \"" e\ f "" '"'"#).unwrap();
        assert_eq!(parts, ["ab cd \"", "e f", "", "\""]);
        assert_eq!(split_as_shell("a 'b"), None);
    }
}
