//! Named pipes. Opening one usually waits for a program at the other end, forever if there is none.

use std::fs::{File, OpenOptions};
use std::io::{self, Cursor, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// How long to wait for the program at the other end to open the pipe.
const PATIENCE: Duration = Duration::from_secs(2);
const INTERVAL: Duration = Duration::from_millis(20);

/// Opens a file without waiting for the other end of a pipe. Reading and writing do not wait
/// either, until the file went through [`blocking`].
pub fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(path)
}

/// Makes reading and writing wait for the other end.
pub fn blocking(file: File) -> io::Result<File> {
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}

/// A reader of a named pipe that was opened with [`open`].
pub fn reader(mut pipe: File) -> io::Result<Box<dyn Read>> {
    let start = Instant::now();
    let mut first = vec![0];
    loop {
        match pipe.read(&mut first) {
            // There is no writer, or there was one that has written nothing.
            Ok(0) if start.elapsed() < PATIENCE => sleep(INTERVAL),
            Ok(0) => return Err(nobody("writes to")),
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                first.clear();
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Box::new(Cursor::new(first).chain(blocking(pipe)?)))
}

/// Opens a named pipe or a device to write to it.
pub fn writer(path: &Path) -> io::Result<File> {
    let start = Instant::now();
    loop {
        match open(OpenOptions::new().write(true), path) {
            Err(error) if is_without_reader(&error) && start.elapsed() < PATIENCE => sleep(INTERVAL),
            Err(error) if is_without_reader(&error) => return Err(nobody("reads from")),
            opened => return blocking(opened?),
        }
    }
}

fn is_without_reader(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error())
}

fn nobody(does: &str) -> io::Error {
    let what = format!("no program {does} this named pipe; start it first, or name a file");
    io::Error::new(ErrorKind::InvalidInput, what)
}
