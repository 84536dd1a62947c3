//! The questions that engines are timed on. Each function has some hundred that are
//! generated from a seed, and the inputs of its vectors.
//!
//! The command lines are those of `benches/data`, whose README says how realistic they
//! are. Eight in ten are everyday lines that the rule does not select. The others are
//! lines that it does select, two lines of 4 KiB, and some that are slow to tokenise or
//! search. All other arguments are made of these lines: arrays are their arguments,
//! texts are the lines or their arguments, and tables have the lines as a column.
//! Vectors of open points are left out because their answers differ between engines.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use super::data;
use crate::engine::{Answer, Engine, Reference};
use crate::rule_columns::RuleColumns;
use rulespec::Function;
use rulespec::fast::command_line;
use rulespec::rule::Rule;
use rulespec::suite::{LoadError, Vector, Want, vectors};

/// The number of command lines that the rule does not select.
const OTHER_LINES: usize = 240;
/// The number of command lines that the rule selects.
const MATCHING_LINES: usize = 48;
/// The number of lines of 4 KiB.
const LONG_LINES: usize = 2;
/// The length in bytes of the lines that are slow to tokenise or search.
const SLOW_LINE_LEN: usize = 512;
/// The number of rows of a table.
const ROWS: usize = 8;
/// Columns that have the same value in every row.
const CONSTANT_CELLS: [(&str, &str); 6] = [
    ("DeviceName", "ws07.corp.example"),
    ("DeviceId", "4f2c8a1e"),
    ("InitiatingProcessFolderPath", r"C:\Windows\System32\cmd.exe"),
    ("InitiatingProcessAccountDomain", "corp"),
    ("InitiatingProcessAccountName", "alice"),
    ("InitiatingProcessSHA256", "b99d61d874728edc0918ca0eb10eab93d381e7367e377406e65963366c874450"),
];

/// The words that the rule looks for.
struct Words {
    /// The program.
    program: String,
    /// The terms. The command line must have at least one of them.
    terms: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let comparisons = RuleColumns::of(Rule::bitsadmin_activity()).comparisons;
    let words = |operator: &str| -> Vec<String> {
        let values = comparisons.iter().find(|found| found.operator == operator).map(|found| &found.values);
        values.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    Words { program: words("=~").pop().unwrap_or_default(), terms: words("has_any") }
});

/// The questions about one function, and the reference's answers.
#[derive(Debug, Clone)]
pub struct Workload {
    /// The function.
    pub function: Function,
    /// The arguments of each question.
    pub args: Vec<Vec<Json>>,
    /// The answer to each.
    pub wants: Vec<Want>,
}

impl Workload {
    /// A digest of the questions: the 64-bit FNV-1a hash of their JSON.
    pub fn digest(&self) -> String {
        let text = json!([self.function, self.args]).to_string();
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }
}

/// The workloads of these functions, or of all functions if `functions` is empty, in
/// the order of [`Function::ALL`].
///
/// # Errors
///
/// Returns an error if the embedded vectors cannot be read.
///
/// ```
/// let workloads = rulespec_check::bench::workload::workloads(&[rulespec::Function::Has])?;
/// assert!(workloads[0].args.len() > 300);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn workloads(functions: &[Function]) -> Result<Vec<Workload>, LoadError> {
    let (vectors, lines) = (vectors()?, lines());
    let is_wanted = |function: &Function| functions.is_empty() || functions.contains(function);
    let wanted = Function::ALL.into_iter().filter(is_wanted);
    Ok(wanted.map(|function| workload(function, &lines, &vectors)).collect())
}

fn workload(function: Function, lines: &[String], vectors: &[Vector]) -> Workload {
    let is_settled =
        |vector: &&Vector| vector.r#fn == function.name() && matches!(vector.want, Want::Settled { .. });
    let mut args = generated(function, lines);
    args.extend(vectors.iter().filter(is_settled).map(|vector| vector.args.clone()));
    let mut reference = Reference::default();
    let want = |args: &Vec<Json>| match reference.ask(function.name(), args) {
        Answer::Value(want) => Want::Settled { want },
        Answer::Error(kind) => Want::Settled { want: json!({ "error": kind }) },
        other => Want::Settled { want: json!({ "error": other.to_string() }) },
    };
    Workload { function, wants: args.iter().map(want).collect(), args }
}

fn lines() -> Vec<String> {
    let mut lines = data::real_lines(OTHER_LINES);
    lines.extend(data::matching_lines(MATCHING_LINES));
    lines.extend(data::long_quoted_lines(LONG_LINES));
    let slow = data::adversarial_lines(SLOW_LINE_LEN).into_iter().chain(data::near_misses(SLOW_LINE_LEN));
    lines.extend(slow.map(|(_, line)| line));
    lines
}

/// Queries over a table of process creations.
const QUERIES: [&str; 3] = [
    "T | where ProcessCommandLine has '/transfer' and FileName =~ 'bitsadmin.exe'",
    "T | extend Arguments = parse_command_line(ProcessCommandLine, 'windows') | project Last = tostring(Arguments[-1])",
    "T | where FileName has 'bitsadmin' | project-away DeviceName | take 2",
];

