//! Where telemetry lies: in files, on standard input, in `.gz` and `.zip`.
//!
//! What an input is, is told by its first bytes, never by its name. Nothing is
//! held in memory as a whole: what must be read out of order and cannot be, such
//! as an event log inside an archive, is spooled to a temporary file.

mod bound;
mod seekable;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;

#[cfg(feature = "parquet")]
use super::columnar;
use super::format::HEAD;
use super::{Fault, Format, Item, Options, Place, Position, Sink, csv, evtx, format, json, lines, xml};
use bound::{Bound, Bounded, Counted};
use seekable::{Bytes, Input};

/// Which containers an input may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// A file or standard input: telemetry, a `.gz` or a `.zip`.
    Outermost,
    /// A member of a `.zip`: telemetry or a `.gz`.
    Member,
    /// What a `.gz` holds: telemetry.
    Innermost,
}

/// Reads one input and hands on every event in it; `-` is standard input.
///
/// Whatever is wrong with the input is an [`Item::Fault`] that names the place;
/// this never fails and never panics. It breaks only where the sink does.
///
/// ```
/// use std::ops::ControlFlow;
/// use std::sync::Arc;
///
/// use rulespec_events::{Item, Options, read};
///
/// let options = Options { format: None, keep: Arc::new(|_| true), progress: Default::default(), jobs: 1 };
/// let mut faults = Vec::new();
/// let _ = read("no/such.evtx".as_ref(), &options, &mut |item| {
///     if let Item::Fault(fault) = item {
///         faults.push(fault.to_string());
///     }
///     ControlFlow::Continue(())
/// });
/// assert_eq!(faults, ["no/such.evtx: there is no such file; check the path"]);
/// ```
///
/// Spec: TEL-33, TEL-39
pub fn read(path: &Path, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let file: Arc<str> = path.to_string_lossy().into();
    if &*file == "-" {
        return stream(io::stdin().lock(), &"standard input".into(), &Bound::of(0), options, sink);
    }
    match File::open(path).and_then(|input| Ok((input.metadata()?, input))) {
        Ok((metadata, _)) if metadata.is_dir() => {
            fault(&file, "is a directory", "name the files in it", sink)
        }
        Ok((metadata, input)) if metadata.is_file() => seekable(input, metadata.len(), &file, options, sink),
        Ok((_, input)) => stream(input, &file, &Bound::of(0), options, sink),
        Err(error) => {
            let (what, remedy) = why_not_opened(&error);
            fault(&file, &what, remedy, sink)
        }
    }
}

/// Reads bytes as [`read`] reads a file that holds them and has that name.
///
/// Spec: TEL-33, TEL-39
pub fn read_bytes(bytes: &[u8], name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    seekable(Cursor::new(bytes), bytes.len() as u64, name, options, sink)
}

fn seekable(
    input: impl Read + Seek,
    length: u64,
    file: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let bound = Bound::of(length);
    let mut input = Counted::new(input, &options.progress);
    Reading { options, bound: &bound, sink }.open(Bytes::Seekable(&mut input), file, Layer::Outermost)
}

fn stream(
    input: impl Read,
    file: &Arc<str>,
    bound: &Bound,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    // What comes as it happens is handed on as it happens.
    let options = &Options { jobs: 1, ..options.clone() };
    let mut input = Counted::new(input, &options.progress).filling(bound);
    Reading { options, bound, sink }.open(Bytes::Stream(&mut input), file, Layer::Outermost)
}

fn why_not_opened(error: &io::Error) -> (String, &'static str) {
    match error.kind() {
        io::ErrorKind::NotFound => ("there is no such file".to_owned(), "check the path"),
        io::ErrorKind::PermissionDenied => {
            ("may not be read by you".to_owned(), "change its permissions, or copy it")
        }
        _ => (format!("cannot be opened: {error}"), "check the path"),
    }
}

fn fault(file: &Arc<str>, what: &str, remedy: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let place = Place { file: file.clone(), position: Position::Whole };
    sink(Item::Fault(Fault { place, what: what.to_owned(), remedy: remedy.to_owned() }))
}

/// One input on its way to the sink.
struct Reading<'r, 's> {
    options: &'r Options,
    bound: &'r Bound,
    sink: &'r mut Sink<'s>,
}

impl Reading<'_, '_> {
    /// Spec: TEL-33, TEL-35
    fn open(&mut self, mut bytes: Bytes<'_>, file: &Arc<str>, layer: Layer) -> ControlFlow<()> {
        let head = match bytes.head() {
            Ok(head) => head,
            Err(error) => return self.unreadable(file, &error),
        };
        let is_gz = head.starts_with(&[0x1f, 0x8b]);
        let is_zip = head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06");
        match layer {
            _ if head.is_empty() => self.fault(file, "is empty", "name a file that holds events"),
            Layer::Outermost if is_zip => self.seek(head, bytes, file, Self::zip),
            Layer::Outermost | Layer::Member if is_gz => self.gz(head, bytes, file),
            _ if is_gz || is_zip => {
                self.fault(file, "is an archive inside another", "unpack the outer one first")
            }
            _ => match self.options.format.or_else(|| format::recognise(&head)) {
                Some(format) => self.telemetry(format, head, bytes, file),
                None => self.fault(file, "has no known shape", "name its shape with --input-format"),
            },
        }
    }

