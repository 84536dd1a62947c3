//! Damages event logs, and checks that the reader loses no other record in silence.

mod damaged;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::Range;

use rulespec::kql::Dynamic;
use rulespec_events::{Fault, Item, Position, WindowsEvent, evtx};

use crate::event_log::{CHUNK_SIZE, LOG_HEADER_SIZE, event, event_template, write_log};
use crate::reader::collect_items;
use damaged::{Damaged, Random};

const CHUNK_HEADER_SIZE: usize = 512;

/// A record of an intact log.
#[derive(Debug, Clone)]
pub struct KnownRecord {
    pub id: u64,
    /// Its own bytes.
    pub bytes: Range<usize>,
    /// Other bytes that its event depends on.
    pub needed: Vec<Range<usize>>,
}

/// An intact log.
pub struct KnownLog {
    pub bytes: Vec<u8>,
    records: Vec<KnownRecord>,
    /// The row of each process creation, by record id.
    rows: BTreeMap<u64, Vec<Dynamic>>,
}

impl KnownLog {
    /// A log with these records, which are all that it has.
    pub fn new(bytes: Vec<u8>, records: Vec<KnownRecord>) -> Self {
        let contents = read(&bytes);
        assert_eq!(contents.faults, []);
        assert_eq!(contents.events.len() + contents.others, records.len());
        let rows = contents.events.into_iter().map(|(id, mut rows)| (id, rows.remove(0))).collect();
        Self { bytes, records, rows }
    }

    /// A log by `write_log`. If its records are templates, the first record of each chunk must
    /// define those of all others.
    pub fn written(bytes: Vec<u8>, has_templates: bool) -> Self {
        let mut records = vec![];
        for chunk in (LOG_HEADER_SIZE..bytes.len()).step_by(CHUNK_SIZE) {
            let mut start = chunk + CHUNK_HEADER_SIZE;
            let mut first = None;
            while bytes[start..].starts_with(b"\x2a\x2a\0\0") {
                let field = |offset: usize| &bytes[start + offset..];
                let end = start + u32::from_le_bytes(*field(4).first_chunk().unwrap()) as usize;
                let first = first.get_or_insert(start..end).clone();
                let id = u64::from_le_bytes(*field(8).first_chunk().unwrap());
                let needed = Some(first).filter(|_| has_templates).into_iter().collect();
                records.push(KnownRecord { id, bytes: start..end, needed });
                start = end;
            }
        }
        Self::new(bytes, records)
    }
}

/// Two logs of several chunks, whose records differ in their command lines: one without templates,
/// and one with templates.
pub fn written_logs() -> [KnownLog; 2] {
    let sysmon = "Microsoft-Windows-Sysmon";
    let line = |number: usize| format!("x.exe /job {number}{}", " and more".repeat(number % 7));
    let element = |number: usize| {
        let data = [("Image", r"C:\a.exe"), ("CommandLine", &line(number))];
        event(sysmon, "1", &data)
    };
    let event = WindowsEvent { provider: sysmon.to_owned(), event_id: 1, ..WindowsEvent::default() };
    let template = |number: usize| {
        let data = [("Image", r"C:\a.exe".into()), ("CommandLine", line(number).as_str().into())];
        event_template(&event, &data)
    };
    let elements: Vec<_> = (0..90).map(element).collect();
    let templates: Vec<_> = (0..180).map(template).collect();
    let elements = write_log(&elements.chunks(30).collect::<Vec<_>>());
    let templates = write_log(&templates.chunks(60).collect::<Vec<_>>());
    [KnownLog::written(elements, false), KnownLog::written(templates, true)]
}

/// What became of the records that were not damaged.
#[derive(Debug, Default)]
pub struct Tally {
    pub damaged_logs: usize,
    pub untouched: usize,
    pub lost: usize,
    /// Descriptions of the records that were lost without a fault that names them.
    pub silent: Vec<String>,
    /// Descriptions of damaged logs with events that are not of the intact log, nor of a record that
    /// is damaged.
    invented: Vec<String>,
}

