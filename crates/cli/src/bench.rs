//! `rulespec bench`: measures an engine's speed relative to the reference.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::cells::{CellArguments, csv_help};
use super::engine::{EngineArguments, LimitArguments, MaxTimeArguments, seconds};
use super::failure::Failure;
use super::file::{self, Output};
use super::progress::Progress;
use super::selection::function_parser;
use super::status::Status;
use super::stderr;
use super::stdout;
use rulespec::Function;
use rulespec_check::bench::compare::{Comparison, compare};
use rulespec_check::bench::workload::{Workload, workloads};
use rulespec_check::bench::{Asked, Build, Effort, Figure, Machine, Run, Sides, csv, measure, saved, text};
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::{Engine, Hello, Reference, StartError};
use rulespec_check::stop::Stop;

const HELP: &str = concat!(
    "\
Examples:
  rulespec bench
  rulespec bench --fn has --fn has_any -- ./engine
  rulespec bench --save monday.json -- ./engine
  rulespec bench --against monday.json -- ./engine
  rulespec report --output page.html --bench monday.json tuesday.json

Exit status:
  0  all answers are right, and no function became slower
  1  an answer is wrong, a function is slower or missing, or time ran out
  2  wrong usage
  3  the engine could not be run
  5  a file or standard output could not be read or written
  129, 130, 143  interrupted; the functions measured until then are shown

In each round, the engine and the reference answer the same calls in turn, and the
round yields one ratio of their times. The reported interval contains the median ratio
with 95 % confidence; it is computed from ranks and assumes no distribution. A function
counts as slower if the intervals of the two runs do not overlap and the median grew by
more than 20 %. If the other run is of another engine, machine or version, every format
names what differs, because a change may then have another cause than the engine.

The time of an engine after -- includes its pipe and its JSON. The reference then runs
as `rulespec serve`, so that both have the same overhead. `protocol` is that overhead:
the time of the served reference minus that of the reference in this process. No engine
can be faster than that.

",
    csv_help!()
);

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

    #[command(flatten)]
    limits: LimitArguments,

    #[command(flatten)]
    max_time: MaxTimeArguments,

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

    #[command(flatten)]
    cells: CellArguments,
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Human-readable text.
    #[default]
    Text,
    /// The JSON of `--save`, with the comparison as `changes` and `differences`.
    Json,
    /// CSV, one line per function.
    Csv,
}

/// Runs `rulespec bench`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    arguments.cells.check(arguments.format == Format::Csv)?;
    let before = arguments.against.as_deref().map(load).transpose()?;
    let output = Output::prepare_any(arguments.save.as_ref())?;
    let stop = arguments.max_time.stop(arguments.engine.is_external());
    let run = measure_all(arguments, &stop)?;
    let comparison = match (&before, &arguments.against) {
        (Some(before), Some(file)) => compare(before, &run)
            .map_err(|error| Failure::usage(&format!("cannot compare with {}: {error}", file.display()))),
        _ => Ok(Comparison::default()),
    };
    let stopped = stop.reason();
    let saved =
        output.filter(|_| stopped.is_none()).map_or(Ok(()), |output| output.write(saved::render(&run)));
    // Show the figures even if they were not saved, or if the comparison failed.
    let shown = render(&run, comparison.as_ref().unwrap_or(&Comparison::default()), arguments)?;
    Failure::all(saved.err().into_iter().chain(stdout::print(&shown).err()))?;
    if let Some(reason) = stopped {
        stderr::print(&format_args!(
            "rulespec: {reason}; only the functions measured so far are shown, and nothing was saved"
        ));
        return Ok(Status::Failed);
    }
    Ok(Status::from_ok(run.is_right() && !comparison?.is_worse()))
}

/// Loads a saved run.
pub fn load(file: &Path) -> Result<Run, Failure> {
    saved::load(&file.display().to_string(), &file::read(file)?).map_err(|error| Failure::usage(&error))
}

fn render(run: &Run, comparison: &Comparison, arguments: &Arguments) -> anyhow::Result<Vec<u8>> {
    Ok(match arguments.format {
        Format::Text => text::render(run, comparison).into_bytes(),
        Format::Json => saved::render_with(run, comparison).into_bytes(),
        Format::Csv => csv::render(run, comparison, arguments.cells.cells())?,
    })
}

/// Measures all functions, or those before the run is stopped.
fn measure_all(arguments: &Arguments, stop: &Stop) -> Result<Run, Failure> {
    let workloads = workloads(&arguments.functions).map_err(|error| Failure::suite(&error))?;
    let is_external = arguments.engine.is_external();
    let limits = arguments.limits.limits(2);
    let mut engine = arguments.engine.engine(limits.clone(), stop);
    let to_failure = |error: StartError| Failure::engine(&error);
    let hello = engine.hello().map_err(to_failure)?;
    let mut inside = Reference::default();
    let mut served = if is_external {
        Some(serve_reference(&mut inside, limits, stop).map_err(to_failure)?)
    } else {
        None
    };
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
        figures: figures(&workloads, &mut sides, effort, stop),
    })
}

fn figures(workloads: &[Workload], sides: &mut Sides<'_>, effort: Effort, stop: &Stop) -> Vec<Figure> {
    let done = Arc::new(AtomicU64::new(0));
    let _progress = Progress::of_functions(workloads.len(), Arc::clone(&done));
    let figures = workloads.iter().map_while(|workload| {
        let figure = measure(workload, sides, effort, &|| stop.is_set());
        done.fetch_add(1, Ordering::Relaxed);
        figure
    });
    figures.collect()
}

/// Starts the reference as `rulespec serve`.
fn serve_reference(inside: &mut Reference, limits: Limits, stop: &Stop) -> Result<Process, StartError> {
    let limits = Limits { engine_memory: None, ..limits };
    let mut process =
        Process::new(vec![super::own_program(), "serve".into()], limits).stopped_by(stop.clone());
    let failed =
        |what: String| StartError { what, remedy: "put this version of rulespec first in PATH".to_owned() };
    let Hello { engine, version, .. } = process
        .hello()
        .map_err(|error| failed(format!("cannot run the reference as `rulespec serve`: {error}")))?;
    let wanted = inside.hello()?;
    if (&engine, &version) != (&wanted.engine, &wanted.version) {
        let (name, number) = (wanted.engine, wanted.version);
        return Err(failed(format!("`rulespec serve` is {engine} {version}, not {name} {number}")));
    }
    Ok(process)
}
