//! A progress bar on standard error, for what takes over a second.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal;
use rulespec_check::explore::Watch;

const PATIENCE: Duration = Duration::from_secs(1);
const REFRESH: Duration = Duration::from_millis(100);
const KNOWN: &str = "{bar:30} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
const ASKED: &str = "{bar:30} {pos} of {len} questions, {eta} left";
const TIMED: &str = "{bar:30} {pos} of {len} functions, {eta} left";
const SEARCHED: &str = "{bar:30} {pos} of {len} cases, {per_sec}, {msg}, {eta} left";
const SEARCHED_ON: &str = "{spinner} {pos} cases, {per_sec}, {msg}";
const UNKNOWN: &str = "{spinner} {bytes}, {bytes_per_sec}";

/// The bar; it vanishes when this is dropped.
pub struct Progress {
    bar: ProgressBar,
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// A bar for these files, which follows `read`. It is never seen where
    /// standard error is no terminal, nor before a second has passed.
    pub fn new(files: &[impl AsRef<Path>], read: Arc<AtomicU64>) -> Self {
        let total: Option<u64> = files.iter().map(|file| size(file.as_ref())).sum();
        Self::with_template(total, if total.is_some() { KNOWN } else { UNKNOWN }, read)
    }

    /// The same for questions to an engine, which follows those `answered`.
    pub fn of_questions(total: usize, answered: Arc<AtomicU64>) -> Self {
        Self::with_template(Some(total as u64), ASKED, answered)
    }

    /// The same for functions that are timed, which follows those `done`.
    pub fn of_functions(total: usize, done: Arc<AtomicU64>) -> Self {
        Self::with_template(Some(total as u64), TIMED, done)
    }

    /// The same for a search, with the number of its finds.
    pub fn of_search(total: Option<u64>, watch: Arc<Watch>) -> Self {
        let template = if total.is_some() { SEARCHED } else { SEARCHED_ON };
        Self::following(total, template, move |bar| {
            bar.set_position(watch.cases.load(Ordering::Relaxed));
            bar.set_message(match watch.finds.load(Ordering::Relaxed) {
                1 => "1 find".to_owned(),
                finds => format!("{finds} finds"),
            });
        })
    }

    fn with_template(total: Option<u64>, template: &str, read: Arc<AtomicU64>) -> Self {
        Self::following(total, template, move |bar| bar.set_position(read.load(Ordering::Relaxed)))
    }

    fn following(total: Option<u64>, template: &str, update: impl Fn(&ProgressBar) + Send + 'static) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        let follower = bar.clone();
        let shown = terminal::shows_errors().then(|| {
            let (end, ended) = channel();
            (end, std::thread::spawn(move || follow(&follower, &update, &ended)))
        });
        Self { bar, shown }
    }

    /// Writes to standard output, out of the way of the bar where both are shown.
    pub fn beside_output<T>(&self, write: impl FnOnce() -> T) -> T {
        match terminal::shows_output() {
            true => self.aside(write),
            false => write(),
        }
    }

    /// Does something that writes to a terminal while the bar is out of the way.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match self.shown {
            Some(_) => self.bar.suspend(write),
            None => write(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((end, follower)) = self.shown.take() {
            drop(end);
            // The follower only sets a number: there is nothing to report of it.
            let _ = follower.join();
            self.bar.finish_and_clear();
        }
    }
}

/// The size of a file; `None` for standard input, 0 for what cannot be read.
fn size(file: &Path) -> Option<u64> {
    match file.as_os_str() == "-" {
        true => None,
        false => Some(file.metadata().map_or(0, |metadata| metadata.len())),
    }
}

fn follow(bar: &ProgressBar, update: &dyn Fn(&ProgressBar), ended: &Receiver<()>) {
    if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    bar.set_draw_target(ProgressDrawTarget::stderr());
    while ended.recv_timeout(REFRESH) == Err(RecvTimeoutError::Timeout) {
        update(bar);
    }
}
