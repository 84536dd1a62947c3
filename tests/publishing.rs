//! What a release has in several places: its version, and the addresses of the project.

use std::fs;

use rulespec_testing::assert_none;
use rulespec_testing::files::{files, path};

/// What an unpublished package has instead of a version.
const UNPUBLISHED: &str = "0.0.0";

/// The first value of a key in a manifest.
fn value<'a>(manifest: &'a str, key: &str) -> Option<&'a str> {
    let values = manifest.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""));
    values.filter_map(|value| Some(value.split_once('"')?.0)).next()
}

fn workspace() -> String {
    fs::read_to_string(path("Cargo.toml")).unwrap()
}

/// The manifests of the workspaces beside the one of the root: their paths and texts.
fn other_manifests() -> Vec<(String, String)> {
    let folders = ["fuzz", "page", "python"].into_iter();
    let manifests = folders.flat_map(|folder| files(folder, "toml"));
    manifests.filter(|(path, _)| path.ends_with("/Cargo.toml") && !path.contains("/target/")).collect()
}

/// The addresses in a text that begin with this, up to a character that none has.
fn addresses<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    let ends = |c: char| c.is_whitespace() || "\"')>`".contains(c);
    text.match_indices(start).map(|(at, _)| text[at..].split(ends).next().unwrap()).collect()
}

#[test]
fn all_packages_have_one_version() {
    let workspace = workspace();
    let version = value(&workspace, "version").unwrap();
    let mut problems = vec![];
    for (path, manifest) in other_manifests() {
        let other = value(&manifest, "version").unwrap_or(UNPUBLISHED);
        if ![version, UNPUBLISHED].contains(&other) {
            problems.push(format!("{path} has {other}, not {version}"));
        }
    }
    for line in workspace.lines().filter(|line| line.starts_with("rulespec") && line.contains("version = ")) {
        if !line.contains(&format!("version = \"{version}\"")) {
            problems.push(format!("Cargo.toml: `{line}` does not have version {version}"));
        }
    }
    assert_none("versions differ from that of the workspace", &problems);
}

#[test]
fn the_changelog_begins_with_this_version_or_what_is_unreleased() {
    let workspace = workspace();
    let version = value(&workspace, "version").unwrap();
    let changelog = fs::read_to_string(path("CHANGELOG.md")).unwrap();
    let heading = changelog.lines().find_map(|line| line.strip_prefix("## ")).unwrap();
    assert!([version, "Unreleased"].contains(&heading), "CHANGELOG.md begins with {heading}, not {version}");
}

#[test]
fn documents_name_this_version_and_this_repository() {
    let workspace = workspace();
    let version = value(&workspace, "version").unwrap();
    let repository = value(&workspace, "repository").unwrap();
    let homepage = value(&workspace, "homepage").unwrap();
    let name = repository.strip_prefix("https://github.com/").unwrap();
    let mut documents = files("docs", "md");
    for document in ["README.md", "python/README.md", "python/pyproject.toml"] {
        documents.push((document.to_owned(), fs::read_to_string(path(document)).unwrap()));
    }
    let mut problems = vec![];
    for (path, text) in documents {
        let mut check = |found: &str, right: bool| {
            if !right {
                problems.push(format!("{path}: {found}"));
            }
        };
        for found in
            addresses(&text, "https://github.com/").into_iter().filter(|found| found.contains("rulespec"))
        {
            check(found, found.starts_with(repository));
        }
        for line in text.lines().filter(|line| line.contains("/rulespec@") || line.contains("rev: v")) {
            check(
                line,
                line.contains(&format!("{name}@v{version}")) || line.ends_with(&format!("rev: v{version}")),
            );
        }
        for found in addresses(&text, "https://").into_iter().filter(|found| found.contains(".github.io/")) {
            check(found, found.starts_with(homepage));
        }
    }
    assert_none("addresses or versions differ from those of Cargo.toml", &problems);
}
