//! The rule over a table.
//!
//! File names are checked first. Command lines are only read if a name matches.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{semantics, terms::Terms, text::Word};
use crate::kql::{Datetime, Dynamic, Error, Table, Type, tostring};
use crate::query::Context;
use crate::rule::Rule;

/// The program the rule looks for.
pub const PROGRAM: &str = "bitsadmin.exe";
/// The column with the original file name of the program. A table may lack it.
pub const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";
/// The switches that transfer a file. The command line must have one of them.
pub const SWITCHES: [&str; 4] = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"];
/// The switch that distinguishes an upload from a download.
pub const UPLOAD: &str = "/Upload";

pub(super) const PROGRAM_NAME: Word = Word::new(PROGRAM);

/// Whether this is the name of the program that the rule looks for.
///
/// Spec: RUL-01, RUL-02
pub fn is_program(name: &str) -> bool {
    PROGRAM_NAME.equals(name)
}

/// Whether either name of an event is that of the program.
///
/// Spec: RUL-01, RUL-02, RUL-03
pub fn is_named(file_name: &str, original_file_name: Option<&str>) -> bool {
    is_program(file_name) || original_file_name.is_some_and(is_program)
}

/// Whether a command line has one of the switches that transfer a file.
///
/// Spec: RUL-04
pub fn has_switch(command_line: &str) -> bool {
    static TERMS: LazyLock<Terms> = LazyLock::new(|| Terms::new(SWITCHES));
    TERMS.found_in(command_line)
}

/// Whether the rule selects an event, given the values that its first stage reads.
///
/// ```
/// use rulespec::fast::rule::selects;
///
/// let line = r"x /transfer j http://x/a C:\a";
/// assert!(selects("x.exe", Some("bitsadmin.exe"), line));
/// assert!(!selects("x.exe", None, line));
/// ```
///
/// Spec: RUL-01, RUL-02, RUL-03, RUL-04
pub fn selects(file_name: &str, original_file_name: Option<&str>, command_line: &str) -> bool {
    is_named(file_name, original_file_name) && has_switch(command_line)
}

/// The value of a cell as a string. A dynamic value is converted by `tostring`.
///
/// Spec: RUL-17
fn as_text(cell: &Dynamic) -> Cow<'_, str> {
    match cell {
        Dynamic::String(text) => text.into(),
        cell => tostring(cell, Type::Dynamic).into(),
    }
}

/// Runs the rule over a table of process creations.
///
/// # Errors
///
/// Returns the same errors as [`Rule::run`].
///
/// Spec: RUL-12, RUL-13, RUL-14, RUL-15, RUL-16
pub fn bitsadmin_activity(table: &Table) -> Result<Table, Error> {
    let mut selected = Table::new(table.columns().to_vec())?;
    let place = |name| table.columns().iter().position(|column| column.name == name);
    let [name, original, line] = ["FileName", ORIGINAL_FILE_NAME, "ProcessCommandLine"].map(place);
    for row in table.rows() {
        let text = |place: Option<usize>| row.get(place?).and_then(Dynamic::as_str);
        let name = name.and_then(|name| row.get(name)).map(as_text).unwrap_or_default();
        if selects(&name, text(original), text(line).unwrap_or("")) {
            selected.push(row.clone())?;
        }
    }
    // Invalid columns are an error even if no row is selected.
    run(&selected)
}

/// Runs the reference with the functions of this module.
pub(super) fn run(table: &Table) -> Result<Table, Error> {
    let context = Context { kql: &semantics(), now: Datetime::UNIX_EPOCH };
    Rule::bitsadmin_activity().run(table, context)
}
