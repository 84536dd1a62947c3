//! The job object of an engine on Windows.

use std::io;
use std::os::windows::io::AsRawHandle;

use process_wrap::std::{ChildWrapper, CommandWrap, CommandWrapper, CreationFlags, JobObject};
use win32job::{ExtendedLimitInfo, Job};
use windows::Win32::System::Threading::PROCESS_CREATION_FLAGS;

/// The flag of CreateProcess that keeps the console's Ctrl-C from the new process.
const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;

/// Makes a command start in a job object and in a console process group of its own.
///
/// The job ends with this process, even if this process is killed: the system then closes its
/// handle. Ctrl-C reaches only this process, which decides how the engine ends.
///
/// Spec: PRO-16
pub(super) fn wrap(command: &mut CommandWrap) {
    command.wrap(CreationFlags(PROCESS_CREATION_FLAGS(CREATE_NEW_PROCESS_GROUP)));
    // The order matters: `JobObject` starts the process suspended, and resumes it when the
    // wrappers before it are done.
    command.wrap(KillOnClose).wrap(JobObject);
}

/// Puts the process into a job that is killed when its last handle is closed. `JobObject`'s own
/// job, which is nested in this one, outlives its handle.
#[derive(Debug)]
struct KillOnClose;

impl CommandWrapper for KillOnClose {
    fn wrap_child(
        &mut self,
        mut child: Box<dyn ChildWrapper>,
        _: &CommandWrap,
    ) -> io::Result<Box<dyn ChildWrapper>> {
        match assign(child.as_ref()) {
            Ok(job) => Ok(Box::new(JobChild { child, _job: job })),
            Err(error) => {
                // The process is still suspended, so it has started no other.
                _ = child.start_kill();
                Err(error)
            }
        }
    }
}

fn assign(child: &dyn ChildWrapper) -> io::Result<Job> {
    let handle = child.process_handle().ok_or(io::ErrorKind::Unsupported)?;
    let mut limits = ExtendedLimitInfo::new();
    limits.limit_kill_on_job_close();
    let job = Job::create_with_limit_info(&limits).map_err(io::Error::other)?;
    job.assign_process(handle.as_raw_handle() as isize).map_err(io::Error::other)?;
    Ok(job)
}

/// A child and the handle of its job.
#[derive(Debug)]
struct JobChild {
    child: Box<dyn ChildWrapper>,
    _job: Job,
}

impl ChildWrapper for JobChild {
    fn inner(&self) -> &dyn ChildWrapper {
        self.child.as_ref()
    }

    fn inner_mut(&mut self) -> &mut dyn ChildWrapper {
        self.child.as_mut()
    }

    /// Ends the job, because nothing would hold its handle.
    fn into_inner(self: Box<Self>) -> Box<dyn ChildWrapper> {
        self.child
    }
}
