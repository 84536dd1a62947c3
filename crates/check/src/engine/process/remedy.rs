//! What to do about an engine that cannot be started.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::Path;

#[cfg(feature = "diff")]
use crate::engine::STDERR_MARK;
use crate::os_limit;

/// The modules of Python that adapters and ports import, each with the package that has it.
const PACKAGES: &[(&str, &str)] = &[
    ("adxlite", "adxlite"),
    ("adxpandas", "adxpandas"),
    ("antlr4", "antlr4-python3-runtime"),
    ("chdb", "chdb"),
    ("duckdb", "duckdb"),
    ("duckdb_kql", "duckdb-kql"),
    ("lark", "lark"),
    ("numpy", "numpy"),
    ("pandas", "pandas"),
    ("polars", "polars"),
    ("pyarrow", "pyarrow"),
    ("pyspark", "pyspark"),
    ("streaming_kql", "streaming-kql"),
];

/// What programs that parse their arguments with Python's argparse say about wrong ones.
const ARGUMENT_ERRORS: [&str; 3] =
    ["invalid choice: ", "unrecognized arguments: ", "the following arguments are required: "];

/// What to do about an error of the system when this argument vector was run.
pub(super) fn of_start(argv: &[OsString], error: &io::Error) -> String {
    let program = argv.first().map(|program| program.display().to_string()).unwrap_or_default();
    let path = Path::new(&program);
    let is_bare = path.components().count() == 1 && !program.starts_with('.');
    let general = "name a program and its arguments after --, without shell syntax";
    if let Some(remedy) = os_limit::remedy(error) {
        return remedy.to_owned();
    }
    match error.kind() {
        ErrorKind::NotFound if program.contains(char::is_whitespace) => {
            format!("write its words apart, without quotes around them: -- {program}")
        }
        ErrorKind::NotFound if is_bare && path.is_file() => {
            format!("it is not in PATH; to run the file in this folder, write ./{program}")
        }
        ErrorKind::NotFound if path.is_file() => {
            "the interpreter in its first line (#!) was not found; name one that you have before it"
                .to_owned()
        }
        ErrorKind::PermissionDenied if path.is_dir() => "it is a folder; name a program".to_owned(),
        ErrorKind::PermissionDenied => {
            format!("make it executable, or name its interpreter before it, as in -- python3 {program}")
        }
        _ if is_no_program(error) => {
            format!("name its interpreter before it, as in -- python3 {program}")
        }
        _ => general.to_owned(),
    }
}

/// Whether the system does not know how to run a file, such as a script without a first line `#!`.
fn is_no_program(error: &io::Error) -> bool {
    #[cfg(unix)]
    return rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::NOEXEC);
    #[cfg(not(unix))]
    return error.raw_os_error() == Some(193);
}

/// What to do about an engine that says this when it fails to start, if a program, a file or a module
/// is missing.
pub(super) fn of_text(text: &str) -> Option<String> {
    text.lines().rev().find_map(of_line)
}

/// Inserts a remedy into how a process ended, before its standard error, if there is one.
#[cfg(feature = "diff")]
pub(super) fn insert(how: String) -> String {
    let told = how.split_once(STDERR_MARK).and_then(|(status, tail)| {
        let remedy = of_text(tail)?;
        Some(format!("{status}; {remedy}{STDERR_MARK}{tail}"))
    });
    told.unwrap_or(how)
}

fn of_line(line: &str) -> Option<String> {
    const NO_MODULE: &str = "No module named ";
    if line.contains(NO_MODULE) && line.contains("pip install ") {
        return Some("use the pip of the Python that runs the engine".to_owned());
    }
    if let Some(module) = after(line, NO_MODULE) {
        return Some(python_module(&module));
    }
    // `python3 -m` names it without quotes.
    if let Some((_, module)) = line.split_once(NO_MODULE).filter(|(_, module)| is_module(module)) {
        return Some(format!("check the name after -m, or {}", python_module(module)));
    }
    // A folder of the same name was found in its place.
    if let Some(module) = after(line, " from ").filter(|_| line.ends_with("(unknown location)")) {
        return Some(python_module(&module));
    }
    if line.contains("error: ") && ARGUMENT_ERRORS.iter().any(|error| line.contains(error)) {
        return Some("check the arguments after the name of the engine".to_owned());
    }
    if let Some(module) = after(line, "Cannot find module ").or_else(|| after(line, "Cannot find package ")) {
        return Some(format!("install the package that has {module:?}, where the engine's files are"));
    }
    if let Some(file) = after(line, "can't open file ") {
        return Some(format!(
            "check the path {file:?}; a relative path begins in the folder where rulespec runs"
        ));
    }
    let is_missing = line.contains("command not found") || line.ends_with(": not found");
    is_missing.then(|| "install the command that was not found, or check PATH".to_owned())
}

