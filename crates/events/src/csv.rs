//! CSV exports: rows of DeviceProcessEvents, as the Defender portal and Log Analytics write them, and
//! Windows events in columns.

mod record;

use std::borrow::Cow;
use std::io::BufRead;
use std::iter;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::format::preamble;
use super::recognition::Recognition;
use super::time::settle;
use super::tree::{Node, bare_name};
use super::value::Value;
use super::{Fault, FaultKind, Item, Options, Place, Position, Shapes, Sink, Skip, defender, resolve};
use defender::{ColumnIndex, MAX_COLUMNS};
use record::{RecordError, RecordReader, split};
use rulespec::kql::Column;

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// Reads CSV that begins with a header, and passes each row to the sink.
///
/// One row is in memory at a time, at most 16 MiB of it. A damaged row does not affect the others.
/// Returns `Break` only if the sink does.
///
/// Spec: TEL-45, TEL-61, TEL-62, TEL-63, TEL-64, TEL-68
pub fn read(input: impl BufRead, name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    settle(name, options, sink, |sink| read_rows(input, name, options, sink))
}

fn read_rows(
    input: impl BufRead,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut records = RecordReader::new(input);
    let Some(header) = first_header(&mut records, name, options, sink)? else {
        return ControlFlow::Continue(());
    };
    let there = header.names.clone();
    records.set_delimiter(header.delimiter);
    let mut tables = match Table::new(&header, &options.shapes) {
        Ok(table) => Tables { header, table: Some(table) },
        Err(RecordError { what, remedy }) => {
            let fault = Fault::new(Place::new(name, Position::Whole), what, remedy);
            return sink(Item::Fault(Fault { kind: FaultKind::Unrecognised, ..fault }));
        }
    };
    let mut sink = Recognition::new(sink);
    while let Some(record) = records.next() {
        let line = record.and_then(|line| tables.line(line, &options.shapes));
        if line.is_err() {
            records.unread_all_but_first_line();
        }
        let place = Place::new(name, Position::Line(records.start_line()));
        match line {
            Ok(Line::Row(fields)) => tables.report(&fields, place, options, &mut sink)?,
            Ok(Line::Header(header)) => {
                records.set_delimiter(header.delimiter);
                if let Err(error) = tables.start(header, &options.shapes) {
                    sink.take(fault(place, error))?;
                }
            }
            Ok(Line::Skipped) => {}
            Err(error) => sink.take(fault(place, error))?,
        }
    }
    sink.finish(name, &options.shapes, "row", &there)
}

