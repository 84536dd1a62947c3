//! Tables of process creations for the whole rule.

use arbitrary::{Result, Unstructured};
use rulespec::rule::REQUIRED_COLUMNS;
use serde_json::{Value as Json, json};

use super::style::{Style, once_in};
use super::table::{self, shuffle, table_of};
use super::{command_line, text};

/// Columns that a table may have. The rule assigns some of these names.
const OPTIONAL: [(&str, &str); 7] = [
    ("ProcessVersionInfoOriginalFileName", "string"),
    ("HostName", "string"),
    ("DnsDomain", "string"),
    ("Direction", "string"),
    ("RemoteUrl", "long"),
    ("ParsedCommandLine", "dynamic"),
    ("SHA1", "string"),
];

/// Columns that the rule requires to be strings.
const TEXTS: [&str; 3] = ["FileName", "ProcessCommandLine", "DeviceName"];

const FILES: &[&str] = &[
    "bitsadmin.exe",
    "bitsadmin.exe",
    "BITSADMIN.EXE",
    "bitsadmin",
    "my bitsadmin.exe",
    "bitsadmin-x.exe",
    "cmd.exe",
    "",
];

const DEVICES: &[&str] =
    &["pc", "pc.corp", "pc.corp.example", ".", "pc.", ".corp", "a..b", "", "pé.ä", "😀.中"];

const TIMES: &[&str] =
    &["2026-01-02T03:04:05.0000000Z", "2026-01-01T00:00:00.0000000Z", "1970-01-01T00:00:00.0000001Z"];

/// Commands that transfer a file, without the last arguments.
const COMMANDS: &[&str] = &[
    "bitsadmin /transfer j",
    "bitsadmin.exe /TRANSFER j /upload",
    "bitsadmin /addfile j",
    "bitsadmin /AddFileSet j /download",
    "x /addfilewithranges",
    "bitsadmin -transfer j upload",
    "bitsadmin /transfers /uploads",
    "bitsadmin /transfer j upload",
    "bitsadmin /list",
];

/// A table of process creations that fits the rule or almost does.
pub(super) fn events<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Json> {
    let columns = columns::<S>(bytes)?;
    let mut rows = vec![];
    for _ in 0..bytes.int_in_range(0..=3_u8)? {
        rows.push(
            columns.iter().map(|(name, r#type)| cell::<S>(name, r#type, bytes)).collect::<Result<_>>()?,
        );
    }
    Ok(table_of(&columns, rows))
}

/// Usually all the columns that the rule names, and some others.
fn columns<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Vec<(String, &'static str)>> {
    let mut columns: Vec<(String, &str)> = vec![];
    let required = REQUIRED_COLUMNS.map(|(name, r#type)| (name, r#type.as_str()));
    for (number, (name, r#type)) in required.iter().chain(&OPTIONAL).enumerate() {
        let is_present = match number.checked_sub(required.len()) {
            None => true,
            Some(0) => once_in(2, bytes)?,
            Some(_) => once_in(8, bytes)?,
        };
        columns.extend(is_present.then(|| ((*name).to_owned(), *r#type)));
    }
    // At most one fault: the specification does not say which of two is reported.
    if once_in(12, bytes)? {
        columns.remove(bytes.int_in_range(0..=REQUIRED_COLUMNS.len() - 1)?);
    } else if once_in(12, bytes)? {
        let corrupted = *bytes.choose(&TEXTS)?;
        let r#type = if S::IS_WILD { bytes.choose(&["dynamic", "long", "bool"])? } else { "long" };
        columns.iter_mut().filter(|(name, _)| name == corrupted).for_each(|column| column.1 = r#type);
    }
    if once_in(4, bytes)? {
        shuffle(&mut columns, bytes)?;
    }
    Ok(columns)
}

fn cell<S: Style>(name: &str, r#type: &str, bytes: &mut Unstructured<'_>) -> Result<Json> {
    Ok(match (name, r#type) {
        ("TimeGenerated", _) if !once_in(8, bytes)? => json!(bytes.choose(TIMES)?),
        ("FileName" | "ProcessVersionInfoOriginalFileName", "string") => json!(bytes.choose(FILES)?),
        ("DeviceName", "string") => json!(bytes.choose(DEVICES)?),
        ("ProcessCommandLine", "string") => json!(run::<S>(bytes)?),
        ("ProcessId", _) => json!(bytes.choose(&[0, 4, 4711])?),
        (_, "string") => json!(text::text::<S>(1, bytes)?),
        _ => table::cell::<S>(r#type, bytes)?,
    })
}

/// A command line that transfers a file or almost does.
fn run<S: Style>(bytes: &mut Unstructured<'_>) -> Result<String> {
    match bytes.int_in_range(0..=7_u8)? {
        0 => command_line::line::<S>(bytes),
        1 | 2 => command_line::realistic(bytes),
        _ => {
            let ends = [
                "",
                " u",
                " http://x/a f",
                " u f ",
                " \"u v\" \"\"",
                " \"\" x",
                " /upload u f",
                " 7 u f g h",
            ];
            Ok(bytes.choose(COMMANDS)?.to_string() + bytes.choose(&ends)?)
        }
    }
}
