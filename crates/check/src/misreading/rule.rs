//! Chapter 60 misread.

use super::Misreading;
use crate::engine::Reference;
use rulespec::kql::{Dynamic, Error, Table};
use rulespec::rule::{Expression, Stage};

pub(super) const MISREADINGS: &[Misreading] = &[
    Misreading {
        name: "file-name-as-term",
        says: "a `FileName` comes from the program where it has the term bitsadmin",
        breaks: "RUL-01",
        apply: |engine| {
            rewrite(engine, |part| match part {
                Expression::EqCi(name, _) if is_column(name, "FileName") => {
                    *part = Expression::Has(name.clone(), Box::new(Expression::string("bitsadmin")));
                }
                _ => {}
            })
        },
    },
    Misreading {
        name: "original-name-not-looked-at",
        says: "only `FileName` tells the program",
        breaks: "RUL-02",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::Or(file_name, _) = part {
                    *part = (**file_name).clone()
                }
            })
        },
    },
    Misreading {
        name: "original-name-demanded",
        says: "a table without `ProcessVersionInfoOriginalFileName` is refused",
        breaks: "RUL-03",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::ColumnIfExists(name, _) = part {
                    *part = Expression::column(name)
                }
            })
        },
    },
    Misreading {
        name: "every-run-selected",
        says: "every row that comes from the program is selected, whatever its switches",
        breaks: "RUL-04",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::And(program, _) = part {
                    *part = (**program).clone()
                }
            })
        },
    },
    Misreading {
        name: "program-or-switch",
        says: "a row is selected where it comes from the program or has one of the switches",
        breaks: "RUL-04",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::And(program, switch) = part {
                    *part = Expression::Or(program.clone(), switch.clone())
                }
            })
        },
    },
    Misreading {
        name: "transfer-only",
        says: "the one switch that counts is `/Transfer`",
        breaks: "RUL-04",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::HasAny(_, switches) = part {
                    switches.truncate(1)
                }
            })
        },
    },
    Misreading {
        name: "switches-without-slash",
        says: "a switch counts without its slash",
        breaks: "RUL-04",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::HasAny(_, switches) = part {
                    switches.iter_mut().for_each(without_slash)
                }
            })
        },
    },
    Misreading {
        name: "arguments-after-first-blank",
        says: "`ParsedCommandLine` holds what stands after the first blank, without the program name",
        breaks: "RUL-05",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::ParseCommandLine(line, _) = part {
                    let blank = Expression::IndexOf(line.clone(), Box::new(Expression::string(" ")));
                    let start = Expression::Add(Box::new(blank), Box::new(Expression::Long(1)));
                    **line = Expression::Substring(line.clone(), Box::new(start), None);
                }
            })
        },
    },
    Misreading {
        name: "url-by-position",
        says: "`RemoteUrl` is the third argument after the program name",
        breaks: "RUL-06",
        apply: |engine| {
            rewrite(engine, |part| {
                if *part == Expression::Long(-2) {
                    *part = Expression::Long(3)
                }
            })
        },
    },
    Misreading {
        name: "file-by-position",
        says: "`LocalFile` is the fourth argument after the program name",
        breaks: "RUL-07",
        apply: |engine| {
            rewrite(engine, |part| {
                if *part == Expression::Long(-1) {
                    *part = Expression::Long(4)
                }
            })
        },
    },
    Misreading {
        name: "upload-without-slash",
        says: "the word upload makes an upload without a slash too",
        breaks: "RUL-08",
        apply: |engine| {
            rewrite(engine, |part| match part {
                Expression::Has(_, term) if **term == Expression::string("/Upload") => without_slash(term),
                _ => {}
            })
        },
    },
    Misreading {
        name: "upload-unless-download",
        says: "what does not say `/Download` is an upload",
        breaks: "RUL-08",
        apply: |engine| {
            rewrite(engine, |part| match part {
                Expression::Iff(condition, up, down) if **up == Expression::string("Upload") => {
                    if let Expression::Has(_, term) = &mut **condition {
                        **term = Expression::string("/Download");
                    }
                    std::mem::swap(up, down);
                }
                _ => {}
            })
        },
    },
    Misreading {
        name: "computed-columns-not-first",
        says: "`Direction`, `RemoteUrl` and `LocalFile` come last, as new columns do",
        breaks: "RUL-09",
        apply: |engine| {
            for stage in &mut engine.stages {
                if let Stage::ProjectReorder(listed) = stage {
                    listed.retain(|name| !["Direction", "RemoteUrl", "LocalFile"].contains(&name.as_str()));
                }
            }
        },
    },
    Misreading {
        name: "host-name-with-dot",
        says: "`HostName` ends with the first dot",
        breaks: "RUL-10",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::Substring(_, _, Some(length)) = part {
                    **length = Expression::Add(length.clone(), Box::new(Expression::Long(1)));
                }
            })
        },
    },
    Misreading {
        name: "no-host-without-dot",
        says: "`HostName` is `\"\"` where `DeviceName` has no dot",
        breaks: "RUL-10",
        apply: |engine| {
            rewrite(engine, |part| match part {
                Expression::Iff(_, _, name) if is_column(name, "DeviceName") => {
                    **name = Expression::string("")
                }
                _ => {}
            })
        },
    },
    Misreading {
        name: "domain-with-dot",
        says: "`DnsDomain` begins with the first dot",
        breaks: "RUL-11",
        apply: |engine| {
            rewrite(engine, |part| {
                if let Expression::Substring(_, start, None) = part
                    && let Expression::Add(dot, _) = &**start
                {
                    *start = dot.clone();
                }
            })
        },
    },
    Misreading {
        name: "domain-whole-without-dot",
        says: "`DnsDomain` is all of `DeviceName` where it has no dot",
        breaks: "RUL-11",
        apply: |engine| {
            rewrite(engine, |part| match part {
                Expression::Iff(_, _, none) if **none == Expression::string("") => {
                    **none = Expression::column("DeviceName");
                }
                _ => {}
            })
        },
    },
    Misreading {
        name: "host-before-arguments",
        says: "`HostName` and `DnsDomain` come before `ParsedCommandLine`",
        breaks: "RUL-12",
        apply: |engine| {
            if let Some(stages @ [_, _, ..]) = engine.stages.get_mut(1..) {
                stages.rotate_right(2);
            }
        },
    },
    Misreading {
        name: "sorted-by-time",
        says: "the selected rows come out in the order of their time",
        breaks: "RUL-13",
        apply: |engine| {
            engine.semantics.filter = |_, table, predicate| sorted_by_time(&table.filter(predicate)?)
        },
    },
    Misreading {
        name: "missing-file-name-is-empty",
        says: "a table without `FileName` is read as if that were empty",
        breaks: "RUL-14",
        apply: |engine| {
            rewrite(engine, |part| {
                if is_column(part, "FileName") {
                    let empty = Box::new(Expression::string(""));
                    *part = Expression::ColumnIfExists("FileName".to_owned(), empty);
                }
            })
        },
    },
    Misreading {
        name: "host-of-the-input-stays",
        says: "where the input has a `HostName` or `DnsDomain` already, it stays",
        breaks: "RUL-15",
        apply: |engine| {
            for_assignments(engine, |name, value| {
                if name == "HostName" || name == "DnsDomain" {
                    *value = Expression::ColumnIfExists(name.to_owned(), Box::new(value.clone()));
                }
            })
        },
    },
    Misreading {
        name: "arguments-as-text",
        says: "`ParsedCommandLine` is a string that holds JSON",
        breaks: "RUL-16",
        apply: |engine| {
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
        },
    },
    Misreading {
        name: "number-taken-as-command-line",
        says: "a `ProcessCommandLine` of another type is taken as its text",
        breaks: "RUL-17",
        apply: |engine| {
            rewrite(engine, |part| {
                if is_column(part, "ProcessCommandLine") {
                    *part = Expression::ToString(Box::new(part.clone()));
                }
            })
        },
    },
];

