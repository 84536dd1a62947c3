//! Reading rules, and showing what is wrong with them.

use std::path::Path;

use rulespec::kql::{Column, Datetime, Semantics};
use rulespec::query::{BoundQuery, Context, Diagnostics};
use rulespec::rule::Rule;
use rulespec_check::report::text::shell_word;

use crate::diagnostics::{Notice, render};
use crate::failure::Failure;
use crate::{file, stderr};

/// A rule, and the file that it was read from.
pub struct RuleFile {
    /// The rule.
    pub rule: Rule,
    /// The path, as it was given.
    pub name: String,
    /// The query, bound to all columns of DeviceProcessEvents.
    pub bound: BoundQuery,
}

/// Reads a rule from a file, and binds it to these columns of DeviceProcessEvents. `-` is standard
/// input. What is wrong with it is the inner error, with the text of the file.
///
/// # Errors
///
/// Returns wrong usage if the file cannot be opened, and an I/O error if it cannot be read.
pub fn read(
    path: &Path,
    columns: &[Column],
    now: Datetime,
) -> Result<Result<RuleFile, (String, Diagnostics)>, Failure> {
    let text = file::read(path)?;
    let name = path.display().to_string();
    let context = Context { kql: &Semantics::default(), now };
    let bound = Rule::parse(&text).and_then(|rule| {
        let bound = rule.bind(columns, context)?;
        Ok(RuleFile { rule, name, bound })
    });
    Ok(bound.map_err(|diagnostics| (text, diagnostics)))
}

/// Reads a rule that can be run, or shows on standard error what is wrong with it.
///
/// # Errors
///
/// Returns wrong usage if it cannot be run.
pub fn load(path: &Path, columns: &[Column], now: Datetime) -> Result<RuleFile, Failure> {
    read(path, columns, now)?.map_err(|(text, diagnostics)| {
        let name = path.display().to_string();
        show(&name, &text, &diagnostics);
        let count = match diagnostics.all().len() {
            1 => "an error".to_owned(),
            count => format!("{count} errors"),
        };
        Failure::usage(&format!("{name}: the rule has {count}, and cannot be run"))
    })
}

/// What is wrong with a rule. If it is SQL, the first notice says what can be done with it.
pub fn notices(name: &str, text: &str, diagnostics: &Diagnostics) -> Vec<Notice> {
    let mut notices: Vec<Notice> = diagnostics.all().iter().map(Notice::from).collect();
    if let Some(first) = notices.first_mut().filter(|_| is_sql(name, text)) {
        let file = shell_word(name);
        first.help = Some(format!(
            "this is SQL, and rules are KQL; compare it with a rule: rulespec diff --sql {file} --on sqlite"
        ));
    }
    notices
}

/// Whether a text that is no KQL looks like SQL.
fn is_sql(name: &str, text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--"));
    let first = lines.flat_map(str::split_whitespace).next().unwrap_or_default();
    let extension = Path::new(name).extension().unwrap_or_default();
    extension.eq_ignore_ascii_case("sql") || ["select", "with"].contains(&first.to_lowercase().as_str())
}

/// Shows diagnostics on standard error.
fn show(name: &str, text: &str, diagnostics: &Diagnostics) {
    let notices = notices(name, text, diagnostics);
    let is_colored = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    stderr::print(&format_args!("{}", render(name, text, &notices, is_colored).trim_end()));
}
