//! A progress bar on standard error for work that takes more than a second.

#[cfg(feature = "events")]
mod input;

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use rulespec_check::explore::Watch;

const DELAY: Duration = Duration::from_secs(1);
const REFRESH_INTERVAL: Duration = Duration::from_millis(100);

const CALLS: &str = "{bar:30} {pos} of {len} calls, {eta} left";
const FUNCTIONS: &str = "{bar:30} {pos} of {len} functions, {eta} left";
const CASES: &str = "{bar:30} {pos} of {len} cases, {per_sec}, {msg}, {eta} left";
const UNLIMITED_CASES: &str = "{spinner} {pos} cases, {per_sec}, {msg}";

/// A progress bar, removed when dropped. It appears after a second, and only if standard error is
/// a terminal.
pub struct Progress {
    bar: ProgressBar,
    updater: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// A bar for calls to an engine, which follows the number of those `answered`.
    pub fn of_calls(total: usize, answered: Arc<AtomicU64>) -> Self {
        Self::of_counter(Some(total as u64), CALLS, answered)
    }

    /// A bar for functions to measure, which follows the number of those `done`.
    pub fn of_functions(total: usize, done: Arc<AtomicU64>) -> Self {
        Self::of_counter(Some(total as u64), FUNCTIONS, done)
    }

    /// A bar for a search, with the number of its finds.
    pub fn of_search(total: Option<u64>, watch: Arc<Watch>) -> Self {
        let template = if total.is_some() { CASES } else { UNLIMITED_CASES };
        Self::new(total, template, move |bar| {
            bar.set_position(watch.cases.load(Ordering::Relaxed));
            bar.set_message(match watch.finds.load(Ordering::Relaxed) {
                1 => "1 find".to_owned(),
                count => format!("{count} finds"),
            });
        })
    }

    /// Does something while the bar is hidden, such as to print.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    fn of_counter(total: Option<u64>, template: &str, counter: Arc<AtomicU64>) -> Self {
        Self::new(total, template, move |bar| bar.set_position(counter.load(Ordering::Relaxed)))
    }

    fn new(total: Option<u64>, template: &str, update: impl Fn(&ProgressBar) + Send + 'static) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        let updated = bar.clone();
        let start = || {
            let (stop, stopped) = channel();
            let thread = std::thread::Builder::new().name("progress".to_owned());
            // If the thread cannot be started, there is no bar.
            Some((stop, thread.spawn(move || update_until(&updated, &update, &stopped)).ok()?))
        };
        let updater = io::stderr().is_terminal().then(start).flatten();
        Self { bar, updater }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, updater)) = self.updater.take() {
            drop(stop);
            // The thread only updates the bar, so a panic in it can be ignored.
            let _ = updater.join();
            self.bar.finish_and_clear();
        }
    }
}

fn update_until(bar: &ProgressBar, update: &dyn Fn(&ProgressBar), stopped: &Receiver<()>) {
    if stopped.recv_timeout(DELAY) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    bar.set_draw_target(ProgressDrawTarget::stderr());
    while stopped.recv_timeout(REFRESH_INTERVAL) == Err(RecvTimeoutError::Timeout) {
        update(bar);
    }
}
