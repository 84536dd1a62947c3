//! Errors in the arguments, with what was probably meant.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;

use clap::Parser;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Cli;
use super::features;
use super::status::Status;
use super::stdout;
use rulespec_check::printable::printable;
use rulespec_check::report::text::shell_word;

/// Shows an error in the arguments or, if they ask for it, the help or the version.
pub fn show(mut error: clap::Error, words: &[OsString]) -> anyhow::Result<Status> {
    if let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidSubcommand)
        && let Some(left_out) = features::left_out(words, unknown)
    {
        return Err(left_out.into());
    }
    if error.use_stderr() {
        // Clap suggests to pass unknown options to the engine.
        error.remove(ContextKind::Suggested);
        if let Some(tip) = tip(&error, words) {
            let tip = ContextValue::StyledStrs(vec![StyledStr::from(printable(&tip).into_owned())]);
            error.insert(ContextKind::Suggested, tip);
        }
        // There is nowhere left to report that standard error cannot be written.
        let _ = error.print();
        return Ok(Status::Usage);
    }
    let shown = error.print().and_then(|()| io::stdout().flush());
    stdout::streamed(shown.map_err(Into::into))?;
    Ok(Status::Success)
}

/// What to do about an error, if clap does not know it.
fn tip(error: &clap::Error, words: &[OsString]) -> Option<String> {
    match error.kind() {
        ErrorKind::UnknownArgument => separator_tip(words, |_| true),
        // The rules of `diff` are files; the first word that is none may be the program.
        ErrorKind::TooManyValues => separator_tip(words, is_program),
        ErrorKind::InvalidValue if is_about(error, "--engine <NAME>") => {
            Some("--engine names an embedded engine; write the command of another one after `--`".to_owned())
        }
        #[cfg(feature = "events")]
        ErrorKind::MissingRequiredArgument if is_about(error, "--on <DATABASE>") => Some(format!(
            "--on names the database that runs the statement: {}",
            super::diff::databases().join(", ")
        )),
        _ => None,
    }
}

/// Whether an error is about this argument.
fn is_about(error: &clap::Error, argument: &str) -> bool {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(name)) => name == argument,
        Some(ContextValue::Strings(names)) => names.iter().any(|name| name == argument),
        _ => false,
    }
}

/// Whether a word in place of a rule may be a program: there is no such file, and it is not called as a
/// rule is.
fn is_program(word: &OsStr) -> bool {
    let extension = Path::new(word).extension().and_then(OsStr::to_str).unwrap_or_default();
    is_no_file(word) && !["csl", "kql", "kusto", "txt", "yaml", "yml"].contains(&extension)
}

/// Whether there is no file of this name.
pub fn is_no_file(word: &OsStr) -> bool {
    word != "-" && !Path::new(word).exists()
}

/// What to do about a word in place of a rule that is no file.
#[cfg(feature = "events")]
pub fn program_tip(words: &[OsString], word: &OsStr) -> Option<String> {
    separator_tip(words, |other| other == word && is_program(word))
}

/// The command line with the `--` that is missing before the command of an engine, the first word
/// of which satisfies a condition; `None` if that would not make it valid.
fn separator_tip(words: &[OsString], is_command: impl Fn(&OsStr) -> bool) -> Option<String> {
    if words.iter().any(|word| word == "--") {
        return None;
    }
    let separated = |at: usize| -> Vec<OsString> {
        let (before, after) = words.split_at(at);
        [before, &["--".into()], after].concat()
    };
    let is_option = |word: &OsStr| word.as_encoded_bytes().starts_with(b"-");
    let candidates = (2..words.len()).filter(|at| !is_option(&words[*at]) && is_command(&words[*at]));
    let corrected = candidates.map(separated).find(|words| Cli::try_parse_from(words).is_ok())?;
    let line: String =
        corrected.iter().skip(1).map(|word| format!(" {}", shell_word(&word.to_string_lossy()))).collect();
    Some(format!(
        "the command of a program goes after `--`, and options of rulespec before that: rulespec{line}"
    ))
}
