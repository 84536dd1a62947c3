//! CSV exports of DeviceProcessEvents, as the Defender portal and Log Analytics
//! write them.

mod record;

use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::value::Value;
use super::{Fault, Item, Options, Place, Position, Sink, defender};
use record::{Broken, LONGEST, Records, split};
use rulespec::kql::Column;

/// The characters that may stand between fields.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// Reads CSV that begins with a header, and hands on each row as an item.
///
/// It holds one row at a time, at most 16 MiB of it, and what is broken costs no
/// other row. Returns `Break` only where `sink` did.
///
/// Spec: TEL-45, TEL-61, TEL-62, TEL-63, TEL-64, TEL-68
pub fn read(input: impl BufRead, name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let place = |line| Place { file: name.clone(), position: Position::Line(line) };
    let mut records = Records::new(input);
    let mut table: Option<Table> = None;
    while let Some(record) = records.next() {
        let fields = match (&record, &table) {
            (Ok([]), _) => continue,
            (Ok(bytes), Some(table)) => table.fields(bytes),
            (Ok(bytes), None) => match Table::new(bytes) {
                Ok(its) => {
                    records.set_delimiter(its.delimiter);
                    table = Some(its);
                    continue;
                }
                Err(missing) => {
                    let place = Place { file: name.clone(), position: Position::Whole };
                    return sink(Item::Fault(missing.at(place)));
                }
            },
            (Err(broken), _) => Err(Wrong::from(broken)),
        };
        let was_read = record.is_ok();
        let place = place(records.start());
        match (fields, &table) {
            (Ok(fields), Some(table)) => table.hand_on(&fields, place, options, sink)?,
            (Ok(_), None) => {}
            (Err(wrong), _) => {
                if was_read {
                    records.give_back();
                }
                sink(Item::Fault(wrong.at(place)))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// What is wrong with a record, and what to do about it.
struct Wrong {
    what: String,
    remedy: &'static str,
}

impl Wrong {
    fn new(what: String) -> Self {
        Self { what, remedy: "correct the row, or export it again" }
    }

    fn at(self, place: Place) -> Fault {
        Fault { place, what: self.what, remedy: self.remedy.to_owned() }
    }
}

impl From<&Broken> for Wrong {
    fn from(broken: &Broken) -> Self {
        match broken {
            Broken::Input(error, remedy) => Self { what: error.clone(), remedy },
            Broken::Quote => Self::new("a quote is never closed".to_owned()),
            Broken::TooLong(length) => {
                Self::new(format!("a row of {length} bytes is longer than {LONGEST} bytes"))
            }
        }
    }
}

/// What the header says.
struct Table {
    delimiter: char,
    header: Vec<String>,
    columns: Arc<[Column]>,
    has_original: bool,
}

impl Table {
    /// Spec: TEL-45, TEL-61
    fn new(line: &[u8]) -> Result<Self, Wrong> {
        let (delimiter, header) = header(line);
        let has = |name: &str| header.iter().any(|its| its == name);
        let missing = defender::lacking(&has);
        if !missing.is_empty() {
            return Err(Wrong {
                what: format!("the header lacks {}", missing.join(", ")),
                remedy: "export the rows of DeviceProcessEvents with these columns",
            });
        }
        let has_original = has("ProcessVersionInfoOriginalFileName");
        Ok(Self { delimiter, columns: defender::columns_of_header(&header), has_original, header })
    }

    /// The fields of a row, one a column.
    fn fields(&self, line: &[u8]) -> Result<Vec<String>, Wrong> {
        let line = std::str::from_utf8(line).map_err(|error| Wrong {
            what: format!("byte {} of the row is no utf-8", error.valid_up_to()),
            remedy: "save the export as utf-8",
        })?;
        let fields = split(line, self.delimiter);
        if fields.len() == self.header.len() {
            return Ok(fields);
        }
        Err(Wrong::new(format!("a row of {} fields under a header of {}", fields.len(), self.header.len())))
    }

    fn hand_on(
        &self,
        fields: &[String],
        place: Place,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let values: Vec<Value<'_>> = fields.iter().map(|field| Value::Text(field.as_str().into())).collect();
        let find = |name: &str| values.get(self.header.iter().position(|its| its == name)?);
        match defender::unwanted(&find, self.has_original, &place, &*options.keep) {
            None => defender::hand_on_row(self.columns.clone(), &find, place, sink),
            Some(item) => sink(item),
        }
    }
}

/// Whether a line is the header of a table whose columns are known here.
///
/// Spec: TEL-69
pub(super) fn is_header(line: &[u8]) -> bool {
    count_known(&header(line).1) >= 2
}

/// The delimiter of a header, the one that makes the most known columns of it,
/// and its names.
///
/// Spec: TEL-61
fn header(line: &[u8]) -> (char, Vec<String>) {
    let line = String::from_utf8_lossy(line);
    let line = line.strip_prefix('\u{feff}').unwrap_or(&line).trim_end_matches(['\r', '\n']);
    let ways = DELIMITERS.map(|delimiter| {
        let names = split(line, delimiter).iter().map(|name| column_name(name).to_owned()).collect();
        (delimiter, names)
    });
    // Of equals the first, so that the comma is what is left.
    let best = ways.into_iter().rev().max_by_key(|(_, names): &(char, Vec<String>)| count_known(names));
    best.unwrap_or((',', vec![]))
}

/// `TimeGenerated` of `TimeGenerated [UTC]`.
///
/// Spec: TEL-61
fn column_name(name: &str) -> &str {
    let name = name.trim();
    name.strip_suffix(" [UTC]").unwrap_or(name)
}

fn count_known(names: &[String]) -> usize {
    names.iter().filter(|name| defender::is_known(name)).count()
}

#[cfg(test)]
mod tests;
