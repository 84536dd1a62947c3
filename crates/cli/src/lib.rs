//! The implementation of the `rulespec` command.
//!
//! This is a library only so that the `rulespec` binary and the Python package can share it. Use
//! the packages `rulespec`, `rulespec-check` and `rulespec-events` in programs of your own.

mod bench;
mod cells;
mod check;
#[cfg(feature = "events")]
mod clock;
mod completions;
mod copy;
#[cfg(feature = "events")]
mod diagnostics;
#[cfg(feature = "events")]
mod diff;
mod digest;
mod engine;
mod explore;
mod export;
mod failure;
mod features;
mod file;
mod help;
mod import;
mod interrupt;
mod jobs;
#[cfg(feature = "lint")]
mod lint;
mod list;
mod man;
mod output_format;
#[cfg(feature = "events")]
mod place;
mod progress;
mod report;
#[cfg(feature = "events")]
mod rule;
#[cfg(feature = "events")]
mod rules;
#[cfg(feature = "events")]
mod run;
mod selection;
mod serve;
#[cfg(feature = "events")]
mod shapes;
mod show;
mod smoke;
mod status;
mod stderr;
mod stdout;
mod text;
mod usage;

use std::ffi::OsString;
use std::io;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use rulespec_check::engine::protocol::PROTOCOL;
use rulespec_check::printable::printable;

pub use status::Status;

/// Run the Bitsadmin Activity detection rule on real events, and test KQL engines against its
/// specification.
#[cfg_attr(
    not(feature = "events"),
    doc = "\n\nThis build has no `run`: it was built without the feature `events`."
)]
#[derive(Debug, Parser)]
#[command(name = "rulespec", version, long_version = long_version(), max_term_width = 100, disable_help_subcommand = true)]
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

/// The version, the protocol and the features, for `--version`.
fn long_version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        format!("{}\nprotocol {PROTOCOL}\nfeatures: {}", env!("CARGO_PKG_VERSION"), features::listed())
    });
    &VERSION
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "events")]
    Run(run::Arguments),
    Check(Box<check::Arguments>),
    #[cfg(feature = "events")]
    Rule(rule::Arguments),
    #[cfg(feature = "events")]
    Diff(Box<diff::Arguments>),
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
    #[cfg(feature = "lint")]
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

/// The definition of the command. Its help is wrapped at the width of the terminal.
fn command() -> clap::Command {
    help::unwrapped(Cli::command())
}

/// Parses these words.
fn parse(words: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command().try_get_matches_from(words)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command()))
}

/// The definition of the command with its subcommands, for documentation that is generated.
#[doc(hidden)]
#[must_use]
pub fn definition() -> clap::Command {
    let mut command = command().disable_help_subcommand(true);
    command.build();
    command
}

/// Whether this executable is the command, under whatever name.
static IS_EXECUTABLE: AtomicBool = AtomicBool::new(false);

/// Runs the command as [`main`] does, in the executable of the command. It starts itself again
/// where it needs a `rulespec serve`. Other programs, such as Python, cannot do that, so in them
/// [`main`] starts the `rulespec` in PATH.
pub fn main_of_executable<A: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = A>) -> Status {
    IS_EXECUTABLE.store(true, Ordering::Relaxed);
    main(arguments)
}

/// The program that understands `serve`: this executable, or else the `rulespec` in PATH.
fn own_program() -> OsString {
    let this = std::env::current_exe().ok().filter(|_| IS_EXECUTABLE.load(Ordering::Relaxed));
    this.map_or_else(|| OsString::from("rulespec"), Into::into)
}

/// Runs the command with these arguments, the first of which is the program's name, and returns
/// its exit status.
///
/// Errors are printed to standard error. A reader that closes standard output early, as in
/// `rulespec … | head`, is not an error, and does not change the exit status.
///
/// ```
/// use rulespec_cli::{Status, main};
///
/// assert_eq!(main(["rulespec", "show", "TRM-05"]), Status::Success);
/// ```
pub fn main<A: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = A>) -> Status {
    let words: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let ran = match parse(&words) {
        Ok(cli) => run_command(&cli, &words),
        Err(error) => usage::show(error, &words),
    };
    let status = ran.unwrap_or_else(|error| {
        if let Some(failure) = error.downcast_ref::<failure::Failure>() {
            failure.report();
            return failure.status;
        }
        // An error without a status of its own is one of the system.
        stderr::print(&format_args!("rulespec: {}", printable(&format!("{error:#}"))));
        Status::Io
    });
    // A result that was cut short by a signal is neither good nor bad.
    interrupt::status().unwrap_or(status)
}

/// Runs a command that was parsed from these words.
#[cfg_attr(not(feature = "events"), expect(unused_variables, reason = "only `diff` needs the words"))]
fn run_command(cli: &Cli, words: &[OsString]) -> anyhow::Result<Status> {
    anstream::ColorChoice::from(cli.color).write_global();
    // Its errors are about a limit of the system.
    let handler = interrupt::install_handler();
    handler.context("cannot handle signals, raise the limits of ulimit -u and ulimit -n")?;
    match &cli.command {
        #[cfg(feature = "events")]
        Command::Run(arguments) => run::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        #[cfg(feature = "events")]
        Command::Rule(arguments) => rule::run(arguments),
        #[cfg(feature = "events")]
        Command::Diff(arguments) => diff::run(arguments, words),
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
        #[cfg(feature = "lint")]
        Command::Lint(arguments) => lint::run(arguments),
        Command::Copy(arguments) => copy::run(arguments),
        Command::Man(arguments) => man::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
    }
}

/// Whether output to standard output is coloured.
fn stdout_is_coloured() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}
