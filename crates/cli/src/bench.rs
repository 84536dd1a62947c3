//! `rulespec bench`: measures an engine's speed relative to the reference.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::engine::{EngineArguments, seconds};
use super::failure::Failure;
use super::file::{self, Output};
use super::interrupt;
use super::progress::Progress;
use super::selection::function_parser;
use super::status::Status;
use super::stderr;
use super::stdout;
use rulespec::Function;
use rulespec_check::bench::compare::{Change, compare};
use rulespec_check::bench::workload::{Workload, workloads};
use rulespec_check::bench::{Asked, Build, Effort, Figure, Machine, Run, Sides, csv, measure, saved, text};
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::{Engine, Hello, Reference, StartError};

const HELP: &str = "\
Examples:
  rulespec bench
  rulespec bench --fn has --fn has_any -- ./engine
  rulespec bench --save monday.json -- ./engine
  rulespec bench --against monday.json -- ./engine
  rulespec report --format html --output page.html --bench monday.json tuesday.json

Exit status:
  0  all answers are right, and no function became slower
  1  an answer is wrong, or a function became slower or is missing
  2  wrong usage
  3  the engine could not be run
  5  a file or standard output could not be read or written

In each round, the engine and the reference answer the same calls in turn, and the
round yields one ratio of their times. The reported interval contains the median ratio
with 95 % confidence; it is computed from ranks and assumes no distribution. A function
counts as slower if the intervals of the two runs do not overlap and the median grew by
more than 20 %.

The time of an engine after -- includes its pipe and its JSON. The reference then runs
as `rulespec serve`, so that both have the same overhead. `protocol` is that overhead:
the time of the served reference minus that of the reference in this process. No engine
can be faster than that.";

/// Measure an engine's speed relative to the reference
///
/// Makes several hundred fixed calls of each function, and checks every answer against the
/// reference's. Without ENGINE, an embedded engine is measured.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(mut_arg("engine", |engine| engine.help("Embedded engine to measure")))]
pub struct Arguments {
    #[command(flatten)]
    engine: EngineArguments,

    /// Measure only this function, such as has
    #[arg(long = "fn", value_name = "FUNCTION", value_parser = function_parser(), hide_possible_values = true)]
    functions: Vec<Function>,

    /// Time limit per function, in seconds; at least 6 rounds are always run
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "1")]
    time: Duration,

    /// Maximum number of rounds per function
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(6..=1000), default_value = "30")]
    rounds: u16,

    /// Save the run to FILE as JSON
    #[arg(long, value_name = "FILE", help_heading = "Comparison")]
    save: Option<PathBuf>,

    /// Report what became slower since the run saved in FILE
    #[arg(long, value_name = "FILE", help_heading = "Comparison")]
    against: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Human-readable text.
    #[default]
    Text,
    /// The JSON of `--save`, with the comparison as `changes`.
    Json,
    /// CSV, one line per function.
    Csv,
}

/// Runs `rulespec bench`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let before = arguments.against.as_deref().map(load).transpose()?;
    let output = Output::prepare_any(arguments.save.as_ref())?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let run = measure_all(arguments, &interrupted)?;
    let changes = match (&before, &arguments.against) {
        (Some(before), Some(file)) => compare(before, &run)
            .map_err(|error| Failure::usage(&format!("cannot compare with {}: {error}", file.display()))),
        _ => Ok(vec![]),
    };
    let interrupted = interrupted.load(Ordering::Relaxed);
    let saved = output.filter(|_| !interrupted).map_or(Ok(()), |output| output.write(saved::render(&run)));
    // Show the figures even if they were not saved, or if the comparison failed.
    let shown = render(&run, changes.as_deref().unwrap_or_default(), arguments.format)?;
    Failure::all(saved.err().into_iter().chain(stdout::print(&shown).err()))?;
    if interrupted {
        stderr::print(
            &"rulespec: interrupted; only the functions measured so far are shown, and nothing was saved",
        );
        return Ok(Status::Interrupted);
    }
    let is_worse = changes?.iter().any(|(_, change)| change.is_worse());
    Ok(Status::from_ok(run.is_right() && !is_worse))
}

