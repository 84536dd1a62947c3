//! One run over all inputs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::Arguments;
use super::faults::Faults;
use super::files::{End, Files};
use super::filter::{Filter, NameFilter, Position};
use super::finding::Finding;
use super::held::{Held, MAX_SIZE};
use super::inputs::Inputs;
use super::judge::Judge;
use super::output::rule::About;
use super::output::{self, Output, Target};
use super::reading::Reading;
use super::summary::{Tally, grouped};
use super::terminal::Screen;
use super::time_range::TimeRange;
use crate::progress::Progress;
use crate::{interrupt, jobs};
use rulespec::fast::alerts::AlertCollector;
use rulespec::kql::{Error, ErrorKind, Table};
use rulespec::rule::{Entity, Explanation};
use rulespec_events::duplicates::DuplicateFinder;
use rulespec_events::{Event, Fault, FaultKind, Item, Options, Place, Shapes, read_all};

/// What a run outputs.
enum Mode {
    /// Each finding as it is made.
    Findings(Box<dyn Output>),
    /// The alerts at the end.
    Alerts(AlertCollector, Target),
}

/// What a run is about.
pub struct Subject {
    /// The rule.
    pub judge: Judge,
    /// What outputs say of it.
    pub about: Rc<About>,
    /// What the names of an event tell while it is read.
    pub names: NameFilter,
    /// Whether it has steps that need all rows.
    pub holds: bool,
}

/// One run over all inputs.
pub struct Session<'a> {
    arguments: &'a Arguments,
    shapes: Arc<Shapes>,
    mode: Mode,
    filter: Filter,
    judge: Judge,
    about: Rc<About>,
    /// The detections that are held, if the rule has steps that need all of them.
    held: Option<Held>,
    screen: Screen,
    bytes: Arc<AtomicU64>,
    progress: Progress,
    duplicates: DuplicateFinder,
    files: Files,
    faults: Faults,
    tally: Tally,
}

impl<'a> Session<'a> {
    /// A run that has not read anything yet.
    pub fn new(
        arguments: &'a Arguments,
        subject: Subject,
        shapes: Arc<Shapes>,
        inputs: Inputs,
        range: Option<TimeRange>,
        screen: Screen,
        target: Target,
    ) -> Self {
        let Subject { judge, about, names, holds } = subject;
        let mode = match arguments.alerts {
            true => Mode::Alerts(AlertCollector::new(judge.rule()), target),
            false => Mode::Findings(output::output(arguments, &about, screen, target)),
        };
        let bytes = Arc::new(AtomicU64::new(0));
        Self {
            arguments,
            shapes,
            mode,
            filter: Filter { all: arguments.all, range, names },
            judge,
            about,
            held: holds.then(Held::default),
            screen,
            progress: Progress::of_files(&inputs.files, bytes.clone()),
            bytes,
            duplicates: DuplicateFinder::default(),
            files: Files::new(inputs, arguments.strict),
            faults: Faults::default(),
            tally: Tally { has_range: range.is_some(), ..Tally::default() },
        }
    }

    /// Reads all inputs, up to a signal. Faults of the input are reported and counted. What was found
    /// before the reading ended is kept, however it ended.
    ///
    /// # Errors
    ///
    /// Returns an error if the output cannot be written.
    pub fn read(&mut self) -> anyhow::Result<Reading> {
        self.begin();
        let files = self.files.inputs().files.clone();
        let jobs = jobs::count(self.arguments.jobs);
        let parallel = jobs.min(files.len());
        let options = self.options(jobs / parallel.max(1));
        let read = || {
            read_all(&files, parallel, &options, |_, item| match item {
                Some(item) => self.item(item),
                None => {
                    self.end_file();
                    Ok(())
                }
            })
        };
        let reading = Reading::of(catch_unwind(AssertUnwindSafe(read)))?;
        self.tally.interrupted = matches!(reading, Reading::Interrupted);
        self.tally.unfinished = self.files.unfinished();
        self.end_faults();
        self.finish_held()?;
        self.tell_absent_columns();
        if matches!(reading, Reading::Complete) {
            let faults = self.files.end(&mut self.tally);
            faults.iter().for_each(|fault| self.fault(fault));
        }
        Ok(reading)
    }

