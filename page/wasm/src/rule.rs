//! A rule and an event.

use rulespec::kql::{Column, Row, Semantics, Table, Type, tostring};
use rulespec::query::{BoundQuery, Context, Diagnostics};
use rulespec::rule::explain::{Computed, Finding};
use rulespec::rule::{Entity, Rule};
use rulespec_check::engine::NOW;
use serde_json::{Value as Json, json};

use crate::event;

/// The columns of DeviceProcessEvents, as JSON.
pub const COLUMNS: &str = include_str!(concat!(env!("OUT_DIR"), "/columns.json"));

/// The columns of DeviceProcessEvents.
pub fn known_columns() -> Vec<Column> {
    serde_json::from_str(COLUMNS).unwrap_or_default()
}

/// A rule from its text, with the entity mappings of the original, or what is wrong with it as JSON.
pub fn parse(text: &str) -> Result<Rule, Json> {
    let mut rule = Rule::from_kql(text).map_err(|found| problems(&found, text))?;
    rule.entity_mappings.clone_from(&Rule::bitsadmin_activity().entity_mappings);
    Ok(rule)
}

/// What is wrong with a rule, with lines and columns.
pub fn problems(found: &Diagnostics, text: &str) -> Json {
    let problem = |problem: &rulespec::query::Diagnostic| {
        let (line, column) = problem.span.line_and_column(text);
        json!({
            "kind": problem.kind.as_str(),
            "message": problem.message,
            "help": problem.help,
            "line": line,
            "column": column,
        })
    };
    found.all().iter().map(problem).collect()
}

/// What is wrong with a rule or an event; if nothing is, whether the rule selects the event, and why. The
/// table lacks the columns `absent`, and has those in `declared` that the rule names.
pub fn run(text: &str, event: &str, absent: &[String], declared: &[Column]) -> Json {
    let rule = match parse(text) {
        Ok(rule) => rule,
        Err(problems) => return json!({ "problems": problems }),
    };
    let kql = Semantics::default();
    let Ok(now) = NOW.parse() else { return Json::Null };
    let context = Context { kql: &kql, now };
    let mut columns = known_columns();
    let optional = rule.query.optional_column_names();
    let cells = event::cells(event);
    let assumed = cells.as_ref().map(|cells| {
        let named = &rule.query.column_names() | &optional;
        event::assumed(cells, declared, &columns, &named)
    });
    let assumed = assumed.unwrap_or_default();
    columns.extend(assumed.iter().cloned());
    let unused = cells.as_ref().map(|cells| event::unused(cells, &columns)).unwrap_or_default();
    let optional: Vec<&str> =
        columns.iter().map(|column| column.name.as_str()).filter(|name| optional.contains(name)).collect();
    let mut result = json!({"problems": [], "optional": optional, "assumed": assumed, "unused": unused});
    columns.retain(|column| !absent.contains(&column.name));
    let bound = match rule.bind(&columns, context) {
        Ok(bound) => bound,
        Err(found) => {
            result["problems"] = problems(&found, rule.text());
            return result;
        }
    };
    let table = cells.and_then(|cells| event::table(&cells, columns, absent));
    match table.and_then(|table| judge(&rule, &bound, &table, context)) {
        Ok(judged) => result["result"] = judged,
        Err(error) => result["event_error"] = json!(error),
    }
    result
}

/// A value as it is shown: a string as it is, null, or the text of any other. JavaScript would round the
/// numbers.
pub fn shown(value: Json) -> Json {
    match value {
        Json::Null | Json::String(_) => value,
        value => json!(value.to_string()),
    }
}

fn judge(rule: &Rule, bound: &BoundQuery, table: &Table, context: Context<'_>) -> Result<Json, String> {
    let row = table.rows_by_name().next().ok_or("there is no event")?;
    let explained = rule.explain(bound, row, context).map_err(|error| error.to_string())?;
    let output = bound.run(table, context).map_err(|error| error.to_string())?;
    let predicates = explained.findings.iter().enumerate().map(|(number, found)| {
        let mut predicate = finding(found, rule);
        predicate["decides"] = json!(explained.decided_by.contains(&number));
        predicate
    });
    let columns = |row: Row<'_>| {
        let named = row.columns().iter().zip(row.cells());
        named.map(|(column, value)| json!([column.name, shown(value.to_json())])).collect::<Json>()
    };
    let entities: Vec<Entity> = output.rows_by_name().flat_map(|row| rule.entities(row)).collect();
    Ok(json!({
        "fires": !output.rows().is_empty(),
        "selected": explained.matched,
        "predicates": predicates.collect::<Json>(),
        "computed": explained.computed.iter().map(|one| computed(one, rule)).collect::<Json>(),
        "entities": entities.iter().map(entity).collect::<Json>(),
        "rows": output.rows_by_name().map(columns).collect::<Json>(),
    }))
}

fn finding(finding: &Finding, rule: &Rule) -> Json {
    let (line, column) = finding.span.line_and_column(rule.text());
    let value = tostring(&finding.value, Type::Dynamic);
    let occurrence = finding.occurrence.as_ref().map(|found| {
        let part = |from: usize, count: usize| value.chars().skip(from).take(count).collect::<String>();
        let end = found.at + found.length;
        json!([part(0, found.at), part(found.at, found.length), part(end, usize::MAX)])
    });
    json!({
        "predicate": finding.predicate,
        "line": line,
        "column": column,
        "holds": finding.holds,
        "looked_at": finding.looked_at,
        "value": value,
        "absent": finding.absent,
        "terms": finding.terms,
        "found": occurrence,
    })
}

