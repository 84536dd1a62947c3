//! `rulespec explore`: the search for a wrong answer.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};

use super::Embedded;
use super::asked::known_function;
use super::engine::{Chosen, Patience, seconds};
use super::failure::Failure;
use super::interrupt;
use super::jobs;
use super::palette::Palette;
use super::progress::Progress;
use super::status::Status;
use rulespec::Function;
use rulespec::suite::Vector;
use rulespec_check::engine::Engine;
use rulespec_check::engine::process::{Limits, Process, end_all};
use rulespec_check::explore::{Engines, Exploration, Make, Plan, Watch, explore, found};
use rulespec_check::report::text;

const HELP: &str = "\
Examples:
  rulespec explore
  rulespec explore -- python3 my_engine.py
  rulespec explore --time 60 --jobs 2 --save -- ./engine
  rulespec explore --fn has --fn has_any --cases 1000000 --seed 7 -- ./engine
  rulespec explore --engines ./engine --against 'python3 other.py'

Exit status:
  0  nothing was found
  1  something was
  2  wrong usage
  3  an engine could not be run
  4  the saved vectors are wrong

The same seed and the same number of cases find the same, whatever the jobs. Ctrl-C
ends the search and shows what was found; a second one ends at once. What follows
another alternative of an open point is told, and is no find.";

/// Where finds are saved where no folder is named.
const FOUND: &str = "spec/vectors/found";
/// How many questions are asked where nothing says so.
const CASES: u64 = 10_000;

/// Search for a question that an engine answers wrongly
///
/// Asks thousands of made-up questions a second and compares with the reference. A
/// question that is answered wrongly is made as simple as it can be, and shown with
/// its clause and the misreading that explains it; further ones of the same cause are
/// counted. With no engine named, the embedded one is explored.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(mut_arg("engine", |engine| engine.help("Which embedded engine to explore")))]
#[command(mut_arg("timeout", |timeout| timeout.help("How long an engine may take to the next answer, in seconds")))]
#[command(mut_arg("start_timeout", |timeout| timeout.help("How long an engine may take to start, in seconds")))]
pub struct Arguments {
    #[command(flatten)]
    chosen: Chosen,

    /// The engine as one word, in place of the one behind `--`; quotes group, and there is no shell
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["command", "engine"])]
    engines: Option<String>,

    /// Hold the engine against this one instead of the reference
    #[arg(long, value_name = "COMMAND", conflicts_with = "save")]
    against: Option<String>,

    #[command(flatten)]
    patience: Patience,

    /// Ask only for this function, like has
    #[arg(
        long = "fn",
        value_name = "FUNCTION",
        value_parser = known_function(),
        hide_possible_values = true,
        help_heading = "What to ask"
    )]
    functions: Vec<Function>,

    /// How many questions to ask; 10000 where no time is given either
    #[arg(long, value_name = "NUMBER", help_heading = "What to ask")]
    cases: Option<u64>,

    /// For how long to ask, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "What to ask")]
    time: Option<Duration>,

    /// What the questions are made from; another one each time where none is given
    #[arg(long, value_name = "NUMBER", help_heading = "What to ask")]
    seed: Option<u64>,

    /// How many engines are asked at the same time; as many as there are processors where not given
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(jobs::ALLOWED), help_heading = "What to ask")]
    jobs: Option<u16>,

    /// Ask what the specification leaves unsaid too: floating-point numbers, property bags, any characters
    #[arg(long, help_heading = "What to ask")]
    wild: bool,

    /// Ask the vectors of DIR/*.json first, and save what is found as vectors there
    #[arg(
        long,
        value_name = "DIR",
        num_args = 0..=1,
        default_missing_value = FOUND,
        help_heading = "Output"
    )]
    save: Option<PathBuf>,

    /// How to write what was found
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,

    /// Show values at length
    #[arg(long, short, help_heading = "Output")]
    verbose: bool,
}

/// How to write what was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// In full.
    Json,
}

