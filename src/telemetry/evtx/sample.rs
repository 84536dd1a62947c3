//! Event logs written for tests.

use super::{CHUNK, HEADER};

/// A log of chunks of records, each record an XML-like element.
pub(in crate::telemetry) fn log(chunks: &[&[Element]]) -> Vec<u8> {
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

fn chunk(records: &[Element], first: u64) -> Vec<u8> {
    let last = first + records.len() as u64 - 1;
    let mut chunk = vec![0; 512];
    let mut last_at = 0;
    for (record, id) in records.iter().zip(first..) {
        last_at = chunk.len() as u32;
        chunk.extend(b"\x2a\x2a\0\0\0\0\0\0");
        chunk.extend(id.to_le_bytes());
        chunk.extend(133_000_000_000_000_000_u64.to_le_bytes());
        chunk.extend([0x0f, 1, 1, 0]);
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

/// An element: its name, attributes, text and children.
pub(in crate::telemetry) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    text: String,
    children: Vec<Element>,
}

fn element(name: &'static str, children: Vec<Element>) -> Element {
    Element { name, attributes: Vec::new(), text: String::new(), children }
}

fn leaf(name: &'static str, attributes: &[(&'static str, &str)], text: &str) -> Element {
    let attributes = attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Element { attributes, text: text.to_owned(), ..element(name, Vec::new()) }
}

/// A Windows event as it stands in a log.
pub(in crate::telemetry) fn event(provider: &str, id: &str, data: &[(&str, &str)]) -> Element {
    let data = data.iter().map(|(name, value)| leaf("Data", &[("Name", name)], value)).collect();
    let system = vec![
        leaf("Provider", &[("Name", provider)], ""),
        leaf("EventID", &[], id),
        leaf("TimeCreated", &[("SystemTime", "2026-01-02T03:04:05.6789012Z")], ""),
        leaf("EventRecordID", &[], "7"),
        leaf("Channel", &[], "Security"),
        leaf("Computer", &[], "ws07.corp.example"),
    ];
    let mut event = element("Event", vec![element("System", system), element("EventData", data)]);
    event.attributes = vec![("xmlns", "http://schemas.microsoft.com/win/2004/08/events/event".to_owned())];
    event
}

impl Element {
    fn write(&self, chunk: &mut Vec<u8>) {
        let has_attributes = !self.attributes.is_empty();
        chunk.push(if has_attributes { 0x41 } else { 0x01 });
        let size_at = chunk.len();
        chunk.extend([0; 4]);
        write_name(self.name, chunk);
        if has_attributes {
            self.write_attributes(chunk);
        }
        chunk.push(0x02);
        if !self.text.is_empty() {
            write_value(&self.text, chunk);
        }
        for child in &self.children {
            child.write(chunk);
        }
        chunk.push(0x04);
        patch_size(size_at, chunk);
    }

    fn write_attributes(&self, chunk: &mut Vec<u8>) {
        let size_at = chunk.len();
        chunk.extend([0; 4]);
        for (number, (name, value)) in self.attributes.iter().enumerate() {
            chunk.push(if number + 1 < self.attributes.len() { 0x46 } else { 0x06 });
            write_name(name, chunk);
            write_value(value, chunk);
        }
        patch_size(size_at, chunk);
    }
}

fn patch_size(at: usize, chunk: &mut [u8]) {
    let size = (chunk.len() - at - 4) as u32;
    chunk[at..at + 4].copy_from_slice(&size.to_le_bytes());
}

/// A name, written where it is used.
fn write_name(name: &str, chunk: &mut Vec<u8>) {
    let here = chunk.len() as u32 + 4;
    chunk.extend(here.to_le_bytes());
    chunk.extend([0; 6]);
    write_counted(name, chunk);
    chunk.extend([0; 2]);
}

fn write_value(text: &str, chunk: &mut Vec<u8>) {
    chunk.extend([0x05, 0x01]);
    write_counted(text, chunk);
}

fn write_counted(text: &str, chunk: &mut Vec<u8>) {
    chunk.extend((text.encode_utf16().count() as u16).to_le_bytes());
    chunk.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
}
