//! Parquet and Arrow IPC: DeviceProcessEvents as columns.
//!
//! The three columns that decide are read first. Of Parquet the others are read
//! only where a row group has a row that is wanted, and only of its rows.

mod cell;
mod footer;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::BufRead;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_schema::{DataType, Fields, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};

use super::unwanted::unwanted;
use super::value::Value;
use super::{Fault, Item, Names, Options, Place, Position, Sink, Source, defender};
use rulespec::fast::text_column::{TextColumn, is_text};
use rulespec::kql::Column;

const FILE_NAME: &str = "FileName";
const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";
const COMMAND_LINE: &str = "ProcessCommandLine";

/// How many bytes a batch of Arrow IPC may have.
const MOST_HELD: usize = 1 << 30;

/// Reads a Parquet file.
///
/// Spec: TEL-73, TEL-74
pub(super) fn parquet(
    file: &File,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let metadata = footer::check(file).and_then(|()| guarded(|| metadata(file).map_err(text)));
    let opened = metadata.and_then(|metadata| Ok((Header::new(metadata.schema())?, metadata)));
    let (header, metadata) = match opened {
        Ok(opened) => opened,
        Err(what) => return fault(name, Position::Whole, what, sink),
    };
    let mut reading = Reading { header, name, options, sink, before: 0 };
    reading.tell_unread()?;
    for group in 0..metadata.metadata().num_row_groups() {
        let group = Group { file, metadata: &metadata, group };
        reading.group(&group)?;
    }
    ControlFlow::Continue(())
}

/// What the file's columns are, each of texts as views: those share the memory of a
/// page, while a copy of each text may be many times the file.
fn metadata(file: &File) -> parquet::errors::Result<ArrowReaderMetadata> {
    let metadata = ArrowReaderMetadata::load(file, Default::default())?;
    let fields = metadata.schema().fields().iter().map(|field| match is_text(field.data_type()) {
        true => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8View)),
        false => field.clone(),
    });
    let schema = Schema::new_with_metadata(fields.collect::<Fields>(), metadata.schema().metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(metadata.metadata().clone(), options)
}

/// Reads Arrow IPC, a file or a stream. A file is a stream between marks.
///
/// Spec: TEL-73, TEL-74
pub(super) fn arrow(
    mut input: impl BufRead,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mark = input.fill_buf().map_or(0, length_of_mark);
    input.consume(mark);
    let mut stream = Stream::new(input, MOST_HELD);
    let mut before = 0;
    let mut is_begun = false;
    loop {
        let batch = guarded(|| stream.next());
        let header = stream.decoder.schema().map(|schema| Header::new(&schema));
        let header = match header {
            Some(Ok(header)) => header,
            Some(Err(what)) => return fault(name, Position::Whole, what, sink),
            None => return fault(name, Position::Whole, batch.err().unwrap_or_default(), sink),
        };
        let mut reading = Reading { header, name, options, sink, before };
        if !std::mem::replace(&mut is_begun, true) {
            reading.tell_unread()?;
        }
        match batch {
            Ok(Some(batch)) => reading.batch(&batch)?,
            Ok(None) => return ControlFlow::Continue(()),
            Err(what) => return reading.broken(what),
        }
        before = reading.before;
    }
}

/// How long the mark that a file begins with is, with the zeros after it.
fn length_of_mark(head: &[u8]) -> usize {
    let zeros = head.strip_prefix(b"ARROW1").map(|rest| rest.iter().take_while(|byte| **byte == 0).count());
    zeros.map_or(0, |zeros| zeros.saturating_add(6))
}

/// An Arrow IPC stream, decoded as it is read: nothing is held because the input
/// says that it will come.
struct Stream<R> {
    input: R,
    decoder: StreamDecoder,
    buffer: Buffer,
    /// How many bytes a batch may have.
    most: usize,
}

