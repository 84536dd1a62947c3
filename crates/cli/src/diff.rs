//! `rulespec diff`: compares two rules, or a rule and a port of it.

mod port;
mod recorded;
mod script;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use port::PortArguments;
pub use port::databases;
use rulespec::kql::Datetime;
use rulespec::rule::Rule;
use rulespec_check::diff::{Difference, Finding, Input, Plan, Watch, diff, finding_text, names_text};
use rulespec_check::engine::NOW;
use rulespec_check::explore::Watch as Counter;
use rulespec_check::report::Painter;
use rulespec_events::known_columns;

use crate::clock;
use crate::engine::{LimitArguments, seconds};
use crate::failure::{Failure, NO_SUCH_FILE};
use crate::interrupt;
use crate::progress::Progress;
use crate::rules;
use crate::status::Status;
use crate::stdout;
use crate::usage;

const HELP: &str = "\
Examples:
  rulespec diff my-rule.kql
  rulespec diff old.yaml new.yaml
  rulespec diff --sql port.sql --on duckdb
  rulespec diff my-rule.kql --sql port.sql --on sqlite --events logs/export.json
  rulespec diff my-rule.yaml --sigma port.yml
  rulespec diff my-rule.kql -- python3 my_port.py

Exit status:
  0  no difference was found
  1  they differ, or recorded events could not all be read
  2  wrong usage, a rule or port that cannot be read, or a rule that is no KQL
  3  a port could not be run, or was given up before a difference was found
  5  standard output could not be written
  129, 130, 143  interrupted; what was found until then is shown

With one rule and no port, the rule is compared with Bitsadmin Activity; with a port and no rule, so is
the port. Each difference is shown by the smallest event that has it: all columns that are not shown are
empty, except the time. Differences with the same cause are shown once.

A SQL statement runs unchanged over a table DeviceProcessEvents. `--sql` and `--sigma` need Python with the
package of the engine, such as `pip install duckdb`. A program after `--` is started for each batch of
events. It reads them from standard input as JSON Lines, one object per event with all columns, and writes
those that it selects to standard output in the same form. It may add and leave out columns; if it keeps
ReportId, ProcessId, DeviceId or TimeGenerated, fewer runs are needed. Without them, it is started at most 64
times for each 256 events, and events that were not reached are counted. It must end within --start-timeout.

The same seed and number of cases give the same result.";

/// Compare two rules, or a rule and a port of it in SQL, Sigma or another program
///
/// Searches for events that only one of them selects, and for columns that they compute differently. The
/// events are made from the predicates and literals of both. Each difference is shown with the predicate
/// that decided, the clause of the specification, and the misreading that explains it, if there is one.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Rules: KQL, or templates of Sentinel in YAML; `-` is standard input
    #[arg(value_name = "RULE", num_args = 0..=2)]
    rules: Vec<PathBuf>,

    #[command(flatten)]
    port: PortArguments,

    /// Program that is a port, and its arguments; run without a shell
    #[arg(last = true, value_name = "PROGRAM", conflicts_with_all = ["sql", "sigma"])]
    program: Vec<OsString>,

    /// Also compare on these recorded events, and first; can be repeated
    #[arg(long, value_name = "FILE", help_heading = "Search")]
    events: Vec<PathBuf>,

    /// Number of events to generate; 20000 for two rules and 8192 for a port by default
    #[arg(long, value_name = "NUMBER", help_heading = "Search")]
    cases: Option<u64>,

    /// Time limit of the whole run, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Search")]
    time: Option<Duration>,

    /// Seed of the generated events
    #[arg(long, value_name = "NUMBER", default_value_t = 1, help_heading = "Search")]
    seed: u64,

    /// The time that `now()` and `ago()` of rules are about, and the clock of databases, in ISO 8601; the
    /// present by default with PROGRAM, chdb and spark, or else 2026-01-02T03:04:05.6789012Z. Events are a
    /// minute before it
    #[arg(long, value_name = "TIME", value_parser = clock::now, help_heading = "Search")]
    now: Option<Datetime>,

    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    limits: LimitArguments,
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Human-readable text; differences are shown when they are found
    #[default]
    Text,
    /// The complete result as JSON
    Json,
    /// Annotations of a GitHub workflow
    Github,
    /// A Markdown section, for an issue or a pull request
    Markdown,
}

/// A rule with the name that it has in the result.
struct Named {
    name: String,
    rule: Rule,
}

