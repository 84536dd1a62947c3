//! The digests that the specification has are those of the engines inside, and anybody
//! can compute them.

use std::fs;
use std::process::Command;

use rulespec_check::digest::{Part, SCOPES, Scope, compare};
use rulespec_check::engine::{Fast, Reference};

const HEAD: &str = "| fn | length | questions | SHA-256 |\n|---|---:|---:|---|\n";
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/digests.md");

/// Above as many questions, digests are computed only where that is optimised.
const FEW: usize = 130_000;

fn is_small(scope: &Scope, length: usize) -> bool {
    scope.count(&Part::all(length)) <= FEW
}

/// The row of a digest on which reference and fast agree.
fn row(scope: &Scope, length: usize) -> String {
    let (mut reference, mut fast) = (Reference::default(), Fast::default());
    let digest = compare(&mut reference, &mut fast, scope, &Part::all(length), &mut |_| {});
    let digest = digest.unwrap_or_else(|difference| panic!("{}: {difference:?}", scope.function));
    format!("| `{}` | {length} | {} | `{}` |\n", scope.function, digest.questions, digest.sha256)
}

fn published() -> Vec<(&'static Scope, usize)> {
    SCOPES.iter().flat_map(|scope| scope.lengths.clone().map(move |length| (scope, length))).collect()
}

/// Asserts that the written rows are those that these engines give, where they are due.
fn assert_current(is_due: fn(&Scope, usize) -> bool) {
    let text = fs::read_to_string(PATH).unwrap();
    let (_, written) = text.split_once(HEAD).expect("spec/digests.md has the head of the digests");
    let written: Vec<&str> = written.split_inclusive('\n').collect();
    assert_eq!(written.len(), published().len(), "{REMEDY}");
    for (&written, (scope, length)) in written.iter().zip(published()) {
        assert!(!is_due(scope, length) || written == row(scope, length), "{written}{REMEDY}");
    }
}

const REMEDY: &str = "spec/digests.md is stale; write it anew with\n\
     RULESPEC_WRITE_DIGESTS=1 cargo test --profile thorough --test digests";

#[test]
fn small_digests_are_current() {
    if std::env::var_os("RULESPEC_WRITE_DIGESTS").is_some() {
        let text = fs::read_to_string(PATH).unwrap();
        let (before, _) = text.split_once(HEAD).expect("spec/digests.md has the head of the digests");
        let rows: String = published().into_iter().map(|(scope, length)| row(scope, length)).collect();
        return fs::write(PATH, format!("{before}{HEAD}{rows}")).unwrap();
    }
    assert_current(is_small);
}

#[test]
#[ignore = "takes minutes where it is not optimised: see .ci/run"]
fn every_digest_is_current() {
    assert_current(|_, _| true);
}

/// Of texts that are longer by one character, or by as many as `RULESPEC_BEYOND` says.
#[test]
#[ignore = "takes minutes even where it is optimised: see .ci/run"]
fn fast_is_reference_beyond_what_is_published() {
    let beyond = std::env::var("RULESPEC_BEYOND").map_or(1, |number| number.parse().unwrap());
    for scope in SCOPES {
        print!("{}", row(scope, scope.lengths.end() + beyond));
    }
}

/// Shares no line with this library.
#[test]
fn plain_python_gets_the_same_digests() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../engines/python/digest.py");
    let text = fs::read_to_string(PATH).unwrap();
    for (scope, length) in published().into_iter().filter(|(scope, length)| is_small(scope, *length)) {
        let python = Command::new("python3")
            .args([script, scope.function.name(), &length.to_string()])
            .output()
            .unwrap();
        let row = String::from_utf8(python.stdout).unwrap();
        assert!(text.contains(&row) && !row.is_empty(), "{row}{}", String::from_utf8_lossy(&python.stderr));
    }
}
