//! The HTML page in a browser.

use std::process::Command;

use super::screen::{HOSTILE, SUITE, rulespec};

/// An engine with misreadings.
const NAIVE: &str = "tests/engines/naive.py";
/// If this environment variable is set, screenshots go to that folder.
const SCREENSHOTS: &str = "RULESPEC_PICTURES";

fn click(engines: &[&[&str]], name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html").to_str().unwrap().to_owned();
    let mut reports = vec![];
    for (number, engine) in engines.iter().enumerate() {
        let file = folder.path().join(format!("{number}.json")).to_str().unwrap().to_owned();
        let check = ["check", "--suite", SUITE, "--format", "json", "--output", &file];
        rulespec(check.iter().chain(*engine));
        reports.push(file);
    }
    let render = ["report", "--format", "html", "--output", &page];
    let rendered = rulespec(render.into_iter().chain(reports.iter().map(String::as_str)));
    assert_eq!(rendered.status, 0, "{}", rendered.err);

    let mut browser = Command::new("python3");
    browser.args(["tests/html/page.py", &page, &engines.len().to_string()]);
    browser.current_dir(rulespec_testing::files::ROOT).env("PYTHONDONTWRITEBYTECODE", "1");
    if let Ok(folder) = std::env::var(SCREENSHOTS) {
        let own = std::path::Path::new(&folder).join(name);
        std::fs::create_dir_all(&own).unwrap();
        browser.arg(own);
    }
    let output = browser.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(printed, "clicked\n");
}

pub fn a_page_of_one_engine_can_be_clicked_through() {
    click(&[&[]], "one");
}

pub fn a_page_of_several_engines_can_be_clicked_through() {
    click(&[&[], &["--", "python3", NAIVE], &["--", "python3", HOSTILE], &["--engine", "reference"]], "four");
}
