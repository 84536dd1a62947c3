//! A call of a table function for display: only the rows and cells that differ, and the columns that
//! decide in full.

use std::sync::LazyLock;

use serde_json::Value as Json;

use super::call::Limit;
use super::difference::types;
use super::model::Outcome;
use super::wording::counted;
use crate::engine::Answer;
use crate::printable::printable;
use crate::rule_columns::RuleColumns;
use crate::table_difference::{ColumnDifference, RowDifference, TableDifference, TableView};
use rulespec::Function;
use rulespec::rule::Rule;
use rulespec::suite::Want;

/// How many rows are shown.
const MAX_ROWS: usize = 3;
/// How many names of columns are listed.
const MAX_NAMES: usize = 24;
/// The maximum length of a cell that decides.
const DECIDING: Limit = Limit(4096);

/// The columns that decide whether the rule selects a row, and what it takes from it.
static DECIDING_COLUMNS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let comparisons = RuleColumns::of(Rule::bitsadmin_activity()).comparisons;
    let mut names: Vec<String> = vec![];
    for name in comparisons.into_iter().map(|comparison| comparison.column) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
});

/// The difference between the expected and the given table, if both are tables.
pub(crate) fn difference_of(outcome: &Outcome) -> Option<TableDifference<'_>> {
    let (Want::Settled { want }, Answer::Value(got)) = (&outcome.vector.want, &outcome.answer) else {
        return None;
    };
    TableDifference::of(want, got)
        .filter(|difference| difference.columns.is_some() || !difference.rows.is_empty())
}

/// Whether an outcome differs from what is expected in the columns of a table only.
pub(crate) fn is_of_columns_only(outcome: &Outcome) -> bool {
    difference_of(outcome).is_some_and(|difference| difference.is_of_columns_only())
}

/// A table in a few words: `a table of 2 columns and 1 row`.
pub(crate) fn in_short(table: &Json) -> Option<String> {
    let table = TableView::of(table)?;
    Some(format!(
        "a table of {} and {}",
        counted(table.columns.len() as u64, "column"),
        counted(table.rows.len() as u64, "row")
    ))
}

/// What differs, line by line, if the call is one of a table function. The columns come first, and
/// then the rows on the columns that both tables have.
pub(crate) fn lines(outcome: &Outcome, limit: Limit) -> Option<Vec<String>> {
    let is_of_rule = outcome.vector.r#fn == Function::BitsadminActivity.name();
    let Some(difference) = difference_of(outcome) else {
        let is_asked = is_of_rule && outcome.verdict.is_failure();
        return is_asked.then(|| input_lines(&outcome.vector.args)).filter(|lines| !lines.is_empty());
    };
    let deciding = if is_of_rule { deciding_columns(&outcome.vector.args) } else { vec![] };
    let mut lines = match &difference.columns {
        Some(columns) if difference.rows.is_empty() => column_lines(columns),
        Some(columns) => vec![format!("the columns differ too: {}", columns_in_short(columns))],
        None => vec![],
    };
    lines.push(rows_in_short(&difference));
    for row in difference.rows.iter().take(MAX_ROWS) {
        lines.extend(row_lines(row, &difference, &deciding, limit));
    }
    if lacks(&difference, &deciding) {
        lines.extend(input_lines(&outcome.vector.args));
    }
    let more = difference.rows.len().saturating_sub(MAX_ROWS);
    lines.extend((more > 0).then(|| format!("and {more} more of these")));
    Some(lines)
}

/// The columns of the table that the rule is asked about that decide.
fn deciding_columns(args: &[Json]) -> Vec<String> {
    let input = args.first().and_then(TableView::of);
    let has = |name: &&String| input.as_ref().is_some_and(|table| table.column(name).is_some());
    DECIDING_COLUMNS.iter().filter(has).cloned().collect()
}

/// The names of the columns that differ, each kind on a line.
fn column_lines(columns: &ColumnDifference) -> Vec<String> {
    let ColumnDifference { missing, extra, retyped, order } = columns;
    let listed =
        |label: &str, names: &[String]| (!names.is_empty()).then(|| format!("{label}: {}", list(names)));
    let retyped: Vec<String> =
        retyped.iter().map(|(name, want, got)| format!("{name} ({got}, not {want})")).collect();
    let lines = [
        listed("columns that only the expected table has", missing),
        listed("columns that only the given table has", extra),
        listed("columns of another type", &retyped),
        order.as_ref().and_then(|order| listed("columns in another order", order)),
    ];
    lines.into_iter().flatten().collect()
}

