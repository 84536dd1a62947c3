//! Misreadings of chapter 55, and of the operators of chapter 50 that only queries have.

use super::definition::misreadings;
use crate::engine::{Tables, run_changed, run_query};
use rulespec::kql::{Error, Semantics, Table};
use rulespec::query::bound::Step;
use rulespec::query::syntax::{Direction, OperatorKind};
use rulespec::query::{BoundQuery, Query};

misreadings! {
    "comments-are-read" misreads "QRY-02":
        "`//` begins no comment",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("//", " "), tables);
    "brackets-are-strings" misreads "QRY-03":
        "a name in brackets and quotes is a string",
        |engine| engine.query = |kql, text, tables| {
            run_query(kql, &text.replace("['", "'").replace("']", "'").replace(" = [\"", " = \""), tables)
        };
    "escapes-are-kept" misreads "QRY-04":
        "a backslash in a string is a backslash",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace('\\', "\\\\"), tables);
    "verbatim-is-ignored" misreads "QRY-05":
        "a string after `@`, or between triple quotes, has escapes as any other",
        |engine| engine.query = |kql, text, tables| {
            run_query(kql, &text.replace('@', "").replace("```", "\"").replace("~~~", "\""), tables)
        };
    "adjacent-strings-are-apart" misreads "QRY-06":
        "of strings that follow one another, each is a value",
        |engine| engine.query = |kql, text, tables| {
            run_query(kql, &text.replace("' \"", "', \"").replace("' H", "', "), tables)
        };
    "hexadecimal-is-decimal" misreads "QRY-07":
        "`0x` has no meaning",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("0x", "0"), tables);
    "reals-are-longs" misreads "QRY-07":
        "a number with an exponent is a long",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("1e3", "1000"), tables);
    "m-is-milliseconds" misreads "QRY-08":
        "`m` is a millisecond",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("m,", "ms,"), tables);
    "timespans-are-seconds" misreads "QRY-09":
        "a number in `timespan(…)` is one of seconds",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("n(2)", "n(2s)"), tables);
    "literals-are-longs" misreads "QRY-09":
        "`int(5)` is a long",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("int(", "long("), tables);
    "last-operator-first" misreads "QRY-10":
        "operators are applied from the last to the first",
        |engine| engine.query = |kql, text, tables| changed(kql, text, tables, |bound| bound.steps.reverse());
    "or-before-and" misreads "QRY-13":
        "`or` binds stronger than `and`",
        |engine| engine.query = |kql, text, tables| run_query(kql, &or_first(text), tables);
    "let-is-not-scoped" misreads "QRY-20":
        "the last declaration of a name holds everywhere",
        |engine| engine.query = |kql, text, tables| run_query(kql, &last_declaration(text), tables);
    "declared-names-hide-columns" misreads "QRY-21":
        "a name that `let` declares hides the column that has it",
        |engine| engine.query = |kql, text, tables| run_query(kql, &substituted(text), tables);
    "errors-need-rows" misreads "QRY-22":
        "a name that refers to nothing is no error if there are no rows",
        |engine| engine.query = |kql, text, tables| forgiving(kql, text, tables, "unknown");
    "types-need-rows" misreads "QRY-23":
        "an operand of the wrong type is no error if there are no rows",
        |engine| engine.query = |kql, text, tables| forgiving(kql, text, tables, "wrong");
    "no-common-type" misreads "QRY-24":
        "the common type of `int` and `long` is `int`",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("int(1), 2)", "int(1), int(2))"), tables);
    "cells-go-down" misreads "QRY-30":
        "the values of a `datatable` fill its columns one after the other",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("[1, 2, 3, 4", "[1, 3, 2, 4"), tables);
    "print-counts-from-1" misreads "QRY-31":
        "the first value of `print` is called `print_1`",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("print '", "print print_1 = '"), tables);
    "names-are-numbered" misreads "QRY-32":
        "a member of a dynamic is called like the dynamic",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace(" d.k,", " d = d.k,"), tables);
    "star-needs-a-character" misreads "QRY-33":
        "`*` stands for one or more characters",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("m*n", "mi*n"), tables);
    "rows-are-rounded" misreads "QRY-34":
        "a number of rows that is a real is rounded",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("take 1.5", "take 1"), tables);
    "extra-arguments-are-ignored" misreads "QRY-40":
        "arguments that no parameter is for are ignored",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("(true, false)", "(true)"), tables);
    "project-extends" misreads "TAB-16":
        "`project` keeps the other columns",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("| project ", "| extend "), tables);
    "keep-in-order-of-list" misreads "TAB-17":
        "`project-keep` gives the columns in the order of its list",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("project-keep", "project"), tables);
    "away-keeps" misreads "TAB-18":
        "`project-away` gives the columns that it lists",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("project-away", "project-keep"), tables);
    "rename-adds" misreads "TAB-19":
        "`project-rename` keeps the columns under their old names too",
        |engine| engine.query = |kql, text, tables| run_query(kql, &text.replace("project-rename", "extend"), tables);
    "distinct-keeps-all" misreads "TAB-20":
        "`distinct` only selects columns",
        |engine| engine.query = |kql, text, tables| changed(kql, text, tables, |bound| {
            bound.steps.retain(|step| *step != Step::Distinct);
        });
    "sort-ascends" misreads "TAB-21":
        "a sort without `asc` or `desc` is ascending",
        |engine| engine.query = |kql, text, tables| ascending(kql, text, tables, |operator| {
            matches!(operator, OperatorKind::Sort(_))
        });
    "nulls-are-last" misreads "TAB-22":
        "nulls come last in each order",
        |engine| engine.query = |kql, text, tables| changed(kql, text, tables, |bound| {
            bound.steps.iter_mut().for_each(|step| {
                if let Step::Sort(keys) = step {
                    keys.iter_mut().for_each(|key| key.nulls_first = false);
                }
            });
        });
    "take-one-less" misreads "TAB-23":
        "`take n` stops before the row with the number `n`",
        |engine| engine.query = |kql, text, tables| changed(kql, text, tables, |bound| {
            bound.steps.iter_mut().for_each(|step| {
                if let Step::Take(count) = step {
                    *count -= 1;
                }
            });
        });
    "count-distinct" misreads "TAB-24":
        "`count` counts equal rows once",
        |engine| engine.query = |kql, text, tables| changed(kql, text, tables, |bound| {
            let count = bound.steps.iter().position(|step| matches!(step, Step::Count(_)));
            count.into_iter().for_each(|at| bound.steps.insert(at, Step::Distinct));
        });
    "top-ascends" misreads "TAB-25":
        "`top` without `asc` or `desc` gives the smallest",
        |engine| engine.query = |kql, text, tables| ascending(kql, text, tables, |operator| {
            matches!(operator, OperatorKind::Top(..))
        });
    "order-ascends" misreads "TAB-26":
        "`order by` is ascending, as in SQL",
        |engine| engine.query = |kql, text, tables| {
            run_query(kql, &text.replace("order by number", "order by number asc"), tables)
        };
    "patterns-are-not-ordered" misreads "TAB-27":
        "`asc` and `desc` after a pattern have no effect",
        |engine| engine.query = |kql, text, tables| {
            run_query(kql, &text.replace("* asc", "*").replace("* desc", "*"), tables)
        };
    "lists-are-flat" misreads "QRY-42":
        "an array in a list is one value",
        |engine| engine.query = |kql, text, tables| {
            run_query(kql, &text.replace("dynamic(['z', 'x'])", "tostring(dynamic(['z', 'q']))"), tables)
        };
}

