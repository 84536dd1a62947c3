//! The help texts.

use super::screen::{rulespec, stable};

const COMMANDS: [&[&str]; 28] = [
    &[],
    &["run"],
    &["check"],
    &["rule"],
    &["diff"],
    &["bench"],
    &["explore"],
    &["report"],
    &["export"],
    &["export", "kql"],
    &["serve"],
    &["smoke"],
    &["digest"],
    &["import"],
    &["show"],
    &["list"],
    &["list", "clauses"],
    &["list", "vectors"],
    &["list", "functions"],
    &["list", "open-points"],
    &["list", "sources"],
    &["list", "engines"],
    &["list", "shapes"],
    &["list", "misreadings"],
    &["lint"],
    &["copy"],
    &["man"],
    &["completions"],
];

#[test]
fn every_command_has_help() {
    for command in COMMANDS {
        let name = [&["rulespec"], command].concat().join("-");
        let screen = rulespec(command.iter().chain(&["--help"]));
        insta::assert_snapshot!(name, stable(&screen.out));
    }
}

#[test]
fn every_command_is_listed() {
    let help = rulespec(["--help"]).out;
    for command in COMMANDS.iter().filter_map(|command| command.first()) {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
    }
}

/// No line is broken in the middle of a sentence: it ends there because its next word does not fit.
#[test]
fn paragraphs_fill_the_terminal() {
    for (command, width) in COMMANDS.iter().flat_map(|command| [80, 100, 120].map(|width| (command, width))) {
        let help = help_at(command, width);
        let prose = help.split_once("\nExample").map_or("", |(_, after)| after);
        let lines: Vec<&str> = prose.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| !line.is_empty())) {
            let [line, next] = pair else { continue };
            let word = next.split_whitespace().next().unwrap_or_default();
            let is_full = line.chars().count() + 1 + word.chars().count() > width.min(100);
            assert!(is_full || next.starts_with(' '), "{command:?} at {width} columns: {line}\n{next}");
        }
    }
}

/// Examples and the lines of an exit status are broken by hand, or not at all.
#[test]
fn examples_fit_a_terminal_of_80_columns() {
    for command in COMMANDS {
        let of = |width| {
            let help = help_at(command, width);
            let after = help.split_once("\nExample").map_or("", |(_, after)| after).to_owned();
            after.lines().filter(|line| line.starts_with("  ")).map(str::to_owned).collect::<Vec<String>>()
        };
        assert_eq!(of(80), of(100), "{command:?}");
    }
}

/// The help of a command on a terminal of this width.
fn help_at(command: &[&str], width: usize) -> String {
    let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin("rulespec"));
    process.args(command).arg("--help").env("COLUMNS", width.to_string());
    let output = process.output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}
