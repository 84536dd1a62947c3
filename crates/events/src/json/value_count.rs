//! Deserializes JSON values only to count and validate them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as DeError, MapAccess, SeqAccess, Visitor};
use serde_json::Error;

/// The maximum number of values, at any depth, that are in memory: each takes many times the
/// memory of its text.
pub(super) const MAX_VALUES: usize = 100_000;

/// Checks that a text is JSON with at most [`MAX_VALUES`] values.
///
/// # Errors
///
/// Returns an error if it has more values, or if it is long and not JSON.
///
/// Spec: TEL-72
pub(crate) fn check(text: &str) -> Result<(), Error> {
    // Each value takes at least two bytes, including the separator.
    if text.len() <= 2 * MAX_VALUES {
        return Ok(());
    }
    ValueCounter::default().deserialize(&mut serde_json::Deserializer::from_str(text)).map(drop)
}

/// Deserializes a value to the number of values read so far. Unlike serde's `IgnoredAny`, it
/// returns every error that deserializing the value does: lone surrogates, numbers out of range,
/// deep nesting.
#[derive(Default)]
pub(super) struct ValueCounter {
    /// The number of values that were read before.
    count: usize,
}

impl ValueCounter {
    fn increment<E: DeError>(self) -> Result<usize, E> {
        match self.count < MAX_VALUES {
            true => Ok(self.count + 1),
            false => Err(E::custom(format_args!("more than {MAX_VALUES} values in one object"))),
        }
    }
}

impl<'a> DeserializeSeed<'a> for ValueCounter {
    type Value = usize;

    fn deserialize<D: Deserializer<'a>>(self, input: D) -> Result<usize, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for ValueCounter {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: DeError>(self, _: &str) -> Result<usize, E> {
        self.increment()
    }

    fn visit_unit<E: DeError>(self) -> Result<usize, E> {
        self.increment()
    }

    fn visit_bool<E: DeError>(self, _: bool) -> Result<usize, E> {
        self.increment()
    }

    fn visit_i64<E: DeError>(self, _: i64) -> Result<usize, E> {
        self.increment()
    }

    fn visit_u64<E: DeError>(self, _: u64) -> Result<usize, E> {
        self.increment()
    }

    fn visit_f64<E: DeError>(self, _: f64) -> Result<usize, E> {
        self.increment()
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<usize, M::Error> {
        let mut count = self.increment()?;
        while map.next_key_seed(Self::default())?.is_some() {
            count = map.next_value_seed(Self { count })?;
        }
        Ok(count)
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut list: S) -> Result<usize, S::Error> {
        let mut count = self.increment()?;
        while let Some(next) = list.next_element_seed(Self { count })? {
            count = next;
        }
        Ok(count)
    }
}
