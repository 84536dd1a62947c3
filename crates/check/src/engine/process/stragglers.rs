//! Processes that an engine left behind outside its group.
//!
//! A process that calls `setsid` leaves the group of the engine. On Linux it is found by its
//! environment, in which every process of an engine inherits an id of that engine.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

/// The environment variable that marks the processes of an engine.
pub(super) const VARIABLE: &str = "RULESPEC_ENGINE";

/// The mark of the processes of one engine.
#[derive(Debug)]
pub(super) struct Mark(String);

impl Mark {
    /// Marks the process that a command starts, and all that it starts. No other process has this
    /// mark.
    pub(super) fn new(command: &mut Command) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{number}", std::process::id());
        command.env(VARIABLE, &mark);
        Self(mark)
    }

    /// Kills every process with this mark. Does nothing on systems other than Linux.
    pub(super) fn kill_all(&self) {
        kill_all(&format!("{VARIABLE}={}", self.0));
    }
}

#[cfg(target_os = "linux")]
use linux::kill_all;

#[cfg(not(target_os = "linux"))]
fn kill_all(_: &str) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;

    use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

    /// How often the processes are listed, in case some start others meanwhile.
    const MAX_ROUNDS: usize = 10;

    pub(super) fn kill_all(entry: &str) {
        for _ in 0..MAX_ROUNDS {
            let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
            let ids = processes.filter_map(|process| process.file_name().to_str()?.parse().ok());
            let killed = ids.filter_map(Pid::from_raw).filter(|id| kill_if_marked(*id, entry)).count();
            if killed == 0 {
                return;
            }
        }
    }

    /// Kills a process that has this entry in its environment.
    fn kill_if_marked(id: Pid, entry: &str) -> bool {
        // The descriptor refers to the process whose environment is read, even if its id is used
        // again afterwards.
        let Ok(process) = pidfd_open(id, PidfdFlags::empty()) else { return false };
        let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        let is_marked = environment.split(|byte| *byte == 0).any(|other| other == entry.as_bytes());
        is_marked && pidfd_send_signal(process, Signal::KILL).is_ok()
    }
}
