//! Shorter and simpler lists.

use serde_json::Value as Json;

/// Simpler versions of a value, the most aggressive simplification first.
pub(super) type Steps<'a, T = Json> = Box<dyn Iterator<Item = T> + 'a>;

pub(super) fn none<'a, T: 'a>() -> Steps<'a, T> {
    Box::new(std::iter::empty())
}

/// The list with each of its sublists removed, the longest ones first.
pub(super) fn shorter<T: Clone>(all: &[T]) -> impl Iterator<Item = Vec<T>> + use<T> {
    let all = all.to_vec();
    let count = all.len();
    let lengths = std::iter::successors(Some(count), |length| Some(length / 2)).take_while(|n| *n > 0);
    let ranges = lengths.flat_map(move |length| (0..=count - length).map(move |from| (from, length)));
    ranges.map(move |(from, length)| [&all[..from], &all[from + length..]].concat())
}

/// The list with one element simplified, given its index.
pub(super) fn each<'a>(
    all: &'a [Json],
    simpler: impl Fn(usize, &'a Json) -> Steps<'a> + 'a,
) -> impl Iterator<Item = Vec<Json>> + 'a {
    let steps =
        all.iter().enumerate().flat_map(move |(at, one)| simpler(at, one).map(move |step| (at, step)));
    steps.map(|(at, step)| replaced(all, at, step))
}

/// The list with one element replaced.
pub(super) fn replaced(all: &[Json], at: usize, element: Json) -> Vec<Json> {
    let mut all = all.to_vec();
    all[at] = element;
    all
}
