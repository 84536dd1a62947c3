//! One run over all inputs.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::Arguments;
use super::faults::Faults;
use super::finding::Finding;
use super::output::{self, Output, Target};
use super::summary::Tally;
use crate::failure::Failure;
use crate::jobs;
use crate::progress::Progress;
use crate::stdout;
use rulespec::fast;
use rulespec::fast::alerts::AlertCollector;
use rulespec::kql::{Error, Profile, Table};
use rulespec::rule;
use rulespec::rule::entities::Entity;
use rulespec::rule::explain::Explanation;
use rulespec_events::duplicates::DuplicateFinder;
use rulespec_events::{Event, Fault, Item, Names, Options, read_all};

/// What a run outputs.
enum Mode {
    /// Each finding as it is made.
    Findings(Box<dyn Output>),
    /// The alerts at the end.
    Alerts(AlertCollector, Target),
}

/// One run over all inputs.
pub struct Session<'a> {
    arguments: &'a Arguments,
    mode: Mode,
    profile: Profile,
    bytes: Arc<AtomicU64>,
    progress: Progress,
    duplicates: DuplicateFinder,
    faults: Faults,
    tally: Tally,
}

impl<'a> Session<'a> {
    /// A run that has not read anything yet.
    pub fn new(arguments: &'a Arguments, target: Target) -> Self {
        let mode = match arguments.alerts {
            true => Mode::Alerts(AlertCollector::default(), target),
            false => Mode::Findings(output::output(arguments, target)),
        };
        let bytes = Arc::new(AtomicU64::new(0));
        Self {
            arguments,
            mode,
            profile: Profile::default(),
            progress: Progress::of_files(&arguments.files, bytes.clone()),
            bytes,
            duplicates: DuplicateFinder::default(),
            faults: Faults::default(),
            tally: Tally::default(),
        }
    }

    /// Reads all inputs. An error is one of writing the output; faults of the input are reported
    /// and counted.
    pub fn read(&mut self, files: &[PathBuf]) -> anyhow::Result<()> {
        let all = self.arguments.all;
        let keep = move |names: Names<'_>| {
            let is_named = || fast::rule::is_named(names.file_name, names.original_file_name);
            all || is_named() && fast::rule::has_switch(names.command_line)
        };
        let format = self.arguments.input_format.map(Into::into);
        let jobs = jobs::count(self.arguments.jobs);
        let parallel = jobs.min(files.len());
        let jobs = jobs / parallel.max(1);
        let options = Options { format, keep: Arc::new(keep), progress: self.bytes.clone(), jobs };
        let (mut good, mut bad) = (0, 0);
        read_all(files, parallel, &options, |file, item| match item {
            Some(item) => self.item(item),
            None => {
                let is_unreadable = self.tally.good() == good && self.tally.faults > bad;
                *if is_unreadable { &mut self.tally.unreadable } else { &mut self.tally.read } += 1;
                (good, bad) = (self.tally.good(), self.tally.faults);
                std::mem::take(&mut self.faults).end(&file.to_string_lossy(), &self.progress);
                Ok(())
            }
        })
    }

    /// The counts so far, for a run whose output nobody reads any longer.
    pub fn abandon(self) -> Tally {
        self.tally
    }

    /// Finishes the output and returns the counts.
    pub fn end(mut self) -> Result<Tally, Failure> {
        drop(self.progress);
        let written = match self.mode {
            Mode::Findings(mut output) => output.end(),
            Mode::Alerts(collector, target) => {
                let (alerts, outside) = collector.finish();
                self.tally.outside = outside as u64;
                let &Arguments { format, cells, .. } = self.arguments;
                output::alerts::write(&alerts, format, cells.cells(), target)
            }
        };
        let has_reader = stdout::streamed(written)?.is_some();
        if has_reader && !self.arguments.quiet {
            self.tally.print(io::stdout().is_terminal() && io::stderr().is_terminal());
        }
        Ok(self.tally)
    }

    fn item(&mut self, item: Item) -> anyhow::Result<()> {
        match item {
            Item::Event(event) => self.event(*event),
            Item::Filtered(source) => {
                *self.tally.events.entry(source).or_default() += 1;
                Ok(())
            }
            Item::Skipped(reason) => {
                *self.tally.skipped.entry(reason).or_default() += 1;
                Ok(())
            }
            Item::Fault(fault) => {
                self.fault(&fault);
                Ok(())
            }
        }
    }

    fn fault(&mut self, fault: &Fault) {
        self.tally.faults += 1;
        self.faults.report(fault, &self.progress);
    }

    fn event(&mut self, event: Event) -> anyhow::Result<()> {
        *self.tally.events.entry(event.source).or_default() += 1;
        let finding = match self.finding(event) {
            Ok(finding) => finding,
            Err(fault) => {
                self.fault(&fault);
                return Ok(());
            }
        };
        if finding.detection.is_some() {
            self.tally.matches += 1;
            self.tally.duplicates += u64::from(finding.duplicate_of.is_some());
        } else if !self.arguments.all {
            return Ok(());
        }
        self.show(&finding)
    }

    fn finding(&mut self, event: Event) -> Result<Finding, Fault> {
        let judged = self.judge(&event);
        let (detection, explanation) = judged.map_err(|error| rule_fault(&event, &error))?;
        let duplicate_of = detection.as_ref().and_then(|row| self.duplicates.check(row, &event.place));
        let needs_entities = self.arguments.entities || self.arguments.alerts;
        let entities = detection.as_ref().filter(|_| needs_entities).map(entities_of);
        Ok(Finding { event, detection, duplicate_of, entities, explanation })
    }

    /// The output of the rule for an event and, if requested, the explanation.
    fn judge(&self, event: &Event) -> Result<(Option<Table>, Option<Explanation>), Error> {
        let table = event.table()?;
        let row = table.rows_by_name().take(usize::from(self.arguments.explain)).next();
        let explanation = row.map(|row| rule::explain(row, &self.profile)).transpose()?;
        let detections = rule::bitsadmin_activity(&table, &self.profile)?;
        Ok((Some(detections).filter(|table| !table.rows().is_empty()), explanation))
    }

    fn show(&mut self, finding: &Finding) -> anyhow::Result<()> {
        match &mut self.mode {
            Mode::Findings(output) => self.progress.while_writing_output(|| output.finding(finding)),
            Mode::Alerts(collector, _) => {
                let time = finding.time();
                collector.add(time, finding.entities.clone().unwrap_or_default());
                Ok(())
            }
        }
    }
}

fn entities_of(detection: &Table) -> Vec<Entity> {
    detection.rows_by_name().flat_map(rule::entities).collect()
}

/// The fault of an event that the rule cannot be run on.
fn rule_fault(event: &Event, error: &Error) -> Fault {
    Fault {
        place: event.place.clone(),
        what: format!("the rule cannot run: {error}"),
        remedy: "export the table with all columns that the rule uses".to_owned(),
    }
}
