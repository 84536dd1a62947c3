//! A column of texts in an Arrow record batch, however it is laid out.

use std::ops::RangeInclusive;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, GenericStringArray, LargeStringArray, OffsetSizeTrait, StringArray, StringViewArray,
};
use arrow_schema::DataType;

use crate::fast::text::{eq_ci, lengths_of_equals};

/// A column of texts; null is `""`, as in KQL's `string`.
pub(crate) enum TextColumn<'a> {
    Utf8(&'a StringArray),
    LargeUtf8(&'a LargeStringArray),
    Utf8View(&'a StringViewArray),
    Dictionary(&'a dyn Array, Vec<usize>, Box<TextColumn<'a>>),
}

/// Whether columns of that type hold texts.
pub(crate) fn is_text(of_type: &DataType) -> bool {
    match of_type {
        DataType::Dictionary(_, values) => is_plain(values),
        plain => is_plain(plain),
    }
}

fn is_plain(of_type: &DataType) -> bool {
    matches!(of_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

impl<'a> TextColumn<'a> {
    /// The column, where it is one of texts.
    pub(crate) fn new(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 => array.as_string_opt().map(Self::Utf8),
            DataType::LargeUtf8 => array.as_string_opt().map(Self::LargeUtf8),
            DataType::Utf8View => array.as_string_view_opt().map(Self::Utf8View),
            DataType::Dictionary(_, values) if is_plain(values) => {
                let dictionary = array.as_any_dictionary_opt()?;
                let values = Self::new(dictionary.values().as_ref())?;
                let keys = match dictionary.values().is_empty() {
                    true => vec![0; array.len()],
                    false => dictionary.normalized_keys(),
                };
                Some(Self::Dictionary(array, keys, Box::new(values)))
            }
            _ => None,
        }
    }

    /// The text of a row; `""` where it is null or there is no such row.
    pub(crate) fn text(&self, row: usize) -> &'a str {
        match self {
            Self::Utf8(texts) => valid(*texts, row).map_or("", |row| texts.value(row)),
            Self::LargeUtf8(texts) => valid(*texts, row).map_or("", |row| texts.value(row)),
            Self::Utf8View(texts) => valid(*texts, row).map_or("", |row| texts.value(row)),
            Self::Dictionary(array, keys, values) => {
                let key = valid(*array, row).and_then(|row| keys.get(row));
                key.map_or("", |key| values.text(*key))
            }
        }
    }

    /// The rows, in order, whose text is equal to this word apart from case.
    ///
    /// Spec: TXT-01, TXT-03
    pub(crate) fn rows_that_are(&self, word: &str) -> Vec<usize> {
        let lengths = lengths_of_equals(word);
        let is_word = |row: &usize| eq_ci(self.text(*row), word);
        match self {
            Self::Utf8(texts) => of_lengths(texts, lengths).filter(is_word).collect(),
            Self::LargeUtf8(texts) => of_lengths(texts, lengths).filter(is_word).collect(),
            Self::Utf8View(texts) => {
                // The low half of a view is the length of its text.
                let length = |view: &u128| (*view & u128::from(u32::MAX)) as usize;
                let views = texts.views().iter().enumerate();
                let of_lengths = views.filter(|(_, view)| lengths.contains(&length(view)));
                of_lengths.map(|(row, _)| row).filter(is_word).collect()
            }
            Self::Dictionary(_, keys, values) => {
                let words = values.rows_that_are(word);
                let rows = keys.iter().enumerate().filter(|(_, key)| words.binary_search(key).is_ok());
                rows.map(|(row, _)| row).filter(is_word).collect()
            }
        }
    }
}

fn valid(array: &dyn Array, row: usize) -> Option<usize> {
    (row < array.len() && array.is_valid(row)).then_some(row)
}

/// The rows whose texts have one of these lengths in bytes.
///
/// Sixty-four lengths are compared before the first is acted upon: a branch for each row
/// would cost more than all else that is done here.
fn of_lengths<O: OffsetSizeTrait>(
    texts: &GenericStringArray<O>,
    lengths: RangeInclusive<usize>,
) -> impl Iterator<Item = usize> + '_ {
    let starts = texts.value_offsets();
    let ends = starts.get(1..).unwrap_or_default();
    let (shortest, longest) = (O::usize_as(*lengths.start()), O::usize_as(*lengths.end()));
    let blocks = starts.chunks(64).zip(ends.chunks(64)).zip((0..).step_by(64));
    blocks.flat_map(move |((starts, ends), first)| {
        let mut are_found = [0_u8; 64];
        for ((is_found, start), end) in are_found.iter_mut().zip(starts).zip(ends) {
            let length = *end - *start;
            *is_found = u8::from((length >= shortest) & (length <= longest));
        }
        let mut found = bits(&are_found);
        std::iter::from_fn(move || {
            let bit = (found != 0).then(|| found.trailing_zeros())?;
            found &= found - 1;
            Some(first + bit as usize)
        })
    })
}

/// Of bytes that are 0 or 1 the bits, the first byte's lowest.
fn bits(bytes: &[u8; 64]) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    let bits = words.iter().map(|word| u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56);
    bits.zip((0..).step_by(8)).fold(0, |all, (bits, shift)| all | bits << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_length_are_found_wherever_they_stand() {
        for marked in [vec![], vec![0], vec![63, 64], vec![7, 8, 127, 128, 199], (0..200).collect::<Vec<_>>()]
        {
            let texts: StringArray =
                (0..200).map(|row| Some(if marked.contains(&row) { "four" } else { "five5" })).collect();
            assert_eq!(of_lengths(&texts, 3..=4).collect::<Vec<_>>(), marked);
        }
    }
}
