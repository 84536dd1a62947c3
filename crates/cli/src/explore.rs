//! `rulespec explore`: a search for wrong answers.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};

use super::engine::{Embedded, EngineArguments, LimitArguments, external, seconds};
use super::failure::Failure;
use super::file::{self, Output};
use super::interrupt;
use super::jobs;
use super::progress::Progress;
use super::selection::function_parser;
use super::status::Status;
use super::stdout;
use rulespec::Function;
use rulespec::fast::command_line::split_to_owned;
use rulespec::suite::Vector;
use rulespec_check::engine::Engine;
use rulespec_check::engine::process::Limits;
use rulespec_check::explore::{Engines, Exploration, Make, Plan, Watch, explore_with, found};
use rulespec_check::report::text;
use rulespec_check::stop::Stop;

const HELP: &str = "\
Examples:
  rulespec explore
  rulespec explore -- python3 my_engine.py
  rulespec explore --time 60 --jobs 2 --save found -- ./engine
  rulespec explore --fn has --fn has_any --cases 1000000 --seed 7 -- ./engine
  rulespec explore --engines ./engine --against 'python3 other.py'

Exit status:
  0  no wrong answer was found
  1  a wrong answer was found, the engine was given up, or nothing was answered
  2  wrong usage
  3  an engine could not be run, or was given up before anything was found
  4  the saved vectors are invalid
  5  a file or standard output could not be read or written
  129, 130, 143  interrupted; the finds until then are shown

The same seed and number of cases give the same finds, whatever the number of
jobs. A find is printed as soon as it is made, within seconds even if the engine is
slow; if its call can be simplified further, it is printed again. Ctrl-C ends the
search and shows the rest; a second Ctrl-C exits at once. An answer that follows another
alternative of an open point is reported, but is not a find.

JSON has the form of schema/explore.schema.json; `rulespec copy` writes it.";

/// The default of `--cases`.
const DEFAULT_CASES: u64 = 10_000;

/// Search for calls that an engine answers wrongly
///
/// Generates calls and compares the engine's answers with those of the reference. A call with a
/// wrong answer is reduced to a minimal example, and shown with its clause and the misreading that
/// explains it. Further wrong answers with the same cause are only counted. Without ENGINE, an
/// embedded engine is tested.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(mut_arg("engine", |engine| engine.help("Embedded engine to test")))]
pub struct Arguments {
    #[command(flatten)]
    engine: EngineArguments,

    /// Engine command as a single argument, split like a shell command; run without a shell
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["command", "engine"])]
    engines: Option<String>,

    /// Compare with this engine instead of the reference
    #[arg(long, value_name = "COMMAND", conflicts_with = "save")]
    against: Option<String>,

    #[command(flatten)]
    limits: LimitArguments,

    /// Accept an answer that the engine gives only when it is asked again after a crash or a
    /// timeout
    #[arg(long, help_heading = "Limits")]
    allow_retries: bool,

    /// Call only this function, such as has
    #[arg(
        long = "fn",
        value_name = "FUNCTION",
        value_parser = function_parser(),
        hide_possible_values = true,
        help_heading = "Search"
    )]
    functions: Vec<Function>,

    /// Number of calls to generate; 10000 by default if no --time is given
    #[arg(long, value_name = "NUMBER", help_heading = "Search")]
    cases: Option<u64>,

    /// Time limit of the whole run, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Search")]
    time: Option<Duration>,

    /// Seed of the generated calls; different on each run by default
    #[arg(long, value_name = "NUMBER", help_heading = "Search")]
    seed: Option<u64>,

    /// Number of engines to run in parallel; the number of processors by default
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(jobs::RANGE), help_heading = "Search")]
    jobs: Option<u16>,

    /// Also generate values that the specification leaves undefined: floating-point numbers,
    /// property bags, arbitrary characters
    #[arg(long, help_heading = "Search")]
    wild: bool,

    /// Check the vectors in DIR/*.json first, and save new finds there as vectors; DIR is created
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    save: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,

    /// Show longer values
    #[arg(long, short, help_heading = "Output")]
    verbose: bool,
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Human-readable text.
    #[default]
    Text,
    /// The complete result as JSON.
    Json,
}

