//! Elements as binary XML has them.

use super::{Chunk, NAMESPACE, Record, patch};

/// What stands in an element or in an attribute.
#[derive(Clone, PartialEq)]
pub enum Content {
    Text(String),
    /// In a template, the value of that number.
    Value(u16),
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// An element: its name, attributes, content and children.
#[derive(Clone, PartialEq)]
pub struct Element {
    pub name: &'static str,
    pub attributes: Vec<(&'static str, Content)>,
    pub contents: Vec<Content>,
    /// In a template, the value without which it is left out.
    pub depends_on: Option<u16>,
    pub children: Vec<Element>,
}

pub fn element(name: &'static str, children: Vec<Element>) -> Element {
    Element { name, attributes: Vec::new(), contents: Vec::new(), depends_on: None, children }
}

pub fn leaf(name: &'static str, attributes: &[(&'static str, Content)], content: Option<Content>) -> Element {
    let contents = content.into_iter().collect();
    Element { attributes: attributes.to_vec(), contents, ..element(name, Vec::new()) }
}

/// A Windows event with nothing taken out into templates.
pub fn event(provider: &str, id: &str, data: &[(&str, &str)]) -> Element {
    let text = |text: &str| Some(text.into()).filter(|_| !text.is_empty());
    let datum = |(name, value): &(&str, &str)| leaf("Data", &[("Name", (*name).into())], text(value));
    let system = vec![
        leaf("Provider", &[("Name", provider.into())], None),
        leaf("EventID", &[], text(id)),
        leaf("TimeCreated", &[("SystemTime", "2026-01-02T03:04:05.6789012Z".into())], None),
        leaf("EventRecordID", &[], text("7")),
        leaf("Channel", &[], text("Security")),
        leaf("Computer", &[], text("ws07.corp.example")),
    ];
    let data = element("EventData", data.iter().map(datum).collect());
    let mut event = element("Event", vec![element("System", system), data]);
    event.attributes = vec![("xmlns", NAMESPACE.into())];
    event
}

impl Record for Element {
    fn write(&self, chunk: &mut Chunk) {
        chunk.bytes.extend([0x0f, 1, 1, 0]);
        self.write_tokens(false, &mut chunk.bytes);
    }
}

impl Element {
    /// Writes it, as the definition of a template has it or as a record does.
    pub(super) fn write_tokens(&self, is_defined: bool, chunk: &mut Vec<u8>) {
        let has_attributes = !self.attributes.is_empty();
        chunk.push(if has_attributes { 0x41 } else { 0x01 });
        if is_defined {
            chunk.extend(self.depends_on.unwrap_or(0xffff).to_le_bytes());
        }
        let size_at = chunk.len();
        chunk.extend([0; 4]);
        write_name(self.name, chunk);
        if has_attributes {
            self.write_attributes(chunk);
        }
        chunk.push(0x02);
        for child in &self.children {
            child.write_tokens(is_defined, chunk);
        }
        for content in &self.contents {
            write_content(content, chunk);
        }
        chunk.push(0x04);
        patch(size_at, chunk.len() - size_at - 4, chunk);
    }

    fn write_attributes(&self, chunk: &mut Vec<u8>) {
        let size_at = chunk.len();
        chunk.extend([0; 4]);
        for (number, (name, value)) in self.attributes.iter().enumerate() {
            chunk.push(if number + 1 < self.attributes.len() { 0x46 } else { 0x06 });
            write_name(name, chunk);
            write_content(value, chunk);
        }
        patch(size_at, chunk.len() - size_at - 4, chunk);
    }
}

/// A name, written where it is used.
fn write_name(name: &str, chunk: &mut Vec<u8>) {
    let here = chunk.len() as u32 + 4;
    chunk.extend(here.to_le_bytes());
    chunk.extend([0; 6]);
    write_counted(name, chunk);
    chunk.extend([0; 2]);
}

fn write_content(content: &Content, chunk: &mut Vec<u8>) {
    match content {
        Content::Text(text) => {
            chunk.extend([0x05, 0x01]);
            write_counted(text, chunk);
        }
        Content::Value(number) => {
            chunk.push(0x0d);
            chunk.extend(number.to_le_bytes());
            chunk.push(0x01);
        }
    }
}

fn write_counted(text: &str, chunk: &mut Vec<u8>) {
    chunk.extend((text.encode_utf16().count() as u16).to_le_bytes());
    chunk.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
}
