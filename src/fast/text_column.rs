//! A string column of an Arrow record batch, in any encoding.

use std::ops::RangeInclusive;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, GenericStringArray, LargeStringArray, OffsetSizeTrait, StringArray, StringViewArray,
};
use arrow_schema::DataType;

use super::literals::Literals;

/// A string column. A null is `""`, as in KQL's `string`.
#[derive(Clone)]
pub enum TextColumn<'a> {
    Utf8(&'a StringArray),
    LargeUtf8(&'a LargeStringArray),
    Utf8View(&'a StringViewArray),
    Dictionary(&'a dyn Array, Vec<usize>, Box<TextColumn<'a>>),
}

/// Whether a column of this type is a [`TextColumn`].
pub fn is_text(r#type: &DataType) -> bool {
    match r#type {
        DataType::Dictionary(_, values) => is_plain(values),
        plain => is_plain(plain),
    }
}

fn is_plain(r#type: &DataType) -> bool {
    matches!(r#type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

impl<'a> TextColumn<'a> {
    /// The column as strings; `None` if it has another type.
    pub fn new(array: &'a dyn Array) -> Option<Self> {
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

    /// The text of a row; `""` if it is null or there is no such row.
    pub fn text(&self, row: usize) -> &'a str {
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

    /// The rows, in order, whose text passes a test. A text of another length than one of these does
    /// not pass.
    pub(crate) fn rows_where(&self, lengths: RangeInclusive<usize>, test: impl Fn(&str) -> bool) -> Vec<u32> {
        let has_null = |array: &dyn Array| array.null_count() > 0;
        let of_null = test("");
        match self {
            Self::Utf8(texts) if !(of_null && has_null(texts)) => rows_where(texts, lengths, test),
            Self::LargeUtf8(texts) if !(of_null && has_null(texts)) => rows_where(texts, lengths, test),
            Self::Utf8View(texts) if !has_null(texts) => {
                // The low half of a view is the length of its text.
                let length = |view: &u128| (*view & u128::from(u32::MAX)) as usize;
                let views = texts.views().iter().zip(0_u32..);
                let of_lengths = views.filter(|(view, _)| lengths.contains(&length(view)));
                of_lengths.map(|(_, row)| row).filter(|row| test(texts.value(*row as usize))).collect()
            }
            Self::Dictionary(array, keys, values) => {
                let passes = |key: usize| test(values.text(key));
                let of_keys: Vec<bool> = (0..values.len()).map(passes).collect();
                let is_valid = |row: u32| !has_null(*array) || array.is_valid(row as usize);
                let passes = |row: u32, key: &usize| match is_valid(row) {
                    true => of_keys.get(*key).copied().unwrap_or(of_null),
                    false => of_null,
                };
                keys.iter().zip(0..).filter(|(key, row)| passes(*row, key)).map(|(_, row)| row).collect()
            }
            texts => (0..texts.len() as u32).filter(|row| test(texts.text(*row as usize))).collect(),
        }
    }

    /// The rows, in order, whose text passes a test, if texts without the literals or of other lengths do
    /// not pass; `None` if the texts do not follow each other. If more than one in `give_up` texts has a
    /// literal, the rest are tested as [`TextColumn::rows_where`] does.
    pub(crate) fn rows_with(
        &self,
        literals: &Literals,
        give_up: usize,
        lengths: impl Fn() -> RangeInclusive<usize>,
        test: impl Fn(&str) -> bool,
    ) -> Option<Vec<u32>> {
        match self {
            Self::Utf8(texts) => Some(rows_with(texts, literals, give_up, lengths, test)),
            Self::LargeUtf8(texts) => Some(rows_with(texts, literals, give_up, lengths, test)),
            Self::Utf8View(_) | Self::Dictionary(..) => None,
        }
    }

    /// Whether the texts follow each other in one buffer.
    pub(crate) fn is_contiguous(&self) -> bool {
        matches!(self, Self::Utf8(_) | Self::LargeUtf8(_))
    }

    /// Whether all texts are known to be ASCII, because they follow each other in a buffer that is.
    pub(crate) fn is_ascii(&self) -> bool {
        match self {
            Self::Utf8(texts) => bytes(texts).is_ascii(),
            Self::LargeUtf8(texts) => bytes(texts).is_ascii(),
            Self::Utf8View(_) | Self::Dictionary(..) => false,
        }
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Utf8(texts) => texts.len(),
            Self::LargeUtf8(texts) => texts.len(),
            Self::Utf8View(texts) => texts.len(),
            Self::Dictionary(array, ..) => array.len(),
        }
    }

    /// A length in bytes that no text exceeds.
    pub(crate) fn longest(&self) -> usize {
        match self {
            Self::Utf8(texts) => longest(texts.value_offsets()),
            Self::LargeUtf8(texts) => longest(texts.value_offsets()),
            Self::Utf8View(texts) => {
                texts.views().iter().map(|view| *view as u32).max().unwrap_or(0) as usize
            }
            Self::Dictionary(_, _, values) => values.longest(),
        }
    }
}

fn longest<O: OffsetSizeTrait>(offsets: &[O]) -> usize {
    let lengths = offsets.iter().zip(offsets.get(1..).unwrap_or_default()).map(|(start, end)| *end - *start);
    lengths.max().unwrap_or_default().as_usize()
}

/// The bytes of all texts.
fn bytes<O: OffsetSizeTrait>(texts: &GenericStringArray<O>) -> &[u8] {
    let offsets = texts.value_offsets();
    let [start, end] = [offsets.first(), offsets.last()].map(|offset| offset.map_or(0, |at| at.as_usize()));
    texts.value_data().get(start..end).unwrap_or_default()
}

fn valid(array: &dyn Array, row: usize) -> Option<usize> {
    (row < array.len() && array.is_valid(row)).then_some(row)
}

/// The rows whose text passes a test and is not null.
///
/// The lengths of 64 rows are compared before the first branch: a branch per row would cost
/// more than the rest of the work.
fn rows_where<O: OffsetSizeTrait>(
    texts: &GenericStringArray<O>,
    lengths: RangeInclusive<usize>,
    test: impl Fn(&str) -> bool,
) -> Vec<u32> {
    let starts = texts.value_offsets();
    let ends = starts.get(1..).unwrap_or_default();
    let [min, max] = [lengths.start(), lengths.end()].map(|length| O::usize_as((*length).min(O::MAX_OFFSET)));
    let mut rows = vec![];
    for ((starts, ends), first) in starts.chunks(64).zip(ends.chunks(64)).zip((0_u32..).step_by(64)) {
        let mut is_candidate = [0_u8; 64];
        for ((is_candidate, start), end) in is_candidate.iter_mut().zip(starts).zip(ends) {
            let length = *end - *start;
            *is_candidate = u8::from((length >= min) & (length <= max));
        }
        let mut candidates = packed(&is_candidate);
        while candidates != 0 {
            let row = first + candidates.trailing_zeros();
            candidates &= candidates - 1;
            // A null slot may hold any bytes. Validity is checked last because few rows get here.
            if test(texts.value(row as usize)) && texts.is_valid(row as usize) {
                rows.push(row);
            }
        }
    }
    rows
}

/// The rows whose text passes a test and is not null. Only texts that have one of the literals are tested,
/// unless many texts have one.
fn rows_with<O: OffsetSizeTrait>(
    texts: &GenericStringArray<O>,
    literals: &Literals,
    give_up: usize,
    lengths: impl Fn() -> RangeInclusive<usize>,
    test: impl Fn(&str) -> bool,
) -> Vec<u32> {
    let [start, ends @ ..] = texts.value_offsets() else { return vec![] };
    let start = start.as_usize();
    let mut search = literals.search(bytes(texts));
    let (mut rows, mut row, mut at, mut tested) = (vec![], 0, 0, 0);
    while let Some(found) = search.next(at) {
        row += count_up_to(ends.get(row..).unwrap_or_default(), start + found);
        let Some(end) = ends.get(row) else { break };
        at = end.as_usize() - start;
        if test(texts.value(row)) && texts.is_valid(row) {
            rows.push(row as u32);
        }
        tested += 1;
        if tested > MIN_TESTED && tested > row / give_up {
            let rest = texts.slice(row + 1, texts.len() - row - 1);
            rows.extend(rows_where(&rest, lengths(), test).iter().map(|left| row as u32 + 1 + left));
            break;
        }
    }
    rows
}

/// The number of tested texts after which a search may be given up.
const MIN_TESTED: usize = 256;

/// The number of ends up to a position. It is faster if few are.
fn count_up_to<O: OffsetSizeTrait>(ends: &[O], at: usize) -> usize {
    let is_up_to = |end: &O| end.as_usize() <= at;
    let mut bound = 1;
    while ends.get(bound - 1).is_some_and(is_up_to) {
        bound *= 2;
    }
    let start = bound / 2;
    start + ends.get(start..bound.min(ends.len())).unwrap_or_default().partition_point(is_up_to)
}

/// Packs bytes that are 0 or 1 into bits. The first byte becomes the lowest bit.
pub(crate) fn packed(bytes: &[u8; 64]) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    let bits = words.iter().map(|word| u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56);
    bits.zip((0..).step_by(8)).fold(0, |all, (bits, shift)| all | bits << shift)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fast::text::Word;

    fn rows_equal_to(texts: StringArray, word: &str) -> Vec<u32> {
        let word = Word::new(word);
        TextColumn::Utf8(&texts).rows_where(word.lengths(false), |text| word.equals(text))
    }

    #[test]
    fn a_word_is_found_in_every_row_and_case() {
        for rows in [vec![], vec![0], vec![63, 64], vec![7, 8, 127, 128, 199], (0..200).collect::<Vec<_>>()] {
            for equal in ["disk", "DISK", "diſk", "dis\u{212a}", "DIſ\u{212a}"] {
                for other in ["disc", "", "disks", "dißk", "d\u{131}sk", "di\u{212a}k"] {
                    let text = |row| if rows.contains(&row) { equal } else { other };
                    let texts: StringArray = (0..200).map(|row| Some(text(row))).collect();
                    assert_eq!(rows_equal_to(texts, "disk"), rows, "{equal} {other}");
                }
            }
        }
    }

    #[test]
    fn a_search_finds_the_same_rows_whether_it_is_given_up_or_not() {
        let word = Word::new("disk");
        for (step, shift) in [(1, 0), (2, 1), (3, 0), (20, 7), (700, 650)] {
            let text = |row: i32| match row % step == shift {
                true if row % 5 == 0 => "diſ\u{212a}",
                true => "DISK",
                false => ["disks", "", "dis"][row as usize % 3],
            };
            let texts: StringArray = (0..2_000).map(|row| (row % 7 != 0).then(|| text(row))).collect();
            let texts = texts.slice(10, 1_900);
            let found = |give_up| {
                let literals = Literals::new([word.text()]).unwrap();
                let lengths = || word.lengths(false);
                let column = TextColumn::Utf8(&texts);
                column.rows_with(&literals, give_up, lengths, |text| word.equals(text)).unwrap()
            };
            let passes = |row: &u32| texts.is_valid(*row as usize) && word.equals(texts.value(*row as usize));
            let expected: Vec<u32> = (0..1_900).filter(passes).collect();
            for give_up in [1, 4, 16, usize::MAX] {
                assert_eq!(found(give_up), expected, "{step} {give_up}");
            }
        }
    }

    #[test]
    fn a_null_is_the_empty_text_regardless_of_its_bytes() {
        let texts = StringArray::from(vec!["disk", "disk"]);
        let (offsets, values, _) = texts.into_parts();
        let texts = StringArray::new(offsets, values, Some(vec![true, false].into()));
        assert_eq!(rows_equal_to(texts.clone(), "disk"), [0]);
        assert_eq!(rows_equal_to(texts, ""), [1]);
    }
}
