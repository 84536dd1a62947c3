//! `rulespec bench`: how long an engine takes, beside the reference.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::asked::known_function;
use super::engine::{Chosen, seconds};
use super::failure::Failure;
use super::interrupt;
use super::progress::Progress;
use super::status::Status;
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
  0  all answers are right, and nothing became slower
  1  some answer is wrong, or a function became slower or is gone
  2  wrong usage
  3  the engine could not be run

The engine and the reference are asked the same questions in turn, round by round,
and the ratio is that of one round; between which two values its median lies is told
with 95 % confidence, by the order of the rounds and without regard to how they are
distributed. A function became slower where the intervals of both runs have no value
in common and the median is more than 20 % higher.

An engine after -- is timed with its pipe and its JSON. The reference is then served by
a `rulespec serve`, so that both bear the same, and `protocol` is what that costs the
reference beyond asking it in this process: what no engine can be below.";

/// Time an engine, function by function, beside the reference
///
/// Every function is asked some hundred fixed questions, and every answer is held
/// against the reference's. With no engine named, the embedded one is timed.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(mut_arg("engine", |engine| engine.help("Which embedded engine to time")))]
pub struct Arguments {
    #[command(flatten)]
    chosen: Chosen,

    /// Time only this function, like has
    #[arg(long = "fn", value_name = "FUNCTION", value_parser = known_function(), hide_possible_values = true)]
    functions: Vec<Function>,

    /// How long the rounds of one function may take, in seconds; 6 are done in any case
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "1")]
    time: Duration,

    /// The most rounds a function
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(6..=1000), default_value = "30")]
    rounds: u16,

    /// Save the run to FILE, as JSON
    #[arg(long, value_name = "FILE", help_heading = "Compare")]
    save: Option<PathBuf>,

    /// Tell what became slower since the run that was saved to FILE
    #[arg(long, value_name = "FILE", help_heading = "Compare")]
    against: Option<PathBuf>,

    /// How to write the run
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,
}

/// How to write a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// As `--save` does, with what it was compared with as `changes`.
    Json,
    /// A line a function.
    Csv,
}

/// Times an engine and shows the figures.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let before = arguments.against.as_deref().map(load).transpose()?;
    let ended = Arc::new(AtomicBool::new(false));
    let run = timed(arguments, &ended)?;
    let changes = match (&before, &arguments.against) {
        (Some(before), Some(file)) => compare(before, &run)
            .map_err(|error| Failure::usage(&format!("cannot compare with {}: {error}", file.display()))),
        _ => Ok(vec![]),
    };
    let interrupted = ended.load(Ordering::Relaxed);
    if let Some(file) = arguments.save.as_ref().filter(|_| !interrupted) {
        let told = |error| Failure::usage(&format!("{}: {error}", file.display()));
        std::fs::write(file, saved::render(&run)).map_err(told)?;
    }
    // What was measured is shown even where it cannot be compared.
    let shown = rendered(&run, changes.as_deref().unwrap_or_default(), arguments.format)?;
    std::io::stdout().lock().write_all(&shown)?;
    if interrupted {
        anstream::eprintln!(
            "rulespec: interrupted: these are the functions that were done, and nothing was saved"
        );
        return Ok(Status::Interrupted);
    }
    let worse = changes?.iter().any(|(_, change)| change.is_worse());
    Ok(Status::of(run.is_right() && !worse))
}

/// Reads a saved run.
pub fn load(file: &Path) -> Result<Run, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| Failure::usage(&format!("{name}: {error}")))?;
    saved::load(&name, &text).map_err(|error| Failure::usage(&error))
}

fn rendered(run: &Run, changes: &[(String, Change)], format: Format) -> anyhow::Result<Vec<u8>> {
    Ok(match format {
        Format::Text => text::render(run, changes).into_bytes(),
        Format::Json => saved::render_with(run, changes).into_bytes(),
        Format::Csv => csv::render(run, changes)?,
    })
}

/// Measures, each function in turn, until all are done or Ctrl-C.
fn timed(arguments: &Arguments, ended: &Arc<AtomicBool>) -> Result<Run, Failure> {
    let workloads = workloads(&arguments.functions).map_err(|error| Failure::suite(&error))?;
    let own = arguments.chosen.is_own();
    let mut engine = arguments.chosen.engine(Limits::default());
    let start = |error: StartError| Failure::engine(&error);
    let hello = engine.hello().map_err(start)?;
    let mut inside = Reference::default();
    let mut served = if own { Some(served(&mut inside).map_err(start)?) } else { None };
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
        command: arguments.chosen.words(),
        reference: if own { Asked::Served } else { Asked::Inside },
        figures: figures(&workloads, &mut sides, effort, ended),
    })
}

fn figures(
    workloads: &[Workload],
    sides: &mut Sides<'_>,
    effort: Effort,
    ended: &Arc<AtomicBool>,
) -> Vec<Figure> {
    let asked = Arc::clone(ended);
    interrupt::at_first(move || asked.store(true, Ordering::Relaxed));
    let done = Arc::new(AtomicU64::new(0));
    let _progress = Progress::of_functions(workloads.len(), Arc::clone(&done));
    let figures = workloads.iter().map_while(|workload| {
        let figure = measure(workload, sides, effort, &|| ended.load(Ordering::Relaxed));
        done.fetch_add(1, Ordering::Relaxed);
        figure
    });
    figures.collect()
}

/// The reference in a process of its own: by this program where it is `rulespec`, by
/// that in the search path where it is another that has the library in it.
fn served(own: &mut Reference) -> Result<Process, StartError> {
    let this = std::env::current_exe().ok();
    let this = this.filter(|path| path.file_stem().is_some_and(|name| name == "rulespec"));
    let program = this.map_or_else(|| OsString::from("rulespec"), Into::into);
    let mut process = Process::new(vec![program, "serve".into()], Limits::default());
    let Hello { engine, version, .. } = process.hello().map_err(|error| StartError {
        what: format!("the reference cannot be served: {}", error.what),
        remedy: "put this version of rulespec first in the search path".to_owned(),
    })?;
    let wanted = own.hello()?;
    if (&engine, &version) != (&wanted.engine, &wanted.version) {
        return Err(StartError {
            what: format!("`rulespec serve` is {engine} {version}, not {} {}", wanted.engine, wanted.version),
            remedy: "put this version of rulespec first in the search path".to_owned(),
        });
    }
    Ok(process)
}
