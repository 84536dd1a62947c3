//! Work on a sequence of tasks by several threads, with the results in the order of the tasks.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// Works on each task and passes the results to `take` in the order of the tasks. With one job,
/// it uses only the current thread.
///
/// At most twice as many tasks as jobs are in memory. Returns `Break` only if `take` does.
///
/// Spec: TEL-75
pub(super) fn process_in_order<T: Send, R: Send>(
    jobs: usize,
    mut tasks: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if jobs <= 1 {
        return tasks.try_for_each(|task| take(work(task)));
    }
    let (sender, receiver) = channel();
    let queue = Mutex::new(receiver);
    thread::scope(|scope| {
        // The sender must be dropped on an early return, so that the threads end.
        let sender = sender;
        for _ in 0..jobs {
            scope.spawn(|| while work_on_next(&queue, &work) {});
        }
        let mut results = VecDeque::new();
        for task in tasks {
            if results.len() >= jobs.saturating_mul(2) {
                take_first(&mut results, &mut take)?;
            }
            let (result_sender, result) = sync_channel(1);
            // This cannot fail: the queue outlives the threads.
            let _ = sender.send((task, result_sender));
            results.push_back(result);
        }
        while !results.is_empty() {
            take_first(&mut results, &mut take)?;
        }
        ControlFlow::Continue(())
    })
}

/// Works on the next task. Returns false if there will be no more tasks.
fn work_on_next<T, R>(queue: &Mutex<Receiver<(T, SyncSender<R>)>>, work: &impl Fn(T) -> R) -> bool {
    let next = queue.lock().ok().and_then(|queue| queue.recv().ok());
    let Some((task, result)) = next else {
        return false;
    };
    // The receiver is gone after an early return. The result is not needed then.
    let _ = result.send(work(task));
    true
}

fn take_first<R>(
    results: &mut VecDeque<Receiver<R>>,
    take: &mut impl FnMut(R) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let first = results.pop_front().and_then(|first| first.recv().ok());
    first.map_or(ControlFlow::Continue(()), take)
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
            let flow = process_in_order(jobs, 0..1_000_u32, |task| task * 2, take);
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
            let flow = process_in_order(jobs, tasks, |()| (), take);
            assert_eq!(flow, ControlFlow::Break(()));
            assert!(started <= 10 + 2 * jobs, "{started}");
        }
    }
}
