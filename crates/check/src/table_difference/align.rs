//! Which row of one table corresponds to which of another.

use serde_json::Value as Json;

use crate::verdict::json_eq;

/// The largest number of pairs of rows that are compared. Larger tables are compared row by row.
const MAX_PAIRS: usize = 40_000;

/// A row that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowDifference {
    /// Some cells of a row differ, those in these columns.
    Changed { want: usize, got: usize, cells: Vec<String> },
    /// Only the expected table has this row.
    Missing(usize),
    /// Only the given table has this row.
    Unexpected(usize),
}

/// A row as its cells.
type Row<'a> = Vec<&'a Json>;

/// The rows that differ, in the order of the tables, and the number of those that are equal.
///
/// Rows correspond in such a way that as few cells as possible differ. A missing row counts as one
/// in which half of the cells differ.
pub(super) fn differences(
    want: &[Row<'_>],
    got: &[Row<'_>],
    names: &[String],
) -> (Vec<RowDifference>, usize) {
    let is_equal = |(a, b): &(&Row<'_>, &Row<'_>)| distance(a, b) == 0;
    let start = want.iter().zip(got).take_while(is_equal).count();
    let (want_rest, got_rest) = (&want[start..], &got[start..]);
    let end = want_rest.iter().rev().zip(got_rest.iter().rev()).take_while(is_equal).count();
    let want_middle = &want_rest[..want_rest.len() - end];
    let got_middle = &got_rest[..got_rest.len() - end];
    let pairs = match want_middle.len().saturating_mul(got_middle.len()) > MAX_PAIRS {
        true => by_place(want_middle.len(), got_middle.len()),
        false => cheapest(want_middle, got_middle, names.len()),
    };
    let mut equal = start + end;
    let mut found = vec![];
    for pair in pairs {
        match pair {
            (Some(a), Some(b)) => {
                let (want, got) = (&want_middle[a], &got_middle[b]);
                let differs = |at: &usize| !json_eq(want[*at], got[*at]);
                let cells: Vec<String> =
                    (0..names.len()).filter(differs).map(|at| names[at].clone()).collect();
                match cells.is_empty() {
                    true => equal += 1,
                    false => {
                        found.push(RowDifference::Changed { want: start + a, got: start + b, cells });
                    }
                }
            }
            (Some(a), None) => found.push(RowDifference::Missing(start + a)),
            (None, Some(b)) => found.push(RowDifference::Unexpected(start + b)),
            (None, None) => {}
        }
    }
    (found, equal)
}

/// How many cells of two rows differ.
fn distance(a: &Row<'_>, b: &Row<'_>) -> usize {
    a.iter().zip(b).filter(|(a, b)| !json_eq(a, b)).count()
}

type Pairs = Vec<(Option<usize>, Option<usize>)>;

fn by_place(want: usize, got: usize) -> Pairs {
    let present = |at: usize, count: usize| (at < count).then_some(at);
    (0..want.max(got)).map(|at| (present(at, want), present(at, got))).collect()
}

/// The pairs with the fewest differences, by dynamic programming from the end.
fn cheapest(want: &[Row<'_>], got: &[Row<'_>], columns: usize) -> Pairs {
    // Counted in half cells, so that a missing row costs as much as half of its cells.
    let alone = columns + 1;
    let width = got.len() + 1;
    let mut costs = vec![0; (want.len() + 1) * width];
    let pair = |a: usize, b: usize| 2 * distance(&want[a], &got[b]);
    for a in (0..=want.len()).rev() {
        for b in (0..=got.len()).rev() {
            let without_want = (a < want.len()).then(|| alone + costs[(a + 1) * width + b]);
            let without_got = (b < got.len()).then(|| alone + costs[a * width + b + 1]);
            let both = (a < want.len() && b < got.len()).then(|| pair(a, b) + costs[(a + 1) * width + b + 1]);
            costs[a * width + b] = [both, without_want, without_got].into_iter().flatten().min().unwrap_or(0);
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, vec![]);
    while a < want.len() || b < got.len() {
        let cost = costs[a * width + b];
        if a < want.len() && b < got.len() && cost == pair(a, b) + costs[(a + 1) * width + b + 1] {
            pairs.push((Some(a), Some(b)));
            (a, b) = (a + 1, b + 1);
        } else if a < want.len() && cost == alone + costs[(a + 1) * width + b] {
            pairs.push((Some(a), None));
            a += 1;
        } else {
            pairs.push((None, Some(b)));
            b += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(want: &Json, got: &Json) -> (Vec<RowDifference>, usize) {
        fn rows(value: &Json) -> Vec<Row<'_>> {
            value.as_array().unwrap().iter().map(|row| row.as_array().unwrap().iter().collect()).collect()
        }
        let names = ["a", "b", "c"].map(str::to_owned);
        differences(&rows(want), &rows(got), &names)
    }

    #[test]
    fn a_row_that_is_missing_does_not_change_those_after_it() {
        let want = json!([[1, 2, 3], [4, 5, 6], [7, 8, 9], [0, 0, 0]]);
        let got = json!([[1, 2, 3], [7, 8, 1], [0, 0, 0]]);
        let changed = RowDifference::Changed { want: 2, got: 1, cells: vec!["c".to_owned()] };
        assert_eq!(found(&want, &got), (vec![RowDifference::Missing(1), changed], 2));
        let added = found(&got, &want).0;
        assert_eq!(added[0], RowDifference::Unexpected(1));
    }

    #[test]
    fn large_tables_are_compared_row_by_row() {
        let rows = |from: usize, count: usize| -> Json {
            (from..from + count).map(|at| json!([at, 0, 0])).collect()
        };
        let (differing, equal) = found(&rows(0, 300), &rows(1, 290));
        assert_eq!((differing.len(), equal), (300, 0));
        assert_eq!(differing[299], RowDifference::Missing(299));
    }
}
