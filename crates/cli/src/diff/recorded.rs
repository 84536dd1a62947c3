//! Recorded events, read in another thread while they are compared.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use rulespec_check::diff::Recorded;
use rulespec_check::printable::printable;
use rulespec_check::stop::Stop;
use rulespec_events::{Event, Item, Options, read_all};

use crate::failure::Failure;
use crate::stderr;

/// How many events wait to be compared.
const MAX_WAITING: usize = 1024;

/// Calls a function with the events of some files. Returns its result, and whether all files could be
/// read: faults are printed.
///
/// # Errors
///
/// Returns the error of the function, or that a thread cannot be started.
pub fn with_events<T>(
    files: &[PathBuf],
    stop: &Stop,
    use_events: impl FnOnce(&mut dyn Iterator<Item = Recorded>) -> Result<T, Failure>,
) -> Result<(T, bool), Failure> {
    if files.is_empty() {
        return Ok((use_events(&mut std::iter::empty())?, true));
    }
    let is_complete = AtomicBool::new(true);
    let result = thread::scope(|scope| {
        let (sender, receiver) = sync_channel(MAX_WAITING);
        let stop = stop.clone();
        let options = Options { is_stopped: Arc::new(move || stop.is_set()), ..Options::default() };
        let is_complete = &is_complete;
        let read = move || {
            let read = read_all(files, 1, &options, |_, item| match item {
                Some(Item::Event(event)) => sender.send(recorded(*event)).map_err(|_| ()),
                Some(Item::Fault(fault)) => {
                    is_complete.store(false, Ordering::Relaxed);
                    stderr::print(&format_args!("rulespec: {}", printable(&fault.to_string())));
                    Ok(())
                }
                Some(Item::Filtered(_) | Item::Skipped(_)) | None => Ok(()),
            });
            if read.is_err() {
                is_complete.store(false, Ordering::Relaxed);
                stderr::print(&"rulespec: the search ended before all recorded events were compared");
            }
        };
        let started = thread::Builder::new().name("events".to_owned()).spawn_scoped(scope, read);
        started.map_err(|error| Failure::failed(&format!("cannot start a thread: {error}")))?;
        use_events(&mut receiver.into_iter())
    })?;
    Ok((result, is_complete.into_inner()))
}

fn recorded(event: Event) -> Recorded {
    let place = event.place.to_string();
    let cells = event.columns.iter().map(|column| column.name.clone()).zip(event.row);
    Recorded { cells: cells.collect(), place }
}
