//! Templates with their values, the form in which Windows itself writes events.

use jiff::Timestamp;

use super::{ChunkWriter, Content, Element, NAMESPACE, RecordData, element, leaf};
use rulespec_events::WindowsEvent;

/// The seconds from 1601, where Windows times begin, to 1970.
const SECONDS_BEFORE_1970: i128 = 11_644_473_600;

/// A value of a template.
#[derive(Clone)]
pub enum Value {
    Null,
    /// UTF-16, not necessarily well-formed.
    Text(Vec<u16>),
    U16(u16),
    U64(u64),
    Time(Timestamp),
    Template(Template),
    /// Bytes of the type with this code.
    Other(u8, Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.encode_utf16().collect())
    }
}

/// A template with its values. The first record of a chunk that uses it also defines it.
#[derive(Clone)]
pub struct Template {
    pub definition: Element,
    pub values: Vec<Value>,
}

/// Returns a Windows event as Windows writes it. The values of the outer template are the
/// provider, the event id, the data, which are another template, and the remaining fields
/// of `System`.
pub fn event_template(event: &WindowsEvent, data: &[(&str, Value)]) -> Template {
    let value = |index| Some(Content::Value(index));
    let field =
        |(index, (name, _)): (u16, &(&str, Value))| leaf("Data", &[("Name", (*name).into())], value(index));
    let inner = Template {
        definition: element("EventData", (0..).zip(data).map(field).collect()),
        values: data.iter().map(|(_, value)| value.clone()).collect(),
    };
    let optional = |name, index| Element { depends_on: Some(index), ..leaf(name, &[], value(index)) };
    let system = vec![
        leaf("Provider", &[("Name", Content::Value(0))], None),
        optional("EventID", 1),
        optional("Version", 3),
        leaf("TimeCreated", &[("SystemTime", Content::Value(4))], None),
        optional("EventRecordID", 5),
        optional("Channel", 6),
        leaf("Computer", &[], Some(event.computer.as_str().into())),
    ];
    let definition = Element {
        contents: vec![Content::Value(2)],
        depends_on: Some(2),
        attributes: vec![("xmlns", NAMESPACE.into())],
        ..element("Event", vec![element("System", system)])
    };
    let values = vec![
        event.provider.as_str().into(),
        Value::U16(event.event_id as u16),
        Value::Template(inner),
        event.version.map_or(Value::Null, |version| Value::U16(version as u16)),
        event.time_created.parse().map_or(Value::Null, Value::Time),
        event.record_id.map_or(Value::Null, Value::U64),
        event.channel.as_str().into(),
    ];
    Template { definition, values }
}

impl RecordData for Template {
    fn write(&self, chunk: &mut ChunkWriter) {
        chunk.bytes.extend([0x0f, 1, 1, 0, 0x0c, 1, 1, 0, 0, 0]);
        match chunk.templates.iter().find(|(definition, _)| *definition == self.definition) {
            Some((_, offset)) => chunk.bytes.extend(offset.to_le_bytes()),
            None => self.write_definition(chunk),
        }
        chunk.bytes.extend((self.values.len() as u32).to_le_bytes());
        let descriptors = chunk.bytes.len();
        chunk.bytes.extend(self.values.iter().flat_map(|value| [0, 0, value.type_code(), 0]));
        for (index, value) in self.values.iter().enumerate() {
            let start = chunk.bytes.len();
            value.write(chunk);
            let size = (chunk.bytes.len() - start) as u16;
            chunk.bytes[descriptors + 4 * index..][..2].copy_from_slice(&size.to_le_bytes());
        }
    }
}

impl Template {
    fn write_definition(&self, chunk: &mut ChunkWriter) {
        let offset = chunk.bytes.len() as u32 + 4;
        chunk.templates.push((self.definition.clone(), offset));
        chunk.bytes.extend(offset.to_le_bytes());
        chunk.bytes.extend([0; 20]);
        chunk.write_sized(|chunk| {
            chunk.bytes.extend([0x0f, 1, 1, 0]);
            self.definition.write_tokens(true, chunk);
            chunk.bytes.push(0);
        });
    }
}

impl Value {
    fn type_code(&self) -> u8 {
        match self {
            Self::Null => 0x00,
            Self::Text(_) => 0x01,
            Self::U16(_) => 0x06,
            Self::U64(_) => 0x0a,
            Self::Time(_) => 0x11,
            Self::Template(_) => 0x21,
            Self::Other(code, _) => *code,
        }
    }

    fn write(&self, chunk: &mut ChunkWriter) {
        let bytes = &mut chunk.bytes;
        match self {
            Self::Null => {}
            Self::Text(units) => bytes.extend(units.iter().copied().flat_map(u16::to_le_bytes)),
            Self::U16(number) => bytes.extend(number.to_le_bytes()),
            Self::U64(number) => bytes.extend(number.to_le_bytes()),
            Self::Time(time) => {
                let ticks = time.as_nanosecond() / 100 + SECONDS_BEFORE_1970 * 10_000_000;
                bytes.extend((ticks as u64).to_le_bytes());
            }
            Self::Template(template) => template.write(chunk),
            Self::Other(_, value) => bytes.extend(value),
        }
    }
}
