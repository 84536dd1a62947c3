//! The difference between a rule and the original.

use std::time::Duration;

use rulespec::kql::Column;
use rulespec::rule::Rule;
use rulespec_check::diff::{
    Decider, DiffError, Difference, Finding, Input, Plan, Values, Watch, What, Which, diff,
};
use rulespec_check::engine::NOW;
use rulespec_check::report::Painter;
use rulespec_check::stop::Stop;
use serde_json::{Map, Value as Json, json};

use crate::event;
use crate::rule::{known_columns, parse, problems, shown};

/// What the page calls the rules.
const SIDES: [&str; 2] = ["the original", "your rule"];

/// Compares a rule with the original on so many generated events, for so many seconds at most. The events
/// have the columns `more`, besides those of DeviceProcessEvents. `each` is called with each finding as
/// JSON.
pub fn compare(
    text: &str,
    more: Vec<Column>,
    cases: u32,
    seconds: u32,
    each: &mut dyn FnMut(String),
) -> Json {
    let rule = match parse(text) {
        Ok(rule) => rule,
        Err(problems) => return json!({ "problems": problems }),
    };
    let Ok(now) = NOW.parse() else { return Json::Null };
    let mut columns = known_columns();
    columns.extend(more);
    let plan = Plan { columns, now, seed: 1, cases: cases.into() };
    let stop = Stop::default().after(Duration::from_secs(seconds.into()));
    let mut told = |finding: &Finding| each(finding_json(finding).to_string());
    let watch = Watch { stop: stop.clone(), asked: None, each: Some(&mut told) };
    let original = (SIDES[0], Rule::bitsadmin_activity());
    match diff(original, Input::Rule(SIDES[1], &rule), &mut [].into_iter(), &plan, watch) {
        Ok(found) => difference_json(Difference { interrupted: stop.is_set(), ..found }),
        Err(DiffError::Rule(Which::B, found)) => json!({"problems": problems(&found, text)}),
        Err(error) => json!({"error": error.to_string()}),
    }
}

fn difference_json(found: Difference) -> Json {
    json!({
        "findings": found.findings.iter().map(finding_json).collect::<Json>(),
        "summary": found.totals_of(SIDES, Painter::default()).lines().collect::<Json>(),
        "none": found.is_none() && !found.interrupted,
    })
}

/// A finding as it is shown. Events and values are texts: JavaScript would round their numbers.
fn finding_json(finding: &Finding) -> Json {
    let columns = match &finding.what {
        What::Columns { columns } => columns.as_slice(),
        _ => &[],
    };
    let more: &[Map<String, Json>] = match &finding.what {
        What::Table { more_events, .. } => more_events,
        _ => &[],
    };
    let events = std::iter::once(&finding.event).chain(more);
    json!({
        "title": finding.title(SIDES),
        "error": match &finding.what {
            What::Error { error, .. } => Some(error),
            _ => None,
        },
        "columns": columns.iter().map(values).collect::<Json>(),
        "events": events.map(event::text).collect::<Json>(),
        "absent": finding.absent,
        "decided_by": finding.decided_by.iter().map(decider).collect::<Json>(),
        "clauses": finding.clauses,
        "misreading": finding.misreading.as_ref().map(|misreading| &misreading.says),
        "open": finding.open,
        "also": finding.also,
        "count": finding.count,
    })
}

fn values(Values { column, a, b }: &Values) -> Json {
    json!({"column": column, "values": [[SIDES[0], shown(a.clone())], [SIDES[1], shown(b.clone())]]})
}

fn decider(Decider { side, predicate, holds, line, column }: &Decider) -> Json {
    json!({"side": side.of(SIDES), "predicate": predicate, "holds": holds, "line": line, "column": column})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(text: &str, more: Vec<Column>, cases: u32) -> (Json, Vec<Json>) {
        let mut told = vec![];
        let found = compare(text, more, cases, 60, &mut |finding| {
            told.push(serde_json::from_str(&finding).unwrap());
        });
        (found, told)
    }

    #[test]
    fn a_changed_rule_differs_and_the_original_does_not() {
        let text = Rule::bitsadmin_activity().text();
        let (same, told) = compared(text, vec![], 500);
        assert_eq!((&same["none"], told.len()), (&json!(true), 0), "{same}");
        let summary = same["summary"][0].as_str().unwrap();
        assert!(summary.starts_with("no difference among 500 events, "), "{summary}");
        let (changed, told) = compared(&text.replace("has_any (\"/Transfer\", ", "has_any ("), vec![], 500);
        assert_eq!(changed["findings"].as_array().unwrap().len(), told.len());
        assert_eq!(told[0]["title"], "only the original selects this event");
        assert_eq!(told[0]["decided_by"][0]["side"], "your rule", "{changed}");
    }

    #[test]
    fn numbers_of_events_are_texts_and_values_have_the_names_of_their_sides() {
        let text = Rule::bitsadmin_activity().text().trim_end();
        let rule = format!("{text}\n| where ProcessId != 9007199254740993");
        let (found, _) = compared(&rule, vec![], 500);
        let findings = found["findings"].as_array().unwrap();
        let is_exact = |finding: &Json| finding["events"][0].as_str().unwrap().contains("9007199254740993");
        assert!(findings.iter().any(is_exact), "{found}");
        let (found, _) = compared(&format!("{text}\n| extend ProcessId = 9007199254740993"), vec![], 500);
        let values = &found["findings"][0]["columns"][0]["values"];
        assert_eq!(values[1], json!(["your rule", "9007199254740993"]), "{found}");
    }

    #[test]
    fn a_column_that_only_the_event_has_is_compared() {
        let rule = format!("{}\n| where Score > 5", Rule::bitsadmin_activity().text().trim_end());
        assert_eq!(compared(&rule, vec![], 10).0["problems"][0]["message"], "there is no column \"Score\"");
        let score = Column { name: "Score".to_owned(), r#type: rulespec::kql::Type::Long };
        let (found, _) = compared(&rule, vec![score], 500);
        assert_eq!(found["findings"][0]["title"], "only the original selects this event", "{found}");
    }

    #[test]
    fn a_search_that_was_ended_does_not_say_that_there_is_none() {
        let found = compare(Rule::bitsadmin_activity().text(), vec![], 500, 0, &mut |_| {});
        assert_eq!(found["none"], json!(false), "{found}");
        assert!(!found["summary"].to_string().contains("no difference among"), "{found}");
    }

    #[test]
    fn a_rule_that_is_no_kql_is_not_compared() {
        let (found, _) = compared("DeviceProcessEvents | where", vec![], 10);
        assert_eq!(found["problems"][0]["line"], 1);
    }
}
