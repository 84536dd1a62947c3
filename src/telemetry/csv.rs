//! CSV exports of DeviceProcessEvents, as the Defender portal and Log Analytics
//! write them.

mod record;

use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

use ::csv::{ReaderBuilder, StringRecord};

use super::value::Value;
use super::{Fault, Item, Options, Place, Position, Sink, Source, defender};
use crate::kql::Column;
use record::Records;

/// The characters that may stand between fields.
const DELIMITERS: [u8; 3] = *b",;\t";

/// Reads CSV that begins with a header, and hands on each row as an item.
///
/// It holds one row at a time, at most 16 MiB of it, and what is broken costs no
/// other row. Returns `Break` only where `sink` did.
///
/// Spec: TEL-45
pub fn read(input: impl BufRead, name: &Arc<str>, options: &Options<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let place = |position| Place { file: name.clone(), position };
    let mut table = None;
    let mut records = Records::new(input);
    while let Some((line, record)) = records.next() {
        let record = record.and_then(|bytes| match &table {
            None => Table::new(bytes).map(Err),
            Some(table) => Table::fields(table, bytes).map(Ok),
        });
        match (record, &table) {
            (Ok(Err(header)), _) => table = Some(header),
            (Ok(Ok(fields)), Some(table)) => table.hand_on(&fields, place(Position::Line(line)), options, sink)?,
            _ => {}
        }
    }
    ControlFlow::Continue(())
}
