//! Chapter 55: the text of queries.

mod agreement;
mod robustness;
mod trees;

use rulespec::kql::{Column, Semantics, Table};
use rulespec::query::{BoundQuery, Context, Diagnostics, Query, Schemas};

/// Binds a text to the columns of a table.
fn bind(text: &str, name: &str, columns: &[Column]) -> Result<BoundQuery, Diagnostics> {
    let query: Query = text.parse()?;
    let schemas = Schemas::from([(name.to_owned(), columns.to_vec())]);
    let kql = Semantics::default();
    query.bind(&schemas, Context { kql: &kql, now: "2026-01-02".parse().unwrap() })
}

#[test]
fn the_rule_is_parsed_bound_and_printed() {
    let text = include_str!("../spec/rule.kql");
    let query: Query = text.parse().unwrap();
    assert_eq!(format!("{query}\n"), text);
    let columns = rulespec_testing::rule::required_columns();
    let bound = bind(text, "DeviceProcessEvents", &columns);
    let bound = bound.unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    assert_eq!(bound.columns.len(), 16);
    assert!(Table::new(bound.columns).is_ok());
}

/// What is said of a text: the place, the message and the help of each diagnostic.
fn said(text: &str) -> Vec<String> {
    let diagnostics = match bind(text, "T", rulespec_testing::query_text::table().columns()) {
        Ok(_) => return vec![],
        Err(diagnostics) => diagnostics,
    };
    let help = |help: &Option<String>| help.as_ref().map_or_else(String::new, |help| format!(" ({help})"));
    let all = diagnostics.all().iter();
    all.map(|one| format!("{} {}{}", one.span.start, one.message, help(&one.help))).collect()
}

/// What is written by habit, and what is said of it first.
const HABITS: &[(&str, &str)] = &[
    ("T | where A has 'x'", "10 there is no column \"A\" (names are case-sensitive: a)"),
    (
        "T | where nn = 1",
        "13 expected an operator that begins with |, or the end of the query, found \"=\" (write == to compare)",
    ),
    ("T | where n === 1", "14 expected an expression, found \"=\" (write ==)"),
    (
        "T | where NOT f",
        "14 expected an operator that begins with |, or the end of the query, found \"f\" (write not(…))",
    ),
    (
        "T | where f AND f",
        "12 expected an operator that begins with |, or the end of the query, found \"AND\" (KQL is case-sensitive: write and)",
    ),
    ("T | where f && f", "12 the character '&' begins nothing in KQL (write and)"),
    ("T | where f || f", "13 expected the name of an operator, found \"|\" (write or)"),
    ("T | where !f", "10 the character '!' begins nothing in KQL (write not(…), or != for \"not equal\")"),
    (
        "T where f",
        "2 expected an operator that begins with |, or the end of the query, found \"where\" (put | before where)",
    ),
    ("T | Where f", "4 there is no operator \"Where\" (names are case-sensitive: where)"),
    ("T | were f", "4 there is no operator \"were\" (did you mean where?)"),
    ("T | where a == “x”", "15 the character '“' begins nothing in KQL (put strings in '…' or \"…\")"),
    (
        "T | where a has null",
        "16 there is no column \"null\" (null is no value: use isnull(…), or long(null))",
    ),
    (
        "T | where n is null",
        "12 expected an operator that begins with |, or the end of the query, found \"is\" (write isnull(…) or isnotnull(…))",
    ),
    (
        "T | project a as x",
        "14 expected an operator that begins with |, or the end of the query, found \"as\" (write the new name first: name = value)",
    ),
    (
        "T | sort by n DESC",
        "14 expected an operator that begins with |, or the end of the query, found \"DESC\" (KQL is case-sensitive: write desc)",
    ),
    (
        "T | where a == \"C:\\Windows\"",
        "18 this is no escape of KQL (write \\\\ for a backslash, or put @ before the literal)",
    ),
    (
        "T | where ToString(n) has ''",
        "10 there is no function \"ToString\" (names are case-sensitive: tostring)",
    ),
    ("T | extend has = f | where has", "27 \"has\" is a keyword (write ['has'] if it is a name)"),
    (
        "union T, T",
        "0 the operator union is not specified (chapter 55 lists the operators and functions that are)",
    ),
    (
        "T | summarize count()",
        "4 the operator summarize is not specified (chapter 55 lists the operators and functions that are)",
    ),
    (
        "print rand()",
        "6 the function rand is not specified (chapter 55 lists the operators and functions that are)",
    ),
    ("t", "0 there is no table \"t\" (names are case-sensitive: T)"),
];

#[test]
fn habits_from_other_languages_are_answered_with_help() {
    for (text, expected) in HABITS {
        assert_eq!(said(text).first().map(String::as_str), Some(*expected), "{text}");
    }
    assert_eq!(said("T\u{a0}|\twhere\u{200b}f"), [""; 0]);
}

#[test]
fn everything_that_is_wrong_is_said_in_the_order_of_the_text() {
    let text = "let x = y;\nT | where A has 'x'\n| nope | extend q = iff( | take 1.5";
    let places =
        |text| said(text).iter().map(|said| said.split_once(' ').unwrap().0.to_owned()).collect::<Vec<_>>();
    assert_eq!(places(text), ["33", "56"]);
    assert_eq!(places("let x = y; T | where A has 'x' | take 1.5 | where xx has a"), ["8", "21", "38", "50"]);
}
