//! Several inputs, read at once and handed on one after the other.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::telemetry::{self, Item, Options};

/// How many items wait to be sent on together, at most.
const TOGETHER: usize = 256;
/// How many times items that were sent may wait to be taken.
const WAITING: usize = 4;

/// Reads these inputs, so many at once, and takes what is in them in their order:
/// `take` gets each item, and `None` where an input ends.
///
/// # Errors
///
/// The first of `take`, which ends the reading.
pub fn read<P: AsRef<Path> + Sync>(
    files: &[P],
    at_once: usize,
    options: &Options<'_>,
    mut take: impl FnMut(&Path, Option<Item>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if at_once <= 1 {
        return files.iter().try_for_each(|file| read_one(file.as_ref(), options, &mut take));
    }
    let (senders, receivers): (Vec<_>, Vec<_>) = files.iter().map(|_| sync_channel(WAITING)).unzip();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| while read_next(files, &senders, &next, options) {});
        }
        // Moved in, so that the threads notice where this ends early.
        for (file, items) in files.iter().zip(receivers) {
            take_all(file.as_ref(), &items, &mut take)?;
        }
        Ok(())
    })
}

fn read_one(
    file: &Path,
    options: &Options<'_>,
    take: &mut impl FnMut(&Path, Option<Item>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut result = Ok(());
    // An early end is always this sink's own, whose reason is in `result`.
    let _ = telemetry::read(file, options, &mut |item| match take(file, Some(item)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            result = Err(error);
            ControlFlow::Break(())
        }
    });
    result.and_then(|()| take(file, None))
}

/// What is sent on of an input: items, then that it has ended.
type Sent = Option<Vec<Item>>;

/// Reads the first input that nobody reads yet; false where there is none.
fn read_next<P: AsRef<Path>>(
    files: &[P],
    senders: &[SyncSender<Sent>],
    next: &AtomicUsize,
    options: &Options<'_>,
) -> bool {
    let number = next.fetch_add(1, Ordering::Relaxed);
    let (Some(file), Some(to)) = (files.get(number), senders.get(number)) else {
        return false;
    };
    let mut items = vec![];
    let flow = telemetry::read(file.as_ref(), options, &mut |item| {
        let is_shown = matches!(item, Item::Event(_) | Item::Fault(_));
        items.push(item);
        match is_shown || items.len() >= TOGETHER {
            true => send(to, Some(std::mem::take(&mut items))),
            false => ControlFlow::Continue(()),
        }
    });
    flow.is_continue() && send(to, Some(items)).is_continue() && send(to, None).is_continue()
}

/// Breaks where nobody takes any more.
fn send(to: &SyncSender<Sent>, what: Sent) -> ControlFlow<()> {
    to.send(what).map_or(ControlFlow::Break(()), ControlFlow::Continue)
}

fn take_all(
    file: &Path,
    items: &Receiver<Sent>,
    take: &mut impl FnMut(&Path, Option<Item>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    while let Ok(Some(items)) = items.recv() {
        items.into_iter().try_for_each(|item| take(file, Some(item)))?;
    }
    take(file, None)
}