fn is_module(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

/// The word in quotes after some text of a line.
fn after(line: &str, text: &str) -> Option<String> {
    let (_, rest) = line.split_once(text)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    rest.get(1..)?.split(quote).next().map(str::to_owned)
}

fn python_module(module: &str) -> String {
    let top = module.split('.').next().unwrap_or_default();
    match PACKAGES.iter().find(|(known, _)| *known == top) {
        Some((_, package)) => {
            format!("install it for the Python that runs the engine: pip install {package}")
        }
        None => format!("install the package that has {top:?}, for the Python that runs the engine"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use rulespec_testing::files::path;

    #[test]
    fn packages_of_the_adapters_are_known() {
        let folders = fs::read_dir(path("engines")).unwrap().map(|entry| entry.unwrap().path());
        let files = folders.filter_map(|folder| fs::read_to_string(folder.join("requirements.txt")).ok());
        let mut count = 0;
        for file in files {
            for package in file.lines().filter_map(|line| line.split_once("==")).map(|(name, _)| name) {
                // It has the native part of chdb, and no module of its own.
                let known = package == "chdb-core" || PACKAGES.iter().any(|(_, known)| *known == package);
                assert!(known, "{package}");
                count += 1;
            }
        }
        assert!(count > 5);
    }

    #[test]
    fn missing_modules_and_commands_have_a_remedy() {
        for (text, wanted) in [
            ("ModuleNotFoundError: No module named 'duckdb'", "pip install duckdb"),
            ("Traceback\nModuleNotFoundError: No module named 'antlr4.error'\n", "antlr4-python3-runtime"),
            ("ModuleNotFoundError: No module named 'foo.bar'", "install the package that has \"foo\""),
            ("No module named 'duckdb': run `pip install duckdb`", "use the pip of the Python"),
            ("ImportError: cannot import name 'session' from 'chdb' (unknown location)", "pip install chdb"),
            ("x.py: error: argument --on: invalid choice: 'duckdbx'", "check the arguments after"),
            ("/usr/bin/python3: No module named rulespec.portz", "check the name after -m"),
            ("python3: can't open file '/x/eng.py': [Errno 2]", "check the path \"/x/eng.py\""),
            ("Error: Cannot find module './kql.mjs'", "install the package that has \"./kql.mjs\""),
            ("sh: 1: spark-submit: not found", "check PATH"),
            ("run.sh: line 3: java: command not found", "check PATH"),
        ] {
            let remedy = of_text(text);
            assert!(remedy.as_ref().is_some_and(|remedy| remedy.contains(wanted)), "{text}: {remedy:?}");
        }
        assert_eq!(of_text("no licence found"), None);
        assert_eq!(of_text("No module named \u{2019}x"), None);
    }

    #[test]
    fn programs_that_cannot_be_started_have_a_remedy() {
        let not_found = io::Error::from(ErrorKind::NotFound);
        let remedy = |program: &str, error: &io::Error| of_start(&[program.into()], error);
        assert!(remedy("python3 my engine.py", &not_found).ends_with(": -- python3 my engine.py"));
        assert!(remedy("Cargo.toml", &not_found).ends_with("write ./Cargo.toml"));
        assert!(remedy("./Cargo.toml", &not_found).starts_with("the interpreter"));
        assert!(remedy("nowhere", &not_found).starts_with("name a program"));
        let denied = io::Error::from(ErrorKind::PermissionDenied);
        assert_eq!(remedy("src", &denied), "it is a folder; name a program");
        assert!(remedy("Cargo.toml", &denied).ends_with("as in -- python3 Cargo.toml"));
    }
}
