//! Tests that run the command as a process.

#[cfg(all(feature = "events", target_os = "linux"))]
mod action;
mod author_screens;
mod bench_saved;
mod bench_screens;
#[cfg(target_os = "linux")]
mod check_progress;
mod check_screens;
#[cfg(feature = "events")]
mod cli_bad_input;
mod cli_engines;
#[cfg(feature = "events")]
mod cli_run;
#[cfg(feature = "events")]
mod cli_streams;
#[cfg(feature = "events")]
mod csv_formulas;
#[cfg(all(feature = "events", unix))]
mod diff_ports;
#[cfg(feature = "events")]
mod diff_screens;
mod digest_screens;
#[cfg(all(feature = "events", unix))]
mod documents;
#[cfg(target_os = "linux")]
mod exit_status;
mod explore_screens;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod files_read;
#[cfg(unix)]
mod files_saved;
#[cfg(feature = "events")]
mod help;
#[cfg(feature = "events")]
mod jobs;
mod report_files;
#[cfg(feature = "events")]
mod run_inputs;
#[cfg(feature = "events")]
mod run_jobs;
#[cfg(all(feature = "events", target_os = "linux"))]
mod run_limits;
#[cfg(feature = "events")]
mod run_rule;
#[cfg(feature = "events")]
mod run_saved;
#[cfg(feature = "events")]
mod run_schemas;
#[cfg(feature = "events")]
mod run_selection;
#[cfg(all(feature = "events", unix))]
mod run_signals;
#[cfg(all(feature = "events", target_os = "linux"))]
mod run_terminal;
mod runs;
mod schemas;
mod screen;
mod show;
mod usage;
