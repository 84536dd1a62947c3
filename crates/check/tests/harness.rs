//! The reference passes the test of every vector; a misreading fails some of them, and a partial
//! engine is asked only what it has.

use std::process::Command;

use libtest_mimic::Arguments;
use rulespec::suite;
use rulespec_check::engine::{Answer, Engine, Hello, Reference, StartError};
use rulespec_check::{harness, misreading};
use serde_json::Value;

/// The name of the misreading to test, when this program calls itself.
const MISREADING: &str = "RULESPEC_HARNESS_MISREADING";

fn main() {
    if let Ok(name) = std::env::var(MISREADING) {
        harness::main(move || Box::new(misreading::named(&name).unwrap().engine()));
    }
    the_reference_passes_the_test_of_every_vector();
    vectors_of_functions_that_it_does_not_have_are_ignored();
    a_misreading_fails_a_test_and_shows_the_clause();
}

/// The reference with `indexof` alone.
struct Partial(Reference);

impl Engine for Partial {
    fn hello(&mut self) -> Result<Hello, StartError> {
        // It answers only later that it does not have `has`.
        let functions = Some(["indexof", "has"].map(str::to_owned).to_vec());
        Ok(Hello { functions, ..self.0.hello()? })
    }

    fn ask(&mut self, function: &str, args: &[Value]) -> Answer {
        match function {
            "indexof" => self.0.ask(function, args),
            _ => Answer::Unsupported(function.to_owned()),
        }
    }
}

fn vectors_of_functions_that_it_does_not_have_are_ignored() {
    let arguments = Arguments { quiet: true, ..Arguments::default() };
    let conclusion = harness::run(&arguments, || Box::new(Partial(Reference::default())));
    let vectors = suite::vectors().unwrap();
    let listed = vectors.iter().filter(|vector| vector.r#fn == "indexof").count();
    assert_eq!(conclusion.num_passed as usize, listed);
    assert_eq!(conclusion.num_ignored as usize, vectors.len() - listed);
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
