//! The command, run as a process.

mod author_screens;
mod bench_saved;
mod bench_screens;
mod check_screens;
mod cli_bad_input;
mod cli_engines;
mod cli_run;
mod cli_streams;
mod digest_screens;
mod explore_screens;
mod jobs;
mod readme;
mod report_files;
mod run_jobs;
mod runs;
mod screen;
