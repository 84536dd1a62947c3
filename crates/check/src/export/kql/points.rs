//! Queries that settle open points, for pasting into a Kusto.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::literal::string;
use super::{Expects, Script, has_nul, may_fail, scalar, table, union_of};
use crate::verdict::wanted_error;
use rulespec::kql::Profile;
use rulespec::suite::{Vector, Want};

/// The name of the script for all points whose calls cannot fail.
pub const OPEN_POINTS: &str = "open-points";

/// The id of the row with all answers: JSON text of an object from the id of a vector to an array
/// of its one answer.
pub const ANSWERS: &str = "answers";

/// The result for a point whose answers are those of no alternative.
pub const NONE: &str = "none";

/// The scripts that settle open points: one for all points whose calls every Kusto accepts, and
/// one for each point whose calls a Kusto may reject, with an error or because of U+0000 in the
/// query.
///
/// A script returns one row per point: its id, and the names of the alternatives that agree with
/// all answers, or [`NONE`]. One more row, [`ANSWERS`], has the answers themselves. Only scalar
/// functions and queries of one table are asked.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::export::kql;
///
/// let scripts = kql::open_points(&suite::vectors()?);
/// let names: Vec<&str> = scripts.iter().map(|script| script.name.as_str()).collect();
/// assert_eq!(names, ["open-points", "open-unknown-parser", "open-parser-case", "open-nul"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn open_points(vectors: &[Vector]) -> Vec<Script> {
    let points = Profile::POINTS.iter().filter_map(|(id, names)| Point::new(id, names, vectors));
    let (fallible, infallible): (Vec<Point<'_>>, Vec<Point<'_>>) = points.partition(Point::may_fail);
    let combined =
        (!infallible.is_empty()).then(|| script(OPEN_POINTS.to_owned(), &infallible, Expects::Rows));
    let separate = |point: Point<'_>| script(point.id.to_lowercase(), &[point], Expects::Either);
    combined.into_iter().chain(fallible.into_iter().map(separate)).collect()
}

/// A vector of an open point, and the wanted answers by alternative.
pub(crate) type OpenVector<'a> = (&'a Vector, &'a BTreeMap<String, Json>);

/// The vectors of a point that its script asks.
pub(crate) fn point_vectors<'a>(point: &str, vectors: &'a [Vector]) -> Vec<OpenVector<'a>> {
    let wants = |vector: &'a Vector| match &vector.want {
        Want::Open { open, wants } if open == point && asks(vector) => Some((vector, wants)),
        Want::Open { .. } | Want::Settled { .. } => None,
    };
    vectors.iter().filter_map(wants).collect()
}

/// Whether a script can ask a vector.
fn asks(vector: &Vector) -> bool {
    scalar::asks(vector) || vector.r#fn == "query" && table::one_query(vector).is_some()
}

/// An open point with its vectors.
struct Point<'a> {
    id: &'static str,
    alternatives: &'static [&'static str],
    vectors: Vec<OpenVector<'a>>,
}

impl<'a> Point<'a> {
    /// The point, unless it has no vectors.
    fn new(id: &'static str, alternatives: &'static [&'static str], vectors: &'a [Vector]) -> Option<Self> {
        let vectors = point_vectors(id, vectors);
        (!vectors.is_empty()).then_some(Self { id, alternatives, vectors })
    }

    fn may_fail(&self) -> bool {
        self.vectors.iter().any(|(vector, _)| may_fail(vector))
    }

    fn has_nul(&self) -> bool {
        self.vectors.iter().any(|(vector, _)| vector.args.iter().any(has_nul))
    }

    /// One row for each alternative and vector, with the wanted answer as text. Alternatives with an
    /// error are left out, because an error is not returned as a row.
    fn rows(&self, first_place: usize) -> Vec<String> {
        let mut rows = vec![];
        for (place, alternative) in self.alternatives.iter().enumerate() {
            let wants = self.vectors.iter().map(|(vector, wants)| (vector, wants.get(*alternative)));
            let wants: Vec<_> = wants.collect();
            if wants.iter().any(|(_, want)| want.is_none_or(|want| wanted_error(want).is_some())) {
                continue;
            }
            rows.extend(wants.into_iter().map(|(vector, want)| {
                let (point, name) = (string(self.id), string(alternative));
                let want = string(&json!([want]).to_string());
                format!("    {}, {point}, {name}, {}, {want}", first_place + place, string(&vector.id))
            }));
        }
        rows
    }
}

const DESCRIPTION: &str =
    "Returns one row per point with the alternative that holds, and all answers for `rulespec import`.";
const MAY_FAIL: &str =
    "May fail, which is an answer. Otherwise it returns the alternative that holds, and all answers.";

fn script(name: String, points: &[Point<'_>], expects: Expects) -> Script {
    let vectors: Vec<&Vector> =
        points.iter().flat_map(|point| &point.vectors).map(|(vector, _)| *vector).collect();
    let scalars = scalar::tables(&vectors).into_iter().map(|table| format!("{table}\n| project id, got"));
    let queries = vectors.iter().filter(|vector| vector.r#fn == "query");
    let tables: Vec<String> = scalars.chain(queries.filter_map(|vector| table::one_query(vector))).collect();
    let mut rows = vec![];
    for point in points {
        rows.extend(point.rows(rows.len()));
    }
    // Tools that save the result may drop U+0000, so it is written as the escape of JSON.
    let escaped = match points.iter().any(Point::has_nul) {
        true => "\n| extend got = replace_string(got, \"\\u0000\", \"\\\\u0000\")",
        false => "",
    };
    let text = format!(
        "let answers = materialize(\n{}{escaped}\n);\n\
         datatable(place: long, point: string, alternative: string, id: string, want: string)[{}]\n{COMPARISON}",
        union_of(&tables),
        if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) }
    );
    let description = if expects == Expects::Rows { DESCRIPTION } else { MAY_FAIL };
    Script {
        name,
        description,
        text,
        vectors: vectors.iter().map(|vector| vector.id.clone()).collect(),
        expects,
    }
}

/// Joins wanted and actual answers into one row per point. They are compared as text, because a
/// Kusto may interpret strings in a dynamic literal as other types (OPEN-DYNAMIC-TYPED-STRINGS).
const COMPARISON: &str = r#"| join kind=inner answers on id
| summarize holds = countif(got != want) == 0 by place, point, alternative
| sort by place asc
| extend name = iff(holds, strcat(", ", alternative), "")
| summarize all = make_list(name), place = min(place) by point
| extend names = strcat_array(all, "")
| project place, id = point, got = iff(names == "", "none", substring(names, 2))
| union (
    answers
    | sort by id asc
    | summarize pairs = make_list(strcat("\"", id, "\":", got))
    | project place = 1000000, id = "answers", got = strcat("{", strcat_array(pairs, ","), "}")
)
| sort by place asc
| project id, got
"#;
