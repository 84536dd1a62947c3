//! Engine process groups, tracked so that none outlives this process.

use std::io;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use process_wrap::std::{ChildWrapper, CommandWrap};

use super::stragglers::Mark;
use super::wait_until;

/// How long a killed process may take to exit. It takes longer only if a system call is stuck.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);

type SharedChild = Arc<Mutex<Box<dyn ChildWrapper>>>;

/// The groups that must still be killed. `None` after [`end_all`]: no more may start.
static RUNNING: Mutex<Option<Vec<SharedChild>>> = Mutex::new(Some(Vec::new()));

/// Kills every running engine with its process group, and prevents new ones from starting.
///
/// An engine runs in its own process group, so the terminal does not send it Ctrl-C. A program
/// that runs engines should call this from its signal handler before it exits.
///
/// Spec: PRO-16
pub fn end_all() {
    let mut running = lock(&RUNNING);
    for child in running.take().into_iter().flatten() {
        // An error means that the group has already exited.
        _ = lock(&child).start_kill();
    }
}

/// A child process and its descendants: a session with one process group on Unix, a job object on
/// Windows.
#[derive(Debug)]
pub(super) struct Group {
    child: SharedChild,
    mark: Mark,
}

impl Group {
    /// Starts a program as the leader of a new group, which has no terminal. If `max_memory` is
    /// given, each of its processes can have this many bytes of address space.
    ///
    /// Spec: PRO-23
    pub(super) fn start(mut command: Command, max_memory: Option<u64>) -> io::Result<Self> {
        let mut running = lock(&RUNNING);
        let running = running.as_mut().ok_or(io::ErrorKind::Interrupted)?;
        let mark = Mark::new(&mut command);
        let mut command = CommandWrap::from(command);
        #[cfg(unix)]
        command.wrap(process_wrap::std::ProcessSession);
        #[cfg(windows)]
        super::job::wrap(&mut command);
        let child = command.spawn()?;
        let id = child.id();
        let child = Arc::new(Mutex::new(child));
        running.push(Arc::clone(&child));
        let group = Self { child, mark };
        max_memory.map_or(Ok(()), |bytes| limit_memory(id, bytes))?;
        Ok(group)
    }

    /// Takes the leader's standard input, output and error.
    pub(super) fn take_pipes(&self) -> Option<(ChildStdin, ChildStdout, ChildStderr)> {
        let mut child = lock(&self.child);
        Some((child.stdin().take()?, child.stdout().take()?, child.stderr().take()?))
    }

    /// Whether the leader has exited.
    pub(super) fn has_ended(&self) -> bool {
        !matches!(lock(&self.child).try_wait(), Ok(None))
    }

    /// Asks the group to terminate. Windows has no such request, so there it is killed.
    pub(super) fn terminate(&self) {
        #[cfg(unix)]
        {
            const SIGTERM: i32 = 15;
            // An error means that the group has already exited.
            _ = lock(&self.child).signal(SIGTERM);
        }
        #[cfg(not(unix))]
        self.kill();
    }

    /// Kills the group and returns the leader's exit status.
    pub(super) fn end(&self) -> io::Result<ExitStatus> {
        self.kill();
        // Polls, because `JobObjectChild::wait` can block forever after `try_wait`.
        wait_until(KILL_TIMEOUT, || self.has_ended());
        lock(&self.child).try_wait()?.ok_or_else(|| io::ErrorKind::TimedOut.into())
    }

    /// Kills the group, and the processes that have left it, once.
    fn kill(&self) {
        if self.kill_group() {
            self.mark.kill_all();
        }
    }

    /// Kills the group once: later its id may belong to another group. Returns false if that was
    /// done before by this function.
    fn kill_group(&self) -> bool {
        // Holds the lock until the signal is sent, so that `end_all` cannot miss the group.
        let mut running = lock(&RUNNING);
        let Some(running) = running.as_mut() else { return true };
        let index = running.iter().position(|other| Arc::ptr_eq(other, &self.child));
        if let Some(index) = index {
            // An error means that the group has already exited.
            _ = lock(&running.swap_remove(index)).start_kill();
        }
        index.is_some()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // There is nobody to report an error to.
        _ = self.end();
    }
}

/// Limits the address space of a process.
#[cfg(target_os = "linux")]
fn limit_memory(process: u32, bytes: u64) -> io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let process = i32::try_from(process).ok().and_then(Pid::from_raw);
    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    prlimit(process, Resource::As, limit)?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn limit_memory(_: u32, _: u64) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "the memory of an engine can be limited on Linux only"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
