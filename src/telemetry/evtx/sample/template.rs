//! Templates and their values, as Windows writes events.

use super::{Content, Element, Record, element, leaf, patch};

/// A value of a template.
#[derive(Clone)]
pub(crate) enum Value {
    Null,
    /// UTF-16, be it well-formed or not.
    Text(Vec<u16>),
    U16(u16),
    Template(Template),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.encode_utf16().collect())
    }
}

/// A template with its values, defined where it stands.
#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) definition: Element,
    pub(crate) values: Vec<Value>,
}

/// A Windows event as Windows writes it: of the outer template the values are the
/// provider, the event's number and the data, which is another.
pub(crate) fn templated(provider: &str, id: u16, data: &[(&str, Value)]) -> Template {
    let datum = |(number, (name, _)): (u16, &(&str, Value))| {
        leaf("Data", &[("Name", (*name).into())], Some(Content::Value(number)))
    };
    let inner = Template {
        definition: element("EventData", (0..).zip(data).map(datum).collect()),
        values: data.iter().map(|(_, value)| value.clone()).collect(),
    };
    let system = vec![
        leaf("Provider", &[("Name", Content::Value(0))], None),
        Element { depends_on: Some(1), ..leaf("EventID", &[], Some(Content::Value(1))) },
        leaf("Computer", &[], Some("ws07.corp.example".into())),
    ];
    let outer = Element {
        content: Some(Content::Value(2)),
        depends_on: Some(2),
        ..element("Event", vec![element("System", system)])
    };
    Template { definition: outer, values: vec![provider.into(), Value::U16(id), Value::Template(inner)] }
}

impl Record for Template {
    fn write(&self, chunk: &mut Vec<u8>) {
        chunk.extend([0x0f, 1, 1, 0, 0x0c, 1, 1, 0, 0, 0]);
        chunk.extend((chunk.len() as u32 + 4).to_le_bytes());
        chunk.extend([0; 24]);
        let definition = chunk.len();
        chunk.extend([0x0f, 1, 1, 0]);
        self.definition.write_tokens(true, chunk);
        chunk.push(0);
        patch(definition - 4, chunk.len() - definition, chunk);
        chunk.extend((self.values.len() as u32).to_le_bytes());
        let sizes = chunk.len();
        chunk.extend(self.values.iter().flat_map(|value| [0, 0, value.of_type(), 0]));
        for (number, value) in self.values.iter().enumerate() {
            let start = chunk.len();
            value.write(chunk);
            let size = (chunk.len() - start) as u16;
            chunk[sizes + 4 * number..][..2].copy_from_slice(&size.to_le_bytes());
        }
    }
}

impl Value {
    fn of_type(&self) -> u8 {
        match self {
            Self::Null => 0x00,
            Self::Text(_) => 0x01,
            Self::U16(_) => 0x06,
            Self::Template(_) => 0x21,
        }
    }

    fn write(&self, chunk: &mut Vec<u8>) {
        match self {
            Self::Null => {}
            Self::Text(units) => chunk.extend(units.iter().copied().flat_map(u16::to_le_bytes)),
            Self::U16(number) => chunk.extend(number.to_le_bytes()),
            Self::Template(template) => template.write(chunk),
        }
    }
}
