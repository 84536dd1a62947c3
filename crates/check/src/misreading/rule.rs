//! Misreadings of chapter 60: the rule.

use super::definition::misreadings;
use super::table::with_rows;
use crate::engine::Reference;
use rulespec::kql::{Dynamic, Error, Table};
use rulespec::rule::{Expression, Stage};

misreadings! {
    "file-name-as-term" misreads "RUL-01":
        "`FileName` matches if it has the term bitsadmin",
        |engine| rewrite(engine, |part| match part {
            Expression::EqCi(name, _) if is_column(name, "FileName") => {
                *part = Expression::Has(name.clone(), Box::new(Expression::string("bitsadmin")));
            }
            _ => {}
        });
    "original-name-not-looked-at" misreads "RUL-02":
        "only `FileName` identifies the program",
        |engine| rewrite(engine, |part| {
            if let Expression::Or(file_name, _) = part {
                *part = (**file_name).clone()
            }
        });
    "original-name-demanded" misreads "RUL-03":
        "a table without `ProcessVersionInfoOriginalFileName` is an error",
        |engine| rewrite(engine, |part| {
            if let Expression::ColumnIfExists(name, _) = part {
                *part = Expression::column(name)
            }
        });
    "every-run-selected" misreads "RUL-04":
        "every run of the program is selected, regardless of its switches",
        |engine| rewrite(engine, |part| {
            if let Expression::And(program, _) = part {
                *part = (**program).clone()
            }
        });
    "program-or-switch" misreads "RUL-04":
        "a row is selected if it comes from the program or has one of the switches",
        |engine| rewrite(engine, |part| {
            if let Expression::And(program, switch) = part {
                *part = Expression::Or(program.clone(), switch.clone())
            }
        });
    "transfer-only" misreads "RUL-04":
        "the only switch that counts is `/Transfer`",
        |engine| rewrite(engine, |part| {
            if let Expression::HasAny(_, switches) = part {
                switches.truncate(1)
            }
        });
    "switches-without-slash" misreads "RUL-04":
        "a switch matches without its slash",
        |engine| rewrite(engine, |part| {
            if let Expression::HasAny(_, switches) = part {
                switches.iter_mut().for_each(without_slash)
            }
        });
    "arguments-after-first-blank" misreads "RUL-05":
        "`ParsedCommandLine` is parsed from the text after the first space, so it lacks the program name",
        |engine| rewrite(engine, |part| {
            if let Expression::ParseCommandLine(line, _) = part {
                let blank = Expression::IndexOf(line.clone(), Box::new(Expression::string(" ")));
                let start = Expression::Add(Box::new(blank), Box::new(Expression::Long(1)));
                **line = Expression::Substring(line.clone(), Box::new(start), None);
            }
        });
    "url-by-position" misreads "RUL-06":
        "`RemoteUrl` is the third argument after the program name",
        |engine| rewrite(engine, |part| {
            if *part == Expression::Long(-2) {
                *part = Expression::Long(3)
            }
        });
    "file-by-position" misreads "RUL-07":
        "`LocalFile` is the fourth argument after the program name",
        |engine| rewrite(engine, |part| {
            if *part == Expression::Long(-1) {
                *part = Expression::Long(4)
            }
        });
    "upload-without-slash" misreads "RUL-08":
        "the word upload counts as an upload even without a slash",
        |engine| rewrite(engine, |part| match part {
            Expression::Has(_, term) if **term == Expression::string("/Upload") => without_slash(term),
            _ => {}
        });
    "upload-unless-download" misreads "RUL-08":
        "a command line without `/Download` is an upload",
        |engine| rewrite(engine, |part| match part {
            Expression::Iff(condition, up, down) if **up == Expression::string("Upload") => {
                if let Expression::Has(_, term) = &mut **condition {
                    **term = Expression::string("/Download");
                }
                std::mem::swap(up, down);
            }
            _ => {}
        });
    "computed-columns-not-first" misreads "RUL-09":
        "`Direction`, `RemoteUrl` and `LocalFile` come last, as new columns do",
        |engine| {
            for stage in &mut engine.stages {
                if let Stage::ProjectReorder(listed) = stage {
                    listed.retain(|name| !["Direction", "RemoteUrl", "LocalFile"].contains(&name.as_str()));
                }
            }
        };
    "host-name-with-dot" misreads "RUL-10":
        "`HostName` includes the first dot",
        |engine| rewrite(engine, |part| {
            if let Expression::Substring(_, _, Some(length)) = part {
                **length = Expression::Add(length.clone(), Box::new(Expression::Long(1)));
            }
        });
    "no-host-without-dot" misreads "RUL-10":
        "`HostName` is `\"\"` if `DeviceName` has no dot",
        |engine| rewrite(engine, |part| match part {
            Expression::Iff(_, _, name) if is_column(name, "DeviceName") => {
                **name = Expression::string("")
            }
            _ => {}
        });
    "domain-with-dot" misreads "RUL-11":
        "`DnsDomain` includes the first dot",
        |engine| rewrite(engine, |part| {
            if let Expression::Substring(_, start, None) = part
                && let Expression::Add(dot, _) = &**start
            {
                *start = dot.clone();
            }
        });
    "domain-whole-without-dot" misreads "RUL-11":
        "`DnsDomain` is the whole `DeviceName` if that has no dot",
        |engine| rewrite(engine, |part| match part {
            Expression::Iff(_, _, none) if **none == Expression::string("") => {
                **none = Expression::column("DeviceName");
            }
            _ => {}
        });
    "host-before-arguments" misreads "RUL-12":
        "`HostName` and `DnsDomain` come before `ParsedCommandLine`",
        |engine| {
            if let Some(stages @ [_, _, ..]) = engine.stages.get_mut(1..) {
                stages.rotate_right(2);
            }
        };
    "sorted-by-time" misreads "RUL-13":
        "the selected rows are sorted by time",
        |engine| {
            engine.semantics.filter = |_, table, predicate| sorted_by_time(&table.filter(predicate)?)
        };
    "missing-file-name-is-empty" misreads "RUL-14":
        "a table without `FileName` is treated as if `FileName` were empty",
        |engine| rewrite(engine, |part| {
            if is_column(part, "FileName") {
                let empty = Box::new(Expression::string(""));
                *part = Expression::ColumnIfExists("FileName".to_owned(), empty);
            }
        });
    "host-of-the-input-stays" misreads "RUL-15":
        "a `HostName` or `DnsDomain` that the input already has is kept",
        |engine| {
            for_assignments(engine, |name, value| {
                if name == "HostName" || name == "DnsDomain" {
                    *value = Expression::ColumnIfExists(name.to_owned(), Box::new(value.clone()));
                }
            })
        };
    "arguments-as-text" misreads "RUL-16":
        "`ParsedCommandLine` is a string that contains JSON",
        |engine| {
            let mut parsed = None;
            for_assignments(engine, |name, value| match name {
                "ParsedCommandLine" => {
                    parsed = Some(value.clone());
                    *value = Expression::ToString(Box::new(value.clone()));
                }
                _ => value.rewrite(&mut |part| {
                    if let (Expression::Element(array, _), Some(parsed)) = (part, &parsed) {
                        **array = parsed.clone()
                    }
                }),
            })
        };
    "number-taken-as-command-line" misreads "RUL-17":
        "a `ProcessCommandLine` that is not a string is converted to one",
        |engine| rewrite(engine, |part| {
            if is_column(part, "ProcessCommandLine") {
                *part = Expression::ToString(Box::new(part.clone()));
            }
        });
}