/// One question per command line, which varies with the line's number.
fn generated(function: Function, lines: &[String]) -> Vec<Vec<Json>> {
    let question = |(number, line): (usize, &String)| {
        let arguments: Vec<String> = command_line::split(line).map(Into::into).collect();
        let (first, last) = (arguments.first(), arguments.last());
        let Words { program, terms } = &*WORDS;
        let term = terms.get(number % terms.len().max(1));
        let table = || table(&around(number, lines));
        match function {
            Function::EqCi => vec![
                json!(if number % 3 == 0 { Some("BITSADMIN.exe") } else { first.map(String::as_str) }),
                json!(program),
            ],
            Function::Has => vec![json!(line), json!(term)],
            Function::HasAny => vec![json!(line), json!(terms)],
            Function::ParseCommandLine => vec![json!(line), json!("windows")],
            Function::Element => vec![json!(arguments), json!([-1, -2, 0, 2][number % 4])],
            Function::ToString if number % 4 == 0 => vec![json!(arguments)],
            Function::ToString => vec![json!(last)],
            Function::IndexOf => vec![json!(line), json!(["/upload", "http", "\\", "e"][number % 4])],
            Function::Substring => vec![json!(line), json!(number % 40), json!(number % 60)],
            Function::Iff => {
                vec![json!([Some(true), Some(false), None][number % 3]), json!(first), json!(last)]
            }
            Function::ColumnIfExists => {
                vec![row(number, line), json!(["FileName", "Missing"][number % 2]), json!("")]
            }
            Function::Where => vec![table(), json!("ProcessElevated")],
            Function::Extend => {
                vec![table(), json!([["Name", "FileName"], ["FileName", "DeviceName"]])]
            }
            Function::ProjectReorder => {
                vec![
                    json!(columns(&row(number, line))),
                    json!(["ProcessCommandLine", "DeviceName", "Missing"]),
                ]
            }
            Function::BitsadminActivity => vec![table()],
            Function::Query => vec![json!(QUERIES[number % QUERIES.len()]), json!({"T": table()})],
        }
    };
    lines.iter().enumerate().map(question).collect()
}

/// The line with this number and some distant ones, each with its number. The distance
/// makes most tables a mix of lines that the rule selects and lines that it does not.
fn around(number: usize, lines: &[String]) -> Vec<(usize, &str)> {
    let numbers = (0..ROWS).map(|step| (number + step * 37) % lines.len());
    numbers.filter_map(|number| Some((number, lines.get(number)?.as_str()))).collect()
}

/// A table with one process creation per line.
fn table(lines: &[(usize, &str)]) -> Json {
    let rows: Vec<Json> = lines.iter().map(|(number, line)| row(*number, line)).collect();
    let column = |name: String| json!({ "name": name, "type": r#type(&name) });
    let columns = rows.first().map(columns).unwrap_or_default().into_iter().map(column).collect::<Json>();
    let cells =
        |row: &Json| row.as_object().into_iter().flat_map(|row| row.values().cloned()).collect::<Json>();
    json!({ "columns": columns, "rows": rows.iter().map(cells).collect::<Json>() })
}

fn columns(row: &Json) -> Vec<String> {
    row.as_object().into_iter().flat_map(|row| row.keys().cloned()).collect()
}

fn r#type(column: &str) -> &'static str {
    match column {
        "TimeGenerated" => "datetime",
        "ProcessId" => "long",
        "ProcessElevated" => "bool",
        _ => "string",
    }
}

/// A row of one process creation.
fn row(number: usize, line: &str) -> Json {
    let stem = WORDS.program.trim_end_matches(".exe");
    let program = if line.contains(stem) { &WORDS.program } else { "svchost.exe" };
    let elevated = [Some(true), Some(false), None][number % 3];
    let mut row = json!({
        "TimeGenerated": format!("2026-11-24T18:{:02}:{:02}.0000000Z", number / 60 % 60, number % 60),
        "FileName": program,
        "ProcessCommandLine": line,
        "ProcessVersionInfoOriginalFileName": program,
        "ProcessId": 4000 + number,
        "ProcessElevated": elevated,
    });
    if let Some(row) = row.as_object_mut() {
        row.extend(CONSTANT_CELLS.map(|(name, text)| (name.to_owned(), json!(text))));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATED: usize = OTHER_LINES + MATCHING_LINES;

    /// An engine may copy cells that it does not interpret, so they must already be in
    /// the normal form of answers.
    #[test]
    fn cells_are_in_normal_form() {
        let workload = &workloads(&[Function::Where]).unwrap()[0];
        let mut kept = 0;
        for (args, want) in workload.args.iter().zip(&workload.wants).take(GENERATED) {
            let (rows, Want::Settled { want }) = (&args[0]["rows"], want) else { panic!("{want:?}") };
            for row in want["rows"].as_array().unwrap() {
                assert!(rows.as_array().unwrap().contains(row), "{row}");
                kept += 1;
            }
        }
        assert!(kept > OTHER_LINES, "{kept}");
    }

    #[test]
    fn rule_selects_some_rows_of_most_tables_and_never_all() {
        let workload = &workloads(&[Function::BitsadminActivity]).unwrap()[0];
        let selected = |want: &Want| match want {
            Want::Settled { want } => want["rows"].as_array().map_or(0, Vec::len),
            Want::Open { .. } => 0,
        };
        let counts: Vec<usize> = workload.wants.iter().take(GENERATED).map(selected).collect();
        assert!(counts.iter().all(|rows| *rows < ROWS), "{counts:?}");
        assert!(counts.iter().filter(|rows| **rows > 0).count() > counts.len() / 2, "{counts:?}");
    }
}
