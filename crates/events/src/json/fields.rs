//! One JSON object as a list of values named by their paths.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Value as Json};

use super::super::value::Value;
use super::unwanted::{self, Unwanted};

/// More values than this make no event; it bounds the work on a hostile object.
pub(super) const MOST: usize = 1_000;

/// A shorter text has no nesting that is too deep, and no number out of range
/// without an exponent.
const MAX_CHECKED: usize = 128;

/// Which values of an object are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// Those that decide what the object is and whether it is kept.
    Deciding,
    /// All.
    All,
}

/// The values of one object; one in an object within it is named by a path,
/// `winlog.event_id`, as if the object had that dotted key.
///
/// What is not wanted is read as strictly as what is: whether an object can be
/// read does not depend on what is wanted of it.
#[derive(Debug, PartialEq)]
pub(super) struct Fields<'a> {
    /// The paths of all values, one after the other.
    paths: String,
    /// The end of each value's path in `paths`, and the value.
    values: Vec<(usize, Value<'a>)>,
}

impl<'a> Fields<'a> {
    /// Reads one object.
    ///
    /// # Errors
    ///
    /// Where the text is no JSON object, or one of more than 1,000 values, or of more
    /// than 100,000 at any depth.
    ///
    /// Spec: TEL-52, TEL-53, TEL-72
    pub(super) fn read(text: &'a str, want: Want) -> Result<Self, Error> {
        unwanted::bounded(text)?;
        let fields = Self { paths: String::with_capacity(256), values: Vec::with_capacity(16) };
        let mut reading = Reading { want, path: String::with_capacity(64), fields, count: 0 };
        let mut input = serde_json::Deserializer::from_str(text);
        input.deserialize_map(Node { reading: &mut reading, is_opened: true, is_wanted: false })?;
        input.end()?;
        Ok(reading.fields)
    }

    /// The last value at that path.
    ///
    /// Spec: TEL-53
    pub(super) fn get(&self, path: &str) -> Option<&Value<'a>> {
        self.iter().rev().find(|(its, _)| *its == path).map(|(_, value)| value)
    }

    /// The text of the first of these paths that has one; `""` where none has.
    pub(super) fn text(&self, paths: &[&str]) -> Cow<'_, str> {
        let found = paths.iter().find_map(|path| self.get(path).filter(|value| !value.is_empty()));
        found.map_or(Cow::Borrowed(""), Value::text)
    }

    /// The values whose paths begin so, named by the rest of their paths.
    pub(super) fn below(&self, prefix: &str) -> impl DoubleEndedIterator<Item = (&str, &Value<'a>)> {
        self.iter().filter_map(move |(path, value)| Some((path.strip_prefix(prefix)?, value)))
    }

    /// Every value by its path.
    fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Value<'a>)> {
        (0..self.values.len()).filter_map(|number| {
            let start = number.checked_sub(1).map_or(0, |before| self.values[before].0);
            let (end, value) = &self.values[number];
            Some((self.paths.get(start..*end)?, value))
        })
    }

    fn push(&mut self, path: &[&str], value: Value<'a>) {
        path.iter().for_each(|part| self.paths.push_str(part));
        self.values.push((self.paths.len(), value));
    }
}

/// Whether the members of an object are read one by one, given the path of its
/// parent and its key.
fn is_opened(parent: &str, key: &str) -> bool {
    match parent {
        "" => matches!(key, "properties" | "winlog" | "Event" | "EventData"),
        "winlog" => key == "event_data",
        "properties" | "winlog.event_data" => false,
        _ => parent.starts_with("Event"),
    }
}

/// Whether a value of this name, wherever it stands, may decide something.
pub(super) fn is_deciding(path: &str) -> bool {
    let ends_in = |name: &&str| {
        let before = path.len().checked_sub(name.len());
        before.is_some_and(|at| at == 0 || path.as_bytes().get(at - 1) == Some(&b'.')) && path.ends_with(name)
    };
    path.as_bytes().last_chunk().is_some_and(|ending| deciding(ending).iter().any(ends_in))
}

/// The names that decide, of those with this ending: most names have none of these.
fn deciding(ending: &[u8; 4]) -> &'static [&'static str] {
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

/// Reads a value that is not wanted, and drops it.
///
/// # Errors
///
/// Returns an error if reading the value for good would: if it is a number out of
/// range, or nested too deeply. Half a surrogate pair in a text is no error here; the
/// caller replaces it when the object is read for good.
fn skip<'a, M: MapAccess<'a>>(map: &mut M) -> Result<(), M::Error> {
    let value: &RawValue = map.next_value()?;
    let text = value.get();
    let is_exponent = |two: &[u8]| two[0].is_ascii_digit() && matches!(two[1], b'e' | b'E');
    let is_harmless = text.starts_with(['"', 't', 'f', 'n'])
        || text.len() < MAX_CHECKED && !text.as_bytes().windows(2).any(is_exponent);
    match is_harmless {
        true => Ok(()),
        false => Unwanted::default()
            .deserialize(&mut serde_json::Deserializer::from_str(text))
            .map(drop)
            .map_err(M::Error::custom),
    }
}

struct Reading<'a> {
    want: Want,
    path: String,
    fields: Fields<'a>,
    count: usize,
}

