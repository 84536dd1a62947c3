//! Files and standard input, compressed files and archives.
//!
//! An input is recognised by its first bytes, not by its name. It is never in memory as a whole:
//! an input that must be seekable but is not, such as an event log inside an archive, is spooled
//! to a temporary file.

#[cfg(test)]
mod archive_tests;
mod background;
mod gz;
mod joined_zips;
mod limit;
mod packing;
mod source;
mod tar_archive;
#[cfg(test)]
mod tests;
mod zip_archive;
mod zst;

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

#[cfg(feature = "parquet")]
use super::columnar;
use super::encoding::TextEncoding;
use super::format::kind::{self, Kind};
use super::format::{self, HEAD_LEN};
use super::{
    Fault, FaultKind, Format, Item, Options, Place, Position, Sink, csv, evtx, json, lines, resources, xml,
};
use background::BackgroundReader;
use limit::{CountingReader, Limit, LimitedReader};
use packing::{Compression, Layer};
use source::{Bytes, ReadSeek, SpoolError, Spooled};

pub(crate) use packing::Packing;

const EMPTY: Kind = Kind { name: "an empty file", remedy: "name a file that has events" };

/// Reads one input and passes each event in it to the sink. The path `-` is standard input.
///
/// Anything wrong with the input is an [`Item::Fault`]. Returns `Break` only if the sink does, or if
/// [`Options::is_stopped`] returns true. A stream, such as a pipe, is read on a thread of its own; if
/// the reading is stopped while it waits for the stream, that thread ends only with the wait.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use rulespec_events::{Item, Options, read};
///
/// let mut faults = vec![];
/// let _ = read("no/such.evtx".as_ref(), &Options::default(), &mut |item| {
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
    let sink: &mut Sink<'_> = &mut until_stopped(options, sink);
    let file: Arc<str> = path.to_string_lossy().into();
    if &*file == "-" {
        return background(|| Ok(io::stdin().lock()), &"standard input".into(), options, sink);
    }
    // A file is opened only if that cannot block.
    let opened = path.metadata().and_then(|metadata| match metadata.is_file() {
        true => File::open(path).map(|input| (metadata, Some(input))),
        false => Ok((metadata, None)),
    });
    match opened {
        Ok((metadata, Some(input))) => seekable(input, metadata.len(), &file, options, sink),
        Ok((metadata, None)) if metadata.is_dir() => {
            sink(Item::fault(Place::new(&file, Position::Whole), "is a directory", "name the files in it"))
        }
        Ok(_) => {
            let path = path.to_owned();
            background(move || File::open(path), &file, options, sink)
        }
        Err(error) => sink(cannot_open(&file, &error)),
    }
}

fn cannot_open(file: &Arc<str>, error: &io::Error) -> Item {
    let (what, remedy) = match error.kind() {
        io::ErrorKind::NotFound => ("there is no such file".to_owned(), "check the path"),
        io::ErrorKind::PermissionDenied => {
            ("permission denied".to_owned(), "change its permissions, or copy it")
        }
        _ => (format!("cannot be opened: {error}"), resources::remedy(error).unwrap_or("check the path")),
    };
    Item::fault(Place::new(file, Position::Whole), what, remedy)
}

/// A sink that breaks, and takes nothing any more, once the reading is stopped.
fn until_stopped<'s>(
    options: &'s Options,
    sink: &'s mut Sink<'_>,
) -> impl FnMut(Item) -> ControlFlow<()> + 's {
    |item| if (options.is_stopped)() { ControlFlow::Break(()) } else { sink(item) }
}

/// Reads bytes as [`read`] reads a file of this name with this content.
///
/// Spec: TEL-33, TEL-39
pub fn read_bytes(bytes: &[u8], name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let sink: &mut Sink<'_> = &mut until_stopped(options, sink);
    seekable(Cursor::new(bytes), bytes.len() as u64, name, options, sink)
}

fn seekable(
    input: impl Read + Seek,
    size: u64,
    file: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let limit = Limit::new(size);
    let mut input = CountingReader::new(input, options, None);
    InputReader { options, limit: &limit, sink }.open(Bytes::Seekable(&mut input), file, Layer::Outermost)
}

