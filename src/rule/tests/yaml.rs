use super::super::schedule::{Schedule, TriggerOperator};
use super::*;
use crate::kql::Timespan;

/// Parses a template with this query, and returns the error.
fn error(yaml: &str) -> String {
    Rule::from_yaml(yaml).unwrap_err().to_string()
}

/// The messages about a rule whose result has the column `A`, with their lines.
fn problems(yaml: &str) -> Vec<String> {
    let rule = Rule::from_yaml(yaml).unwrap();
    let problem = |problem: Problem| match problem.span {
        Some(span) => format!("{}: {}", span.line_and_column(yaml).0, problem.message),
        None => problem.message,
    };
    rule.check(&[Column::new("A", Type::String)]).into_iter().map(problem).collect()
}

#[test]
fn rul_32_the_template_is_the_rule() {
    let rule = Rule::parse(include_str!("../../../spec/rule.yaml")).unwrap();
    assert_eq!(rule, *Rule::bitsadmin_activity());
}

#[test]
fn rul_53_places_are_those_in_the_yaml() {
    for (yaml, place) in [
        ("query: |\n  T\n\n  | wher // é\n", "4:5"),
        (
            "# c\r\nname: é\r\nquery: |\r\n\r\n\r\n    T\r\n    | where\r\n      a == 'ü'\r\n    | wher\r\n",
            "9:7",
        ),
        ("query: T | wher\nname: a", "1:12"),
        ("query: 'T | wher'", "1:13"),
        ("query: \"T\\n| wher\"", "1:8"),
        ("query: >\n  T\n  | wher\n", "2:3"),
        ("query: |2\n   T\n   | wher\n", "3:6"),
        ("a: &q T | wher\nquery: *q", "1:11"),
        ("\u{feff}query: T | wher", "1:13"),
    ] {
        assert_eq!(error(yaml), format!("{place}: there is no operator \"wher\""), "{yaml:?}");
    }
    let rule = Rule::parse("name: a\nquery: |\n  DeviceProcessEvents\n  | where B has 'x'\n").unwrap();
    assert_eq!(
        rule.bind(&[], context(&Semantics::default())).unwrap_err().to_string(),
        "4:11: there is no column \"B\""
    );
}

#[test]
fn rul_53_what_is_no_template_is_refused_with_its_place() {
    for (yaml, message) in [
        ("name: a\nid: b\n", "1:1: the template has no member query"),
        ("", "1:1: the template has no member query"),
        ("query: [a]", "1:8: this is no template in YAML: "),
        ("query: a\nquery: b", "2:1: this is no template in YAML: "),
        ("query: a\nname: {", "2:7: this is no template in YAML: "),
        ("query: a\nentityMappings:\n  - entityType: Host\n", "3:5: this is no template in YAML: "),
    ] {
        assert!(error(yaml).starts_with(message), "{yaml:?} {}", error(yaml));
    }
}

#[test]
fn aliases_and_nesting_are_bounded() {
    let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(",");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    let nested = format!("query: a\nx: {}", "[".repeat(100_000));
    let long = "#".repeat(crate::query::MAX_LEN + 1);
    for yaml in [bomb, nested, long] {
        assert!(Rule::from_yaml(&yaml).is_err());
    }
}

#[test]
fn rul_53_templates_and_queries_are_told_apart() {
    for text in ["# c\n\nname: a\nquery: T", "---\nquery: T", "{query: T}", "\"query\": T", "query:\n  T"] {
        assert_eq!(Rule::parse(text).unwrap().query.to_string(), "T", "{text:?}");
    }
    for text in ["T", "// name: a\nT", "let name = 1;\nT", "datatable(a: long)[1]", "T\n| where a == 'b: c'"]
    {
        assert!(Rule::parse(text).unwrap().name.is_none(), "{text:?}");
    }
}

#[test]
fn rul_53_the_schedule_is_read_in_every_form() {
    let schedule = |text: &str| Rule::from_yaml(&format!("query: T\n{text}")).unwrap().schedule;
    assert_eq!(schedule("queryFrequency: 1h\nqueryPeriod: 1h"), Some(Schedule::default()));
    let found = schedule(
        "queryFrequency: 01:00:00\nqueryPeriod: 14d\ntriggerOperator: NotEqual\ntriggerThreshold: 3",
    );
    let other = Schedule::new(Timespan::from_minutes(60), Timespan::from_minutes(14 * 24 * 60), 3).ok();
    assert_eq!(found, other.map(|other| other.with_operator(TriggerOperator::NotEqual)));
    assert_eq!(schedule("severity: Low"), None);
}

#[test]
fn rul_52_an_entity_of_a_missing_column_is_reported() {
    let yaml = "query: T\nentityMappings:\n  - entityType: Host\n    fieldMappings:\n      - identifier: HostName\n        \
                columnName: A\n      - identifier: NTDomain\n        columnName: B\n";
    assert_eq!(problems(yaml), ["8: the result of the query has no column \"B\""]);
}

#[test]
fn rul_54_what_sentinel_would_refuse_is_reported() {
    let members = "id: 1\nname: a\ndescription: b\nkind: Scheduled\nquery: T\n";
    assert_eq!(
        problems(&format!("{members}severity: medium\nqueryFrequency: 1x\nqueryPeriod: 1h")),
        [
            "1: the id \"1\" is no GUID",
            "6: the severity \"medium\" is none of Informational, Low, Medium, High",
            "7: queryFrequency \"1x\" is no time such as 30m, 1h or 14d"
        ]
    );
    assert_eq!(
        problems(&format!("{members}queryFrequency: 1m\nqueryPeriod: 1h")),
        [
            "the template has no severity",
            "1: the id \"1\" is no GUID",
            "6: the frequency must be 5 minutes to 14 days, but is 00:01:00"
        ]
    );
    let mapping =
        "  - entityType: Process\n    fieldMappings:\n      - identifier: X\n        columnName: A\n";
    assert_eq!(
        problems(&format!("query: T\nentityMappings:\n{mapping}")),
        ["3: a Process needs CommandLine or ProcessId", "6: a Process has no identifier \"X\""]
    );
    let other = mapping.replace("Process", "Processes").repeat(11);
    let found = problems(&format!("query: T\nentityMappings:\n{other}"));
    assert_eq!(found.len(), 12);
    assert_eq!(found[10], "43: there are 11 entity mappings, but at most 10 are allowed");
    assert_eq!(Rule::from_kql("T").unwrap().check(&[]), []);
}
