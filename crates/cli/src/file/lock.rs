//! Locks on directories.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// The file that is locked. It is empty and stays: if it were removed, one process could lock the
/// old file and another a new one.
const FILE: &str = ".found.lock";
/// How long to wait for another process.
const PATIENCE: Duration = Duration::from_secs(30);
const INTERVAL: Duration = Duration::from_millis(10);

/// Locks a directory until the returned file is dropped. The directory is created if it does not
/// exist. Processes that do not call this are not kept out.
///
/// # Errors
///
/// Returns an I/O error if the directory cannot be locked within 30 seconds.
pub fn lock(directory: &Path) -> Result<File, Failure> {
    let path = directory.join(FILE);
    try_lock(directory, &path).map_err(|error| Failure::io(&path.display(), "cannot be locked", &error))
}

fn try_lock(directory: &Path, path: &Path) -> io::Result<File> {
    fs::create_dir_all(directory)?;
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => sleep(INTERVAL),
            Err(TryLockError::WouldBlock) => {
                let what = "another process holds it; end that process and try again";
                return Err(io::Error::new(ErrorKind::TimedOut, what));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}
