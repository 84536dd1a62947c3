//! All that is open, asked at one sitting: a query that a person pastes into a Kusto.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::literal::string;
use super::{Expects, Script, has_nul, may_fail, one_table, scalar};
use crate::verdict::wanted_error;
use rulespec::kql::Profile;
use rulespec::suite::{Vector, Want};

/// The name of the script of all points whose questions cannot fail.
pub const OPEN_POINTS: &str = "open-points";

/// The id of the row that holds every answer, as the JSON text of an object: by the id
/// of the vector, an array that holds the answer.
pub const ANSWERS: &str = "answers";

/// What stands in the row of a point if its answers are those of no alternative.
pub const NONE: &str = "none";

/// The scripts that settle open points: one of all points whose questions every Kusto
/// takes, and one for each point whose question a Kusto may refuse, as an error or
/// because U+0000 is in the query.
///
/// A script returns a row a point: its id, and the names of the alternatives under which
/// all of its questions are answered so, or [`NONE`]. One more row, [`ANSWERS`], holds
/// the answers themselves. Only functions of single values are asked.
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
    let points = Profile::POINTS.iter().filter_map(|(id, names)| Point::of(id, names, vectors));
    let (refusable, sure): (Vec<Point<'_>>, Vec<Point<'_>>) = points.partition(Point::may_be_refused);
    let together = (!sure.is_empty()).then(|| script(OPEN_POINTS.to_owned(), &sure, Expects::Rows));
    let alone = |point: Point<'_>| script(point.id.to_lowercase(), &[point], Expects::Either);
    together.into_iter().chain(refusable.into_iter().map(alone)).collect()
}

/// An open point with its questions.
struct Point<'a> {
    id: &'static str,
    alternatives: &'static [&'static str],
    vectors: Vec<(&'a Vector, &'a BTreeMap<String, Json>)>,
}

impl<'a> Point<'a> {
    fn of(id: &'static str, alternatives: &'static [&'static str], vectors: &'a [Vector]) -> Option<Self> {
        let own = vectors.iter().filter(|vector| scalar::asks(vector));
        let own = own.filter_map(|vector| match &vector.want {
            Want::Open { open, wants } if open == id => Some((vector, wants)),
            _ => None,
        });
        let vectors: Vec<_> = own.collect();
        (!vectors.is_empty()).then_some(Self { id, alternatives, vectors })
    }

    fn may_be_refused(&self) -> bool {
        self.vectors.iter().any(|(vector, _)| may_fail(vector))
    }

    fn has_nul(&self) -> bool {
        self.vectors.iter().any(|(vector, _)| vector.args.iter().any(has_nul))
    }

    /// A row for each alternative and vector: the text of the answer that shows it. An
    /// alternative that is an error has none, for no row shows it.
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

const SAYS: &str =
    "Returns a row a point, with the alternative that holds, and all answers for `rulespec import`.";
const MAY_FAIL: &str =
    "May fail, which is an answer. Else it returns the alternative that holds, and all answers.";

fn script(name: String, points: &[Point<'_>], expects: Expects) -> Script {
    let vectors: Vec<&Vector> =
        points.iter().flat_map(|point| &point.vectors).map(|(vector, _)| *vector).collect();
    let legs: Vec<String> =
        scalar::questions(&vectors).iter().map(|leg| format!("{leg}\n| project id, got")).collect();
    let mut rows = vec![];
    for point in points {
        rows.extend(point.rows(rows.len()));
    }
    // JSON has U+0000 as an escape; what saves the result may drop the character.
    let escaped = match points.iter().any(Point::has_nul) {
        true => "\n| extend got = replace_string(got, \"\\u0000\", \"\\\\u0000\")",
        false => "",
    };
    let text = format!(
        "let answers = materialize(\n{}{escaped}\n);\n\
         datatable(place: long, point: string, alternative: string, id: string, want: string)[{}]\n{JUDGED}",
        one_table(&legs),
        if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) }
    );
    let says = if expects == Expects::Rows { SAYS } else { MAY_FAIL };
    Script { name, says, text, vectors: vectors.iter().map(|vector| vector.id.clone()).collect(), expects }
}

/// From the wanted answers to a row a point. Texts are compared, since a Kusto may read
/// more into a dynamic literal than its text (OPEN-DYNAMIC-TYPED-STRINGS).
const JUDGED: &str = r#"| join kind=inner answers on id
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
