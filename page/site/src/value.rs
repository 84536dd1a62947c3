//! Calls and answers. All of their text is untrusted.

use maud::{Markup, html};
use rulespec::suite::{Vector, Want};
use rulespec_check::engine::Answer;
use rulespec_check::printable::{json, printable};
use rulespec_check::report::call::{self, Limit};
use serde_json::Value as Json;

use crate::layout::{scrolling, shown};

/// How many characters of a value are shown at once.
const MAX_AT_ONCE: usize = 400;
/// How many cells of a table are shown at once.
const MAX_CELLS: usize = 60;
/// How many characters of a value are shown at all.
const LIMIT: Limit = Limit::LONG;

/// The call that a vector makes.
pub fn call(vector: &Vector) -> Markup {
    match (vector.r#fn.as_str(), vector.args.as_slice()) {
        ("query", [Json::String(text), tables]) => html! {
            pre { code { @for line in text.split('\n') { (shown(line)) "\n" } } }
            (named_tables(tables))
        },
        (function, [table, rest @ ..]) if is_table(table) => html! {
            code { (shown(function)) "(table" @for arg in rest { ", " (short(arg)) } ")" }
            (value(table))
        },
        _ => folded(&call::call(vector, LIMIT)),
    }
}

fn short(value: &Json) -> String {
    LIMIT.value(value)
}

/// The tables of a query, each with its name.
fn named_tables(tables: &Json) -> Markup {
    let Some(tables) = tables.as_object() else { return value(tables) };
    html! { @for (name, table) in tables { p.label { (shown(name)) } (value(table)) } }
}

/// The expected answer.
pub fn wanted(want: &Want) -> Markup {
    match want {
        Want::Settled { want } if is_table(want) => value(want),
        Want::Settled { .. } => folded(&call::wanted(want, LIMIT)),
        Want::Open { open, wants } => html! {
            p.label { (open) ", by alternative:" }
            dl { @for (name, want) in wants { dt { (shown(name)) } dd { (wanted(&Want::Settled { want: want.clone() })) } } }
        },
    }
}

/// The answer of an engine.
pub fn answered(answer: &Answer) -> Markup {
    match answer {
        Answer::Value(table) if is_table(table) => value(table),
        answer => folded(&call::answered(answer, LIMIT)),
    }
}

fn is_table(value: &Json) -> bool {
    columns_and_rows(value).is_some_and(|(columns, _)| !columns.is_empty())
}

fn columns_and_rows(value: &Json) -> Option<(&Vec<Json>, &Vec<Json>)> {
    let object = value.as_object().filter(|object| object.len() == 2)?;
    Some((object.get("columns")?.as_array()?, object.get("rows")?.as_array()?))
}

/// A value: a table, or JSON.
fn value(value: &Json) -> Markup {
    let Some((columns, rows)) = columns_and_rows(value) else { return folded(&short(value)) };
    let size = format!("table of {} columns and {} rows", columns.len(), rows.len());
    let table = match rows.as_slice() {
        [row] if columns.len() > 3 => record(columns, row),
        rows => scrolling(&size, &grid(columns, rows)),
    };
    let is_large = columns.len() * rows.len() > MAX_CELLS;
    html! { @if is_large { details { summary { (size) } (table) } } @else { (table) } }
}

fn grid(columns: &[Json], rows: &[Json]) -> Markup {
    html! {
        table.data {
            thead { tr { @for column in columns { th scope="col" { (column_name(column)) } } } }
            tbody { @for row in rows { tr { @for cell in row.as_array().into_iter().flatten() { td { (folded(&short(cell))) } } } } }
        }
        @if rows.is_empty() { p.label { "no rows" } }
    }
}

/// A table of one row, with a line for each column.
fn record(columns: &[Json], row: &Json) -> Markup {
    html! {
        table.data.record {
            tbody {
                @for (column, cell) in columns.iter().zip(row.as_array().into_iter().flatten()) {
                    tr { th scope="row" { (column_name(column)) } td { (folded(&short(cell))) } }
                }
            }
        }
    }
}

fn column_name(column: &Json) -> Markup {
    let word = |key: &str| printable(column.get(key).and_then(Json::as_str).unwrap_or_default()).into_owned();
    html! { (breakable(&word("name"))) " " span.type { (word("type")) } }
}

/// A name in which a line may break before a capital letter that follows a small one.
fn breakable(name: &str) -> Markup {
    let mut parts = vec![];
    let mut start = 0;
    for (at, _) in name.match_indices(|c: char| c.is_ascii_uppercase()) {
        if name.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_lowercase())) {
            parts.extend(name.get(start..at));
            start = at;
        }
    }
    parts.extend(name.get(start..));
    html! { @for (at, part) in parts.iter().enumerate() { @if at > 0 { wbr; } (part) } }
}

/// One line of escaped text, folded if it is long.
fn folded(text: &str) -> Markup {
    // It is escaped already; this only guards against a caller that forgets it.
    let text = json(text);
    match text.char_indices().nth(MAX_AT_ONCE) {
        None => html! { code { (text) } },
        Some((at, _)) => {
            let start = text.get(..at).unwrap_or_default();
            html! { details { summary { code { (start) "…" } } code { (text) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use rulespec::suite::load;

    use super::*;

    const HOSTILE: &str = r#"<script>alert(1)</script>\u202e\u001b[2J\"onload=x"#;

    fn vector(function: &str, args: &str) -> Vector {
        let text = format!(
            r#"[{{"id": "a-1", "title": "t", "clauses": ["TRM-01"], "fn": "{function}", "args": {args}, "want": "{HOSTILE}"}}]"#
        );
        load("test.json", &text).unwrap().remove(0)
    }

    fn assert_harmless(html: &str) {
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
        assert!(!html.contains("<script"), "{html}");
        assert!(html.lines().all(|line| printable(line) == line), "{html}");
    }

    #[test]
    fn hostile_text_is_harmless_in_every_form_of_a_call() {
        let table = format!(
            r#"{{"columns": [{{"name": "{HOSTILE}", "type": "{HOSTILE}"}}], "rows": [["{HOSTILE}"]]}}"#
        );
        for (function, args) in [
            ("has", format!(r#"["{HOSTILE}", "{HOSTILE}"]"#)),
            (HOSTILE, format!(r#"["{HOSTILE}"]"#)),
            (HOSTILE, format!(r#"[{table}, "{HOSTILE}"]"#)),
            ("query", format!(r#"["{HOSTILE}\n{HOSTILE}", {{"{HOSTILE}": {table}}}]"#)),
            ("query", format!(r#"["{HOSTILE}", "{HOSTILE}"]"#)),
        ] {
            assert_harmless(&call(&vector(function, &args)).into_string());
        }
        assert_harmless(&wanted(&vector("has", "[]").want).into_string());
        assert_harmless(&answered(&Answer::Error(HOSTILE.replace("\\u202e", "\u{202e}"))).into_string());
    }

    #[test]
    fn a_long_value_is_folded_and_a_wide_row_is_a_record() {
        let long = Want::Settled { want: "x".repeat(MAX_AT_ONCE + 1).into() };
        assert!(wanted(&long).into_string().starts_with("<details>"));
        let columns: Vec<Json> =
            (0..4).map(|at| serde_json::json!({"name": format!("c{at}"), "type": "long"})).collect();
        let row = serde_json::json!({"columns": columns, "rows": [[1, 2, 3, 4]]});
        assert_eq!(breakable("FileName_SHA256").into_string(), "File<wbr>Name_SHA256");
        assert!(value(&row).into_string().contains("<th scope=\"row\">c3"));
    }
}