fn is_column(part: &Expression, name: &str) -> bool {
    matches!(part, Expression::Column(column) if column == name)
}

fn without_slash(term: &mut Expression) {
    if let Expression::String(text) = term {
        *text = text.trim_start_matches('/').to_owned();
    }
}

/// Calls `change` on every assignment of the rule.
fn for_assignments(engine: &mut Reference, mut change: impl FnMut(&str, &mut Expression)) {
    for stage in &mut engine.stages {
        if let Stage::Extend(assigned) = stage {
            assigned.iter_mut().for_each(|(name, value)| change(name, value));
        }
    }
}

/// Calls `change` on every part of every expression in the rule, innermost first.
fn rewrite(engine: &mut Reference, mut change: impl FnMut(&mut Expression)) {
    engine.stages.iter_mut().for_each(|stage| stage.rewrite(&mut change));
}

/// The table sorted by `TimeGenerated`, if it has that column.
fn sorted_by_time(table: &Table) -> Result<Table, Error> {
    let time = table.columns().iter().position(|column| column.name == "TimeGenerated");
    let mut rows = table.rows().to_vec();
    if let Some(time) = time {
        rows.sort_by_key(|row| row.get(time).and_then(Dynamic::as_datetime));
    }
    with_rows(table.columns(), rows)
}
