//! The digests in the specification match the embedded engines and an independent
//! implementation.

use std::fs;
use std::process::Command;

use rulespec_check::digest::{Outcome, Part, SCOPES, Scope, compare};
use rulespec_check::engine::{Fast, Reference};

const HEAD: &str = "| fn | length | questions | SHA-256 |\n|---|---:|---:|---|\n";
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/digests.md");

const REMEDY: &str = "spec/digests.md is stale; update it with\n\
     RULESPEC_WRITE_DIGESTS=1 cargo test --profile thorough -p rulespec-check --test integration digests";

/// Larger scopes are only tested in optimised builds.
const MAX_QUESTIONS: usize = 130_000;

fn is_small(scope: &Scope, length: usize) -> bool {
    scope.count(&Part::all(length)) <= MAX_QUESTIONS
}

/// The table row of a digest. Reference and fast must agree on it.
fn row(scope: &Scope, length: usize) -> String {
    let (mut reference, mut fast) = (Reference::default(), Fast::default());
    let outcome = compare(&mut reference, &mut fast, scope, &Part::all(length), &mut |_| {});
    let Outcome::Hashed(digest) = outcome else { panic!("{}: {outcome:?}", scope.function) };
    format!("| `{}` | {length} | {} | `{}` |\n", scope.function, digest.questions, digest.sha256)
}

fn published() -> Vec<(&'static Scope, usize)> {
    SCOPES.iter().flat_map(|scope| scope.lengths.clone().map(move |length| (scope, length))).collect()
}

/// The text of `spec/digests.md` before the rows of its table, and the rows.
fn page() -> (String, String) {
    let text = fs::read_to_string(PATH).unwrap();
    let (before, rows) = text.split_once(HEAD).expect("spec/digests.md has a table of digests");
    (before.to_owned(), rows.to_owned())
}

/// Checks the published rows that `is_checked` selects.
fn assert_current(is_checked: fn(&Scope, usize) -> bool) {
    let (_, rows) = page();
    let rows: Vec<&str> = rows.split_inclusive('\n').collect();
    assert_eq!(rows.len(), published().len(), "{REMEDY}");
    for (&written, (scope, length)) in rows.iter().zip(published()) {
        assert!(!is_checked(scope, length) || written == row(scope, length), "{written}{REMEDY}");
    }
}

#[test]
fn small_digests_are_current() {
    if std::env::var_os("RULESPEC_WRITE_DIGESTS").is_some() {
        let rows: String = published().into_iter().map(|(scope, length)| row(scope, length)).collect();
        return fs::write(PATH, page().0 + HEAD + &rows).unwrap();
    }
    assert_current(is_small);
}

#[test]
#[ignore = "takes minutes without optimisation: see .ci/nightly"]
fn every_digest_is_current() {
    assert_current(|_, _| true);
}

/// Tests texts that are longer by `RULESPEC_BEYOND` characters, or by one.
#[test]
#[ignore = "takes minutes even with optimisation: see .ci/nightly"]
fn fast_is_reference_beyond_what_is_published() {
    let beyond = std::env::var("RULESPEC_BEYOND").map_or(1, |number| number.parse().unwrap());
    for scope in SCOPES {
        print!("{}", row(scope, scope.lengths.end() + beyond));
    }
}

/// The Python implementation shares no code with this library.
#[test]
fn plain_python_gets_the_same_digests() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../engines/python/digest.py");
    let (_, rows) = page();
    for (scope, length) in published().into_iter().filter(|(scope, length)| is_small(scope, *length)) {
        let python = Command::new("python3")
            .args([script, scope.function.name(), &length.to_string()])
            .output()
            .unwrap();
        let row = String::from_utf8(python.stdout).unwrap();
        assert!(rows.contains(&row) && !row.is_empty(), "{row}{}", String::from_utf8_lossy(&python.stderr));
    }
}
