use std::time::Duration;

use crate::engine::protocol::MAX_LINE_LEN;

/// The limits of an engine in a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How long the engine may take to start and answer hello.
    pub start_timeout: Duration,
    /// How long it may take from one answer to the next.
    pub call_timeout: Duration,
    /// How long it may take to exit once its standard input is closed.
    pub exit_timeout: Duration,
    /// How many calls may be open at once.
    pub window: usize,
    /// No further call is sent while the open calls have this many bytes.
    pub window_bytes: usize,
    /// How many bytes a line of its output may have.
    pub max_line_len: usize,
    /// How often the engine may crash or write a line that is too long before it is given up.
    /// An answer resets the count.
    pub max_crashes: u32,
    /// How often the engine may time out before it is given up. An answer resets the count.
    pub max_stalls: u32,
    /// How often the engine may time out in all before it is given up, or once for every thousand
    /// answers if that is more.
    pub max_stalls_in_all: u32,
    /// How many bytes of address space each process of the engine may have. `None` is no limit of
    /// its own. Only Linux can limit it.
    pub engine_memory: Option<u64>,
}

/// The answers for which one timeout is tolerated, after the first [`Limits::max_stalls_in_all`].
pub(super) const ANSWERS_PER_STALL: u64 = 1000;
/// How many lines of one engine are in memory at once: one that is being read, one that waits, and
/// one that is being parsed, which also has a repaired copy and a value.
const LINES_IN_MEMORY: usize = 5;
/// Every message of the suite is shorter than this.
const MIN_LINE_LEN: usize = 64 << 10;

impl Default for Limits {
    /// Spec: PRO-04, PRO-10, PRO-11, PRO-13, PRO-14
    fn default() -> Self {
        Self {
            start_timeout: Duration::from_secs(30),
            call_timeout: Duration::from_secs(5),
            exit_timeout: Duration::from_secs(1),
            window: 256,
            window_bytes: 1 << 20,
            max_line_len: MAX_LINE_LEN,
            max_crashes: 16,
            max_stalls: 3,
            max_stalls_in_all: 8,
            engine_memory: None,
        }
    }
}

impl Limits {
    /// These limits for one of several engines that run at once and share `bytes` of memory.
    ///
    /// Spec: PRO-13
    #[must_use]
    pub fn with_memory(self, bytes: usize, engines: usize) -> Self {
        let share = bytes / engines.max(1) / LINES_IN_MEMORY;
        Self { max_line_len: self.max_line_len.min(share).max(MIN_LINE_LEN), ..self }
    }
}
