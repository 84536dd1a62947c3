//! Tests that need something outside this project: recorded results and events, which are not
//! ours to publish, or a program such as Node.js.
//!
//! A test is ignored if what it needs is missing: see `rulespec_testing::external`.

mod argv;
mod damage;
mod disagreements;
mod engines;
mod events;
mod kusto;
mod lines;
mod logs;

use rulespec_testing::external::{run, with_data, with_program};

fn main() {
    const EVENTS: &str = "events";
    run(vec![
        with_data("argv::bitsadmin", argv::BITSADMIN, argv::bitsadmin_lines_are_parsed_as_recorded),
        with_data("argv::suites", argv::SUITES, argv::lines_of_public_suites_are_parsed_as_expected),
        with_data("argv::every_short_line", argv::SHORT, argv::every_short_line_is_parsed_as_recorded),
        with_data("kusto::emulator", kusto::DATA, kusto::supported_records_have_the_recorded_results),
        with_data("kusto::misreadings", kusto::DATA, kusto::most_misreadings_differ_from_a_record),
        with_data("events::files", EVENTS, events::every_file_has_the_matches_in_its_manifest),
        with_data("events::lines", events::LINES, events::published_lines_have_the_recorded_results),
        with_data("lines::counts", EVENTS, lines::tel_54_a_real_recording_has_the_events_in_its_manifest),
        with_data(
            "lines::filter",
            EVENTS,
            lines::tel_44_filtering_a_real_recording_while_reading_keeps_the_same_events,
        ),
        with_data("logs::counts", EVENTS, logs::every_log_has_the_events_in_its_manifest),
        with_data("logs::xml", EVENTS, logs::a_log_and_its_xml_have_the_same_rows),
        with_data(
            "logs::filter",
            EVENTS,
            logs::filtering_while_reading_keeps_the_same_events_as_filtering_afterwards,
        ),
        with_data("logs::cut_off", EVENTS, logs::a_truncated_log_has_every_record_before_the_cut),
        with_data(
            "logs::wrong_bytes",
            EVENTS,
            logs::tel_39_corrupt_bytes_cause_no_panic_and_lose_only_their_chunk,
        ),
        with_program(
            "logs::damage",
            damage::PYTHON_EVTX,
            damage::tel_85_damage_costs_no_record_that_it_does_not_touch,
        ),
        with_program("engines::python", "python3", engines::the_python_engine_conforms),
        with_program("engines::node", "node", engines::the_node_engine_conforms_in_the_functions_it_has),
    ])
}
