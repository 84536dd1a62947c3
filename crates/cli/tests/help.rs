//! The help texts.

use super::screen::{rulespec, stable};

const COMMANDS: [&[&str]; 18] = [
    &[],
    &["run"],
    &["check"],
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
    &["lint"],
    &["copy"],
    &["man"],
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
