//! Tables of process creations for a whole rule. Their words are those that the rule compares
//! columns with.

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use rulespec::kql::{Column, Type};
use rulespec::rule::Rule;
use serde_json::{Value as Json, json};

use super::style::{Style, once_in};
use super::table::{self, shuffle, table_of};
use super::{command_line, text};
use crate::rule_columns::RuleColumns;

static RULE: LazyLock<RuleColumns> = LazyLock::new(|| RuleColumns::of(Rule::bitsadmin_activity()));

const DEVICES: &[&str] =
    &["pc", "pc.corp", "pc.corp.example", ".", "pc.", ".corp", "a..b", "", "pé.ä", "😀.中"];

const TIMES: &[&str] =
    &["2026-01-02T03:04:05.0000000Z", "2026-01-01T00:00:00.0000000Z", "1970-01-01T00:00:00.0000001Z"];

/// How many rows a table has at most. Many rows are asked with one call, which matters if the engine
/// is slow.
const MAX_ROWS: usize = 6;

/// A table of process creations that fits the rule or almost does.
pub(super) fn events<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Json> {
    let columns = columns::<S>(bytes)?;
    let mut rows: Vec<Vec<Json>> = vec![];
    for _ in 0..if once_in(8, bytes)? { 0 } else { bytes.int_in_range(1..=MAX_ROWS)? } {
        let row = match rows.last() {
            Some(last) if once_in(8, bytes)? => last.clone(),
            _ => {
                columns.iter().map(|(name, r#type)| cell::<S>(name, r#type, bytes)).collect::<Result<_>>()?
            }
        };
        rows.push(row);
    }
    Ok(table_of(&columns, rows))
}

/// Usually all the columns that the rule needs, and some others.
fn columns<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Vec<(String, &'static str)>> {
    let named = |column: &Column| (column.name.clone(), column.r#type.as_str());
    let mut columns: Vec<(String, &str)> = RULE.required.iter().map(named).collect();
    for column in &RULE.optional {
        columns.extend(once_in(2, bytes)?.then(|| named(column)));
    }
    // The rule replaces a column that has the name of one that it computes, whatever its type.
    for column in &RULE.computed {
        let r#type = if once_in(4, bytes)? { Type::Long } else { column.r#type };
        columns.extend(once_in(8, bytes)?.then(|| (column.name.clone(), r#type.as_str())));
    }
    columns.extend(once_in(8, bytes)?.then(|| ("SHA1".to_owned(), "string")));
    // At most one fault: the specification does not say which of two is reported.
    if once_in(12, bytes)? {
        columns.remove(bytes.int_in_range(0..=RULE.required.len().saturating_sub(1))?);
    } else if once_in(12, bytes)? {
        let corrupted = bytes.choose(&RULE.comparisons)?.column.as_str();
        let is_corrupted =
            |name: &str| name == corrupted && RULE.required.iter().any(|column| column.name == name);
        let r#type = if S::IS_WILD { bytes.choose(&["dynamic", "long", "bool"])? } else { "long" };
        columns.iter_mut().filter(|(name, _)| is_corrupted(name)).for_each(|column| column.1 = r#type);
    }
    if once_in(4, bytes)? {
        shuffle(&mut columns, bytes)?;
    }
    Ok(columns)
}

fn cell<S: Style>(name: &str, r#type: &str, bytes: &mut Unstructured<'_>) -> Result<Json> {
    Ok(match (name, r#type) {
        (_, "datetime") if !once_in(8, bytes)? => json!(bytes.choose(TIMES)?),
        ("DeviceName", "string") => json!(bytes.choose(DEVICES)?),
        ("ProcessCommandLine", "string") => json!(run::<S>(bytes)?),
        ("ProcessId", "long") => json!(bytes.choose(&[0, 4, 4711])?),
        (name, "string") => match RULE.comparisons.iter().find(|comparison| comparison.column == name) {
            Some(comparison) => json!(compared(bytes.choose(&comparison.values)?.as_str(), bytes)?),
            None => json!(text::text::<S>(1, bytes)?),
        },
        _ => table::cell::<S>(r#type, bytes)?,
    })
}

/// The value that a column is compared with, or almost.
fn compared(value: Option<&str>, bytes: &mut Unstructured<'_>) -> Result<String> {
    let value = value.unwrap_or_default();
    let stem = value.split_once('.').map_or(value, |(stem, _)| stem);
    Ok(match bytes.int_in_range(0..=11_u8)? {
        0..=5 => value.to_owned(),
        6 => value.to_uppercase(),
        7 => stem.to_owned(),
        8 => format!("my {value}"),
        9 => value.replacen(stem, &format!("{stem}-x"), 1),
        10 => text::other_case(value, bytes)?,
        _ => (*bytes.choose(&["cmd.exe", ""])?).to_owned(),
    })
}

/// A command line that the rule selects, or almost.
fn run<S: Style>(bytes: &mut Unstructured<'_>) -> Result<String> {
    const ENDS: &[&str] = &["", " u", " http://x/a f", " u f ", " \"u v\" \"\"", " \"\" x", " 7 u f g h"];
    match bytes.int_in_range(0..=11_u8)? {
        0 => return command_line::line::<S>(bytes),
        1 => return Ok(command_line::line::<S>(bytes)? + " " + &switch(bytes)?),
        2 | 3 => return command_line::realistic(bytes),
        4 => return switch(bytes),
        _ => {}
    }
    let mut line = if once_in(4, bytes)? { "x".to_owned() } else { text::stem(bytes)?.to_owned() };
    for _ in 0..bytes.int_in_range(1..=3_u8)? {
        line = line + " " + &switch(bytes)?;
        if once_in(2, bytes)? {
            line += " j";
        }
    }
    Ok(line + bytes.choose(ENDS)?)
}

/// A word that the rule looks for in a command line, or almost one.
fn switch(bytes: &mut Unstructured<'_>) -> Result<String> {
    let word = text::word(bytes)?;
    let rest = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    Ok(match bytes.int_in_range(0..=11_u8)? {
        0..=3 => word.to_lowercase(),
        4 | 5 => word.to_owned(),
        6 => word.to_uppercase(),
        7 => format!("{word}s"),
        8 => format!("-{rest}"),
        9 => text::other_case(word, bytes)?,
        10 => [*bytes.choose(text::NEIGHBORS)?, word, *bytes.choose(text::NEIGHBORS)?].concat(),
        _ => rest.to_owned(),
    })
}