fn computed(computed: &Computed, rule: &Rule) -> Json {
    let condition = computed.condition.iter().map(|found| finding(found, rule));
    json!({
        "column": computed.column,
        "value": shown(computed.value.to_json()),
        "element": computed.element,
        "condition": condition.collect::<Json>(),
    })
}

fn entity(entity: &Entity) -> Json {
    json!({"kind": *entity.kind, "strength": entity.strength, "identifiers": entity.identifiers.iter()
        .map(|(name, value)| json!([**name, value])).collect::<Json>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"FileName": "bitsadmin.exe", "DeviceName": "ws.corp", "ProcessId": 7,
        "ProcessCommandLine": "bitsadmin /transfer j http://a/b c:\\d"}"#;

    fn original() -> &'static str {
        Rule::bitsadmin_activity().text()
    }

    #[test]
    fn an_event_is_judged_with_its_columns_and_entities() {
        let judged = run(original(), EVENT, &[], &[]);
        assert_eq!(judged["problems"], json!([]));
        assert_eq!(judged["optional"], json!(["ProcessVersionInfoOriginalFileName"]));
        let result = &judged["result"];
        assert_eq!((&result["fires"], &result["selected"]), (&json!(true), &json!(true)));
        let deciders: Vec<&str> = result["predicates"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["decides"] == json!(true))
            .map(|one| one["predicate"].as_str().unwrap())
            .collect();
        assert_eq!(deciders.len(), 2, "{deciders:?}");
        assert_eq!(
            result["predicates"][2]["found"],
            json!(["bitsadmin ", "/transfer", " j http://a/b c:\\d"])
        );
        let url =
            result["computed"].as_array().unwrap().iter().find(|one| one["column"] == "RemoteUrl").unwrap();
        assert_eq!(
            (&url["value"], &url["element"]),
            (&json!("http://a/b"), &json!(["ParsedCommandLine", 3]))
        );
        assert_eq!(result["entities"][0]["identifiers"][2], json!(["DnsDomain", "corp"]));
    }

    #[test]
    fn a_column_can_be_absent_only_if_the_rule_allows_it() {
        let absent = |name: &str| run(original(), r#"{"FileName": "x"}"#, &[name.to_owned()], &[]);
        let judged = absent("ProcessVersionInfoOriginalFileName");
        assert_eq!(judged["result"]["predicates"][1]["absent"], "ProcessVersionInfoOriginalFileName");
        let judged = absent("DeviceId");
        assert_eq!((&judged["problems"][0]["line"], &judged["result"]), (&json!(11), &Json::Null));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let problems = run("DeviceProcessEvents\n| where FileNam == 'a'", "{}", &[], &[]);
        assert_eq!(problems["problems"][0]["line"], 2);
        assert_eq!(problems["problems"][0]["column"], 9);
        assert!(problems["problems"][0]["help"].as_str().unwrap().contains("FileName"));
        for (event, error) in [
            ("{", "the event cannot be read as a JSON object: EOF while parsing"),
            (r#"{"filename": 1}"#, "the table has no column \"filename\"; column names are case-sensitive"),
            (r#"{"ProcessId": "x"}"#, "ProcessId is of type long, and cannot be \"x\""),
        ] {
            let judged = run(original(), event, &[], &[]);
            assert!(judged["event_error"].as_str().unwrap().starts_with(error), "{judged}");
        }
    }

    #[test]
    fn a_long_is_shown_exactly() {
        let rule = "DeviceProcessEvents | where ProcessId == 9007199254740993 | extend Next = ProcessId + 1";
        let result = &run(rule, r#"{"ProcessId": 9007199254740993}"#, &[], &[])["result"];
        assert_eq!(result["fires"], json!(true), "{result}");
        assert_eq!(result["predicates"][0]["value"], "9007199254740993");
        assert_eq!(result["computed"][0]["value"], "9007199254740994");
        let row = result["rows"][0].as_array().unwrap();
        assert!(row.contains(&json!(["ProcessId", "9007199254740993"])), "{result}");
    }

    #[test]
    fn a_column_that_only_the_rule_names_is_taken_from_the_event() {
        let rule = "DeviceProcessEvents | where Score > 0.5 and column_ifexists('Seen', now()) < now()";
        let event = r#"{"Score": 0.75, "Seen": "2025-01-01T00:00:00Z", "Other": 1}"#;
        let judged = run(rule, event, &[], &[]);
        let assumed = json!([{"name": "Score", "type": "real"}, {"name": "Seen", "type": "datetime"}]);
        assert_eq!((&judged["assumed"], &judged["unused"]), (&assumed, &json!(["Other"])), "{judged}");
        assert_eq!((&judged["optional"], &judged["result"]["fires"]), (&json!(["Seen"]), &json!(true)));
        let without = run(rule, "{}", &[], &[]);
        assert_eq!(without["problems"][0]["message"], "there is no column \"Score\"");
        let absent = run(rule, event, &["Seen".to_owned()], &[]);
        assert_eq!(
            absent["event_error"],
            "the table has no column \"Seen\", but the event has a value for it"
        );
    }
}
