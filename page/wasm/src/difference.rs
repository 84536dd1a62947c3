//! The difference between a rule and the original.

use std::time::Duration;

use rulespec::rule::Rule;
use rulespec_check::diff::{DiffError, Finding, Input, Plan, Watch, Which, diff};
use rulespec_check::engine::NOW;
use rulespec_check::stop::Stop;
use serde_json::{Value as Json, json};

use crate::rule::{known_columns, parse, problems};

/// Compares a rule with the original on so many generated events, for so many seconds at most. `each` is
/// called with each finding as JSON.
pub fn compare(text: &str, cases: u32, seconds: u32, each: &mut dyn FnMut(String)) -> Json {
    let rule = match parse(text) {
        Ok(rule) => rule,
        Err(problems) => return json!({ "problems": problems }),
    };
    let Ok(now) = NOW.parse() else { return Json::Null };
    let plan = Plan { columns: known_columns(), now, seed: 1, cases: cases.into() };
    let stop = Stop::default().after(Duration::from_secs(seconds.into()));
    let mut told = |finding: &Finding| each(serde_json::to_string(finding).unwrap_or_default());
    let watch = Watch { stop: stop.clone(), asked: None, each: Some(&mut told) };
    let original = ("the original", Rule::bitsadmin_activity());
    match diff(original, Input::Rule("your rule", &rule), &mut [].into_iter(), &plan, watch) {
        Ok(found) => json!({
            "difference": serde_json::to_value(&found).unwrap_or_default(),
            "none": found.is_none(),
            "stopped": stop.is_set(),
        }),
        Err(DiffError::Rule(Which::B, found)) => json!({"problems": problems(&found, text)}),
        Err(error) => json!({"error": error.to_string()}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_rule_differs_and_the_original_does_not() {
        let text = Rule::bitsadmin_activity().text();
        let mut told = vec![];
        let same = compare(text, 500, 60, &mut |finding| told.push(finding));
        assert_eq!((&same["none"], &same["stopped"], told.len()), (&json!(true), &json!(false), 0), "{same}");
        let changed = text.replace("has_any (\"/Transfer\", ", "has_any (");
        let changed = compare(&changed, 500, 60, &mut |finding| told.push(finding));
        assert_eq!(changed["difference"]["findings"].as_array().unwrap().len(), told.len());
        let first: Json = serde_json::from_str(&told[0]).unwrap();
        assert_eq!((&first["differs"], &first["by"]), (&json!("selected"), &json!("a")), "{first}");
    }

    #[test]
    fn a_rule_that_is_no_kql_is_not_compared() {
        let found = compare("DeviceProcessEvents | where", 10, 1, &mut |_| panic!("nothing is found"));
        assert_eq!(found["problems"][0]["line"], 1);
    }
}
