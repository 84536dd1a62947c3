//! From the items of the inputs to what is shown.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rulespec::kql::{Error, Profile, Table};
use rulespec::rule::{self, schedule};
use rulespec::telemetry::{self, Event, Fault, Item, Names, Options};

use super::Arguments;
use super::duplicates::Reports;
use super::faults::{Faults, writeln_stderr};
use super::finding::Finding;
use super::output::Output;
use super::progress::Progress;
use super::summary::Tally;
use crate::cli::palette::Palette;

/// One run over all inputs.
pub struct Session<'a> {
    arguments: &'a Arguments,
    output: Box<dyn Output>,
    profile: Profile,
    bytes: Arc<AtomicU64>,
    progress: Progress,
    reports: Reports,
    faults: Faults,
    tally: Tally,
}

impl<'a> Session<'a> {
    /// A run that has read nothing yet.
    pub fn new(arguments: &'a Arguments, output: Box<dyn Output>) -> Self {
        let bytes = Arc::new(AtomicU64::new(0));
        Self {
            arguments,
            output,
            profile: Profile::default(),
            progress: Progress::new(&arguments.files, bytes.clone()),
            bytes,
            reports: Reports::new(),
            faults: Faults::default(),
            tally: Tally::default(),
        }
    }

    /// Reads one input to its end. An error is one of output: what is wrong with
    /// the input is told and counted.
    pub fn read(&mut self, file: &Path) -> anyhow::Result<()> {
        let profile = self.profile;
        let all = self.arguments.all;
        let keep = |names: Names<'_>| {
            all || rule::selects(names.file_name, names.original_file_name, names.command_line, &profile)
        };
        let format = self.arguments.input_format.map(Into::into);
        let options = Options { format, keep: &keep, progress: self.bytes.clone() };
        let (good, bad) = (self.tally.good(), self.tally.faults);
        let mut result = Ok(());
        // An early end is always this sink's own, whose reason is in `result`.
        let _ = telemetry::read(file, &options, &mut |item| match self.item(item) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                result = Err(error);
                ControlFlow::Break(())
            }
        });
        result?;
        let unreadable = self.tally.good() == good && self.tally.faults > bad;
        *if unreadable { &mut self.tally.unreadable } else { &mut self.tally.read } += 1;
        let faults = std::mem::take(&mut self.faults);
        self.progress.aside(|| faults.end(&file.to_string_lossy()));
        Ok(())
    }

    /// Writes what is left to write, and gives the counts.
    pub fn end(mut self) -> anyhow::Result<Tally> {
        drop(self.progress);
        self.output.end()?;
        if !self.arguments.quiet {
            let summary = self.tally.summary(Palette::stderr());
            // Where standard error is gone there is nobody to tell.
            let _ = writeln_stderr(format_args!("{summary}"));
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
        self.progress.aside(|| self.faults.tell(fault));
    }

    fn event(&mut self, event: Event) -> anyhow::Result<()> {
        *self.tally.events.entry(event.source).or_default() += 1;
        match self.finding(&event) {
            Ok(finding) => todo!(),
            Err(error) => self.fault(&unfit(&event, &error)),
        }
        Ok(())
    }
}

/// An event whose table the rule cannot be run over.
fn unfit(event: &Event, error: &Error) -> Fault {
    Fault {
        place: event.place.clone(),
        what: format!("the rule cannot run: {error}"),
        remedy: "export the table with all columns that the rule names".to_owned(),
    }
}
