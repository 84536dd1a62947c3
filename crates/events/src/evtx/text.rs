//! The JSON text that the decoder makes of a record.
//!
//! The decoder gives a repeated element or name a suffix (`EventID_1`), so the plain
//! key is the first one. A key written with escapes is none of these keys: the
//! decoder does not escape letters, so it stands for another name.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Error;
use serde_json::value::RawValue;

use crate::windows_event::classify;
use crate::{Skip, Source, WindowsEvent};

/// What the text of a record says, as text: `""` if it says nothing.
///
/// If the record is no process creation, only what shows that is read.
#[derive(Default)]
pub(super) struct EventText<'a> {
    provider: Cow<'a, str>,
    channel: Cow<'a, str>,
    event_id: Cow<'a, str>,
    version: Cow<'a, str>,
    computer: Cow<'a, str>,
    time_created: Cow<'a, str>,
    record_id: Cow<'a, str>,
    /// The named values of `EventData`, in their order, as JSON.
    data: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> EventText<'a> {
    /// Reads the text of a record.
    ///
    /// # Errors
    ///
    /// Returns an error if a record that may be a process creation is not valid JSON.
    pub(super) fn read(json: &'a str) -> Result<Self, Error> {
        let mut event = Self::default();
        let mut is_skipped = false;
        let mut input = serde_json::Deserializer::from_str(json);
        let root = Object { at: At::Root, event: &mut event, is_skipped: &mut is_skipped };
        match root.deserialize(&mut input) {
            Err(error) if !is_skipped => Err(error),
            _ => Ok(event),
        }
    }

    /// Which process creation this is.
    ///
    /// # Errors
    ///
    /// The reason to skip it.
    pub(super) fn source(&self) -> Result<Source, Skip> {
        classify(&self.provider, &self.channel, self.event_id.parse().unwrap_or_default())
    }

    /// The first value of that name in `EventData`; `""` if there is none.
    ///
    /// # Errors
    ///
    /// Returns an error if the value has an invalid escape.
    pub(super) fn value(&self, name: &str) -> Result<Cow<'a, str>, Error> {
        self.data.iter().find(|(key, _)| key == name).map_or(Ok(Cow::Borrowed("")), |(_, value)| text(value))
    }

    /// The whole event.
    ///
    /// # Errors
    ///
    /// Returns an error if a value has an invalid escape.
    pub(super) fn into_event(self) -> Result<WindowsEvent, Error> {
        let value = |(name, value): (Cow<'a, str>, _)| Ok((name.into_owned(), text(value)?.into_owned()));
        let data = self.data.into_iter().map(value).collect::<Result<_, Error>>()?;
        Ok(WindowsEvent {
            event_id: self.event_id.parse().unwrap_or_default(),
            version: self.version.parse().ok(),
            record_id: self.record_id.parse().ok(),
            provider: self.provider.into_owned(),
            channel: self.channel.into_owned(),
            computer: self.computer.into_owned(),
            time_created: self.time_created.into_owned(),
            data,
        })
    }
}

fn text(value: &RawValue) -> Result<Cow<'_, str>, Error> {
    Text.deserialize(&mut serde_json::Deserializer::from_str(value.get()))
}

/// Which object of the text is being read.
#[derive(Clone, Copy)]
enum At {
    Root,
    Event,
    System,
    Provider,
    ProviderAttributes,
    TimeCreated,
    TimeAttributes,
    EventData,
}

/// Reads one object into the event, and ignores what is not an object.
struct Object<'r, 'a> {
    at: At,
    event: &'r mut EventText<'a>,
    /// Set once the event is known to be no process creation.
    is_skipped: &'r mut bool,
}

impl<'a> Object<'_, 'a> {
    fn member<M: MapAccess<'a>>(&mut self, key: &Key<'a>, map: &mut M) -> Result<(), M::Error> {
        let plain = if let Key::Plain(key) = key { key } else { "" };
        let inner = match (self.at, plain) {
            (At::Root, "Event") => At::Event,
            (At::Event, "System") => At::System,
            (At::Event, "EventData") => At::EventData,
            (At::System, "Provider") => At::Provider,
            (At::System, "TimeCreated") => At::TimeCreated,
            (At::Provider, "#attributes") => At::ProviderAttributes,
            (At::TimeCreated, "#attributes") => At::TimeAttributes,
            (At::EventData, "#attributes") => return map.next_value::<IgnoredAny>().map(drop),
            (At::EventData, _) => {
                self.event.data.push((key.name(), map.next_value()?));
                return Ok(());
            }
            (at, _) => return self.leaf(at, plain, map),
        };
        let object = Object { at: inner, event: self.event, is_skipped: self.is_skipped };
        map.next_value_seed(object)?;
        if matches!(inner, At::System) && self.event.source().is_err() {
            *self.is_skipped = true;
        }
        Ok(())
    }

    fn leaf<M: MapAccess<'a>>(&mut self, at: At, key: &str, map: &mut M) -> Result<(), M::Error> {
        let event = &mut *self.event;
        let to = match (at, key) {
            (At::System, "Channel") => &mut event.channel,
            (At::System, "EventID") => &mut event.event_id,
            (At::System, "Version") => &mut event.version,
            (At::System, "Computer") => &mut event.computer,
            (At::System, "EventRecordID") => &mut event.record_id,
            (At::ProviderAttributes, "Name") => &mut event.provider,
            (At::TimeAttributes, "SystemTime") => &mut event.time_created,
            _ => return map.next_value::<IgnoredAny>().map(drop),
        };
        *to = map.next_value_seed(Text)?;
        Ok(())
    }
}

impl<'a> DeserializeSeed<'a> for Object<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Object<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key_seed(KeySeed)? {
            self.member(&key, &mut map)?;
            if *self.is_skipped {
                break;
            }
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut list: S) -> Result<(), S::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

/// A key as it is in the text, or one that is written with escapes.
enum Key<'a> {
    Plain(&'a str),
    Escaped(String),
}

impl<'a> Key<'a> {
    fn name(&self) -> Cow<'a, str> {
        match self {
            Self::Plain(key) => Cow::Borrowed(key),
            Self::Escaped(key) => Cow::Owned(key.clone()),
        }
    }
}

struct KeySeed;

impl<'a> DeserializeSeed<'a> for KeySeed {
    type Value = Key<'a>;

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<Key<'a>, D::Error> {
        input.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for KeySeed {
    type Value = Key<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'a str) -> Result<Key<'a>, E> {
        Ok(Key::Plain(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'a>, E> {
        Ok(Key::Escaped(key.to_owned()))
    }
}

/// Reads a value as Windows' own XML writes it: an element with attributes is its
/// text, a list is joined by commas, null is `""`.
struct Text;

impl<'a> DeserializeSeed<'a> for Text {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Text {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if value { "true" } else { "false" }))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(serde_json::Value::from(value).to_string()))
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut list: S) -> Result<Self::Value, S::Error> {
        let mut texts = vec![];
        while let Some(text) = list.next_element_seed(Text)? {
            texts.push(text);
        }
        Ok(Cow::Owned(texts.join(", ")))
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut text = Cow::Borrowed("");
        while let Some(key) = map.next_key_seed(KeySeed)? {
            match key {
                Key::Plain("#text") => text = map.next_value_seed(Text)?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(text)
    }
}