impl<R: BufRead> Stream<R> {
    fn new(input: R, most: usize) -> Self {
        Self { input, decoder: StreamDecoder::new(), buffer: Buffer::default(), most }
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, String> {
        let mut held = 0_usize;
        loop {
            if self.buffer.is_empty() {
                let read = self.input.fill_buf().map_err(text)?;
                if read.is_empty() {
                    return self.decoder.finish().map(|()| None).map_err(text);
                }
                held = held.saturating_add(read.len());
                if held > self.most {
                    return Err(format!("a batch has more than {} MiB", self.most >> 20));
                }
                self.buffer = Buffer::from_slice_ref(read);
                let used = read.len();
                self.input.consume(used);
            }
            match self.decoder.decode(&mut self.buffer) {
                Ok(None) => {}
                Ok(Some(batch)) => return Ok(Some(batch)),
                // The stream has ended, and a file goes on with its footer.
                Err(_) if self.decoder.finish().is_ok() => return Ok(None),
                Err(error) => return Err(text(error)),
            }
        }
    }
}

/// What decoders make of damaged input: an error, and where they give up in
/// another way, an error too.
fn guarded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("the decoder gave up on it".to_owned()))
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn fault(name: &Arc<str>, position: Position, what: String, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let place = Place { file: name.clone(), position };
    let remedy = "what stands before is read; export the table again".to_owned();
    sink(Item::Fault(Fault { place, what: format!("cannot be read: {what}"), remedy }))
}

/// The text of a row; `""` where there is no such column.
fn text_of<'a>(column: &Option<TextColumn<'a>>, row: usize) -> &'a str {
    column.as_ref().map_or("", |texts| texts.text(row))
}

/// What the columns are.
struct Header {
    names: Vec<String>,
    columns: Arc<[Column]>,
    has_original: bool,
    /// Columns of types that no cell is made of.
    unread: Vec<String>,
}

impl Header {
    /// Spec: TEL-45, TEL-73
    fn new(schema: &Schema) -> Result<Self, String> {
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let has = |name: &str| names.iter().any(|its| its == name);
        let lacking = defender::lacking(&has);
        if !lacking.is_empty() {
            return Err(format!("it lacks the columns {}", lacking.join(", ")));
        }
        let is_no_text = |name: &&str| {
            let field = schema.field_with_name(name);
            field.is_ok_and(|field| !is_text(field.data_type()))
        };
        if let Some(name) = [FILE_NAME, ORIGINAL_FILE_NAME, COMMAND_LINE].iter().find(|name| is_no_text(name))
        {
            return Err(format!("its column {name} holds no texts"));
        }
        let unread = schema.fields().iter().filter(|field| !cell::is_read(field.data_type()));
        let unread = unread.map(|field| field.name().clone()).collect();
        let has_original = has(ORIGINAL_FILE_NAME);
        Ok(Self { columns: defender::columns_of_header(&names), names, has_original, unread })
    }
}

/// A row group of a Parquet file.
struct Group<'g> {
    file: &'g File,
    metadata: &'g ArrowReaderMetadata,
    group: usize,
}

impl Group<'_> {
    /// Reads some columns of some rows, batch by batch.
    fn batches(
        &self,
        mask: ProjectionMask,
        rows: Option<RowSelection>,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, String>>, String> {
        let file = self.file.try_clone().map_err(text)?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let builder = builder.with_row_groups(vec![self.group]).with_projection(mask).with_batch_size(8192);
        let builder = match rows {
            Some(rows) => builder.with_row_selection(rows),
            None => builder,
        };
        let mut reader = guarded(|| builder.build().map_err(text))?;
        Ok(std::iter::from_fn(move || guarded(|| reader.next().transpose().map_err(text)).transpose()))
    }

    fn names(&self) -> ProjectionMask {
        let names = [FILE_NAME, ORIGINAL_FILE_NAME, COMMAND_LINE];
        ProjectionMask::columns(self.metadata.parquet_schema(), names)
    }

    fn rows(&self) -> usize {
        let groups = self.metadata.metadata().row_groups();
        groups.get(self.group).map_or(0, |group| usize::try_from(group.num_rows()).unwrap_or(0))
    }
}

struct Reading<'r, 's> {
    header: Header,
    name: &'r Arc<str>,
    options: &'r Options,
    sink: &'r mut Sink<'s>,
    /// How many rows came before.
    before: u64,
}

impl Reading<'_, '_> {
    /// Spec: TEL-74
    fn tell_unread(&mut self) -> ControlFlow<()> {
        if self.header.unread.is_empty() {
            return ControlFlow::Continue(());
        }
        let what = format!("the columns {} have a type that is not read", self.header.unread.join(", "));
        let place = Place { file: self.name.clone(), position: Position::Whole };
        let remedy = "their cells are left empty: export them as text".to_owned();
        (self.sink)(Item::Fault(Fault { place, what, remedy }))
    }