/// Runs `rulespec explore`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let saved = match &arguments.save {
        Some(directory) => prepare_save(directory)?,
        None => vec![],
    };
    let plan = arguments.plan();
    let mut shown = Shown::default();
    let mut exploration = arguments.explore(&plan, &saved, &mut shown)?;
    let saved = match &arguments.save {
        Some(directory) => save(directory, &mut exploration),
        None => Ok(()),
    };
    arguments.add_origin(&plan, &mut exploration);
    let rest = match arguments.format {
        Format::Text => {
            let options = arguments.text_options();
            shown.rest(&exploration, options) + &exploration.totals_text(options)
        }
        Format::Json => exploration.json(),
    };
    let printed = shown.failure.into_iter().chain(stdout::print(rest).err()).next();
    Failure::all(saved.err().into_iter().chain(printed))?;
    match &exploration.given_up {
        // Nothing is known to be wrong, but the engine did not run to the end.
        Some(why) if exploration.finds.is_empty() => Err(Failure::engine(why).into()),
        _ => Ok(Status::from_ok(exploration.conforms())),
    }
}

/// The finds that were printed during the search.
#[derive(Default)]
struct Shown {
    /// By id.
    texts: HashMap<String, String>,
    /// Why standard output could not be written.
    failure: Option<Failure>,
}

impl Shown {
    /// The text of a find, unless it was printed before.
    fn add(&mut self, exploration: &Exploration, at: usize, options: text::Options) -> String {
        let Some(outcome) = exploration.report.outcomes.get(at) else { return String::new() };
        let text = exploration.find_text(at, options);
        match self.texts.insert(outcome.vector.id.clone(), text.clone()) {
            Some(before) if before == text => String::new(),
            Some(_) => format!("Simplified or explained further: {}\n{text}", outcome.vector.id),
            None => text,
        }
    }

    /// The text of the finds that were not printed before, or are described otherwise now.
    fn rest(&mut self, exploration: &Exploration, options: text::Options) -> String {
        (0..exploration.finds.len()).map(|at| self.add(exploration, at, options)).collect()
    }
}

/// The vectors that are saved in a directory, to which finds can be added.
fn prepare_save(directory: &Path) -> Result<Vec<Vector>, Failure> {
    file::directory::prepare(directory)?;
    if directory.is_dir() {
        Output::prepare(&directory.join(found::FILE))?;
    }
    found::load(directory).map_err(|error| Failure::suite(&error))
}

/// Saves the finds of generated cases as vectors. Others may do so at the same time.
fn save(directory: &Path, exploration: &mut Exploration) -> Result<(), Failure> {
    if exploration.finds.iter().all(|find| find.case.is_none()) {
        return Ok(());
    }
    let _lock = file::lock(directory)?;
    match found::merge(directory, exploration).map_err(|error| Failure::suite(&error))? {
        Some(content) => Output::prepare(&directory.join(found::FILE))?.write(content),
        None => Ok(()),
    }
}

impl Arguments {
    fn plan(&self) -> Plan {
        Plan {
            seed: self.seed.unwrap_or_else(random_seed),
            cases: self.cases.or(self.time.is_none().then_some(DEFAULT_CASES)),
            functions: self.functions.clone(),
            jobs: jobs::count(self.jobs),
            wild: self.wild,
            allow_retries: self.allow_retries,
        }
    }

    fn text_options(&self) -> text::Options {
        text::Options {
            colour: super::stdout_is_coloured(),
            verbose: self.verbose,
            ..text::Options::default()
        }
    }

