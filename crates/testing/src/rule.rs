//! The rule, run by the reference.

use std::sync::LazyLock;

use rulespec::fast::plan::EarlyFilter;
use rulespec::kql::{Column, Datetime, Dynamic, Error, Profile, Semantics, Table, Type};
use rulespec::query::{BoundQuery, Context};
use rulespec::rule::Rule;

/// The program that the rule looks for.
pub const PROGRAM: &str = "bitsadmin.exe";
/// The switches that transfer a file. The command line must have one of them.
pub const SWITCHES: [&str; 4] = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"];
/// The switch that distinguishes an upload from a download.
pub const UPLOAD: &str = "/Upload";
/// The column with the original file name of the program. A table may lack it.
pub const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";

/// The columns that the rule names outside `column_ifexists`.
pub fn required_columns() -> Vec<Column> {
    let texts = [
        "DeviceId",
        "DeviceName",
        "FileName",
        "InitiatingProcessFolderPath",
        "InitiatingProcessAccountDomain",
        "InitiatingProcessAccountName",
        "InitiatingProcessSHA256",
        "ProcessCommandLine",
    ];
    let mut columns = texts.map(|name| Column::new(name, Type::String)).to_vec();
    columns.push(Column::new("TimeGenerated", Type::Datetime));
    columns.push(Column::new("ProcessId", Type::Long));
    columns
}

/// Calls a function with what the reference needs to run a query under a profile.
pub fn in_context<T>(profile: &Profile, run: impl FnOnce(Context<'_>) -> T) -> T {
    run(Context { kql: &Semantics::with_profile(*profile), now: Datetime::UNIX_EPOCH })
}

/// Runs the rule Bitsadmin Activity under a profile.
pub fn bitsadmin_activity(table: &Table, profile: &Profile) -> Result<Table, Error> {
    in_context(profile, |context| Rule::bitsadmin_activity().run(table, context))
}

/// The columns that the first step of the rule reads.
const NAMES: [&str; 3] = ["FileName", "ProcessCommandLine", ORIGINAL_FILE_NAME];

/// The first step of the rule, bound to the columns that it reads: without and with the original file
/// name.
static FIRST_STEPS: LazyLock<[BoundQuery; 2]> = LazyLock::new(|| {
    let text = Rule::bitsadmin_activity().text().split("| extend").next().unwrap_or_default();
    let rule = Rule::from_kql(text).unwrap();
    let columns = NAMES.map(|name| Column::new(name, Type::String));
    [2, 3].map(|count| {
        in_context(&Profile::default(), |context| rule.bind(&columns[..count], context).unwrap())
    })
});

/// Whether an early filter for the rule, which knows all columns of its first step, keeps an event with
/// these values.
pub fn early_selects(file_name: &str, original_file_name: Option<&str>, command_line: &str) -> bool {
    static FILTERS: LazyLock<[EarlyFilter; 2]> =
        LazyLock::new(|| FIRST_STEPS.each_ref().map(|step| EarlyFilter::new(step, &NAMES)));
    let texts = [file_name, command_line, original_file_name.unwrap_or_default()];
    FILTERS[usize::from(original_file_name.is_some())].may_select(&texts)
}

/// Whether the first step of the rule selects an event with these values.
pub fn selects(
    file_name: &str,
    original_file_name: Option<&str>,
    command_line: &str,
    profile: &Profile,
) -> bool {
    let first_step = &FIRST_STEPS[usize::from(original_file_name.is_some())];
    let cells = [Some(file_name), Some(command_line), original_file_name];
    let mut table = Table::new(first_step.source.columns().to_vec()).unwrap();
    table.push(cells.into_iter().flatten().map(Dynamic::from).collect()).unwrap();
    !in_context(profile, |context| first_step.run(&table, context)).unwrap().rows().is_empty()
}
