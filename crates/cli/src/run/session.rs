//! One run over all inputs.

use std::io::{self, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread;

use super::Arguments;
use super::faults::Faults;
use super::finding::Finding;
use super::output::{self, Output, Target};
use super::summary::Tally;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::stdout;
use crate::{interrupt, jobs};
use rulespec::fast;
use rulespec::fast::alerts::AlertCollector;
use rulespec::kql::{Error, Profile, Table};
use rulespec::rule;
use rulespec::rule::entities::Entity;
use rulespec::rule::explain::Explanation;
use rulespec_events::duplicates::DuplicateFinder;
use rulespec_events::{Event, Fault, Item, Names, Options, ReadError, Shapes, read_all};

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
    shapes: Arc<Shapes>,
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
    pub fn new(arguments: &'a Arguments, shapes: Arc<Shapes>, target: Target) -> Self {
        let mode = match arguments.alerts {
            true => Mode::Alerts(AlertCollector::default(), target),
            false => Mode::Findings(output::output(arguments, target)),
        };
        let bytes = Arc::new(AtomicU64::new(0));
        Self {
            arguments,
            shapes,
            mode,
            profile: Profile::default(),
            progress: Progress::of_files(&arguments.files, bytes.clone()),
            bytes,
            duplicates: DuplicateFinder::default(),
            faults: Faults::default(),
            tally: Tally::default(),
        }
    }

    /// Reads all inputs, up to a signal. Faults of the input are reported and counted. Returns why
    /// the reading failed, if it did; what was found before is kept.
    ///
    /// # Errors
    ///
    /// Returns an error if the output cannot be written.
    pub fn read(&mut self, files: &[PathBuf]) -> anyhow::Result<Option<Failure>> {
        let jobs = jobs::count(self.arguments.jobs);
        let parallel = jobs.min(files.len());
        let options = self.options(jobs / parallel.max(1));
        let (mut good, mut bad) = (0, 0);
        let read = || {
            read_all(files, parallel, &options, |file, item| match item {
                Some(item) => self.item(item),
                None => {
                    let is_unreadable = self.tally.good() == good && self.tally.faults > bad;
                    *if is_unreadable { &mut self.tally.unreadable } else { &mut self.tally.read } += 1;
                    (good, bad) = (self.tally.good(), self.tally.faults);
                    self.end_faults(file);
                    Ok(())
                }
            })
        };
        let (interrupted, failure) = end_of_reading(catch_unwind(AssertUnwindSafe(read)))?;
        self.tally.interrupted = interrupted;
        let ended = self.tally.read + self.tally.unreadable;
        self.tally.unfinished = (files.len() as u64).saturating_sub(ended);
        if let Some(file) = files.get(usize::try_from(ended).unwrap_or(usize::MAX)) {
            self.end_faults(file);
        }
        Ok(failure)
    }

    /// How to read an input with this number of threads.
    fn options(&self, jobs: usize) -> Options {
        let all = self.arguments.all;
        let keep = move |names: Names<'_>| {
            let is_named = || fast::rule::is_named(names.file_name, names.original_file_name);
            all || is_named() && fast::rule::has_switch(names.command_line)
        };
        let stop = interrupt::stop();
        Options {
            format: self.arguments.input_format.map(Into::into),
            keep: Arc::new(keep),
            shapes: self.shapes.clone(),
            progress: self.bytes.clone(),
            jobs,
            is_stopped: Arc::new(move || stop.is_set()),
            ..Options::default()
        }
    }

    fn end_faults(&mut self, file: &Path) {
        std::mem::take(&mut self.faults).end(&file.to_string_lossy(), &self.progress);
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
                let collected = collector.finish();
                self.tally.outside = collected.outside;
                self.tally.unplaced = collected.unplaced;
                self.tally.unexamined = collected.unexamined;
                let &Arguments { format, cells, .. } = self.arguments;
                output::alerts::write(&collected.alerts, format, cells.cells(), target)
            }
        };
        let has_reader = stdout::streamed(written)?.is_some();
        if has_reader {
            let apart = io::stdout().is_terminal() && io::stderr().is_terminal();
            self.tally.print(self.arguments.quiet, apart);
        }
        Ok(self.tally)
    }

    fn item(&mut self, item: Item) -> anyhow::Result<()> {
        match item {
            Item::Event(event) => self.event(*event),
            Item::Filtered(filtered) => {
                *self.tally.events.entry(filtered.source).or_default() += 1;
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
        self.show(finding)
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

    fn show(&mut self, finding: Finding) -> anyhow::Result<()> {
        match &mut self.mode {
            Mode::Findings(output) => self.progress.while_writing_output(|| output.finding(&finding)),
            Mode::Alerts(collector, _) => {
                collector.add(finding.time(), finding.entities.unwrap_or_default());
                Ok(())
            }
        }
    }
}

/// Whether a signal ended the reading, and why it failed, if it did.
///
/// # Errors
///
/// Returns the error of writing the output, if there was one.
fn end_of_reading(
    result: thread::Result<Result<(), ReadError<anyhow::Error>>>,
) -> anyhow::Result<(bool, Option<Failure>)> {
    match result {
        Ok(Ok(())) => Ok((false, None)),
        Ok(Err(ReadError::Take(error))) => Err(error),
        Ok(Err(ReadError::Stopped)) => Ok((true, None)),
        Ok(Err(ReadError::Threads(error))) => {
            Ok((false, Some(Failure::failed(&ReadError::<io::Error>::Threads(error)))))
        }
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            let message = format!("a bug ended the reading, and part of the input was not read: {text}");
            Ok((false, Some(Failure::failed(&message))))
        }
    }
}

fn entities_of(detection: &Table) -> Vec<Entity> {
    detection.rows_by_name().flat_map(rule::entities).collect()
}

/// The fault of an event that the rule cannot be run on.
fn rule_fault(event: &Event, error: &Error) -> Fault {
    let remedy = "export the table with all columns that the rule uses";
    Fault::new(event.place.clone(), format!("the rule cannot run: {error}"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Status;

    #[test]
    fn a_panic_or_a_missing_thread_is_a_failure_with_its_message() {
        let threads = || Ok(Err(ReadError::Threads(io::ErrorKind::WouldBlock.into())));
        let panics = || Err(Box::new("the worker is broken") as Box<dyn std::any::Any + Send>);
        for (result, expected) in [(threads(), "(ulimit -u)"), (panics(), "the worker is broken")] {
            let (interrupted, failure) = end_of_reading(result).unwrap();
            let failure = failure.unwrap();
            assert_eq!((interrupted, failure.status), (false, Status::Io));
            assert!(failure.to_string().contains(expected), "{failure}");
        }
    }
}
