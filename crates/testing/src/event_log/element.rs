//! Elements in binary XML.

use super::{ChunkWriter, NAMESPACE, RecordData};

/// The content of an element or of an attribute.
#[derive(Clone, PartialEq)]
pub enum Content {
    Text(String),
    /// In a template, the value of that index.
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
    /// In a template, the index of a value. If that value is null, the element is omitted.
    pub depends_on: Option<u16>,
    pub children: Vec<Element>,
}

/// Returns an element that has only children.
pub fn element(name: &'static str, children: Vec<Element>) -> Element {
    Element { name, attributes: Vec::new(), contents: Vec::new(), depends_on: None, children }
}

/// Returns an element without children.
pub fn leaf(name: &'static str, attributes: &[(&'static str, Content)], content: Option<Content>) -> Element {
    let contents = content.into_iter().collect();
    Element { attributes: attributes.to_vec(), contents, ..element(name, Vec::new()) }
}

/// Returns a Windows event as one element, without templates.
pub fn event(provider: &str, id: &str, data: &[(&str, &str)]) -> Element {
    let text = |text: &str| Some(text.into()).filter(|_| !text.is_empty());
    let field = |(name, value): &(&str, &str)| leaf("Data", &[("Name", (*name).into())], text(value));
    let system = vec![
        leaf("Provider", &[("Name", provider.into())], None),
        leaf("EventID", &[], text(id)),
        leaf("TimeCreated", &[("SystemTime", "2026-01-02T03:04:05.6789012Z".into())], None),
        leaf("EventRecordID", &[], text("7")),
        leaf("Channel", &[], text("Security")),
        leaf("Computer", &[], text("ws07.corp.example")),
    ];
    let data = element("EventData", data.iter().map(field).collect());
    let mut event = element("Event", vec![element("System", system), data]);
    event.attributes = vec![("xmlns", NAMESPACE.into())];
    event
}

impl RecordData for Element {
    fn write(&self, chunk: &mut ChunkWriter) {
        chunk.bytes.extend([0x0f, 1, 1, 0]);
        self.write_tokens(false, chunk);
    }
}

impl Element {
    /// Writes the tokens of the element, which differ slightly within a template.
    pub(super) fn write_tokens(&self, in_template: bool, chunk: &mut ChunkWriter) {
        let has_attributes = !self.attributes.is_empty();
        chunk.bytes.push(if has_attributes { 0x41 } else { 0x01 });
        if in_template {
            chunk.bytes.extend(self.depends_on.unwrap_or(0xffff).to_le_bytes());
        }
        chunk.write_sized(|chunk| {
            write_name(self.name, chunk);
            if has_attributes {
                chunk.write_sized(|chunk| self.write_attributes(chunk));
            }
            chunk.bytes.push(0x02);
            for child in &self.children {
                child.write_tokens(in_template, chunk);
            }
            for content in &self.contents {
                write_content(content, chunk);
            }
            chunk.bytes.push(0x04);
        });
    }

    fn write_attributes(&self, chunk: &mut ChunkWriter) {
        for (number, (name, value)) in (1..).zip(&self.attributes) {
            chunk.bytes.push(if number < self.attributes.len() { 0x46 } else { 0x06 });
            write_name(name, chunk);
            write_content(value, chunk);
        }
    }
}

/// Writes a reference to a name, and the name itself right after it.
fn write_name(name: &str, chunk: &mut ChunkWriter) {
    let offset = chunk.bytes.len() as u32 + 4;
    chunk.bytes.extend(offset.to_le_bytes());
    chunk.bytes.extend([0; 6]);
    chunk.write_text(name);
    chunk.bytes.extend([0; 2]);
}

fn write_content(content: &Content, chunk: &mut ChunkWriter) {
    match content {
        Content::Text(text) => {
            chunk.bytes.extend([0x05, 0x01]);
            chunk.write_text(text);
        }
        Content::Value(index) => {
            chunk.bytes.push(0x0d);
            chunk.bytes.extend(index.to_le_bytes());
            chunk.bytes.push(0x01);
        }
    }
}
