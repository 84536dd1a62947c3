//! The implementation of the `rulespec` command.
//!
//! This is a library only so that the `rulespec` binary and the Python package can share it. Use
//! the packages `rulespec`, `rulespec-check` and `rulespec-events` in programs of your own.

mod bench;
mod check;
mod completions;
mod copy;
mod digest;
mod engine;
mod explore;
mod export;
mod failure;
mod import;
mod interrupt;
mod jobs;
mod lint;
mod list;
mod man;
mod progress;
mod report;
#[cfg(feature = "events")]
mod run;
mod selection;
mod serve;
mod show;
mod smoke;
mod status;

use std::ffi::OsString;
use std::io;

use anyhow::Context;
use clap::{Parser, Subcommand, ValueEnum};

use rulespec_check::printable::printable;

pub use status::Status;

/// Run the Bitsadmin Activity detection rule on real events, and test KQL engines against its
/// specification.
#[cfg_attr(
    not(feature = "events"),
    doc = "\n\nThis build has no `run`: it was built without the feature `events`."
)]
#[derive(Debug, Parser)]
#[command(name = "rulespec", version, max_term_width = 100, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// When to use colours; `auto` honours NO_COLOR and CLICOLOR_FORCE
    // Without an explicit display order, its place would depend on the number of subcommands.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        help_heading = "Output",
        display_order = 900
    )]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "events")]
    Run(run::Arguments),
    Check(Box<check::Arguments>),
    Bench(bench::Arguments),
    Explore(Box<explore::Arguments>),
    Report(report::Arguments),
    Export(export::Arguments),
    Serve(serve::Arguments),
    Smoke(smoke::Arguments),
    Digest(digest::Arguments),
    Import(import::Arguments),
    Show(show::Arguments),
    List(list::Arguments),
    Lint(lint::Arguments),
    Copy(copy::Arguments),
    Man(man::Arguments),
    Completions(completions::Arguments),
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Color {
    /// Use colours on a terminal.
    #[default]
    Auto,
    /// Always use colours.
    Always,
    /// Never use colours.
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// Runs the command with these arguments, the first of which is the program's name, and returns
/// its exit status.
///
/// Errors are printed to standard error. If the arguments cannot be parsed, clap exits the process
/// with status 2. A reader that closes standard output early, as in `rulespec … | head`, is not an
/// error.
///
/// ```
/// use rulespec_cli::{Status, main};
///
/// assert_eq!(main(["rulespec", "show", "TRM-05"]), Status::Success);
/// ```
pub fn main<A: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = A>) -> Status {
    let cli = Cli::parse_from(arguments);
    anstream::ColorChoice::from(cli.color).write_global();
    let handler = interrupt::install_handler();
    let handler = handler.context("cannot handle signals, raise the limits of ulimit -u and ulimit -n");
    match handler.and_then(|()| run_command(&cli.command)) {
        // A result that was cut short by a signal is neither good nor bad.
        Ok(status) => interrupt::status().unwrap_or(status),
        Err(error) if is_broken_pipe(&error) => Status::Success,
        Err(error) => {
            anstream::eprintln!("rulespec: {}", printable(&format!("{error:#}")));
            let failure = error.downcast_ref::<failure::Failure>();
            let status = failure.map_or(Status::Failed, |failure| failure.status);
            interrupt::status().unwrap_or(status)
        }
    }
}

fn run_command(command: &Command) -> anyhow::Result<Status> {
    match command {
        #[cfg(feature = "events")]
        Command::Run(arguments) => run::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Bench(arguments) => bench::run(arguments),
        Command::Explore(arguments) => explore::run(arguments),
        Command::Report(arguments) => report::run(arguments),
        Command::Export(arguments) => export::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Smoke(arguments) => smoke::run(arguments),
        Command::Digest(arguments) => digest::run(arguments),
        Command::Import(arguments) => import::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::List(arguments) => list::run(arguments),
        Command::Lint(arguments) => lint::run(arguments),
        Command::Copy(arguments) => copy::run(arguments),
        Command::Man(arguments) => man::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().filter_map(|cause| cause.downcast_ref()).any(is_broken)
}

/// Whether output to standard output is coloured.
fn stdout_is_coloured() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}