    fn group(&mut self, group: &Group<'_>) -> ControlFlow<()> {
        let first = self.before;
        let mut wanted = vec![];
        let names = match group.batches(group.names(), None) {
            Ok(batches) => batches,
            Err(what) => return self.broken(what),
        };
        for batch in names {
            match batch {
                Ok(batch) => {
                    let read = (self.before - first) as usize;
                    wanted.extend(self.wanted(&batch)?.into_iter().map(|row| read + row));
                    self.before += batch.num_rows() as u64;
                }
                Err(what) => return self.broken(what),
            }
        }
        self.events(group, first, &wanted)
    }

    /// Hands on these rows of a group whose first row has that many before it.
    fn events(&mut self, group: &Group<'_>, first: u64, wanted: &[usize]) -> ControlFlow<()> {
        if wanted.is_empty() {
            return ControlFlow::Continue(());
        }
        let ranges = wanted.iter().map(|row| Range { start: *row, end: row + 1 });
        let rows = RowSelection::from_consecutive_ranges(ranges, group.rows());
        let batches = match group.batches(ProjectionMask::all(), Some(rows)) {
            Ok(batches) => batches,
            Err(what) => return self.broken(what),
        };
        let mut numbers = wanted.iter().map(|row| first + *row as u64 + 1);
        for batch in batches {
            match batch {
                Ok(batch) => {
                    let numbers: Vec<u64> = numbers.by_ref().take(batch.num_rows()).collect();
                    let rows: Vec<usize> = (0..batch.num_rows()).collect();
                    self.hand_on(&batch, &rows, &numbers)?;
                }
                Err(what) => return self.broken(what),
            }
        }
        ControlFlow::Continue(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> ControlFlow<()> {
        let rows = self.wanted(batch)?;
        let numbers: Vec<u64> = rows.iter().map(|row| self.number(*row)).collect();
        self.hand_on(batch, &rows, &numbers)?;
        self.before = self.before.saturating_add(batch.num_rows() as u64);
        ControlFlow::Continue(())
    }

    /// The rows that are wanted; hands on what becomes of the others.
    ///
    /// Spec: TEL-44, TEL-70
    fn wanted(&mut self, batch: &RecordBatch) -> ControlFlow<(), Vec<usize>> {
        let column = |name| batch.column_by_name(name).and_then(|column| TextColumn::new(column));
        let names = [FILE_NAME, ORIGINAL_FILE_NAME, COMMAND_LINE].map(column);
        let [file_name, original, command_line] = &names;
        let mut wanted = vec![];
        for row in 0..batch.num_rows() {
            let original = self.header.has_original.then(|| text_of(original, row));
            let names = Names::new(text_of(file_name, row), original, text_of(command_line, row));
            let place = || self.place(Position::Element(self.number(row)));
            match unwanted(names, Source::Defender, place, &*self.options.keep) {
                None => wanted.push(row),
                Some(item) => (self.sink)(item)?,
            }
        }
        ControlFlow::Continue(wanted)
    }

    fn hand_on(&mut self, batch: &RecordBatch, rows: &[usize], numbers: &[u64]) -> ControlFlow<()> {
        for (row, number) in rows.iter().zip(numbers) {
            let place = self.place(Position::Element(*number));
            let mut left = cell::MOST;
            let values = batch.columns().iter().map(|column| cell::value(column, *row, &mut left));
            let Some(values) = values.collect::<Option<Vec<Value<'_>>>>() else {
                self.too_many_values(place)?;
                continue;
            };
            let find = |name: &str| values.get(self.header.names.iter().position(|its| its == name)?);
            defender::hand_on_row(self.header.columns.clone(), &find, place, self.sink)?;
        }
        ControlFlow::Continue(())
    }

    /// Spec: TEL-72
    fn too_many_values(&mut self, place: Place) -> ControlFlow<()> {
        let what = format!("more than {} values in one row", cell::MOST);
        let remedy = "the event is left out: export the row again".to_owned();
        (self.sink)(Item::Fault(Fault { place, what, remedy }))
    }

    fn number(&self, row: usize) -> u64 {
        self.before.saturating_add(row as u64).saturating_add(1)
    }

    fn broken(&mut self, what: String) -> ControlFlow<()> {
        fault(self.name, Position::Element(self.number(0)), what, self.sink)
    }

    fn place(&self, position: Position) -> Place {
        Place { file: self.name.clone(), position }
    }
}
