//! Answers recorded elsewhere, replayed.
//!
//! That data is not ours to publish. A test whose data is absent is ignored, or fails if
//! `RULESPEC_DATA_REQUIRED` is set.

mod recorded {
    pub mod argv;
    pub mod compare;
    pub mod disagreements;
    pub mod evaluate;
    #[cfg(feature = "telemetry")]
    pub mod events;
    pub mod form;
    pub mod frame;
    pub mod glue;
    pub mod kusto;
    pub mod query;
    pub mod tokens;
    pub mod tree;
    pub mod value;
}

// An inline `mod common` would be looked for in `tests/recorded/` by rustfmt.
#[path = "common/recordings.rs"]
mod recordings;

use std::path::Path;

use libtest_mimic::{Arguments, Trial};
use recorded::{argv, kusto};
use recordings::{is_required, place, recording};

fn main() {
    let mut trials = vec![
        trial("argv::lines_of_bitsadmin", argv::BITSADMIN, argv::lines_of_bitsadmin_are_parsed_as_recorded),
        trial("argv::suites", argv::SUITES, argv::lines_of_public_suites_are_parsed_as_they_expect),
        trial("kusto::emulator", kusto::DATA, kusto::every_covered_record_is_answered_as_recorded),
        trial("kusto::misreadings", kusto::DATA, kusto::misreadings_differ),
    ];
    trials.extend(of_telemetry());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// The tests that read compressed data or events.
#[cfg(feature = "telemetry")]
fn of_telemetry() -> Vec<Trial> {
    use recorded::events;
    vec![
        trial("argv::every_short_line", argv::SHORT, argv::every_short_line_is_parsed_as_recorded),
        trial("events::files", events::FILES, events::every_file_has_the_matches_that_its_manifest_expects),
        trial("events::lines", events::LINES, events::published_lines_have_their_recorded_answers),
    ]
}

#[cfg(not(feature = "telemetry"))]
fn of_telemetry() -> Vec<Trial> {
    vec![]
}

/// A test of the recording at that path.
fn trial(name: &str, data: &'static str, test: fn(&Path)) -> Trial {
    let is_ignored = !place(data).exists() && !is_required();
    let run = move || {
        let absent = || format!("there is no {}", place(data).display());
        test(&recording(data).ok_or_else(absent)?);
        Ok(())
    };
    Trial::test(name, run).with_ignored_flag(is_ignored)
}
