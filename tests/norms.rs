//! The norms of CONTRIBUTING.md that can be counted: the length of files and functions, and
//! the direction of the dependencies between packages.

use std::fs;

use rulespec_testing::assert_none;
use rulespec_testing::files::{files, path, sources};

/// Where the reference is.
const REFERENCE: [&str; 3] = ["src/kql/", "src/query/", "src/rule/"];

/// The maximum number of lines of a file, and of a function in it.
fn limits(path: &str) -> (usize, usize) {
    match path {
        "src/kql.rs" | "src/query.rs" | "src/rule.rs" => (300, 30),
        path if REFERENCE.iter().any(|folder| path.starts_with(folder)) => (300, 30),
        path if path.ends_with("src/main.rs") => (60, 60),
        "crates/testing/src/targets.rs" => (400, 20),
        _ => (400, 60),
    }
}

/// A function in a file that `rustfmt` has formatted.
#[derive(Debug, PartialEq)]
struct Function<'a> {
    /// The number of its first line, counted from 1.
    line: usize,
    first_line: &'a str,
    /// The number of its lines, or `None` if its end was not found.
    length: Option<usize>,
}

/// Finds every function of a file.
fn functions(text: &str) -> Vec<Function<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let starts = (0..lines.len()).filter(|at| starts_function(lines[*at]));
    let function = |at: usize| Function {
        line: at + 1,
        first_line: lines[at].trim_start(),
        length: function_length(&lines[at..]),
    };
    starts.map(function).collect()
}

/// Whether a line is the first of a function.
fn starts_function(line: &str) -> bool {
    let is_modifier = |word: &&str| word.starts_with("pub") || word.ends_with(')') || *word == "const";
    line.split_whitespace().find(|word| !is_modifier(word)) == Some("fn")
}

/// Counts the lines of the function that begins on the first of these lines. Its last line is
/// a closing brace with the indentation of its first line, or the end of a declaration.
fn function_length(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?;
    if first.ends_with([';', '}']) {
        return Some(1);
    }
    let indentation = first.len() - first.trim_start().len();
    let is_last = |line: &&str| {
        let code = line.trim_start();
        line.len() - code.len() == indentation
            && (code == "}" || code.starts_with(')') && code.ends_with(';'))
    };
    lines.iter().position(is_last).map(|last| last + 1)
}

/// Returns what is too long in a file, and each function without an end.
fn offences(path: &str, text: &str) -> Vec<String> {
    let (max_file, max_function) = limits(path);
    let length = text.lines().count();
    let mut offences = vec![];
    if length > max_file {
        offences.push(format!("{path}: {length} lines; the limit is {max_file}"));
    }
    for Function { line, first_line, length } in functions(text) {
        match length {
            None => {
                offences.push(format!("{path}:{line}: the end of this function was not found: {first_line}"))
            }
            Some(length) if length > max_function => {
                offences.push(format!(
                    "{path}:{line}: {length} lines; the limit is {max_function}: {first_line}"
                ));
            }
            Some(_) => {}
        }
    }
    offences
}

#[test]
fn source_files_and_functions_are_short() {
    let offences: Vec<String> = sources().iter().flat_map(|(path, text)| offences(path, text)).collect();
    assert_none("files or functions are too long", &offences);
}

/// These pages have a generated line for each clause.
const PAGES_OF_ALL_CLAUSES: [&str; 2] = ["spec/README.md", "spec/observed/README.md"];

#[test]
fn chapters_are_short() {
    let chapters = files("spec", "md").into_iter();
    let chapters = chapters.filter(|(path, _)| !PAGES_OF_ALL_CLAUSES.contains(&path.as_str()));
    let long = chapters.filter(|(_, text)| text.lines().count() > 220);
    let offences: Vec<String> = long.map(|(path, _)| format!("{path} has over 220 lines")).collect();
    assert_none("chapters are too long", &offences);
}

#[test]
fn the_lines_of_a_function_are_counted_to_its_closing_brace() {
    let text = "impl A {\n    pub fn b() {\n        if c {\n        }\n    }\n}\n\nconst fn d(\n    e: u8,\n) -> u8;\n\
                fn f() {}\nfn g() {\n";
    let found: Vec<_> = functions(text).iter().map(|found| (found.line, found.length)).collect();
    assert_eq!(found, [(2, Some(4)), (8, Some(3)), (11, Some(1)), (12, None)]);
    assert_eq!(functions(text)[0].first_line, "pub fn b() {");
}

#[test]
fn long_files_long_functions_and_functions_without_an_end_are_offences() {
    let function = |lines: usize| format!("fn a() {{\n{}}}\n", "    b();\n".repeat(lines - 2));
    assert_eq!(offences("src/a.rs", &function(60)), [""; 0]);
    assert_eq!(offences("src/a.rs", &function(61)), ["src/a.rs:1: 61 lines; the limit is 60: fn a() {"]);
    assert_eq!(
        offences("src/kql/a.rs", &function(31)),
        ["src/kql/a.rs:1: 31 lines; the limit is 30: fn a() {"]
    );
    assert_eq!(offences("src/a.rs", &"\n".repeat(401)), ["src/a.rs: 401 lines; the limit is 400"]);
    assert_eq!(
        offences("src/a.rs", "fn a() {\n"),
        ["src/a.rs:1: the end of this function was not found: fn a() {"]
    );
}

/// Returns the packages of this workspace that a manifest lists as normal dependencies, for
/// any target.
fn workspace_dependencies(manifest: &str) -> Vec<&str> {
    let mut names = vec![];
    let mut section = "";
    for line in manifest.lines() {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
        } else if section == "dependencies"
            || section.starts_with("target.") && section.ends_with(".dependencies")
        {
            names.push(line.split(['.', ' ', '=']).next().unwrap_or_default());
        }
        names.extend(line.strip_prefix("[dependencies.").map(|name| name.trim_end_matches(']')));
    }
    names.retain(|name| name.starts_with("rulespec"));
    names.sort();
    names
}

#[test]
fn packages_depend_in_one_direction() {
    for (manifest, dependencies) in [
        ("Cargo.toml", &[][..]),
        ("crates/check/Cargo.toml", &["rulespec"]),
        ("crates/events/Cargo.toml", &["rulespec"]),
        ("crates/cli/Cargo.toml", &["rulespec", "rulespec-check", "rulespec-events"]),
    ] {
        let text = fs::read_to_string(path(manifest)).unwrap();
        assert_eq!(workspace_dependencies(&text), dependencies, "{manifest}");
    }
}

#[test]
fn normal_dependencies_are_found_in_every_form() {
    let manifest = "[workspace.dependencies]\nrulespec-a = \"1\"\n[dependencies]\nserde = \"1\"\n\
                    rulespec-b.workspace = true\n[target.'cfg(unix)'.dependencies]\nrulespec-c = \"1\"\n\
                    [dependencies.rulespec-d]\nversion = \"1\"\n[dev-dependencies]\nrulespec-e = \"1\"\n";
    assert_eq!(workspace_dependencies(manifest), ["rulespec-b", "rulespec-c", "rulespec-d"]);
}