    /// How to read an input with this number of threads.
    fn options(&self, jobs: usize) -> Options {
        let stop = interrupt::stop();
        Options {
            format: self.arguments.input_format.map(Into::into),
            keep: self.filter.keep(),
            shapes: self.shapes.clone(),
            progress: self.bytes.clone(),
            jobs,
            is_stopped: Arc::new(move || stop.is_set()),
            time_zone: self.arguments.time.time_zone.clone(),
            date_order: self.arguments.time.date_order.map(Into::into),
        }
    }

    /// Reports the arguments that name no file, and what is not read.
    fn begin(&mut self) {
        let inputs = self.files.inputs();
        for skipped in &inputs.skipped {
            self.tally.skip(skipped.kind, 1);
            if self.arguments.verbose {
                self.faults.note("skipped:", &skipped.path.to_string_lossy(), skipped.kind, &self.progress);
            }
        }
        self.tally.failed = inputs.missing.len() as u64;
        for fault in inputs.missing.iter().chain(&inputs.unreadable) {
            self.tally.faults += 1;
            self.faults.report(fault, &self.progress);
        }
        std::mem::take(&mut self.faults).end(None, &self.progress);
    }

    fn end_file(&mut self) {
        let path = self.files.current().map(ToOwned::to_owned).unwrap_or_default();
        match self.files.end_file(&mut self.tally) {
            End::Skipped(kind) if self.arguments.verbose => {
                self.faults.note("skipped:", &path.to_string_lossy(), kind, &self.progress);
            }
            End::OtherProviders(count) if self.arguments.mapping.is_some() && !self.arguments.quiet => {
                let what = format!(
                    "{} events of unknown providers; give them a name under [alias] in the mapping",
                    grouped(count)
                );
                self.faults.note("note:", &path.to_string_lossy(), &what, &self.progress);
            }
            End::Reported | End::Skipped(_) | End::OtherProviders(_) => {}
            End::Failed(fault) => self.fault(&fault),
        }
        std::mem::take(&mut self.faults).end(Some(&path), &self.progress);
    }

    /// Says which columns the rule names that some events do not have.
    fn tell_absent_columns(&mut self) {
        let absent: Vec<&str> = self.judge.absent().iter().map(String::as_str).collect();
        if !absent.is_empty() && !self.arguments.quiet {
            let what = format!("empty in events that do not have them: {}", absent.join(", "));
            self.faults.note("note:", self.about.title(), &what, &self.progress);
        }
    }

    /// Ends the faults of a file that was not read to its end.
    fn end_faults(&mut self) {
        std::mem::take(&mut self.faults).end(self.files.current(), &self.progress);
    }

    /// Returns the counts, and whether the end of the output could be written.
    pub fn end(self) -> (Tally, anyhow::Result<()>) {
        let Self { mut tally, mode, screen, arguments, about, progress, .. } = self;
        drop(progress);
        let written = match mode {
            Mode::Findings(mut output) => output.end(&tally),
            Mode::Alerts(collector, target) => {
                let collected = collector.finish();
                tally.outside = collected.outside;
                tally.unplaced = collected.unplaced;
                tally.unexamined = collected.unexamined;
                output::alerts::write(&collected.alerts, &tally, arguments, &about, screen, target)
            }
        };
        (tally, written)
    }

    fn item(&mut self, item: Item) -> anyhow::Result<()> {
        self.files.count(&item);
        match item {
            Item::Event(event) => return self.event(*event),
            Item::Filtered(filtered) => self.tally.count(filtered),
            Item::Skipped(reason) => *self.tally.skipped.entry(reason).or_default() += 1,
            Item::Fault(fault) if fault.kind == FaultKind::PartlyUnrecognised => self.note(&fault),
            Item::Fault(fault) => match self.files.set_aside(&fault) {
                Some(kind) if self.arguments.verbose => {
                    self.faults.note("skipped:", &fault.place.to_string(), kind, &self.progress);
                }
                Some(_) => {}
                None => self.fault(&fault),
            },
        }
        Ok(())
    }