impl Tally {
    /// Damages a log and reads it.
    pub fn add(&mut self, log: &KnownLog, seed: u64) {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        random.below(1);
        let damaged = Damaged::new(log, &mut random);
        let read = read(&damaged.bytes);
        let untouched = || log.records.iter().filter(|record| !damaged.has_touched(record));
        let mut rows = read.events.values().flatten().collect::<Vec<_>>();
        let mut other_records = read.others;
        self.damaged_logs += 1;
        for record in untouched() {
            self.untouched += 1;
            let is_read = match log.rows.get(&record.id) {
                Some(row) => {
                    let found = rows.iter().position(|found| *found == row);
                    found.map(|at| rows.swap_remove(at)).is_some()
                }
                None => {
                    let is_read = other_records > 0;
                    other_records -= usize::from(is_read);
                    is_read
                }
            };
            if is_read {
                continue;
            }
            self.lost += 1;
            if !read.faults.iter().any(|fault| names(fault, record)) {
                let faults: Vec<String> = read.faults.iter().map(Fault::to_string).collect();
                let what = format!("seed {seed}: {}: {record:?}: {faults:#?}", damaged.description);
                self.silent.push(what);
            }
        }
        // The rows that are left are those of damaged records.
        let touched = log.records.len() - untouched().count();
        let unknown = rows.iter().filter(|row| !log.rows.values().any(|known| known == **row)).count();
        if unknown > touched && !damaged.has_copy {
            self.invented.push(format!("seed {seed}: {}", damaged.description));
        }
    }

    /// Asserts that no record was lost in silence, that at most one of a thousand was lost at all,
    /// and that no event was invented.
    pub fn assert_almost_complete(&self) {
        crate::assert_none("damaged logs have events that no record has", &self.invented);
        assert!(self.silent.is_empty(), "{} records are lost: {}", self.silent.len(), self.silent[0]);
        assert!(self.lost * 1000 <= self.untouched, "{} of {} are lost", self.lost, self.untouched);
    }
}

#[derive(Default)]
struct Contents {
    /// The rows by record id.
    events: BTreeMap<u64, Vec<Vec<Dynamic>>>,
    /// The number of records that are no process creations.
    others: usize,
    faults: Vec<Fault>,
}

fn read(log: &[u8]) -> Contents {
    let mut contents = Contents::default();
    let items = collect_items(
        None,
        |_| true,
        |options, sink| evtx::read(Cursor::new(log), &"log".into(), options, sink),
    );
    for item in items {
        match item {
            Item::Event(event) => {
                let Position::Record(id) = event.place.position else { panic!("{event:?}") };
                contents.events.entry(id).or_default().push(event.row);
            }
            Item::Filtered(_) | Item::Skipped(_) => contents.others += 1,
            Item::Fault(fault) => contents.faults.push(fault),
        }
    }
    contents
}

/// Whether a fault names a record, its chunk, or a cut before it.
fn names(fault: &Fault, record: &KnownRecord) -> bool {
    let start = record.bytes.start;
    let chunk = (start - LOG_HEADER_SIZE) / CHUNK_SIZE;
    match fault.place.position {
        Position::Record(id) => id == record.id,
        Position::Byte(byte) => {
            let byte = byte as usize;
            let is_in_chunk = byte >= LOG_HEADER_SIZE && (byte - LOG_HEADER_SIZE) / CHUNK_SIZE == chunk;
            is_in_chunk || byte <= start && fault.what.contains("truncated") || lists(&fault.what, chunk)
        }
        Position::Whole => lists(&fault.what, chunk) || fault.what.contains("log cannot be read"),
        Position::Line(_) | Position::Element(_) => false,
    }
}

/// Whether a text lists a chunk, as in "chunks 1 to 3, 7".
fn lists(text: &str, chunk: usize) -> bool {
    let Some((_, list)) = text.split_once("chunk") else { return false };
    let words: Vec<&str> = list.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<usize>().ok());
    (0..words.len()).any(|at| match (number(at), words.get(at + 1), number(at + 2)) {
        (Some(first), Some(&"to"), Some(last)) => (first..=last).contains(&chunk),
        (Some(only), _, _) => only == chunk,
        (None, _, _) => false,
    })
}
