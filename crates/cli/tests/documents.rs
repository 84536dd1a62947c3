//! The documents for users, README.md and docs/: each console block is run as it stands, in a
//! folder with the files that the document shows, or says why it is not.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use pulldown_cmark::{Event, Parser, Tag};
use rulespec_testing::assert_none;
use rulespec_testing::files::{files, path};

/// Why a block is not run, and what runs it instead.
const REASONS: [&str; 4] = [
    ".ci/run runs it",
    "depends on the load of the machine",
    "needs a release",
    "needs packages from PyPI; the tests of the Python package run it",
];
/// The folders of the repository that commands in documents read.
const FOLDERS: [&str; 4] = ["engines", "examples", "spec", "tests"];

/// A fenced block.
struct Block<'a> {
    /// The number of its first line, counted from 1.
    line: usize,
    language: &'a str,
    /// The comment before it, such as `file: engine.py`.
    mark: Option<&'a str>,
    lines: Vec<&'a str>,
}

/// A command of a console block.
struct Step<'a> {
    command: &'a str,
    output: Vec<&'a str>,
}

fn blocks(document: &str) -> Vec<Block<'_>> {
    let mut blocks = vec![];
    let mut mark = None;
    let mut lines = document.lines().zip(1..);
    while let Some((text, line)) = lines.next() {
        if let Some(language) = text.strip_prefix("```") {
            let body = lines.by_ref().map(|(text, _)| text).take_while(|text| *text != "```");
            blocks.push(Block { line, language, mark: mark.take(), lines: body.collect() });
        } else {
            mark = text.strip_prefix("<!-- ").and_then(|text| text.strip_suffix(" -->"));
        }
    }
    blocks
}

fn steps<'a>(block: &Block<'a>) -> Vec<Step<'a>> {
    let mut steps: Vec<Step> = vec![];
    for line in &block.lines {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command, output: vec![] }),
            (None, Some(step)) => step.output.push(line),
            (None, None) => panic!("line {}: a console block begins with a command", block.line),
        }
    }
    steps
}

/// The exit status in the comment of a command: `# exits with 1`.
fn wanted_status(command: &str) -> i32 {
    let after = command.split_once("# exits with ").map(|(_, after)| after);
    after.map_or(0, |after| after[..1].parse().unwrap())
}

/// Whether a command printed these lines. `…` stands for any lines.
fn shows(printed: &str, lines: &[&str]) -> bool {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let parts: Vec<&str> = text.split("…\n").collect();
    let mut rest = printed;
    let in_order = parts.iter().all(|part| {
        let found = rest.find(part);
        rest = found.map_or("", |at| &rest[at + part.len()..]);
        found.is_some()
    });
    lines.is_empty() || in_order && printed.starts_with(parts[0]) && printed.ends_with(parts[parts.len() - 1])
}

/// Runs a command in a folder, and returns what is wrong.
fn run(step: &Step, folder: &Path) -> Option<String> {
    let mut programs = cargo_bin("rulespec").parent().unwrap().as_os_str().to_owned();
    programs.push(OsString::from(":"));
    programs.push(std::env::var_os("PATH").unwrap());
    let mut command = Command::new("bash");
    command.args(["-c", step.command]).current_dir(folder).env("PATH", programs).stdin(Stdio::null());
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed);
    let right = output.status.code() == Some(wanted_status(step.command)) && shows(&printed, &step.output);
    (!right).then(|| format!("$ {}\n{}\n{printed}", step.command, output.status))
}

/// Runs what a document shows, and returns what is wrong.
fn problems(document: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for name in FOLDERS {
        symlink(path(name), folder.path().join(name)).unwrap();
    }
    let mut problems = vec![];
    for block in blocks(document) {
        match block.mark.map(|mark| mark.split_once(": ").unwrap_or_default()) {
            Some(("file", name)) => {
                fs::write(folder.path().join(name), block.lines.join("\n") + "\n").unwrap()
            }
            Some(("not tested", reason)) if REASONS.contains(&reason) => {}
            Some(_) => problems.push(format!("line {}: the mark is not known", block.line)),
            None if block.language == "console" => {
                let failed = steps(&block).into_iter().filter_map(|step| run(&step, folder.path()));
                problems.extend(failed.map(|problem| format!("line {}: {problem}", block.line)));
            }
            None => {}
        }
    }
    problems
}

fn assert_true(document: &str) {
    assert_none(document, &problems(&fs::read_to_string(path(document)).unwrap()));
}

#[test]
fn the_readme_is_true_and_short() {
    assert_true("README.md");
    let lines = fs::read_to_string(path("README.md")).unwrap().lines().count();
    assert!(lines <= 150, "README.md has {lines} lines");
}

#[test]
fn the_guides_are_true() {
    let guides = files("docs", "md");
    assert!(guides.len() > 5);
    std::thread::scope(|scope| {
        let guides = guides.iter().map(|(guide, _)| scope.spawn(|| assert_true(guide)));
        guides.collect::<Vec<_>>().into_iter().for_each(|guide| guide.join().unwrap());
    });
}

/// The name that GitHub gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(|c: char| !c.is_alphanumeric() && !" -_".contains(c), "");
    kept.replace(' ', "-")
}

/// The links of a document to files and headings that are not there.
fn dead_links(document: &str, text: &str) -> Vec<String> {
    let leads_nowhere = |link: &str| {
        let (file, heading) = link.split_once('#').unwrap_or((link, ""));
        let file = if file.is_empty() { path(document) } else { path(document).parent().unwrap().join(file) };
        let headings = || fs::read_to_string(&file).unwrap_or_default();
        let has =
            |text: &str| text.lines().any(|line| anchor(line.trim_start_matches(['#', ' '])) == heading);
        !file.exists() || !heading.is_empty() && !has(&headings())
    };
    let links = Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) if !dest_url.contains("://") => Some(dest_url.to_string()),
        _ => None,
    });
    links.filter(|link| leads_nowhere(link)).map(|link| format!("{document}: {link}")).collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut documents = files("docs", "md");
    for name in ["CONTRIBUTING.md", "README.md", "engines/README.md", "fuzz/README.md", "spec/README.md"] {
        documents.push((name.to_owned(), fs::read_to_string(path(name)).unwrap()));
    }
    let dead: Vec<String> = documents.iter().flat_map(|(name, text)| dead_links(name, text)).collect();
    assert_none("links lead nowhere", &dead);
    let wrong = "[a](spec/90-open-points.md#ask-a-kusto) [b](#no) [c](no.md) [d](spec/README.md#no)";
    assert_eq!(
        dead_links("README.md", wrong),
        ["README.md: #no", "README.md: no.md", "README.md: spec/README.md#no"]
    );
}

#[test]
fn a_document_that_is_wrong_is_found() {
    let document = "<!-- file: a -->\n```\nx\n```\n\n```console\n$ cat a\nx\n$ cat a    # exits with 1\n$ echo y\nz\n\
                    $ printf '1\\n2\\n3\\n'\n1\n…\n3\n```\n\n<!-- not tested: because -->\n```console\n$ b\n```\n";
    let problems = problems(document);
    let firsts: Vec<_> = problems.iter().map(|problem| problem.lines().next().unwrap()).collect();
    assert_eq!(
        firsts,
        ["line 6: $ cat a    # exits with 1", "line 6: $ echo y", "line 19: the mark is not known"]
    );
}
