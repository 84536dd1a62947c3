//! Engine process groups, tracked so that none outlives this process.

use std::io;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use process_wrap::std::{ChildWrapper, CommandWrap};

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

/// A child process and its descendants: a process group on Unix, a job object on Windows.
#[derive(Debug)]
pub(super) struct Group(SharedChild);

impl Group {
    /// Starts a program as the leader of a new group.
    pub(super) fn start(command: Command) -> io::Result<Self> {
        let mut running = lock(&RUNNING);
        let running = running.as_mut().ok_or(io::ErrorKind::Interrupted)?;
        let mut command = CommandWrap::from(command);
        #[cfg(unix)]
        command.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        super::job::wrap(&mut command);
        let child = Arc::new(Mutex::new(command.spawn()?));
        running.push(Arc::clone(&child));
        Ok(Self(child))
    }

    /// Takes the leader's standard input, output and error.
    pub(super) fn take_pipes(&self) -> Option<(ChildStdin, ChildStdout, ChildStderr)> {
        let mut child = lock(&self.0);
        Some((child.stdin().take()?, child.stdout().take()?, child.stderr().take()?))
    }

    /// Whether the leader has exited.
    pub(super) fn has_ended(&self) -> bool {
        !matches!(lock(&self.0).try_wait(), Ok(None))
    }

    /// Asks the group to terminate. Windows has no such request, so there it is killed.
    pub(super) fn terminate(&self) {
        #[cfg(unix)]
        {
            const SIGTERM: i32 = 15;
            // An error means that the group has already exited.
            _ = lock(&self.0).signal(SIGTERM);
        }
        #[cfg(not(unix))]
        self.kill();
    }

    /// Kills the group and returns the leader's exit status.
    pub(super) fn end(&self) -> io::Result<ExitStatus> {
        self.kill();
        // Polls, because `JobObjectChild::wait` can block forever after `try_wait`.
        wait_until(KILL_TIMEOUT, || self.has_ended());
        lock(&self.0).try_wait()?.ok_or_else(|| io::ErrorKind::TimedOut.into())
    }

    /// Kills the group once: later its id may belong to another group.
    fn kill(&self) {
        // Holds the lock until the signal is sent, so that `end_all` cannot miss the group.
        let mut running = lock(&RUNNING);
        let Some(running) = running.as_mut() else { return };
        if let Some(index) = running.iter().position(|other| Arc::ptr_eq(other, &self.0)) {
            // An error means that the group has already exited.
            _ = lock(&running.swap_remove(index)).start_kill();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // There is nobody to report an error to.
        _ = self.end();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
