//! The texts after the options in `--help`.

use clap::Command;

/// Joins each paragraph after the options of a command, and of its subcommands, into one line. Clap wraps lines
/// at the width of the terminal, so a paragraph that is already wrapped in our source would be wrapped twice.
pub fn unwrapped(command: Command) -> Command {
    let after = command.get_after_help().map(|text| paragraphs(&text.to_string()));
    let command = command.mut_subcommands(unwrapped);
    match after {
        Some(text) => command.after_help(text),
        None => command,
    }
}

/// Joins the lines of each paragraph. Lines that are indented, such as examples, stay as they are.
fn paragraphs(text: &str) -> String {
    let is_prose = |line: &str| !line.is_empty() && !line.starts_with(' ');
    let mut out = String::new();
    let mut before = "";
    for line in text.lines() {
        let continues = is_prose(before) && is_prose(line);
        out += if out.is_empty() || continues { "" } else { "\n" };
        out += if continues { " " } else { "" };
        out += line;
        before = line;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_paragraph_are_joined_and_examples_are_not() {
        let text = "Examples:\n  a\n  b\n     c\n\nOne\ntwo.\n\nThree:";
        assert_eq!(paragraphs(text), "Examples:\n  a\n  b\n     c\n\nOne two.\n\nThree:");
    }
}
