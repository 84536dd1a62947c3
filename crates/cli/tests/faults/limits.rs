//! Limits on threads, processes and descriptors.

use assert_cmd::cargo::cargo_bin;
use rulespec_testing::assert_none;

use super::{Outcome, outcome_of, rulespec, rulespec_after};

/// Commands that start an engine or threads. `{}` is an engine that needs few descriptors.
const COMMANDS: &[&[&str]] = &[
    &["check", "--", "{}", "serve"],
    &["explore", "--cases", "200", "--seed", "7", "--jobs", "4", "--", "{}", "serve"],
    &["explore", "--cases", "200", "--seed", "7", "--jobs", "4"],
    &["digest", "--fn", "indexof", "--length", "1", "--", "{}", "serve"],
    &["bench", "--fn", "has", "--time", "0.01", "--rounds", "6", "--", "{}", "serve"],
    &["smoke", "--", "{}", "serve"],
    #[cfg(feature = "events")]
    &["run", "-q", "--jobs", "8", "examples/events/sysmon.xml", "examples/events/defender.csv"],
];

/// Runs each command under limits of increasing size, until one under which it runs as usual.
/// Under the others it must end with an error that names the limit.
fn run_under_limits(
    limits: std::ops::RangeInclusive<u32>,
    name: &str,
    run: impl Fn(u32, &[String]) -> Outcome,
) {
    let own = cargo_bin("rulespec").display().to_string();
    let mut wrong = vec![];
    for arguments in COMMANDS {
        let arguments: Vec<String> = arguments.iter().map(|argument| argument.replace("{}", &own)).collect();
        let usual = outcome_of(rulespec(&arguments));
        assert_eq!(usual.status, Some(0), "{arguments:?}: {}", usual.err);
        let mut was_refused = false;
        for limit in limits.clone() {
            let outcome = run(limit, &arguments);
            if outcome.status == usual.status {
                continue;
            }
            was_refused = true;
            let is_expected = match outcome.status {
                Some(3 | 5) => true,
                // A file that cannot be opened does not end a run.
                Some(1) => arguments[0] == "run",
                _ => false,
            };
            if !is_expected || !outcome.err.contains(name) {
                wrong.push(format!(
                    "{arguments:?} under {name} {limit}: {:?} {}",
                    outcome.status, outcome.err
                ));
            }
        }
        assert!(was_refused || !arguments.contains(&own), "{arguments:?} did not meet {name}");
    }
    assert_none("a limit is not an error that names it", &wrong);
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_descriptors_is_an_error_that_names_it() {
    run_under_limits(6..=20, "ulimit -n", |limit, arguments| {
        outcome_of(rulespec_after(&format!("ulimit -n {limit}"), arguments))
    });
}

/// Threads and processes are limited for each user, and not for root. Each limit is tried as a
/// user who has no other process.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_processes_is_an_error_that_names_it() {
    if !rustix::process::geteuid().is_root() {
        println!("ignored: only root can run a command as a user who has no other process");
        return;
    }
    let first_user = 2_000_000 + std::process::id() % 100_000 * 100;
    run_under_limits(1..=14, "ulimit -u", |limit, arguments| {
        let user = first_user + limit;
        let line = format!(
            "set -- setpriv --reuid={user} --regid=65534 --clear-groups \
             bash -c 'ulimit -u {limit}; exec \"$@\"' bash \"$0\" \"$@\"\nexec \"$@\""
        );
        outcome_of(rulespec_after(&line, arguments))
    });
}
