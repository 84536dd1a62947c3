//! Damages event logs, and checks that the reader loses no other record in silence.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::Range;

use rulespec::kql::Dynamic;
use rulespec_events::{Fault, Item, Position, WindowsEvent, evtx};

use crate::event_log::{CHUNK_SIZE, LOG_HEADER_SIZE, event, event_template, write_log};
use crate::reader::collect_items;

const CHUNK_HEADER_SIZE: usize = 512;
/// The fields of the header of a log: offset and length.
const LOG_FIELDS: [(usize, usize); 10] =
    [(8, 8), (16, 8), (24, 8), (32, 4), (36, 2), (38, 2), (40, 2), (42, 2), (120, 4), (124, 4)];
/// The fields of the header of a chunk. The last two are an entry of the table of names and one of the
/// table of templates.
const CHUNK_FIELDS: [(usize, usize); 13] = [
    (0, 8),
    (8, 8),
    (16, 8),
    (24, 8),
    (32, 8),
    (40, 4),
    (44, 4),
    (48, 4),
    (52, 4),
    (120, 4),
    (124, 4),
    (128, 4),
    (384, 4),
];
/// The fields of the header of a record.
const RECORD_FIELDS: [(usize, usize); 4] = [(0, 4), (4, 4), (8, 8), (16, 8)];

/// A record of an intact log.
#[derive(Debug, Clone)]
pub struct KnownRecord {
    pub id: u64,
    /// Its own bytes first, then others that its event depends on.
    pub ranges: Vec<Range<usize>>,
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
                let others = Some(first).filter(|_| has_templates);
                records.push(KnownRecord { id, ranges: [start..end].into_iter().chain(others).collect() });
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

/// A random number generator (xorshift), so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    /// A number below a positive limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

/// A damaged log.
pub struct Damaged {
    pub bytes: Vec<u8>,
    /// The bytes that differ, or may differ, from those of the intact log.
    touched: Vec<Range<usize>>,
    pub description: String,
}

impl Damaged {
    /// Damages a log in one to three ways.
    pub fn new(log: &KnownLog, random: &mut Random) -> Self {
        let mut damaged = Self { bytes: log.bytes.clone(), touched: vec![], description: String::new() };
        for _ in 0..=random.below(3) {
            match random.below(8) {
                0 | 1 => damaged.flip_bits(random),
                2..=4 => damaged.edit_field(log, random),
                5 => damaged.zero(random),
                6 => damaged.duplicate_chunk(random),
                _ => damaged.truncate(log, random),
            }
        }
        damaged
    }

    fn note(&mut self, what: &str, range: Range<usize>) {
        self.description.push_str(&format!("{what} {range:?}; "));
        self.touched.push(range);
    }

    fn flip_bits(&mut self, random: &mut Random) {
        let chunk = self.chunk(random);
        for _ in 0..=random.below(4) {
            let at = match random.below(4) {
                0 => random.below(128),
                1 => chunk + random.below(CHUNK_HEADER_SIZE),
                _ => chunk + random.below(CHUNK_SIZE),
            };
            if let Some(byte) = self.bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
                self.note("flip", at..at + 1);
            }
        }
    }

    fn edit_field(&mut self, log: &KnownLog, random: &mut Random) {
        let (start, (offset, len)) = match random.below(6) {
            0 => (0, random.pick(&LOG_FIELDS)),
            1..=3 => {
                let (offset, len) = random.pick(&CHUNK_FIELDS);
                let entry = if offset < 128 { 0 } else { 4 * random.below(32) };
                (self.chunk(random), (offset + entry, len))
            }
            _ => {
                let record = &log.records[random.below(log.records.len())].ranges[0];
                let (offset, len) = random.pick(&RECORD_FIELDS);
                if random.below(5) == 0 { (record.end - 4, (0, 4)) } else { (record.start, (offset, len)) }
            }
        };
        let at = start + offset;
        let Some(field) = self.bytes.get_mut(at..at + len) else { return };
        let old = field.iter().rev().fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
        let random_value = random.0;
        let values = [
            0,
            1,
            512,
            u64::MAX,
            old.wrapping_add(1),
            old.wrapping_sub(1),
            old.wrapping_mul(2),
            random_value,
        ];
        field.copy_from_slice(&random.pick(&values).to_le_bytes()[..len]);
        self.note("edit", at..at + len);
    }

    fn zero(&mut self, random: &mut Random) {
        let block = random.pick(&[1, 64, 512, 4096]);
        let at = random.below(self.bytes.len() / block + 1) * block;
        let end = (at + block * (1 + random.below(4))).min(self.bytes.len());
        self.bytes[at..end].fill(0);
        self.note("zero", at..end);
    }

    /// Copies a chunk to the end of the log, or over another chunk.
    fn duplicate_chunk(&mut self, random: &mut Random) {
        let (from, to) = (self.chunk(random), self.chunk(random));
        let Some(chunk) = self.bytes.get(from..from + CHUNK_SIZE).map(<[u8]>::to_vec) else { return };
        if random.below(2) == 0 && (self.bytes.len() - LOG_HEADER_SIZE).is_multiple_of(CHUNK_SIZE) {
            self.bytes.extend(chunk);
        } else if let Some(target) = self.bytes.get_mut(to..to + CHUNK_SIZE)
            && from != to
        {
            target.copy_from_slice(&chunk);
            self.note("overwrite", to..to + CHUNK_SIZE);
        }
    }

    fn truncate(&mut self, log: &KnownLog, random: &mut Random) {
        let len = LOG_HEADER_SIZE + random.below(log.bytes.len() - LOG_HEADER_SIZE);
        if len < self.bytes.len() {
            self.bytes.truncate(len);
            self.note("truncate", len..usize::MAX);
        }
    }

    /// The start of a chunk.
    fn chunk(&self, random: &mut Random) -> usize {
        let chunks = (self.bytes.len() - LOG_HEADER_SIZE) / CHUNK_SIZE;
        LOG_HEADER_SIZE + CHUNK_SIZE * random.below(chunks.max(1))
    }

    fn has_touched(&self, record: &KnownRecord) -> bool {
        record.ranges.iter().any(|needed| {
            self.touched.iter().any(|range| range.start < needed.end && needed.start < range.end)
        })
    }
}

/// What became of the records that were not damaged.
#[derive(Debug, Default)]
pub struct Tally {
    pub damaged_logs: usize,
    pub untouched: usize,
    pub lost: usize,
    /// Descriptions of the records that were lost without a fault that names them.
    pub silent: Vec<String>,
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
            let faults: Vec<String> = read.faults.iter().map(Fault::to_string).collect();
            if std::env::var_os("DBG").is_some() {
                eprintln!(
                    "LOST seed {seed}: {}: id {} {:?}: {faults:#?}",
                    damaged.description,
                    record.id,
                    record.ranges.iter().take(2).collect::<Vec<_>>()
                );
            }
            if !read.faults.iter().any(|fault| names(fault, record)) {
                let faults: Vec<String> = read.faults.iter().map(Fault::to_string).collect();
                let what = format!("seed {seed}: {}: {record:?}: {faults:#?}", damaged.description);
                self.silent.push(what);
            }
        }
    }

    /// Asserts that no record was lost in silence, and at most one of a thousand at all.
    pub fn assert_almost_complete(&self) {
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
    let start = record.ranges[0].start;
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
