//! Files and functions are short enough to be read in a sitting: the norms of
//! CONTRIBUTING.md that can be counted.

use rulespec_testing::assert_none;
use rulespec_testing::files::{files, sources};

/// The longest a file and a function in it may be, in lines.
fn limits(path: &str) -> (usize, usize) {
    match path {
        "src/main.rs" => (150, 60),
        path if path.starts_with("src/kql/") => (300, 30),
        "src/targets/mod.rs" => (200, 20),
        _ => (400, 60),
    }
}

/// Whether a line begins a function.
fn begins_function(line: &str) -> bool {
    let is_modifier = |word: &&str| word.starts_with("pub") || word.ends_with(')') || *word == "const";
    line.split_whitespace().find(|word| !is_modifier(word)) == Some("fn")
}

/// Every function of a file as `cargo fmt` lays it out: the line it begins on,
/// its first line, and how many lines it has.
fn functions(text: &str) -> Vec<(usize, &str, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = (0..lines.len()).filter(|at| begins_function(lines[*at]));
    begins
        .map(|at| {
            let first = lines[at].trim_start();
            let end = format!("{}}}", " ".repeat(lines[at].len() - first.len()));
            let length = lines[at..].iter().position(|line| *line == end).unwrap_or(0) + 1;
            (at + 1, first, length)
        })
        .collect()
}

#[test]
fn no_source_file_and_no_function_is_too_long() {
    let mut offences = vec![];
    for (path, text) in sources() {
        let (longest_file, longest_function) = limits(&path);
        let length = text.lines().count();
        if length > longest_file {
            offences.push(format!("{path}: {length} lines, and at most {longest_file} are due"));
        }
        for (line, signature, length) in functions(&text) {
            if length > longest_function {
                offences.push(format!("{path}:{line}: {length} lines in {signature}"));
            }
        }
    }
    assert_none("files or functions are too long", &offences);
}

#[test]
fn no_chapter_is_too_long() {
    let chapters = files("spec", "md").into_iter().filter(|(path, _)| path != "spec/README.md");
    let long = chapters.filter(|(_, text)| text.lines().count() > 220);
    let long: Vec<String> = long.map(|(path, _)| format!("{path} has over 220 lines")).collect();
    assert_none("chapters are too long", &long);
}

#[test]
fn a_function_ends_at_the_brace_below_its_beginning() {
    let text =
        "impl A {\n    pub fn b() {\n        if c {\n        }\n    }\n}\n\nconst fn d() -> u8 {\n    1\n}\n";
    assert_eq!(functions(text), [(2, "pub fn b() {", 4), (8, "const fn d() -> u8 {", 3)]);
}
