//! From the items of the inputs to what is shown.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::Arguments;
use super::alerting::Alerting;
use super::duplicates::{REMEMBERED, Reports};
use super::faults::Faults;
use super::finding::Finding;
use super::output::{self, Output, Target};
use super::reading;
use super::summary::Tally;
use crate::jobs;
use crate::progress::Progress;
use crate::terminal;
use rulespec::fast;
use rulespec::kql::{Error, Profile, Table};
use rulespec::rule;
use rulespec::rule::entities::Entity;
use rulespec::rule::explain::Explanation;
use rulespec_events::{Event, Fault, Item, Names, Options};

/// What a run shows.
enum Shown {
    /// Each finding, as it comes.
    Findings(Box<dyn Output>),
    /// At the end, the alerts.
    Alerts(Alerting, Target),
}

/// One run over all inputs.
pub struct Session<'a> {
    arguments: &'a Arguments,
    shown: Shown,
    profile: Profile,
    bytes: Arc<AtomicU64>,
    progress: Progress,
    reports: Reports,
    faults: Faults,
    tally: Tally,
}

impl<'a> Session<'a> {
    /// A run that has read nothing yet.
    pub fn new(arguments: &'a Arguments, target: Target) -> Self {
        let shown = match arguments.alerts {
            true => Shown::Alerts(Alerting::default(), target),
            false => Shown::Findings(output::output(arguments, target)),
        };
        let bytes = Arc::new(AtomicU64::new(0));
        Self {
            arguments,
            shown,
            profile: Profile::default(),
            progress: Progress::new(&arguments.files, bytes.clone()),
            bytes,
            reports: Reports::new(REMEMBERED),
            faults: Faults::default(),
            tally: Tally::default(),
        }
    }

    /// Reads all inputs to their ends. An error is one of output: what is wrong with
    /// an input is told and counted.
    pub fn read(&mut self, files: &[PathBuf]) -> anyhow::Result<()> {
        let all = self.arguments.all;
        let keep = move |names: Names<'_>| {
            let is_named = || fast::rule::is_named(names.file_name, names.original_file_name);
            all || is_named() && fast::rule::has_switch(names.command_line)
        };
        let format = self.arguments.input_format.map(Into::into);
        let jobs = jobs::of(self.arguments.jobs);
        let at_once = jobs.min(files.len());
        let jobs = jobs / at_once.max(1);
        let options = Options { format, keep: Arc::new(keep), progress: self.bytes.clone(), jobs };
        let (mut good, mut bad) = (0, 0);
        reading::read(files, at_once, &options, |file, item| match item {
            Some(item) => self.item(item),
            None => {
                let unreadable = self.tally.good() == good && self.tally.faults > bad;
                *if unreadable { &mut self.tally.unreadable } else { &mut self.tally.read } += 1;
                (good, bad) = (self.tally.good(), self.tally.faults);
                std::mem::take(&mut self.faults).end(&file.to_string_lossy(), &self.progress);
                Ok(())
            }
        })
    }

    /// Writes what is left to write, and gives the counts.
    pub fn end(mut self) -> anyhow::Result<Tally> {
        drop(self.progress);
        match self.shown {
            Shown::Findings(mut output) => output.end()?,
            Shown::Alerts(alerting, target) => {
                let (alerts, outside) = alerting.alerts();
                self.tally.outside = outside as u64;
                output::alerts::write(&alerts, self.arguments.format, target)?;
            }
        }
        if !self.arguments.quiet {
            self.tally.tell(terminal::shows_output() && terminal::shows_errors());
        }
        Ok(self.tally)
    }

    fn item(&mut self, item: Item) -> anyhow::Result<()> {
        match item {
            Item::Event(event) => self.event(*event),
            Item::Passed(source) => {
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
        self.faults.tell(fault, &self.progress);
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
        let (detection, explanation) = judged.map_err(|error| unfit(&event, &error))?;
        let duplicate_of = detection.as_ref().and_then(|row| self.reports.earlier(row, &event.place));
        let wanted = self.arguments.entities || self.arguments.alerts;
        let entities = detection.as_ref().filter(|_| wanted).map(entities_of);
        Ok(Finding { event, detection, duplicate_of, entities, explanation })
    }

    /// What the rule makes of an event, and why, where that is asked for.
    fn judge(&self, event: &Event) -> Result<(Option<Table>, Option<Explanation>), Error> {
        let table = event.table()?;
        let explained = table.rows_by_name().take(usize::from(self.arguments.explain)).next();
        let explanation = explained.map(|row| rule::explain(row, &self.profile)).transpose()?;
        let detections = rule::bitsadmin_activity(&table, &self.profile)?;
        Ok((Some(detections).filter(|table| !table.rows().is_empty()), explanation))
    }

    fn show(&mut self, finding: &Finding) -> anyhow::Result<()> {
        match &mut self.shown {
            Shown::Findings(output) => self.progress.beside_output(|| output.finding(finding)),
            Shown::Alerts(alerting, _) => {
                let time = finding.time();
                alerting.add(time, finding.entities.clone().unwrap_or_default());
                Ok(())
            }
        }
    }
}

fn entities_of(detection: &Table) -> Vec<Entity> {
    detection.rows_by_name().flat_map(rule::entities).collect()
}

/// An event whose table the rule cannot be run over.
fn unfit(event: &Event, error: &Error) -> Fault {
    Fault {
        place: event.place.clone(),
        what: format!("the rule cannot run: {error}"),
        remedy: "export the table with all columns that the rule names".to_owned(),
    }
}
