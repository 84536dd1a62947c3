//! `rulespec rule`: checks a rule, and shows what it does.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use rulespec::kql::Column;
use rulespec::query::bound::BoundSource;
use rulespec::rule::Rule;
use rulespec_check::printable;
use rulespec_events::{known_column, known_columns};
use serde_json::{Value as Json, json};

use crate::diagnostics::{Notice, render};
use crate::failure::Failure;
use crate::rules::{self, RuleFile};
use crate::status::Status;
use crate::stdout;

/// Check rules, and show what they read and return
///
/// A rule is KQL over DeviceProcessEvents, or a template of Sentinel in YAML: an analytic rule or a
/// hunting query. Reports what is no KQL, names and types that are wrong, what the specification does
/// not cover, and entities that name a column which the result does not have.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rulespec rule my-rule.yaml
  rulespec rule rules/*.yaml --format json
  rulespec rule --format kql my-rule.yaml
  echo 'DeviceProcessEvents | where FileName =~ \"a.exe\"' | rulespec rule -

Exit status:
  0  no problems were found
  1  a rule has a problem
  2  wrong usage
  5  a file or standard output could not be read or written

JSON is one object per rule: its file, name and id, whether it is valid, the problems with their places,
the table and the columns that it reads, and the columns of its result.")]
pub struct Arguments {
    /// Files with a rule; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: Format,
}

/// The output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Human-readable
    Text,
    /// One JSON object per line
    Json,
    /// The query of each rule, as this specification prints it
    Kql,
}

/// Runs `rulespec rule`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut is_good = true;
    let now = "2026-01-02".parse().context("a date")?;
    let columns = known_columns();
    for path in &arguments.files {
        let name = path.display().to_string();
        let checked = match rules::read(path, &columns, now)? {
            Ok(RuleFile { rule, bound, .. }) => {
                let problems = rule.check(&bound.columns).into_iter().map(Notice::from).collect();
                let reads = match &bound.source {
                    BoundSource::Table(table, _) => Some((table.clone(), columns_read(&rule))),
                    BoundSource::Rows(_) => None,
                };
                Checked {
                    text: rule.text().to_owned(),
                    problems,
                    reads,
                    columns: bound.columns,
                    rule: Some(rule),
                }
            }
            Err((text, found)) => {
                let problems = rules::notices(&name, &text, &found);
                Checked { text, problems, reads: None, columns: vec![], rule: None }
            }
        };
        is_good &= checked.problems.is_empty();
        checked.print(&name, arguments.format)?;
    }
    Ok(Status::from_ok(is_good))
}

/// A rule that was checked.
struct Checked {
    text: String,
    problems: Vec<Notice>,
    /// The table and the columns that it reads.
    reads: Option<(String, Vec<String>)>,
    /// The columns of the result.
    columns: Vec<Column>,
    /// The rule, if it can be run.
    rule: Option<Rule>,
}

impl Checked {
    fn print(&self, name: &str, format: Format) -> Result<(), Failure> {
        match (format, &self.rule) {
            (Format::Json, _) => {
                stdout::print(printable::json(&self.json(name).to_string()).into_owned() + "\n")
            }
            (Format::Kql, Some(rule)) => {
                let query = rule.query.to_string();
                let lines: String =
                    query.lines().map(|line| printable::printable(line).into_owned() + "\n").collect();
                self.print_problems(name)?;
                stdout::print(lines)
            }
            (Format::Text, Some(rule)) => {
                self.print_problems(name)?;
                stdout::print(self.summary(name, rule))
            }
            (Format::Text | Format::Kql, None) => self.print_problems(name),
        }
    }

    fn print_problems(&self, name: &str) -> Result<(), Failure> {
        if self.problems.is_empty() {
            return Ok(());
        }
        stdout::print(render(name, &self.text, &self.problems, crate::stdout_is_coloured()) + "\n")
    }

    fn summary(&self, name: &str, rule: &Rule) -> String {
        let mut lines = vec![format!("{name}: {}", rule.name.as_deref().unwrap_or("a query without a name"))];
        if let Some((table, columns)) = &self.reads {
            lines.push(format!("  reads {table}: {}", columns.join(", ")));
        }
        let typed = self.columns.iter().map(|column| format!("{}: {}", column.name, column.r#type));
        let typed: Vec<String> = typed.collect();
        let shown = typed.iter().take(MAX_SHOWN).cloned().collect::<Vec<_>>().join(", ");
        let more = match typed.len().saturating_sub(MAX_SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        lines.push(format!("  returns {} columns: {shown}{more}", typed.len()));
        lines.push(match self.problems.len() {
            0 => "  no problems found".to_owned(),
            1 => "  1 problem found".to_owned(),
            count => format!("  {count} problems found"),
        });
        lines.iter().map(|line| printable::printable(line).into_owned() + "\n").collect()
    }

    fn json(&self, name: &str) -> Json {
        let problem = |problem: &Notice| {
            let place = problem.span.map(|span| span.line_and_column(&self.text));
            json!({
                "kind": problem.kind,
                "message": problem.message,
                "help": problem.help,
                "line": place.map(|(line, _)| line),
                "column": place.map(|(_, column)| column),
                "span": problem.span,
            })
        };
        json!({
            "file": name,
            "name": self.rule.as_ref().and_then(|rule| rule.name.clone()),
            "id": self.rule.as_ref().and_then(|rule| rule.id.clone()),
            "valid": self.problems.is_empty(),
            "problems": self.problems.iter().map(problem).collect::<Json>(),
            "reads": self.reads.as_ref().map(|(table, columns)| json!({"table": table, "columns": columns})),
            "columns": self.columns,
        })
    }
}

/// How many columns of the result are shown.
const MAX_SHOWN: usize = 20;

/// The columns of DeviceProcessEvents that a rule names.
fn columns_read(rule: &Rule) -> Vec<String> {
    let names = rule.query.column_names().into_iter();
    names.filter(|name| known_column(name).is_some()).map(str::to_owned).collect()
}
