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
    let mut separator = None;
    let header = loop {
        match records.next() {
            None => return ControlFlow::Continue(()),
            Some(Ok(line)) if preamble::is_csv_preamble(line) => {
                separator = preamble::separator(line).or(separator);
            }
            Some(Ok(header)) => match Header::new(header, separator, &options.shapes) {
                Ok(header) => break header,
                Err(error) => return sink(fault(Place::new(name, Position::Whole), error)),
            },
            Some(Err(error)) => {
                sink(fault(Place::new(name, Position::Line(records.start_line())), error))?;
            }
        }
    };
    let header = Header { names: options.shapes.column_names(header.names), ..header };
    let table = match Table::new(&header, &options.shapes) {
        Ok(table) => table,
        Err(RecordError { what, remedy }) => {
            let fault = Fault::new(Place::new(name, Position::Whole), what, remedy);
            return sink(Item::Fault(Fault { kind: FaultKind::Unrecognised, ..fault }));
        }
    };
    records.set_delimiter(header.delimiter);
    let mut sink = Recognition::new(sink);
    while let Some(record) = records.next() {
        let fields = match record {
            Ok([]) => continue,
            Ok(record) => header.fields(record, &table).inspect_err(|_| {
                records.unread_all_but_first_line();
            }),
            Err(error) => Err(error),
        };
        let place = Place::new(name, Position::Line(records.start_line()));
        match fields {
            Ok(fields) => table.report(&header, &fields, place, options, &mut sink)?,
            Err(error) => sink.take(fault(place, error))?,
        }
    }
    sink.finish(name, &options.shapes, "row", &header.names)
}

fn fault(place: Place, error: RecordError) -> Item {
    Item::fault(place, error.what, error.remedy)
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
    count_known(&parse_header(line, separator, shapes).names, shapes) >= 2
}

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
        Ok(header)
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