/// Explores an engine and shows what was found.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let saved = match &arguments.save {
        Some(folder) => found::load(folder).map_err(|error| Failure::suite(&error))?,
        None => vec![],
    };
    let plan = arguments.plan();
    let mut exploration = arguments.explore(&plan, &saved)?;
    exploration.report.command = arguments.words();
    match &arguments.save {
        Some(folder) => {
            exploration.report.suite = Some(folder.display().to_string());
            save(folder, &exploration)?;
        }
        None => arguments.tell_how_again(&plan, &mut exploration),
    }
    let shown = match arguments.format {
        Format::Text => {
            let colour = Palette::stdout().coloured();
            exploration.text(text::Options { colour, verbose: arguments.verbose })
        }
        Format::Json => exploration.json(),
    };
    std::io::stdout().lock().write_all(shown.as_bytes())?;
    Ok(Status::of(exploration.conforms()))
}

fn save(folder: &std::path::Path, exploration: &Exploration) -> Result<(), Failure> {
    let both = exploration.report.outcomes.iter().zip(&exploration.finds);
    let new = both.filter(|(_, find)| find.case.is_some()).map(|(outcome, _)| outcome.vector.clone());
    let new: Vec<Vector> = new.collect();
    if new.is_empty() {
        return Ok(());
    }
    let told = |error| Failure::usage(&format!("{}: {error}", folder.join(found::FILE).display()));
    found::save(folder, &new).map_err(told)
}

impl Arguments {
    fn plan(&self) -> Plan {
        Plan {
            seed: self.seed.unwrap_or_else(any_seed),
            cases: self.cases.or(self.time.is_none().then_some(CASES)),
            time: self.time,
            functions: self.functions.clone(),
            jobs: jobs::of(self.jobs),
            wild: self.wild,
        }
    }

    fn explore(&self, plan: &Plan, saved: &[Vector]) -> Result<Exploration, Failure> {
        let limits = self.patience.limits();
        let explored = match &self.engines {
            Some(word) => Source::of(word)?,
            None if self.chosen.is_own() => Source::Command(self.chosen.command.clone()),
            None => Source::Embedded(self.chosen.engine),
        };
        let against = self.against.as_ref().map(|word| Source::of(word)).transpose()?;
        let engine = || explored.engine(&limits);
        let other = against.as_ref().map(|source| || source.engine(&limits));
        let other = other.as_ref().map(|make| make as Make<'_>);
        let watch = Arc::new(Watch::default());
        let ended = Arc::clone(&watch);
        interrupt::at_first(move || {
            ended.stop.store(true, Ordering::Relaxed);
            end_all();
        });
        let _progress = Progress::of_search(plan.cases, Arc::clone(&watch));
        let engines = Engines { engine: &engine, against: other };
        explore(plan, engines, &watch, saved).map_err(|error| Failure::engine(&error))
    }

    /// The command of the engine, for people.
    fn words(&self) -> Vec<String> {
        match &self.engines {
            Some(engine) => vec![engine.clone()],
            None => self.chosen.words(),
        }
    }

    /// Says of each find how it is found again.
    fn tell_how_again(&self, plan: &Plan, exploration: &mut Exploration) {
        let mut options: Vec<String> = vec![];
        options.extend(self.functions.iter().flat_map(|name| ["--fn".to_owned(), name.to_string()]));
        options.extend(self.wild.then(|| "--wild".to_owned()));
        options.extend((self.chosen.engine == Embedded::Reference).then(|| "--engine=reference".to_owned()));
        let named = [("--engines", &self.engines), ("--against", &self.against)];
        let named = named.iter().filter_map(|(name, engine)| Some([(*name).to_owned(), (*engine).clone()?]));
        options.extend(named.flatten());
        if self.chosen.is_own() {
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

/// Where an engine comes from.
enum Source {
    Embedded(Embedded),
    Command(Vec<OsString>),
}

impl Source {
    /// One named in a single word: an embedded one by its name, else a command.
    fn of(word: &str) -> Result<Self, Failure> {
        if let Ok(embedded) = Embedded::from_str(word, false) {
            return Ok(Self::Embedded(embedded));
        }
        let words = shlex::split(word).filter(|words| !words.is_empty());
        let words =
            words.ok_or_else(|| Failure::usage(&format!("{word:?}: no command; close its quotes")))?;
        Ok(Self::Command(words.into_iter().map(OsString::from).collect()))
    }

    fn engine(&self, limits: &Limits) -> Box<dyn Engine> {
        match self {
            Self::Embedded(embedded) => embedded.engine(),
            Self::Command(argv) => Box::new(Process::new(argv.clone(), limits.clone())),
        }
    }
}

/// A seed that is short enough to be written down.
fn any_seed() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(since.subsec_nanos())
}
