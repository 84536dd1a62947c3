//! Several inputs, read in parallel and delivered in order.

mod queue;

use std::io;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Item, Options, StopCheck, read, resources};
use queue::{End, Part, Queue};

/// For how long items that were found before a stop are still delivered after it.
const MAX_DELIVERY_TIME: Duration = Duration::from_millis(300);

/// Why [`read_all`] ended early.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E> {
    /// The first error of the function that takes the items.
    #[error(transparent)]
    Take(#[from] E),
    /// [`Options::is_stopped`] returned true. An input that was not read to its end has not been
    /// delivered to its end either.
    #[error("the reading was stopped")]
    Stopped,
    /// A thread could not be started. Nothing was read.
    #[error("not all threads can be started: {0}; {remedy}", remedy = resources::THREADS)]
    Threads(io::Error),
}

/// Reads these inputs, up to `parallel` of them at once, and passes their items to `take` in the
/// order of the inputs: each item, then `None` at the end of each input. If inputs are read in
/// parallel, [`Filtered`](Item::Filtered) and [`Skipped`](Item::Skipped) items may be taken earlier
/// than events and faults that precede them.
///
/// # Errors
///
/// Returns the first error of `take`, which stops the reading, and other reasons for an early end.
///
/// # Panics
///
/// Panics if `take` or [`Options::keep`] does, also on another thread.
pub fn read_all<P: AsRef<Path> + Sync, E>(
    files: &[P],
    parallel: usize,
    options: &Options,
    mut take: impl FnMut(&Path, Option<Item>) -> Result<(), E>,
) -> Result<(), ReadError<E>> {
    if parallel <= 1 {
        return files.iter().try_for_each(|file| read_one(file.as_ref(), options, &mut take));
    }
    let has_ended = SetOnDrop::default();
    let options = &Options { is_stopped: has_ended.or(&options.is_stopped), ..options.clone() };
    let (queue, receivers) = Queue::new(files);
    let queue = Mutex::new(queue);
    thread::scope(|scope| {
        // On an early return, these let the threads end: none may wait for its queue or its input.
        let (receivers, _has_ended) = (receivers, has_ended);
        for _ in 0..parallel {
            let worker = || while queue::read_next(&queue, options) {};
            thread::Builder::new().spawn_scoped(scope, worker).map_err(ReadError::Threads)?;
        }
        let mut delivery = Delivery { is_stopped: &options.is_stopped, end: None, take };
        let mut is_complete = true;
        for (file, parts) in files.iter().zip(receivers) {
            is_complete &= delivery.deliver(file.as_ref(), &parts)?;
        }
        if is_complete { Ok(()) } else { Err(ReadError::Stopped) }
    })
}

fn read_one<E>(
    file: &Path,
    options: &Options,
    take: &mut impl FnMut(&Path, Option<Item>) -> Result<(), E>,
) -> Result<(), ReadError<E>> {
    let mut result = Ok(());
    let flow = read(file, options, &mut |item| match take(file, Some(item)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            result = Err(error);
            ControlFlow::Break(())
        }
    });
    result?;
    match flow {
        ControlFlow::Continue(()) => Ok(take(file, None)?),
        ControlFlow::Break(()) => Err(ReadError::Stopped),
    }
}

/// A flag that is set when this is dropped, also by a panic.
#[derive(Default)]
struct SetOnDrop(Arc<AtomicBool>);

impl SetOnDrop {
    /// Returns whether the flag is set, or the other check says so.
    fn or(&self, other: &StopCheck) -> StopCheck {
        let (flag, other) = (Arc::clone(&self.0), Arc::clone(other));
        Arc::new(move || flag.load(Ordering::Relaxed) || other())
    }
}

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Passes parts of inputs on. After a stop, it does so only for a short time.
struct Delivery<'o, T> {
    is_stopped: &'o StopCheck,
    /// When to give up, once the reading was stopped.
    end: Option<Instant>,
    take: T,
}

impl<T> Delivery<'_, T> {
    fn is_over(&mut self) -> bool {
        if self.end.is_none() && (self.is_stopped)() {
            self.end = Instant::now().checked_add(MAX_DELIVERY_TIME);
        }
        self.end.is_some_and(|end| Instant::now() > end)
    }

    /// Delivers the parts of an input. Returns false if it was not read to its end.
    fn deliver<E>(&mut self, file: &Path, parts: &Receiver<Part>) -> Result<bool, ReadError<E>>
    where
        T: FnMut(&Path, Option<Item>) -> Result<(), E>,
    {
        for part in parts {
            let counts = part.counts.into_iter();
            let counted = counts.flat_map(|(item, count)| (0..count).map(move |_| item.clone()));
            for item in counted.chain(part.items) {
                if self.is_over() {
                    return Err(ReadError::Stopped);
                }
                (self.take)(file, Some(item))?;
            }
            match part.end {
                None => {}
                Some(End::Complete) => {
                    (self.take)(file, None)?;
                    return Ok(true);
                }
                Some(End::Stopped) => return Ok(false),
                Some(End::Panicked(panic)) => resume_unwind(panic),
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests;
