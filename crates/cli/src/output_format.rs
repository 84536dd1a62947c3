//! The format of a file, by the extension of its name.

use std::ffi::OsStr;
use std::path::Path;

use clap::ValueEnum;

use super::failure::Failure;
use super::stderr;
use rulespec_check::printable::printable;

/// Extensions that name a format. A file with another extension can have any format.
const KNOWN: [&str; 9] = ["csv", "htm", "html", "json", "jsonl", "markdown", "md", "ndjson", "xml"];

/// The format of the output: the one of `--format` or else that of the file's extension, the first that
/// `extensions` has for it, or else the default.
pub fn choose<F: ValueEnum + Default>(chosen: Option<F>, file: Option<&Path>, extensions: &[(&str, F)]) -> F {
    let named = || file.and_then(extension).and_then(|name| of_extension(&name, extensions).next());
    chosen.or_else(named).unwrap_or_default()
}

/// Checks that the extension of the output file fits the format. If `--format` asks for another one,
/// says so on standard error.
///
/// # Errors
///
/// Returns wrong usage if there is no `--format`, and the command does not have the format of the
/// extension.
pub fn check<F: ValueEnum + PartialEq>(
    chosen: Option<F>,
    file: Option<&Path>,
    extensions: &[(&str, F)],
) -> Result<(), Failure> {
    let Some((file, name)) = file.and_then(|file| Some((file, extension(file)?))) else { return Ok(()) };
    let file = file.display().to_string();
    match chosen {
        None if of_extension(&name, extensions).next().is_none() => {
            let formats: Vec<String> = F::value_variants().iter().map(word).collect();
            let what = format!("{file}: {name} is not a format of this command");
            let remedy = format!("choose one with --format: {}; or name another file", formats.join(", "));
            Err(Failure::usage(&format!("{what}; {remedy}")))
        }
        Some(format) if !of_extension(&name, extensions).any(|other| other == format) => {
            let format = word(&format);
            let file = printable(&file);
            stderr::print(&format_args!(
                "rulespec: {file}: --format {format} counts, not the extension {name}"
            ));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The extension of a file in lower case, if it names a format.
fn extension(file: &Path) -> Option<String> {
    let name = file.extension().and_then(OsStr::to_str)?.to_lowercase();
    KNOWN.contains(&name.as_str()).then_some(name)
}

/// The formats that have an extension.
fn of_extension<'a, F: Clone>(name: &'a str, extensions: &'a [(&str, F)]) -> impl Iterator<Item = F> + 'a {
    extensions.iter().filter(move |(extension, _)| *extension == name).map(|(_, format)| format.clone())
}

/// The word for a format on the command line.
fn word<F: ValueEnum>(format: &F) -> String {
    format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