fn is_column(part: &Expression, name: &str) -> bool {
    matches!(part, Expression::Column(column) if column == name)
}

fn without_slash(term: &mut Expression) {
    if let Expression::String(text) = term {
        *text = text.trim_start_matches('/').to_owned();
    }
}

/// Hands every assignment of the rule over to be changed.
fn for_assignments(engine: &mut Reference, mut change: impl FnMut(&str, &mut Expression)) {
    for stage in &mut engine.stages {
        if let Stage::Extend(assigned) = stage {
            assigned.iter_mut().for_each(|(name, value)| change(name, value));
        }
    }
}

/// Calls `change` on every part of every expression of the rule, inner parts first.
fn rewrite(engine: &mut Reference, mut change: impl FnMut(&mut Expression)) {
    engine.stages.iter_mut().for_each(|stage| stage.rewrite(&mut change));
}

/// The table in the order of `TimeGenerated`, where it has that column.
fn sorted_by_time(table: &Table) -> Result<Table, Error> {
    let time = table.columns().iter().position(|column| column.name == "TimeGenerated");
    let mut rows = table.rows().to_vec();
    if let Some(time) = time {
        rows.sort_by_key(|row| row.get(time).and_then(Dynamic::as_datetime));
    }
    let mut sorted = Table::new(table.columns().to_vec())?;
    rows.into_iter().try_for_each(|row| sorted.push(row))?;
    Ok(sorted)
}
