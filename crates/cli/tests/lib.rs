//! Tests that run the command as a process.

mod author_screens;
mod bench_saved;
mod bench_screens;
mod check_screens;
#[cfg(feature = "events")]
mod cli_bad_input;
mod cli_engines;
#[cfg(feature = "events")]
mod cli_run;
#[cfg(feature = "events")]
mod cli_streams;
mod digest_screens;
mod explore_screens;
#[cfg(unix)]
mod faults;
#[cfg(feature = "events")]
mod help;
#[cfg(feature = "events")]
mod jobs;
#[cfg(feature = "events")]
mod readme;
mod report_files;
#[cfg(feature = "events")]
mod run_jobs;
mod runs;
mod screen;
