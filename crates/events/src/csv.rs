//! CSV exports of DeviceProcessEvents, as written by the Defender portal and Log Analytics.

mod record;

use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::format::preamble;
use super::value::Value;
use super::{Item, Options, Place, Position, Sink, defender};
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
    let mut records = RecordReader::new(input);
    let table = loop {
        match records.next() {
            None => return ControlFlow::Continue(()),
            Some(Ok(line)) if preamble::is_csv_preamble(line) => {}
            Some(Ok(header)) => match Table::new(header) {
                Ok(table) => break table,
                Err(error) => return sink(fault(Place::new(name, Position::Whole), error)),
            },
            Some(Err(error)) => {
                sink(fault(Place::new(name, Position::Line(records.start_line())), error))?;
            }
        }
    };
    records.set_delimiter(table.delimiter);
    while let Some(record) = records.next() {
        let fields = match record {
            Ok([]) => continue,
            Ok(record) => table.fields(record).inspect_err(|_| {
                records.unread_all_but_first_line();
            }),
            Err(error) => Err(error),
        };
        let place = Place::new(name, Position::Line(records.start_line()));
        match fields {
            Ok(fields) => table.report(&fields, place, options, sink)?,
            Err(error) => sink(fault(place, error))?,
        }
    }
    ControlFlow::Continue(())
}

fn fault(place: Place, error: RecordError) -> Item {
    Item::fault(place, error.what, error.remedy)
}

/// The structure of a table, as given by its header.
struct Table {
    delimiter: char,
    index: ColumnIndex,
    column_count: usize,
    columns: Arc<[Column]>,
    has_original_file_name: bool,
}

impl Table {
    /// Spec: TEL-45, TEL-61
    fn new(line: &[u8]) -> Result<Self, RecordError> {
        let Header { delimiter, names: header, column_count } = parse_header(line);
        if column_count > MAX_COLUMNS {
            return Err(RecordError {
                what: format!("a header of {column_count} columns has more than {MAX_COLUMNS}"),
                remedy: "export the rows of DeviceProcessEvents, one event in each row",
            });
        }
        let index = ColumnIndex::new(&header);
        let has = |name: &str| index.get(name).is_some();
        let missing = defender::missing_columns(&has);
        if !missing.is_empty() {
            return Err(RecordError {
                what: format!("the header lacks {}", missing.join(", ")),
                remedy: "export the rows of DeviceProcessEvents with these columns",
            });
        }
        let has_original_file_name = has(defender::ORIGINAL_FILE_NAME);
        let columns = defender::columns_of_header(&header);
        Ok(Self { delimiter, index, column_count, columns, has_original_file_name })
    }

    /// Splits a row into one field per column.
    fn fields(&self, line: &[u8]) -> Result<Vec<String>, RecordError> {
        let line = std::str::from_utf8(line).map_err(|error| RecordError {
            what: format!("byte {} of the row is not UTF-8", error.valid_up_to()),
            remedy: "save the export as UTF-8",
        })?;
        let expected = self.column_count;
        match split(line, self.delimiter, expected) {
            (fields, count) if count == expected => Ok(fields),
            (_, count) => {
                Err(RecordError::new(format!("the row has {count} fields, but the header has {expected}")))
            }
        }
    }

    fn report(
        &self,
        fields: &[String],
        place: Place,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let values: Vec<Value<'_>> = fields.iter().map(|field| Value::Text(field.as_str().into())).collect();
        let find = |name: &str| values.get(self.index.get(name)?);
        match defender::prefilter(&find, self.has_original_file_name, &place, &*options.keep) {
            None => defender::report_row(self.columns.clone(), &find, place, sink),
            Some(item) => sink(item),
        }
    }
}

/// Whether a line is the header of a table of DeviceProcessEvents.
///
/// Spec: TEL-69
pub(super) fn is_header(line: &[u8]) -> bool {
    count_known(&parse_header(line).names) >= 2
}

/// The header of a table.
struct Header {
    delimiter: char,
    /// The names of the columns, of the first [`MAX_COLUMNS`].
    names: Vec<String>,
    column_count: usize,
}

/// Splits the header with the delimiter that gives the most known columns.
///
/// Spec: TEL-61
fn parse_header(line: &[u8]) -> Header {
    let line = String::from_utf8_lossy(line);
    let line = line.strip_prefix('\u{feff}').unwrap_or(&line).trim_end_matches(['\r', '\n']);
    let candidates = DELIMITERS.map(|delimiter| {
        let (names, column_count) = split(line, delimiter, MAX_COLUMNS);
        let names = names.iter().map(|name| column_name(name).to_owned()).collect();
        Header { delimiter, names, column_count }
    });
    // `max_by_key` returns the last maximum: reversed, the comma wins a tie.
    let best = candidates.into_iter().rev().max_by_key(|header| count_known(&header.names));
    best.unwrap_or(Header { delimiter: ',', names: vec![], column_count: 0 })
}

/// Returns `TimeGenerated` for `TimeGenerated [UTC]`.
///
/// Spec: TEL-61
fn column_name(name: &str) -> &str {
    let name = name.trim();
    name.strip_suffix(" [UTC]").unwrap_or(name)
}

fn count_known(names: &[String]) -> usize {
    names.iter().filter(|name| defender::is_known_column(name)).count()
}

#[cfg(test)]
mod tests;