    fn telemetry(
        &mut self,
        format: Format,
        head: Vec<u8>,
        bytes: Bytes<'_>,
        file: &Arc<str>,
    ) -> ControlFlow<()> {
        match format {
            Format::Evtx => self.seek(head, bytes, file, |this, input, file| {
                evtx::read(input, file, this.options, this.sink)
            }),
            Format::Xml => xml::read(joined(head, bytes), file, self.options, self.sink),
            Format::Json => json::read(joined(head, bytes), file, self.options, self.sink),
            Format::Csv => csv::read(joined(head, bytes), file, self.options, self.sink),
            #[cfg(feature = "parquet")]
            Format::Parquet => self.spooled(head, bytes, file, |this, input, file| {
                columnar::parquet(input, file, this.options, this.sink)
            }),
            #[cfg(feature = "parquet")]
            Format::Arrow => columnar::arrow(joined(head, bytes), file, self.options, self.sink),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet | Format::Arrow => {
                let what = format!("is {format}, which this build does not read");
                self.fault(file, &what, "build with --features parquet, or export it as csv")
            }
        }
    }

    /// Spec: TEL-34
    fn gz(&mut self, head: Vec<u8>, bytes: Bytes<'_>, file: &Arc<str>) -> ControlFlow<()> {
        let mut unpacked = Bounded::new(MultiGzDecoder::new(joined(head, bytes)), self.bound);
        self.open(Bytes::Stream(&mut unpacked), file, Layer::Innermost)
    }

    /// Spec: TEL-34, TEL-35
    fn zip(&mut self, input: &mut dyn Input, file: &Arc<str>) -> ControlFlow<()> {
        let mut archive = match ZipArchive::new(BufReader::with_capacity(HEAD, input)) {
            Ok(archive) => archive,
            Err(error) => {
                let what = format!("cannot be read as a zip archive: {error}");
                return self.fault(file, &what, "unpack it, and name the files that were in it");
            }
        };
        for index in 0..archive.len() {
            let name = match archive.name_for_index(index) {
                Some(Ok(name)) => name.into_owned(),
                _ => format!("member {index}"),
            };
            let member = format!("{file}!{name}").into();
            match archive.by_index(index) {
                Ok(inner) if inner.is_dir() => {}
                Ok(inner) => {
                    let mut unpacked = Bounded::new(inner, self.bound);
                    self.open(Bytes::Stream(&mut unpacked), &member, Layer::Member)?;
                }
                Err(error) => {
                    let what = format!("cannot be unpacked: {error}");
                    self.fault(&member, &what, "unpack it, and name it by itself")?;
                }
            }
            if self.bound.is_exceeded() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    /// Reads what needs to be read out of order. What could not be spooled as a
    /// whole is read as far as it goes.
    ///
    /// Spec: TEL-36
    fn seek(
        &mut self,
        head: Vec<u8>,
        bytes: Bytes<'_>,
        file: &Arc<str>,
        read: impl FnOnce(&mut Self, &mut dyn Input, &Arc<str>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match bytes {
            Bytes::Seekable(input) => match input.rewind() {
                Ok(()) => read(self, input, file),
                Err(error) => self.unreadable(file, &error),
            },
            stream => self.spooled(head, stream, file, |this, spooled, file| read(this, spooled, file)),
        }
    }

    /// Reads what was copied to a temporary file.
    fn spooled(
        &mut self,
        head: Vec<u8>,
        bytes: Bytes<'_>,
        file: &Arc<str>,
        read: impl FnOnce(&mut Self, &mut File, &Arc<str>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match seekable::spool(&mut Cursor::new(head).chain(bytes.reader())) {
            Ok((mut spooled, broken)) => {
                read(self, &mut spooled, file)?;
                broken.map_or(ControlFlow::Continue(()), |error| self.unreadable(file, &error))
            }
            Err(error) => {
                let what = format!("no temporary file can be written for it: {error}");
                self.fault(file, &what, "make room where TMPDIR points")
            }
        }
    }

    fn unreadable(&mut self, file: &Arc<str>, error: &io::Error) -> ControlFlow<()> {
        let what = format!("cannot be read: {error}");
        self.fault(file, &what, lines::remedy(error))
    }

    fn fault(&mut self, file: &Arc<str>, what: &str, remedy: &str) -> ControlFlow<()> {
        fault(file, what, remedy, self.sink)
    }
}

fn joined<'a>(head: Vec<u8>, rest: Bytes<'a>) -> impl BufRead + 'a {
    Cursor::new(head).chain(BufReader::with_capacity(HEAD, rest.reader()))
}
