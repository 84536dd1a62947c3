//! The command line: one module a subcommand, and what they share.
//!
//! | module | what |
//! |---|---|
//! | `run` | `rulespec run`: the rule over real events |
//! | `bench` | `rulespec bench`: how long an engine takes |
//! | `check` | `rulespec check`: an engine held against the specification |
//! | `explore` | `rulespec explore`: the search for a wrong answer |
//! | `report` | `rulespec report`: saved results, rendered |
//! | `serve` | `rulespec serve`: an embedded engine for others |
//! | `smoke` | `rulespec smoke`: whether an engine is wired right |
//! | `export` | `rulespec export`: the suite in other forms |
//! | `import` | `rulespec import`: what a real Kusto answered, as a report |
//! | `digest` | `rulespec digest`: one hash for all the answers of a small scope |
//! | `show` | `rulespec show`: a clause or a vector in full |
//! | `list` | `rulespec list`: what the specification has |
//! | `lint` | `rulespec lint`: vectors of your own, looked over |
//! | `copy` | `rulespec copy`: the specification as files |
//! | `man` | `rulespec man`: manual pages |
//! | `completions` | `rulespec completions`: for a shell |
//! | `asked` | which vectors a command is about |
//! | `engine` | which engine a command is about |
//! | `failure` | why a command has no result, and the exit status |
//! | `interrupt` | what happens on Ctrl-C |
//! | `palette` | colours, or none |
//! | `progress` | what is seen of work that takes over a second |
//! | `status` | what a command exits with |
//! | `terminal` | what standard output and standard error are |

mod asked;
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
mod palette;
mod progress;
mod report;
mod run;
mod serve;
mod show;
mod smoke;
mod status;
mod terminal;

use std::ffi::OsString;
use std::io;

use clap::{Parser, Subcommand, ValueEnum};

use rulespec_check::engine::{Engine, Fast, Reference};
use rulespec_check::printable::{self, printable};

pub use status::Status;

/// Run the detection rule Bitsadmin Activity over real events, and hold engines against it.
#[derive(Debug, Parser)]
#[command(name = "rulespec", version, max_term_width = 100, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// When to use colours; `auto` heeds NO_COLOR and CLICOLOR_FORCE
    // Its place in the help would hang on the number of subcommands.
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

/// The engines inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Embedded {
    /// The same answers at the pace of memory.
    Fast,
    /// The reference: the shortest reading of each clause.
    Reference,
}

impl Embedded {
    fn engine(self) -> Box<dyn Engine> {
        match self {
            Self::Fast => Box::new(Fast::default()),
            Self::Reference => Box::new(Reference::default()),
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Color {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
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

/// Runs a command, the first of its arguments the name it was called by.
///
/// Returns what the process is to exit with. Wrong usage ends the process with 2, as
/// clap does; everything else ends here: a reader that has gone away, as in
/// `rulespec … | head`, is no error.
///
/// ```
/// use rulespec_cli::{Status, main};
///
/// assert_eq!(main(["rulespec", "show", "TRM-05"]), Status::Done);
/// ```
pub fn main<A: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = A>) -> Status {
    let cli = Cli::parse_from(arguments);
    anstream::ColorChoice::from(cli.color).write_global();
    let result = interrupt::end_engines().and_then(|()| match &cli.command {
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
    });
    match result {
        Ok(code) => code,
        Err(error) if reader_is_gone(&error) => Status::Done,
        Err(error) => {
            anstream::eprintln!("rulespec: {}", printable(&format!("{error:#}")));
            let failure = error.downcast_ref::<failure::Failure>();
            failure.map_or(Status::Failed, |failure| failure.status)
        }
    }
}

fn reader_is_gone(error: &anyhow::Error) -> bool {
    let broken = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().filter_map(|cause| cause.downcast_ref()).any(broken)
}
