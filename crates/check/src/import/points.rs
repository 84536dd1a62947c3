//! The rows of the scripts of open points: what is said of a point, and all answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{Row, Wrong, unwrapped, wrong};
use crate::engine::Answer;
use crate::export::kql;
use crate::verdict::{Verdict, judge};
use rulespec::kql::Profile;
use rulespec::suite::{Vector, Want};

/// What to do about a result that is not whole.
const ANEW: &str = "save the whole result of one run anew";

/// Whether a row has the name of the alternative that holds at a point.
pub fn is_about_a_point(row: &Row) -> bool {
    row.id.starts_with("OPEN-")
}

/// The answers of the row that has them all, by vector.
pub fn answers(place: &str, got: &Json) -> Result<Vec<(String, Json)>, Wrong> {
    let no_answers = |what: &str| wrong(place, format!("`{}` {what}; {ANEW}", kql::ANSWERS));
    let object: Map<String, Json> = match got {
        Json::String(text) => serde_json::from_str(text)
            .map_err(|error| no_answers(&format!("is no JSON text of an object: {error}")))?,
        Json::Object(object) => object.clone(),
        _ => return Err(no_answers("is no JSON text of an object")),
    };
    let answer = |(id, got): (String, Json)| match unwrapped(&got) {
        Some(answer) => Ok((id, answer)),
        None => Err(no_answers(&format!("has no array of one answer for {id:?}"))),
    };
    object.into_iter().map(answer).collect()
}

/// Holds what a row says of a point against the answers. `none` is believed of any
/// answers: a Kusto compares their texts, and may write the same value otherwise. A
/// point that was settled since is not looked at, for its vectors are ordinary ones.
pub fn hold(row: &Row, vectors: &[Vector], answers: &BTreeMap<String, Answer>) -> Result<(), Wrong> {
    let point = &row.id;
    if Profile::SETTLED.iter().any(|(id, _)| id == point) {
        return Ok(());
    }
    if !Profile::POINTS.iter().any(|(id, _)| id == point) {
        let remedy = "`rulespec list open-points` names all; export the script anew";
        return Err(wrong(row.place.clone(), format!("there is no open point {point:?}; {remedy}")));
    }
    let said = row.got.as_str().unwrap_or_default();
    match followed(point, vectors, answers) {
        None => {
            let missing = format!("{point} is there, and not all of its answers are in `{}`", kql::ANSWERS);
            Err(wrong(row.place.clone(), format!("{missing}; {ANEW}")))
        }
        Some(_) if said == kql::NONE => Ok(()),
        Some(followed) if said.split(", ").collect::<BTreeSet<_>>() == followed => Ok(()),
        Some(followed) => {
            let names: Vec<&str> = followed.into_iter().collect();
            let names = if names.is_empty() { kql::NONE.to_owned() } else { names.join(", ") };
            let what = format!("{point} is said to be {said:?}, and by its answers it is {names:?}");
            Err(wrong(row.place.clone(), format!("{what}; {ANEW}")))
        }
    }
}

/// The alternatives that all answers about a point follow; `None` if an answer is missing.
fn followed<'a>(
    point: &str,
    vectors: &'a [Vector],
    answers: &BTreeMap<String, Answer>,
) -> Option<BTreeSet<&'a str>> {
    let own = vectors.iter().filter_map(|vector| match &vector.want {
        Want::Open { open, wants } if open == point && kql::asks(vector) => Some((vector, wants)),
        _ => None,
    });
    let own = own.map(|(vector, wants)| Some((vector, wants, answers.get(&vector.id)?)));
    let own: Vec<_> = own.collect::<Option<_>>()?;
    let sets = own.into_iter().map(|(vector, wants, answer)| match judge(&vector.want, answer) {
        Verdict::Open(names) => {
            wants.keys().filter(|name| names.contains(name)).map(String::as_str).collect()
        }
        _ => BTreeSet::new(),
    });
    sets.reduce(|all: BTreeSet<&str>, own| all.intersection(&own).copied().collect())
}
