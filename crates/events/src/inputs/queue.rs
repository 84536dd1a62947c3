//! The inputs that are still to be read, and the parts of those that are.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::slice;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::vec;

use crate::ordered::Panic;
use crate::size::size_of_row;
use crate::{Item, Options, read};

/// How many parts of one input may be queued.
const MAX_QUEUED_PARTS: usize = 4;
/// The size in bytes from which a part is no longer extended while the queue is full.
const MAX_PART_SIZE: usize = 4 << 20;

/// The inputs that no thread has taken yet, each with where its parts go.
pub(super) struct Queue<'f, P> {
    files: slice::Iter<'f, P>,
    senders: vec::IntoIter<SyncSender<Part>>,
}

impl<'f, P> Queue<'f, P> {
    /// All these inputs, and where the parts of each arrive.
    pub(super) fn new(files: &'f [P]) -> (Self, Vec<Receiver<Part>>) {
        let (senders, receivers): (Vec<_>, _) = files.iter().map(|_| sync_channel(MAX_QUEUED_PARTS)).unzip();
        (Self { files: files.iter(), senders: senders.into_iter() }, receivers)
    }
}

/// How an input ended.
pub(super) enum End {
    /// It was read to its end.
    Complete,
    /// The reading was stopped.
    Stopped,
    /// The reader panicked.
    Panicked(Panic),
}

/// A batch of items of one input.
#[derive(Default)]
pub(super) struct Part {
    /// Items without data, each with the number of its occurrences.
    pub(super) counts: Vec<(Item, u64)>,
    /// Events and faults.
    pub(super) items: Vec<Item>,
    /// The approximate size of `items` in bytes.
    size: usize,
    /// How the input ended, if this is its last part.
    pub(super) end: Option<End>,
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
            Item::Event(event) => size_of_row(&event.row),
            Item::Filtered(_) | Item::Skipped(_) | Item::Fault(_) => size_of::<Item>(),
        };
        self.items.push(item);
    }
}

/// Reads the next input that no thread has taken. Returns false if there is none.
pub(super) fn read_next<P: AsRef<Path>>(queue: &Mutex<Queue<'_, P>>, options: &Options) -> bool {
    let next = {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.files.next().zip(queue.senders.next())
    };
    let Some((file, sender)) = next else {
        return false;
    };
    if (options.is_stopped)() {
        // The receiver sees that the input has no end.
        return true;
    }
    let mut part = Part::default();
    let mut sink = |item| {
        match item {
            Item::Event(_) | Item::Fault(_) => part.push(item),
            Item::Filtered(_) | Item::Skipped(_) => part.count(item),
        }
        if part.items.is_empty() { ControlFlow::Continue(()) } else { try_send(&sender, &mut part) }
    };
    let flow = catch_unwind(AssertUnwindSafe(|| read(file.as_ref(), options, &mut sink)));
    part.end = Some(match flow {
        Ok(ControlFlow::Continue(())) => End::Complete,
        Ok(ControlFlow::Break(())) => End::Stopped,
        Err(panic) => End::Panicked(panic),
    });
    // The receiver is gone if the reading has ended. The part is not needed then.
    let _ = sender.send(part);
    true
}

/// Sends a part unless the queue is full. Waits for the queue once the part is large. Breaks if
/// the receiver is gone.
fn try_send(sender: &SyncSender<Part>, part: &mut Part) -> ControlFlow<()> {
    match sender.try_send(std::mem::take(part)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(TrySendError::Full(unsent)) if unsent.size < MAX_PART_SIZE => {
            *part = unsent;
            ControlFlow::Continue(())
        }
        Err(TrySendError::Full(unsent)) => {
            sender.send(unsent).map_or(ControlFlow::Break(()), ControlFlow::Continue)
        }
        Err(TrySendError::Disconnected(_)) => ControlFlow::Break(()),
    }
}
