//! Writing many files to a directory.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use super::output::{replace, temporary};
use crate::failure::Failure;

/// Checks that files can be written to a directory, which is created only by [`write`].
///
/// # Errors
///
/// Returns wrong usage if this is no directory, or if it or its first existing ancestor is
/// read-only.
pub fn prepare(directory: &Path) -> Result<(), Failure> {
    let is_there = |path: &&Path| path.symlink_metadata().is_ok();
    let ancestors = directory.ancestors().filter(|path| !path.as_os_str().is_empty());
    let nearest = { ancestors }.find(is_there).unwrap_or(Path::new("."));
    let checked = match fs::metadata(nearest) {
        Ok(metadata) if !metadata.is_dir() => Err(io::Error::from(ErrorKind::NotADirectory)),
        Ok(_) => temporary(nearest).and_then(tempfile::NamedTempFile::close),
        Err(error) => Err(error),
    };
    checked.map_err(|error| Failure::file(directory, &error))
}

/// Checks that a directory is missing or empty, unless `force`.
///
/// # Errors
///
/// Returns wrong usage if it has files, or cannot be read.
pub fn check_empty(directory: &Path, force: bool) -> Result<(), Failure> {
    let is_filled = match fs::read_dir(directory) {
        _ if force => false,
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(Failure::file(directory, &error)),
    };
    if is_filled {
        let remedy = "choose another directory or use --force";
        return Err(Failure::usage(&format!("{}: directory is not empty; {remedy}", directory.display())));
    }
    Ok(())
}

/// Writes files to a directory, which is created if it does not exist. The paths are relative to
/// it. A link in place of a file is replaced, and a link in place of a directory is refused: no
/// file is written outside of the directory.
///
/// # Errors
///
/// Returns wrong usage, before anything is written, if a file would be written through a link or
/// over a directory; and an I/O error if a file cannot be written.
pub fn write<P: AsRef<Path>, T: AsRef<[u8]>>(directory: &Path, files: &[(P, T)]) -> Result<(), Failure> {
    prepare(directory)?;
    for (path, _) in files {
        check(directory, path.as_ref())?;
    }
    for (path, content) in files {
        let path = directory.join(path);
        let created = path.parent().map_or(Ok(()), fs::create_dir_all);
        created
            .and_then(|()| replace(&path, content.as_ref()))
            .map_err(|error| Failure::unwritten(&path.display(), &error))?;
    }
    Ok(())
}

/// Checks what is in place of a file and of the directories between it and `directory`.
fn check(directory: &Path, path: &Path) -> Result<(), Failure> {
    let mut place = PathBuf::from(directory);
    let mut rest = path.components().peekable();
    while let Some(component) = rest.next() {
        let Component::Normal(name) = component else {
            return Err(Failure::usage(&format!("{}: not a path in the directory", path.display())));
        };
        place.push(name);
        let Ok(metadata) = fs::symlink_metadata(&place) else { return Ok(()) };
        let problem = match (rest.peek().is_some(), metadata.is_dir()) {
            (true, true) | (false, false) => continue,
            (true, false) if metadata.is_symlink() => "is a symbolic link, not a directory; remove it",
            (true, false) => "is not a directory; remove it",
            (false, true) => "is a directory, not a file; remove it",
        };
        return Err(Failure::usage(&format!("{}: {problem}", place.display())));
    }
    Ok(())
}
