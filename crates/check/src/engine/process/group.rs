//! The process groups that run, so that none outlives this process.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The groups that run, by the id of their leader; `None` once no more may start.
static RUNNING: Mutex<Option<BTreeSet<u32>>> = Mutex::new(Some(BTreeSet::new()));

fn running() -> MutexGuard<'static, Option<BTreeSet<u32>>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends every engine that runs, with all of its process group, and lets none
/// start any more: for a program that is about to end on a signal.
///
/// A process of its own group does not hear the Ctrl-C of a terminal, so whoever
/// runs engines and may be interrupted calls this from the signal's handler.
///
/// Spec: PRO-16
pub fn end_all() {
    for leader in running().take().into_iter().flatten() {
        signal(leader, Signal::Kill);
    }
}

/// A child and the group it leads.
#[derive(Debug)]
pub(super) struct Group {
    leader: Child,
    /// How the leader ended, once it is reaped: from then on its id may be another's.
    status: Option<ExitStatus>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Signal {
    Terminate,
    Kill,
}

impl Group {
    /// Starts a program as the leader of a new group.
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        let mut running = running();
        let running = running.as_mut().ok_or(io::ErrorKind::Interrupted)?;
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let leader = command.spawn()?;
        running.insert(leader.id());
        Ok(Self { leader, status: None })
    }

    pub(super) fn leader(&mut self) -> &mut Child {
        &mut self.leader
    }

    /// Sends a signal to the whole group.
    pub(super) fn signal(&mut self, wanted: Signal) {
        if self.status.is_some() {
            return;
        }
        if cfg!(unix) {
            signal(self.leader.id(), wanted);
        } else {
            // A leader that has ended already is no matter.
            _ = self.leader.kill();
        }
    }

    /// Kills what is left of the group, and says how its leader ended.
    pub(super) fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.status {
            return Ok(status);
        }
        if let Some(running) = running().as_mut() {
            running.remove(&self.leader.id());
        }
        self.signal(Signal::Kill);
        let status = self.leader.wait()?;
        self.status = Some(status);
        Ok(status)
    }

    /// Whether the leader has ended. It is not reaped.
    #[cfg(unix)]
    pub(super) fn has_ended(&mut self) -> bool {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let status = pid(self.leader.id()).map(|pid| waitid(WaitId::Pid(pid), options));
        !matches!(status, Some(Ok(None)))
    }

    /// Whether the leader has ended.
    #[cfg(not(unix))]
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.leader.try_wait(), Ok(None))
    }
}

/// Whoever lets go of a group ends it.
impl Drop for Group {
    fn drop(&mut self) {
        // One that cannot be waited for has been.
        _ = self.end();
    }
}

#[cfg(unix)]
fn pid(id: u32) -> Option<rustix::process::Pid> {
    i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw)
}

#[cfg(unix)]
fn signal(leader: u32, signal: Signal) {
    use rustix::process;
    let signal = match signal {
        Signal::Terminate => process::Signal::TERM,
        Signal::Kill => process::Signal::KILL,
    };
    if let Some(pid) = pid(leader) {
        // A group that has ended already is no matter.
        _ = process::kill_process_group(pid, signal);
    }
}

/// Elsewhere a handle is needed, which only the group's owner has.
#[cfg(not(unix))]
fn signal(_leader: u32, _signal: Signal) {}