/// Reads a stream that may make its reader wait without end.
fn background<R: Read>(
    open: impl FnOnce() -> io::Result<R> + Send + 'static,
    file: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    match BackgroundReader::open(open, &options.is_stopped) {
        Ok(input) => stream(input, file, &Limit::new(0), options, sink),
        Err(error) => sink(cannot_open(file, &error)),
    }
}

fn stream(
    input: impl Read,
    file: &Arc<str>,
    limit: &Limit,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    // With one job, each event is delivered as soon as it has arrived.
    let options = &Options { jobs: 1, ..options.clone() };
    let mut input = CountingReader::new(input, options, Some(limit));
    InputReader { options, limit, sink }.open(Bytes::Stream(&mut input), file, Layer::Outermost)
}

/// Reads one input, and the members of an archive.
struct InputReader<'r, 's> {
    options: &'r Options,
    limit: &'r Limit,
    sink: &'r mut Sink<'s>,
}

impl InputReader<'_, '_> {
    /// Spec: TEL-33, TEL-35, TEL-95
    fn open(&mut self, mut bytes: Bytes<'_>, file: &Arc<str>, layer: Layer) -> ControlFlow<()> {
        let head = match bytes.head(&self.options.shapes) {
            Ok(head) => head,
            Err(error) => return self.unreadable(file, &error),
        };
        if head.is_empty() {
            return self.not_telemetry(file, "is empty", EMPTY);
        }
        let known = kind::known(&head).filter(|_| self.options.format.is_none());
        if let Some(kind) = known {
            return self.not_telemetry(file, &format!("is {}", kind.name), kind);
        }
        if let Some(packing) = Packing::detect(&head) {
            return match layer.inside(packing) {
                Some(inside) => self.unpack(packing, inside, head, bytes, file),
                None => self.fault(file, "is an archive inside an archive", "unpack the outer one first"),
            };
        }
        match self.options.format.or_else(|| format::detect(&head, &self.options.shapes)) {
            Some(format) => self.telemetry(format, head, bytes, file),
            // The start of a log that was emptied while it was written is a hole.
            None if head.len() >= HEAD_LEN
                && head.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace()) =>
            {
                self.telemetry(Format::Json, head, bytes, file)
            }
            None => {
                let kind = kind::unknown(&head);
                self.not_telemetry(file, &format!("is {}", kind.name), kind)
            }
        }
    }

    fn unpack(
        &mut self,
        packing: Packing,
        inside: Layer,
        head: Vec<u8>,
        bytes: Bytes<'_>,
        file: &Arc<str>,
    ) -> ControlFlow<()> {
        match packing {
            Packing::Zip => self.seek(head, bytes, file, Self::zip),
            Packing::Tar => self.tar(&mut with_head(head, bytes), file),
            Packing::Compression(compression) => self.compressed(compression, inside, head, bytes, file),
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
            Format::Xml => xml::read(with_head(head, bytes), file, self.options, self.sink),
            Format::Json | Format::Csv => self.text(format, head, bytes, file),
            #[cfg(feature = "parquet")]
            Format::Parquet => self.spool(head, bytes, file, |this, input, file| {
                columnar::parquet_file::read(input, file, this.options, this.sink)
            }),
            #[cfg(feature = "parquet")]
            Format::Arrow => {
                columnar::arrow_file::read(with_head(head, bytes), file, self.options, self.sink)
            }
            #[cfg(not(feature = "parquet"))]
            Format::Parquet | Format::Arrow => {
                let what = format!("is {format}, which this build does not read");
                self.fault(file, &what, "use a build whose --version names parquet, or export it as csv")
            }
        }
    }

    /// Reads a text, which may be in UTF-16.
    ///
    /// Spec: TEL-90
    fn text(&mut self, format: Format, head: Vec<u8>, bytes: Bytes<'_>, file: &Arc<str>) -> ControlFlow<()> {
        let has_invalid = Cell::new(false);
        let encoding = TextEncoding::detect(&head);
        let text = encoding.utf_8(with_head(head, bytes), &has_invalid);
        if format == Format::Csv {
            csv::read(text, file, self.options, self.sink)?;
        } else {
            json::read(text, file, self.options, self.sink)?;
        }
        if has_invalid.get() {
            let what = "is not UTF-16 throughout; what is not was read as U+FFFD";
            return self.fault(file, what, "compare it with the original");
        }
        ControlFlow::Continue(())
    }

    /// Spec: TEL-34
    fn compressed(
        &mut self,
        compression: Compression,
        inside: Layer,
        head: Vec<u8>,
        bytes: Bytes<'_>,
        file: &Arc<str>,
    ) -> ControlFlow<()> {
        let has_trailing_data = Cell::new(false);
        let content = compression.content(with_head(head, bytes), &has_trailing_data);
        let mut content = LimitedReader::new(content, self.limit, self.options);
        self.open(Bytes::Stream(&mut content), file, inside)?;
        if has_trailing_data.get() {
            let what = "the data after its gzip content is not gzip";
            return self.fault(file, what, "everything before it was read; check that the file is whole");
        }
        ControlFlow::Continue(())
    }

    /// Reads a format that requires a seekable input.
    ///
    /// Spec: TEL-36
    fn seek(
        &mut self,
        head: Vec<u8>,
        bytes: Bytes<'_>,
        file: &Arc<str>,
        read: impl FnOnce(&mut Self, &mut dyn ReadSeek, &Arc<str>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match bytes {
            Bytes::Seekable(input) => match input.rewind() {
                Ok(()) => read(self, input, file),
                Err(error) => self.unreadable(file, &error),
            },
            stream @ Bytes::Stream(_) => {
                self.spool(head, stream, file, |this, spooled, file| read(this, spooled, file))
            }
        }
    }

    /// Copies an input to a temporary file and reads that. If the input ends early or the disk is
    /// full, what was copied is read.
    fn spool(
        &mut self,
        head: Vec<u8>,
        bytes: Bytes<'_>,
        file: &Arc<str>,
        read: impl FnOnce(&mut Self, &mut File, &Arc<str>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Spooled { file: mut spooled, len, error } =
            match source::spool(&mut Cursor::new(head).chain(bytes.reader())) {
                Ok(spooled) => spooled,
                Err(error) => return self.no_room(file, "no temporary file can be written for it", &error),
            };
        read(self, &mut spooled, file)?;
        match error {
            None => ControlFlow::Continue(()),
            Some(SpoolError::Read(error)) => self.unreadable(file, &error),
            Some(SpoolError::Write(error)) => {
                let what = format!("only its first {len} bytes fitted in a temporary file and were read");
                self.no_room(file, &what, &error)
            }
        }
    }

    fn no_room(&mut self, file: &Arc<str>, what: &str, error: &io::Error) -> ControlFlow<()> {
        let remedy = resources::remedy(error).unwrap_or("check the directory TMPDIR");
        self.fault(file, &format!("{what}: {error}"), remedy)
    }

    fn unreadable(&mut self, file: &Arc<str>, error: &io::Error) -> ControlFlow<()> {
        self.fault(file, &format!("cannot be read: {error}"), lines::remedy(error))
    }

    fn not_telemetry(&mut self, file: &Arc<str>, what: &str, kind: Kind) -> ControlFlow<()> {
        let fault = Fault::new(Place::new(file, Position::Whole), what, kind.remedy);
        (self.sink)(Item::Fault(Fault { kind: FaultKind::NotTelemetry(kind.name), ..fault }))
    }

    fn fault(&mut self, file: &Arc<str>, what: &str, remedy: &str) -> ControlFlow<()> {
        (self.sink)(Item::fault(Place::new(file, Position::Whole), what, remedy))
    }
}

fn with_head<'a>(head: Vec<u8>, rest: Bytes<'a>) -> impl BufRead + 'a {
    Cursor::new(head).chain(BufReader::with_capacity(HEAD_LEN, rest.reader()))
}
