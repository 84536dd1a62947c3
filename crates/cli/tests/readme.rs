//! The output shown in the README.

use std::process::Command;

use assert_cmd::cargo::cargo_bin;

const ROOT: &str = rulespec_testing::files::ROOT;

#[test]
fn the_readme_shows_a_difference() {
    let folder = "tests/fixtures/diff";
    let output = Command::new(cargo_bin("rulespec"))
        .current_dir(ROOT)
        .args(["diff", &format!("{folder}/certutil.kql"), "--sql", &format!("{folder}/certutil.sql")])
        .args(["--on", "sqlite", "--cases", "2000"])
        .output()
        .unwrap();
    let readme = std::fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let finding = text.split("\n\n").nth(1).unwrap();
    assert!(finding.lines().count() > 3 && readme.contains(finding), "README.md does not show:\n{text}");
}

#[test]
fn the_readme_shows_the_output_of_the_example() {
    let output = Command::new(cargo_bin("rulespec"))
        .current_dir(ROOT)
        .env("COLUMNS", "100")
        .args(["run", "--color", "never", "examples/events/defender.jsonl"])
        .output()
        .unwrap();
    let readme = std::fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let (detections, summary) = (output.stdout, output.stderr);
    for part in [detections, summary] {
        let part = String::from_utf8(part).unwrap();
        assert!(!part.is_empty() && readme.contains(part.trim_end()), "README.md does not show:\n{part}");
    }
}