/// Binds a query, changes it, and runs it.
fn changed(
    kql: &Semantics,
    text: &str,
    tables: &Tables,
    change: fn(&mut BoundQuery),
) -> Result<Table, Error> {
    run_changed(kql, &text.parse()?, tables, change)
}

/// Runs a query in which the keys of some operators are ascending if nothing is said.
fn ascending(
    kql: &Semantics,
    text: &str,
    tables: &Tables,
    is_meant: fn(&OperatorKind) -> bool,
) -> Result<Table, Error> {
    let mut query: Query = text.parse()?;
    for operator in query.pipeline.operators.iter_mut().filter(|operator| is_meant(&operator.kind)) {
        let keys = match &mut operator.kind {
            OperatorKind::Sort(keys) => keys.as_mut_slice(),
            OperatorKind::Top(_, key) => std::slice::from_mut(key),
            _ => &mut [],
        };
        keys.iter_mut().for_each(|key| key.direction = key.direction.or(Some(Direction::Ascending)));
    }
    run_changed(kql, &query, tables, |_| {})
}

/// Runs a query. An error of some kinds is an empty table if no table has rows.
fn forgiving(kql: &Semantics, text: &str, tables: &Tables, kinds: &str) -> Result<Table, Error> {
    match run_query(kql, text, tables) {
        Err(error)
            if error.kind().as_str().starts_with(kinds)
                && tables.values().all(|table| table.rows().is_empty()) =>
        {
            Ok(Table::default())
        }
        result => result,
    }
}

/// A text in which the operands of `or` are put in parentheses.
fn or_first(text: &str) -> String {
    match text.split_once(" = ") {
        Some((before, value)) if value.contains(" or ") => {
            format!("{before} = ({})", value.replace(" and ", ") and ("))
        }
        _ => text.to_owned(),
    }
}

/// A text in which only the last declaration of the first declared name is left.
fn last_declaration(text: &str) -> String {
    let name = text.split(" = ").next().unwrap_or_default();
    match text.rfind(name) {
        Some(at) if name.starts_with("let ") => text[at..].to_owned(),
        _ => text.to_owned(),
    }
}

/// A text in which the value of the first declaration is put for its name.
fn substituted(text: &str) -> String {
    let parts = text.strip_prefix("let ").and_then(|text| text.split_once(';'));
    match parts.and_then(|(declared, rest)| Some((declared.split_once(" = ")?, rest))) {
        Some(((name, value), rest)) if value.parse::<i64>().is_ok() => rest.replace(name, value),
        _ => text.to_owned(),
    }
}
