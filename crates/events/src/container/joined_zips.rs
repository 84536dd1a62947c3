//! Several `.zip` in one file, as after `cat a.zip b.zip`.
//!
//! The directory at the end of the file is that of the last archive. It does not tell of others.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use zip::read::Config;
use zip::result::ZipResult;
use zip::unstable::read::ZipIterable;

use super::source::ReadSeek;

/// How many archives in one file are read.
const MAX_ARCHIVES: usize = 1_000;

/// What the end of an archive begins with.
const END_SIGNATURE: &[u8] = b"PK\x05\x06";

/// The length of the end of an archive, without its comment.
const END_LEN: u64 = 22;

/// The maximum length of the end of an archive.
const MAX_END_LEN: u64 = END_LEN + u16::MAX as u64;

/// How much is read at a time of the directory.
const BUFFER_LEN: usize = 1 << 10;

/// One of the archives of a file.
pub(super) struct Archive {
    start: u64,
    /// Where what belongs to it ends in the file.
    pub(super) end: u64,
    /// How many bytes follow it that are not part of it.
    pub(super) rest: u64,
}

impl Archive {
    /// The archive that this part of a file, up to `end`, ends with.
    fn before(file: &mut dyn ReadSeek, end: u64) -> ZipResult<Self> {
        let reader = BufReader::with_capacity(BUFFER_LEN, Start::new(file, end));
        let mut archive = ZipIterable::try_new(reader, Config::default())?;
        let members = archive.files()?.map_while(Result::ok);
        let start = members.map(|member| member.header_start()).min();
        let start = start.unwrap_or(end.saturating_sub(END_LEN));
        Ok(Self { start, end, rest: bytes_after(&mut Start::new(file, end))? })
    }
}

/// The archives of a file, in their order, and how many bytes before them are in none.
///
/// # Errors
///
/// Returns an error if the file does not end with an archive.
///
/// Spec: TEL-34
pub(super) fn archives(file: &mut dyn ReadSeek) -> ZipResult<(Vec<Archive>, u64)> {
    let end = file.seek(SeekFrom::End(0))?;
    let last = Archive::before(file, end)?;
    let mut start = last.start;
    let mut archives = vec![last];
    while start > 0 && archives.len() < MAX_ARCHIVES {
        let Ok(archive) = Archive::before(file, start) else {
            break;
        };
        start = archive.start;
        archives.push(archive);
    }
    archives.reverse();
    Ok((archives, start))
}

/// How many bytes follow the end of an archive and its comment.
fn bytes_after(file: &mut Start<'_>) -> io::Result<u64> {
    let mut end = vec![];
    file.seek(SeekFrom::Start(file.end.saturating_sub(MAX_END_LEN)))?;
    file.read_to_end(&mut end)?;
    let at = memchr::memmem::rfind(&end, END_SIGNATURE).unwrap_or(end.len());
    let rest = end.get(at..).unwrap_or_default();
    let comment =
        rest.get(20..).and_then(|rest| rest.first_chunk()).map_or(0, |len| u16::from_le_bytes(*len));
    Ok((rest.len() as u64).saturating_sub(END_LEN + u64::from(comment)))
}

/// The start of a file, as a file of its own.
pub(super) struct Start<'f> {
    file: &'f mut dyn ReadSeek,
    end: u64,
    position: u64,
}

impl<'f> Start<'f> {
    pub(super) fn new(file: &'f mut dyn ReadSeek, end: u64) -> Self {
        Self { file, end, position: 0 }
    }
}

impl Read for Start<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.position))?;
        let read = (&mut *self.file).take(self.end.saturating_sub(self.position)).read(buffer)?;
        self.position = self.position.saturating_add(read as u64);
        Ok(read)
    }
}

impl Seek for Start<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.end.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
