//! Work on a sequence of tasks by several threads, with the results in the order of the tasks.

use std::any::Any;
use std::collections::VecDeque;
use std::io;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::{Item, Place, Position, resources};

/// What a thread panicked with.
pub(super) type Panic = Box<dyn Any + Send>;

/// Works on each task and passes the results to `take` in the order of the tasks. With one job,
/// it uses only the current thread.
///
/// At most twice as many tasks as jobs are in memory. Returns `Break` only if `take` does.
///
/// # Errors
///
/// Returns an error if a thread cannot be started. No task has been started then.
///
/// # Panics
///
/// Panics if `work` does, with the same message, in place of the result.
///
/// Spec: TEL-75
pub(super) fn process_in_order<T: Send, R: Send>(
    jobs: usize,
    mut tasks: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) -> io::Result<ControlFlow<()>> {
    if jobs <= 1 {
        return Ok(tasks.try_for_each(|task| take(work(task))));
    }
    let (sender, receiver) = channel();
    let queue = Mutex::new(receiver);
    thread::scope(|scope| {
        // The sender must be dropped on an early return, so that the threads end.
        let sender = sender;
        for _ in 0..jobs {
            thread::Builder::new().spawn_scoped(scope, || while work_on_next(&queue, &work) {})?;
        }
        let mut results = VecDeque::new();
        for task in tasks {
            if results.len() >= jobs.saturating_mul(2) && take_first(&mut results, &mut take).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            let (result_sender, result) = sync_channel(1);
            // This cannot fail: the queue outlives the threads.
            let _ = sender.send((task, result_sender));
            results.push_back(result);
        }
        while !results.is_empty() {
            if take_first(&mut results, &mut take).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The fault of an input that no threads can be started for.
pub(super) fn no_threads(name: &Arc<str>, error: &io::Error) -> Item {
    let what = format!("not all threads to read it can be started: {error}");
    Item::fault(Place::new(name, Position::Whole), what, resources::THREADS)
}

/// A task, and where its result goes.
type Queued<T, R> = (T, SyncSender<Result<R, Panic>>);

/// Works on the next task. Returns false if there will be no more tasks.
fn work_on_next<T, R>(queue: &Mutex<Receiver<Queued<T, R>>>, work: &impl Fn(T) -> R) -> bool {
    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
    let Ok((task, result)) = next else {
        return false;
    };
    // The receiver is gone after an early return. The result is not needed then.
    let _ = result.send(catch_unwind(AssertUnwindSafe(|| work(task))));
    true
}

fn take_first<R>(
    results: &mut VecDeque<Receiver<Result<R, Panic>>>,
    take: &mut impl FnMut(R) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let Some(first) = results.pop_front() else {
        return ControlFlow::Continue(());
    };
    match first.recv() {
        Ok(Ok(result)) => take(result),
        Ok(Err(panic)) => resume_unwind(panic),
        // A thread ends only after the last task. Without this result, events would be missing.
        Err(error) => resume_unwind(Box::new(format!("a thread ended without a result: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_tasks() {
        for jobs in [1, 2, 8] {
            let mut taken = vec![];
            let take = |result| {
                taken.push(result);
                ControlFlow::Continue(())
            };
            let flow = process_in_order(jobs, 0..1_000_u32, |task| task * 2, take).unwrap();
            assert_eq!(flow, ControlFlow::Continue(()));
            assert_eq!(taken, (0..1_000).map(|task| task * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn few_tasks_are_started_after_a_break() {
        for jobs in [1, 2, 8] {
            let mut started = 0;
            let tasks = std::iter::repeat_with(|| started += 1);
            let mut remaining = 10;
            let take = |()| {
                remaining -= 1;
                if remaining == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let flow = process_in_order(jobs, tasks, |()| (), take).unwrap();
            assert_eq!(flow, ControlFlow::Break(()));
            assert!(started <= 10 + 2 * jobs, "{started}");
        }
    }

    #[test]
    fn a_panic_of_the_work_is_one_of_the_caller() {
        for jobs in [1, 2, 8] {
            let mut taken = vec![];
            let take = |result| {
                taken.push(result);
                ControlFlow::Continue(())
            };
            let work = |task: u32| if task < 20 { task } else { panic!("task {task} is bad") };
            let caught = catch_unwind(AssertUnwindSafe(|| process_in_order(jobs, 0..1_000, work, take)));
            let message = caught.unwrap_err().downcast::<String>().unwrap();
            assert_eq!(*message, "task 20 is bad");
            assert_eq!(taken, (0..20).collect::<Vec<_>>(), "{jobs}");
        }
    }
}
