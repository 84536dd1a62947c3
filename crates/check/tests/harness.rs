//! The reference passes the test of every vector; a misreading fails some of them.

use std::process::Command;

use libtest_mimic::Arguments;
use rulespec::suite;
use rulespec_check::engine::Reference;
use rulespec_check::{harness, misreading};

/// The name of the misreading to test, when this program calls itself.
const MISREADING: &str = "RULESPEC_HARNESS_MISREADING";

fn main() {
    if let Ok(name) = std::env::var(MISREADING) {
        harness::main(move || Box::new(misreading::named(&name).unwrap().engine()));
    }
    the_reference_passes_the_test_of_every_vector();
    a_misreading_fails_a_test_and_shows_the_clause();
}

fn the_reference_passes_the_test_of_every_vector() {
    let arguments = Arguments { quiet: true, ..Arguments::default() };
    let conclusion = harness::run(&arguments, || Box::new(Reference::default()));
    assert_eq!(conclusion.num_passed as usize, suite::vectors().unwrap().len());
    assert!(!conclusion.has_failed());
}

fn a_misreading_fails_a_test_and_shows_the_clause() {
    let output = Command::new(std::env::current_exe().unwrap())
        .env(MISREADING, "has-as-substring")
        .args(["--color", "never", "trm-"])
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(101), "{stdout}");
    let failure = "\nfail\n  call   \"bitsadmin /transfer j http://example.com/uploads\" has \"/Upload\"\n  \
                   want   false\n  got    true\n  TRM-04 At the right edge";
    assert!(stdout.contains(failure), "{stdout}");
    assert!(stdout.contains("\ntest result: FAILED. ") && !stdout.contains(" 0 passed"), "{stdout}");
}