fn columns_in_short(columns: &ColumnDifference) -> String {
    let ColumnDifference { missing, extra, retyped, order } = columns;
    let counts = [(missing.len(), "missing"), (extra.len(), "more"), (retyped.len(), "of another type")];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    counts.chain(order.is_some().then(|| "another order".to_owned())).collect::<Vec<_>>().join(", ")
}

fn rows_in_short(difference: &TableDifference<'_>) -> String {
    let count = |is: fn(&RowDifference) -> bool| difference.rows.iter().filter(|row| is(row)).count();
    let parts = [
        (difference.equal, "equal"),
        (count(|row| matches!(row, RowDifference::Changed { .. })), "changed"),
        (count(|row| matches!(row, RowDifference::Missing(_))), "missing"),
        (count(|row| matches!(row, RowDifference::Unexpected(_))), "unexpected"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let on = if difference.columns.is_some() { " on the columns that both tables have" } else { "" };
    match parts.is_empty() {
        true => "rows: none".to_owned(),
        false => format!("rows: {}{on}", parts.join(", ")),
    }
}

/// A row that differs: its place, the cells that differ, and the cells that decide.
fn row_lines(
    row: &RowDifference,
    difference: &TableDifference<'_>,
    deciding: &[String],
    limit: Limit,
) -> Vec<String> {
    let TableDifference { want, got, .. } = difference;
    let cell = |cell: Option<&Json>| cell.map_or_else(|| "nothing".to_owned(), |cell| limit.value(cell));
    match row {
        RowDifference::Changed { want: at, got: given, cells } => {
            let mut lines = vec![format!("row {} differs", at + 1)];
            lines.extend(cells.iter().map(|name| {
                let (want, got) = (want.cell(*at, name), got.cell(*given, name));
                let types = types(want, got).map(|types| format!("; {types}")).unwrap_or_default();
                format!("  {}: want {}, got {}{types}", printable(name), cell(want), cell(got))
            }));
            let others = deciding.iter().filter(|name| !cells.contains(name));
            lines.extend(cells_of(want, *at, others, DECIDING));
            lines
        }
        RowDifference::Missing(at) => one_row("is missing", want, *at, deciding, limit),
        RowDifference::Unexpected(at) => one_row("is not expected", got, *at, deciding, limit),
    }
}

/// A row that only one table has: the cells that decide or, if no column does, those that are not empty.
fn one_row(what: &str, table: &TableView<'_>, at: usize, deciding: &[String], limit: Limit) -> Vec<String> {
    let mut lines = vec![format!("row {} {what}", at + 1)];
    let cells = cells_of(table, at, deciding.iter(), DECIDING);
    match cells.is_empty() {
        true => {
            let names: Vec<String> = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
            lines.extend(cells_of(table, at, names.iter(), limit));
        }
        false => lines.extend(cells),
    }
    lines
}

/// Cells of a row that are not empty, each on a line.
fn cells_of<'a>(
    table: &TableView<'_>,
    at: usize,
    names: impl Iterator<Item = &'a String>,
    limit: Limit,
) -> Vec<String> {
    let is_empty = |cell: &Json| cell.is_null() || cell.as_str() == Some("");
    let cells = names.filter_map(|name| Some((name, table.cell(at, name).filter(|cell| !is_empty(cell))?)));
    cells.map(|(name, cell)| format!("  {}: {}", printable(name), limit.value(cell))).collect()
}

/// Whether the rows that differ do not have all the columns that decide.
fn lacks(difference: &TableDifference<'_>, deciding: &[String]) -> bool {
    let lacks = |table: &TableView<'_>| deciding.iter().any(|name| table.column(name).is_none());
    let is_lacking = |row: &RowDifference| match row {
        RowDifference::Unexpected(_) => lacks(&difference.got),
        RowDifference::Changed { .. } | RowDifference::Missing(_) => lacks(&difference.want),
    };
    difference.rows.iter().any(is_lacking)
}

/// The cells that decide, of the first rows of the table that the rule is asked about.
fn input_lines(args: &[Json]) -> Vec<String> {
    let Some(table) = args.first().and_then(TableView::of) else { return vec![] };
    let mut lines = vec![];
    for at in 0..table.rows.len().min(MAX_ROWS) {
        lines.push(format!("input row {}", at + 1));
        lines.extend(cells_of(&table, at, DECIDING_COLUMNS.iter(), DECIDING));
    }
    let more = table.rows.len().saturating_sub(MAX_ROWS);
    lines.extend((more > 0).then(|| format!("and {} of input", counted(more as u64, "more row"))));
    lines
}

fn list(names: &[String]) -> String {
    let shown: Vec<_> = names.iter().take(MAX_NAMES).map(|name| printable(name)).collect();
    let more = match names.len().saturating_sub(MAX_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}