impl<'a> Reading<'a> {
    /// Reads the value of one key, with the path grown by that key meanwhile.
    fn value<M: MapAccess<'a>>(&mut self, key: Cow<'a, str>, map: &mut M) -> Result<(), M::Error> {
        self.count += 1;
        if self.count > MOST {
            return Err(M::Error::custom(format_args!("an object of more than {MOST} values")));
        }
        let before = self.path.len();
        let is_text = key == "#text";
        let is_opened = is_text || is_opened(&self.path, &key);
        let decides = is_deciding(if is_text { &self.path } else { &key });
        let is_wanted = self.want == Want::All || decides || key == "Data";
        if !is_wanted && !is_opened {
            return skip(map);
        }
        if !is_text {
            self.path.push_str(if before == 0 { "" } else { "." });
            self.path.push_str(&key);
        }
        let value = map.next_value_seed(Node { reading: self, is_opened, is_wanted })?;
        if let Some(value) = value {
            self.put(value);
        }
        self.path.truncate(before);
        Ok(())
    }

    fn put(&mut self, value: Value<'a>) {
        match value {
            Value::Other(list @ (Json::Array(_) | Json::Object(_)))
                if self.path.ends_with("EventData.Data") =>
            {
                self.put_named(&list);
            }
            value => self.fields.push(&[&self.path], value),
        }
    }

    /// Puts `Data` elements, as XML has them, where their names would stand as keys.
    fn put_named(&mut self, list: &Json) {
        let parent = self.path.strip_suffix("Data").unwrap_or_default();
        let one = std::slice::from_ref(list);
        for element in list.as_array().map_or(one, Vec::as_slice) {
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

/// Reads the value at the current path; gives it back where it is wanted and is
/// no object that was taken apart.
struct Node<'r, 'a> {
    reading: &'r mut Reading<'a>,
    /// Whether an object here is read member by member.
    is_opened: bool,
    is_wanted: bool,
}

impl<'a> DeserializeSeed<'a> for Node<'_, 'a> {
    type Value = Option<Value<'a>>;

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'a> Node<'_, 'a> {
    fn leaf<E>(self, json: impl Into<Json>) -> Result<Option<Value<'a>>, E> {
        Ok(self.is_wanted.then(|| Value::Other(json.into())))
    }
}

impl<'a> Visitor<'a> for Node<'_, 'a> {
    type Value = Option<Value<'a>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(self.is_wanted.then_some(Value::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.is_wanted.then(|| Value::Text(Cow::Owned(text.to_owned()))))
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
        if self.is_opened && !self.reading.path.ends_with("EventData.Data") {
            while let Some(key) = map.next_key_seed(Key)? {
                self.reading.value(key, &mut map)?;
            }
            return Ok(None);
        }
        if self.is_wanted {
            return Json::deserialize(MapAccessDeserializer::new(map)).map(|json| Some(Value::Other(json)));
        }
        Unwanted::default().visit_map(map).map(|_| None)
    }

    fn visit_seq<S: SeqAccess<'a>>(self, list: S) -> Result<Self::Value, S::Error> {
        if self.is_wanted {
            return Json::deserialize(SeqAccessDeserializer::new(list)).map(|json| Some(Value::Other(json)));
        }
        Unwanted::default().visit_seq(list).map(|_| None)
    }
}

/// A key, borrowed where it stands in the input as it is.
struct Key;

impl<'a> DeserializeSeed<'a> for Key {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_decides_is_found_by_its_ending_wherever_it_stands() {
        let mut names = 0;
        for ending in [
            b"Line", b"mage", b"Name", b"name", b"ntID", b"ntId", b"t_id", b"ider", b"nnel", b"tamp",
            b"ated", b"Type", b"gory", b"load",
        ] {
            for name in deciding(ending) {
                assert_eq!(name.as_bytes().last_chunk(), Some(ending));
                assert!(is_deciding(name) && is_deciding(&format!("a.b.{name}")), "{name}");
                assert!(!is_deciding(&format!("Parent{name}")) && !is_deciding(&format!("{name}.a")));
                names += 1;
            }
        }
        assert_eq!(names, 24);
        assert!(!is_deciding("") && !is_deciding("Line") && !is_deciding("é.Nam"));
    }
}
