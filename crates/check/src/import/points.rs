//! Rows of the scripts of open points: the alternative at each point, and all answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{ContentError, Row, error, parse_answer};
use crate::engine::Answer;
use crate::export::kql;
use crate::verdict::{Verdict, judge};
use rulespec::json::from_slice;
use rulespec::kql::Profile;
use rulespec::suite::Vector;

const SAVE_AGAIN: &str = "save the whole result of one run again";

/// Whether a row has the alternative of a point.
pub fn is_point(row: &Row) -> bool {
    row.id.starts_with("OPEN-")
}

/// The answers in the row [`kql::ANSWERS`], by vector.
pub fn answers(place: &str, got: &Json) -> Result<Vec<(String, Json)>, ContentError> {
    let invalid = |what: &str| error(place, format!("`got` of `{}` {what}; {SAVE_AGAIN}", kql::ANSWERS));
    let object: Map<String, Json> = match got {
        Json::String(text) => from_slice(text.as_bytes(), usize::MAX)
            .map_err(|syntax| invalid(&format!("is not a JSON object: {syntax}")))?,
        Json::Object(object) => object.clone(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) => {
            return Err(invalid("is not a JSON object"));
        }
    };
    let answer = |(id, got): (String, Json)| match parse_answer(&got) {
        Some(answer) => Ok((id, answer)),
        None => Err(invalid(&format!("has no array of one answer for {id:?}"))),
    };
    object.into_iter().map(answer).collect()
}

/// Checks that the row of a point agrees with the answers.
///
/// [`kql::NONE`] is accepted for any answers, because a Kusto compares them as text and may write
/// a wanted value differently. A point that has been settled is not checked, because its vectors
/// are ordinary ones now.
pub fn check(row: &Row, vectors: &[Vector], answers: &BTreeMap<String, Answer>) -> Result<(), ContentError> {
    let point = &row.id;
    if Profile::SETTLED.iter().any(|(id, _)| id == point) {
        return Ok(());
    }
    if !Profile::POINTS.iter().any(|(id, _)| id == point) {
        let remedy = "`rulespec list open-points` lists all; export the script again";
        return Err(error(row.place.clone(), format!("there is no open point {point:?}; {remedy}")));
    }
    let claimed = row.got.as_str().unwrap_or_default();
    match followed(point, vectors, answers) {
        None => {
            let what = format!("not all answers for {point} are in `{}`", kql::ANSWERS);
            Err(error(row.place.clone(), format!("{what}; {SAVE_AGAIN}")))
        }
        Some(_) if claimed == kql::NONE => Ok(()),
        Some(followed) if claimed.split(", ").collect::<BTreeSet<_>>() == followed => Ok(()),
        Some(followed) => {
            let names: Vec<&str> = followed.into_iter().collect();
            let names = if names.is_empty() { kql::NONE.to_owned() } else { names.join(", ") };
            let what = format!("{point} is {claimed:?}, but its answers follow {names:?}");
            Err(error(row.place.clone(), format!("{what}; {SAVE_AGAIN}")))
        }
    }
}

/// The alternatives that all answers about a point follow; `None` if an answer is missing.
fn followed<'a>(
    point: &str,
    vectors: &'a [Vector],
    answers: &BTreeMap<String, Answer>,
) -> Option<BTreeSet<&'a str>> {
    let answered = kql::point_vectors(point, vectors)
        .into_iter()
        .map(|(vector, wants)| Some((vector, wants, answers.get(&vector.id)?)));
    let answered: Vec<_> = answered.collect::<Option<_>>()?;
    let sets = answered.into_iter().map(|(vector, wants, answer)| {
        let Verdict::Open(names) = judge(&vector.want, answer) else { return BTreeSet::new() };
        wants.keys().filter(|name| names.contains(name)).map(String::as_str).collect()
    });
    sets.reduce(|common: BTreeSet<&str>, set| common.intersection(&set).copied().collect())
}