    /// Prints what is no error.
    fn note(&self, fault: &Fault) {
        if !self.arguments.quiet {
            let what = format!("{}; {}", fault.what, fault.remedy);
            self.faults.note("note:", &fault.place.to_string(), &what, &self.progress);
        }
    }

    fn fault(&mut self, fault: &Fault) {
        self.tally.faults += 1;
        self.faults.report(fault, &self.progress);
    }

    /// Reports why the rule cannot be run on what is at a place.
    fn rule_error(&mut self, place: Place, error: &Error) {
        self.rule_fault(&Fault::new(place, format!("the rule cannot run: {error}"), remedy(error.kind())));
    }

    /// Reports a fault that is not one of the input.
    fn rule_fault(&mut self, fault: &Fault) {
        self.tally.rule_faults += 1;
        self.faults.report(fault, &self.progress);
    }

    fn event(&mut self, event: Event) -> anyhow::Result<()> {
        match self.filter.position(&event) {
            Position::Inside => {}
            Position::Outside => {
                self.tally.outside_range += 1;
                return Ok(());
            }
            Position::Unknown => self.tally.untimed += 1,
        }
        self.tally.count((&event).into());
        let (detection, explanation) = match self.judge.judge(&event, self.arguments.explain) {
            Ok(judged) => judged,
            Err(error) => {
                self.rule_error(event.place, &error);
                return Ok(());
            }
        };
        match (&mut self.held, detection) {
            (_, None) if !self.arguments.all => Ok(()),
            (Some(held), Some(detection)) => {
                held.add(event, &detection, explanation);
                Ok(())
            }
            (_, detection) => self.show(event, detection, explanation),
        }
    }

    fn place_of_rule(&self) -> Place {
        Place { file: self.about.title().into(), position: rulespec_events::Position::Whole }
    }

    /// Applies the steps of the rule that need all rows, and shows what they leave.
    ///
    /// # Errors
    ///
    /// Returns an error if the output cannot be written.
    fn finish_held(&mut self) -> anyhow::Result<()> {
        let Some(held) = self.held.take() else { return Ok(()) };
        if held.left_out > 0 {
            let (count, size) = (grouped(held.left_out), MAX_SIZE >> 20);
            let what = format!("{count} matches were left out: only {size} MiB of them can be sorted");
            let remedy = "select fewer events with --since and --until, or filter more in the rule";
            self.rule_fault(&Fault::new(self.place_of_rule(), what, remedy));
        }
        match held.finish(&self.judge) {
            Ok(mut left) => left.try_for_each(|(event, detection, explanation)| {
                self.show(event, Some(detection), explanation)
            }),
            Err(error) => {
                self.rule_error(self.place_of_rule(), &error);
                Ok(())
            }
        }
    }

    /// Shows an event: what the rule outputs for it, or that it does not match.
    fn show(
        &mut self,
        event: Event,
        detection: Option<Table>,
        explanation: Option<Explanation>,
    ) -> anyhow::Result<()> {
        let duplicate_of = detection.as_ref().and_then(|row| self.duplicates.check(row, &event.place));
        let needs_entities = self.arguments.entities || self.arguments.alerts;
        let rule = self.judge.rule();
        let entities_of = |table: &Table| table.rows_by_name().flat_map(|row| rule.entities(row)).collect();
        let entities: Option<Vec<Entity>> = detection.as_ref().filter(|_| needs_entities).map(entities_of);
        let finding = Finding { event, detection, duplicate_of, entities, explanation };
        if finding.detection.is_some() {
            self.tally.matches += 1;
            self.tally.untimed_matches += u64::from(finding.time().is_none());
            self.tally.duplicates += u64::from(finding.duplicate_of.is_some());
        }
        match &mut self.mode {
            Mode::Findings(output) => self.progress.while_writing_output(|| output.finding(&finding)),
            Mode::Alerts(collector, _) => {
                collector.add(finding.time(), finding.entities.as_deref().unwrap_or_default());
                Ok(())
            }
        }
    }
}

/// What to do if the rule cannot be run on an event.
fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::RepeatedColumn => {
            "leave this column out of the export, or give that of the rule another name"
        }
        ErrorKind::WrongType => {
            "leave the column of another type out of the export, or convert it in the rule"
        }
        _ => "change this part of the rule, or exclude such events before it",
    }
}
