use std::collections::VecDeque;
use std::io::Read;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::wait_until;

/// How much of standard error is kept.
const BYTES: usize = 8 * 1024;
const LINES: usize = 20;

/// The last that a process has written to its standard error.
///
/// Spec: PRO-15
#[derive(Debug)]
pub(super) struct Tail {
    kept: Arc<Mutex<VecDeque<u8>>>,
    reader: JoinHandle<()>,
}

impl Tail {
    /// Reads standard error to its end, whatever comes, and keeps the last of it.
    pub(super) fn of(mut stderr: impl Read + Send + 'static) -> Self {
        let kept = Arc::new(Mutex::new(VecDeque::new()));
        let shared = Arc::clone(&kept);
        let reader = thread::spawn(move || {
            let mut piece = [0; BYTES];
            while let Ok(length @ 1..) = stderr.read(&mut piece) {
                let mut kept = lock(&shared);
                kept.extend(piece.iter().take(length));
                let over = kept.len().saturating_sub(BYTES);
                kept.drain(..over);
            }
        });
        Self { kept, reader }
    }

    /// The last lines of a process that has ended.
    pub(super) fn text(&self) -> String {
        // A process that was let go by the group may still hold the pipe.
        wait_until(Duration::from_millis(200), || self.reader.is_finished());
        let bytes: Vec<u8> = lock(&self.kept).iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join("\n")
    }
}

fn lock(kept: &Mutex<VecDeque<u8>>) -> MutexGuard<'_, VecDeque<u8>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pro_15_the_last_lines_of_standard_error_are_kept() {
        let many: String = (0..100_000).map(|number| format!("line {number}\n")).collect();
        let wanted: Vec<String> = (99_980..100_000).map(|number| format!("line {number}")).collect();
        assert_eq!(Tail::of(std::io::Cursor::new(many)).text(), wanted.join("\n"));
        let long = Tail::of(std::io::Cursor::new(vec![b'x'; 1_000_000])).text();
        assert_eq!(long.len(), BYTES);
    }
}
