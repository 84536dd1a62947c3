//! The JSON text that the decoder makes of a record.
//!
//! The decoder adds a suffix to a repeated element or name (`EventID_1`), so the key without a
//! suffix is the first one. The decoder does not escape letters, so a key with escapes is never one
//! of the known keys.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Error;
use serde_json::value::RawValue;

use crate::value::Key;
use crate::windows_event::classify;
use crate::{Skip, Source, WindowsEvent};

/// The values of a record as text, `""` if the record lacks them.
///
/// A record is read only until it is known not to be a process creation.
#[derive(Default)]
pub(super) struct EventText<'a> {
    provider: Cow<'a, str>,
    channel: Cow<'a, str>,
    event_id: Cow<'a, str>,
    version: Cow<'a, str>,
    computer: Cow<'a, str>,
    time_created: Cow<'a, str>,
    record_id: Cow<'a, str>,
    /// The named values of `EventData` in their order, as JSON.
    data: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> EventText<'a> {
    /// Parses the text of a record.
    ///
    /// # Errors
    ///
    /// Returns an error if a record that may be a process creation is not valid JSON.
    pub(super) fn parse(json: &'a str) -> Result<Self, Error> {
        let mut event = Self::default();
        let mut is_skipped = false;
        let mut input = serde_json::Deserializer::from_str(json);
        let root = ObjectReader { element: Element::Root, event: &mut event, is_skipped: &mut is_skipped };
        match root.deserialize(&mut input) {
            // Stopping before the end of an object is an error of the deserializer too.
            Err(error) if !is_skipped => Err(error),
            Ok(()) | Err(_) => Ok(event),
        }
    }

    /// Classifies the record.
    ///
    /// # Errors
    ///
    /// Returns the reason to skip it if it is not a process creation.
    pub(super) fn source(&self) -> Result<Source, Skip> {
        classify(&self.provider, &self.channel, self.event_id.parse().unwrap_or_default())
    }

    /// Whether `EventData` has a value with this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.data.iter().any(|(key, _)| key == name)
    }

    /// Returns the first value in `EventData` with this name, or `""` if there is none.
    ///
    /// # Errors
    ///
    /// Returns an error if the value has an invalid escape.
    pub(super) fn value(&self, name: &str) -> Result<Cow<'a, str>, Error> {
        self.data.iter().find(|(key, _)| key == name).map_or(Ok(Cow::Borrowed("")), |(_, value)| text(value))
    }

    /// Converts all values.
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
            is_local_time: false,
        })
    }
}

fn text(value: &RawValue) -> Result<Cow<'_, str>, Error> {
    Text.deserialize(&mut serde_json::Deserializer::from_str(value.get()))
}

/// The object that is being read.
#[derive(Clone, Copy)]
enum Element {
    Root,
    Event,
    System,
    Provider,
    ProviderAttributes,
    TimeCreated,
    TimeAttributes,
    EventData,
}

/// Reads one object into the event. Ignores any other value.
struct ObjectReader<'r, 'a> {
    element: Element,
    event: &'r mut EventText<'a>,
    /// Set as soon as the event is known not to be a process creation.
    is_skipped: &'r mut bool,
}

impl<'a> ObjectReader<'_, 'a> {
    fn member<M: MapAccess<'a>>(&mut self, key: Cow<'a, str>, map: &mut M) -> Result<(), M::Error> {
        let plain = if let Cow::Borrowed(key) = key { key } else { "" };
        let inner = match (self.element, plain) {
            (Element::Root, "Event") => Element::Event,
            (Element::Event, "System") => Element::System,
            (Element::Event, "EventData") => Element::EventData,
            (Element::System, "Provider") => Element::Provider,
            (Element::System, "TimeCreated") => Element::TimeCreated,
            (Element::Provider, "#attributes") => Element::ProviderAttributes,
            (Element::TimeCreated, "#attributes") => Element::TimeAttributes,
            (Element::EventData, "#attributes") => return map.next_value::<IgnoredAny>().map(drop),
            (Element::EventData, _) => {
                self.event.data.push((key, map.next_value()?));
                return Ok(());
            }
            (_, _) => return self.leaf(plain, map),
        };
        let object = ObjectReader { element: inner, event: self.event, is_skipped: self.is_skipped };
        map.next_value_seed(object)?;
        if matches!(inner, Element::System) && self.event.source().is_err() {
            *self.is_skipped = true;
        }
        Ok(())
    }

    fn leaf<M: MapAccess<'a>>(&mut self, key: &str, map: &mut M) -> Result<(), M::Error> {
        let event = &mut *self.event;
        let value = match (self.element, key) {
            (Element::System, "Channel") => &mut event.channel,
            (Element::System, "EventID") => &mut event.event_id,
            (Element::System, "Version") => &mut event.version,
            (Element::System, "Computer") => &mut event.computer,
            (Element::System, "EventRecordID") => &mut event.record_id,
            (Element::ProviderAttributes, "Name") => &mut event.provider,
            (Element::TimeAttributes, "SystemTime") => &mut event.time_created,
            _ => return map.next_value::<IgnoredAny>().map(drop),
        };
        *value = map.next_value_seed(Text)?;
        Ok(())
    }
}

impl<'a> DeserializeSeed<'a> for ObjectReader<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for ObjectReader<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(mut self, mut map: M) -> Result<(), M::Error> {
        while let Some(Key(key)) = map.next_key()? {
            self.member(key, &mut map)?;
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

/// Deserializes a value to the text that it has in Windows' own XML: an element with attributes is
/// its text, a list is joined by commas, and null is `""`.
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
        while let Some(Key(key)) = map.next_key()? {
            match key {
                Cow::Borrowed("#text") => text = map.next_value_seed(Text)?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(text)
    }
}
