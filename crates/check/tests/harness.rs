//! A test a vector: the reference passes each, a misreading fails those that tell.

use std::process::Command;

use libtest_mimic::Arguments;
use rulespec::suite;
use rulespec_check::engine::Reference;
use rulespec_check::{harness, misreading};

/// Names the misreading whose engine is tested; the reference where it is absent.
const MISREADING: &str = "RULESPEC_HARNESS_MISREADING";

fn main() {
    if let Ok(name) = std::env::var(MISREADING) {
        harness::main(move || Box::new(misreading::named(&name).unwrap().engine()));
    }
    every_vector_is_a_test_that_the_reference_passes();
    a_misreading_fails_the_tests_that_tell_it_apart();
}

fn every_vector_is_a_test_that_the_reference_passes() {
    let arguments = Arguments { quiet: true, ..Arguments::default() };
    let conclusion = harness::run(&arguments, || Box::new(Reference::default()));
    assert_eq!(conclusion.num_passed as usize, suite::vectors().unwrap().len());
    assert!(!conclusion.has_failed());
}

fn a_misreading_fails_the_tests_that_tell_it_apart() {
    let output = Command::new(std::env::current_exe().unwrap())
        .env(MISREADING, "has-as-substring")
        .args(["--color", "never", "trm-"])
        .output()
        .unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(101), "{shown}");
    let failure = "\nfail\n  call   \"bitsadmin /transfer j http://example.com/uploads\" has \"/Upload\"\n  \
                   want   false\n  got    true\n  TRM-04 At the right edge";
    assert!(shown.contains(failure), "{shown}");
    assert!(shown.contains("\ntest result: FAILED. ") && !shown.contains(" 0 passed"), "{shown}");
}
