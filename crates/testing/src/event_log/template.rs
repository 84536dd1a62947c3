//! Templates and their values, as Windows writes events.

use jiff::Timestamp;

use super::{Chunk, Content, Element, NAMESPACE, Record, element, leaf, patch};
use rulespec_events::WindowsEvent;

/// How many seconds before 1970 the times of Windows begin.
const BEFORE_1970: i128 = 11_644_473_600;

/// A value of a template.
#[derive(Clone)]
pub enum Value {
    Null,
    /// UTF-16, be it well-formed or not.
    Text(Vec<u16>),
    U16(u16),
    U64(u64),
    Time(Timestamp),
    Template(Template),
    /// Bytes of any type.
    Other(u8, Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.encode_utf16().collect())
    }
}

/// A template with its values, defined where the chunk has it first.
#[derive(Clone)]
pub struct Template {
    pub definition: Element,
    pub values: Vec<Value>,
}

/// A Windows event as Windows writes it, with these data: of the outer template the
/// values are the provider, the event's number and the data, which is another, and
/// then the others of `System`.
pub fn templated(event: &WindowsEvent, data: &[(&str, Value)]) -> Template {
    let number = |number| Some(Content::Value(number));
    let datum =
        |(at, (name, _)): (u16, &(&str, Value))| leaf("Data", &[("Name", (*name).into())], number(at));
    let inner = Template {
        definition: element("EventData", (0..).zip(data).map(datum).collect()),
        values: data.iter().map(|(_, value)| value.clone()).collect(),
    };
    let system = vec![
        leaf("Provider", &[("Name", Content::Value(0))], None),
        Element { depends_on: Some(1), ..leaf("EventID", &[], number(1)) },
        Element { depends_on: Some(3), ..leaf("Version", &[], number(3)) },
        leaf("TimeCreated", &[("SystemTime", Content::Value(4))], None),
        Element { depends_on: Some(5), ..leaf("EventRecordID", &[], number(5)) },
        Element { depends_on: Some(6), ..leaf("Channel", &[], number(6)) },
        leaf("Computer", &[], Some(event.computer.as_str().into())),
    ];
    let outer = Element {
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
    Template { definition: outer, values }
}

impl Record for Template {
    fn write(&self, chunk: &mut Chunk) {
        chunk.bytes.extend([0x0f, 1, 1, 0, 0x0c, 1, 1, 0, 0, 0]);
        match chunk.defined.iter().find(|(definition, _)| *definition == self.definition) {
            Some((_, at)) => chunk.bytes.extend(at.to_le_bytes()),
            None => self.define(chunk),
        }
        chunk.bytes.extend((self.values.len() as u32).to_le_bytes());
        let sizes = chunk.bytes.len();
        chunk.bytes.extend(self.values.iter().flat_map(|value| [0, 0, value.of_type(), 0]));
        for (number, value) in self.values.iter().enumerate() {
            let start = chunk.bytes.len();
            value.write(chunk);
            let size = (chunk.bytes.len() - start) as u16;
            chunk.bytes[sizes + 4 * number..][..2].copy_from_slice(&size.to_le_bytes());
        }
    }
}

impl Template {
    fn define(&self, chunk: &mut Chunk) {
        let at = chunk.bytes.len() as u32 + 4;
        chunk.defined.push((self.definition.clone(), at));
        let bytes = &mut chunk.bytes;
        bytes.extend(at.to_le_bytes());
        bytes.extend([0; 24]);
        let start = bytes.len();
        bytes.extend([0x0f, 1, 1, 0]);
        self.definition.write_tokens(true, bytes);
        bytes.push(0);
        patch(start - 4, bytes.len() - start, bytes);
    }
}

impl Value {
    fn of_type(&self) -> u8 {
        match self {
            Self::Null => 0x00,
            Self::Text(_) => 0x01,
            Self::U16(_) => 0x06,
            Self::U64(_) => 0x0a,
            Self::Time(_) => 0x11,
            Self::Template(_) => 0x21,
            Self::Other(of_type, _) => *of_type,
        }
    }

    fn write(&self, chunk: &mut Chunk) {
        let bytes = &mut chunk.bytes;
        match self {
            Self::Null => {}
            Self::Text(units) => bytes.extend(units.iter().copied().flat_map(u16::to_le_bytes)),
            Self::U16(number) => bytes.extend(number.to_le_bytes()),
            Self::U64(number) => bytes.extend(number.to_le_bytes()),
            Self::Time(time) => {
                let hundreds = time.as_nanosecond() / 100 + BEFORE_1970 * 10_000_000;
                bytes.extend((hundreds as u64).to_le_bytes());
            }
            Self::Template(template) => template.write(chunk),
            Self::Other(_, value) => bytes.extend(value),
        }
    }
}
