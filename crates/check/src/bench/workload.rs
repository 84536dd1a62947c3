//! The questions that engines are timed on: for each function some hundred that are
//! made from a seed, and the inputs of its vectors.
//!
//! The command lines are those of `benches/data`, whose README says how real they
//! are: eight in ten are everyday lines that the rule does not select, the others
//! such that it does, two of 4 KiB, and some that make tokenisers and searches slow.
//! Everything else is made of them: the arrays are their arguments, the texts are
//! their arguments or they themselves, the tables have them as a column. Vectors of
//! open points are left out, for engines may answer them in several ways.

use serde_json::{Value as Json, json};

use super::data;
use crate::engine::{Answer, Engine, Reference};
use rulespec::Function;
use rulespec::fast::command_line;
use rulespec::rule::{PROGRAM, SWITCHES};
use rulespec::suite::{LoadError, Vector, Want, vectors};

/// How many command lines that the rule does not select, and how many that it does.
const LINES: (usize, usize) = (240, 48);
/// How many lines of 4 KiB.
const LONG: usize = 2;
/// How long the lines are that make tokenisers and searches slow, in bytes.
const SLOW: usize = 512;
/// How many rows a table has.
const ROWS: usize = 8;
/// What stands in the columns of process creations that no line is in.
const CELLS: [(&str, &str); 6] = [
    ("DeviceName", "ws07.corp.example"),
    ("DeviceId", "4f2c8a1e"),
    ("InitiatingProcessFolderPath", r"C:\Windows\System32\cmd.exe"),
    ("InitiatingProcessAccountDomain", "corp"),
    ("InitiatingProcessAccountName", "alice"),
    ("InitiatingProcessSHA256", "b99d61d874728edc0918ca0eb10eab93d381e7367e377406e65963366c874450"),
];

/// The questions of one function, and what the reference answers.
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
    /// A digest of the questions (64-bit FNV-1a of them as JSON): the same for the
    /// same questions, whatever made them.
    pub fn digest(&self) -> String {
        let text = json!([self.function, self.args]).to_string();
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }
}

/// The workloads of these functions, of all where there are none, in the order of
/// the protocol's list.
///
/// # Errors
///
/// Where the embedded vectors cannot be read.
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
    let mut args = made(function, lines);
    args.extend(vectors.iter().filter(is_settled).map(|vector| vector.args.clone()));
    let mut reference = Reference::default();
    let want = |args: &Vec<Json>| match reference.ask(function.name(), args) {
        Answer::Value(want) => Want::Settled { want },
        other => Want::Settled { want: json!({ "error": error(other) }) },
    };
    Workload { function, wants: args.iter().map(want).collect(), args }
}

fn error(answer: Answer) -> String {
    match answer {
        Answer::Error(kind) => kind,
        other => other.to_string(),
    }
}

fn lines() -> Vec<String> {
    let (others, matching) = LINES;
    let mut lines = data::real_lines(others);
    lines.extend(data::matching_lines(matching));
    lines.extend(data::long_quoted_lines(LONG));
    let slow = data::adversarial_lines(SLOW).into_iter().chain(data::near_misses(SLOW));
    lines.extend(slow.map(|(_, line)| line));
    lines
}

/// One question a command line, by its number.
fn made(function: Function, lines: &[String]) -> Vec<Vec<Json>> {
    let question = |(number, line): (usize, &String)| {
        let arguments: Vec<String> = command_line::split(line).map(Into::into).collect();
        let (first, last) = (arguments.first(), arguments.last());
        let term = SWITCHES.get(number % SWITCHES.len());
        let table = || table(&around(number, lines));
        match function {
            Function::EqCi => vec![
                json!(if number % 3 == 0 { Some("BITSADMIN.exe") } else { first.map(String::as_str) }),
                json!(PROGRAM),
            ],
            Function::Has => vec![json!(line), json!(term)],
            Function::HasAny => vec![json!(line), json!(SWITCHES)],
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
        }
    };
    lines.iter().enumerate().map(question).collect()
}

/// The line with this number and some that stand far from it, each with its number,
/// so that most tables have some that the rule selects and some that it does not.
fn around(number: usize, lines: &[String]) -> Vec<(usize, &str)> {
    let places = (0..ROWS).map(|step| (number + step * 37) % lines.len());
    places.filter_map(|place| Some((place, lines.get(place)?.as_str()))).collect()
}

/// The lines as a table of process creations.
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

/// A process creation.
fn row(number: usize, line: &str) -> Json {
    let program = if line.contains("bitsadmin") { PROGRAM } else { "svchost.exe" };
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
        row.extend(CELLS.map(|(name, text)| (name.to_owned(), json!(text))));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An engine that hands on what it does not look at must not be wrong by it.
    #[test]
    fn cells_are_in_the_form_in_which_they_are_answered() {
        let workload = &workloads(&[Function::Where]).unwrap()[0];
        let mut kept = 0;
        for (args, want) in workload.args.iter().zip(&workload.wants).take(LINES.0 + LINES.1) {
            let (rows, Want::Settled { want }) = (&args[0]["rows"], want) else { panic!("{want:?}") };
            for row in want["rows"].as_array().unwrap() {
                assert!(rows.as_array().unwrap().contains(row), "{row}");
                kept += 1;
            }
        }
        assert!(kept > LINES.0, "{kept}");
    }

    #[test]
    fn the_rule_selects_some_rows_of_most_tables_and_never_all() {
        let workload = &workloads(&[Function::BitsadminActivity]).unwrap()[0];
        let selected = |want: &Want| match want {
            Want::Settled { want } => want["rows"].as_array().map_or(0, Vec::len),
            Want::Open { .. } => 0,
        };
        let made: Vec<usize> = workload.wants.iter().take(LINES.0 + LINES.1).map(selected).collect();
        assert!(made.iter().all(|rows| *rows < ROWS), "{made:?}");
        assert!(made.iter().filter(|rows| **rows > 0).count() > made.len() / 2, "{made:?}");
    }
}
