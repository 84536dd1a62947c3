//! Tests that need recorded event logs or a browser.

mod exports;
#[path = "../jobs.rs"]
mod jobs;
mod logs;
mod page;
#[path = "../screen.rs"]
mod screen;

use rulespec_testing::external;

const BROWSER: &str = "chromedriver";

fn main() {
    let mut tests = vec![
        external::with_program(
            "page::one_engine",
            BROWSER,
            page::a_page_of_one_engine_can_be_clicked_through,
        ),
        external::with_program(
            "page::several_engines",
            BROWSER,
            page::a_page_of_several_engines_can_be_clicked_through,
        ),
    ];
    // Without events, there is no `rulespec run`.
    if cfg!(feature = "events") {
        tests.extend([
            external::with_data("exports::detections", "exports", exports::each_export_gives_its_detections),
            external::with_data(
                "logs::jobs",
                "events",
                logs::event_logs_give_the_same_output_with_any_number_of_jobs,
            ),
        ]);
    }
    external::run(tests)
}
