//! The rule over a table.

use std::sync::LazyLock;

use super::{plan::Plan, terms::Terms, text::Word};
use crate::kql::{Column, Datetime, Error, Semantics, Table};
use crate::query::{BoundQuery, Context};
use crate::rule::Rule;

/// The program the rule looks for.
pub const PROGRAM: &str = "bitsadmin.exe";
/// The column with the original file name of the program. A table may lack it.
pub const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";
/// The switches that transfer a file. The command line must have one of them.
pub const SWITCHES: [&str; 4] = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"];
/// The switch that distinguishes an upload from a download.
pub const UPLOAD: &str = "/Upload";

/// Whether this is the name of the program that the rule looks for.
///
/// Spec: RUL-01, RUL-02
pub fn is_program(name: &str) -> bool {
    static WORD: LazyLock<Word> = LazyLock::new(|| Word::new(PROGRAM));
    WORD.equals(name)
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

/// Binds the rule to the columns of a table of process creations.
pub(super) fn bind(columns: &[Column]) -> Result<BoundQuery, Error> {
    let context = Context { kql: &Semantics::default(), now: Datetime::UNIX_EPOCH };
    Ok(Rule::bitsadmin_activity().bind(columns, context)?)
}

/// Runs the rule over a table of process creations.
///
/// # Errors
///
/// Returns the same errors as [`Rule::run`].
///
/// Spec: RUL-12, RUL-13, RUL-14, RUL-15, RUL-16
pub fn bitsadmin_activity(table: &Table) -> Result<Table, Error> {
    Plan::new(&bind(table.columns())?).run(table, Datetime::UNIX_EPOCH)
}
