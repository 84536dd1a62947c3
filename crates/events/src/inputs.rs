//! Several inputs, read in parallel and delivered in order.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use crate::{Item, Options, read};

/// How many parts of one input may be queued.
const MAX_QUEUED_PARTS: usize = 4;
/// The size in bytes from which a part is no longer extended while the queue is full.
const MAX_PART_SIZE: usize = 4 << 20;

/// Reads these inputs, up to `parallel` of them at once, and passes their items to `take` in the
/// order of the inputs: each item, then `None` at the end of each input. If inputs are read in
/// parallel, [`Filtered`](Item::Filtered) and [`Skipped`](Item::Skipped) items may be taken earlier
/// than events and faults that precede them.
///
/// # Errors
///
/// Returns the first error of `take`, which stops the reading.
pub fn read_all<P: AsRef<Path> + Sync, E>(
    files: &[P],
    parallel: usize,
    options: &Options,
    mut take: impl FnMut(&Path, Option<Item>) -> Result<(), E>,
) -> Result<(), E> {
    if parallel <= 1 {
        return files.iter().try_for_each(|file| read_one(file.as_ref(), options, &mut take));
    }
    let is_stopped = AtomicBool::new(false);
    let (senders, receivers): (Vec<_>, Vec<_>) = files.iter().map(|_| sync_channel(MAX_QUEUED_PARTS)).unzip();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..parallel {
            scope.spawn(|| while read_next(files, &senders, &next, &is_stopped, options) {});
        }
        // The receivers must be dropped on an early end, so that no thread blocks on a full queue.
        let mut inputs = files.iter().zip(receivers);
        let result = inputs.try_for_each(|(file, parts)| take_parts(file.as_ref(), &parts, &mut take));
        is_stopped.store(true, Ordering::Relaxed);
        result
    })
}

fn read_one<E>(
    file: &Path,
    options: &Options,
    take: &mut impl FnMut(&Path, Option<Item>) -> Result<(), E>,
) -> Result<(), E> {
    let mut result = Ok(());
    // The reading only breaks off if `take` fails, and `result` has the error.
    let _ = read(file, options, &mut |item| match take(file, Some(item)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            result = Err(error);
            ControlFlow::Break(())
        }
    });
    result.and_then(|()| take(file, None))
}

/// A batch of items of one input.
#[derive(Default)]
struct Part {
    /// Items without data, each with the number of its occurrences.
    counts: Vec<(Item, u64)>,
    /// Events and faults.
    items: Vec<Item>,
    /// The approximate size of `items` in bytes.
    size: usize,
    /// Whether the input ends here.
    is_last: bool,
}

impl Part {
    fn count(&mut self, item: Item) {
        match self.counts.iter_mut().find(|(counted, _)| *counted == item) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((item, 1)),
        }
    }

    fn push(&mut self, item: Item) {
        self.size += match &item {
            Item::Event(event) => {
                let cells = event.row.iter().map(|cell| cell.as_str().map_or(0, str::len));
                size_of_val(&*event.row) + cells.sum::<usize>()
            }
            Item::Filtered(_) | Item::Skipped(_) | Item::Fault(_) => size_of::<Item>(),
        };
        self.items.push(item);
    }
}

/// Reads the next input that no thread has taken. Returns false if there is none.
fn read_next<P: AsRef<Path>>(
    files: &[P],
    senders: &[SyncSender<Part>],
    next: &AtomicUsize,
    is_stopped: &AtomicBool,
    options: &Options,
) -> bool {
    let number = next.fetch_add(1, Ordering::Relaxed);
    let (Some(file), Some(sender)) = (files.get(number), senders.get(number)) else {
        return false;
    };
    let mut part = Part::default();
    let flow = read(file.as_ref(), options, &mut |item| {
        match item {
            Item::Event(_) | Item::Fault(_) => part.push(item),
            Item::Filtered(_) | Item::Skipped(_) => part.count(item),
        }
        match part.items.is_empty() {
            true if is_stopped.load(Ordering::Relaxed) => ControlFlow::Break(()),
            true => ControlFlow::Continue(()),
            false => try_send(sender, &mut part),
        }
    });
    part.is_last = true;
    flow.is_continue() && send(sender, part).is_continue()
}

/// Sends a part unless the queue is full. Waits for the queue once the part is large.
fn try_send(sender: &SyncSender<Part>, part: &mut Part) -> ControlFlow<()> {
    match sender.try_send(std::mem::take(part)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(TrySendError::Full(unsent)) if unsent.size < MAX_PART_SIZE => {
            *part = unsent;
            ControlFlow::Continue(())
        }
        Err(TrySendError::Full(unsent)) => send(sender, unsent),
        Err(TrySendError::Disconnected(_)) => ControlFlow::Break(()),
    }
}

/// Sends a part. Breaks if the receiver is gone.
fn send(sender: &SyncSender<Part>, part: Part) -> ControlFlow<()> {
    sender.send(part).map_or(ControlFlow::Break(()), ControlFlow::Continue)
}

fn take_parts<E>(
    file: &Path,
    parts: &Receiver<Part>,
    take: &mut impl FnMut(&Path, Option<Item>) -> Result<(), E>,
) -> Result<(), E> {
    while let Ok(part) = parts.recv() {
        let counted = part.counts.into_iter().flat_map(|(item, count)| (0..count).map(move |_| item.clone()));
        counted.chain(part.items).try_for_each(|item| take(file, Some(item)))?;
        if part.is_last {
            break;
        }
    }
    take(file, None)
}
