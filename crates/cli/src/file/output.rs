//! Writing files.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::descriptor;
use crate::failure::Failure;
use crate::stdout;

/// How many symbolic links are followed from one to the next.
const MAX_LINKS: usize = 40;

/// A file that will be written. `-` is standard output.
///
/// A regular file is replaced in one step: the content is written to a temporary file in the same
/// directory, which is then renamed. So a reader sees the old content or the new, whatever happens
/// to this process. The name of the temporary file does not end with `.json`, and so it is never
/// read as part of a suite. A symbolic link is followed, and stays. Pipes and devices are written
/// directly.
#[derive(Debug)]
pub struct Output {
    /// The path as given.
    pub(super) name: PathBuf,
    pub(super) target: Target,
}

#[derive(Debug)]
pub(super) enum Target {
    Stdout,
    /// A pipe, a device or an open file.
    Direct(File),
    /// A regular file, which need not exist.
    File(PathBuf),
}

impl Output {
    /// Checks that a file can be written. Call this before the work whose result is written.
    ///
    /// # Errors
    ///
    /// Returns wrong usage if the file cannot be written: its directory does not exist, or the
    /// directory or the file is read-only.
    pub fn prepare(path: &Path) -> Result<Self, Failure> {
        let target = target(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                Failure::usage(&format!("{}: its folder does not exist; check the path", path.display()))
            }
            _ => Failure::file(path, &error),
        })?;
        Ok(Self { name: path.to_owned(), target })
    }

    /// Like [`prepare`](Self::prepare), for a path that may be absent.
    pub fn prepare_any(path: Option<&PathBuf>) -> Result<Option<Self>, Failure> {
        path.map(|path| Self::prepare(path)).transpose()
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// Returns an I/O error with the name of the file. A regular file is unchanged then.
    pub fn write(self, content: impl AsRef<[u8]>) -> Result<(), Failure> {
        let content = content.as_ref();
        let written = match self.target {
            Target::Stdout => return stdout::print(content),
            Target::Direct(mut file) => match file.write_all(content) {
                // As for standard output, a reader may leave early.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                written => written,
            },
            Target::File(file) => replace(&file, content),
        };
        written.map_err(|error| unwritten(&self.name, &error))
    }
}

pub(super) fn unwritten(name: &Path, error: &io::Error) -> Failure {
    Failure::unwritten(&name.display(), error)
}

fn target(path: &Path) -> io::Result<Target> {
    if path == Path::new("-") {
        return Ok(Target::Stdout);
    }
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match descriptor(&path) {
            Some(1) => return Ok(Target::Stdout),
            // Appended, because something may have been written to an open file before.
            Some(_) => return OpenOptions::new().append(true).open(path).map(Target::Direct),
            None => {}
        }
        let Ok(link) = fs::read_link(&path) else { return unlinked(path) };
        path = folder(&path).join(link);
    }
    Err(io::Error::other("too many symbolic links; name the file itself"))
}

/// The target for a path that is no link.
fn unlinked(path: PathBuf) -> io::Result<Target> {
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(io::Error::new(ErrorKind::IsADirectory, "is a directory; name a file"));
        }
        Ok(metadata) if !metadata.is_file() => return special(&path).map(Target::Direct),
        // A read-only file is not replaced.
        Ok(_) => _ = OpenOptions::new().write(true).open(&path)?,
        Err(error) if error.kind() == ErrorKind::NotFound => _ = fs::metadata(folder(&path))?,
        Err(error) => return Err(error),
    }
    // Not kept: a signal that ends this process would leave it behind.
    temporary(folder(&path))?.close()?;
    Ok(Target::File(path))
}

/// Opens a pipe or a device.
fn special(path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    return super::pipe::writer(path);
    #[cfg(not(unix))]
    OpenOptions::new().write(true).open(path)
}

/// The directory of a file.
pub(super) fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Creates a temporary file with the permissions of a new file.
pub(super) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rulespec-").suffix(".tmp");
    #[cfg(unix)]
    let new: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(new);
    builder.tempfile_in(folder)
}

/// Replaces a regular file, or creates it. A link in its place is replaced, too.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut new = temporary(folder(path))?;
    new.as_file_mut().write_all(content)?;
    persist(new, path)
}

/// Puts a temporary file in the place of a regular file.
pub(super) fn persist(new: NamedTempFile, path: &Path) -> io::Result<()> {
    if let Ok(old) = fs::symlink_metadata(path)
        && old.is_file()
    {
        keep_owner(new.as_file(), &old);
        new.as_file().set_permissions(old.permissions())?;
    }
    new.as_file().sync_all()?;
    new.persist(path).map_err(|failed| failed.error)?;
    #[cfg(unix)]
    // The rename has happened. A file system that cannot synchronise a directory may lose it only
    // if the machine fails.
    let _ = File::open(folder(path)).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Keeps the owner and the group of a file as far as this process may.
#[cfg(unix)]
fn keep_owner(new: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let is_kept = new.metadata().is_ok_and(|new| (new.uid(), new.gid()) == (old.uid(), old.gid()));
    if !is_kept {
        // Only root may give files away. Others write files of their own.
        let _ = fchown(new, Some(old.uid()), Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_new: &File, _old: &Metadata) {}
