//! CSV exports of DeviceProcessEvents, as written by the Defender portal and Log Analytics.

mod record;

use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::value::Value;
use super::{Item, Options, Place, Position, Sink, defender};
use record::{RecordError, RecordReader, split};
use rulespec::kql::Column;

const DELIMITERS: [char; 3] = [',', ';', '\t'];

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
            Some(Ok([])) => {}
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
    header: Vec<String>,
    columns: Arc<[Column]>,
    has_original_file_name: bool,
}

impl Table {
    /// Spec: TEL-45, TEL-61
    fn new(line: &[u8]) -> Result<Self, RecordError> {
        let (delimiter, header) = parse_header(line);
        let has = |name: &str| header.iter().any(|other| other == name);
        let missing = defender::missing_columns(&has);
        if !missing.is_empty() {
            return Err(RecordError {
                what: format!("the header lacks {}", missing.join(", ")),
                remedy: "export the rows of DeviceProcessEvents with these columns",
            });
        }
        let has_original_file_name = has(defender::ORIGINAL_FILE_NAME);
        Ok(Self { delimiter, columns: defender::columns_of_header(&header), has_original_file_name, header })
    }

    /// Splits a row into one field per column.
    fn fields(&self, line: &[u8]) -> Result<Vec<String>, RecordError> {
        let line = std::str::from_utf8(line).map_err(|error| RecordError {
            what: format!("byte {} of the row is not UTF-8", error.valid_up_to()),
            remedy: "save the export as UTF-8",
        })?;
        let fields = split(line, self.delimiter);
        if fields.len() == self.header.len() {
            return Ok(fields);
        }
        let (len, expected) = (fields.len(), self.header.len());
        Err(RecordError::new(format!("the row has {len} fields, but the header has {expected}")))
    }

    fn report(
        &self,
        fields: &[String],
        place: Place,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let values: Vec<Value<'_>> = fields.iter().map(|field| Value::Text(field.as_str().into())).collect();
        let find = |name: &str| values.get(self.header.iter().position(|other| other == name)?);
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
    count_known(&parse_header(line).1) >= 2
}

/// Returns the delimiter that splits the header into the most known columns, and the names of the
/// columns.
///
/// Spec: TEL-61
fn parse_header(line: &[u8]) -> (char, Vec<String>) {
    let line = String::from_utf8_lossy(line);
    let line = line.strip_prefix('\u{feff}').unwrap_or(&line).trim_end_matches(['\r', '\n']);
    let candidates = DELIMITERS.map(|delimiter| {
        let names = split(line, delimiter).iter().map(|name| column_name(name).to_owned()).collect();
        (delimiter, names)
    });
    // `max_by_key` returns the last maximum: reversed, the comma wins a tie.
    let best = candidates.into_iter().rev().max_by_key(|(_, names): &(char, Vec<String>)| count_known(names));
    best.unwrap_or((',', vec![]))
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
