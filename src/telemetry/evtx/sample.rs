//! Event logs written for tests.

mod element;
mod template;

use super::{CHUNK, HEADER};
pub(in crate::telemetry) use element::{Content, Element, element, event, leaf};
pub(in crate::telemetry) use template::{Template, Value, templated};

/// What a record of a log holds.
pub(in crate::telemetry) trait Record {
    fn write(&self, chunk: &mut Vec<u8>);
}

/// A log of chunks of records.
pub(in crate::telemetry) fn log<R: Record>(chunks: &[&[R]]) -> Vec<u8> {
    let mut log = b"ElfFile\0".to_vec();
    log.resize(32, 0);
    log.extend(128_u32.to_le_bytes());
    log.extend([1_u16, 3, 4096, chunks.len() as u16].into_iter().flat_map(u16::to_le_bytes));
    log.resize(HEADER as usize, 0);
    let mut id = 1;
    for records in chunks {
        log.extend(chunk(records, id));
        id += records.len() as u64;
    }
    log
}

fn chunk(records: &[impl Record], first: u64) -> Vec<u8> {
    let last = first + records.len() as u64 - 1;
    let mut chunk = vec![0; 512];
    let mut last_at = 0;
    for (record, id) in records.iter().zip(first..) {
        last_at = chunk.len() as u32;
        chunk.extend(b"\x2a\x2a\0\0\0\0\0\0");
        chunk.extend(id.to_le_bytes());
        chunk.extend(133_000_000_000_000_000_u64.to_le_bytes());
        record.write(&mut chunk);
        chunk.push(0);
        let size = chunk.len() as u32 + 4 - last_at;
        chunk.extend(size.to_le_bytes());
        chunk[last_at as usize + 4..][..4].copy_from_slice(&size.to_le_bytes());
    }
    let free = chunk.len() as u32;
    chunk[..8].copy_from_slice(b"ElfChnk\0");
    for (at, value) in [(8, first), (16, last), (24, first), (32, last)] {
        chunk[at..at + 8].copy_from_slice(&value.to_le_bytes());
    }
    for (at, value) in [(40, 128), (44, last_at), (48, free)] {
        chunk[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    chunk.resize(CHUNK as usize, 0);
    chunk
}

fn patch(at: usize, size: usize, chunk: &mut [u8]) {
    chunk[at..at + 4].copy_from_slice(&(size as u32).to_le_bytes());
}
