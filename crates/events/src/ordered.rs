//! Work shared among threads, whose results come in the order of its tasks.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread;

/// Does the work of each task, and takes the results in the tasks' order; in this
/// thread alone where there is one job.
///
/// No more than twice as many tasks as jobs are held. Returns `Break` only where
/// `take` did.
///
/// Spec: TEL-75
pub(super) fn in_order<T: Send, R: Send>(
    jobs: usize,
    mut tasks: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if jobs <= 1 {
        return tasks.try_for_each(|task| take(work(task)));
    }
    let (to_do, waiting) = channel();
    let waiting = Mutex::new(waiting);
    thread::scope(|scope| {
        // Moved in, so that it is gone, and the threads end, where this ends early.
        let to_do = to_do;
        for _ in 0..jobs {
            scope.spawn(|| while do_next(&waiting, &work) {});
        }
        let mut results = VecDeque::new();
        for task in tasks {
            if results.len() >= jobs.saturating_mul(2) {
                take_first(&mut results, &mut take)?;
            }
            let (done, result) = sync_channel(1);
            // The threads end after this does.
            let _ = to_do.send((task, done));
            results.push_back(result);
        }
        while !results.is_empty() {
            take_first(&mut results, &mut take)?;
        }
        ControlFlow::Continue(())
    })
}

/// Does one task; false where there will be none any more.
fn do_next<T, R>(waiting: &Mutex<Receiver<(T, SyncSender<R>)>>, work: &impl Fn(T) -> R) -> bool {
    let next = waiting.lock().ok().and_then(|waiting| waiting.recv().ok());
    let Some((task, done)) = next else {
        return false;
    };
    // Where nobody waits for the result any more, it is not wanted.
    let _ = done.send(work(task));
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
    fn results_come_in_the_order_of_the_tasks() {
        for jobs in [1, 2, 8] {
            let mut taken = vec![];
            let flow = in_order(
                jobs,
                0..1_000_u32,
                |task| task * 2,
                |result| {
                    taken.push(result);
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(flow, ControlFlow::Continue(()));
            assert_eq!(taken, (0..1_000).map(|task| task * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_end_is_kept_and_few_tasks_are_begun_beyond_it() {
        for jobs in [1, 2, 8] {
            let mut begun = 0;
            let tasks = std::iter::repeat_with(|| begun += 1);
            let mut left = 10;
            let flow = in_order(
                jobs,
                tasks,
                |()| (),
                |()| {
                    left -= 1;
                    if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
            );
            assert_eq!(flow, ControlFlow::Break(()));
            assert!(begun <= 10 + 2 * jobs, "{begun}");
        }
    }
}