/// The first header. Returns `None` if there is none that can be read, which has been reported.
fn first_header(
    records: &mut RecordReader<impl BufRead>,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<(), Option<Header>> {
    let mut separator = None;
    loop {
        match records.next() {
            None => return ControlFlow::Continue(None),
            Some(Ok(line)) if preamble::is_csv_preamble(line) => {
                separator = preamble::separator(line).or(separator);
            }
            Some(Ok(line)) => match Header::new(line, separator, &options.shapes) {
                Ok(header) => return ControlFlow::Continue(Some(header)),
                Err(error) => {
                    return sink(fault(Place::new(name, Position::Whole), error)).map_continue(|()| None);
                }
            },
            Some(Err(error)) => {
                sink(fault(Place::new(name, Position::Line(records.start_line())), error))?;
            }
        }
    }
}

fn fault(place: Place, error: RecordError) -> Item {
    Item::fault(place, error.what, error.remedy)
}

/// What a line is.
enum Line {
    /// A row, with one field per column.
    Row(Vec<String>),
    /// The header of another table.
    Header(Header),
    /// A blank line, the header again, or a row of a table that is not read.
    Skipped,
}

/// The tables of an input. Files of tables may have been joined.
struct Tables {
    header: Header,
    /// What the rows are. `None` if they are not read, which has been reported.
    table: Option<Table>,
}

impl Tables {
    /// What a line is.
    ///
    /// # Errors
    ///
    /// Returns an error if it is no row of the table.
    ///
    /// Spec: TEL-106
    fn line(&mut self, line: &[u8], shapes: &Shapes) -> Result<Line, RecordError> {
        if line.is_empty() {
            return Ok(Line::Skipped);
        }
        if let Some(header) = Header::in_rows(line, shapes) {
            let is_repeated = self.table.is_some() && header.names == self.header.names;
            return Ok(if is_repeated { Line::Skipped } else { Line::Header(header) });
        }
        let Some(table) = &self.table else {
            return Ok(Line::Skipped);
        };
        let row = self.header.fields(line, table);
        if row.is_err() && self.header.continues_with_header(line, shapes) {
            self.table = None;
            return Err(RecordError {
                what: "another header follows on the line of a row, so the rows after it are not read"
                    .to_owned(),
                remedy: "end the line before the header",
            });
        }
        row.map(Line::Row)
    }

    /// Starts another table.
    ///
    /// # Errors
    ///
    /// Returns an error if its rows are not read.
    fn start(&mut self, header: Header, shapes: &Shapes) -> Result<(), RecordError> {
        self.header = header;
        self.table = None;
        let table = Table::new(&self.header, shapes).map_err(|RecordError { what, remedy }| RecordError {
            what: format!("{what}, so the rows after it are not read"),
            remedy,
        });
        self.table = Some(table?);
        Ok(())
    }

    fn report(
        &self,
        fields: &[String],
        place: Place,
        options: &Options,
        sink: &mut Recognition<'_, '_>,
    ) -> ControlFlow<()> {
        let table = self.table.as_ref();
        table.map_or(ControlFlow::Continue(()), |table| {
            table.report(&self.header, fields, place, options, sink)
        })
    }
}

/// What the rows of a table are.
enum Table {
    /// Rows of DeviceProcessEvents.
    Rows { index: ColumnIndex, columns: Arc<[Column]>, has_original_file_name: bool },
    /// Windows events, whose values are in the columns.
    Events,
}

impl Table {
    /// Spec: TEL-45, TEL-61
    fn new(header: &Header, shapes: &Shapes) -> Result<Self, RecordError> {
        let index = ColumnIndex::new(&header.names);
        let has = |name: &str| index.get(name).is_some();
        let missing = defender::missing_columns(&has);
        if missing.is_empty() {
            let has_original_file_name = has(defender::ORIGINAL_FILE_NAME);
            let columns = defender::columns_of_header(&header.names);
            return Ok(Self::Rows { index, columns, has_original_file_name });
        }
        let is_row = header.names.iter().filter(|name| defender::is_known_column(name)).count() >= 2;
        if is_row && !shapes.event.event_id.iter().any(|path| has(path)) {
            return Err(RecordError {
                what: format!("the header lacks {}", missing.join(", ")),
                remedy: "export the rows of DeviceProcessEvents with these columns",
            });
        }
        Ok(Self::Events)
    }

    fn report(
        &self,
        header: &Header,
        fields: &[String],
        place: Place,
        options: &Options,
        sink: &mut Recognition<'_, '_>,
    ) -> ControlFlow<()> {
        let values = header.local.iter().chain(iter::repeat(&false)).zip(fields);
        let values = values.map(|(is_local, field)| match is_local {
            true => Value::LocalTime(field.as_str().into()),
            false => Value::Text(field.as_str().into()),
        });
        match self {
            Self::Rows { index, columns, has_original_file_name } => {
                let values: Vec<Value<'_>> = values.collect();
                let find = |name: &str| values.get(index.get(name)?);
                let text = |name: &str| find(name).map_or(Cow::Borrowed(""), Value::text);
                if defender::is_row(&text, &|name| index.get(name).is_some()) == Some(false) {
                    return sink.take(Item::Skipped(Skip::OtherTable));
                }
                match defender::prefilter(&find, *has_original_file_name, &place, &*options.keep) {
                    None => defender::report_row(columns.clone(), &find, place, options, &mut |item| {
                        sink.take(item)
                    }),
                    Some(item) => sink.take(item),
                }
            }
            Self::Events => {
                let names = header.names.iter().map(String::as_str).chain([MESSAGE]);
                let members = names.zip(values).map(|(name, value)| (Cow::Borrowed(name), Node::Leaf(value)));
                // Of columns with the same name, the first counts. Of members, it is the last.
                let mut members: Vec<_> = members.collect();
                members.reverse();
                let flow = resolve::report_members(&members, &place, options, &mut |item| sink.take(item));
                flow.unwrap_or_else(|| sink.take(Item::Skipped(Skip::UnknownShape)))
            }
        }
    }
}

/// The name of a column that rows have and the header has not: Event Viewer's.
const MESSAGE: &str = "Message";

/// Whether a line is the header of a table of DeviceProcessEvents or of Windows events.
///
/// `separator` is the one that a line before it names.
///
/// Spec: TEL-69
pub(super) fn is_header(line: &[u8], separator: Option<char>, shapes: &Shapes) -> bool {
    count_known(&parse_header(line, separator, shapes).names, shapes) >= MIN_KNOWN
}

/// How many known columns a header has at least.
const MIN_KNOWN: usize = 2;

/// The header of a table.
struct Header {
    delimiter: char,
    /// The names of the columns, of the first [`MAX_COLUMNS`].
    names: Vec<String>,
    /// Whether a column has local times.
    local: Vec<bool>,
    column_count: usize,
}

impl Header {
    /// Spec: TEL-61
    fn new(line: &[u8], separator: Option<char>, shapes: &Shapes) -> Result<Self, RecordError> {
        let header = parse_header(line, separator, shapes);
        if header.column_count > MAX_COLUMNS {
            return Err(RecordError {
                what: format!("a header of {} columns has more than {MAX_COLUMNS}", header.column_count),
                remedy: "export the rows of DeviceProcessEvents, one event in each row",
            });
        }
        Ok(Self { names: shapes.column_names(header.names), ..header })
    }

    /// The header that a line among the rows of a table is. Returns `None` if it is none.
    ///
    /// A row of events has a time or a number.
    ///
    /// Spec: TEL-106
    fn in_rows(line: &[u8], shapes: &Shapes) -> Option<Self> {
        let is_separator = |byte: &u8| DELIMITERS.iter().any(|separator| char::from(*byte) == *separator);
        let begins_with_digit = |cell: &[u8]| match cell {
            [b'"', first, ..] | [first, ..] => first.is_ascii_digit(),
            [] => false,
        };
        if line.split(is_separator).any(begins_with_digit) {
            return None;
        }
        let header = Self::new(line, None, shapes).ok()?;
        (count_known(&header.names, shapes) >= MIN_KNOWN).then_some(header)
    }

    /// Whether the header of another table directly follows the last field of a row.
    fn continues_with_header(&self, line: &[u8], shapes: &Shapes) -> bool {
        let (fields, _) = split(&String::from_utf8_lossy(line), self.delimiter, MAX_COLUMNS);
        let rest = fields.get(self.column_count..).unwrap_or_default();
        count_known(rest, shapes) >= MIN_KNOWN
    }

    /// Splits a row into one field per column. The rows of events may have one more, the message.
    fn fields(&self, line: &[u8], table: &Table) -> Result<Vec<String>, RecordError> {
        let line = std::str::from_utf8(line).map_err(|error| RecordError {
            what: format!("byte {} of the row is not UTF-8", error.valid_up_to()),
            remedy: "save the export as UTF-8",
        })?;
        let expected = self.column_count;
        let max = match table {
            Table::Rows { .. } => expected,
            Table::Events => expected + usize::from(!self.names.iter().any(|name| name == MESSAGE)),
        };
        match split(line, self.delimiter, max) {
            (fields, count) if (expected..=max).contains(&count) => Ok(fields),
            (_, count) => {
                Err(RecordError::new(format!("the row has {count} fields, but the header has {expected}")))
            }
        }
    }
}

/// Splits the header with the separator that is named or, without one, the delimiter that gives the most
/// known columns.
///
/// Spec: TEL-61
fn parse_header(line: &[u8], separator: Option<char>, shapes: &Shapes) -> Header {
    let line = String::from_utf8_lossy(line);
    let line = line.strip_prefix('\u{feff}').unwrap_or(&line).trim_end_matches(['\r', '\n']);
    let header = |delimiter| {
        let (names, column_count) = split(line, delimiter, MAX_COLUMNS);
        let names = names.iter().map(|name| bare_name(name.trim()));
        let (names, local) = names.map(|(name, is_local)| (name.to_owned(), is_local)).unzip();
        Header { delimiter, names, local, column_count }
    };
    if let Some(separator) = separator {
        return header(separator);
    }
    // `max_by_key` returns the last maximum: reversed, the comma wins a tie.
    let best =
        DELIMITERS.map(header).into_iter().rev().max_by_key(|header| count_known(&header.names, shapes));
    best.unwrap_or(Header { delimiter: ',', names: vec![], local: vec![], column_count: 0 })
}

fn count_known(names: &[String], shapes: &Shapes) -> usize {
    names.iter().filter(|name| defender::is_known_column(name) || shapes.is_column(name)).count()
}

#[cfg(test)]
mod tests;
