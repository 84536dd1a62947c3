//! Tests that need what is not part of this project: answers and events recorded
//! elsewhere, which are not ours to publish, and Node.js.
//!
//! A test without what it needs is ignored: see `rulespec_testing::external`.

mod argv;
mod compare;
mod disagreements;
mod engines;
mod evaluate;
mod events;
mod form;
mod frame;
mod glue;
mod kusto;
mod lines;
mod logs;
mod query;
mod tokens;
mod tree;
mod value;

use rulespec_testing::external::{main as run, with_data, with_program};

fn main() {
    const EVENTS: &str = "events";
    run(vec![
        with_data("argv::bitsadmin", argv::BITSADMIN, argv::lines_of_bitsadmin_are_parsed_as_recorded),
        with_data("argv::suites", argv::SUITES, argv::lines_of_public_suites_are_parsed_as_they_expect),
        with_data("argv::every_short_line", argv::SHORT, argv::every_short_line_is_parsed_as_recorded),
        with_data("kusto::emulator", kusto::DATA, kusto::every_covered_record_is_answered_as_recorded),
        with_data("kusto::misreadings", kusto::DATA, kusto::misreadings_differ),
        with_data(
            "events::files",
            events::FILES,
            events::every_file_has_the_matches_that_its_manifest_expects,
        ),
        with_data("events::lines", events::LINES, events::published_lines_have_their_recorded_answers),
        with_data("lines::counts", EVENTS, lines::tel_56_a_real_recording_has_the_events_its_manifest_says),
        with_data(
            "lines::filter",
            EVENTS,
            lines::tel_44_a_real_recording_reads_the_same_with_and_without_a_filter,
        ),
        with_data("logs::counts", EVENTS, logs::every_real_log_holds_the_events_its_manifest_counts),
        with_data("logs::xml", EVENTS, logs::a_log_says_the_same_as_its_xml),
        with_data("logs::filter", EVENTS, logs::what_is_kept_does_not_depend_on_how_it_is_decided),
        with_data("logs::cut_off", EVENTS, logs::a_cut_off_log_keeps_every_record_before_the_cut),
        with_data(
            "logs::wrong_bytes",
            EVENTS,
            logs::tel_39_a_log_with_wrong_bytes_neither_panics_nor_loses_the_other_chunks,
        ),
        with_program("engines::python", "python3", engines::the_python_engine_conforms),
        with_program("engines::node", "node", engines::the_node_engine_conforms_in_what_it_has),
    ])
}
