//! Writes Windows event logs (EVTX files) for tests and for fuzzing.
//!
//! [`write_log`] writes chunks of records. A record holds an [`Element`] in binary XML, a
//! [`Template`] with its values, or arbitrary bytes.

mod element;
mod template;

pub use element::{Content, Element, element, event, leaf};
use evtx::checksum_ieee;
pub use template::{Template, Value, event_template};

/// The size of the header of a log, which is before the first chunk.
pub const LOG_HEADER_SIZE: usize = 4096;
/// The size of a chunk.
pub const CHUNK_SIZE: usize = 65536;
/// The size of the header of a chunk, which is before its first record.
const CHUNK_HEADER_SIZE: usize = 512;
/// The size of the header of a record, which is before its data.
const RECORD_HEADER_SIZE: usize = 24;
/// The size of what follows the data of a record: the end token, and the record's size.
const RECORD_TRAILER_SIZE: usize = 5;
const NAMESPACE: &str = "http://schemas.microsoft.com/win/2004/08/events/event";

/// The data of a record.
pub trait RecordData {
    fn write(&self, chunk: &mut ChunkWriter);
}

/// Arbitrary bytes, cut off where the chunk is full.
impl RecordData for Vec<u8> {
    fn write(&self, chunk: &mut ChunkWriter) {
        let free = CHUNK_SIZE - chunk.bytes.len() - RECORD_TRAILER_SIZE;
        chunk.bytes.extend(self.iter().take(free));
    }
}

/// Returns the bytes of some data, as they are in the first record of a log.
pub fn record_bytes(data: &impl RecordData) -> Vec<u8> {
    let start = CHUNK_HEADER_SIZE + RECORD_HEADER_SIZE;
    let mut chunk = ChunkWriter::new(start);
    data.write(&mut chunk);
    chunk.bytes.split_off(start)
}

/// Returns a log of these chunks, each a list of records.
pub fn write_log<R: RecordData>(chunks: &[&[R]]) -> Vec<u8> {
    let mut log = b"ElfFile\0".to_vec();
    let records: usize = chunks.iter().map(|records| records.len()).sum();
    let last_chunk = chunks.len().saturating_sub(1);
    log.extend([0, last_chunk as u64, records as u64 + 1].into_iter().flat_map(u64::to_le_bytes));
    log.extend(128_u32.to_le_bytes());
    log.extend([1_u16, 3, 4096, chunks.len() as u16].into_iter().flat_map(u16::to_le_bytes));
    log.resize(LOG_HEADER_SIZE, 0);
    write_header_checksum(&mut log);
    let mut first_id = 1;
    for records in chunks {
        let mut chunk = ChunkWriter::new(CHUNK_HEADER_SIZE);
        for (record, id) in records.iter().zip(first_id..) {
            chunk.write_record(id, record);
        }
        let next_id = first_id + records.len() as u64;
        log.extend(chunk.finish(first_id, next_id - 1));
        first_id = next_id;
    }
    log
}

/// Writes the checksum of the header of a log.
pub fn write_header_checksum(log: &mut [u8]) {
    let checksum = checksum_ieee(&log[..120]);
    log[124..128].copy_from_slice(&checksum.to_le_bytes());
}

/// Writes the checksums of the records and of the header of a chunk.
pub fn write_chunk_checksums(chunk: &mut [u8]) {
    let end = u32::from_le_bytes(*chunk[48..].first_chunk().unwrap()) as usize;
    let records = checksum_ieee(&chunk[CHUNK_HEADER_SIZE..end]);
    chunk[52..56].copy_from_slice(&records.to_le_bytes());
    let header = checksum_ieee(&[&chunk[..120], &chunk[128..CHUNK_HEADER_SIZE]].concat());
    chunk[124..128].copy_from_slice(&header.to_le_bytes());
}

/// Writes one chunk of a log.
#[derive(Default)]
pub struct ChunkWriter {
    bytes: Vec<u8>,
    /// The offset of the last record.
    last_record: usize,
    /// The templates that the chunk defines, each with its offset.
    templates: Vec<(Element, u32)>,
}

impl ChunkWriter {
    /// Begins a chunk, with zeros up to an offset.
    fn new(offset: usize) -> Self {
        Self { bytes: vec![0; offset], ..Self::default() }
    }

    fn write_record(&mut self, id: u64, data: &impl RecordData) {
        self.last_record = self.bytes.len();
        self.bytes.extend(b"\x2a\x2a\0\0\0\0\0\0");
        self.bytes.extend(id.to_le_bytes());
        self.bytes.extend(133_000_000_000_000_000_u64.to_le_bytes());
        data.write(self);
        self.bytes.push(0);
        let size = self.bytes.len() + 4 - self.last_record;
        self.bytes.extend((size as u32).to_le_bytes());
        self.patch(self.last_record + 4, size);
    }

    fn finish(mut self, first_id: u64, last_id: u64) -> Vec<u8> {
        self.bytes[..8].copy_from_slice(b"ElfChnk\0");
        for (offset, id) in [(8, first_id), (16, last_id), (24, first_id), (32, last_id)] {
            self.bytes[offset..offset + 8].copy_from_slice(&id.to_le_bytes());
        }
        let end = self.bytes.len();
        for (offset, value) in [(40, 128), (44, self.last_record), (48, end)] {
            self.patch(offset, value);
        }
        self.bytes.resize(CHUNK_SIZE, 0);
        write_chunk_checksums(&mut self.bytes);
        self.bytes
    }

    /// Writes the size of something, and then the thing itself.
    fn write_sized(&mut self, write: impl FnOnce(&mut Self)) {
        let offset = self.bytes.len();
        self.bytes.extend([0; 4]);
        write(self);
        self.patch(offset, self.bytes.len() - offset - 4);
    }

    /// Writes a text as UTF-16, after its length.
    fn write_text(&mut self, text: &str) {
        self.bytes.extend((text.encode_utf16().count() as u16).to_le_bytes());
        self.bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }

    fn patch(&mut self, offset: usize, value: usize) {
        self.bytes[offset..offset + 4].copy_from_slice(&(value as u32).to_le_bytes());
    }
}
