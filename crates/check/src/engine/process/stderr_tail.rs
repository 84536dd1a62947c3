use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::wait_until;

/// How much of standard error is kept.
const MAX_BYTES: usize = 8 * 1024;
const MAX_LINES: usize = 20;

/// The end of what a process has written to its standard error.
///
/// Spec: PRO-15
#[derive(Debug)]
pub(super) struct StderrTail {
    kept: Arc<Mutex<VecDeque<u8>>>,
    reader: JoinHandle<()>,
}

impl StderrTail {
    /// Reads standard error to its end in a thread.
    ///
    /// # Errors
    ///
    /// Returns an error if the thread cannot be started.
    pub(super) fn read(mut stderr: impl Read + Send + 'static) -> io::Result<Self> {
        let kept = Arc::new(Mutex::new(VecDeque::new()));
        let shared = Arc::clone(&kept);
        let reader = thread::Builder::new().spawn(move || {
            let mut chunk = [0; MAX_BYTES];
            while let Ok(length @ 1..) = stderr.read(&mut chunk) {
                let mut kept = lock(&shared);
                kept.extend(chunk.iter().take(length));
                let excess = kept.len().saturating_sub(MAX_BYTES);
                kept.drain(..excess);
            }
        })?;
        Ok(Self { kept, reader })
    }

    /// The last lines of a process that has ended.
    pub(super) fn text(&self) -> String {
        // A process that has left the group may still keep the pipe open.
        wait_until(Duration::from_millis(200), || self.reader.is_finished());
        let bytes: Vec<u8> = lock(&self.kept).iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(MAX_LINES)..).unwrap_or_default().join("\n")
    }
}

fn lock(kept: &Mutex<VecDeque<u8>>) -> MutexGuard<'_, VecDeque<u8>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pro_15_keeps_the_last_lines_of_standard_error() {
        let text: String = (0..100_000).map(|number| format!("line {number}\n")).collect();
        let want: Vec<String> = (99_980..100_000).map(|number| format!("line {number}")).collect();
        assert_eq!(StderrTail::read(std::io::Cursor::new(text)).unwrap().text(), want.join("\n"));
        let long_line = StderrTail::read(std::io::Cursor::new(vec![b'x'; 1_000_000])).unwrap().text();
        assert_eq!(long_line.len(), MAX_BYTES);
    }
}
