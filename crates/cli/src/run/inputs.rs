//! What the command line names, as files to read: directories and patterns are expanded.

use std::borrow::Cow;
use std::fs::{self, FileType};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rulespec_events::{Fault, Place, Position};
use walkdir::{DirEntry, WalkDir};

use super::glob::Glob;
use crate::file::Output;

/// The files to read, in the order of the arguments.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The files. `-` is standard input.
    pub files: Vec<PathBuf>,
    /// For each file, the index of the directory that it was found in; `None` if it is named on the
    /// command line, or by a pattern.
    pub origins: Vec<Option<usize>>,
    /// The directories that are named on the command line.
    pub directories: Vec<PathBuf>,
    /// What the directories have that is not read.
    pub skipped: Vec<Skipped>,
    /// Arguments that name no file.
    pub missing: Vec<Fault>,
    /// Parts of directories that cannot be read.
    pub unreadable: Vec<Fault>,
}

/// Something in a directory that is not read.
#[derive(Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its path.
    pub path: PathBuf,
    /// What it is.
    pub kind: &'static str,
}

impl Inputs {
    /// Expands these arguments. The output is not read if it is in a directory.
    pub fn expand(arguments: &[PathBuf], recursive: bool, output: &Output) -> Self {
        let mut inputs = Self::default();
        for argument in arguments {
            match fs::metadata(argument) {
                Ok(metadata) if metadata.is_dir() => inputs.directory(argument, recursive, output),
                Err(error) if error.kind() != ErrorKind::PermissionDenied => inputs.matches(argument),
                Ok(_) | Err(_) => inputs.push(argument.clone(), None),
            }
        }
        inputs
    }

    fn push(&mut self, file: PathBuf, origin: Option<usize>) {
        self.files.push(file);
        self.origins.push(origin);
    }

    /// Adds the files in a directory, in the order of their names.
    fn directory(&mut self, path: &Path, recursive: bool, output: &Output) {
        let index = self.directories.len();
        self.directories.push(path.to_owned());
        let count = (self.files.len(), self.unreadable.len());
        let depth = if recursive { usize::MAX } else { 1 };
        for entry in WalkDir::new(path).min_depth(1).max_depth(depth).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unreadable.push(unreadable(path, &error));
                    continue;
                }
            };
            let kind = match kind(&entry) {
                Kind::Directory if recursive => continue,
                Kind::Directory => "a directory (read with --recursive)",
                Kind::Other(kind) => kind,
                Kind::File if output.is(entry.path()) => "the output file",
                Kind::File => {
                    self.push(entry.into_path(), Some(index));
                    continue;
                }
            };
            self.skipped.push(Skipped { path: entry.into_path(), kind });
        }
        if count == (self.files.len(), self.unreadable.len()) {
            let remedy = match self.skipped.iter().any(|skipped| skipped.path.starts_with(path)) {
                true if !recursive => "name one that has, or use --recursive to read those below it",
                _ => "name one that has",
            };
            self.missing.push(fault(path, "has no files".to_owned(), remedy));
        }
    }

    /// Adds the files that match an argument that names no file but may be a pattern.
    fn matches(&mut self, argument: &Path) {
        let glob = match Glob::new(argument) {
            Ok(Some(glob)) => glob,
            Ok(None) => return self.push(argument.to_owned(), None),
            Err(error) => {
                let what = format!("is no file and no pattern: {}", error.msg);
                return self.missing.push(fault(argument, what, "check the path"));
            }
        };
        let count = (self.files.len(), self.unreadable.len());
        for entry in glob.entries() {
            match entry.map(|entry| (kind(&entry), glob.path(entry))) {
                Ok((Kind::File, path)) => self.push(path, None),
                Ok((Kind::Other(kind), path)) => self.skipped.push(Skipped { path, kind }),
                Ok((Kind::Directory, _)) => {}
                Err(error) => self.unreadable.push(unreadable(argument, &error)),
            }
        }
        if count == (self.files.len(), self.unreadable.len()) {
            let remedy = "check it, or name a directory to read the files in it";
            self.missing.push(fault(argument, "no file matches this pattern".to_owned(), remedy));
        }
    }
}

const PERMISSIONS: &str = "change its permissions, or copy it";

enum Kind {
    File,
    Directory,
    /// Something that is not read.
    Other(&'static str),
}

/// What an entry is. A link to a file is a file. A link to a directory is not followed, so there are
/// no loops.
fn kind(entry: &DirEntry) -> Kind {
    let kind = |file_type: FileType| match file_type {
        _ if file_type.is_file() => Kind::File,
        _ if file_type.is_dir() => Kind::Directory,
        _ => Kind::Other("a pipe, socket or device"),
    };
    if !entry.path_is_symlink() {
        return kind(entry.file_type());
    }
    match fs::metadata(entry.path()).map(|metadata| kind(metadata.file_type())) {
        Ok(Kind::Directory) => Kind::Other("a link to a directory"),
        Ok(kind) => kind,
        Err(_) => Kind::Other("a broken link"),
    }
}

fn unreadable(root: &Path, error: &walkdir::Error) -> Fault {
    let what = error.io_error().map_or_else(|| error.to_string().into(), cannot_be_read);
    fault(error.path().unwrap_or(root), what.into_owned(), PERMISSIONS)
}

fn cannot_be_read(error: &std::io::Error) -> Cow<'static, str> {
    match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".into(),
        _ => format!("cannot be read: {error}").into(),
    }
}

/// A fault of a path as a whole.
pub fn fault(path: &Path, what: String, remedy: &str) -> Fault {
    let place = Place { file: path.to_string_lossy().into(), position: Position::Whole };
    Fault::new(place, what, remedy)
}