/// Loads a saved run.
pub fn load(file: &Path) -> Result<Run, Failure> {
    saved::load(&file.display().to_string(), &file::read(file)?).map_err(|error| Failure::usage(&error))
}

fn render(run: &Run, changes: &[(String, Change)], format: Format) -> anyhow::Result<Vec<u8>> {
    Ok(match format {
        Format::Text => text::render(run, changes).into_bytes(),
        Format::Json => saved::render_with(run, changes).into_bytes(),
        Format::Csv => csv::render(run, changes)?,
    })
}

/// Measures all functions, or those before Ctrl-C.
fn measure_all(arguments: &Arguments, interrupted: &Arc<AtomicBool>) -> Result<Run, Failure> {
    let workloads = workloads(&arguments.functions).map_err(|error| Failure::suite(&error))?;
    let is_external = arguments.engine.is_external();
    let mut engine = arguments.engine.engine(Limits::default());
    let to_failure = |error: StartError| Failure::engine(&error);
    let hello = engine.hello().map_err(to_failure)?;
    let mut inside = Reference::default();
    let mut served = if is_external { Some(serve_reference(&mut inside).map_err(to_failure)?) } else { None };
    let mut sides = match &mut served {
        Some(served) => Sides { engine: engine.as_mut(), reference: served, inside: Some(&mut inside) },
        None => Sides { engine: engine.as_mut(), reference: &mut inside, inside: None },
    };
    let effort = Effort { rounds: arguments.rounds.into(), time: arguments.time };
    Ok(Run {
        bench: saved::FORM,
        rulespec: env!("CARGO_PKG_VERSION").to_owned(),
        build: Build::OWN,
        date: rulespec_check::report::now(),
        machine: Machine::here(),
        engine: hello,
        command: arguments.engine.words(),
        reference: if is_external { Asked::Served } else { Asked::Inside },
        figures: figures(&workloads, &mut sides, effort, interrupted),
    })
}

fn figures(
    workloads: &[Workload],
    sides: &mut Sides<'_>,
    effort: Effort,
    interrupted: &Arc<AtomicBool>,
) -> Vec<Figure> {
    let flag = Arc::clone(interrupted);
    interrupt::on_first(move || flag.store(true, Ordering::Relaxed));
    let done = Arc::new(AtomicU64::new(0));
    let _progress = Progress::of_functions(workloads.len(), Arc::clone(&done));
    let figures = workloads.iter().map_while(|workload| {
        let figure = measure(workload, sides, effort, &|| interrupted.load(Ordering::Relaxed));
        done.fetch_add(1, Ordering::Relaxed);
        figure
    });
    figures.collect()
}

/// Starts the reference as `rulespec serve`: with this executable if it is `rulespec`, otherwise
/// (in the Python package) with the `rulespec` in PATH.
fn serve_reference(inside: &mut Reference) -> Result<Process, StartError> {
    let this = std::env::current_exe().ok();
    let this = this.filter(|path| path.file_stem().is_some_and(|name| name == "rulespec"));
    let program = this.map_or_else(|| OsString::from("rulespec"), Into::into);
    let mut process = Process::new(vec![program, "serve".into()], Limits::default());
    let failed =
        |what: String| StartError { what, remedy: "put this version of rulespec first in PATH".to_owned() };
    let Hello { engine, version, .. } = process
        .hello()
        .map_err(|error| failed(format!("cannot run the reference as `rulespec serve`: {}", error.what)))?;
    let wanted = inside.hello()?;
    if (&engine, &version) != (&wanted.engine, &wanted.version) {
        let (name, number) = (wanted.engine, wanted.version);
        return Err(failed(format!("`rulespec serve` is {engine} {version}, not {name} {number}")));
    }
    Ok(process)
}
