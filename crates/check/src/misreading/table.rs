//! Misreadings of chapter 50: tables.

use super::definition::misreadings;
use super::dynamic::rounded;
use rulespec::kql::{Column, Dynamic, Error, Table, Type, column_ifexists};

misreadings! {
    "where-drops-repeated-rows" misreads "TAB-01":
        "`where` keeps only the first of several equal rows",
        filter = |_, table, predicate| {
            let kept = table.filter(predicate)?;
            let mut seen: Vec<Vec<Dynamic>> = vec![];
            for row in kept.rows() {
                if !seen.contains(row) {
                    seen.push(row.clone());
                }
            }
            with_rows(kept.columns(), seen)
        };
    "where-reverses" misreads "TAB-01":
        "`where` reverses the order of the rows",
        filter = |_, table, predicate| {
            let kept = table.filter(predicate)?;
            with_rows(kept.columns(), kept.rows().iter().rev().cloned().collect())
        };
    "where-not" misreads "TAB-01":
        "`where` drops the rows whose predicate is true",
        filter = |_, table, predicate| table.filter(&|row| Ok(predicate(row)?.map(|holds| !holds)));
    "where-rounds-longs" misreads "TAB-01":
        "`where` rounds the longs of the rows that it keeps to 53 bits",
        filter = |_, table, predicate| {
            let kept = table.filter(predicate)?;
            let cell = |cell: &Dynamic| cell.as_long().map_or_else(|| cell.clone(), rounded);
            with_rows(kept.columns(), kept.rows().iter().map(|row| row.iter().map(cell).collect()).collect())
        };
    "where-keeps-null" misreads "TAB-02":
        "`where` drops a row only if its predicate is false",
        filter = |_, table, predicate| table.filter(&|row| Ok(predicate(row)?.or(Some(true))));
    "extend-prepends" misreads "TAB-03":
        "a new column is placed before the existing ones",
        extend = |_, table, assigned, value| {
            let new = assigned.iter().filter(|column| !table.columns().iter().any(|c| c.name == column.name));
            let new: Vec<&str> = new.map(|column| column.name.as_str()).collect();
            table.extend(assigned, value)?.project_reorder(&new)
        };
    "extend-in-reverse" misreads "TAB-03":
        "new columns are added in reverse order",
        extend = |_, table, assigned, value| {
            let last = assigned.len().saturating_sub(1);
            let reversed: Vec<Column> = assigned.iter().rev().cloned().collect();
            table.extend(&reversed, &|row, number| value(row, last - number))
        };
    "extend-appends-replaced-column" misreads "TAB-04":
        "a replaced column moves to the end",
        extend = |_, table, assigned, value| {
            let extended = table.extend(assigned, value)?;
            let is_assigned = |name: &&str| assigned.iter().any(|column| column.name == *name);
            let names = extended.columns().iter().map(|column| column.name.as_str());
            let kept = names.filter(|name| !is_assigned(name));
            let order: Vec<&str> = kept.chain(assigned.iter().map(|column| column.name.as_str())).collect();
            extended.project_reorder(&order)
        };
    "extend-keeps-the-old" misreads "TAB-04":
        "an assignment to an existing column has no effect",
        extend = |_, table, assigned, value| {
            let is_new = |column: &&Column| !table.columns().iter().any(|c| c.name == column.name);
            let numbers: Vec<usize> = (0..assigned.len()).filter(|&n| is_new(&&assigned[n])).collect();
            Table::new(assigned.to_vec())?;
            let new: Vec<Column> = numbers.iter().map(|&number| assigned[number].clone()).collect();
            table.extend(&new, &|row, number| value(row, numbers[number]))
        };
    "extend-in-sequence" misreads "TAB-05":
        "an assignment sees the results of the assignments before it",
        extend = |_, table, assigned, value| {
            Table::new(assigned.to_vec())?;
            (0..assigned.len()).try_fold(table.clone(), |table, number| {
                table.extend(&assigned[number..=number], &|row, _| value(row, number))
            })
        };
    "last-assignment-wins" misreads "TAB-06":
        "of two assignments to the same name, the last one wins",
        extend = |_, table, assigned, value| {
            let is_last = |n: &usize| !assigned[n + 1..].iter().any(|later| later.name == assigned[*n].name);
            let numbers: Vec<usize> = (0..assigned.len()).filter(is_last).collect();
            let last: Vec<Column> = numbers.iter().map(|&number| assigned[number].clone()).collect();
            table.extend(&last, &|row, number| value(row, numbers[number]))
        };
    "default-where-empty" misreads "TAB-07":
        "`column_ifexists` also returns its default if the cell is empty or null",
        column_ifexists = |_, row, name, default| match row.get(name) {
            Some(cell) if !cell.is_null() && cell.as_str() != Some("") => cell.clone(),
            _ => default,
        };
    "null-where-absent" misreads "TAB-08":
        "`column_ifexists` returns null if there is no such column, ignoring its default",
        column_ifexists = |_, row, name, _| column_ifexists(row, name, Dynamic::Null);
    "columns-ignore-case" misreads "TAB-10":
        "`column_ifexists` ignores the case of column names",
        column_ifexists = |_, row, name, default| {
            let names = row.columns().iter().map(|column| column.name.as_str());
            let name = find_ignoring_case(names, name).unwrap_or(name);
            column_ifexists(row, name, default)
        };
    "reorder-ignores-case" misreads "TAB-10":
        "`project-reorder` ignores the case of column names",
        project_reorder = |_, table, listed| {
            let names = || table.columns().iter().map(|column| column.name.as_str());
            let find = |name: &&str| {
                let exact = names().find(|other| other == name);
                exact.or_else(|| find_ignoring_case(names(), name)).map_or_else(|| (*name).to_owned(), str::to_owned)
            };
            let found: Vec<String> = listed.iter().map(find).collect();
            table.project_reorder(&found.iter().map(String::as_str).collect::<Vec<_>>())
        };
    "reorder-in-order-of-table" misreads "TAB-11":
        "the listed columns come first, in their original order",
        project_reorder = |_, table, listed| {
            let reordered = table.project_reorder(listed)?;
            let names = table.columns().iter().map(|column| column.name.as_str());
            let first: Vec<&str> = names.filter(|name| listed.contains(name)).collect();
            reordered.project_reorder(&first)
        };
    "reorder-puts-last" misreads "TAB-11":
        "the listed columns come last",
        project_reorder = |_, table, listed| {
            let reordered = table.project_reorder(listed)?;
            let others = reordered.columns()[listed.len()..].iter().map(|column| column.name.as_str());
            reordered.project_reorder(&others.collect::<Vec<_>>())
        };
    "reorder-as-project" misreads "TAB-12":
        "columns that are not listed are dropped",
        project_reorder = |_, table, listed| {
            let reordered = table.project_reorder(listed)?;
            let rows = reordered.rows().iter().map(|row| row[..listed.len()].to_vec()).collect();
            with_rows(&reordered.columns()[..listed.len()], rows)
        };
    "reorder-sorts-others" misreads "TAB-12":
        "columns that are not listed are sorted by name",
        project_reorder = |_, table, listed| {
            let reordered = table.project_reorder(listed)?;
            let others = reordered.columns()[listed.len()..].iter().map(|column| column.name.as_str());
            let mut others: Vec<&str> = others.collect();
            others.sort_unstable();
            let order: Vec<&str> = listed.iter().copied().chain(others).collect();
            reordered.project_reorder(&order)
        };
    "reorder-skips-unknown" misreads "TAB-13":
        "a listed column that does not exist is ignored",
        project_reorder = |_, table, listed| {
            let known = listed.iter().filter(|name| table.columns().iter().any(|c| c.name == **name));
            table.project_reorder(&known.copied().collect::<Vec<_>>())
        };
    "reorder-skips-repeated" misreads "TAB-14":
        "a column listed twice comes where it is listed first",
        project_reorder = |_, table, listed| {
            let mut once: Vec<&str> = vec![];
            for name in listed {
                if !once.contains(name) {
                    once.push(name);
                }
            }
            table.project_reorder(&once)
        };
    "missing-number-is-zero" misreads "TAB-15":
        "a null cell reads as 0 in a numeric column and as false in a bool column",
        filter = |_, table, predicate| zero_for_null(&table.filter(predicate)?);
}

/// A table with these columns and rows.
pub(super) fn with_rows(columns: &[Column], rows: Vec<Vec<Dynamic>>) -> Result<Table, Error> {
    let mut table = Table::new(columns.to_vec())?;
    rows.into_iter().try_for_each(|row| table.push(row))?;
    Ok(table)
}

/// The first name that equals `name` when case is ignored.
fn find_ignoring_case<'a>(mut names: impl Iterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    names.find(|other| other.eq_ignore_ascii_case(name))
}

fn zero_for_null(table: &Table) -> Result<Table, Error> {
    let zero = |r#type| match r#type {
        Type::Bool => Dynamic::Bool(false),
        Type::Int | Type::Long => Dynamic::Long(0),
        Type::Real => Dynamic::Real(0.0),
        _ => Dynamic::Null,
    };
    let cell = |(column, cell): (&Column, &Dynamic)| match cell {
        Dynamic::Null if column.r#type != Type::String => zero(column.r#type),
        cell => cell.clone(),
    };
    let row = |row: &Vec<Dynamic>| table.columns().iter().zip(row).map(cell).collect();
    with_rows(table.columns(), table.rows().iter().map(row).collect())
}
