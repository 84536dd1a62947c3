//! Writing a file as a stream.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::output::{Output, Target, folder, persist, temporary, unwritten};
use crate::failure::Failure;
use crate::stdout;

impl Output {
    /// Whether this is standard output.
    pub fn is_stdout(&self) -> bool {
        matches!(self.target, Target::Stdout)
    }

    /// Whether this is a terminal that is not standard output.
    pub fn is_other_terminal(&self) -> bool {
        match &self.target {
            Target::Direct(file) => file.is_terminal(),
            Target::Stdout | Target::File(_) => false,
        }
    }

    /// Whether this is the regular file at that path.
    pub fn is(&self, path: &Path) -> bool {
        let Target::File(file) = &self.target else { return false };
        let same = |file: PathBuf| fs::canonicalize(path).is_ok_and(|path| path == file);
        fs::canonicalize(file).is_ok_and(same)
    }

    /// Opens the file to write it as a stream. A regular file is replaced by [`Save::commit`].
    ///
    /// # Errors
    ///
    /// Returns an I/O error with the name of the file.
    pub fn open(self) -> Result<(Box<dyn Write>, Save), Failure> {
        Ok(match self.target {
            Target::Stdout => (Box::new(BufWriter::new(io::stdout().lock())), Save::Stdout),
            Target::Direct(file) => (Box::new(BufWriter::new(file)), Save::Direct { name: self.name }),
            Target::File(path) => {
                let opened = temporary(folder(&path)).and_then(|new| Ok((new.as_file().try_clone()?, new)));
                let (file, new) = opened.map_err(|error| unwritten(&self.name, &error))?;
                (Box::new(BufWriter::new(file)), Save::File { name: self.name, path, new })
            }
        })
    }
}

/// A file that is written as a stream.
pub enum Save {
    /// Standard output.
    Stdout,
    /// A pipe, a device or an open file.
    Direct {
        /// The path as given.
        name: PathBuf,
    },
    /// A regular file.
    File {
        /// The path as given.
        name: PathBuf,
        /// The file that is replaced.
        path: PathBuf,
        /// The file that is written.
        new: NamedTempFile,
    },
}

impl Save {
    /// The result of a function all of whose errors are about writing to the stream; `None` if the
    /// reader of a pipe has left.
    ///
    /// # Errors
    ///
    /// Returns an I/O error with the name of the file.
    pub fn streamed<T>(&self, result: anyhow::Result<T>) -> Result<Option<T>, Failure> {
        match self {
            Self::Stdout => stdout::streamed(result),
            Self::Direct { name } | Self::File { name, .. } => stdout::streamed_to(&name.display(), result),
        }
    }

    /// The regular file that [`commit`](Self::commit) replaces, as given.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Stdout | Self::Direct { .. } => None,
            Self::File { name, .. } => Some(name),
        }
    }

    /// Replaces a regular file by what was written. Until then, it is unchanged.
    ///
    /// # Errors
    ///
    /// Returns an I/O error with the name of the file.
    pub fn commit(self) -> Result<(), Failure> {
        match self {
            Self::Stdout | Self::Direct { .. } => Ok(()),
            Self::File { name, path, new } => persist(new, &path).map_err(|error| unwritten(&name, &error)),
        }
    }
}
