//! Random damage to an event log.

use std::ops::Range;

use super::{CHUNK_HEADER_SIZE, KnownLog, KnownRecord};
use crate::event_log::{CHUNK_SIZE, LOG_HEADER_SIZE};

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

/// A random number generator (xorshift), so that a failure can be repeated.
pub(super) struct Random(pub(super) u64);

impl Random {
    /// A number below a positive limit.
    pub(super) fn below(&mut self, limit: usize) -> usize {
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
pub(super) struct Damaged {
    pub(super) bytes: Vec<u8>,
    /// The bytes that differ, or may differ, from those of the intact log.
    touched: Vec<Range<usize>>,
    /// Whether a chunk is there twice.
    pub(super) has_copy: bool,
    pub(super) description: String,
}

impl Damaged {
    /// Damages a log in one to three ways.
    pub(super) fn new(log: &KnownLog, random: &mut Random) -> Self {
        let mut damaged =
            Self { bytes: log.bytes.clone(), touched: vec![], has_copy: false, description: String::new() };
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
                let record = &log.records[random.below(log.records.len())].bytes;
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
            self.has_copy = true;
        } else if let Some(target) = self.bytes.get_mut(to..to + CHUNK_SIZE)
            && from != to
        {
            target.copy_from_slice(&chunk);
            self.has_copy = true;
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

    /// Whether a record, or what it depends on, may be damaged.
    pub(super) fn has_touched(&self, record: &KnownRecord) -> bool {
        record.needed.iter().chain([&record.bytes]).any(|needed| {
            self.touched.iter().any(|range| range.start < needed.end && needed.start < range.end)
        })
    }
}
