//! Event logs written for tests and for fuzzing.

mod element;
mod template;

pub use element::{Content, Element, element, event, leaf};
pub use template::{Template, Value, templated};

/// The size of the header of a log, before its first chunk.
pub const HEADER: u64 = 4096;
/// The size of a chunk.
pub const CHUNK: u64 = 65536;
/// The size of the header of a chunk, before its first record.
const CHUNK_HEADER: usize = 512;
const NAMESPACE: &str = "http://schemas.microsoft.com/win/2004/08/events/event";
/// The size of the header of a record.
const RECORD_HEADER: usize = 24;
/// The size of what follows what it holds.
const RECORD_END: usize = 5;

/// A chunk that is being written.
#[derive(Default)]
pub struct Chunk {
    bytes: Vec<u8>,
    /// The templates it defines, and where.
    defined: Vec<(Element, u32)>,
}

/// What a record of a log holds.
pub trait Record {
    fn write(&self, chunk: &mut Chunk);
}

/// Any bytes as what a record holds, as many of them as a chunk has room for.
impl Record for Vec<u8> {
    fn write(&self, chunk: &mut Chunk) {
        let room = CHUNK as usize - chunk.bytes.len() - RECORD_END;
        chunk.bytes.extend(self.iter().take(room));
    }
}

/// What the first record of a log holds.
pub fn contents(record: &impl Record) -> Vec<u8> {
    let mut chunk = Chunk { bytes: vec![0; CHUNK_HEADER + RECORD_HEADER], ..Chunk::default() };
    record.write(&mut chunk);
    chunk.bytes.split_off(CHUNK_HEADER + RECORD_HEADER)
}

/// A log of chunks of records.
pub fn log<R: Record>(chunks: &[&[R]]) -> Vec<u8> {
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
    let mut written = Chunk { bytes: vec![0; CHUNK_HEADER], ..Chunk::default() };
    let mut last_at = 0;
    for (record, id) in records.iter().zip(first..) {
        let chunk = &mut written.bytes;
        last_at = chunk.len() as u32;
        chunk.extend(b"\x2a\x2a\0\0\0\0\0\0");
        chunk.extend(id.to_le_bytes());
        chunk.extend(133_000_000_000_000_000_u64.to_le_bytes());
        record.write(&mut written);
        let chunk = &mut written.bytes;
        chunk.push(0);
        let size = chunk.len() as u32 + 4 - last_at;
        chunk.extend(size.to_le_bytes());
        chunk[last_at as usize + 4..][..4].copy_from_slice(&size.to_le_bytes());
    }
    let mut chunk = written.bytes;
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