/// Runs `rulespec diff`, whose command line has these words.
pub fn run(arguments: &Arguments, words: &[OsString]) -> anyhow::Result<Status> {
    arguments.check_rules(words)?;
    let now = arguments.now()?;
    let (a, b) = arguments.rules(now)?;
    let stop = arguments.time.map_or_else(interrupt::stop, |time| interrupt::stop().after(time));
    let limits = arguments.limits.limits(1);
    let mut port = match &b {
        Some(_) => None,
        None => Some(port::start(&arguments.port, &arguments.program, now, &limits, &stop)?),
    };
    let cases = arguments.cases.unwrap_or(if port.is_some() { Plan::PORT_CASES } else { Plan::RULE_CASES });
    let plan = Plan { columns: known_columns(), now, seed: arguments.seed, cases };
    let counter = Arc::new(Counter { stop: stop.clone(), ..Counter::default() });
    let progress = Progress::of_search(Some(cases), Arc::clone(&counter));
    let painter = Painter { colour: crate::stdout_is_coloured() };
    let other = b.as_ref().map(|b| b.name.clone()).or(port.as_ref().map(|port| port.name()));
    if arguments.format == Format::Text {
        stdout::print(names_text([&a.name, &other.unwrap_or_default()], painter))?;
    }
    let mut number = 0;
    let mut shown = Ok(());
    let mut each = |finding: &Finding| {
        number += 1;
        counter.finds.store(number, std::sync::atomic::Ordering::Relaxed);
        if arguments.format == Format::Text && shown.is_ok() {
            let text = finding_text(usize::try_from(number).unwrap_or_default(), finding, painter) + "\n";
            shown = progress.while_writing_output(|| stdout::print(text));
        }
    };
    let compared = recorded::with_events(&arguments.events, &stop, |events| {
        let other = match (&b, &mut port) {
            (Some(b), _) => Input::Rule(&b.name, &b.rule),
            (None, Some(port)) => Input::Port(port.as_mut()),
            (None, None) => return Err(Failure::usage(&"name a second rule or a port")),
        };
        let watch = Watch { stop: stop.clone(), asked: Some(&counter.cases), each: Some(&mut each) };
        diff((&a.name, &a.rule), other, events, &plan, watch).map_err(|error| Failure::usage(&error))
    });
    drop(progress);
    let (mut difference, reading) = compared?;
    difference.unread = reading.unread;
    shown?;
    arguments.print(&difference, painter)?;
    let given_up = difference.given_up.as_ref().map(|why| arguments.given_up(why));
    match given_up {
        Some(failure) if difference.findings.is_empty() => Err(failure.into()),
        Some(failure) => {
            failure.report();
            Ok(Status::Failed)
        }
        None => Ok(Status::from_ok(difference.is_none() && !reading.ended_early)),
    }
}

impl Arguments {
    /// What `now()` returns: the present if the port has a clock of its own, or else the time of the
    /// protocol.
    fn now(&self) -> anyhow::Result<Datetime> {
        match self.now {
            Some(now) => Ok(now),
            None if self.program.is_empty() && !self.port.has_own_clock() => {
                NOW.parse().context("the time of the protocol")
            }
            None => clock::present(),
        }
    }

    /// Checks that each rule is a file. A word that is none may be the program, without its `--`.
    fn check_rules(&self, words: &[OsString]) -> Result<(), Failure> {
        let Some(missing) = self.rules.iter().find(|path| usage::is_no_file(path.as_os_str())) else {
            return Ok(());
        };
        let tip = usage::program_tip(words, missing.as_os_str());
        let tip = tip.map_or_else(String::new, |tip| format!("; {tip}"));
        Err(Failure::usage(&format!("{}: {NO_SUCH_FILE}{tip}", missing.display())))
    }

    /// The first rule, and the second, if there is no port.
    fn rules(&self, now: Datetime) -> Result<(Named, Option<Named>), Failure> {
        let has_port = self.port.is_given() || !self.program.is_empty();
        let mut rules: Vec<Named> = vec![];
        for path in &self.rules {
            let read = rules::load(path, &known_columns(), now)?;
            rules.push(Named { name: read.name, rule: read.rule });
        }
        let published =
            || Named { name: "Bitsadmin Activity".to_owned(), rule: Rule::bitsadmin_activity().clone() };
        let mut rules = rules.into_iter();
        match (rules.next(), rules.next(), has_port) {
            (a, None, true) => Ok((a.unwrap_or_else(published), None)),
            (Some(_), Some(_), true) => Err(Failure::usage(&"name at most one rule with a port")),
            (Some(a), Some(b), false) => Ok((a, Some(b))),
            (Some(b), None, false) => Ok((published(), Some(b))),
            (None, ..) => Err(Failure::usage(
                &"nothing to compare; name one or two rules, or a port with --sql, --sigma or -- PROGRAM",
            )),
        }
    }

    fn print(&self, difference: &Difference, painter: Painter) -> Result<(), Failure> {
        stdout::print(match self.format {
            Format::Text => difference.totals(painter),
            Format::Json => difference.json(),
            Format::Github => difference.github(self.file().as_deref()),
            Format::Markdown => difference.markdown(),
        })
    }

    /// That the port was given up. The other formats than text say why.
    fn given_up(&self, why: &str) -> Failure {
        match self.format {
            Format::Text => Failure::engine(&format!("the port was given up: {why}")),
            Format::Json | Format::Github | Format::Markdown => {
                Failure::engine(&"the port was given up; the output says why")
            }
        }
    }

    /// The file of the second side, which annotations are about.
    fn file(&self) -> Option<String> {
        let file =
            self.port.file().or(self.rules.last().map(PathBuf::as_path).filter(|_| self.program.is_empty()));
        file.map(|file| file.display().to_string())
    }
}
