//! The values of a JSON object, named by their paths.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Value as Json};

use super::value_count::{self, ValueCounter};
use crate::value::{Key, Value};

/// The maximum number of values of an object. It limits the work on a malicious object.
const MAX_VALUES: usize = 1_000;

/// A shorter value cannot be nested too deeply, and has a number out of range only if it has an
/// exponent.
const MIN_CHECKED_LEN: usize = 128;

/// Which values of an object to deserialize.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selection {
    /// Those that determine what the object is, and those that the filter sees.
    Prefilter,
    All,
}

/// The values of an object. A value in a nested object is named by its path, `winlog.event_id`, as
/// if the object had that key.
///
/// Values that are not selected are validated too, so whether an object can be read does not depend
/// on the selection.
#[derive(Debug, PartialEq)]
pub(super) struct Fields<'a> {
    /// The paths of all values, concatenated.
    paths: String,
    /// Each value, and the end of its path in `paths`.
    values: Vec<(usize, Value<'a>)>,
}

impl<'a> Fields<'a> {
    /// Parses an object.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not a JSON object, or if the object has more than 1,000 values
    /// or more than 100,000 at any depth.
    ///
    /// Spec: TEL-52, TEL-53, TEL-72
    pub(super) fn parse(text: &'a str, selection: Selection) -> Result<Self, Error> {
        value_count::check(text)?;
        let fields = Self { paths: String::with_capacity(256), values: Vec::with_capacity(8) };
        let mut builder = FieldsBuilder { selection, path: String::with_capacity(64), fields, count: 0 };
        let mut input = serde_json::Deserializer::from_str(text);
        input.deserialize_map(ValueSeed {
            builder: &mut builder,
            flattened: Some(Flattened::Root),
            is_selected: false,
        })?;
        input.end()?;
        Ok(builder.fields)
    }

    /// Returns the last value at this path.
    ///
    /// Spec: TEL-53
    pub(super) fn get(&self, path: &str) -> Option<&Value<'a>> {
        self.iter().rev().find(|(other, _)| *other == path).map(|(_, value)| value)
    }

    /// Returns the text of the first of these paths that is not empty, or `""` if all are.
    pub(super) fn text(&self, paths: &[&str]) -> Cow<'_, str> {
        let found = paths.iter().find_map(|path| self.get(path).filter(|value| !value.is_empty()));
        found.map_or(Cow::Borrowed(""), Value::text)
    }

    /// Iterates over the values whose paths have this prefix, named by the rest of their paths.
    pub(super) fn with_prefix(&self, prefix: &str) -> impl DoubleEndedIterator<Item = (&str, &Value<'a>)> {
        self.iter().filter_map(move |(path, value)| Some((path.strip_prefix(prefix)?, value)))
    }

    /// Iterates over all values with their paths.
    fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Value<'a>)> {
        (0..self.values.len()).filter_map(|index| {
            let start = index.checked_sub(1).map_or(0, |previous| self.values[previous].0);
            let (end, value) = &self.values[index];
            Some((self.paths.get(start..*end)?, value))
        })
    }

    fn push(&mut self, path: &[&str], value: Value<'a>) {
        path.iter().for_each(|part| self.paths.push_str(part));
        self.values.push((self.paths.len(), value));
    }
}

/// A kind of object whose members are values of their own.
#[derive(Clone, Copy)]
enum Flattened {
    Root,
    Winlog,
    /// The tree of an event's XML, at any depth.
    Tree,
    /// An object in which no other object is flattened.
    Innermost,
}

impl Flattened {
    /// The kind of the object at that key, if it is flattened too.
    fn member(self, key: &str) -> Option<Self> {
        match (self, key) {
            (_, "#text") => Some(self),
            (Self::Root, "winlog") => Some(Self::Winlog),
            (Self::Root, "Event" | "EventData") | (Self::Tree, _) => Some(Self::Tree),
            (Self::Root, "properties") | (Self::Winlog, "event_data") => Some(Self::Innermost),
            (Self::Root | Self::Winlog | Self::Innermost, _) => None,
        }
    }
}

/// Whether a value with this name, at any depth, is needed before the row is built.
fn is_prefilter_name(path: &str) -> bool {
    let ends_in = |name: &&str| {
        let start = path.len().checked_sub(name.len());
        start.is_some_and(|at| at == 0 || path.as_bytes().get(at - 1) == Some(&b'.')) && path.ends_with(name)
    };
    path.as_bytes().last_chunk().is_some_and(|ending| prefilter_names(ending).iter().any(ends_in))
}

/// The names with this ending of the values that are needed before the row is built. Most names
/// have none of these endings.
fn prefilter_names(ending: &[u8; 4]) -> &'static [&'static str] {
    match ending {
        b"Line" => &["CommandLine", "ProcessCommandLine"],
        b"mage" => &["Image"],
        b"Name" => &[
            "FileName",
            "NewProcessName",
            "OriginalFileName",
            "ProcessVersionInfoOriginalFileName",
            "ProviderName",
            "SourceName",
            "EventSourceName",
            "Name",
            "@Name",
        ],
        b"name" => &["provider_name"],
        b"ntID" => &["EventID"],
        b"ntId" => &["EventId"],
        b"t_id" => &["event_id"],
        b"ider" => &["Provider"],
        b"nnel" => &["Channel", "channel"],
        b"tamp" => &["Timestamp"],
        b"ated" => &["TimeGenerated"],
        b"Type" => &["Type"],
        b"gory" => &["category"],
        b"load" => &["Payload"],
        _ => &[],
    }
}