    /// Searches, and prints finds as text when they are made.
    fn explore(&self, plan: &Plan, saved: &[Vector], shown: &mut Shown) -> Result<Exploration, Failure> {
        let stop = interrupt::stop();
        let stop = self.time.map_or(stop.clone(), |time| stop.after(time));
        // One engine for each job, and one for the shrinking; twice that if there are two engines.
        let engines = (plan.jobs + 1) * if self.against.is_some() { 2 } else { 1 };
        // A function that stalls is soon no longer called, so the engine is given up later.
        let limits = Limits { max_stalls_in_all: 32, ..self.limits.limits(engines) };
        let source = match &self.engines {
            Some(word) => Source::parse(word)?,
            None if self.engine.is_external() => Source::Command(self.engine.command.clone()),
            None => Source::Embedded(self.engine.engine),
        };
        let against = self.against.as_ref().map(|word| Source::parse(word)).transpose()?;
        let engine = || source.engine(&limits, &stop);
        let against = against.as_ref().map(|source| || source.engine(&limits, &stop));
        let against = against.as_ref().map(|make| make as Make<'_>);
        let watch = Arc::new(Watch { stop: stop.clone(), ..Watch::default() });
        let progress = Progress::of_search(plan.cases, Arc::clone(&watch));
        let mut show = |mut find: Exploration| {
            self.add_origin(plan, &mut find);
            let text = shown.rest(&find, self.text_options());
            let printed = progress.suspend(|| stdout::print(text));
            shown.failure = shown.failure.take().or(printed.err());
        };
        let mut on_find = |find: Exploration| match self.format {
            Format::Text => show(find),
            Format::Json => {}
        };
        explore_with(plan, Engines { engine: &engine, against }, &watch, saved, &mut on_find)
            .map_err(|error| Failure::engine(&error))
    }

    /// Adds the engine's command, and the commands that reproduce the finds.
    fn add_origin(&self, plan: &Plan, exploration: &mut Exploration) {
        exploration.report.command = self.words();
        match &self.save {
            Some(directory) => exploration.report.suite = Some(directory.display().to_string()),
            None => self.add_commands(plan, exploration),
        }
    }

    /// The engine command for display; empty for an embedded engine.
    fn words(&self) -> Vec<String> {
        match &self.engines {
            Some(engine) => vec![engine.clone()],
            None => self.engine.words(),
        }
    }

    /// Adds the command that reproduces each find.
    fn add_commands(&self, plan: &Plan, exploration: &mut Exploration) {
        let mut options: Vec<String> = vec![];
        options.extend(self.functions.iter().flat_map(|name| ["--fn".to_owned(), name.to_string()]));
        options.extend(self.wild.then(|| "--wild".to_owned()));
        options.extend((self.engine.engine == Embedded::Reference).then(|| "--engine=reference".to_owned()));
        let named = [("--engines", &self.engines), ("--against", &self.against)];
        let named = named.iter().filter_map(|(name, engine)| Some([(*name).to_owned(), (*engine).clone()?]));
        options.extend(named.flatten());
        if self.engine.is_external() {
            options.push("--".to_owned());
            options.extend(self.words());
        }
        let options: String = options.iter().map(|word| format!(" {}", text::shell_word(word))).collect();
        for (outcome, find) in exploration.report.outcomes.iter().zip(&exploration.finds) {
            let cases = find.case.unwrap_or_default() + 1;
            let again = format!("rulespec explore --seed {} --cases {cases}{options}", plan.seed);
            exploration.report.again.insert(outcome.vector.id.clone(), again);
        }
    }
}

/// An embedded engine or an engine command.
enum Source {
    Embedded(Embedded),
    Command(Vec<OsString>),
}

impl Source {
    /// Parses the name of an embedded engine, or else a command.
    fn parse(word: &str) -> Result<Self, Failure> {
        if let Ok(embedded) = Embedded::from_str(word, false) {
            return Ok(Self::Embedded(embedded));
        }
        let words = split_command(word).filter(|words| !words.is_empty());
        let words = words.ok_or_else(|| {
            Failure::usage(&format!("{word:?} is not a command; name a program and close all quotes"))
        })?;
        Ok(Self::Command(words.into_iter().map(OsString::from).collect()))
    }

    fn engine(&self, limits: &Limits, stop: &Stop) -> Box<dyn Engine> {
        match self {
            Self::Embedded(embedded) => embedded.engine(),
            Self::Command(argv) => external(argv, limits, stop),
        }
    }
}

/// Splits a command as a POSIX shell does. On Windows, where `\\` separates folders, splits it as
/// a program there splits its own command line.
fn split_command(command: &str) -> Option<Vec<String>> {
    match cfg!(windows) {
        true => Some(split_to_owned(command.trim_start())),
        false => shlex::split(command),
    }
}

/// A seed that is short enough to copy by hand.
fn random_seed() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(elapsed.subsec_nanos())
}
