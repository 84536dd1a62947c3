//! Several inputs, read at once and handed on one after the other.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;

use rulespec_events::{Item, Options};

/// How many parts of an input may wait to be taken.
const WAITING: usize = 4;
/// How many bytes a part may have before its input is read on only once it is sent.
const HEAVY: usize = 4 << 20;

/// Reads these inputs, so many at once, and takes what is in them in their order:
/// `take` gets each item, and `None` where an input ends. Of several inputs read at
/// once, what is only counted comes before what is shown next.
///
/// # Errors
///
/// The first of `take`, which ends the reading.
pub fn read<P: AsRef<Path> + Sync>(
    files: &[P],
    at_once: usize,
    options: &Options,
    mut take: impl FnMut(&Path, Option<Item>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if at_once <= 1 {
        return files.iter().try_for_each(|file| read_one(file.as_ref(), options, &mut take));
    }
    let is_over = AtomicBool::new(false);
    let (senders, receivers): (Vec<_>, Vec<_>) = files.iter().map(|_| sync_channel(WAITING)).unzip();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| while read_next(files, &senders, &next, &is_over, options) {});
        }
        // Moved in, so that no thread waits any more where this ends early.
        let mut inputs = files.iter().zip(receivers);
        let result = inputs.try_for_each(|(file, items)| take_all(file.as_ref(), &items, &mut take));
        is_over.store(true, Ordering::Relaxed);
        result
    })
}

fn read_one(
    file: &Path,
    options: &Options,
    take: &mut impl FnMut(&Path, Option<Item>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut result = Ok(());
    // An early end is always this sink's own, whose reason is in `result`.
    let _ = rulespec_events::read(file, options, &mut |item| match take(file, Some(item)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            result = Err(error);
            ControlFlow::Break(())
        }
    });
    result.and_then(|()| take(file, None))
}

/// What is sent on of an input: how often it had what is only counted, then what is
/// shown; or, at last, that it has ended.
#[derive(Default)]
struct Part {
    counted: Vec<(Item, u64)>,
    shown: Vec<Item>,
    /// About how many bytes those that are shown have.
    bytes: usize,
    is_last: bool,
}

impl Part {
    fn count(&mut self, item: Item) {
        match self.counted.iter_mut().find(|(its, _)| *its == item) {
            Some((_, count)) => *count += 1,
            None => self.counted.push((item, 1)),
        }
    }

    fn show(&mut self, item: Item) {
        self.bytes += match &item {
            Item::Event(event) => {
                let cells = event.row.iter().map(|cell| cell.as_str().map_or(0, str::len));
                size_of_val(&*event.row) + cells.sum::<usize>()
            }
            _ => size_of::<Item>(),
        };
        self.shown.push(item);
    }
}

/// Reads the first input that nobody reads yet; false where there is none.
fn read_next<P: AsRef<Path>>(
    files: &[P],
    senders: &[SyncSender<Part>],
    next: &AtomicUsize,
    is_over: &AtomicBool,
    options: &Options,
) -> bool {
    let number = next.fetch_add(1, Ordering::Relaxed);
    let (Some(file), Some(to)) = (files.get(number), senders.get(number)) else {
        return false;
    };
    let mut part = Part::default();
    let flow = rulespec_events::read(file.as_ref(), options, &mut |item| {
        match item {
            Item::Event(_) | Item::Fault(_) => part.show(item),
            Item::Passed(_) | Item::Skipped(_) => part.count(item),
        }
        match part.shown.is_empty() {
            true if is_over.load(Ordering::Relaxed) => ControlFlow::Break(()),
            true => ControlFlow::Continue(()),
            false => offer(to, &mut part),
        }
    });
    part.is_last = true;
    flow.is_continue() && send(to, part).is_continue()
}

/// Sends a part where it need not wait for that, or has become heavy.
fn offer(to: &SyncSender<Part>, part: &mut Part) -> ControlFlow<()> {
    match to.try_send(std::mem::take(part)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(TrySendError::Full(back)) if back.bytes < HEAVY => {
            *part = back;
            ControlFlow::Continue(())
        }
        Err(TrySendError::Full(back)) => send(to, back),
        Err(TrySendError::Disconnected(_)) => ControlFlow::Break(()),
    }
}

/// Breaks where nobody takes any more.
fn send(to: &SyncSender<Part>, part: Part) -> ControlFlow<()> {
    to.send(part).map_or(ControlFlow::Break(()), ControlFlow::Continue)
}

fn take_all(
    file: &Path,
    parts: &Receiver<Part>,
    take: &mut impl FnMut(&Path, Option<Item>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    while let Ok(part) = parts.recv() {
        let counted =
            part.counted.into_iter().flat_map(|(item, count)| (0..count).map(move |_| item.clone()));
        counted.chain(part.shown).try_for_each(|item| take(file, Some(item)))?;
        if part.is_last {
            break;
        }
    }
    take(file, None)
}
