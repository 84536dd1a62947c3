//! JSON values that are read and dropped.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as DeError, MapAccess, SeqAccess, Visitor};
use serde_json::Error;

/// More values than this, at any depth, are never held: each takes many times the
/// memory of its text.
pub(super) const MOST: usize = 100_000;

/// Says whether a text may be read as JSON that is held.
///
/// # Errors
///
/// Where it is no JSON, or has more values than are ever held.
///
/// Spec: TEL-72
pub(super) fn bounded(text: &str) -> Result<(), Error> {
    // A value and what separates it from the next take two bytes.
    if text.len() <= 2 * MOST {
        return Ok(());
    }
    Unwanted::default().deserialize(&mut serde_json::Deserializer::from_str(text)).map(drop)
}

/// Reads a value and drops it; gives how many values were read. Unlike serde's
/// `IgnoredAny` it finds the faults that a reader of the value finds: lone
/// surrogates, huge numbers, deep nesting.
#[derive(Default)]
pub(super) struct Unwanted {
    /// How many values were read before.
    count: usize,
}

impl Unwanted {
    /// Counts the value at hand.
    fn one_more<E: DeError>(self) -> Result<usize, E> {
        match self.count < MOST {
            true => Ok(self.count + 1),
            false => Err(E::custom(format_args!("more than {MOST} values in one object"))),
        }
    }
}

impl<'a> DeserializeSeed<'a> for Unwanted {
    type Value = usize;

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<usize, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Unwanted {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: DeError>(self, _: &str) -> Result<usize, E> {
        self.one_more()
    }

    fn visit_unit<E: DeError>(self) -> Result<usize, E> {
        self.one_more()
    }

    fn visit_bool<E: DeError>(self, _: bool) -> Result<usize, E> {
        self.one_more()
    }

    fn visit_i64<E: DeError>(self, _: i64) -> Result<usize, E> {
        self.one_more()
    }

    fn visit_u64<E: DeError>(self, _: u64) -> Result<usize, E> {
        self.one_more()
    }

    fn visit_f64<E: DeError>(self, _: f64) -> Result<usize, E> {
        self.one_more()
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<usize, M::Error> {
        let mut count = self.one_more()?;
        while map.next_key_seed(Self::default())?.is_some() {
            count = map.next_value_seed(Self { count })?;
        }
        Ok(count)
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut list: S) -> Result<usize, S::Error> {
        let mut count = self.one_more()?;
        while let Some(more) = list.next_element_seed(Self { count })? {
            count = more;
        }
        Ok(count)
    }
}