/// Skips a value that is not selected.
///
/// # Errors
///
/// Returns an error if deserializing the value would: if it is a number out of range or nested too
/// deeply. A lone surrogate is not an error here, because the caller replaces it before the object is
/// deserialized.
fn skip<'a, M: MapAccess<'a>>(map: &mut M) -> Result<(), M::Error> {
    let value: &RawValue = map.next_value()?;
    let text = value.get();
    let is_exponent = |pair: &[u8]| pair[0].is_ascii_digit() && matches!(pair[1], b'e' | b'E');
    let is_valid = text.starts_with(['"', 't', 'f', 'n'])
        || text.len() < MIN_CHECKED_LEN && !text.as_bytes().windows(2).any(is_exponent);
    match is_valid {
        true => Ok(()),
        false => ValueCounter::default()
            .deserialize(&mut serde_json::Deserializer::from_str(text))
            .map(drop)
            .map_err(M::Error::custom),
    }
}

struct FieldsBuilder<'a> {
    selection: Selection,
    /// The path of the current object.
    path: String,
    fields: Fields<'a>,
    /// The number of values, selected or not.
    count: usize,
}

impl<'a> FieldsBuilder<'a> {
    /// Adds the value of a key in an object of that kind.
    fn add<M: MapAccess<'a>>(
        &mut self,
        parent: Flattened,
        key: Cow<'a, str>,
        map: &mut M,
    ) -> Result<(), M::Error> {
        self.count += 1;
        if self.count > MAX_VALUES {
            return Err(M::Error::custom(format_args!("an object of more than {MAX_VALUES} values")));
        }
        let parent_len = self.path.len();
        let is_text = key == "#text";
        let flattened = parent.member(&key);
        let is_prefilter = is_prefilter_name(if is_text { &self.path } else { &key });
        let is_selected = self.selection == Selection::All || is_prefilter || key == "Data";
        if !is_selected && flattened.is_none() {
            return skip(map);
        }
        if !is_text {
            self.path.push_str(if parent_len == 0 { "" } else { "." });
            self.path.push_str(&key);
        }
        let value = map.next_value_seed(ValueSeed { builder: self, flattened, is_selected })?;
        if let Some(value) = value {
            self.push(value);
        }
        self.path.truncate(parent_len);
        Ok(())
    }

    fn push(&mut self, value: Value<'a>) {
        match value {
            Value::Other(list @ (Json::Array(_) | Json::Object(_)))
                if self.path.ends_with("EventData.Data") =>
            {
                self.push_data_elements(&list);
            }
            value => self.fields.push(&[&self.path], value),
        }
    }

    /// Adds `Data` elements with a name and a text as if the name were the key.
    fn push_data_elements(&mut self, list: &Json) {
        let parent = self.path.strip_suffix("Data").unwrap_or_default();
        let single = std::slice::from_ref(list);
        for element in list.as_array().map_or(single, Vec::as_slice) {
            let name =
                ["/@Name", "/Name", "/#attributes/Name"].iter().find_map(|at| element.pointer(at)?.as_str());
            let text = ["/#text", "/text"].iter().find_map(|at| element.pointer(at));
            if let Some(name) = name {
                let value = Value::from(text.cloned().unwrap_or_default());
                self.fields.push(&[parent, name], value);
            }
        }
    }
}

/// Deserializes the value at the current path. Returns `None` if it is not selected or is an object
/// whose members were added.
struct ValueSeed<'r, 'a> {
    builder: &'r mut FieldsBuilder<'a>,
    /// If the value is an object whose members are added one by one, its kind.
    flattened: Option<Flattened>,
    is_selected: bool,
}

impl<'a> DeserializeSeed<'a> for ValueSeed<'_, 'a> {
    type Value = Option<Value<'a>>;

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'a> ValueSeed<'_, 'a> {
    fn leaf<E>(self, json: impl Into<Json>) -> Result<Option<Value<'a>>, E> {
        Ok(self.is_selected.then(|| Value::Other(json.into())))
    }
}

impl<'a> Visitor<'a> for ValueSeed<'_, 'a> {
    type Value = Option<Value<'a>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(self.is_selected.then_some(Value::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.is_selected.then(|| Value::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        self.leaf(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        self.leaf(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        self.leaf(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        self.leaf(value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        self.leaf(value)
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        match self.flattened {
            Some(kind) if !self.builder.path.ends_with("EventData.Data") => {
                while let Some(Key(key)) = map.next_key()? {
                    self.builder.add(kind, key, &mut map)?;
                }
                return Ok(None);
            }
            _ => {}
        }
        if self.is_selected {
            return Json::deserialize(MapAccessDeserializer::new(map)).map(|json| Some(Value::Other(json)));
        }
        ValueCounter::default().visit_map(map).map(|_| None)
    }

    fn visit_seq<S: SeqAccess<'a>>(self, list: S) -> Result<Self::Value, S::Error> {
        if self.is_selected {
            return Json::deserialize(SeqAccessDeserializer::new(list)).map(|json| Some(Value::Other(json)));
        }
        ValueCounter::default().visit_seq(list).map(|_| None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefilter_names_are_found_by_their_endings_at_any_depth() {
        let mut names = 0;
        for ending in [
            b"Line", b"mage", b"Name", b"name", b"ntID", b"ntId", b"t_id", b"ider", b"nnel", b"tamp",
            b"ated", b"Type", b"gory", b"load",
        ] {
            for name in prefilter_names(ending) {
                assert_eq!(name.as_bytes().last_chunk(), Some(ending));
                assert!(is_prefilter_name(name) && is_prefilter_name(&format!("a.b.{name}")), "{name}");
                for other in [format!("Parent{name}"), format!("{name}.a")] {
                    assert!(!is_prefilter_name(&other), "{other}");
                }
                names += 1;
            }
        }
        assert_eq!(names, 24);
        assert!(!is_prefilter_name("") && !is_prefilter_name("Line") && !is_prefilter_name("é.Nam"));
    }
}
