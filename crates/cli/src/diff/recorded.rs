//! Recorded events, read in another thread while they are compared.

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use rulespec_check::diff::{self, Recorded, Unread};
use rulespec_check::printable::{printable, shortened};
use rulespec_check::stop::Stop;
use rulespec_events::{Event, Fault, Item, Options, read_all};

use crate::failure::Failure;
use crate::place::place;
use crate::stderr;

/// How many events wait to be compared.
const MAX_WAITING: usize = 1024;

/// How many faults of one file are told.
const MAX_TOLD: u64 = 20;

/// The maximum length of a part of a fault, in characters.
const MAX_LEN: usize = 1_000;

/// What became of the files.
#[derive(Debug, Default)]
pub struct Reading {
    /// What could not be read.
    pub unread: Unread,
    /// Whether the search ended before the files.
    pub ended_early: bool,
    /// The number of faults of the current file.
    of_file: u64,
}

impl Reading {
    /// Counts a fault, and prints and keeps it if it is one of the first of its file.
    fn add(&mut self, file: &Path, fault: &Fault) {
        self.unread.count += 1;
        self.of_file += 1;
        if self.of_file <= MAX_TOLD {
            stderr::print(&format_args!("rulespec: {}", shortened(&fault.to_string(), MAX_LEN)));
            let [what, remedy] =
                [&fault.what, &fault.remedy].map(|text| text.chars().take(MAX_LEN).collect());
            self.unread.faults.push(diff::Fault { place: place(&fault.place), what, remedy });
        } else if self.of_file == MAX_TOLD + 1 {
            let file = file.to_string_lossy();
            stderr::print(&format_args!("rulespec: {}: more errors not shown", printable(&file)));
        }
    }
}

/// Calls a function with the events of some files. Returns its result, and what became of the files:
/// faults are printed.
///
/// # Errors
///
/// Returns the error of the function, or that a thread cannot be started.
pub fn with_events<T>(
    files: &[PathBuf],
    stop: &Stop,
    use_events: impl FnOnce(&mut dyn Iterator<Item = Recorded>) -> Result<T, Failure>,
) -> Result<(T, Reading), Failure> {
    if files.is_empty() {
        return Ok((use_events(&mut std::iter::empty())?, Reading::default()));
    }
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(MAX_WAITING);
        let stop = stop.clone();
        let reader = thread::Builder::new().name("events".to_owned());
        let reader = reader.spawn_scoped(scope, move || read(files, stop, &sender));
        let reader = reader.map_err(|error| Failure::failed(&format!("cannot start a thread: {error}")))?;
        // The receiver ends with this statement, and with it the reader.
        let result = use_events(&mut receiver.into_iter());
        let reading = reader.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok((result?, reading))
    })
}

/// Reads files up to a stop, or until nothing receives their events any more.
fn read(files: &[PathBuf], stop: Stop, sender: &SyncSender<Recorded>) -> Reading {
    let mut reading = Reading::default();
    let options = Options { is_stopped: Arc::new(move || stop.is_set()), ..Options::default() };
    let read = read_all(files, 1, &options, |file, item| {
        match item {
            Some(Item::Event(event)) => return sender.send(recorded(*event)).map_err(|_| ()),
            Some(Item::Fault(fault)) => reading.add(file, &fault),
            Some(Item::Filtered(_) | Item::Skipped(_)) => {}
            None => reading.of_file = 0,
        }
        Ok(())
    });
    reading.ended_early = read.is_err();
    if reading.ended_early {
        stderr::print(&"rulespec: the search ended before all recorded events were compared");
    }
    reading
}

fn recorded(event: Event) -> Recorded {
    let place = event.place.to_string();
    let cells = event.columns.iter().map(|column| column.name.clone()).zip(event.row);
    Recorded { cells: cells.collect(), place }
}
